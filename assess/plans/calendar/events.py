"""What stands in the calendar: ordinary actions with a date, dated duties that apply, and the day to check again.

A calendar travels and is read by phones, companies and whoever looks over a shoulder. So it holds no name, no answer, no score and
nothing but what is ordinary (decisions.md 7.5); its alarms show on locked screens, so it leaves out what a wall leaves out. An entry keeps its name over all submissions, and its number grows with every
change, so that a moved date moves and never doubles.

What is done or refused stays in the feed as a cancelled entry, so that every calendar that subscribed strikes it out; some keep
for ever what is merely left out. So does what a newer submission no longer has, without its words. The file to take once holds only
what is still to come, as its page counts it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from assess.engine.plan import STATEMENT
from assess.plans.actions import Item, Register
from assess.plans.copies import Record
from assess.plans.exports.rows import LEFT_OUT
from assess.plans.first_page import Help
from assess.plans.register.state import UNTOUCHED, RegisterState
from assess.plans.unasked import shown_unasked

NAME = "Action plan"
"""What calendar programs call it. Neutral on purpose: it shows on shared screens."""

AGAIN = "check-again"
"""The key of the day on which the answers grow too old."""

GONE = "No longer in the plan"
"""The title of every entry that left with a newer submission, whatever it was and why it left."""

ALARM_HOUR = 9
_ACTION_ALARMS = (14, 1)
_DUTY_ALARMS = (30, 14, 1)
_BINDING = frozenset({"must", "likely"})
_FIRM = _BINDING | {"expected"}
_PRODUCT = "-//Assess//Action plan//EN"
_REFRESH = timedelta(days=1)
_UNFIT = frozenset({*map(chr, (*range(0x20), *range(0x7F, 0xA0))), "\N{ZERO WIDTH NO-BREAK SPACE}"})
_MOST_CHANGES = 10_000
"""More changes than one entry ever sees within one submission: the number of a later submission is always higher."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Which state of which plan is drawn. `changed` says by key when an item was last changed; others count from `made_at`."""

    assessment_id: uuid.UUID
    number: int
    made_at: datetime
    changed: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """One day of the calendar. `alarms`: how many days before it rings. `sequence` grows with every change."""

    uid: str
    on: date
    title: str
    detail: str
    alarms: tuple[int, ...]
    sequence: int
    stamp: datetime
    over: bool


def living(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that are neither done nor refused."""
    return tuple(entry for entry in entries if not entry.over)


def entries_of(
    register: Register,
    record: Record,
    help: Help,  # noqa: A002  # the word of the whole plan
    state: RegisterState,
    moment: Moment,
) -> tuple[Entry, ...]:
    """The entries by date. `record` is that of the submission `register` was drawn from.

    They come from what may show itself unasked, from the duties and from the day the answers grow old, and from nothing else.
    """
    call = f"{help.helpline.who}: {help.helpline.number}"
    listed = {item.key for item in register.ordinary}
    found = [_of_item(item, call, moment) for item in shown_unasked(register, record) if item.due_date]
    found += [_of_duty(duty, call, state, moment) for duty in _more_duties(record) if duty["id"] not in listed]
    found.append(_again(record, call, moment))
    return _by_date(found)


def with_gone(entries: tuple[Entry, ...], earlier: Iterable[tuple[Entry, ...]], moment: Moment) -> tuple[Entry, ...]:
    """The entries and, cancelled, those that only earlier submissions had. `earlier` has the newest first; `moment` is that of now.

    Nothing of what they said is left but the day, so that all look alike and no word of an old plan stays in the feed.
    """
    found = {entry.uid: entry for entry in entries}
    for entry in (entry for shown in earlier for entry in shown):
        if entry.uid not in found:
            found[entry.uid] = replace(
                entry,
                title=GONE,
                detail="",
                alarms=(),
                sequence=_sequence(moment, 0),
                stamp=moment.made_at,
                over=True,
            )
    return _by_date(found.values())


def as_ics(entries: tuple[Entry, ...]) -> bytes:
    """The entries as RFC 5545 has them, the same entries always as the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _by_date(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.on, entry.title, entry.uid)))


def _more_duties(record: Record) -> Iterator[Mapping[str, Any]]:
    """Dated duties that apply, those beyond the year of the plan included; what nobody re-read or passed is not told as fact.

    What is expected around a statement concerns only those who must publish one (decisions.md 3, “Do first”).
    """
    states_yearly = any(duty["id"] == STATEMENT and duty["verdict"] == "applies" for duty in record["duties"])
    told = _FIRM if states_yearly else _BINDING
    for duty in record["duties"]:
        if duty["verdict"] == "applies" and duty["due"] is not None and duty["heading"] in told:
            yield duty


def _of_item(item: Item, call: str, moment: Moment) -> Entry:
    is_duty = item.what == "duty"
    proof = f"What will show it: {item.evidence}" if item.evidence else ""
    return Entry(
        uid=_uid(moment, item.key),
        on=date.fromisoformat(str(item.due_date)),
        title=_line(item.name),
        detail=_detail(
            item.do if item.title else "", item.reason if is_duty else proof, item.basis if is_duty else "", call
        ),
        alarms=_DUTY_ALARMS if is_duty else _ACTION_ALARMS,
        sequence=_sequence(moment, item.state.revision),
        stamp=moment.changed.get(item.state_key, moment.made_at),
        over=item.state.settled,
    )


def _of_duty(duty: Mapping[str, Any], call: str, state: RegisterState, moment: Moment) -> Entry:
    said = state.get(duty["id"], UNTOUCHED)
    steps = duty["must_do"]
    return Entry(
        uid=_uid(moment, duty["id"]),
        on=date.fromisoformat(said.due or duty["due"]),
        title=_line(duty["title"]),
        detail=_detail(steps[0] if steps else "", f"Source: {duty['source']}", call),
        alarms=_DUTY_ALARMS,
        sequence=_sequence(moment, said.revision),
        stamp=moment.changed.get(duty["id"], moment.made_at),
        over=said.settled,
    )


def _again(record: Record, call: str, moment: Moment) -> Entry:
    return Entry(
        uid=_uid(moment, AGAIN),
        on=date.fromisoformat(record["valid_until"]),
        title="Answer the self-check again",
        detail=_detail("The answers are a year old by now.", LEFT_OUT, call),
        alarms=_DUTY_ALARMS,
        sequence=_sequence(moment, 0),
        stamp=moment.made_at,
        over=False,
    )


def _uid(moment: Moment, key: str) -> str:
    """A name made from both ids, from which neither can be had back."""
    return str(uuid.uuid5(moment.assessment_id, key))


def _sequence(moment: Moment, revision: int) -> int:
    return moment.number * _MOST_CHANGES + min(revision, _MOST_CHANGES - 1)


def _line(text: str) -> str:
    """A text on one line, without letters that end one or that RFC 5545 does not know."""
    return "".join(letter for letter in " ".join(text.split()) if letter not in _UNFIT)


def _detail(*lines: str) -> str:
    return "\n".join(line for line in map(_line, lines) if line)


def _event(entry: Entry) -> Event:
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
        event.add_component(_alarm(entry, days))
    return event


def _alarm(entry: Entry, days: int) -> Alarm:
    """Rings in the morning, so many days before: a day begins at midnight, and nobody is to be woken."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", timedelta(days=-days, hours=ALARM_HOUR))
    return alarm
