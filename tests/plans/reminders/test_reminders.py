"""The round of the morning: once a day, for those who confirmed, of what the register says now."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.assessments.services import AssessmentUnknownError, start_assessment
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import JobContext, all_schedules
from assess.core.links import LinkUnknownError, hash_token, new_token
from assess.core.mail.addresses import InvalidAddressError
from assess.core.models import OutgoingMail
from assess.plans import reminders as plans_reminders
from assess.plans.action_tracker.services import ItemContent, change_item, get_tracker_state
from assess.plans.action_tracker.state import ItemState
from assess.plans.actions import ActionList, PlanItem, PlanItemGroup, action_list_of, notification_safe_items
from assess.plans.copies import business_record, has_urgent_sign
from assess.plans.models import Reminder, ReminderSuppression, UnsubscribeToken
from assess.plans.reminders import (
    ASSESSMENT_LIMIT,
    CALLER_LIMIT,
    CONFIRM_DAYS,
    DOMAIN_LIMIT,
    INSTALLATION_LIMIT,
    MAILBOX_LIMIT,
    MAILBOX_MONTH_LIMIT,
    MAX_LINES,
    MAX_REMINDERS,
    SUPPRESSION_DAYS,
    NoticeLine,
    ReminderEmail,
    ReminderNotice,
    ReminderRunError,
    TooManyRemindersError,
    clean_up_reminders,
    confirmation_email,
    count_active,
    count_request,
    create_unsubscribe_url,
    delete_expired_suppressions,
    delete_unconfirmed,
    find_by_stop_token,
    find_unconfirmed,
    is_suppressed,
    may_send_confirm_mail,
    reminder_email,
    reminder_notice_on,
    send_all_due,
    send_daily_reminders,
    stop_all_reminders,
    suppress_mailbox,
)
from assess.question_banks.models import EditionRow
from tests.engine.real_banks import BANKS, edition_of
from tests.mail_servers import MailServer
from tests.plans.conftest import Submitted
from tests.plans.records import NAME, Record, a_record, scenario, settled_facts
from tests.plans.reminders.conftest import JO, link_in
from tests.plans.test_copies import forbidden_texts, raising, sign_cases

SECRET = "the key of a test"
BASE = "https://assess.example.org"
WEEK = timedelta(days=CONFIRM_DAYS)


def ask(session: Session, begun: uuid.UUID, address: str, now: datetime) -> str:
    """The token that the mail to this address carries; empty when none was written."""
    before = set(session.scalars(select(OutgoingMail.id)))
    plans_reminders.create_reminder(session, begun, address, BASE, (SECRET,), now)
    written = session.scalars(select(OutgoingMail).where(OutgoingMail.id.not_in(before))).first()
    return written.body.split("/reminders/confirm/")[1].split()[0] if written else ""


def test_what_is_stored_of_the_tokens_opens_nothing(session: Session, begun: uuid.UUID, now: datetime) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    reminder = find_unconfirmed(session, token, now)
    assert reminder.confirm_hash == hash_token(token)
    with pytest.raises(LinkUnknownError):
        find_unconfirmed(session, reminder.confirm_hash, now)


def test_confirming_twice_is_confirming_once(session: Session, begun: uuid.UUID, now: datetime) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    assert count_active(session, begun) == 0
    for hours in (1, 2):
        plans_reminders.activate_reminder(session, token, now + timedelta(hours=hours))
    assert find_unconfirmed(session, token, now + 9 * WEEK).confirmed_at == now + timedelta(hours=1)
    assert count_active(session, begun) == 1


def test_an_address_that_was_asked_or_is_reminded_gets_no_second_mail(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    assert not ask(session, begun, "JO+plan@farm.example", now)
    plans_reminders.activate_reminder(session, token, now)
    assert not ask(session, begun, "jo@farm.example", now + 9 * WEEK)


def test_unconfirmed_it_ends_at_the_second_and_may_be_asked_anew(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    find_unconfirmed(session, token, now + WEEK - timedelta(seconds=1))
    for use in (find_unconfirmed, plans_reminders.activate_reminder):
        with pytest.raises(LinkUnknownError):
            use(session, token, now + WEEK)
    assert ask(session, begun, "jo@farm.example", now + WEEK)


def test_what_nobody_confirmed_is_deleted_with_its_address(session: Session, begun: uuid.UUID, now: datetime) -> None:
    ask(session, begun, "jo@farm.example", now)
    kept = ask(session, begun, "al@farm.example", now)
    plans_reminders.activate_reminder(session, kept, now)
    assert delete_unconfirmed(session, now + WEEK - timedelta(seconds=1)) == 0
    assert delete_unconfirmed(session, now + WEEK + timedelta(seconds=1)) == 1
    session.commit()
    assert list(session.scalars(select(Reminder.address))) == ["al@farm.example"]
    assert "jo@farm.example" not in set(session.scalars(select(OutgoingMail.to_address)))


def test_every_stop_link_that_ever_went_out_ends_it_for_good(session: Session, begun: uuid.UUID, now: datetime) -> None:
    token = ask(session, begun, "jo@farm.example", now)
    plans_reminders.activate_reminder(session, token, now)
    reminder = find_unconfirmed(session, token, now)
    links = [create_unsubscribe_url(session, reminder, BASE, now).rpartition("/")[2] for _ in range(3)]
    assert len(set(links)) == 3
    plans_reminders.stop_by_token(session, links[0], SECRET, now)
    plans_reminders.stop_by_token(session, links[2], SECRET, now + WEEK)
    stopped = find_by_stop_token(session, links[1])
    assert (stopped.stopped_at, stopped.address, stopped.told) == (now, "", {})
    with pytest.raises(LinkUnknownError):
        plans_reminders.activate_reminder(session, token, now)
    for nonsense in (new_token(), "x", ""):
        with pytest.raises(LinkUnknownError):
            plans_reminders.stop_by_token(session, nonsense, SECRET, now)


def test_an_assessment_reminds_so_many_and_after_stopping_it_may_again(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    tokens = [ask(session, begun, f"a{number}@farm.example", now) for number in range(MAX_REMINDERS + 1)]
    assert all(tokens), "what nobody confirmed does not count"
    for token in tokens[:-1]:
        plans_reminders.activate_reminder(session, token, now)
    with pytest.raises(TooManyRemindersError):
        plans_reminders.activate_reminder(session, tokens[-1], now)
    with pytest.raises(TooManyRemindersError):
        ask(session, begun, "jo@farm.example", now)
    plans_reminders.activate_reminder(session, tokens[0], now)
    assert count_active(session, begun) == MAX_REMINDERS
    stop_all_reminders(session, begun, now)
    assert set(session.scalars(select(Reminder.address))) == {""}
    assert ask(session, begun, "jo@farm.example", now)


def stop_link(session: Session, token: str, now: datetime) -> str:
    return create_unsubscribe_url(session, find_unconfirmed(session, token, now), BASE, now).rpartition("/")[2]


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_mailbox_that_pressed_stop_is_not_asked_again_for_half_a_year_under_any_spelling(
    session: Session, begun: uuid.UUID, now: datetime, *, confirmed: bool
) -> None:
    token = ask(session, begun, "j.o+plan@googlemail.com", now)
    if confirmed:
        plans_reminders.activate_reminder(session, token, now)
    plans_reminders.stop_by_token(session, stop_link(session, token, now), SECRET, now)
    edition = session.scalars(select(EditionRow.id)).one()
    another = start_assessment(session, edition, quick=False, now=now).id
    end = now + timedelta(days=SUPPRESSION_DAYS)
    for spelling in ("j.o+plan@googlemail.com", "jo@gmail.com", "JO+2@GMail.com"):
        assert not ask(session, begun, spelling, end - timedelta(seconds=1))
        assert not ask(session, another, spelling, now)
    assert ask(session, another, "al@gmail.com", now), "nobody else is kept from it"
    assert ask(session, begun, "jo@gmail.com", end)


def test_stopping_from_the_plan_keeps_nobody_from_asking_again(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    plans_reminders.activate_reminder(session, ask(session, begun, "jo@farm.example", now), now)
    stop_all_reminders(session, begun, now)
    assert list(session.scalars(select(ReminderSuppression))) == []
    assert ask(session, begun, "jo@farm.example", now)


def test_no_address_and_no_assessment(session: Session, begun: uuid.UUID, now: datetime) -> None:
    with pytest.raises(InvalidAddressError):
        ask(session, begun, "jo", now)
    with pytest.raises(AssessmentUnknownError):
        ask(session, uuid.uuid4(), "jo@farm.example", now)


class AtThisMoment:
    """Work of a worker whose clock stands still."""

    def __init__(self, database: Database, settings: Settings, now: datetime) -> None:
        self.database, self.settings, self._moment = database, settings, now

    def now(self) -> datetime:
        return self._moment

    def progress(self, done: int, total: int) -> None:
        raise AssertionError((done, total))


def work_at(app: Flask, settings: Settings, now: datetime) -> JobContext:
    work: JobContext = AtThisMoment(app.extensions["assess.database"], settings, now)
    return work


def reminder_of(app: Flask) -> Reminder:
    with app.extensions["assess.database"].reading() as session:
        return session.scalars(select(Reminder)).one()


def test_it_runs_each_morning() -> None:
    due = {table.name: table.at for table in all_schedules()}
    assert str(due["remind"]) == "07:30:00"
    assert due["forget_unconfirmed"]


def test_a_confirmed_address_is_told_of_what_comes_near_and_not_twice(
    app: Flask, settings: Settings, reminded: Submitted, morning: Any
) -> None:
    (mail,) = morning("2026-11-25")
    assert mail["To"] == JO
    assert mail["Subject"] == "Your action plan: dates coming up"
    ordinary = notification_safe_items(action_list_of(business_record(reminded.record)), reminded.record)
    soon = [item for item in ordinary if item.due_date and item.due_date <= "2026-12-09"]
    body = " ".join(mail.get_content().split())
    assert soon
    assert all(" ".join(item.name.split()) in body for item in soon)
    assert morning("2026-11-25") == [], "twice on one day"
    assert morning("2026-11-26") == [], "nothing new"
    assert reminder_of(app).last_sent == datetime(2026, 11, 25, tzinfo=UTC).date()
    database = app.extensions["assess.database"]
    assert send_all_due(database, settings, datetime(2026, 11, 26, 7, 30, tzinfo=UTC)) == 0


def test_each_mail_stops_it_by_a_link_of_its_own(
    reminded: Submitted, morning: Any, postbox: MailServer, another_visit: Any
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
    clean_up_reminders(work_at(app, settings, now + timedelta(days=CONFIRM_DAYS + 1)))
    with app.extensions["assess.database"].reading() as session:
        assert list(session.scalars(select(Reminder))) == []
        assert JO not in set(session.scalars(select(OutgoingMail.to_address)))


def test_the_mark_of_a_mailbox_in_peace_goes_when_its_time_is_over(
    app: Flask, settings: Settings, reminded: Submitted, postbox: MailServer, another_visit: Any, now: datetime
) -> None:
    another_visit(link_in(postbox.bodies()[0], "stop"))
    another_visit.send()

    def marks() -> int:
        with app.extensions["assess.database"].reading() as session:
            return len(session.scalars(select(ReminderSuppression)).all())

    clean_up_reminders(work_at(app, settings, now + timedelta(days=SUPPRESSION_DAYS - 1)))
    assert marks() == 1
    clean_up_reminders(work_at(app, settings, now + timedelta(days=SUPPRESSION_DAYS)))
    assert marks() == 0
    assert reminded.address


def test_what_was_done_meanwhile_is_not_told(app: Flask, reminded: Submitted, morning: Any, now: datetime) -> None:
    ordinary = notification_safe_items(action_list_of(business_record(reminded.record)), reminded.record)
    database = app.extensions["assess.database"]
    with database.writing() as session:
        state = get_tracker_state(session, reminded.submission_id)
        for item in ordinary:
            done = replace(
                ItemContent.of(state.get(item.key, item.state)),
                response="accepted",
                status="done",
                done_on="2026-11-24",
            )
            change_item(session, reminded.submission_id, item.key, done, 0, now)
    assert morning("2026-11-25") == []
    (yearly,) = morning("2027-10-30")
    assert "will be a year old on 24 November 2027" in yearly.get_content()


def test_the_job_does_the_same_and_logs_a_number_only(
    app: Flask, settings: Settings, reminded: Submitted, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    send_daily_reminders(work_at(app, settings, now + timedelta(days=1)))
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
                told=dict.fromkeys([item.key for item in action_list_of(business_record(reminded.record)).ordinary], 7)
                | broken,
            )
        )
    with pytest.raises(ReminderRunError):
        send_all_due(database, settings, now + timedelta(days=1))
    with database.reading() as session:
        assert set(session.scalars(select(OutgoingMail.to_address).where(OutgoingMail.sent_at.is_(None)))) == {JO}
    assert "reminder_failed" in capsys.readouterr().out


def test_rows_and_mail_of_a_day_are_there_together_or_not_at_all(
    app: Flask, settings: Settings, reminded: Submitted, now: datetime
) -> None:
    assert send_all_due(app.extensions["assess.database"], settings, now + timedelta(days=1)) == 1
    with app.extensions["assess.database"].reading() as session:
        event = session.scalars(select(OutgoingMail.event).where(OutgoingMail.sent_at.is_(None))).one()
    assert event == f"{reminder_of(app).events}2026-11-25"
    assert reminded.address


def test_a_first_mail_is_not_sent_to_a_mailbox_that_stopped_while_it_was_written(
    app: Flask, submitted: Submitted, visit: Any, postbox: MailServer, deliver: Any, now: datetime, settings: Settings
) -> None:
    """Whoever asked in that very moment did not see the stop, so the stop could not see the question either."""
    visit(f"{submitted.address}/reminders")
    visit.send("", email=JO)
    visit(f"{submitted.address}/reminders")
    visit.send("", email="al@farm.example")
    with app.extensions["assess.database"].writing() as session:
        suppress_mailbox(session, "Jo.Canary+x@farm.example", settings.key, now)
    deliver(now)
    assert [to for _, to in postbox.envelopes] == [["al@farm.example"]]
    with app.extensions["assess.database"].reading() as session:
        assert set(session.scalars(select(OutgoingMail.to_address))) == {""}
        assert sorted(session.scalars(select(Reminder.address))) == ["", "al@farm.example"]


def test_what_was_confirmed_before_another_plan_was_stopped_still_comes(
    app: Flask, reminded: Submitted, morning: Any, now: datetime, settings: Settings
) -> None:
    with app.extensions["assess.database"].writing() as session:
        suppress_mailbox(session, JO, settings.key, now)
    assert [mail["To"] for mail in morning("2026-11-25")] == [JO]
    assert reminded.address


ADDRESS, SECRET_QUIET = "jo@farm.example", "the key of a test"
TIME = timedelta(days=SUPPRESSION_DAYS)
SECOND = timedelta(seconds=1)


@pytest.mark.both_databases
def test_it_lasts_to_the_second_and_stopping_once_more_counts_from_then(session: Session, now: datetime) -> None:
    assert not is_suppressed(session, ADDRESS, (SECRET_QUIET,), now)
    suppress_mailbox(session, ADDRESS, SECRET_QUIET, now)
    assert is_suppressed(session, "JO+x@farm.example", (SECRET_QUIET,), now + TIME - SECOND)
    assert not is_suppressed(session, ADDRESS, (SECRET_QUIET,), now + TIME)
    suppress_mailbox(session, ADDRESS, SECRET_QUIET, now + SECOND)
    assert is_suppressed(session, ADDRESS, (SECRET_QUIET,), now + TIME)


@pytest.mark.both_databases
def test_only_a_mark_is_kept_and_without_the_key_no_address_can_be_tried_on_it(session: Session, now: datetime) -> None:
    suppress_mailbox(session, ADDRESS, SECRET_QUIET, now)
    (row,) = session.scalars(select(ReminderSuppression))
    assert set(ReminderSuppression.__table__.columns.keys()) == {"mark", "until"}
    assert set(row.mark) <= set("0123456789abcdef")
    assert not is_suppressed(session, ADDRESS, ("another key",), now)


@pytest.mark.both_databases
def test_a_mark_is_deleted_when_its_time_is_over(session: Session, now: datetime) -> None:
    suppress_mailbox(session, ADDRESS, SECRET_QUIET, now)
    suppress_mailbox(session, "al@farm.example", SECRET_QUIET, now + SECOND)
    delete_expired_suppressions(session, now + TIME)
    assert [row.until for row in session.scalars(select(ReminderSuppression))] == [now + SECOND + TIME]


@pytest.mark.both_databases
def test_whoever_stopped_before_the_key_was_changed_is_still_left_in_peace(session: Session, now: datetime) -> None:
    suppress_mailbox(session, ADDRESS, SECRET_QUIET, now)
    assert is_suppressed(session, ADDRESS, ("the key of today", SECRET_QUIET), now)
    assert not is_suppressed(session, "al@farm.example", ("the key of today", SECRET_QUIET), now)


@pytest.fixture
def at_the_door(app: Flask) -> Iterator[None]:
    """Somebody calls from the loopback."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        yield


