from __future__ import annotations

import fcntl
import io
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pikepdf
import pytest
from flask import Flask

from assess.kit.db import database
from assess.plans import views_files
from assess.plans.printing import render as rendering
from assess.plans.printing.fonts import cache_folder
from assess.plans.printing.kept import kept
from tests.plans.conftest import submit_record
from tests.plans.records import scenario


def test_the_plan_is_printed_at_the_first_download_and_kept(app: Flask, visit: Any, submitted: Any) -> None:
    first = visit.client.get(f"{submitted.address}/plan.pdf")
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == 'attachment; filename="action-plan-2026-11-24.pdf"'
    assert first.headers["Cache-Control"] == "private, no-store"
    content = first.get_data()
    with pikepdf.open(io.BytesIO(content)) as file:
        assert file.docinfo["/Title"] == "Action plan for Fen Edge Growers Ltd, 24 November 2026"
    with app.app_context():
        assert kept(database(), submitted.submission_id, "business") == content
    assert visit.client.get(f"{submitted.address}/plan.pdf").get_data() == content


def test_the_business_can_see_what_a_buyer_would_get(visit: Any, submitted: Any) -> None:
    found = visit.client.get(f"{submitted.address}/buyer-copy.pdf")
    assert found.headers["Content-Disposition"] == 'attachment; filename="buyer-copy-2026-11-24.pdf"'
    with pikepdf.open(io.BytesIO(found.get_data())) as file:
        assert str(file.docinfo["/Title"]).startswith("Buyer copy for")


def test_when_printing_fails_a_page_says_so_and_nothing_is_kept(app: Flask, visit: Any, now: datetime) -> None:
    record = scenario()
    del record["strengths"]
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/plan.pdf")
    assert page.status == 500
    assert page.heading == "Sorry, we could not make the file"
    assert "Your answers and your result are safe" in page.text
    with app.app_context():
        assert kept(database(), made.submission_id, "business") is None


def test_when_the_press_is_busy_a_page_says_when_to_come_back(
    visit: Any, submitted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_files, "IN_A_REQUEST", rendering.Patience(0.2, 20))
    with ExitStack() as stack:
        for number in range(rendering.AT_ONCE):
            lock = stack.enter_context((cache_folder() / f"press-{number}.lock").open("ab"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        page = visit(f"{submitted.address}/plan.pdf")
    assert page.status == 503
    assert page.headers["Retry-After"] == "60"
    assert page.heading == "Your file is not ready yet"
    assert "Wait a minute and open it again." in page.text
