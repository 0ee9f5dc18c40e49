from __future__ import annotations

import contextlib
import http.client
import http.cookiejar
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click
import psutil
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlalchemy import select, text

from assess.assessments.models import AnswerEvent
from assess.cli.configured import settings_for
from assess.cli.serve import GunicornServer, QuietLogger, gunicorn_options, serve_command
from assess.core.clock import system_clock
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import enqueue
from assess.core.models import Job
from assess.question_banks.content_versions import add_content_version, files_in_force
from assess.question_banks.models import ContentVersionReason
from tests.conftest import TODAY, Copies, with_banks
from tests.journeys.conftest import note_that_papers_were_ordered

ASSESS = str(Path(sys.executable).with_name("assess"))
KILLED = 5
"""Workers killed in the middle of their work."""


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def served(
    folder: Path, *options: str, command: str = ASSESS, **environ: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The real server in processes of its own, and its address. It starts from a database that has its tables and banks."""
    port = a_free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    homes = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    settings = {"ASSESS_ENV": "development", "ASSESS_DATA_FOLDER": str(folder), **homes, **environ}
    log = (folder / "log.txt").open("w+")
    start = [command, "serve", "--port", str(port), *options]
    server = subprocess.Popen(start, env=plain | settings, stdout=log, stderr=log, text=True, start_new_session=True)
    try:
        for _ in range(900):  # an empty database takes its tables and banks first
            assert server.poll() is None, (folder / "log.txt").read_text()
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://localhost:{port}/health/ready", timeout=5),
            ):
                break
            time.sleep(0.1)
        yield f"http://localhost:{port}", server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=40)
        log.close()


@dataclass
class Person:
    """Somebody with a browser of the plainest kind."""

    site: str
    acknowledged: list[int] = field(default_factory=list)
    cut: int = 0
    form: str = ""

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, address: str, fields: Mapping[str, str] | None = None) -> tuple[str, BeautifulSoup]:
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        with self.opener.open(urllib.parse.urljoin(self.site, address), data, timeout=40) as answer:
            return answer.geturl(), BeautifulSoup(answer.read(), "html.parser")

    def begin(self) -> None:
        _, page = self.open("/start?bank=farming")
        address, _ = self.open("/start", {"csrf_token": token_of(page), "bank": "farming", "length": "full"})
        home = "/".join(urllib.parse.urlsplit(address).path.split("/")[:3])
        self.form = f"{self.site}{home}/sections/people"

    def save(self, number: int) -> None:
        """Say how many work here, and remember the number once the site called it saved."""
        _, page = self.open(self.form)
        fields = {str(one["name"]): str(one.get("value", "")) for one in page.select("main input[type=hidden][name]")}
        self.open(self.form, fields | {"core_people_peak": str(number)})
        self.acknowledged.append(number)

    def save_until(self, enough: threading.Event) -> None:
        number = 0
        while not enough.is_set():
            number += 1
            try:
                self.save(number)
            except (OSError, http.client.HTTPException):
                self.cut += 1

    @property
    def token(self) -> str:
        """What opens the assessment of this person, and must stand in no log."""
        return urllib.parse.urlsplit(self.form).path.split("/")[2]


def token_of(page: BeautifulSoup) -> str:
    return str(page.select_one("input[name=csrf_token]")["value"])


def kill_workers(server: subprocess.Popen[str], people: list[Person]) -> int:
    """Kill one worker after another, without a warning, each at some moment after more was saved.

    It goes on until KILLED were killed and requests were cut by it: so much is proof, however fast the machine.
    """
    killed = 0
    chance = random.Random(7)
    end = time.monotonic() + 90
    while killed < KILLED or not any(person.cut for person in people):
        before = saved(people)
        while saved(people) < before + 3:
            assert time.monotonic() < end, f"{killed} killed, {before} saved"
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.2))
        with contextlib.suppress(psutil.NoSuchProcess):
            chance.choice(psutil.Process(server.pid).children()).send_signal(signal.SIGKILL)
            killed += 1
    return saved(people)


def saved(people: list[Person]) -> int:
    return sum(len(person.acknowledged) for person in people)


def job_workers(server: subprocess.Popen[str]) -> list[psutil.Process]:
    return [one for one in psutil.Process(server.pid).children() if "assess.cli.worker" in one.cmdline()]


def test_what_was_called_saved_survives_the_killing_of_workers_and_all_end_when_told(
    banks_url: str, tmp_path: Path
) -> None:
    with served(tmp_path, ASSESS_DATABASE_URL=banks_url, ASSESS_JOB_WORKERS="0") as (site, server):
        people = [Person(site) for _ in range(3)]
        for person in people:
            person.begin()
        enough = threading.Event()
        threads = [threading.Thread(target=person.save_until, args=(enough,)) for person in people]
        for thread in threads:
            thread.start()
        try:
            told_saved = kill_workers(server, people)
        finally:
            enough.set()
            for thread in threads:
                thread.join()
        workers = psutil.Process(server.pid).children()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
        assert not any(worker.is_running() for worker in workers)
    database = Database(banks_url)
    with database.reading() as session:
        rows = session.execute(
            select(AnswerEvent.assessment_id, AnswerEvent.revision, AnswerEvent.after).where(
                AnswerEvent.question == "core_people_peak"
            )
        ).all()
        if session.get_bind().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    database.close()
    for person in people:
        mine = [(revision, after) for assessment, revision, after in rows if str(assessment) in person.form]
        assert set(person.acknowledged) <= {after for _, after in mine}, "something called saved was lost"
        assert sorted(revision for revision, _ in mine) == list(range(1, len(mine) + 1)), "something was saved by half"
    assert told_saved >= 3 * KILLED
    said = (tmp_path / "log.txt").read_text()
    assert not any(person.token in said for person in people)


@pytest.mark.both_databases
def test_what_was_published_is_on_the_next_page_of_each_process(banks_url: str, tmp_path: Path) -> None:
    """Each answers while the other stands still. Nothing is written for them but the database."""
    number, other = "08000 121 700", "0800 111 222"
    with served(tmp_path, ASSESS_DATABASE_URL=banks_url, ASSESS_WORKERS="2", ASSESS_JOB_WORKERS="0") as (site, server):
        workers = psutil.Process(server.pid).children()
        assert len(workers) == 2

        def pages() -> Iterator[str]:
            for one in workers:
                one.suspend()
                try:
                    yield " ".join(Person(site).open("/help")[1].text.split())
                finally:
                    one.resume()

        assert all(number in page for page in pages())
        database = Database(banks_url)
        with database.writing() as session:
            contacts = files_in_force(session).files["settings/contacts.yaml"]
            changed = {contacts.name: contacts.text.replace(number, other, 1).encode()}
            add_content_version(session, changed, TODAY, reason=ContentVersionReason.CONFIRMED)
        database.close()
        assert all(other in page and number not in page for page in pages())
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


@dataclass(frozen=True)
class Running:
    """A server that several tests look at: each leaves it as it was."""

    site: str
    log: Path


@pytest.fixture(scope="module")
def running(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """On SQLite alone: none of those tests asks anything that the two databases answer in two ways."""
    folder = tmp_path_factory.mktemp("running")
    url = copies.fresh("sqlite", with_banks, folder)
    with served(folder, ASSESS_DATABASE_URL=url, ASSESS_WORKERS="1", ASSESS_JOB_WORKERS="0") as (site, _server):
        yield Running(site, folder / "log.txt")


def test_it_says_where_it_is_and_logs_no_address(running: Running) -> None:
    person = Person(running.site)
    person.begin()
    person.save(12)
    said = running.log.read_text()
    assert f"Assess is at {running.site}" in said
    assert person.token not in said
    assert not list(running.log.parent.glob("**/gunicorn.ctl"))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_background_work_is_done_beside_the_site_and_ends_with_it(banks_url: str, tmp_path: Path) -> None:
    """The same on PostgreSQL is seen where workers work alone; they are the same."""
    note_that_papers_were_ordered(banks_url)
    database = Database(banks_url)
    environ = {"ASSESS_DATABASE_URL": banks_url, "ASSESS_WORKERS": "1", "ASSESS_JOB_WORKERS": "2"}
    with served(tmp_path, **environ) as (_site, server):
        workers = job_workers(server)
        assert len(workers) == 2
        workers[0].kill()
        with database.writing() as session:
            made = enqueue(session, "tidy", now=system_clock())
        for _ in range(400):
            with database.reading() as session:
                status = session.get(Job, made, populate_existing=True)
            if status is not None and status.state == "done" and len(job_workers(server)) == 2:
                break
            time.sleep(0.1)
        assert status is not None
        assert status.state == "done"
        workers = job_workers(server)
        assert len(workers) == 2, "the killed one was started again"
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
        assert not any(worker.is_running() for worker in workers)
    database.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_server_for_work_on_the_pages_starts_too_and_logs_no_address(banks_url: str, tmp_path: Path) -> None:
    note_that_papers_were_ordered(banks_url)
    with served(tmp_path, "--debug", ASSESS_DATABASE_URL=banks_url, ASSESS_JOB_WORKERS="1") as (site, _server):
        person = Person(site)
        person.begin()
    said = (tmp_path / "log.txt").read_text()
    assert f"Assess is at {site}" in said
    assert '"worker_started"' in said
    assert person.token not in said


def test_requests_no_browser_sends_are_refused_by_the_server(running: Running) -> None:
    port = int(running.site.rsplit(":", 1)[1])
    for request in (
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(80)) + b"\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(request)
            status = int(connection.recv(100).split()[1])
        assert 400 <= status < 500, request[:60]


def test_a_request_that_breaks_the_server_itself_is_logged_without_its_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logger = QuietLogger(GunicornServer(Settings(env="development")).cfg)
    try:
        {}["/r/canary"]
    except KeyError:
        logger.exception("Error handling request %s", "/r/canary")
    out = capsys.readouterr()
    assert '"error": "KeyError"' in out.out
    assert "canary" not in out.out + out.err


def test_bad_settings_are_said_one_to_a_line_and_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    result = CliRunner().invoke(serve_command, [])
    assert result.exit_code == 1
    assert "ASSESS_SECRET_KEY is missing" in result.output
    assert "ASSESS_PUBLIC_URL is missing" in result.output


def test_the_debugging_server_is_for_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ASSESS_ENV": "production",
        "ASSESS_SECRET_KEY": "4f0c9a7be2d815636a1d7c80f95be243",
        "ASSESS_PUBLIC_URL": "https://assess.example.org",
        "ASSESS_OPERATOR_NAME": "x",
        "ASSESS_OPERATOR_CONTACT": "x",
    }.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(serve_command, ["--debug"])
    assert result.exit_code == 1
    assert "ASSESS_ENV=development" in result.output


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_that_cannot_be_used_is_said_in_a_sentence(
    banks_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(banks_url)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    database.close()
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 1000)
    monkeypatch.setenv("ASSESS_ENV", "development")
    for url, said in ((banks_url, "another release"), (f"sqlite:///{broken}", "The database cannot be used")):
        monkeypatch.setenv("ASSESS_DATABASE_URL", url)
        result = CliRunner().invoke(serve_command, [])
        assert result.exit_code == 1
        assert said in result.output
        assert "Traceback" not in result.output


def test_the_port_of_the_command_line_wins() -> None:
    assert settings_for({"ASSESS_ENV": "development", "ASSESS_PORT": "1"}, 8080).base_url == "http://localhost:8080"
    with pytest.raises(click.ClickException, match="ASSESS_ENV"):
        settings_for({"ASSESS_ENV": "x"}, None)


def test_one_process_serves_one_request_within_a_time_that_holds() -> None:
    options = gunicorn_options(Settings(env="development", workers=3))
    assert (options["worker_class"], options["workers"], options["timeout"]) == ("sync", 3, 30)
    assert options["control_socket_disable"] is True
    assert options["accesslog"] is None