def called_from(app: Flask, address: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        count_request(uuid.uuid4())


@pytest.mark.both_databases
def test_a_caller_asks_ten_times_a_day_however_many_assessments_there_are(app: Flask, now: datetime) -> None:
    assert CALLER_LIMIT.most == 10
    for _ in range(CALLER_LIMIT.most):
        called_from(app, "127.0.0.1")
    with pytest.raises(TooManyRequests):
        called_from(app, "127.0.0.1")
    called_from(app, "127.0.0.2")
    app.config["CLOCK"] = lambda: now + timedelta(days=1)
    called_from(app, "127.0.0.1")


@pytest.mark.both_databases
def test_all_addresses_of_one_line_are_one_caller(app: Flask) -> None:
    for number in range(CALLER_LIMIT.most):
        called_from(app, f"2001:db8:0:1::{number:x}")
    with pytest.raises(TooManyRequests):
        called_from(app, "2001:db8:0:1:ffff::1")
    called_from(app, "2001:db8:0:2::1")
    for last in range(CALLER_LIMIT.most + 1):
        called_from(app, f"::ffff:10.0.0.{last}")


@pytest.mark.both_databases
def test_a_caller_without_an_address_has_a_limit_too(app: Flask) -> None:
    for _ in range(CALLER_LIMIT.most):
        called_from(app, "")
    with pytest.raises(TooManyRequests):
        called_from(app, "")


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
def test_an_assessment_asks_five_times_a_day() -> None:
    one = uuid.uuid4()
    for _ in range(ASSESSMENT_LIMIT.most):
        count_request(one)
    with pytest.raises(TooManyRequests):
        count_request(one)
    count_request(uuid.uuid4())


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
def test_a_mailbox_is_written_to_twice_a_day_and_four_times_a_month_under_all_its_spellings(
    app: Flask, now: datetime
) -> None:
    spellings = ("jo@gmail.com", "J.O@gmail.com", "j.o+plan@googlemail.com")
    assert [may_send_confirm_mail(spelling) for spelling in spellings] == [True, True, False]
    assert (MAILBOX_LIMIT.most, MAILBOX_MONTH_LIMIT.most) == (2, 4)
    allowed = 2
    for day in range(1, 8):
        app.config["CLOCK"] = lambda day=day: now + timedelta(days=day)
        allowed += sum(may_send_confirm_mail(spelling) for spelling in spellings)
    assert allowed == MAILBOX_MONTH_LIMIT.most


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
def test_a_domain_of_somebody_is_written_to_ten_times_a_day_with_all_that_is_under_it() -> None:
    told = [may_send_confirm_mail(f"a{number}@m{number}.farm.co.uk") for number in range(DOMAIN_LIMIT.most + 2)]
    assert told == [True] * 10 + [False] * 2
    assert may_send_confirm_mail("jo@orchard.co.uk")


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
def test_at_the_big_providers_each_mailbox_counts_for_itself() -> None:
    for number in range(DOMAIN_LIMIT.most + 2):
        assert may_send_confirm_mail(f"a{number}@googlemail.com")
        assert may_send_confirm_mail(f"a{number}@yahoo.co.uk")


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
@pytest.mark.parametrize("below", ["victim.fastmail.com", "victim.plus.com", "victim.yahoo.co.uk", "victim.me.com"])
def test_what_is_below_a_provider_is_one_mailbox_with_all_its_names_and_branches(below: str) -> None:
    told = [may_send_confirm_mail(f"a{number}@m{number}.{below}") for number in range(4)]
    assert told == [True] * MAILBOX_LIMIT.most + [False] * 2
    assert not may_send_confirm_mail(f"al+x@{below}")
    assert may_send_confirm_mail(f"al@{below.replace('victim', 'orchard')}")


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
def test_a_mailbox_with_several_names_is_not_asked_once_more_under_each() -> None:
    apple = [may_send_confirm_mail(f"jo@{host}") for host in ("me.com", "mac.com", "icloud.com")]
    proton = [may_send_confirm_mail(address) for address in ("j.doe@proton.me", "jdoe@pm.me", "j-d_oe@protonmail.com")]
    assert apple == proton == [True, True, False]


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
def test_the_installation_has_an_end_too_and_its_operator_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = [may_send_confirm_mail(f"jo@farm{number}.example") for number in range(INSTALLATION_LIMIT.most + 1)]
    assert told == [True] * INSTALLATION_LIMIT.most + [False]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["number"] for line in lines if line["event"] == "reminder_mails_used_up"] == [INSTALLATION_LIMIT.most]
    assert "farm" not in json.dumps(lines)


