"""Doing something with many: asked first, done at once or in the background, undone where it can be, and in the trail of each."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from assess import load_jobs
from assess.kit.config import Settings
from assess.kit.jobs.running import run_waiting
from assess.kit.limits import Limit
from assess.portfolio.board import acting, views_acting
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.models import Kind
from assess.portfolio.board.views_acting import typed_due
from assess.portfolio.models import Standing
from assess.suppliers.models import Supplier, SupplierEvent, SupplierInvitation, What
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of
from tests.portfolio.board.conftest import Council, go_on
from tests.suppliers.makers import DUE, SETTINGS, a_buyer, a_supplier, invited


def test_dates_are_moved_after_a_yes_and_moved_back(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ids = [a_supplier(session, council.organisation, f"Farm {n}", sector="farming").id for n in range(3)]
        for one in ids[:2]:
            invited(session, session.get_one(Supplier, one))
    board = visit(f"{council.base}?q=farm")
    assert board.status == 200
    page = go_on(visit, kind="move_due", supplier=[str(one) for one in ids])
    assert "You chose 3 suppliers" in page.text
    assert "2 suppliers were asked" in page.text
    page = visit.send("/act", day="1", month="12", year="2020")
    assert page.status == 422
    assert "Enter a date after today." in page.text
    page = visit.send("/act", day="31", month="1", year="2027")
    assert page.heading == "Done"
    assert "Date moved: 2 suppliers" in page.text
    assert "Nothing to do: 1 supplier" in page.text
    assert "It stands in the trail of each that was given the new date." in page.text
    assert dues(app) == {date(2027, 1, 31)}
    page = visit.send("/undo")
    assert page.heading == "Undone"
    assert dues(app) == {DUE}
    assert trail(app, What.DUE_MOVED) == 4


def test_whoever_cannot_be_reminded_is_not_said_to_be(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Farm", email="a@farm.example")
        invited(session, farm)
    visit(council.base)
    page = go_on(visit, kind="remind", which="all")
    assert "1 supplier was asked" in page.text
    assert "0 suppliers can be reminded now" in page.text
    assert "This installation sends no mail." in page.text
    assert "So there is nothing to do for these." in page.text
    assert not page.soup.select("main form")
    # as if somebody had looked at the page on another day
    made = acting_now(app, council)
    done = visit(f"{council.base}/act/{made}")
    assert "Reminded: 0 suppliers" in done.text
    assert "in the trail of" not in done.text


def test_many_are_taken_off_in_the_background_and_put_back(
    app: Flask, council: Council, visit: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "AT_ONCE", 5)
    monkeypatch.setattr(acting, "BATCH", 4)
    load_jobs()
    with database_of(app).writing() as session:
        for number in range(9):
            a_supplier(session, council.organisation, f"Farm {number:02}")
        a_supplier(session, a_buyer(session, "The Shop"), "Farm of another")
    visit(f"{council.base}?q=farm")
    page = go_on(visit, kind="take_off", which="all")
    assert "You chose 9 suppliers" in page.text
    page = visit.send("/act")
    assert page.heading == "It is being done"
    assert "0 of 9 suppliers" in page.text
    here = page.address
    run_waiting(database_of(app), settings, lambda: TODAY)
    page = visit(here)
    assert "Taken off the list: 9 suppliers" in page.text
    assert visit(council.base).text.count("Farm") == 0
    assert len(visit(f"{council.base}/off-list").soup.select("input[name=supplier]")) == 9
    visit(here)
    visit.send("/undo")
    run_waiting(database_of(app), settings, lambda: TODAY)
    assert "Put back as they were: 9 suppliers" in visit(here).text
    with database_of(app).reading() as look:
        assert look.scalar(select(func.count()).select_from(Standing)) == 10
    assert (trail(app, What.ARCHIVED), trail(app, What.TAKEN_UP_AGAIN)) == (9, 9)


def test_a_list_that_changed_meanwhile_is_looked_at_again(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Farm 1")
    visit(council.base)
    go_on(visit, kind="take_off", which="all")
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Farm 2")
    page = visit.send("/act")
    assert page.status == 422
    assert "now 2 match" in page.text
    assert visit.send("/act").heading == "Done"


def test_a_buyer_does_so_much_in_an_hour_and_no_more(
    app: Flask, council: Council, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_acting, "ACTS", Limit("bulk-act", 1, 3600))
    with database_of(app).writing() as session:
        ids = [str(a_supplier(session, council.organisation, f"Farm {number}").id) for number in range(2)]
    for one, status in zip(ids, (200, 429), strict=True):
        visit(council.base)
        go_on(visit, kind="take_off", supplier=[one])
        assert visit.send("/act").status == status


def test_nothing_ticked_says_what_to_do(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Farm 1")
        strange = a_supplier(session, a_buyer(session, "The Shop"), "Another's")
    visit(council.base)
    assert "Tick at least one supplier" in go_on(visit, kind="take_off").text
    visit(council.base)
    assert "Tick at least one supplier" in go_on(visit, kind="take_off", supplier=[str(strange.id)]).text
    assert visit(f"{council.base}/act?kind=sell").status == 422
    assert visit(f"{council.base}/act?kind=take_off&supplier=x").status == 422


def test_a_bundle_is_handed_on_with_the_filter_or_the_ids(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        one = a_supplier(session, council.organisation, "Farm 1")
    visit(f"{council.base}?q=farm")
    page = go_on(visit, kind="bundle", which="all")
    assert "there is nothing to do" in page.text
    _ = one


def test_a_date_is_within_a_year_from_tomorrow() -> None:
    today = date(2026, 11, 24)

    def typed(day: str, month: str, year: str) -> tuple[date | None, str | None]:
        return typed_due(MultiDict({"day": day, "month": month, "year": year}), today)

    assert typed("25", "11", "2026") == (date(2026, 11, 25), None)
    assert typed("24", "11", "2026")[1] == "Enter a date after today."
    assert typed("1", "1", "2029")[1] == "Enter a date within a year from today."
    assert str(typed("31", "2", "2027")[1]).startswith("Enter the new date as day")
    assert typed("", "", "")[0] is None
    assert typed("1", "1", "9" * 20)[0] is None, "a year no calendar has"


def acting_now(app: Flask, council: Council) -> uuid.UUID:
    with database_of(app).writing() as session:
        everyone = acting.Chosen(all_of=Filter())
        act = acting.begin(session, council.id, Kind.REMIND, None, everyone, TODAY, by=council.person.id)
        acting.carry_on(session, act, SETTINGS, TODAY)
        return act.id


def dues(app: Flask) -> set[date]:
    with database_of(app).reading() as look:
        return set(look.scalars(select(SupplierInvitation.due)))


def trail(app: Flask, what: What) -> int:
    with database_of(app).reading() as look:
        return look.scalar(select(func.count()).where(SupplierEvent.what == what)) or 0
