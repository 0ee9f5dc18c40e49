from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.models import Submission
from assess.plans.check_code.codes import code_of
from assess.plans.cover.listing import PAGE, Listed, cover_of, list_page, next_due
from assess.plans.register.state import ItemState
from tests.people.persons import an_organisation, database_of
from tests.plans.cover.firms import Firm, a_firm, add_plan
from tests.plans.records import scenario

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 11, 24)


def test_the_list_goes_by_place_and_says_how_each_stands(app: Flask, firm: Firm, now: datetime) -> None:
    with database_of(app).writing() as session:
        a_firm(session, now, name="Somebody else", email="bob@other.example")
    with app.app_context(), database_of(app).reading() as look:
        page = list_page(look, firm.organisation.id, 1)
    assert (page.number, page.pages, page.total) == (1, 1, 3)
    north, south, begun = page.rows
    assert [row.site for row in page.rows] == ["North farm", "South yard", None]
    assert (north.band, north.submitted_on, north.valid_until) == ("Medium", "2026-11-24", "2027-11-24")
    assert south.band == "Act now"
    assert north.next_due is not None
    assert north.next_due >= "2026-11-24"
    assert begun == Listed(firm.assessments[2], None, begun.sector, "2026-11-24", correcting=False)
    assert [north.is_over(date(2027, 11, day)) for day in (24, 25)] == [False, True]


def test_it_has_pages(app: Flask, now: datetime) -> None:
    with database_of(app).writing() as session:
        organisation = an_organisation(session, "Many")
        for number in range(PAGE + 1):
            add_plan(session, organisation, f"Place {number:03}", None, now)
    with app.app_context(), database_of(app).reading() as look:
        first, last, beyond = (list_page(look, organisation.id, number) for number in (0, 2, 99))
        nothing = list_page(look, uuid.uuid4(), 1)
    assert len(first.rows) == PAGE
    assert [row.site for row in last.rows] == ["Place 020"]
    assert beyond == last
    assert (nothing.rows, nothing.pages, nothing.total) == ([], 1, 0)


def test_the_next_step_is_the_first_that_is_open() -> None:
    record = scenario()
    first = next_due(record, {})
    assert first is not None
    days: list[str] = []
    state: dict[str, ItemState] = {}
    for action in record["actions"]:
        state[action["question"]] = ItemState(response="accepted", status="done", done_on="2026-11-24")
        days.append(next_due(record, state) or "")
    assert days[-1] == "" or days[-1] >= first
    assert set(days) != {first}, "what is done is not due"


def test_the_cover_has_what_is_current_and_says_how_many_are_not(app: Flask, firm: Firm) -> None:
    with app.app_context(), database_of(app).reading() as look:
        cover = cover_of(look, firm.organisation.id, "Fen Edge Group", TODAY)
        codes = [code_of(look, one, "business") for one in look.scalars(select(Submission).order_by(Submission.id))]
        later = cover_of(look, firm.organisation.id, "Fen Edge Group", TODAY + timedelta(days=366))
    assert cover.on == "2026-11-24"
    assert [(line.site, line.band, line.valid_until) for line in cover.lines] == [
        ("North farm", "Medium", "2027-11-24"),
        ("South yard", "Act now", "2027-11-24"),
    ]
    assert [line.code for line in cover.lines] == codes[::-1]
    assert cover.others == 1
    assert (later.lines, later.others) == ([], 3)