@pytest.mark.both_databases
@pytest.mark.usefixtures("at_the_door")
def test_what_is_refused_uses_nothing_up_that_others_need() -> None:
    for _ in range(INSTALLATION_LIMIT.most + 5):
        may_send_confirm_mail("jo@farm.example")
    assert may_send_confirm_mail("al@farm.example")
    assert may_send_confirm_mail("al@orchard.example")


VALID_UNTIL = "2027-11-24"
RECORD = {"valid_until": VALID_UNTIL, "actions": []}
DUE = "2027-03-31"


def an_item(key: str = "q", what: Any = "action", **changes: Any) -> PlanItem:
    known = action_list_of(business_record(scenario())).ordinary[0]
    return replace(known, key=key, id=key, do=f"Do {key}.", title="", what=what, **{"proposed_due": DUE, **changes})


class Year:
    """Looks at a register of these items, one after the other, each knowing what the earlier ones told."""

    def __init__(self, *items: PlanItem) -> None:
        self.items = items
        self.told: dict[str, Any] = {}

    def look(self, iso: str) -> ReminderNotice | None:
        action_list = ActionList(
            (PlanItemGroup("All", self.items),), None, no_smallest_set=False, count=len(self.items)
        )
        notice = reminder_notice_on(action_list, RECORD, self.told, date.fromisoformat(iso))
        self.told = dict(notice.told) if notice else self.told
        return notice

    def days_told(self, start: str, days: int) -> list[str]:
        every = [(date.fromisoformat(start) + timedelta(days=day)).isoformat() for day in range(days)]
        return [day for day in every if self.look(day)]


