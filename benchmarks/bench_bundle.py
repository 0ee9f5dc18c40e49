"""What a bundle of three hundred plans costs, with its worker killed twice, and what others notice of it.

Run: python -m benchmarks.bench_bundle [PLANS]. The site and its worker run as `assess serve` and `assess worker` start them, on SQLite
in a file. While the bundle is made others save answers. Printed are counts and ratios: printings beyond one for each plan, memory for
so many plans against a third of them (of the last worker and of the site that sends the file), saves meanwhile against quiet ones.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urljoin

import psutil
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from assess.app import create_app
from assess.core.clock import system_clock
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.models import StoredPdf
from assess.identity.models import Organisation, Person
from assess.portfolio.board.columns import BoardFilter
from assess.portfolio.bulk_exports.services import order_bundle
from assess.portfolio.models import FileState, PortfolioFile
from assess.sharing.models import ShareScope, ShareView
from tests.identity.accounts_factory import a_person, sign_in
from tests.suppliers.factories import a_buyer, a_supplier, invited, shared

PLANS = 300
KILLS = (0.1, 0.2)
"""After which part of the plans the worker is killed."""
SAVERS, PAUSE, QUIET = 8, 0.2, 150
"""Who saves meanwhile, seconds between two saves of all together, and how many saves are made in peace."""
WORKER = [sys.executable, "-m", "assess.cli.worker", "--one"]
SERVER = [str(Path(sys.executable).with_name("assess")), "serve"]


@dataclass
class Hall:
    """The database, the way to start workers and the site, and what they wrote."""

    folder: Path
    database: Database
    environment: dict[str, str]
    council: Organisation
    person: Person
    cookie: str
    lines: Path = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.folder / "worker.log"

    def printings(self) -> int:
        """How often a plan was begun to be printed."""
        text = self.lines.read_text(encoding="utf-8") if self.lines.exists() else ""
        return sum(json.loads(line).get("event") == "plan_of_a_bundle" for line in text.splitlines() if line[:1] == "{")

    def file(self, file_id: uuid.UUID) -> PortfolioFile:
        """How it stands with an order."""
        with self.database.reading() as session:
            return session.get_one(PortfolioFile, file_id)

    def order(self, picked: Sequence[uuid.UUID]) -> uuid.UUID:
        """Order a bundle of these suppliers."""
        with self.database.writing() as session:
            made = order_bundle(
                session, self.council.id, BoardFilter(), system_clock(), by=self.person.id, picked=list(picked)
            )
            return made.id

    def worker(self) -> subprocess.Popen[bytes]:
        """One worker process in a group of its own."""
        with self.lines.open("ab") as out:
            return subprocess.Popen(WORKER, env=self.environment, stdout=out, start_new_session=True)


@dataclass
class Savers:
    """Others, who save an answer again and again. `times`: seconds of each save."""

    base: str
    times: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    _people: list[tuple[urllib.request.OpenerDirector, str]] = field(default_factory=list)

    def begin(self) -> None:
        """Each starts a self-check of their own."""
        for _ in range(SAVERS):
            jar = CookieJar()
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
            page = BeautifulSoup(opener.open(f"{self.base}/start?bank=farming").read(), "html.parser")
            form = _fields(page) | {"bank": "farming", "length": "full"}
            answer = opener.open(f"{self.base}/start", urlencode(form, doseq=True).encode())
            tasks = answer.geturl()
            page = BeautifulSoup(opener.open(tasks).read(), "html.parser")
            first = page.select_one("a.govuk-task-list__link[href*='/sections/']")
            assert first is not None
            self._people.append((opener, urljoin(self.base, str(first["href"]))))

    def save(self, number: int) -> None:
        """One of them changes an answer. Looking at the page is not counted."""
        opener, section = self._people[number % SAVERS]
        page = BeautifulSoup(opener.open(section).read(), "html.parser")
        sent = _fields(page)
        group = page.select_one(".assess-asked input[type=radio]")
        assert group is not None
        options = page.select(f'input[type=radio][name="{group["name"]}"]')
        sent[str(group["name"])] = str(options[number // SAVERS % 2]["value"])
        began = time.perf_counter()
        opener.open(section, urlencode(sent, doseq=True).encode()).read()
        self.times.append(time.perf_counter() - began)

    def go_on(self) -> None:
        """Save until it is over."""
        number = 0
        while not self.over.is_set():
            self.save(number)
            number += 1
            self.over.wait(PAUSE)


def _fields(page: BeautifulSoup) -> dict[str, str]:
    return {str(box["name"]): str(box.get("value", "")) for box in page.select("main input[type=hidden][name]")}


def p95(times: Sequence[float]) -> float:
    """Seconds below which 95 of 100 stay."""
    return statistics.quantiles(times, n=20)[-1]


def peak(processes: Sequence[int]) -> float:
    """The most memory any of these ever had, in MB."""
    found = [0.0]
    for pid in processes:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            found += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return max(found)


def make(folder: Path, plans: int) -> tuple[Hall, list[uuid.UUID]]:
    """A buyer and its suppliers, each with a plan that nobody has printed. Returns their ids."""
    app = create_app(Settings(env="development", data_folder=folder, operator_name="Bench"))
    database: Database = app.extensions["assess.database"]
    now = system_clock() - timedelta(minutes=1)
    with database.writing() as session:
        person = a_person(session, "buyer@council.example", made_at=now)
        council = a_buyer(session, "The Council", buyer=person)
    ids = []
    for number in range(plans):
        with database.writing() as session:
            supplier = a_supplier(session, council, f"Supplier, number {number}", now=now, sector="farming")
            scope = (ShareScope.BUYER_COPY, ShareScope.PLAN, ShareScope.ANSWERS)[number % 3]
            shared(session, invited(session, supplier, now=now), scope=scope, now=now)
            ids.append(supplier.id)
    client = app.test_client()
    sign_in(client, app, person)
    cookie = client.get_cookie("assess_signed_in")
    assert cookie is not None
    environment = os.environ | {
        "ASSESS_ENV": "development",
        "ASSESS_DATA_FOLDER": str(folder),
        "ASSESS_JOB_WORKERS": "0",
        "ASSESS_OPERATOR_NAME": "Bench",
    }
    return Hall(folder, database, environment, council, person, f"assess_signed_in={cookie.value}"), ids


@contextlib.contextmanager
def site(hall: Hall) -> Iterator[tuple[str, int]]:
    """The site: its address, and the number of its master process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = hall.environment | {"ASSESS_PORT": str(port)}
    with subprocess.Popen(SERVER, env=environment, stdout=subprocess.DEVNULL) as server:
        base = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{base}/help").read()
                    break
                time.sleep(0.1)
            yield base, server.pid
        finally:
            server.terminate()


