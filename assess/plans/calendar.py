"""Calendar entries (iCalendar) and the secret feed addresses. Only ordinary actions and dated duties; no names, no score."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from icalendar import Alarm, Calendar, Event
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.services import lock_assessment
from assess.assessments.submissions import NothingSubmittedError
from assess.core.links import find_link, hash_token, new_token
from assess.engine.plan import STATEMENT_DUTY
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.action_tracker.state import UNTOUCHED, TrackerState
from assess.plans.actions import ActionList, PlanItem, notification_safe_items
from assess.plans.copies import Record
from assess.plans.exports import LEFT_OUT_NOTE
from assess.plans.first_page import HelpContacts
from assess.plans.models import CalendarFeed, TrackedAction
from assess.plans.plan_page import business_plan
from assess.plans.reminders import REMINDER_STAGES

CALENDAR_NAME = "Action plan"
"""What calendar programs call it. Neutral on purpose: it shows on shared screens."""

CHECK_AGAIN_KEY = "check-again"
"""The key of the day on which the answers grow too old."""

REMOVED_TITLE = "No longer in the plan"
"""The title of every entry that left with a newer submission, whatever it was and why it left."""

ALARM_HOUR = 9
_BINDING = frozenset({"must", "likely"})
_REFRESH = timedelta(days=1)
_INVALID_CHARACTERS = frozenset({*map(chr, (*range(0x20), *range(0x7F, 0xA0))), "\N{ZERO WIDTH NO-BREAK SPACE}"})
_MAX_CHANGES = 10_000
"""More changes than one entry ever sees within one submission: the number of a later submission is always higher."""


@dataclass(frozen=True, slots=True)
class PlanSnapshot:
    """Which state of which plan is drawn. `changed` says by key when an item was last changed; others count from `made_at`."""

    assessment_id: uuid.UUID
    number: int
    made_at: datetime
    changed: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One day of the calendar. `alarms`: how many days before it rings. `sequence` grows with every change."""

    uid: str
    on: date
    title: str
    detail: str
    alarms: tuple[int, ...]
    sequence: int
    stamp: datetime
    over: bool


def open_entries(entries: Iterable[CalendarEntry]) -> tuple[CalendarEntry, ...]:
    return tuple(entry for entry in entries if not entry.over)


def calendar_entries(
    action_list: ActionList,
    record: Record,
    help: HelpContacts,  # noqa: A002  # the word of the whole plan
    state: TrackerState,
    snapshot: PlanSnapshot,
) -> tuple[CalendarEntry, ...]:
    """The entries by date. `record` is that of the submission `action_list` was drawn from.

    They come from what may show itself unasked, from the duties and from the day the answers grow old, and from nothing else.
    """
    call = f"{help.helpline.who}: {help.helpline.number}"
    listed = {item.key for item in action_list.ordinary}
    found = [
        _entry_from_item(item, call, snapshot) for item in notification_safe_items(action_list, record) if item.due_date
    ]
    found += [
        _entry_from_duty(duty, call, state, snapshot) for duty in _dated_duties(record) if duty["id"] not in listed
    ]
    found.append(
        CalendarEntry(
            uid=_uid(snapshot, CHECK_AGAIN_KEY),
            on=date.fromisoformat(record["valid_until"]),
            title="Answer the self-check again",
            detail=_description("The answers are a year old by now.", LEFT_OUT_NOTE, call),
            alarms=REMINDER_STAGES["duty"],
            sequence=_sequence(snapshot, 0),
            stamp=snapshot.made_at,
            over=False,
        )
    )
    return _by_date(found)


def with_removed_entries(
    entries: tuple[CalendarEntry, ...], earlier: Iterable[tuple[CalendarEntry, ...]], snapshot: PlanSnapshot
) -> tuple[CalendarEntry, ...]:
    """The entries and, cancelled, those that only earlier submissions had. `earlier` has the newest first; `snapshot` is that of now.

    Nothing of what they said is left but the day, so that all look alike and no word of an old plan stays in the feed.
    """
    found = {entry.uid: entry for entry in entries}
    for entry in (entry for shown in earlier for entry in shown):
        if entry.uid not in found:
            found[entry.uid] = replace(
                entry,
                title=REMOVED_TITLE,
                detail="",
                alarms=(),
                sequence=_sequence(snapshot, 0),
                stamp=snapshot.made_at,
                over=True,
            )
    return _by_date(found.values())


