from __future__ import annotations

import uuid

import pytest
from flask import Flask

from assess.suppliers.models import What
from assess.suppliers.tracking import views
from assess.suppliers.trail import write
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.makers import a_buyer, a_supplier, invited

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def here(app: Flask, visit: Visitor) -> str:
    """The address of a supplier of the signed-in buyer."""
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen <i>Edge", sector="farming")
        invited(session, farm)
        a_supplier(session, a_buyer(session, "The Shop"), "Secret Farm")
    sign_in(visit, app, ann)
    return f"/organisations/{council.id}/suppliers/{farm.id}"


def test_a_call_is_noted_and_stands_in_the_trail_and_its_files(visit: Visitor, here: str) -> None:
    page = visit(f"{here}/trail")
    assert page.heading == "The trail of Fen <i>Edge"
    assert "2 entries, the latest first" in page.text
    assert page.soup.time is not None
    visit(f"{here}/calls")
    page = visit.send("/calls", way="visit", on="23 11 2026", agreed="They will begin <now>")
    assert page.address == f"{here}/trail"
    assert "Noted." in page.text
    assert "A visit on 23 November 2026: They will begin <now>" in page.text
    assert "ann@people.example" in page.text
    printed = visit(f"{here}/trail/print")
    assert printed.text.index("Put on the list") < printed.text.index("Followed up")
    for address in (f"{here}/trail.csv", f"{here.rsplit('/', 1)[0]}/trail.csv"):
        page = visit(address)
        assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert page.headers["Content-Disposition"] == 'attachment; filename="trail-2026-11-24.csv"'
        assert page.html.count("\r\n") == 4
        assert "Secret" not in page.html


def test_no_page_tells_the_hour_of_what_a_supplier_did(app: Flask, visit: Visitor, here: str) -> None:
    with database_of(app).writing() as session:
        supplier_id = uuid.UUID(here.rsplit("/", 1)[1])
        for what in (What.OPENED, What.STARTED, What.SUBMITTED, What.SHARE_OVER):
            write(session, supplier_id, what, TODAY)
    for address in (f"{here}/trail", f"{here}/trail/print"):
        page = visit(address)
        assert "by its day alone" in page.text
        told = {
            row.select("td")[0].get_text(strip=True): (row.th.get_text(strip=True), row.time["datetime"])
            for row in page.soup.select("tbody tr")
            if row.th and row.time
        }
        assert told["Asked to answerUntil 24 December 2026"] == ("24 November 2026, 09:30", "2026-11-24T09:30:00Z")
        for words in (
            "The supplier opened the request",
            "The supplier finished its answers",
            "What was shared is over",
        ):
            assert told[words] == ("24 November 2026", "2026-11-24")
    page = visit(here)
    assert "24 November 2026: What was shared is over" in page.text
    assert "(This service" not in page.text
    assert "()" not in page.text


def test_what_is_wrong_with_a_call_is_said_and_nothing_is_lost(visit: Visitor, here: str) -> None:
    visit(f"{here}/calls")
    page = visit.send("/calls", on="soon", agreed="They will begin")
    assert page.status == 422
    assert "Choose how you followed it up." in page.text
    assert "Enter the day as numbers" in page.text
    assert page.fields("/calls")["agreed"] == ["They will begin"]
    assert page.fields("/calls")["on"] == ["soon"]
    assert "Followed up" not in visit(f"{here}/trail").text


def test_a_long_trail_comes_in_pages(app: Flask, visit: Visitor, here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 3)
    with database_of(app).writing() as session:
        for _ in range(3):
            write(session, uuid.UUID(here.rsplit("/", 1)[1]), What.CHANGED, TODAY)
    page = visit(f"{here}/trail")
    assert len(page.soup.select("tbody tr")) == 3
    page = visit(f"{here}/trail?page=2")
    assert len(page.soup.select("tbody tr")) == 2
    assert visit(f"{here}/trail?page=99").status == 200
