from __future__ import annotations

import uuid

import pytest
from flask import Flask

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.security import GUEST_COOKIE, cookie_name
from assess.identity.models import NameState, Organisation
from assess.suppliers.emails import create_invitation_link
from assess.suppliers.models import Supplier, SupplierInvitation
from assess.suppliers.services import withdraw_invitation
from assess.suppliers.supplier_invitations import open_invitation
from assess.suppliers.supply_chain import get_naming_consent
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name, database_of, sign_in
from tests.suppliers.supplier_invitations.conftest import Asked, ask

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def written(app: Flask, settings: Settings) -> Asked:
    """A letter that was written and did not leave yet."""
    with database_of(app).writing() as session:
        return ask(session, settings, "The Packhouse", "Farm as they call it")


@pytest.fixture
def asked(app: Flask, visit: Visitor, settings: Settings, written: Asked) -> SupplierInvitation:
    """An invitation; the link in its letter, which was sent, was opened in the browser of the visitor."""
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    opened(visit, written.link)
    return written.now(app)


def opened(visit: Visitor, link: str) -> None:
    """Open a link of a letter and press its button."""
    visit(link)
    visit.send()


def by_hand(app: Flask, invitation_id: uuid.UUID, settings: Settings) -> str:
    """A link as the buyer makes it itself."""
    with database_of(app).writing() as session:
        found = session.get_one(SupplierInvitation, invitation_id)
        return create_invitation_link(session, found, settings.base_url, TODAY).removeprefix(settings.base_url)


def said(app: Flask, asked: SupplierInvitation) -> tuple[bool, str] | None:
    with database_of(app).reading() as session:
        found = get_naming_consent(session, session.get_one(Supplier, asked.supplier_id))
        return None if found is None else (found.may, found.name)


def test_a_supplier_says_yes_by_the_name_it_gives_and_takes_it_back(
    app: Flask, visit: Visitor, asked: SupplierInvitation
) -> None:
    here = f"/supplier-invitations/answer/{asked.id}/naming"
    page = visit(here)
    assert page.heading == "May The Packhouse say that you supply it?"
    assert not page.soup.select("input[checked]")
    assert "Farm as they call it" not in page.text
    page = visit.send()
    assert (page.status, "Choose yes or no." in page.text) == (422, True)
    page = visit.send(naming="yes", name="")
    assert (page.status, "Enter the name by which you may be shown." in page.text) == (422, True)
    assert said(app, asked) is None
    for name in ("Urgent: ring 0909 879 0123", "Fen Edge, see fenedge.example", "Fen Edge. You owe us money"):
        page = visit.send(naming="yes", name=name)
        assert (page.status, "People who do not know you read it." in page.text) == (422, True), name
        assert page.soup.select_one("#name")["value"] == name
    assert said(app, asked) is None
    page = visit.send(naming="yes", name="Fen Edge")
    assert "Saved." in page.text
    assert said(app, asked) == (True, "Fen Edge")
    visit(here)
    page = visit.send(naming="no")
    assert "Your name is not shown." in page.text
    assert said(app, asked) == (False, "")


def test_a_link_that_the_buyer_made_itself_says_no_and_never_yes(
    app: Flask, visit: Visitor, another_visit: Visitor, asked: SupplierInvitation, settings: Settings
) -> None:
    """The buyer has that link itself: it would say yes in the place of a supplier that never opened its letter."""
    here = f"/supplier-invitations/answer/{asked.id}/naming"
    opened(another_visit, by_hand(app, asked.id, settings))
    page = another_visit(here)
    assert "You can say no here. A yes would not count." in page.text
    page = another_visit.send(naming="yes", name="Small Farm of Ann Other")
    assert page.status == 422
    assert "Open the link in an email that we sent to you, and say yes then." in page.text
    assert "What your customers see of your suppliers" in page.text, "how to say it with an account"
    assert said(app, asked) is None
    visit(here)
    visit.send(naming="yes", name="Fen Edge")
    another_visit(here)
    another_visit.send(naming="no")
    assert said(app, asked) == (False, ""), "a no may come from anybody"


def test_an_email_that_never_left_reached_nobody(app: Flask, visit: Visitor, written: Asked) -> None:
    opened(visit, written.link)
    visit(f"{written.here}/naming")
    assert visit.send(naming="yes", name="Fen Edge").status == 422
    assert said(app, written.now(app)) is None


def test_for_an_organisation_only_those_who_manage_it_say_yes_and_read_its_name(
    app: Flask, visit: Visitor, another_visit: Visitor, asked: SupplierInvitation
) -> None:
    """The buyer has the letter too: it can make itself a link, and is never told which organisation answers."""
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@grower.example")
        grower = an_organisation(session, "The Grower Behind It", manager=ann)
        confirm_name(grower)
        session.get_one(Supplier, asked.supplier_id).organisation_id = grower.id
        token = open_invitation(session, session.get_one(SupplierInvitation, asked.id), TODAY)
    here = f"/supplier-invitations/answer/{asked.id}/naming"
    assert "The Grower Behind It" not in visit(here).html
    page = visit.send(naming="yes", name="Whatever we like")
    assert (page.status, "Sign in as somebody who manages it" in page.text) == (422, True)
    assert "The Grower Behind It" not in page.html
    assert said(app, asked) is None
    sign_in(another_visit, app, ann)
    another_visit.client.set_cookie(cookie_name(GUEST_COOKIE, secure=bool(app.config["SESSION_COOKIE_SECURE"])), token)
    assert "You would be shown as The Grower Behind It" in another_visit(here).text
    another_visit.send(naming="yes")
    assert said(app, asked) == (True, "The Grower Behind It")
    visit(here)
    visit.send(naming="no")
    assert said(app, asked) == (False, ""), "a no may come from anybody"


def test_only_the_browser_that_opened_the_link_and_only_while_it_lives(
    app: Flask, visit: Visitor, another_visit: Visitor, asked: SupplierInvitation
) -> None:
    here = f"/supplier-invitations/answer/{asked.id}/naming"
    assert another_visit(here).status == 404
    assert visit(f"/supplier-invitations/answer/{uuid.uuid4()}/naming").status == 404
    assert visit(here).status == 200
    with database_of(app).writing() as session:
        withdraw_invitation(session, session.get_one(SupplierInvitation, asked.id), TODAY, by=None)
    assert visit(here).status == 404


def test_what_nobody_confirmed_says_so_before_it_says_the_name(
    app: Flask, visit: Visitor, asked: SupplierInvitation
) -> None:
    with database_of(app).writing() as session:
        buyer = session.get_one(Organisation, session.get_one(Supplier, asked.supplier_id).buyer_id)
        buyer.name_state = NameState.UNCONFIRMED
    for path in ("", "/naming", "/decline", "/begin", "/external-result"):
        page = visit(f"/supplier-invitations/answer/{asked.id}{path}")
        assert page.status == 200
        before, _, _ = page.text.partition("The Packhouse")
        assert "name not confirmed" in before.casefold(), path
