from __future__ import annotations

import csv
import io
import uuid
from datetime import datetime
from typing import Any

import docx
import openpyxl
import pytest
from flask import Flask

from assess.assessments.answering import start
from assess.assessments.links import make_resume_link
from assess.assessments.submitting import reopen, submit
from assess.banks.editions import latest
from assess.kit.db import database
from assess.plans.exports import views
from assess.plans.exports.spreadsheet import ACTIONS
from assess.plans.register.keeping import Change, change
from tests.plans.conftest import Submitted
from tests.plans.records import a_record

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def rows_in(content: bytes) -> dict[str, dict[str, str]]:
    return {row["Id"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_has_a_neutral_name_its_type_and_is_kept_by_nobody(visit: Any, submitted: Submitted, kind: str) -> None:
    answer = visit.client.get(f"{submitted.address}/actions.{kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == KINDS[kind]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="actions-2026-11-24.{kind}"'
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_gets_nothing(another_visit: Any, submitted: Submitted, kind: str) -> None:
    assert another_visit.client.get(f"{submitted.address}/actions.{kind}").status_code == 404
    assert another_visit.client.get(f"/assessments/{uuid.UUID(int=7)}/actions.{kind}").status_code == 404


def test_all_three_show_what_the_business_made_of_an_action(
    app: Flask, visit: Any, submitted: Submitted, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        said = Change(response="accepted", owner="=Ann", due="2027-01-15", status="under_way")
        change(session, submitted.submission_id, "core_time_records", said, 0, now)
    read = {kind: visit.client.get(f"{submitted.address}/actions.{kind}").get_data() for kind in KINDS}
    row = rows_in(read["csv"])["core_time_records"]
    assert (row["Who"], row["Due"], row["Status"], row["Our answer"]) == (
        "'=Ann",
        "2027-01-15",
        "Under way",
        "We will do this",
    )
    sheet = openpyxl.load_workbook(io.BytesIO(read["xlsx"]))[ACTIONS]
    line = next(line for line in sheet.iter_rows() if line[0].value == "core_time_records")
    assert (line[3].value, line[4].value) == ("=Ann", datetime(2027, 1, 15))  # noqa: DTZ001  # as the format has it
    document = docx.Document(io.BytesIO(read["docx"]))
    assert any("=Ann" in cell.text for table in document.tables for cell in table._cells)


def test_the_next_submission_takes_over_under_the_same_ids(
    app: Flask, visit: Any, submitted: Submitted, now: datetime
) -> None:
    before = rows_in(visit.client.get(f"{submitted.address}/actions.csv").get_data())
    with app.app_context(), database().writing() as session:
        reopen(session, submitted.id, now)
        submit(session, submitted.id, lambda _said: a_record(change={"core_time_records": "daily"}), now)
    after = rows_in(visit.client.get(f"{submitted.address}/actions.csv").get_data())
    assert set(before) - set(after) == {"core_time_records"}
    assert set(after) <= set(before)


def test_whoever_asks_all_day_is_told_to_wait(
    visit: Any, submitted: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "EXPORTING", views.Limit("export", 2, 3600))
    seen = [visit.client.get(f"{submitted.address}/actions.csv").status_code for _ in range(3)]
    assert seen == [200, 200, 429]


def test_before_the_first_submission_there_is_nothing_to_take_away(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = latest(session, "farming")
        assert edition is not None
        begun = start(session, edition.id, quick=False, now=now).id
        link = make_resume_link(session, begun, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    for kind in KINDS:
        answer = visit.client.get(f"/assessments/{begun}/actions.{kind}")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/assessments/{begun}/")