def test_an_action_is_told_of_two_weeks_before_and_on_the_day_before() -> None:
    assert Year(an_item()).days_told("2027-01-01", 200) == ["2027-03-17", "2027-03-30"]


def test_a_duty_is_told_of_a_month_before_too() -> None:
    assert Year(an_item(what="duty")).days_told("2027-01-01", 200) == ["2027-03-01", "2027-03-17", "2027-03-30"]


def test_the_age_of_the_answers_is_told_of_once_a_month_before() -> None:
    year = Year()
    assert year.days_told("2027-01-01", 400) == ["2027-10-25"]
    assert Year().look("2027-10-25") == ReminderNotice((), (), VALID_UNTIL, {":year": [VALID_UNTIL, 30]})


def test_a_morning_without_a_worker_is_made_up_for() -> None:
    year = Year(an_item())
    assert year.look("2027-03-20") is not None
    assert year.look("2027-03-30") is not None
    late = Year(an_item()).look("2027-06-01")
    assert late is not None
    assert (late.coming, late.overdue) == ((), (NoticeLine("Do q.", DUE),))


def test_a_new_date_is_told_of_anew_and_the_same_one_is_not() -> None:
    year = Year(an_item())
    assert year.look("2027-03-20")
    assert year.look("2027-03-21") is None
    year.items = (an_item(state=ItemState(due="2027-03-28")),)
    told = year.look("2027-03-21")
    assert told is not None
    assert told.coming == (NoticeLine("Do q.", "2027-03-28"),)