def finish(hall: Hall, file_id: uuid.UUID, kills: Sequence[int]) -> tuple[float, float, float, int]:
    """Have it made. Returns the seconds, the peak of the last worker in MB after a third of its plans and after all, and the kills."""
    began, killed, third, most = time.perf_counter(), 0, 0.0, 0.0
    last = kills[-1] if kills else 0
    worker = hall.worker()
    while (file := hall.file(file_id)).state is not FileState.READY:
        most = max(most, peak([worker.pid]))
        if file.done <= last + (file.total - last) / 3:
            third = most
        if killed < len(kills) and file.done >= kills[killed]:
            os.kill(worker.pid, signal.SIGKILL)
            os.killpg(worker.pid, signal.SIGKILL)  # as the crew does with what a dead worker left
            worker.wait()
            killed, third, most = killed + 1, 0.0, 0.0
            worker = hall.worker()
        time.sleep(0.05)
    worker.terminate()
    worker.wait()
    return time.perf_counter() - began, third, most, killed


def download(hall: Hall, base: str, master: int, file_id: uuid.UUID) -> tuple[bytes, float, float]:
    """Take the file. Returns it, by how many MB the site grew for it, and the seconds."""
    workers = [child.pid for child in psutil.Process(master).children(recursive=True)]
    before = max(psutil.Process(pid).memory_info().rss for pid in workers) / 1024**2
    for pid in workers:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    address = f"{base}/organisations/{hall.council.id}/suppliers/exports/{file_id}/download"
    request = urllib.request.Request(address, headers={"Cookie": hall.cookie})
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        content = answer.read()
    return content, peak(workers) - before, time.perf_counter() - began


def measure(hall: Hall, ids: Sequence[uuid.UUID], plans: int) -> None:
    """All of it, printed line by line."""
    with site(hall) as (base, master):
        savers = Savers(base)
        savers.begin()
        for number in range(QUIET):
            savers.save(number)
            time.sleep(PAUSE)
        quiet, savers.times = list(savers.times), []
        whole = hall.order(ids)
        saving = threading.Thread(target=savers.go_on)
        saving.start()
        seconds, third, most, killed = finish(hall, whole, [int(plans * part) for part in KILLS])
        savers.over.set()
        saving.join()
        more, done = hall.printings() - plans, hall.file(whole).done
        print(
            f"bundle of {plans}, {killed} kills: {seconds:.0f} s, {done} plans, {more} repeated printings", flush=True
        )
        print(
            f"last worker: {third:.0f} MB after a third, {most:.0f} MB after all: {most / third:.2f} times", flush=True
        )
        again = [savers.save(number) or savers.times.pop() for number in range(QUIET)]
        quiet += again
        print(
            f"saves: p95 {p95(quiet) * 1000:.0f} ms quiet ({len(quiet)}), {p95(savers.times) * 1000:.0f} ms meanwhile "
            f"({len(savers.times)}): {p95(savers.times) / p95(quiet):.2f} times (aim: at most 2)",
            flush=True,
        )
        small = hall.order(ids[: plans // 3])
        finish(hall, small, ())
        download(hall, base, master, small)  # what is read once at the start is not counted
        for file_id, count in ((small, plans // 3), (whole, plans)):
            content, grown, took = download(hall, base, master, file_id)
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                good = archive.testzip() is None and sum(one.endswith(".pdf") for one in archive.namelist()) == count
            size = len(content) / 1024**2
            print(
                f"download of {count}: {size:.1f} MB in {took:.1f} s, whole: {good}, site grew {grown:.1f} MB",
                flush=True,
            )
    with hall.database.reading() as session:
        kept = session.scalar(select(func.count()).select_from(StoredPdf))
        looks = session.scalar(select(func.count()).select_from(ShareView))
    print(f"kept files: {kept} of {len(ids)}; looks noted: {looks}", flush=True)


def main() -> None:
    """Make everything, measure, print."""
    plans = int(sys.argv[1]) if len(sys.argv) > 1 else PLANS
    with tempfile.TemporaryDirectory() as folder:
        hall, ids = make(Path(folder), plans)
        print(f"{len(ids)} suppliers with a plan each", flush=True)
        measure(hall, ids, plans)


if __name__ == "__main__":
    main()
