"""Asking a supplier that is on the list: again, another date, by hand, and no more."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.core.config import Settings
from assess.core.models import OutgoingMail
from assess.identity.models import NameState, Organisation
from assess.suppliers.activity_log import get_activity_log
from assess.suppliers.models import (
    EmailPause,
    InvitationStatus,
    PauseReason,
    Supplier,
    SupplierEventType,
    SupplierInvitation,
)
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import database_of
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import a_supplier, later
from tests.suppliers.invite.conftest import Council, sign_in_again


@pytest.fixture
def settings(banks_url: str, tmp_path: Any, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def farm(app: Flask, council: Council) -> uuid.UUID:
    with database_of(app).writing() as session:
        buyer = session.get_one(Organisation, council.id)
        return a_supplier(session, buyer, "Fen Edge", email="a@b.example", sector="farming").id


def latest(app: Flask) -> SupplierInvitation:
    with database_of(app).reading() as session:
        return session.scalars(select(SupplierInvitation).order_by(SupplierInvitation.number.desc())).first()  # type: ignore[return-value]  # there is one


def test_it_is_asked_reminded_given_time_and_let_go(app: Flask, visit: Visitor, council: Council, farm: Any) -> None:
    here = f"{council.suppliers}/{farm}/invitation"
    visit(here)
    session = visit.send("/preview", length="quick", due_day="3", due_month="12", due_year="2026")
    assert "we remind them 1 day before the date and 1, 7 and 14 days after it" in session.text
    visit(here)
    session = visit.send("/preview", length="quick")
    assert "quick check" in session.text
    page = visit.send()
    assert "It is asked." in page.text
    assert "An email went today." in page.text
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
        said = [event.what for event in get_activity_log(look_, [farm])]
    assert said == [
        SupplierEventType.ADDED,
        SupplierEventType.ASKED,
        SupplierEventType.SENT,
        SupplierEventType.REMINDED,
        SupplierEventType.DUE_CHANGED,
        SupplierEventType.TAKEN_BACK,
    ]


def test_a_link_to_send_by_hand_is_shown_once_and_works(
    app: Flask, visit: Visitor, another_visit: Visitor, council: Council, farm: Any
) -> None:
    with database_of(app).writing() as session:
        session.get_one(Organisation, council.id).name_state = NameState.UNCONFIRMED
    here = f"{council.suppliers}/{farm}/invitation"
    page = visit(here)
    assert "whose name nobody has confirmed" in page.text
    visit.send("/preview")
    page = visit.send()
    assert "No email goes" not in page.text
    assert latest(app).sent_at is None
    page = visit.send("/link")
    link = page.soup.select_one("#link")
    assert link is not None
    path = str(link["value"]).removeprefix("http://localhost:5000")
    theirs = another_visit(path)
    assert theirs.heading == "Name not confirmed"
    assert "in the name of The Council, how work is done" in theirs.text
    assert path not in visit(here).html


def test_links_by_hand_end_after_twenty_a_day_and_when_emails_are_on_hold(
    app: Flask, visit: Visitor, council: Council, farm: Any
) -> None:
    here = f"{council.suppliers}/{farm}/invitation"
    with database_of(app).writing() as session:
        session.get_one(Organisation, council.id).name_state = NameState.UNCONFIRMED
    visit(here)
    visit.send("/preview")
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
        session.add(EmailPause(buyer_id=council.id, because=PauseReason.NOT_KNOWN, at=TODAY))
    visit(here)
    page = visit.send("/link")
    assert page.status == 422
    assert "on hold" in page.text


def test_a_fault_loses_nothing(visit: Visitor, council: Council, farm: Any) -> None:
    visit(f"{council.suppliers}/{farm}/invitation")
    page = visit.send("/preview", message="See www.evil.example", due_day="")
    assert page.status == 422
    assert "Leave web and email addresses out" in page.text
    assert page.fields("/preview")["message"] == ["See www.evil.example"]


def test_from_the_preview_one_can_go_back(visit: Visitor, council: Council, farm: Any) -> None:
    visit(f"{council.suppliers}/{farm}/invitation")
    session = visit.send("/preview", message="Call Jo.")
    button = session.soup.select_one("button[name=back]")
    assert button is not None
    fields = {name: values[0] for name, values in session.fields().items()}
    back = visit.client.post(str(button["formaction"]), data={**fields, "back": "yes"})
    assert "Call Jo." in back.get_data(as_text=True)
    assert "Preview the email" in back.get_data(as_text=True)


FARM: dict[str, Any] = {
    "name": "Fen Edge Growers",
    "email": "Office@FenEdge.example",
    "phone": "01603 123456",
    "sector": "farming",
    "message": "Ask Jo if you have questions.",
}


def test_it_is_asked_after_a_preview_of_the_email(app: Flask, visit: Visitor, council: Council) -> None:
    visit(f"{council.suppliers}/new")
    look = visit.send(**FARM)
    assert look.heading == "Ask Fen Edge Growers?"
    assert "The Council asks you to answer some questions" in look.text
    assert "They write: “Ask Jo if you have questions.”" in look.text
    assert "at once" in look.text
    assert "we remind them 14, 7 and 1 days before the date and 1, 7 and 14 days after it, until" in look.text
    with database_of(app).reading() as session:
        assert session.scalars(select(Supplier)).all() == [], "nothing is kept before it is sent"
    page = visit.send()
    assert page.heading == "Ask Fen Edge Growers"
    assert "It is asked." in page.text
    with database_of(app).reading() as session:
        supplier = session.scalars(select(Supplier)).one()
        assert (supplier.email, supplier.buyer_id) == ("office@fenedge.example", council.id)
        invitation = session.scalars(select(SupplierInvitation)).one()
        assert (invitation.status, invitation.sector, invitation.quick) == (InvitationStatus.INVITED, "farming", False)
        mail = session.scalars(select(OutgoingMail)).one()
        assert mail.to_address == "office@fenedge.example"
        assert "Ask Jo" in mail.body


def test_it_can_be_put_on_the_list_alone(app: Flask, visit: Visitor, council: Council) -> None:
    page = visit(f"{council.suppliers}/new")
    fields = {name: values[0] for name, values in page.fields("/preview").items()} | FARM
    answer = visit.client.post(f"{council.suppliers}/new", data={**fields, "only": "yes"})
    assert answer.status_code == 303
    with database_of(app).reading() as session:
        assert session.scalars(select(Supplier.name)).all() == ["Fen Edge Growers"]
        assert session.scalars(select(SupplierInvitation)).all() == []


def test_the_same_one_leads_to_where_it_is(visit: Visitor, council: Council) -> None:
    for _ in range(2):
        visit(f"{council.suppliers}/new")
        page = visit.send(**FARM)
        if page.status == 200:
            visit.send()
    assert page.status == 422
    assert "is on your list already" in page.text
    assert page.fields("/preview")["message"] == ["Ask Jo if you have questions."]


def test_faults_come_back_beside_their_fields(visit: Visitor, council: Council) -> None:
    visit(f"{council.suppliers}/new")
    page = visit.send(name="", email="x", sector="farming")
    assert page.status == 422
    assert {str(a["href"]) for a in page.soup.select(".govuk-error-summary a")} == {"#name", "#email"}


def test_in_the_harvest_the_email_waits(app: Flask, visit: Visitor, council: Council) -> None:
    app.config["CLOCK"] = lambda: later(220)
    sign_in_again(app, visit, council)
    page = visit(f"{council.suppliers}/new")
    assert "busy until 30 September 2027" in page.text
    look = visit.send(**FARM, due_day="29", due_month="10", due_year="2027")
    assert "on 1 October 2027" in look.text
    page = visit.send()
    assert "Waits for the season" in page.text
    with database_of(app).reading() as session:
        assert session.scalars(select(SupplierInvitation.status)).one() is InvitationStatus.WAITING
        assert session.scalars(select(OutgoingMail)).all() == []