def entries_to_ics(entries: tuple[CalendarEntry, ...]) -> bytes:
    """The entries as RFC 5545 has them, the same entries always as the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Assess//Action plan//EN")
    calendar.add("version", "2.0")
    calendar.add("name", CALENDAR_NAME)
    calendar.add("x-wr-calname", CALENDAR_NAME)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for entry in entries:
        calendar.add_component(_ics_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _by_date(entries: Iterable[CalendarEntry]) -> tuple[CalendarEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.on, entry.title, entry.uid)))


def _dated_duties(record: Record) -> Iterator[Mapping[str, Any]]:
    """Dated duties that apply, those beyond the year of the plan included; what nobody re-read or passed is not told as fact.

    What is expected around a statement concerns only those who must publish one (docs/rules.md 4.3).
    """
    states_yearly = any(duty["id"] == STATEMENT_DUTY and duty["verdict"] == "applies" for duty in record["duties"])
    headings = _BINDING | {"expected"} if states_yearly else _BINDING
    for duty in record["duties"]:
        if duty["verdict"] == "applies" and duty["due"] is not None and duty["heading"] in headings:
            yield duty


def _entry_from_item(item: PlanItem, call: str, snapshot: PlanSnapshot) -> CalendarEntry:
    is_duty = item.what == "duty"
    proof = f"What will show it: {item.evidence}" if item.evidence else ""
    return CalendarEntry(
        uid=_uid(snapshot, item.key),
        on=date.fromisoformat(str(item.due_date)),
        title=_one_line(item.name),
        detail=_description(
            item.do if item.title else "", item.reason if is_duty else proof, item.basis if is_duty else "", call
        ),
        alarms=REMINDER_STAGES[item.what],
        sequence=_sequence(snapshot, item.state.revision),
        stamp=snapshot.changed.get(item.state_key, snapshot.made_at),
        over=item.state.is_closed,
    )


def _entry_from_duty(duty: Mapping[str, Any], call: str, state: TrackerState, snapshot: PlanSnapshot) -> CalendarEntry:
    item = state.get(duty["id"], UNTOUCHED)
    steps = duty["must_do"]
    return CalendarEntry(
        uid=_uid(snapshot, duty["id"]),
        on=date.fromisoformat(item.due or duty["due"]),
        title=_one_line(duty["title"]),
        detail=_description(steps[0] if steps else "", f"Source: {duty['source']}", call),
        alarms=REMINDER_STAGES["duty"],
        sequence=_sequence(snapshot, item.revision),
        stamp=snapshot.changed.get(duty["id"], snapshot.made_at),
        over=item.is_closed,
    )


def _uid(snapshot: PlanSnapshot, key: str) -> str:
    """A name made from both ids, from which neither can be had back."""
    return str(uuid.uuid5(snapshot.assessment_id, key))


def _sequence(snapshot: PlanSnapshot, revision: int) -> int:
    return snapshot.number * _MAX_CHANGES + min(revision, _MAX_CHANGES - 1)


def _one_line(text: str) -> str:
    """A text on one line, without characters that end one or that RFC 5545 does not know."""
    line = "".join(character for character in " ".join(text.split()) if character not in _INVALID_CHARACTERS)
    return line.replace("\\N", "\\ N")  # icalendar takes these two for the end of a line, which would hide what follows


def _description(*lines: str) -> str:
    return "\n".join(line for line in map(_one_line, lines) if line)


def _ics_event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("last-modified", entry.stamp)
    event.add("dtstart", entry.on)
    event.add("summary", entry.title)
    event.add("description", entry.detail)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # the day stays free for others to book
    event.add("status", "CANCELLED" if entry.over else "CONFIRMED")
    for days in () if entry.over else entry.alarms:
        alarm = Alarm()  # it rings in the morning: a day begins at midnight, and nobody is to be woken
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", timedelta(days=-days, hours=ALARM_HOUR))
        event.add_component(alarm)
    return event


MAX_EARLIER_SUBMISSIONS = 20
"""So many earlier submissions are looked at for entries that left. Programs fetch once a day or oftener, so each is told in time."""


def create_feed(session: Session, assessment_id: uuid.UUID, now: datetime) -> str:
    """Ends the one before. The token is in no other place: show it now. Raises AssessmentUnknownError."""
    lock_assessment(session, assessment_id)
    end_feed(session, assessment_id, now)
    token = new_token()
    session.add(CalendarFeed(assessment_id=assessment_id, token_hash=hash_token(token), made_at=now))
    session.flush()
    return token


def end_feed(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End the address of an assessment. It is over from the next request; without one nothing happens."""
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.assessment_id == assessment_id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=now)
    )


def active_feed(session: Session, assessment_id: uuid.UUID) -> CalendarFeed | None:
    return session.scalars(
        select(CalendarFeed).where(CalendarFeed.assessment_id == assessment_id, CalendarFeed.ended_at.is_(None))
    ).first()


def find_feed(session: Session, token: str) -> CalendarFeed:
    """The address of this token. Counts nothing. Raises LinkUnknownError for none, or one that ended."""
    return find_link(session, CalendarFeed, CalendarFeed.token_hash, token, CalendarFeed.ended_at.is_(None))


def log_fetch(session: Session, feed_id: uuid.UUID, now: datetime) -> None:
    """Note that it was fetched, and when, so that a business sees whether it is used. Never by whom."""
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.id == feed_id, CalendarFeed.ended_at.is_(None))
        .values(opened=CalendarFeed.opened + 1, last_opened_at=now)
    )


def feed_entries(session: Session, feed: CalendarFeed) -> tuple[CalendarEntry, ...]:
    """What the programs that fetch this address are told: the latest submission's entries, and what they may hold from earlier ones.

    Only submissions that this address ever led to count: nobody is told of an older plan. Raises
    NothingSubmittedError: before the first submission.
    """
    newest = list(
        session.scalars(
            select(Submission)
            .where(Submission.assessment_id == feed.assessment_id)
            .order_by(Submission.number.desc())
            .limit(MAX_EARLIER_SUBMISSIONS + 1)
        )
    )
    if not newest:
        raise NothingSubmittedError
    led_to = [old for new, old in pairwise(newest) if new.made_at > feed.made_at]
    latest = newest[0]
    snapshot = PlanSnapshot(latest.assessment_id, latest.number, latest.made_at, {})
    return with_removed_entries(
        submission_entries(session, latest), [submission_entries(session, old) for old in led_to], snapshot
    )


def submission_entries(session: Session, submission: Submission) -> tuple[CalendarEntry, ...]:
    state = get_tracker_state(session, submission.id)
    changed = session.execute(
        select(TrackedAction.key, TrackedAction.changed_at).where(TrackedAction.submission_id == submission.id)
    )
    snapshot = PlanSnapshot(
        submission.assessment_id, submission.number, submission.made_at, {row.key: row.changed_at for row in changed}
    )
    plan = business_plan(submission.record, state)
    return calendar_entries(plan.action_list, submission.record, plan.help, state, snapshot)
