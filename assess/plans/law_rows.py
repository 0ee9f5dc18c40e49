"""The law on one page: what binds every employer first, a row each, and the doubt said once.

For records whose duties say `done`; older ones are printed by `duty_lists`, as they were. What binds nobody never says that it applies
or is due, and what was not read again tells no amount, no penalty and no step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.engine.reasons import TO_PEOPLE_AT_WORK
from assess.plans.duty_lists import AT_HOME, WITH_TASKS, reviewed_by, seen_on
from assess.plans.words import day, in_words

Data = Mapping[str, Any]

_AT_WORK = frozenset({"employs_anyone", "engages_workers"})
EMPLOYING = _AT_WORK | {"operates_in"}
"""A duty that turned on nothing else binds everyone with people at work."""
MOST_QUESTIONS = 3
"""So many open questions are printed; what waits for others is one line."""
_NORTHERN_IRELAND = "NIR"
_BINDING = frozenset({"must", "likely"})

GROUPS: Mapping[str, str] = {
    "every": "What binds every employer",
    "perhaps": "These bind you as well if anyone but your family works for you",
    "you": "What binds you as well",
    "adviser": "Ask an adviser: we have not read the law itself again",
    "expected": "What the government expects: guidance, not law",
    "good_practice": "Good practice: nobody must",
    "coming": "Coming: passed, but not in force yet",
    "context": "Good to know: duties of others that touch you",
    "debated": "Being debated: it may change or never come",
}
"""Ids of groups in the order they are printed, and their titles."""


@dataclass(frozen=True, slots=True)
class LawRow:
    """A duty in one row, with its steps. `looked` is the day the source was read; `when` the day it is to be done by, in words."""

    id: str
    title: str
    line: str
    amount: str
    penalty: str
    read: str
    url: str
    source: str
    looked: str
    in_force: bool
    when: str
    reviewed: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LawGroup:
    """The rows under one title."""

    id: str
    title: str
    rows: tuple[LawRow, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """All duties of a record.

    `questions` would settle most of `open`; `abroad` counts the laws of other countries that may bind; `elsewhere` are duties to people
    at work for which Northern Ireland has laws of its own.
    """

    groups: tuple[LawGroup, ...]
    questions: tuple[str, ...]
    open: tuple[str, ...]
    abroad: int
    does_not_apply: tuple[str, ...]
    elsewhere: tuple[str, ...]
    closed_abroad: int
    statement_not_required: bool
    confirmed: bool
    rests_on: tuple[tuple[str, str], ...]


def law_of(record: Data) -> Law | None:
    """The law for this business, None for a record of an older kind."""
    duties: Sequence[Data] = record["duties"]
    if any("done" not in duty for duty in duties):
        return None
    given: Mapping[str, Any] = record.get("facts", {})
    grouped: dict[str, list[LawRow]] = {name: [] for name in GROUPS}
    waiting: list[Data] = []
    closed: list[Data] = []
    for duty in duties:
        name = _group(duty)
        if name is not None:
            grouped[name].append(_row(duty, name))
        else:
            (waiting if duty["verdict"] == "to_check" else closed).append(duty)
    at_home = [duty for duty in closed if _is_at_home(duty)]
    northern = _NORTHERN_IRELAND in given.get("operates_in", ())
    elsewhere = [duty for duty in at_home if northern and duty["id"] in TO_PEOPLE_AT_WORK]
    waiting = [duty for duty in waiting if duty["status"] == "in_force" and duty["force"] != "information"]
    here = [duty for duty in waiting if _is_at_home(duty)]
    applying = [duty for duty in duties if duty["verdict"] == "applies"]
    return Law(
        groups=tuple(LawGroup(name, GROUPS[name], tuple(rows)) for name, rows in grouped.items() if rows),
        questions=_questions(here, given),
        open=tuple(_line(duty) for duty in here),
        abroad=len(waiting) - len(here),
        does_not_apply=tuple(_line(duty) for duty in at_home if duty not in elsewhere),
        elsewhere=tuple(_line(duty) for duty in elsewhere),
        closed_abroad=len(closed) - len(at_home),
        statement_not_required=any(duty["id"] == "uk_s54_statement" for duty in closed),
        confirmed=all(duty["heading"] == "must" for duty in applying if duty["heading"] in _BINDING),
        rests_on=tuple(
            {
                fact["fact"]: (fact["ask"], in_words(fact["value_text"]))
                for duty in applying
                for fact in duty["turned_on"]
            }.values()
        ),
    )


def _group(duty: Data) -> str | None:
    """The group a duty is printed in, None for one that does not bind or is still open.

    A duty that only "nobody is employed" keeps away is told with its condition: who has day labour must not read that it does not apply.
    """
    if duty["verdict"] != "applies":
        hangs_on = {fact["fact"] for fact in (duty["waits_for"] or duty["turned_on"])}
        binding = duty["heading"] in _BINDING and duty["status"] == "in_force"
        return "perhaps" if binding and hangs_on and hangs_on <= _AT_WORK else None
    if duty["heading"] == "ask_adviser":
        return "adviser"
    if duty["heading"] in _BINDING:
        return "every" if {fact["fact"] for fact in duty["turned_on"]} <= EMPLOYING else "you"
    return str(duty["heading"])


def _row(duty: Data, group: str) -> LawRow:
    told = group != "adviser"
    binds = group in {"every", "you", "perhaps"}
    return LawRow(
        id=duty["id"],
        title=duty["title"],
        line=_line(duty),
        amount=(duty["amount"] or "") if told else "",
        penalty=(duty["penalty"] or "") if told and binds else "",
        read=duty["read"] or "",
        url=duty["url"],
        source=duty["source"].split(";", maxsplit=1)[0],
        looked=seen_on(duty["source_as_of"]),
        in_force=duty["status"] == "in_force" and duty["force"] == "mandatory",
        when=_when(duty, group),
        reviewed=reviewed_by(duty),
        steps=tuple(duty["must_do"]) if duty["heading"] in WITH_TASKS else (),
    )


def _line(duty: Data) -> str:
    return str(duty["line"] or duty["title"])


def _when(duty: Data, group: str) -> str:
    """The day in words, only of what is in force and asked of this business."""
    if duty["done"]:
        return "Done for your last year: your statement is of a later day"
    if duty["due"] is None or group not in {"every", "you", "expected"}:
        return ""
    passed = ". That day has passed" if duty["overdue"] else ""
    return f"{'Expected' if group == 'expected' else 'To be done'} by {day(duty['due'])}{passed}"


def _is_at_home(duty: Data) -> bool:
    return bool(AT_HOME & set(duty["jurisdiction"]))


def _questions(duties: Sequence[Data], given: Mapping[str, Any]) -> tuple[str, ...]:
    """The few questions most of these duties wait for, those of binding law first."""
    asks = {
        fact["fact"]: str(fact["ask"]) for duty in duties for fact in duty["waits_for"] if fact["fact"] not in given
    }
    weights: Counter[str] = Counter()
    for duty in duties:
        weight = 100 if duty["force"] == "mandatory" and duty["status"] == "in_force" else 1
        weights.update({fact["fact"]: weight for fact in duty["waits_for"] if fact["fact"] in asks})
    return tuple(asks[name] for name, _ in weights.most_common(MOST_QUESTIONS))
