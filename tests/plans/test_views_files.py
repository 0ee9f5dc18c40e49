from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask

from assess.kit.db import database
from assess.plans.register.keeping import Change, change
from assess.plans.views_files import FILES
from tests.plans.conftest import SHORT, Submitted, submit_record
from tests.plans.records import scenario

Works = Callable[[], int]
FILE_NAMES = {
    "plan": ("action-plan-2026-11-24.pdf", "Action plan for Fen Edge Growers Ltd, 24 November 2026"),
    "plan-large-print": ("action-plan-large-print-2026-11-24.pdf", None),
    "plan-for-the-wall": ("page-for-the-wall-2026-11-24.pdf", None),
    "buyer-copy": ("buyer-copy-2026-11-24.pdf", "Buyer copy for Fen Edge Growers Ltd, 24 November 2026"),
}


def test_every_copy_for_the_business_has_an_address() -> None:
    assert set(FILE_NAMES) == set(FILES.values())


@pytest.mark.parametrize("which", [SHORT], indirect=True)
@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_is_ordered_at_the_first_look_made_beside_the_site_and_then_given(
    visit: Any, submitted: Submitted, work_off: Works, name: str
) -> None:
    page = visit(f"{submitted.address}/{name}.pdf")
    assert page.status == 202
    assert page.address == f"{submitted.address}/making/{name}"
    assert work_off() == 1
    assert visit(page.address).heading == "Your file is ready"
    given = visit.client.get(f"{submitted.address}/{name}.pdf")
    assert given.status_code == 200
    assert given.headers["Content-Type"] == "application/pdf"
    called, title = FILE_NAMES[name]
    assert given.headers["Content-Disposition"] == f'attachment; filename="{called}"'
    assert given.headers["Cache-Control"] == "private, no-store"
    with pikepdf.open(io.BytesIO(given.get_data())) as file:
        assert title is None or file.docinfo["/Title"] == title
    assert visit.client.get(f"{submitted.address}/{name}.pdf").get_data() == given.get_data()
    assert work_off() == 0


@pytest.mark.parametrize("which", [SHORT], indirect=True)
def test_a_browser_that_has_it_is_told_so(visit: Any, submitted: Submitted, work_off: Works) -> None:
    visit(f"{submitted.address}/plan-for-the-wall.pdf")
    work_off()
    given = visit.client.get(f"{submitted.address}/plan-for-the-wall.pdf")
    tag = given.headers["ETag"]
    again = visit.client.get(f"{submitted.address}/plan-for-the-wall.pdf", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize("which", [SHORT], indirect=True)
def test_once_the_register_moves_on_the_old_file_is_never_given(
    app: Flask, visit: Any, submitted: Submitted, work_off: Works, now: datetime
) -> None:
    address = f"{submitted.address}/plan-for-the-wall.pdf"
    visit(address)
    work_off()
    before = visit.client.get(address).get_data()
    key = "core_policy"
    with app.app_context(), database().writing() as session:
        change(session, submitted.submission_id, key, Change(response="accepted", due="2026-12-01"), 0, now)
    page = visit(address)
    assert page.status == 202
    assert work_off() == 1
    after = visit.client.get(address).get_data()
    assert after.startswith(b"%PDF-")
    assert before.startswith(b"%PDF-")
    visit(f"{submitted.address}/buyer-copy.pdf")
    work_off()
    with app.app_context(), database().writing() as session:
        change(session, submitted.submission_id, key, Change(response="accepted", status="done"), 1, now)
    assert visit(f"{submitted.address}/buyer-copy.pdf").status == 200, "a buyer's copy shows nothing of the register"
    assert visit(address).status == 202


def test_when_printing_fails_a_page_says_so_and_a_person_can_try_again(
    app: Flask, visit: Any, now: datetime, work_off: Works
) -> None:
    record = scenario()
    del record["strengths"]
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/plan.pdf")
    assert work_off() == 1
    assert "It is being tried again by itself" in visit(page.address).text
    for later in (now + timedelta(hours=1), now + timedelta(hours=2)):
        app.config["CLOCK"] = lambda later=later: later
        assert work_off() == 1
    app.config["CLOCK"] = lambda: now
    page = visit(f"{made.address}/making/plan")
    assert page.status == 500
    assert page.heading == "Sorry, we could not make the file"
    assert "The fault is ours, not yours" in page.text
    assert work_off() == 0, "looking orders nothing"
    page = visit.send("/making/plan")
    assert page.status == 202
    assert page.heading == "Your file is being made"
    assert work_off() == 1


def test_before_anything_was_submitted_there_is_no_file(visit: Any) -> None:
    visit("/start/car_washes")
    tasks = visit.send(length="quick").address.rsplit("link", 1)[0]
    for path in ("plan.pdf", "making/plan", "buyer-copy.pdf"):
        assert visit(f"{tasks}{path}").address == tasks


def test_strangers_and_strange_names_find_nothing(visit: Any, another_visit: Any, submitted: Submitted) -> None:
    for path in ("plan.pdf", "plan-large-print.pdf", "plan-for-the-wall.pdf", "making/plan", "making/buyer-copy"):
        assert another_visit(f"{submitted.address}/{path}").status == 404
    for name in ("coordinator", "business", "desk-copy", "x"):
        assert visit(f"{submitted.address}/making/{name}").status == 404
        assert visit(f"{submitted.address}/{name}.pdf").status == 404
