"""The duties under their headings, each with the fact it turned on, its day, its source and the day the source was seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.plans.words import day, in_words

_STATEMENT = "uk_s54_statement"
HEADINGS: Mapping[str, str] = {
    "must": "You must",
    "likely": "Likely to apply, not yet confirmed by a lawyer",
    "ask_adviser": "Ask an adviser: source not re-read",
    "expected": "The government expects: guidance, not law",
    "good_practice": "Good practice",
    "coming": "Coming: passed, but not in force yet",
    "debated": "Being debated: it may change or never come",
    "context": "Good to know: duties of others that touch you",
}
"""Heading ids in the order they are printed, and their titles (decisions.md 8, “Duties on paper”)."""

_OPEN_AS: Mapping[str, str] = {
    "must": "law",
    "likely": "law",
    "ask_adviser": "ask an adviser",
    "expected": "guidance",
    "good_practice": "good practice",
    "coming": "coming",
    "debated": "being debated",
    "context": "good to know",
}
"""What kind of duty a heading stands for, in a word or two."""

WITH_TASKS = frozenset({"must", "likely", "expected", "good_practice"})
"""Under the other headings nothing is to be done yet, or we cannot say what: a source that was not re-read is not told as fact."""

AT_HOME = frozenset({"UK", "GB", "EW", "ENG", "WLS", "SCT", "NIR"})
_LEADING_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


_NO_LAW = "None"
_SHARED_BY = 3
"""A fact that at least so many duties wait for is asked once, before them all."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact duties turned on, numbered so that each duty can point at it."""

    number: int
    ask: str
    value: str


@dataclass(frozen=True, slots=True)
class DutyText:
    """A duty that applies, as printed. `facts` are the numbers of the facts it turned on.

    `source` is the first one named, which is the one the address leads to.
    """

    id: str
    title: str
    facts: tuple[int, ...]
    must_do: tuple[str, ...]
    due: str
    source: str
    url: str
    source_as_of: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class DutyHeading:
    """The duties under one heading: first those that say what to do, then the others."""

    id: str
    title: str
    tasks: tuple[DutyText, ...]
    others: tuple[DutyText, ...]


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """A duty that may apply: what must be known first, and the heading it would stand under."""

    asks: tuple[str, ...]
    title: str
    heading: str
    due: str
    url: str
    source_as_of: str


@dataclass(frozen=True, slots=True)
class DutyLists:
    """All duties: by heading where they apply, what is still open, and the titles of those that do not apply.

    `shared_asks` are questions many open duties wait for. Duties of other countries hang on one question, so where they are
    open or do not apply they are named or counted together.
    """

    known: tuple[FactRow, ...]
    headings: tuple[DutyHeading, ...]
    shared_asks: tuple[str, ...]
    open: tuple[OpenDuty, ...]
    open_abroad: tuple[str, ...]
    does_not_apply: tuple[str, ...]
    closed_abroad: int
    statement_not_required: bool


def duty_lists_of(record: Mapping[str, Any]) -> DutyLists:
    """The duties of a record under their headings."""
    duties = record["duties"]
    applying = [duty for duty in duties if duty["verdict"] == "applies"]
    waiting = [duty for duty in duties if duty["verdict"] == "to_check"]
    closed = [duty for duty in duties if duty["verdict"] == "does_not_apply"]
    known = _known(applying)
    numbers = {name: row.number for name, row in known.items()}
    at_home = [duty for duty in waiting if _is_at_home(duty)]
    shared = _shared(at_home)
    return DutyLists(
        known=tuple(known.values()),
        headings=_headings(applying, numbers),
        shared_asks=tuple(shared.values()),
        open=tuple(_open(duty, shared) for duty in at_home),
        open_abroad=tuple(duty["title"] for duty in waiting if not _is_at_home(duty)),
        does_not_apply=tuple(duty["title"] for duty in closed if _is_at_home(duty)),
        closed_abroad=sum(not _is_at_home(duty) for duty in closed),
        statement_not_required=any(duty["id"] == _STATEMENT for duty in closed),
    )


def _is_at_home(duty: Mapping[str, Any]) -> bool:
    return bool(AT_HOME & set(duty["jurisdiction"]))


def _known(duties: Sequence[Mapping[str, Any]]) -> dict[str, FactRow]:
    rows: dict[str, FactRow] = {}
    for duty in duties:
        for fact in duty["turned_on"]:
            rows.setdefault(fact["fact"], FactRow(len(rows) + 1, fact["ask"], in_words(fact["value_text"])))
    return rows


def _shared(duties: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The questions at least three duties wait for, by fact, in the order they come up."""
    asks = {fact["fact"]: fact["ask"] for duty in duties for fact in duty["waits_for"]}
    counts = Counter(fact["fact"] for duty in duties for fact in duty["waits_for"])
    return {name: ask for name, ask in asks.items() if counts[name] >= _SHARED_BY}


def _headings(duties: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> tuple[DutyHeading, ...]:
    found = []
    for name, title in HEADINGS.items():
        texts = [_text(duty, numbers) for duty in duties if duty["heading"] == name]
        if texts:
            tasks = tuple(text for text in texts if text.must_do)
            found.append(DutyHeading(name, title, tasks, tuple(text for text in texts if not text.must_do)))
    return tuple(found)


def _text(duty: Mapping[str, Any], numbers: Mapping[str, int]) -> DutyText:
    return DutyText(
        id=duty["id"],
        title=duty["title"],
        facts=tuple(sorted(numbers[fact["fact"]] for fact in duty["turned_on"])),
        must_do=tuple(duty["must_do"]) if duty["heading"] in WITH_TASKS else (),
        due=_due(duty),
        source=_source(duty["source"]),
        url=duty["url"],
        source_as_of=seen_on(duty["source_as_of"]),
        reviewed=reviewed_by(duty),
    )


def _open(duty: Mapping[str, Any], shared: Mapping[str, str]) -> OpenDuty:
    return OpenDuty(
        asks=tuple(fact["ask"] for fact in duty["waits_for"] if fact["fact"] not in shared),
        title=duty["title"],
        heading=_OPEN_AS[duty["heading"]],
        due=_due(duty),
        url=duty["url"],
        source_as_of=seen_on(duty["source_as_of"]),
    )


def _source(said: str) -> str:
    """The source named first; what is only being talked about has none."""
    first = said.split(";", maxsplit=1)[0]
    return "no law yet" if first == _NO_LAW else first


def seen_on(said: str) -> str:
    """The date at the start of what the file says about the day of the source; the rest is for its keeper."""
    found = _LEADING_DATE.match(said)
    if not found:
        return said
    # a source that was only dated to its month
    return day(found.group() + "-01").removeprefix("1 ") if found.group().count("-") == 1 else day(found.group())


def _due(duty: Mapping[str, Any]) -> str:
    if duty["due"] is None:
        return ""
    return f"{day(duty['due'])}, which has passed: do it now if you have not" if duty["overdue"] else day(duty["due"])


def reviewed_by(duty: Mapping[str, Any]) -> str:
    """Who reviewed a duty and when, empty for one that nobody did."""
    if not duty["reviewed_by"]:
        return ""
    return f"Reviewed by {duty['reviewed_by']} on {day(duty['reviewed_on'])}"
