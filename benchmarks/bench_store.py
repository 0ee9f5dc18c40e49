"""What a finished plan costs when it is taken from the store, and how long after submitting it is there.

Run: python -m benchmarks.bench_store. The file is given by the whole site, with the visit checked and the state of the register
looked up, beside a bare Flask page that sends the same bytes; CPU time, the two in turn, medians. Then one worker process is
started as `assess serve` starts it, a business submits, and the clock runs until both files are there, beside one printing alone.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask, Response
from flask.testing import FlaskClient

from assess.app import create_app
from assess.assessments.links import make_resume_link
from assess.assessments.services import start_assessment
from assess.assessments.submissions import PRINTED_ON_SUBMISSION, enqueue_first_pdfs, submit_assessment
from assess.core.clock import system_clock
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.documents.printing import render_pdf
from assess.core.documents.services import load_document
from assess.plans.copies import Copy
from assess.plans.print_html import attached_files, copy_html
from assess.question_banks.editions import current_edition
from tests.plans.records import scenario

ROUNDS = 60
AT_MOST = 20.0
"""A bare page of such a file costs a tenth of a millisecond; ours looks up the visit, the plan and the register besides."""
COPIES: tuple[Copy, ...] = ("business", "buyer")
PATIENCE = 120.0


def bare_client(body: bytes) -> FlaskClient:
    """A site of one view that returns the bytes."""
    app = Flask("bare")

    @app.get("/")
    def page() -> Response:
        return Response(body, mimetype="application/pdf")

    return app.test_client()


def submitted(database: Database, record: dict[str, object]) -> tuple[uuid.UUID, int, str]:
    """Submit this record as a browser would. Returns the assessment, the submission and a link that opens it."""
    now = system_clock()
    with database.writing() as session:
        edition = current_edition(session, "farming")
        assert edition is not None
        begun = start_assessment(session, edition.id, quick=False, now=now)
        made = submit_assessment(session, begun.id, lambda _said: record, now)
        enqueue_first_pdfs(session, made.id, now)
        return begun.id, made.id, make_resume_link(session, begun.id, now).token


def seconds_until_ready(database: Database, submission_id: int) -> float:
    """How long until all that is ordered at submitting is there."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE:
        with database.reading() as session:
            found = [load_document(session, copy, submission_id, system_clock()) for copy in COPIES]
            if all(one is not None and one.is_stored(session) for one in found):
                return time.perf_counter() - begun
        time.sleep(0.02)
    raise TimeoutError("no worker made the files")


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU of one run."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def wall(work: Callable[[], object]) -> float:
    """Seconds on the wall of one run."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def client_inside(app: Flask, token: str) -> FlaskClient:
    """A browser that may see the assessment."""
    client = app.test_client()
    page = BeautifulSoup(client.get(f"/r/{token}").data, "html.parser")
    fields = {str(box["name"]): str(box.get("value", "")) for box in page.select("form input[name]")}
    client.post(f"/r/{token}", data=fields)
    return client


def measure_waiting(database: Database, environment: dict[str, str], say: Callable[[str], None]) -> uuid.UUID | None:
    """Print how long after submitting the files are there."""
    record = scenario("farming", "farming low")
    alone = statistics.median(
        wall(lambda copy=copy: render_pdf(copy_html(record, copy), attached_files(record, copy)))
        for copy in COPIES
        for _ in range(2)
    )
    with subprocess.Popen([sys.executable, "-m", "assess.cli.worker", "--one"], env=environment) as worker:
        try:
            seconds_until_ready(database, submitted(database, record)[1])  # the worker is awake
            times = [seconds_until_ready(database, submitted(database, record)[1]) for _ in range(5)]
        finally:
            worker.terminate()
    middle = statistics.median(times)
    say(
        f"store: both files are there {middle:.2f} s after submitting with one worker, {middle / len(PRINTED_ON_SUBMISSION) / alone:.2f} "
        f"printings each (one alone: {alone:.2f} s)"
    )
    return None


def measure_store(app: Flask, token: str, address: str, say: Callable[[str], None]) -> float:
    """Print what the store costs beside the bare page, and return the ratio."""
    client = client_inside(app, token)
    body = client.get(address).data
    assert body.startswith(b"%PDF-")
    bare = bare_client(body)
    ours, theirs, walls = [], [], []
    for _ in range(ROUNDS):
        ours.append(cpu(lambda: client.get(address).data))
        theirs.append(cpu(lambda: bare.get("/").data))
        walls.append(wall(lambda: client.get(address).data))
    ratio = statistics.median(ours) / statistics.median(theirs)
    say(
        f"store: a kept plan of {len(body) // 1024} kB costs {ratio:.2f} times a bare page of the same bytes (aim: at most {AT_MOST:g}), "
        f"p50 {statistics.median(walls) * 1000:.1f} ms"
    )
    return ratio


def main() -> int:
    """Measure, print, and say by the exit code whether the ratio is small enough."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        # the site writes its log lines as ever, but not between the figures
        figures = os.fdopen(os.dup(1), "w")
        os.dup2(nowhere.fileno(), 1)

        def say(line: str) -> None:
            print(line, file=figures, flush=True)

        settings = Settings(env="development", data_folder=Path(folder), operator_name="Bench")
        app = create_app(settings)
        app.testing = True
        database: Database = app.extensions["assess.database"]
        environment = os.environ | {"ASSESS_ENV": "development", "ASSESS_DATA_FOLDER": folder}
        measure_waiting(database, environment, say)
        record = scenario("farming", "farming low")
        assessment, number, token = submitted(database, record)
        with subprocess.Popen([sys.executable, "-m", "assess.cli.worker", "--one"], env=environment) as worker:
            try:
                seconds_until_ready(database, number)
            finally:
                worker.terminate()
        ratio = measure_store(app, token, f"/assessments/{assessment}/plan.pdf", say)
    return 0 if ratio <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
