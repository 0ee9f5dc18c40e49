"""The whole site at once: every address it has, knocked at by somebody who may not come in.

What asks nothing of the rows, or refuses before anybody looks for them, is tried on SQLite alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import func, select, text
from werkzeug.routing import Rule

from assess.app import create_app, load_jobs, prepare
from assess.core.config import Settings
from assess.core.db import Base, Database
from assess.core.jobs.services import all_schedules
from assess.core.jobs.worker import enqueue_due, run_due_jobs
from assess.core.links import new_token
from assess.question_banks.models import EditionRow
from tests.conftest import standing_still

pytestmark = pytest.mark.both_databases


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """A new app: one of its addresses tells of the database it was made with."""
    with standing_still(settings, compiled_templates) as made:
        yield made


VALUES = {
    "UUIDConverter": uuid.UUID(int=7),
    "UnicodeConverter": "farming",
    "PathConverter": "x.css",
    "IntegerConverter": 1,
    "AnyConverter": "when",
}
OPEN_TO_ALL = ("/", "/before-you-start", "/start", "/questions", "/help", "/privacy", "/cookies", "/accessibility")
OPEN_TO_ALL += (
    "/complaints",
    "/ask-a-person",
    "/goodbye",
    "/health",
    "/r/",
    "/b/",
    "/c/",
    "/d/",
    "/s/",
    "/reminders/",
    "/check",
)
PRIVATE = ("/assessments/", "/buyer/", "/delegated/", "/sign-off-requests/")


def addresses(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Every address that takes this method, with ids and tokens nobody was given."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or set()):
                values: dict[str, Any] = {
                    name: VALUES[type(converter).__name__] for name, converter in rule._converters.items()
                }
                if "token" in values:
                    values["token"] = new_token()
                if "code" in values:
                    values["code"] = "K7QF-2M9D"
                yield rule, adapter.build(rule.endpoint, values)


def count_rows(app: Flask) -> dict[str, int]:
    with app.extensions["assess.database"].reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name != "rate_counter"
        }


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_address_is_known_to_be_open_or_private(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        known = any(rule.rule == start or rule.rule.startswith(f"{start.rstrip('/')}/") for start in OPEN_TO_ALL)
        assert known or rule.rule.startswith((*PRIVATE, "/static/")), rule.rule


ROOT = Path(__file__).parents[1]
OF_THE_BANKS = {"section_id", "fact_id", "question_id", "check_id", "edition_id"}
"""What everybody may know: words and numbers of the banks, not ids of somebody’s things."""


LINK = re.compile(r"""url_for\(\s*["']([\w.]+)["']""")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_page_that_is_linked_exists(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    linked = 0
    for path in (*ROOT.glob("assess/**/*.py"), *ROOT.glob("templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        own = re.search(r'blueprint = Blueprint\(\s*"(\w+)"', text)
        for endpoint in LINK.findall(text):
            linked += 1
            assert (f"{own[1]}{endpoint}" if own and endpoint.startswith(".") else endpoint) in known, (
                path.name,
                endpoint,
            )
    assert linked > 500


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_id_in_an_address_has_its_type(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for name, converter in rule._converters.items():
            if name.endswith("_id") and name not in OF_THE_BANKS:
                assert type(converter).__name__ == "UUIDConverter", rule.rule


def test_what_is_private_is_not_there_for_a_stranger_whatever_is_asked(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("assess_visit", new_token())
    app.config["WTF_CSRF_METHODS"] = set()  # a stranger with a perfect form
    seen = set()
    for method in ("GET", "POST"):
        for rule, address in addresses(app, method):
            if rule.rule.startswith(PRIVATE):
                answer = client.open(address, method=method)
                assert answer.status_code == 404, (method, rule.rule)
                seen.add(answer.get_data().split(b"<main")[1])
    assert len(seen) == 1, "two pages that say “not found” differ: they tell what is there"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_nothing_can_be_changed_without_the_token_of_a_form(app: Flask) -> None:
    before = count_rows(app)
    for rule, address in addresses(app, "POST"):
        for sent in ({}, {"csrf_token": "x"}):
            assert app.test_client().post(address, data=sent).status_code == 400, rule.rule
    assert count_rows(app) == before


def test_looking_never_writes(app: Flask) -> None:
    before = count_rows(app)
    client = app.test_client()
    for rule, address in addresses(app, "GET"):
        assert client.get(address).status_code in {200, 302, 303, 404}, rule.rule
    assert count_rows(app) == before


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_advice_pages_set_no_cookie_and_leave_no_line(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    for rule, address in addresses(app, "GET"):
        if rule.rule.startswith("/help"):
            answer = app.test_client().get(address)
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "private, no-store"
    app.test_client().get("/help/no-such-page")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_methods_nobody_needs_are_refused(app: Flask) -> None:
    client = app.test_client()
    for rule, address in addresses(app, "GET"):
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
            assert client.open(address, method=method).status_code == 405, (method, rule.rule)


def test_the_first_start_makes_the_tables_and_publishes_the_banks_and_the_second_does_nothing(
    empty_url: str, tmp_path: Path
) -> None:
    settings = Settings(env="development", database_url=empty_url, data_folder=tmp_path)
    database = Database(empty_url)
    for _ in range(2):
        assert prepare(settings) == {}
        with database.reading() as session:
            assert sorted(session.scalars(select(EditionRow.bank))) == ["car_washes", "farming", "hospitality"]
    database.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_without_preparation_the_app_prepares_itself(empty_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(env="development", database_url=empty_url, data_folder=tmp_path))
    assert app.test_client().get("/start").status_code == 200
    app.extensions["assess.database"].close()


def test_the_day_after_what_is_outdated_goes_by_itself(app: Flask, settings: Settings, now: datetime) -> None:
    database = app.extensions["assess.database"]
    with database.writing() as session:
        session.execute(text("INSERT INTO rate_counter (key, count, until) VALUES ('old', 1, '2026-11-01')"))
    load_jobs()
    tidying = [table for table in all_schedules() if table.name == "tidy"]
    for moment in (now, now.replace(day=25)):
        with database.writing() as session:
            enqueue_due(session, tidying, moment)  # not the printing of what changed since, which takes long
        run_due_jobs(database, settings, lambda now=moment: now)  # type: ignore[misc]  # bound at once
    with database.reading() as session:
        assert "old" not in session.execute(text("SELECT key FROM rate_counter")).scalars().all()


@pytest.mark.parametrize(
    "module",
    [
        "assess.cli",
        "assess.core.pdf",
        "assess.bank_editor.spreadsheet.reader_process",
        "assess.suppliers.supplier_import.reader_process",
    ],
)
def test_the_command_line_and_children_carry_no_web_server_in_memory(module: str) -> None:
    script = (
        f"import sys, {module}; print([name for name in ('flask', 'sqlalchemy', 'weasyprint') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
