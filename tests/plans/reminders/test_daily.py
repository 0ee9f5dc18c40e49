"""The round of the morning: once a day, for those who confirmed, of what the register says now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.registry import Work, timetables
from assess.kit.mail.models import Outgoing
from assess.plans.actions import register_of
from assess.plans.copies import business_record
from assess.plans.register.keeping import Change, change, state_of
from assess.plans.reminders.asking import CONFIRM_DAYS
from assess.plans.reminders.daily import RoundUnfinishedError, forget_unconfirmed, remind, remind_all
from assess.plans.reminders.models import QuietMailbox, Reminder
from assess.plans.reminders.quiet import QUIET_DAYS, leave_in_peace
from assess.plans.unasked import shown_unasked
from tests.plans.conftest import Submitted
from tests.plans.reminders.conftest import JO, link_in
from tests.postboxes import Postbox


class AtThisMoment:
    """Work of a worker whose clock stands still."""

    def __init__(self, database: Database, settings: Settings, moment: datetime) -> None:
        self.database, self.settings, self._moment = database, settings, moment

    def now(self) -> datetime:
        return self._moment

    def progress(self, done: int, total: int) -> None:
        raise AssertionError((done, total))


def work_at(app: Flask, settings: Settings, moment: datetime) -> Work:
    work: Work = AtThisMoment(app.extensions["assess.database"], settings, moment)
    return work


def reminder_of(app: Flask) -> Reminder:
    with app.extensions["assess.database"].reading() as session:
        return session.scalars(select(Reminder)).one()


def test_it_runs_each_morning() -> None:
    due = {table.name: table.at for table in timetables()}
    assert str(due["remind"]) == "07:30:00"
    assert due["forget_unconfirmed"]


def test_a_confirmed_address_is_told_of_what_comes_near_and_not_twice(
    app: Flask, settings: Settings, reminded: Submitted, morning: Any
) -> None:
    (mail,) = morning("2026-11-25")
    assert mail["To"] == JO
    assert mail["Subject"] == "Your action plan: dates coming up"
    ordinary = shown_unasked(register_of(business_record(reminded.record)), reminded.record)
    soon = [item for item in ordinary if item.due_date and item.due_date <= "2026-12-09"]
    body = " ".join(mail.get_content().split())
    assert soon
    assert all(" ".join(item.name.split()) in body for item in soon)
    assert morning("2026-11-25") == [], "twice on one day"
    assert morning("2026-11-26") == [], "nothing new"
    assert reminder_of(app).last_sent == datetime(2026, 11, 25, tzinfo=UTC).date()
    database = app.extensions["assess.database"]
    assert remind_all(database, settings, datetime(2026, 11, 26, 7, 30, tzinfo=UTC)) == 0


def test_each_mail_stops_it_by_a_link_of_its_own(
    reminded: Submitted, morning: Any, postbox: Postbox, another_visit: Any
) -> None:
    (mail,) = morning("2026-11-25")
    link = link_in(mail.get_content().replace("\r\n", "\n"), "stop")
    assert mail["List-Unsubscribe"] == f"<http://localhost:5000{link}>"
    assert link != link_in(postbox.bodies()[0], "stop")
    another_visit(link)
    assert another_visit.send().heading == "Reminders have stopped"
    assert morning("2027-02-20") == []
    assert reminded.address


def test_who_did_not_confirm_gets_nothing(
    app: Flask, settings: Settings, submitted: Submitted, visit: Any, deliver: Any, morning: Any, now: datetime
) -> None:
    visit(f"{submitted.address}/reminders")
    visit.send("", email=JO)
    deliver(now)
    assert morning("2026-11-25") == []
    forget_unconfirmed(work_at(app, settings, now + timedelta(days=CONFIRM_DAYS + 1)))
    with app.extensions["assess.database"].reading() as session:
        assert list(session.scalars(select(Reminder))) == []
        assert JO not in set(session.scalars(select(Outgoing.to_address)))


def test_the_mark_of_a_mailbox_in_peace_goes_when_its_time_is_over(
    app: Flask, settings: Settings, reminded: Submitted, postbox: Postbox, another_visit: Any, now: datetime
) -> None:
    another_visit(link_in(postbox.bodies()[0], "stop"))
    another_visit.send()

    def marks() -> int:
        with app.extensions["assess.database"].reading() as session:
            return len(session.scalars(select(QuietMailbox)).all())

    forget_unconfirmed(work_at(app, settings, now + timedelta(days=QUIET_DAYS - 1)))
    assert marks() == 1
    forget_unconfirmed(work_at(app, settings, now + timedelta(days=QUIET_DAYS)))
    assert marks() == 0
    assert reminded.address


def test_what_was_done_meanwhile_is_not_told(app: Flask, reminded: Submitted, morning: Any, now: datetime) -> None:
    ordinary = shown_unasked(register_of(business_record(reminded.record)), reminded.record)
    database = app.extensions["assess.database"]
    with database.writing() as session:
        state = state_of(session, reminded.submission_id)
        for item in ordinary:
            done = replace(
                Change.of(state.get(item.key, item.state)), response="accepted", status="done", done_on="2026-11-24"
            )
            change(session, reminded.submission_id, item.key, done, 0, now)
    assert morning("2026-11-25") == []
    (yearly,) = morning("2027-10-30")
    assert "will be a year old on 24 November 2027" in yearly.get_content()


def test_the_job_does_the_same_and_logs_a_number_only(
    app: Flask, settings: Settings, reminded: Submitted, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    remind(work_at(app, settings, now + timedelta(days=1)))
    said = capsys.readouterr().out
    assert '"reminders_written"' in said
    assert JO not in said
    assert str(reminded.id) not in said


def test_one_that_fails_keeps_nobody_else_from_their_mail(
    app: Flask, settings: Settings, reminded: Submitted, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    database = app.extensions["assess.database"]
    with database.writing() as session:
        broken = {":year": 7}
        session.add(
            Reminder(
                assessment_id=reminded.id,
                address="al@farm.example",
                confirm_hash="0" * 64,
                made_at=now - timedelta(days=1),
                confirmed_at=now,
                told=dict.fromkeys([item.key for item in register_of(business_record(reminded.record)).ordinary], 7)
                | broken,
            )
        )
    with pytest.raises(RoundUnfinishedError):
        remind_all(database, settings, now + timedelta(days=1))
    with database.reading() as session:
        assert set(session.scalars(select(Outgoing.to_address).where(Outgoing.sent_at.is_(None)))) == {JO}
    assert "reminder_failed" in capsys.readouterr().out


def test_rows_and_mail_of_a_day_are_there_together_or_not_at_all(
    app: Flask, settings: Settings, reminded: Submitted, now: datetime
) -> None:
    assert remind_all(app.extensions["assess.database"], settings, now + timedelta(days=1)) == 1
    with app.extensions["assess.database"].reading() as session:
        event = session.scalars(select(Outgoing.event).where(Outgoing.sent_at.is_(None))).one()
    assert event == f"{reminder_of(app).events}2026-11-25"
    assert reminded.address


def test_a_first_mail_is_not_sent_to_a_mailbox_that_stopped_while_it_was_written(
    app: Flask, submitted: Submitted, visit: Any, postbox: Postbox, deliver: Any, now: datetime, settings: Settings
) -> None:
    """Whoever asked in that very moment did not see the stop, so the stop could not see the question either."""
    visit(f"{submitted.address}/reminders")
    visit.send("", email=JO)
    visit(f"{submitted.address}/reminders")
    visit.send("", email="al@farm.example")
    with app.extensions["assess.database"].writing() as session:
        leave_in_peace(session, "Jo.Canary+x@farm.example", settings.key, now)
    deliver(now)
    assert [to for _, to in postbox.envelopes] == [["al@farm.example"]]
    with app.extensions["assess.database"].reading() as session:
        assert set(session.scalars(select(Outgoing.to_address))) == {""}
        assert sorted(session.scalars(select(Reminder.address))) == ["", "al@farm.example"]


def test_what_was_confirmed_before_another_plan_was_stopped_still_comes(
    app: Flask, reminded: Submitted, morning: Any, now: datetime, settings: Settings
) -> None:
    with app.extensions["assess.database"].writing() as session:
        leave_in_peace(session, JO, settings.key, now)
    assert [mail["To"] for mail in morning("2026-11-25")] == [JO]
    assert reminded.address
