"""The board as a person of a buyer sees it."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.rate_limits import Limit
from assess.portfolio.board import bulk_actions
from assess.portfolio.board import views as board_views
from assess.portfolio.board.columns import BoardFilter
from assess.portfolio.board.views import due_field
from assess.portfolio.models import BoardRow, BulkActionKind
from assess.suppliers.models import Supplier, SupplierEvent, SupplierEventType, SupplierInvitation
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import database_of
from tests.portfolio.board.conftest import Council, go_on
from tests.suppliers.factories import DUE, SETTINGS, a_buyer, a_supplier, invited, shared


def test_an_empty_board_says_how_to_begin(council: Council, visit: Visitor) -> None:
    page = visit(council.base)
    assert page.status == 200
    assert "no supplier on your list yet" in page.text
    assert page.soup.select_one(f'a[href="{council.base}/import"]')
    assert page.soup.select_one(f'a[href="{council.base}/new"]')


def test_a_board_shows_how_it_stands_with_each(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers", sector="farming", reference="V-1")
        shared(session, invited(session, farm))
        a_supplier(session, council.organisation, "Acle Hand Wash", spend_gbp=1200)
    page = visit(council.base)
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("table.board tbody tr")]
    assert rows[0].startswith("Tick Acle Hand Wash Acle Hand Wash Not asked")
    assert "£1,200" in rows[0]
    assert "Fen Edge Growers" in rows[1]
    assert "Shared" in rows[1]
    assert "Not a finding. Not for selection or exclusion." in page.text
    assert [row.get_text() for row in visit(f"{council.base}?q=v-1").soup.select("tbody th a")] == ["Fen Edge Growers"]
    assert "1 supplier of 2" in visit(f"{council.base}?status=shared").text
    assert "No supplier is like this" in visit(f"{council.base}?status=declined").text


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
    page = visit.send("/bulk-actions", due_day="1", due_month="12", due_year="2020")
    assert page.status == 422
    assert "Enter a date after today." in page.text
    page = visit.send("/bulk-actions", due_day="31", due_month="1", due_year="2027")
    assert page.heading == "Done"
    assert "Date moved: 2 suppliers" in page.text
    assert "Nothing to do: 1 supplier" in page.text
    assert "It stands in the activity log of each that was given the new date." in page.text
    assert dues(app) == {date(2027, 1, 31)}
    page = visit.send("/undo")
    assert page.heading == "Undone"
    assert dues(app) == {DUE}
    assert trail(app, SupplierEventType.DUE_CHANGED) == 4


def test_whoever_cannot_be_reminded_is_not_said_to_be(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Farm", email="a@farm.example")
        invited(session, farm)
    visit(council.base)
    page = go_on(visit, kind="remind", which="all")
    assert "1 supplier was asked" in page.text
    assert "0 suppliers can be reminded now" in page.text
    assert "This installation sends no email." in page.text
    assert "So there is nothing to do for these." in page.text
    assert not page.soup.select("main form")
    # as if somebody had looked at the page on another day
    made = acting_now(app, council)
    done = visit(f"{council.base}/bulk-actions/{made}")
    assert "Reminded: 0 suppliers" in done.text
    assert "in the trail of" not in done.text


def test_many_are_taken_off_in_the_background_and_put_back(
    app: Flask, council: Council, visit: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_actions, "MAX_IMMEDIATE", 5)
    monkeypatch.setattr(bulk_actions, "ITEMS_PER_TRANSACTION", 4)
    load_jobs()
    with database_of(app).writing() as session:
        for number in range(9):
            a_supplier(session, council.organisation, f"Farm {number:02}")
        a_supplier(session, a_buyer(session, "The Shop"), "Farm of another")
    visit(f"{council.base}?q=farm")
    page = go_on(visit, kind="take_off", which="all")
    assert "You chose 9 suppliers" in page.text
    page = visit.send("/bulk-actions")
    assert page.heading == "It is being done"
    assert "0 of 9 suppliers" in page.text
    here = page.address
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    page = visit(here)
    assert "Taken off the list: 9 suppliers" in page.text
    assert visit(council.base).text.count("Farm") == 0
    assert len(visit(f"{council.base}/archived").soup.select("input[name=supplier]")) == 9
    visit(here)
    visit.send("/undo")
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    assert "Put back as they were: 9 suppliers" in visit(here).text
    with database_of(app).reading() as session:
        assert session.scalar(select(func.count()).select_from(BoardRow)) == 10
    assert (trail(app, SupplierEventType.ARCHIVED), trail(app, SupplierEventType.UNARCHIVED)) == (9, 9)


def test_a_list_that_changed_meanwhile_is_looked_at_again(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Farm 1")
    visit(council.base)
    go_on(visit, kind="take_off", which="all")
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Farm 2")
    page = visit.send("/bulk-actions")
    assert page.status == 422
    assert "now 2 match" in page.text
    assert visit.send("/bulk-actions").heading == "Done"


def test_a_buyer_does_so_much_in_an_hour_and_no_more(
    app: Flask, council: Council, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_views, "BULK_ACTION_LIMIT", Limit("bulk-act", 1, 3600))
    with database_of(app).writing() as session:
        ids = [str(a_supplier(session, council.organisation, f"Farm {number}").id) for number in range(2)]
    for one, status in zip(ids, (200, 429), strict=True):
        visit(council.base)
        go_on(visit, kind="take_off", supplier=[one])
        assert visit.send("/bulk-actions").status == status


def test_nothing_ticked_says_what_to_do(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Farm 1")
        strange = a_supplier(session, a_buyer(session, "The Shop"), "Another's")
    visit(council.base)
    assert "Tick at least one supplier" in go_on(visit, kind="take_off").text
    visit(council.base)
    assert "Tick at least one supplier" in go_on(visit, kind="take_off", supplier=[str(strange.id)]).text
    assert visit(f"{council.base}/bulk-actions?kind=sell").status == 422
    assert visit(f"{council.base}/bulk-actions?kind=take_off&supplier=x").status == 422


def test_a_bundle_is_handed_on_with_the_filter_or_the_ids(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        one = a_supplier(session, council.organisation, "Farm 1")
    visit(f"{council.base}?q=farm")
    page = go_on(visit, kind="bundle", which="all")
    assert "there is nothing to do" in page.text
    _ = one


def test_a_date_is_within_a_year_from_tomorrow() -> None:
    today = date(2026, 11, 24)

    def typed(day: str, month: str, year: str) -> tuple[date | None, str]:
        return due_field(today).read(f"{day} {month} {year}")

    assert typed("25", "11", "2026") == (date(2026, 11, 25), "")
    assert typed("24", "11", "2026")[1] == "Enter a date after today."
    assert typed("1", "1", "2029")[1] == "Enter a date within a year from today."
    assert typed("31", "2", "2027")[1] == "There is no such day: check the day and the month."
    assert typed("", "", "")[1].startswith("Enter the new date as day")
    assert typed("1", "1", "9" * 20)[0] is None, "a year no calendar has"


def acting_now(app: Flask, council: Council) -> uuid.UUID:
    with database_of(app).writing() as session:
        everyone = bulk_actions.Selection(all_of=BoardFilter())
        act = bulk_actions.create_bulk_action(
            session, council.id, BulkActionKind.REMIND, None, everyone, TODAY, by=council.person.id
        )
        bulk_actions.process_next_items(session, act, SETTINGS, TODAY)
        return act.id


def dues(app: Flask) -> set[date]:
    with database_of(app).reading() as session:
        return set(session.scalars(select(SupplierInvitation.due)))


def trail(app: Flask, what: SupplierEventType) -> int:
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).where(SupplierEvent.what == what)) or 0


def test_a_filter_is_saved_opened_and_deleted(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Fen Edge")
    visit(f"{council.base}?band=none&band=low&late=yes")
    page = visit.send("/filters", name="")
    assert page.status == 422
    assert "Enter a name for the filter." in page.text
    page = visit.send("/filters", name="Late, no band")
    link = page.soup.find("a", string="Late, no band")
    assert link
    assert "No supplier is like this" in visit(str(link["href"])).text
    assert "Late, no band" not in visit.send("/delete").text


def test_it_is_found_on_the_board_and_put_to_an_entry(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        other = a_supplier(session, council.organisation, "Farm")
        grant = shared(session, invited(session, other))
        grant.supplier_id = None
        name = grant.document["copy"]["organisation"]
        mine = a_supplier(session, council.organisation, name)
    assert "Shared with you, but not on your list" in visit(council.base).text
    assert name in visit(f"{council.base}/unlisted").text
    page = visit(f"{council.base}/unlisted/{grant.id}")
    assert "Choose where it belongs." in visit.send(f"/{grant.id}").text
    fields = page.fields(f"/{grant.id}") | {"to": [str(mine.id)]}
    page = Page(visit.client.post(page.address, data=fields, follow_redirects=True))
    assert page.address == f"{council.base}/{mine.id}"
    assert page.soup.select_one(f'a[href="/shared/{grant.id}"]')
    assert visit(f"{council.base}/unlisted/{grant.id}").status == 404
