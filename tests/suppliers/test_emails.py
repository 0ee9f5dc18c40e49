"""Who asks, as a supplier reads it: a name counts only while a person has confirmed it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.models import OutgoingMail
from assess.identity.models import NameState, Organisation
from assess.suppliers import emails as suppliers_emails
from assess.suppliers import send_limits
from assess.suppliers.emails import (
    NO_EMAIL_MESSAGES,
    SAFETY_WARNING,
    EmailContent,
    EmailSender,
    NoEmailReason,
    get_buyer_identity,
    invitation_messages,
    is_name_confirmed,
    may_email_leave,
    may_send_emails,
    no_email_reason,
    queue_reminder,
    send_first_email_if_due,
    was_first_email_refused,
)
from assess.suppliers.models import DeclineReason, InvitationStatus, Supplier, SupplierInvitation
from assess.suppliers.services import (
    archive_supplier,
    decline_invitation,
    mark_opened,
    unsubscribe_from_buyer,
    withdraw_invitation,
)
from tests.conftest import TODAY
from tests.identity.accounts_factory import confirm_name
from tests.suppliers.factories import a_buyer, a_supplier, invited, later
from tests.suppliers.mail_settings import MAILING, SILENT


@pytest.mark.parametrize("state", NameState)
def test_a_name_counts_as_true_only_in_the_one_state(state: NameState) -> None:
    buyer = Organisation(name="The Council", domain="council.example")
    confirm_name(buyer, "council.example")
    buyer.name_state = state
    found, counts = get_buyer_identity(buyer), state is NameState.CONFIRMED
    assert (found.name, found.note) == ("The Council", None if counts else "name not confirmed")
    assert is_name_confirmed(buyer) is counts
    assert ("council.example" in (found.shown or "")) is counts
    assert (found.shown is None) is not counts


def test_a_confirmation_that_is_over_counts_no_longer() -> None:
    buyer = Organisation(name="The Council")
    confirm_name(buyer, until=date(2020, 1, 1))
    assert get_buyer_identity(buyer).note == "name not confirmed"


COUNCIL = EmailSender("The Council", "council.example", "This name was confirmed on 5 January 2026 by a network.")
LETTER = EmailContent(
    COUNCIL,
    "7K3QX0WZ2M",
    "http://a/check-email",
    date(2026, 12, 24),
    45,
    "Ask Jo.",
    "http://a/supplier-invitations/x",
    "http://a/supplier-invitations/unsubscribe/y",
    "Run by a network.",
)
WAITS = replace(LETTER, asks=EmailSender("The Council", "council.gov.uk", None), message="")
BEFORE, AFTER = date(2026, 12, 10), date(2026, 12, 25)
KINDS: list[Callable[[EmailContent], str]] = [
    suppliers_emails.first_email_text,
    lambda letter: suppliers_emails.reminder_email_text(letter, BEFORE),
    lambda letter: suppliers_emails.reminder_email_text(letter, AFTER),
    suppliers_emails.finished_email_text,
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_lines_say_who_asks_who_runs_the_service_and_how_to_check(
    kind: Callable[[EmailContent], str],
) -> None:
    lines = kind(LETTER).splitlines()
    assert re.match(r"The Council \(council\.example\) asks?(ed)? you to answer some questions", lines[0])
    assert lines[1:8] == [
        "This name was confirmed on 5 January 2026 by a network.",
        "",
        "Run by a network.",
        "Email number: 7K3QX-0WZ2M",
        "How to check this email: http://a/check-email",
        "Enter its number and your email address there. The page then says in whose name we sent it.",
        SAFETY_WARNING,
    ]
    assert SAFETY_WARNING == "We never ask for money, bank details or passwords. Do not send your answers by email."


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_confirmed_says_so_in_its_first_line(kind: Callable[[EmailContent], str]) -> None:
    first = kind(WAITS).splitlines()[0]
    assert re.match(r"Somebody with an address at council\.gov\.uk asks?(ed)? you, in the name of The Council, ", first)
    assert first.endswith("Nobody has confirmed this name yet.")


@pytest.mark.parametrize("kind", KINDS)
def test_every_email_says_how_to_say_no_and_how_to_stop(kind: Callable[[EmailContent], str]) -> None:
    text = kind(LETTER)
    assert "http://a/supplier-invitations/x\n" in text
    assert text.endswith("http://a/supplier-invitations/unsubscribe/y\n")
    assert re.search(r"\bno\b", text)


@pytest.mark.parametrize("kind", KINDS)
def test_none_frightens_or_blames(kind: Callable[[EmailContent], str]) -> None:
    for word in (
        "slavery",
        "exploit",
        "risk",
        "band ",
        "fail",
        "must",
        "overdue",
        "late",
        "urgent",
        "warning",
        "final",
    ):
        assert not re.search(rf"\b{word}", kind(LETTER) + LETTER.subject, re.IGNORECASE), word


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_short(kind: Callable[[EmailContent], str]) -> None:
    assert len(kind(LETTER).split()) < 180


def test_the_subject_names_who_asks_the_domain_and_the_minutes() -> None:
    assert LETTER.subject == "The Council (council.example) asks 45 minutes of you"
    long = replace(LETTER, asks=replace(COUNCIL, called="A" * 39 + " " + "B" * 20))
    assert long.subject == f"{'A' * 39}… (council.example) asks 45 minutes of you"
    assert replace(LETTER, minutes=0).subject == "The Council (council.example) asks you something"
    assert replace(LETTER, asks=replace(COUNCIL, domain="")).subject == "The Council asks 45 minutes of you"
    assert WAITS.subject == "Somebody at council.gov.uk asks 45 minutes of you"


def test_the_sender_is_the_buyer_through_us_or_only_its_domain() -> None:
    assert COUNCIL.sender("Assess") == "The Council through Assess"
    assert WAITS.asks.sender("Assess") == "Somebody at council.gov.uk through Assess"


def test_the_date_and_the_time_it_takes_are_said() -> None:
    first = suppliers_emails.first_email_text
    assert "about 45 minutes. Please answer by 24 December 2026." in first(LETTER)
    assert "minutes" not in first(replace(LETTER, minutes=0))
    assert "They write: “Ask Jo.”" in first(LETTER)
    assert "They write" not in first(replace(LETTER, message=""))
    assert "The date they gave is 24 December 2026." in suppliers_emails.reminder_email_text(LETTER, BEFORE)
    assert "The date they gave was 24 December 2026. You can still answer." in suppliers_emails.reminder_email_text(
        LETTER, AFTER
    )


def test_whoever_finished_hears_that_sharing_is_theirs_to_decide() -> None:
    assert "That is yours to decide." in suppliers_emails.finished_email_text(LETTER)


def test_a_buyer_is_told_why_no_email_goes() -> None:
    assert set(NO_EMAIL_MESSAGES) == set(NoEmailReason)


def test_each_way_carries_the_link_and_that_one_may_say_no() -> None:
    found = invitation_messages("The Council", "http://a/supplier-invitations/x")
    for way in found.values():
        assert "The Council asks you" in unquote(way)
        assert "You may say no: http://a/supplier-invitations/x" in unquote(way)
    assert found["sms"].startswith("sms:?&body=")
    assert found["mail"].startswith("mailto:?subject=A%20request")


def test_no_name_reads_as_a_link_wherever_it_stands() -> None:
    lure = EmailSender("Norfolk pay-norfolk.uk.com\N{IDEOGRAPHIC FULL STOP}net", "council.example", "Confirmed.")
    letter = replace(LETTER, asks=lure)
    mails = invitation_messages(lure.called, "https://assess.example/supplier-invitations/x")
    for text in (
        lure.sender("Assess"),
        letter.subject,
        suppliers_emails.first_email_text(letter),
        suppliers_emails.first_email_text(replace(letter, asks=replace(lure, confirmed=None))),
        suppliers_emails.reminder_email_text(letter, letter.due),
        suppliers_emails.correction_email_text([lure.called], "", ""),
        mails["text"],
        *map(unquote, (mails["sms"], mails["mail"])),
    ):
        assert "pay-norfolk.uk" not in text
        assert "uk.com" not in text
        assert "\N{IDEOGRAPHIC FULL STOP}net" not in text


ON = TODAY.date()


def council_and_farm(session: Session, email: str = "a@b.example") -> tuple[Organisation, Supplier]:
    council = a_buyer(session, "The Council")
    return council, a_supplier(session, council, "Farm", email=email)


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_an_email_carries_links_of_its_own_and_the_way_to_stop_in_its_head(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    (mail,) = mails(session)
    assert (mail.to_address, mail.subject, mail.about) == ("a@b.example", "The Council asks 45 minutes of you", None)
    assert "/supplier-invitations/unsubscribe/" in mail.stop
    assert mail.stop in mail.body
    assert not send_first_email_if_due(session, farm, made, MAILING, later(1)), "once"
    assert queue_reminder(session, farm, made, "due-7", MAILING, later(7))
    assert mails(session)[1].stop != mail.stop


def test_why_no_email_goes(session: Session) -> None:
    council, farm = council_and_farm(session)
    assert no_email_reason(session, farm, council, MAILING, ON) is None
    assert no_email_reason(session, farm, council, SILENT, ON) is NoEmailReason.NO_MAIL
    council.name_state = NameState.WAITING
    assert no_email_reason(session, farm, council, MAILING, ON) is NoEmailReason.NOT_CONFIRMED
    assert not may_send_emails(session, council, MAILING, ON)
    confirm_name(council)
    assert may_send_emails(session, council, MAILING, ON)
    unsubscribe_from_buyer(session, invited(session, farm, settings=SILENT), MAILING.key, TODAY)
    assert no_email_reason(session, farm, council, MAILING, ON) is NoEmailReason.STOPPED
    farm.email = ""
    assert no_email_reason(session, farm, council, MAILING, ON) is NoEmailReason.NO_ADDRESS
    archive_supplier(session, farm, TODAY, by=None)
    assert no_email_reason(session, farm, council, MAILING, ON) is NoEmailReason.ARCHIVED


def test_where_none_may_go_none_is_written_and_it_counts_as_not_sent(session: Session) -> None:
    council, farm = council_and_farm(session)
    council.name_state = NameState.UNCONFIRMED
    made = invited(session, farm, settings=MAILING)
    assert (made.sent_at, mails(session)) == (None, [])


def test_beyond_the_send_limit_the_email_waits_for_another_day(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_limits, "MAX_EMAILS_A_DAY", 1)
    council, farm = council_and_farm(session)
    mill = a_supplier(session, council, "Mill", email="m@b.example")
    invited(session, farm, settings=MAILING)
    second = invited(session, mill, settings=MAILING)
    assert second.sent_at is None
    assert send_first_email_if_due(session, mill, second, MAILING, later(1))


def test_whoever_is_asked_again_and_again_gets_one_email_a_day(session: Session) -> None:
    _, farm = council_and_farm(session)
    for _ in range(4):
        made = invited(session, farm, settings=MAILING)
        withdraw_invitation(session, made, TODAY, by=None)
    last = invited(session, farm, settings=MAILING)
    assert (len(mails(session)), last.sent_at) == (1, None)
    assert send_first_email_if_due(session, farm, last, MAILING, later(1)), "in the round of the next morning"


def test_a_mailbox_gets_few_emails_a_day_however_many_entries_have_it(session: Session) -> None:
    council = a_buyer(session, "The Council")
    made = [
        invited(
            session, a_supplier(session, council, f"Site {number}", email=f"a+{number}@b.example"), settings=MAILING
        )
        for number in range(send_limits.MAX_EMAILS_TO_A_MAILBOX + 2)
    ]
    assert len(mails(session)) == send_limits.MAX_EMAILS_TO_A_MAILBOX
    waits = next(one for one in made if one.sent_at is None)
    shop = a_supplier(session, a_buyer(session, "The Shop"), "Site 1", email="a@b.example")
    assert invited(session, shop, settings=MAILING).sent_at is not None, "each buyer by itself"
    supplier = session.get_one(Supplier, waits.supplier_id)
    assert send_first_email_if_due(session, supplier, waits, MAILING, later(1))


def test_never_two_on_a_day_and_no_reminder_twice(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    assert not queue_reminder(session, farm, made, "due-7", MAILING, TODAY)
    assert queue_reminder(session, farm, made, "due-7", MAILING, later(1))
    assert not queue_reminder(session, farm, made, "due-1", MAILING, later(1))
    assert not queue_reminder(session, farm, made, "due-7", MAILING, later(2))
    assert queue_reminder(session, farm, made, "due-1", MAILING, later(2))


@pytest.mark.parametrize("status", [one for one in InvitationStatus if one not in suppliers_emails.REMINDABLE_STATUSES])
def test_nobody_is_reminded_who_shared_said_no_or_waits(session: Session, status: InvitationStatus) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    made.status = status
    assert not queue_reminder(session, farm, made, "due-7", MAILING, later(1))


def test_whoever_finished_is_written_to_once(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    made.status = InvitationStatus.SUBMITTED
    assert queue_reminder(session, farm, made, "due-7", MAILING, later(1))
    assert not queue_reminder(session, farm, made, "due-1", MAILING, later(2))
    assert "not shared the result" in mails(session)[1].body


def no(session: Session, made: SupplierInvitation) -> None:
    decline_invitation(session, made, DeclineReason.RATHER_NOT, TODAY)


def back(session: Session, made: SupplierInvitation) -> None:
    withdraw_invitation(session, made, TODAY, by=None)


def stop(session: Session, made: SupplierInvitation) -> None:
    unsubscribe_from_buyer(session, made, MAILING.key, TODAY)


def off(session: Session, made: SupplierInvitation) -> None:
    archive_supplier(session, session.get_one(Supplier, made.supplier_id), TODAY, by=None)


def rename(session: Session, made: SupplierInvitation) -> None:
    buyer = session.get_one(Supplier, made.supplier_id).buyer_id
    session.get_one(Organisation, buyer).name_state = NameState.UNCONFIRMED


@pytest.mark.parametrize("meanwhile", [no, back, stop, off, rename])
def test_the_last_look_keeps_what_nobody_wants_any_more(
    session: Session, meanwhile: Callable[[Session, SupplierInvitation], None]
) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    event = mails(session)[0].event
    mark_opened(session, made, TODAY)
    assert may_email_leave(session, event, MAILING, ON)
    meanwhile(session, made)
    assert not may_email_leave(session, event, MAILING, ON)


def test_the_last_look_lets_all_other_mail_go(session: Session) -> None:
    assert may_email_leave(session, "share 1234 1", MAILING, ON)
    assert not may_email_leave(session, f"supplier invitation {'0' * 32} first", MAILING, ON), "deleted meanwhile"


def test_an_email_no_server_took_is_known(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    assert not was_first_email_refused(session, made)
    mail = mails(session)[0]
    mail.tries, mail.ended_at = 1, TODAY
    session.flush()
    assert was_first_email_refused(session, made)
