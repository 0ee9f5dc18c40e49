"""What a question page costs, against a bare Flask page that sends the same bytes.

Run: python -m benchmarks.bench_page. Every section of every bank is looked at by somebody half-way through a full assessment, on
SQLite in a file. CPU time of the process, the two in turn, medians of many rounds; the ratio is free of the machine it runs on.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask, Response
from flask.testing import FlaskClient

from assess.app import create_app
from assess.core.config import Settings
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import compile_bank

QUESTIONNAIRES = Path(__file__).parents[1] / "questionnaires"
ROUNDS = 40
AT_MOST = 3.0


def bare_app(body: bytes) -> Flask:
    """One view that returns the bytes."""
    app = Flask("bare")

    @app.get("/")
    def page() -> Response:
        return Response(body, mimetype="text/html")

    return app


def spent(session: Callable[[], object]) -> float:
    """Seconds of CPU of one look."""
    start = time.process_time()
    session()
    return time.process_time() - start


def begin(client: FlaskClient, bank: str) -> list[str]:
    """Start a full assessment, answer what the medium example answers, and return the addresses of its sections."""
    soup = BeautifulSoup(client.get(f"/start?bank={bank}").data, "html.parser")
    form = {"csrf_token": soup.select_one("input[name=csrf_token]")["value"], "bank": bank, "length": "full"}  # type: ignore[index]  # it is there
    started = client.post("/start", data=form)
    tasks = str(started.location)
    links = BeautifulSoup(client.get(tasks).data, "html.parser").select("a.govuk-task-list__link[href*='/sections/']")
    sections = [str(link["href"]) for link in links]
    answers = next(e.answers for e in compile_bank(bundled_files(), bank).examples if e.title == f"{bank} medium")
    for section in sections:
        page = BeautifulSoup(client.get(section).data, "html.parser")
        fields = {str(box["name"]): str(box.get("value", "")) for box in page.select("main input[type=hidden][name]")}
        given: dict[str, object] = dict(fields)
        for group in page.select(".assess-asked"):
            name = str(group["id"]).removesuffix("--group")
            value = answers.get(name)
            if value == []:
                given[f"{name}.none"] = "yes"
            elif value is not None and group.select(f'[name="{name}"]'):
                given[name] = value
        client.post(section, data=given)
    return sections


def ratio(client: FlaskClient, section: str) -> float:
    """One section against the bare page, turn by turn."""
    bare = bare_app(client.get(section).data).test_client()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(spent(lambda: client.get(section)))
        theirs.append(spent(lambda: bare.get("/")))
    return statistics.median(ours) / statistics.median(theirs)


def main() -> None:
    """Print the ratio of each bank and of all."""
    every: list[float] = []
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        # the site writes its log lines as ever, but not between the figures
        figures = os.fdopen(os.dup(1), "w")
        os.dup2(nowhere.fileno(), 1)
        app = create_app(Settings(env="development", data_folder=Path(folder), operator_name="Bench"))
        app.testing = True
        for bank in bundled_files().banks():
            client = app.test_client()
            ratios = [ratio(client, section) for section in begin(client, bank)]
            every += ratios
            print(f"question page, {bank}: {statistics.median(ratios):.2f} times the bare page", file=figures)
        print(
            f"question page, all: {statistics.median(every):.2f} times the bare page (aim: at most {AT_MOST:g})",
            file=figures,
        )


if __name__ == "__main__":
    main()
