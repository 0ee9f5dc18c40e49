"""The round of the morning: letters whose day has come, reminders around the date, each once; and reminding by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import all_schedules
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import AuditEvent, OutgoingMail
from assess.identity.models import Organisation
from assess.suppliers import emails as suppliers_emails
from assess.suppliers.emails import MAX_MANUAL_REMINDERS
from assess.suppliers.models import DeclineReason, InvitationStatus, Supplier, SupplierInvitation
from assess.suppliers.reminders import (
    ReminderRunError,
    find_remindable_suppliers,
    no_reminder_reason,
    possible_reminders,
    reminder_due_on,
    send_all_due_emails,
    send_manual_reminder,
)
from assess.suppliers.services import (
    InvitationDetails,
    active_invitations,
    archive_supplier,
    change_due_date,
    decline_invitation,
    invite_supplier,
    mark_opened,
    mark_submitted,
    unsubscribe_from_buyer,
)
from tests.conftest import PATIENCE_MS, TODAY
from tests.identity.accounts_factory import an_organisation
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import DUE, a_buyer, a_supplier, invited, later, shared
from tests.suppliers.mail_settings import MAILING, SILENT


@pytest.fixture
def tables(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, patience_ms=PATIENCE_MS)
    yield opened
    opened.close()


def a_request(database: Database, email: str = "a@b.example", **ask: Any) -> Any:
    """Asked today. Returns the id of the invitation."""
    with database.writing() as session:
        farm = a_supplier(session, a_buyer(session, f"Buyer of {email}"), "Farm", email=email)
        what = InvitationDetails("farming", quick=False, due=DUE, message="", send_on=TODAY.date())
        for name, value in ask.items():
            what = InvitationDetails(**{**{slot: getattr(what, slot) for slot in what.__slots__}, name: value})
        return invite_supplier(session, farm, what, MAILING, TODAY, by=None).id


def letters(database: Database) -> list[str]:
    """The last part of the names of all letters."""
    with database.reading() as session:
        events = session.scalars(select(OutgoingMail.event).order_by(OutgoingMail.id))
        return [event.split(" ", 3)[3] for event in events]


def mornings(database: Database, days: range, settings: Settings = MAILING) -> list[tuple[int, str]]:
    """On which day which letter was written, when the round is run on each of these days after today, twice."""
    found = []
    for day in days:
        before = len(letters(database))
        for _ in range(2):
            send_all_due_emails(database, settings, later(day))
        found += [(day, name) for name in letters(database)[before:]]
    return found


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 12, 9), None),
        (date(2026, 12, 10), -14),
        (date(2026, 12, 11), -14),
        (date(2026, 12, 12), None),
        (date(2026, 12, 17), -7),
        (date(2026, 12, 23), -1),
        (date(2026, 12, 24), -1),
        (date(2026, 12, 25), 1),
        (date(2026, 12, 31), 7),
        (date(2027, 1, 7), 14),
        (date(2027, 1, 9), None),
    ],
)
def test_a_reminder_is_due_on_its_day_and_may_be_a_day_late(today: date, days: int | None) -> None:
    assert reminder_due_on(DUE, date(2026, 11, 24), today) == days


def test_after_the_first_email_there_is_peace() -> None:
    assert reminder_due_on(DUE, DUE - timedelta(days=8), DUE - timedelta(days=7)) is None
    assert reminder_due_on(DUE, DUE - timedelta(days=10), DUE - timedelta(days=7)) == -7


def test_what_can_still_come_is_what_comes(tables: Database) -> None:
    due = TODAY.date() + timedelta(days=9)
    a_request(tables, due=due)
    assert [f"due{days:+d}" for days in possible_reminders(due, TODAY.date())] == ["due-1", "due+1", "due+7", "due+14"]
    assert [name for _, name in mornings(tables, range(1, 40))] == ["due-1", "due+1", "due+7", "due+14"]


def test_it_runs_each_morning() -> None:
    assert "08:00:00" in {str(one.at) for one in all_schedules() if one.name == "chase"}


def test_each_reminder_goes_once(tables: Database) -> None:
    a_request(tables)
    assert mornings(tables, range(1, 60)) == [
        (16, "due-14"),
        (23, "due-7"),
        (29, "due-1"),
        (31, "due+1"),
        (37, "due+7"),
        (44, "due+14"),
    ]


@pytest.mark.parametrize("what", ["no", "stop", "shared", "ended"])
def test_none_goes_to_whoever_said_no_stopped_shared_or_is_asked_no_more(tables: Database, what: str) -> None:
    made = a_request(tables)
    with tables.writing() as session:
        invitation = session.get_one(SupplierInvitation, made)
        if what == "no":
            decline_invitation(session, invitation, DeclineReason.RATHER_NOT, TODAY)
        elif what == "stop":
            unsubscribe_from_buyer(session, invitation, MAILING.key, TODAY)
        elif what == "shared":
            invitation.status = InvitationStatus.SHARED
        else:
            invitation.ended_at = TODAY
    assert mornings(tables, range(15, 46, 1)) == []


def test_an_email_that_waits_goes_on_its_day(tables: Database) -> None:
    made = a_request(tables, send_on=later(3).date())
    assert mornings(tables, range(1, 6)) == [(3, "first")]
    with tables.reading() as session:
        invitation = session.get_one(SupplierInvitation, made)
        assert (invitation.status, invitation.sent_at) == (InvitationStatus.INVITED, later(3))
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "suppliers.manage: sent")).one()
        assert event.about_kind == "supplier"


def test_its_day_comes_even_where_no_mail_is_sent(tables: Database) -> None:
    made = a_request(tables, send_on=later(3).date())
    assert mornings(tables, range(3, 5), SILENT) == []
    with tables.reading() as session:
        assert session.get_one(SupplierInvitation, made).status is InvitationStatus.INVITED


def test_one_that_fails_keeps_none_of_the_others(tables: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first = a_request(tables, "a@b.example")
    a_request(tables, "c@d.example")
    whole = suppliers_emails.send_first_email_if_due, suppliers_emails.queue_reminder

    def fail(session: Any, supplier: Any, invitation: SupplierInvitation, *more: Any, **most: Any) -> bool:
        if invitation.id == first:
            raise RuntimeError
        return whole[1](session, supplier, invitation, *more, **most)

    monkeypatch.setattr(suppliers_emails, "queue_reminder", fail)
    with pytest.raises(ReminderRunError):
        send_all_due_emails(tables, MAILING, later(16))
    assert letters(tables) == ["first", "first", "due-14"]
    monkeypatch.setattr(suppliers_emails, "queue_reminder", whole[1])
    assert send_all_due_emails(tables, MAILING, later(16)) == 1, "the round is run again"


def test_a_moved_date_moves_what_has_not_gone(tables: Database) -> None:
    made = a_request(tables)
    mornings(tables, range(16, 18))
    with tables.writing() as session:
        change_due_date(session, session.get_one(SupplierInvitation, made), later(60).date(), later(18), by=None)
    assert mornings(tables, range(18, 62)) == [(53, "due-7"), (59, "due-1"), (61, "due+1")]


def test_by_hand_it_goes_at_once_and_not_without_end(tables: Database) -> None:
    made = a_request(tables)
    with tables.writing() as session:
        supplier_id = session.get_one(SupplierInvitation, made).supplier_id
        assert not send_manual_reminder(session, supplier_id, MAILING, TODAY, by=None), "a letter went today"
        gone = [send_manual_reminder(session, supplier_id, MAILING, later(day), by=None) for day in range(1, 6)]
        assert gone == [True] * MAX_MANUAL_REMINDERS + [False, False]
        assert not send_manual_reminder(session, made, MAILING, later(9), by=None), "no such supplier"
        assert not send_manual_reminder(session, supplier_id, SILENT, later(9), by=None)


def test_the_worker_sends_what_was_written_and_not_what_nobody_wants_any_more(
    tables: Database, database_url: str, tmp_path: Any, postbox: MailServer
) -> None:
    settings = settings_that_mail(database_url, tmp_path, postbox)
    with tables.writing() as session:
        council = a_buyer(session, "The Council")
        invited(session, a_supplier(session, council, "Farm", email="a@b.example"), settings=settings)
        mill = a_supplier(session, council, "Mill", email="m@b.example")
        invited(session, mill, settings=settings)
        mill.archived_at = TODAY
    run_due_jobs(tables, settings, lambda: datetime.fromtimestamp(TODAY.timestamp(), TODAY.tzinfo))
    assert [mail["To"] for mail in postbox.mails] == ["a@b.example"]
    assert "/supplier-invitations/unsubscribe/" in postbox.mails[0]["List-Unsubscribe"]
    assert postbox.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


NAMES = (
    "plain",
    "opened",
    "merged",
    "often",
    "finished",
    "told",
    "today",
    "stopped",
    "no",
    "shared",
    "off",
    "mute",
    "new",
)


def test_those_are_counted_who_would_be_written_to(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        asked = {}
        for name in NAMES:
            asked[name] = a_supplier(session, council, name, email="" if name == "mute" else f"a@{name}.example")
        asked["strange"] = a_supplier(session, shop, "strange", email="a@strange.example")
        made = {name: invited(session, one, settings=MAILING) for name, one in asked.items() if name != "new"}
        root = a_supplier(session, council, "root")
        asked["merged"].merged_into = root.id
        mark_opened(session, made["opened"], later(1))
        for day in range(1, MAX_MANUAL_REMINDERS + 1):
            assert send_manual_reminder(session, asked["often"].id, MAILING, later(day), by=None)
        for name in ("finished", "told"):
            mark_submitted(session, made[name], later(1))
        assert send_manual_reminder(session, asked["told"].id, MAILING, later(2), by=None)
        assert send_manual_reminder(session, asked["today"].id, MAILING, later(9), by=None)
        unsubscribe_from_buyer(session, made["stopped"], MAILING.key, later(1))
        decline_invitation(session, made["no"], DeclineReason.NO_TIME_NOW, later(1))
        shared(session, made["shared"], now=later(1))
        archive_supplier(session, asked["off"], later(1), by=None)
        everyone = select(Supplier.id).where(Supplier.merged_into.is_(None))
        found = find_remindable_suppliers(session, council, everyone, MAILING, later(9))
        named = {session.get_one(Supplier, one).name for one in found}
        assert named == {"plain", "opened", "root", "finished"}
        for name, one in asked.items():
            invitation = next(iter(active_invitations(session, one.id)), None)
            may = invitation is not None and no_reminder_reason(session, one, invitation, MAILING, later(9)) is None
            assert may == (name == "strange" or (one.merged_into or one.id) in found), name
        assert find_remindable_suppliers(session, council, everyone, SILENT, later(9)) == frozenset()
        unknown: Organisation = an_organisation(session, "Unknown")
        assert find_remindable_suppliers(session, unknown, everyone, MAILING, later(9)) == frozenset()
