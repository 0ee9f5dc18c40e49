"""What puts letters on hold: presses of “I do not know them”, refusals by mail servers; and who lets them go on."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import OutgoingMail
from assess.identity.models import Organisation
from assess.identity.organisations.name_confirmation import request_confirmation, set_proven_domain
from assess.identity.organisations.services import delete_organisation
from assess.sharing.models import ShareScope
from assess.sharing.services import share_with_buyer
from assess.suppliers.emails import NoEmailReason, may_email_leave, no_email_reason
from assess.suppliers.models import (
    BuyerUnsubscribe,
    DeclineReason,
    EmailPause,
    PauseReason,
    SupplierEmail,
    UnknownBuyerReport,
)
from assess.suppliers.reminders import send_all_due_emails, send_manual_reminder
from assess.suppliers.send_limits import (
    FIRST_EMAILS,
    MAX_REFUSED,
    are_emails_paused,
    lift_pause,
    log_unknown_buyer_report,
    mark_email_refused,
)
from assess.suppliers.services import (
    decline_invitation,
    mark_opened,
    mark_started,
    mark_submitted,
    report_unknown_buyer,
    unsubscribe_from_buyer,
)
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import a_buyer, a_supplier, answered, invited, later
from tests.suppliers.mail_settings import MAILING


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def letters_of(session: Session, buyer: Organisation, number: int) -> list[SupplierEmail]:
    """So many letters that went a while apart, in their order."""
    made = [
        SupplierEmail(
            number=f"{place:010}",
            event=f"letter {place}",
            buyer_id=buyer.id,
            mark=f"{place:064}",
            domain="b.example",
            address=f"a{place}@b.example",
            buyer=buyer.name,
            made_at=TODAY + timedelta(seconds=place),
        )
        for place in range(number)
    ]
    session.add_all(made)
    session.flush()
    return made


@pytest.mark.parametrize(("letters", "presses"), [(0, 3), (150, 3), (151, 4), (400, 8)])
def test_three_mailboxes_or_two_in_a_hundred_stop_the_emails(session: Session, letters: int, presses: int) -> None:
    council = a_buyer(session, "The Council")
    letters_of(session, council, letters)
    for number in range(presses):
        assert not are_emails_paused(session, council.id)
        log_unknown_buyer_report(session, council.id, f"mailbox {number}", MAILING, later(1))
        log_unknown_buyer_report(session, council.id, f"mailbox {number}", MAILING, later(1))
    assert are_emails_paused(session, council.id)


def test_reports_and_emails_of_long_ago_do_not_count(session: Session) -> None:
    council = a_buyer(session, "The Council")
    for number in range(2):
        log_unknown_buyer_report(session, council.id, f"mailbox {number}", MAILING, TODAY)
    log_unknown_buyer_report(session, council.id, "mailbox 2", MAILING, later(31))
    assert not are_emails_paused(session, council.id)


def test_nobody_else_is_stopped(session: Session) -> None:
    council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
    for number in range(3):
        log_unknown_buyer_report(session, council.id, f"mailbox {number}", MAILING, TODAY)
    assert not are_emails_paused(session, shop.id)


def waits(session: Session, name: str) -> Organisation:
    """One that waits for a look at its name, all at one domain of government."""
    boss = a_person(session, f"{name}@eastshire.gov.uk")
    made = an_organisation(session, name, manager=boss, buyer=boss)
    set_proven_domain(made, boss.email)
    request_confirmation(session, made, boss, TODAY)
    return made


def test_of_names_that_wait_reports_and_stops_count_by_domain(session: Session) -> None:
    asked = []
    for which in ("one", "two"):
        council = waits(session, which)
        for number in range(2):
            farm = a_supplier(session, council, "Farm", email=f"a@{which}{number}.example")
            asked.append((council, invited(session, farm, settings=MAILING)))
    third = waits(session, "three")
    same = a_supplier(session, third, "Farm", email="a@one0.example")
    new = a_supplier(session, third, "Farm", email="a@new.example")
    report_unknown_buyer(session, asked[0][1], MAILING, TODAY)
    assert no_email_reason(session, same, third, MAILING, TODAY.date()) is NoEmailReason.STOPPED
    assert no_email_reason(session, new, third, MAILING, TODAY.date()) is None
    for _, invitation in asked[1:3]:
        report_unknown_buyer(session, invitation, MAILING, TODAY)
    assert session.scalars(select(EmailPause.buyer_id)).all() == [asked[2][0].id], "three mailboxes, two buyers"
    assert no_email_reason(session, new, third, MAILING, TODAY.date()) is NoEmailReason.PAUSED
    for council in {asked[0][0], asked[2][0]}:
        delete_organisation(session, council)
    assert no_email_reason(session, new, third, MAILING, TODAY.date()) is NoEmailReason.PAUSED, "nobody begins anew"


def test_a_tenth_of_the_first_fifty_refused_stop_the_emails_and_later_ones_do_not(session: Session) -> None:
    council = a_buyer(session, "The Council")
    letters = letters_of(session, council, FIRST_EMAILS + MAX_REFUSED)
    for one in letters[-MAX_REFUSED:]:
        mark_email_refused(session, one.event, MAILING, later(1))
    assert not are_emails_paused(session, council.id), "the first ones were taken"
    for one in letters[:MAX_REFUSED]:
        assert not are_emails_paused(session, council.id)
        mark_email_refused(session, one.event, MAILING, later(1))
    assert session.scalars(select(EmailPause.because)).one() is PauseReason.REFUSED


def test_what_is_lifted_begins_anew(session: Session) -> None:
    council, ann = a_buyer(session, "The Council"), a_person(session, "ann@desk.example", desk="administrator")
    for number in range(3):
        log_unknown_buyer_report(session, council.id, f"mailbox {number}", MAILING, TODAY)
    lift_pause(session, session.scalars(select(EmailPause)).one(), ann.id, "I called them.", later(1))
    assert not are_emails_paused(session, council.id)
    log_unknown_buyer_report(session, council.id, "mailbox 0", MAILING, later(2))
    for number in range(3, 5):
        log_unknown_buyer_report(session, council.id, f"mailbox {number}", MAILING, later(2))
    assert not are_emails_paused(session, council.id)
    log_unknown_buyer_report(session, council.id, "mailbox 5", MAILING, later(2))
    assert are_emails_paused(session, council.id)


def test_on_hold_nothing_goes_not_even_what_was_written(session: Session) -> None:
    council = a_buyer(session, "The Council")
    farm = a_supplier(session, council, "Farm", email="a@b.example")
    invited(session, farm, settings=MAILING)
    event = session.scalars(select(OutgoingMail.event)).one()
    assert may_email_leave(session, event, MAILING, TODAY.date())
    session.add(EmailPause(buyer_id=council.id, because=PauseReason.NOT_KNOWN, at=TODAY))
    session.flush()
    assert no_email_reason(session, farm, council, MAILING, TODAY.date()) is NoEmailReason.PAUSED
    assert not may_email_leave(session, event, MAILING, TODAY.date())
    assert not send_manual_reminder(session, farm.id, MAILING, later(2), by=None)


def test_a_press_is_one_button_behind_the_email_and_the_buyer_never_reads_of_it(
    app: Flask, visit: Visitor, another_visit: Visitor, settings: Settings
) -> None:
    links = []
    with database_of(app).writing() as session:
        a_person(session, "cora@desk.example", desk="coordinator")
        jo = a_person(session, "jo@council.example")
        council = a_buyer(session, "The Council", buyer=jo)
        for number in range(3):
            farm = a_supplier(session, council, f"Farm {number}", email=f"a@b{number}.example")
            invitation = invited(session, farm, settings=settings)
            body = session.scalars(
                select(OutgoingMail.body).where(OutgoingMail.event.startswith(invitation.events))
            ).one()
            links.append(re.findall(r"/supplier-invitations/[\w-]{43}", body)[0])
    assert visit.client.post(f"{links[0]}/unknown-sender").status_code == 400, "another site cannot press it"
    for number, link in enumerate(links):
        with database_of(app).reading() as session:
            assert not are_emails_paused(session, council.id), number
        visit(link)
        page = visit.send("/unknown-sender")
        assert page.heading == "Thank you. You need not answer."
    with database_of(app).reading() as session:
        assert are_emails_paused(session, council.id)
        assert (
            len(session.scalars(select(UnknownBuyerReport)).all())
            == len(session.scalars(select(BuyerUnsubscribe)).all())
            == 3
        )
        (told,) = (mail for mail in session.scalars(select(OutgoingMail)) if mail.to_address == "cora@desk.example")
        assert "/staff/supplier-emails" in told.body
        assert "Council" not in told.body
    sign_in(another_visit, app, jo)
    for place in ("", f"/{farm.id}", f"/{farm.id}/invitation"):
        assert "not know" not in another_visit(f"/organisations/{council.id}/suppliers{place}").text


def test_refusals_by_a_real_server_stop_the_emails(app: Flask, settings: Settings, postbox: MailServer) -> None:
    postbox.refuses = "550 No such mailbox"
    with database_of(app).writing() as session:
        council = a_buyer(session, "The Council")
        for number in range(MAX_REFUSED + 3):
            invited(
                session, a_supplier(session, council, f"Farm {number}", email=f"a@b{number}.example"), settings=settings
            )
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    with database_of(app).reading() as session:
        assert are_emails_paused(session, council.id)
        tried = [one.tries for one in session.scalars(select(OutgoingMail)) if one.tries]
        assert len(tried) == MAX_REFUSED, "the others wait for nobody"


def test_an_administrator_lets_them_go_on_with_a_reason_and_nobody_else(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="administrator")
        cora = a_person(session, "cora@desk.example", desk="coordinator")
        council = a_buyer(session, "The Council")
        pause = EmailPause(buyer_id=council.id, because=PauseReason.NOT_KNOWN, at=TODAY)
        session.add(pause)
        session.flush()
    sign_in(another_visit, app, cora)
    page = another_visit("/staff/supplier-emails")
    assert "Only an administrator can let them go on." in page.text
    sign_in(visit, app, ann)
    visit("/staff/supplier-emails")
    page = visit.send("/end", reason=" ")
    assert page.status == 422
    assert "Enter why the emails may go on." in page.text
    fields = page.fields("/end")
    refused = another_visit.client.post(f"/staff/supplier-emails/{pause.id}/end", data={**fields, "reason": "x"})
    assert refused.status_code in {400, 404}
    visit("/staff/supplier-emails")
    page = visit.send("/end", reason="I called them on the number in the register.")
    assert "The emails go on." in page.text
    with database_of(app).reading() as session:
        lifted = session.get_one(EmailPause, pause.id)
        assert (lifted.lifted_by, lifted.reason) == (ann.id, "I called them on the number in the register.")
        assert not are_emails_paused(session, council.id)


def plain(text: str) -> str:
    """Without what is new each time: tokens of forms and links."""
    return re.sub(r"[\w.-]{40,}", "…", text)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_one_buyer_reads_and_sends_stays_the_same_whatever_the_other_does(
    app: Flask, settings: Settings, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge", email="a@b.example", sector="farming")
        one = invited(session, farm, settings=settings)
        submission = answered(session, one)
        pages = [
            f"/organisations/{council.id}/suppliers/{way}"
            for way in ("new", f"{farm.id}/invitation", f"{farm.id}/invitation/end")
        ]
        events = one.events
    sign_in(visit, app, ann)
    before = [plain(visit(page).html) for page in pages]
    with database_of(app).writing() as session:
        shop = a_buyer(session, "The Shop")
        for name in ("Fen Edge", "Fen Edge North"):
            other = invited(
                session, a_supplier(session, shop, name, email="a@b.example", sector="farming"), settings=settings
            )
            mark_opened(session, other, later(0))
            mark_started(session, other, submission.assessment_id, later(0))
            mark_submitted(session, other, later(0))
            share_with_buyer(session, submission, other, ShareScope.EVIDENCE, 365, later(0))
        decline_invitation(
            session,
            invited(session, a_supplier(session, shop, "Fen"), settings=settings),
            DeclineReason.RATHER_NOT,
            later(0),
        )
        unsubscribe_from_buyer(session, other, settings.key, later(0))
    assert [plain(visit(page).html) for page in pages] == before
    send_all_due_emails(database_of(app), settings, later(16))
    with database_of(app).reading() as session:
        letters = session.scalars(
            select(OutgoingMail).where(OutgoingMail.event.startswith(events)).order_by(OutgoingMail.id)
        ).all()
        assert [letter.event.removeprefix(events) for letter in letters] == ["first", "finished"], (
            "its peace is its own"
        )
        assert not any("Shop" in letter.body for letter in letters)