def test_a_mail_names_everything_that_is_near_not_only_what_is_new() -> None:
    year = Year(an_item("a", proposed_due="2027-03-10"), an_item("b"), an_item("far", proposed_due="2027-09-01"))
    assert year.look("2027-03-05")
    notice = year.look("2027-03-17")
    assert notice is not None
    assert notice.coming == (NoticeLine("Do b.", DUE),)
    assert notice.overdue == (NoticeLine("Do a.", "2027-03-10"),)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": ItemState(status="done", done_on="2027-01-01")},
        {"state": ItemState(response="already_done")},
        {"state": ItemState(response="will_not", reason="not_ours")},
        {"ordinary": False},
    ],
)
def test_what_is_settled_or_may_not_travel_is_never_told(changes: dict[str, Any]) -> None:
    assert Year(an_item(**changes)).days_told("2027-01-01", 200) == []


def test_the_order_is_that_of_dates_and_not_that_of_the_plan() -> None:
    items = [an_item(f"q{number}", question_number=number, proposed_due=DUE) for number in range(6)]
    items.append(an_item("soon", proposed_due="2027-03-20"))
    expected = Year(*items).look("2027-03-18")
    for seed in range(5):
        mixed = random.Random(seed).sample(items, len(items))
        found = Year(*mixed).look("2027-03-18")
        assert found is not None
        assert found == replace(expected, told=found.told)  # type: ignore[type-var]  # it is there
    assert expected is not None
    assert [line.do for line in expected.coming][:2] == ["Do soon.", "Do q0."]


