"""Nobody waits to save while a page is rendered: what a request changed is committed before its page is made."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import render_template_string
from sqlalchemy import text

from assess.core.application import Application, csrf
from assess.core.child_process import UploadRefusedError, child_environment
from assess.core.db import Database, holds_write_lock, request_session
from assess.core.sandbox import run_in_sandbox
from assess.core.workbook_reader import BROKEN_FILE, FILE_TOO_LARGE, cell_text, check_archive, open_workbook


def test_its_limits_hold(tmp_path: Path) -> None:
    """It cannot take more memory than it is given, nor write a file."""
    tries = (
        "import sys; from assess.core.child_process import READER_LIMITS, limit_this_process; limit_this_process(READER_LIMITS)\n"
        "try:\n    bytearray(600 * 1024**2)\nexcept MemoryError:\n    print('no memory')\n"
        "try:\n    with open(sys.argv[1], 'w') as file:\n        file.write('x')\nexcept OSError:\n    print('no file')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", tries, str(tmp_path / "x")], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.splitlines() == ["no memory", "no file"]


def test_its_words_are_for_people() -> None:
    assert str(UploadRefusedError("Save it again.")) == "Save it again."


def test_the_child_knows_no_secret_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESS_SECRET_KEY", "canary")
    assert "canary" not in str(child_environment())
    assert child_environment()["OPENPYXL_LXML"] == "False"
    assert os.environ["ASSESS_SECRET_KEY"] == "canary"


def test_a_child_that_breaks_is_told_in_one_sentence() -> None:
    with pytest.raises(UploadRefusedError, match="too long"):
        run_in_sandbox("assess.no_such_module", "xlsx", b"", too_long="too long")


def book() -> bytes:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["a", "=1+1"])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_formula_is_told_or_what_it_came_to_and_never_run() -> None:
    for formulas, held in ((True, "=1+1"), (False, None)):
        with open_workbook(book(), formulas=formulas) as one:
            assert [cell.value for row in one.worksheets[0].iter_rows() for cell in row] == ["a", held]


def test_what_breaks_while_it_is_read_is_told_in_one_sentence() -> None:
    for fault, says in (
        (KeyError("x"), BROKEN_FILE),
        (MemoryError(), FILE_TOO_LARGE),
        (UploadRefusedError("Own."), "Own."),
    ):
        with pytest.raises(UploadRefusedError) as told, open_workbook(book()):
            raise fault
        assert str(told.value) == says


def test_an_archive_of_something_else_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UploadRefusedError, match="cannot be opened"):
        check_archive(file.getvalue())
    assert cell_text(2.0) == "2"


def add(name: str) -> None:
    request_session().execute(
        text("INSERT INTO rate_counter (key, count, until) VALUES (:key, 1, '2026-11-24')"), {"key": name}
    )


def kept(site: Application) -> list[str]:
    with database_of(site).reading() as session:
        return sorted(session.scalars(text("SELECT key FROM rate_counter")))


def database_of(site: Application) -> Database:
    found: Database = site.extensions["assess.database"]
    return found


def opened(site: Application, view: Callable[[], Any]) -> Any:
    """The answer to a form that is sent to this view."""
    site.add_url_rule("/tried", "tried", csrf.exempt(view), methods=["POST"])
    return site.test_client().post("/tried")


@pytest.mark.both_databases
def test_while_a_page_is_rendered_others_save_and_it_may_still_look(stored_site: Application) -> None:
    def others_save() -> str:
        with database_of(stored_site).writing() as other:
            other.execute(text("INSERT INTO rate_counter (key, count, until) VALUES ('other', 1, '2026-11-24')"))
        return ", ".join(request_session().scalars(text("SELECT key FROM rate_counter ORDER BY key")))

    def view() -> str:
        add("mine")
        return render_template_string("{{ others_save() }}", others_save=others_save)

    answer = opened(stored_site, view)
    assert (answer.status_code, answer.text) == (200, "mine, other")


@pytest.mark.both_databases
def test_what_is_taken_back_before_the_page_stays_undone(stored_site: Application) -> None:
    def view() -> tuple[str, int]:
        add("mine")
        request_session().rollback()
        request_session().scalars(text("SELECT key FROM rate_counter")).all()
        return render_template_string("{{ held() }}", held=holds_write_lock), 422

    answer = opened(stored_site, view)
    assert (answer.status_code, answer.text, kept(stored_site)) == (422, "False", [])


@pytest.mark.both_databases
@pytest.mark.parametrize("backend", ["sqlite"])
def test_rendering_within_a_session_of_its_own_fails_every_test(stored_site: Application) -> None:
    def view() -> str:
        with database_of(stored_site).writing() as own:
            own.execute(text("SELECT 1"))
            return render_template_string("page")

    stored_site.testing = True
    with pytest.raises(AssertionError, match="everybody else waits to save"):
        opened(stored_site, view)
