"""Asking a supplier that is on the list: again, another date, by hand, and no more."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.kit.config import Settings
from assess.people.models import NameState, Organisation
from assess.suppliers.models import Because, LetterPause, SupplierInvitation, What
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.asking.conftest import Council, sign_in_again
from tests.suppliers.makers import a_supplier, later


@pytest.fixture
def settings(banks_url: str, tmp_path: Any, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def farm(app: Flask, council: Council) -> uuid.UUID:
    with database_of(app).writing() as session:
        buyer = session.get_one(Organisation, council.id)
        return a_supplier(session, buyer, "Fen Edge", email="a@b.example", sector="farming").id


def latest(app: Flask) -> SupplierInvitation:
    with database_of(app).reading() as look:
        return look.scalars(select(SupplierInvitation).order_by(SupplierInvitation.number.desc())).first()  # type: ignore[return-value]  # there is one


def test_it_is_asked_reminded_given_time_and_let_go(app: Flask, visit: Visitor, council: Council, farm: Any) -> None:
    here = f"{council.suppliers}/{farm}/ask"
    visit(here)
    look = visit.send("/look", length="quick", due_day="3", due_month="12", due_year="2026")
    assert "we remind them 1 day before the date and 1, 7 and 14 days after it" in look.text
    visit(here)
    look = visit.send("/look", length="quick")
    assert "quick check" in look.text
    page = visit.send()
    assert "It is asked." in page.text
    assert "A letter went today." in page.text
    app.config["CLOCK"] = lambda: later(2)
    sign_in_again(app, visit, council)
    visit(here)
    page = visit.send("/remind")
    assert "The reminder is on its way." in page.text
    page = visit.send("/due", due_day="1", due_month="1", due_year="2020")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a[href='#moved-due']")
    page = visit.send("/due", due_day="8", due_month="1", due_year="2027")
    assert "8 January 2027" in page.text
    visit(f"{here}/end")
    page = visit.send()
    assert "You ask no more." in page.text
    assert not latest(app).lives
    with database_of(app).reading() as look_:
        said = [event.what for event in trail_of(look_, [farm])]
    assert said == [What.ADDED, What.ASKED, What.SENT, What.REMINDED, What.DUE_MOVED, What.TAKEN_BACK]


def test_a_link_to_send_by_hand_is_shown_once_and_works(
    app: Flask, visit: Visitor, another_visit: Visitor, council: Council, farm: Any
) -> None:
    with database_of(app).writing() as session:
        session.get_one(Organisation, council.id).name_state = NameState.UNCONFIRMED
    here = f"{council.suppliers}/{farm}/ask"
    page = visit(here)
    assert "whose name nobody has confirmed" in page.text
    visit.send("/look")
    page = visit.send()
    assert "No letter" not in page.text
    assert latest(app).sent_at is None
    page = visit.send("/link")
    link = page.soup.select_one("#link")
    assert link is not None
    path = str(link["value"]).removeprefix("http://localhost:5000")
    theirs = another_visit(path)
    assert theirs.heading == "Name not confirmed"
    assert "in the name of The Council, how work is done" in theirs.text
    assert path not in visit(here).html


def test_links_by_hand_end_after_twenty_a_day_and_when_letters_are_on_hold(
    app: Flask, visit: Visitor, council: Council, farm: Any
) -> None:
    here = f"{council.suppliers}/{farm}/ask"
    with database_of(app).writing() as session:
        session.get_one(Organisation, council.id).name_state = NameState.UNCONFIRMED
    visit(here)
    visit.send("/look")
    visit.send()
    for _ in range(20):
        visit(here)
        assert visit.send("/link").heading == "A link for Fen Edge"
    visit(here)
    page = visit.send("/link")
    assert page.status == 422
    assert "You made 20 links today." in page.text
    with database_of(app).writing() as session:
        session.get_one(Organisation, council.id).name_state = NameState.CONFIRMED
    visit(here)
    assert visit.send("/link").status == 200, "a confirmed name has no end"
    with database_of(app).writing() as session:
        session.add(LetterPause(buyer_id=council.id, because=Because.NOT_KNOWN, at=TODAY))
    visit(here)
    page = visit.send("/link")
    assert page.status == 422
    assert "on hold" in page.text


def test_a_fault_loses_nothing(visit: Visitor, council: Council, farm: Any) -> None:
    visit(f"{council.suppliers}/{farm}/ask")
    page = visit.send("/look", message="See www.evil.example", due_day="")
    assert page.status == 422
    assert "Leave web and email addresses out" in page.text
    assert page.fields("/look")["message"] == ["See www.evil.example"]


def test_from_the_look_one_can_go_back(visit: Visitor, council: Council, farm: Any) -> None:
    visit(f"{council.suppliers}/{farm}/ask")
    look = visit.send("/look", message="Call Jo.")
    button = look.soup.select_one("button[name=back]")
    assert button is not None
    fields = {name: values[0] for name, values in look.fields().items()}
    back = visit.client.post(str(button["formaction"]), data={**fields, "back": "yes"})
    assert "Call Jo." in back.get_data(as_text=True)
    assert "Look at the letter" in back.get_data(as_text=True)