def test_a_real_plan_is_told_of_over_its_year() -> None:
    record = a_record(facts=settled_facts("farming"))
    action_list = action_list_of(business_record(record))
    told: dict[str, Any] = {}
    named: set[str] = set()
    mails = 0
    for day in range(366):
        notice = reminder_notice_on(action_list, record, told, date(2026, 11, 25) + timedelta(days=day))
        if notice:
            told = dict(notice.told)
            named |= {line.do for line in (*notice.coming, *notice.overdue)}
            mails += 1
    assert named == {
        item.name
        for item in notification_safe_items(action_list, record)
        if item.due_date and item.due_date < "2027-11-25"
    }
    assert 4 <= mails <= 30


STOP = "https://assess.example.org/reminders/stop/" + "t" * 43
DAYS = ("2026-11-25", "2026-12-10", "2027-01-20", "2027-05-20", "2027-11-01")


def mail_on(action_list: ActionList, record: Record, iso: str) -> ReminderEmail | None:
    notice = reminder_notice_on(action_list, record, {}, date.fromisoformat(iso))
    return reminder_email(record, notice, STOP, iso) if notice else None


def year_of(record: Record) -> str:
    """Everything mails say of a record on a few days of its year."""
    action_list = action_list_of(business_record(record))
    mails = [mail_on(action_list, record, day) for day in DAYS]
    return "\n=====\n".join(f"{text.subject}\n{text.body}" if text else "" for text in mails)


