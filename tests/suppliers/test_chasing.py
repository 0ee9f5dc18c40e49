"""The round of the morning: letters whose day has come, reminders around the date, each once; and reminding by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assess.kit.audit.models import AuditEvent
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.registry import timetables
from assess.kit.jobs.running import run_waiting
from assess.kit.mail.models import Outgoing
from assess.suppliers import chasing
from assess.suppliers.chasing import (
    MOST_BY_HAND,
    ChaseUnfinishedError,
    chase_all,
    remind_now,
    reminder_on,
    reminders_after,
)
from assess.suppliers.following import decline, stop_mail
from assess.suppliers.inviting import Ask, invite, move_due
from assess.suppliers.models import Decline, Status, SupplierInvitation
from tests.conftest import PATIENCE_MS, TODAY
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.letter_settings import MAILING, SILENT
from tests.suppliers.makers import DUE, a_buyer, a_supplier, invited, later


@pytest.fixture
def tables(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, patience_ms=PATIENCE_MS)
    yield opened
    opened.close()


def a_request(database: Database, email: str = "a@b.example", **ask: Any) -> Any:
    """Asked today. Returns the id of the invitation."""
    with database.writing() as session:
        farm = a_supplier(session, a_buyer(session, f"Buyer of {email}"), "Farm", email=email)
        what = Ask("farming", quick=False, due=DUE, message="", send_on=TODAY.date())
        for name, value in ask.items():
            what = Ask(**{**{slot: getattr(what, slot) for slot in what.__slots__}, name: value})
        return invite(session, farm, what, MAILING, TODAY, by=None).id


def letters(database: Database) -> list[str]:
    """The last part of the names of all letters."""
    with database.reading() as look:
        events = look.scalars(select(Outgoing.event).order_by(Outgoing.id))
        return [event.split(" ", 3)[3] for event in events]


def mornings(database: Database, days: range, settings: Settings = MAILING) -> list[tuple[int, str]]:
    """On which day which letter was written, when the round is run on each of these days after today, twice."""
    found = []
    for day in days:
        before = len(letters(database))
        for _ in range(2):
            chase_all(database, settings, later(day))
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
    assert reminder_on(DUE, date(2026, 11, 24), today) == days


def test_after_the_first_letter_there_is_peace() -> None:
    assert reminder_on(DUE, DUE - timedelta(days=8), DUE - timedelta(days=7)) is None
    assert reminder_on(DUE, DUE - timedelta(days=10), DUE - timedelta(days=7)) == -7


def test_what_can_still_come_is_what_comes(tables: Database) -> None:
    due = TODAY.date() + timedelta(days=9)
    a_request(tables, due=due)
    assert [f"due{days:+d}" for days in reminders_after(due, TODAY.date())] == ["due-1", "due+1", "due+7", "due+14"]
    assert [name for _, name in mornings(tables, range(1, 40))] == ["due-1", "due+1", "due+7", "due+14"]


def test_it_runs_each_morning() -> None:
    assert "08:00:00" in {str(one.at) for one in timetables() if one.name == "chase"}


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
            decline(session, invitation, Decline.RATHER_NOT, TODAY)
        elif what == "stop":
            stop_mail(session, invitation, MAILING.key, TODAY)
        elif what == "shared":
            invitation.status = Status.SHARED
        else:
            invitation.ended_at = TODAY
    assert mornings(tables, range(15, 46, 1)) == []


def test_a_letter_that_waits_goes_on_its_day(tables: Database) -> None:
    made = a_request(tables, send_on=later(3).date())
    assert mornings(tables, range(1, 6)) == [(3, "first")]
    with tables.reading() as look:
        invitation = look.get_one(SupplierInvitation, made)
        assert (invitation.status, invitation.sent_at) == (Status.INVITED, later(3))
        event = look.scalars(select(AuditEvent).where(AuditEvent.action == "suppliers.manage: sent")).one()
        assert event.about_kind == "supplier"


def test_its_day_comes_even_where_no_mail_is_sent(tables: Database) -> None:
    made = a_request(tables, send_on=later(3).date())
    assert mornings(tables, range(3, 5), SILENT) == []
    with tables.reading() as look:
        assert look.get_one(SupplierInvitation, made).status is Status.INVITED


def test_one_that_fails_keeps_none_of_the_others(tables: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first = a_request(tables, "a@b.example")
    a_request(tables, "c@d.example")
    whole = chasing.send_if_due, chasing.remind

    def fail(session: Any, supplier: Any, invitation: SupplierInvitation, *more: Any, **most: Any) -> bool:
        if invitation.id == first:
            raise RuntimeError
        return whole[1](session, supplier, invitation, *more, **most)

    monkeypatch.setattr(chasing, "remind", fail)
    with pytest.raises(ChaseUnfinishedError):
        chase_all(tables, MAILING, later(16))
    assert letters(tables) == ["first", "first", "due-14"]
    monkeypatch.setattr(chasing, "remind", whole[1])
    assert chase_all(tables, MAILING, later(16)) == 1, "the round is run again"


def test_a_moved_date_moves_what_has_not_gone(tables: Database) -> None:
    made = a_request(tables)
    mornings(tables, range(16, 18))
    with tables.writing() as session:
        move_due(session, session.get_one(SupplierInvitation, made), later(60).date(), later(18), by=None)
    assert mornings(tables, range(18, 62)) == [(53, "due-7"), (59, "due-1"), (61, "due+1")]


def test_by_hand_it_goes_at_once_and_not_without_end(tables: Database) -> None:
    made = a_request(tables)
    with tables.writing() as session:
        supplier_id = session.get_one(SupplierInvitation, made).supplier_id
        assert not remind_now(session, supplier_id, MAILING, TODAY, by=None), "a letter went today"
        gone = [remind_now(session, supplier_id, MAILING, later(day), by=None) for day in range(1, 6)]
        assert gone == [True] * MOST_BY_HAND + [False, False]
        assert not remind_now(session, made, MAILING, later(9), by=None), "no such supplier"
        assert not remind_now(session, supplier_id, SILENT, later(9), by=None)


def test_the_worker_sends_what_was_written_and_not_what_nobody_wants_any_more(
    tables: Database, database_url: str, tmp_path: Any, postbox: Postbox
) -> None:
    settings = settings_that_mail(database_url, tmp_path, postbox)
    with tables.writing() as session:
        council = a_buyer(session, "The Council")
        invited(session, a_supplier(session, council, "Farm", email="a@b.example"), settings=settings)
        mill = a_supplier(session, council, "Mill", email="m@b.example")
        invited(session, mill, settings=settings)
        mill.archived_at = TODAY
    run_waiting(tables, settings, lambda: datetime.fromtimestamp(TODAY.timestamp(), TODAY.tzinfo))
    assert [mail["To"] for mail in postbox.mails] == ["a@b.example"]
    assert "/asked/stop/" in postbox.mails[0]["List-Unsubscribe"]
    assert postbox.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