def test_a_reminder_says_what_when_whom_to_call_and_how_to_stop() -> None:
    notice = ReminderNotice(
        (NoticeLine("Write a  policy.", "2026-12-01"),), (NoticeLine("Put up a poster.", "2026-11-20"),), None, {}
    )
    text = reminder_email(scenario(), notice, STOP, "2026-11-24")
    helpline = next(row for row in scenario()["contacts"] if row["id"] == "helpline")
    assert text.subject == "Your action plan: dates coming up"
    assert "- 1 December 2026: Write a policy." in text.body
    assert "- 20 November 2026: Put up a poster." in text.body
    assert f"{helpline['who']}, {helpline['number']}." in text.body
    assert f"\n{STOP}\n" in text.body
    assert "Some steps stand only in your plan. To see it, open it with the link you kept" in text.body


@pytest.mark.parametrize(
    ("today", "words"),
    [("2027-11-01", "will be a year old on 24 November 2027"), ("2027-12-01", "since 24 November 2027")],
)
def test_the_age_of_the_answers_is_said_plainly(today: str, words: str) -> None:
    text = reminder_email(scenario(), ReminderNotice((), (), "2027-11-24", {}), STOP, today)
    assert words in text.body
    assert "These dates" not in text.body


def test_a_long_list_is_cut_and_says_so() -> None:
    lines = tuple(NoticeLine(f"Do {number}.", "2026-12-01") for number in range(MAX_LINES + 5))
    text = reminder_email(scenario(), ReminderNotice(lines, lines[:2], None, {}), STOP, "2026-11-24")
    assert text.body.count("\n- ") == MAX_LINES
    assert "We left out 7 dates like these." in text.body


def test_the_first_mail_asks_and_tells_nothing_of_the_plan() -> None:
    confirm = STOP.replace("stop", "confirm")
    text = confirmation_email(confirm, STOP, 7)
    assert f"\n{confirm}\n" in text.body
    assert f"\n{STOP}\n" in text.body
    assert "7 days" in text.body
    assert "If somebody asks us again, an email like this one may come once more." in text.body
    assert "If you want no such email for 180 days, whoever asks, open this page" in text.body
    for word in ("slavery", "exploit", "helpline", NAME):
        assert word.lower() not in (text.subject + text.body).lower()


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("level", ["low", "medium", "critical"])
def test_no_mail_has_a_name_a_result_or_a_way_in(bank: str, level: str) -> None:
    record = scenario(bank, f"{bank} {level}")
    said = year_of(record)
    told = notification_safe_items(action_list_of(business_record(record)), record)
    assert ("\n- " in said) is bool(told)
    assert told or level == "low"
    for word in (NAME, record["reference"], "score", " band", "ct now", "urgent", "serious", " sign ", "PE38", "/r/"):
        assert word not in said, word
    assert said.count("https://") == said.count(STOP)


@pytest.mark.parametrize("bank", BANKS)
def test_nothing_of_a_question_that_can_raise_a_sign_stands_in_a_mail(bank: str) -> None:
    questions = {question.id: question for question in edition_of(bank).questions()}
    cases = [case for case in sign_cases() if case[0] == bank]
    assert len(cases) > 30
    for _, name, _, answer in cases:
        record = raising(bank, name, answer)
        said = year_of(record)
        assert [text for text in forbidden_texts(questions[name], record) if text in said] == [], name


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("level", ["low", "medium", "critical"])
def test_neither_a_sign_nor_which_one_it_was_can_be_told_from_any_mail(bank: str, level: str) -> None:
    """Every way to raise a sign, urgent or serious, and raising none: the same mails all year."""
    title = f"{bank} {level}"
    asked = {row["id"] for section in scenario(bank, title)["sections"] for row in section["questions"]}
    mails = {year_of(scenario(bank, title)): ["as it is"]}
    for _, name, sign, answer in (case for case in sign_cases() if case[0] == bank):
        if name in asked:
            record = a_record(bank, title, change={name: answer})
            assert sign != "urgent" or has_urgent_sign(record)
            mails.setdefault(year_of(record), []).append(name)
    assert len(mails) == 1, list(mails.values())
    assert sum(map(len, mails.values())) >= 25


def test_a_reminder_runs_between_confirming_and_stopping(now: datetime) -> None:
    reminder = Reminder(id=uuid.uuid4(), address="jo@farm.example", made_at=now)
    assert not reminder.runs
    reminder.confirmed_at = now
    assert reminder.runs
    reminder.stopped_at = now
    assert not reminder.runs


def test_the_names_of_its_mails_begin_with_it_alone() -> None:
    one, other = Reminder(id=uuid.uuid4()), Reminder(id=uuid.uuid4())
    assert one.events != other.events
    assert not one.events.startswith(other.events)
    assert one.events.endswith(":")


def test_only_hashes_of_tokens_are_stored() -> None:
    assert "token" not in {column.name for column in (*Reminder.__table__.columns, *UnsubscribeToken.__table__.columns)}
