"""The duties of a record: grouped by heading (older records) or one row a law (since duties say whether they are done)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.engine.facts import DUTIES_TO_WORKERS
from assess.plans.words import format_day, format_record_text

_STATEMENT = "uk_s54_statement"
DUTY_HEADINGS: Mapping[str, str] = {
    "must": "You must",
    "likely": "Likely to apply, not yet confirmed by a lawyer",
    "ask_adviser": "Ask an adviser: source not re-read",
    "expected": "The government expects: guidance, not law",
    "good_practice": "Good practice",
    "coming": "Coming: passed, but not in force yet",
    "debated": "Being debated: it may change or never come",
    "context": "Good to know: duties of others that touch you",
}
"""Heading ids in the order they are printed, and their titles (docs/rules.md 6.3)."""

_OPEN_DUTY_KINDS: Mapping[str, str] = {
    "must": "law",
    "likely": "law",
    "ask_adviser": "ask an adviser",
    "expected": "guidance",
    "good_practice": "good practice",
    "coming": "coming",
    "debated": "being debated",
    "context": "good to know",
}

HEADINGS_WITH_TASKS = frozenset({"must", "likely", "expected", "good_practice"})
"""Under the other headings nothing is to be done yet, or we cannot say what: a source that was not re-read is not told as fact."""

UK_JURISDICTIONS = frozenset({"UK", "GB", "EW", "ENG", "WLS", "SCT", "NIR"})
_LEADING_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

_SHARED_FACT_MINIMUM = 3
"""A fact that at least so many duties wait for is asked once, before them all."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact duties turned on, numbered so that each duty can point at it."""

    number: int
    ask: str
    value: str


@dataclass(frozen=True, slots=True)
class DutyText:
    """`facts`: the numbers of the facts it turned on. `source`: the first one named, to which the address leads."""

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
    duties = record["duties"]
    applying = [duty for duty in duties if duty["verdict"] == "applies"]
    waiting = [duty for duty in duties if duty["verdict"] == "to_check"]
    closed = [duty for duty in duties if duty["verdict"] == "does_not_apply"]
    known: dict[str, FactRow] = {}
    for duty in applying:
        for fact in duty["turned_on"]:
            known.setdefault(fact["fact"], FactRow(len(known) + 1, fact["ask"], format_record_text(fact["value_text"])))
    numbers = {name: row.number for name, row in known.items()}
    at_home = [duty for duty in waiting if _is_uk_duty(duty)]
    # what several duties wait for is asked once, in the order it comes up
    asks = {fact["fact"]: fact["ask"] for duty in at_home for fact in duty["waits_for"]}
    counts = Counter(fact["fact"] for duty in at_home for fact in duty["waits_for"])
    shared = {name: ask for name, ask in asks.items() if counts[name] >= _SHARED_FACT_MINIMUM}
    return DutyLists(
        known=tuple(known.values()),
        headings=_duty_headings(applying, numbers),
        shared_asks=tuple(shared.values()),
        open=tuple(
            OpenDuty(
                asks=tuple(fact["ask"] for fact in duty["waits_for"] if fact["fact"] not in shared),
                title=duty["title"],
                heading=_OPEN_DUTY_KINDS[duty["heading"]],
                due=_duty_due_text(duty),
                url=duty["url"],
                source_as_of=source_date_text(duty["source_as_of"]),
            )
            for duty in at_home
        ),
        open_abroad=tuple(duty["title"] for duty in waiting if not _is_uk_duty(duty)),
        does_not_apply=tuple(duty["title"] for duty in closed if _is_uk_duty(duty)),
        closed_abroad=sum(not _is_uk_duty(duty) for duty in closed),
        statement_not_required=any(duty["id"] == _STATEMENT for duty in closed),
    )


def _is_uk_duty(duty: Mapping[str, Any]) -> bool:
    return bool(UK_JURISDICTIONS & set(duty["jurisdiction"]))


def _duty_headings(duties: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> tuple[DutyHeading, ...]:
    found = []
    for name, title in DUTY_HEADINGS.items():
        texts = [_duty_text(duty, numbers) for duty in duties if duty["heading"] == name]
        if texts:
            tasks = tuple(text for text in texts if text.must_do)
            found.append(DutyHeading(name, title, tasks, tuple(text for text in texts if not text.must_do)))
    return tuple(found)


def _duty_text(duty: Mapping[str, Any], numbers: Mapping[str, int]) -> DutyText:
    first = duty["source"].split(";", maxsplit=1)[0]
    return DutyText(
        id=duty["id"],
        title=duty["title"],
        facts=tuple(sorted(numbers[fact["fact"]] for fact in duty["turned_on"])),
        must_do=tuple(duty["must_do"]) if duty["heading"] in HEADINGS_WITH_TASKS else (),
        due=_duty_due_text(duty),
        source="no law yet" if first == "None" else first,
        url=duty["url"],
        source_as_of=source_date_text(duty["source_as_of"]),
        reviewed=reviewed_by_text(duty),
    )


def source_date_text(text: str) -> str:
    """The date at the start of what the file says about the day of the source; the rest is for its keeper."""
    found = _LEADING_DATE.match(text)
    day = found.group() if found else text
    # a source may be dated to its month alone
    return format_day(f"{day}-01").removeprefix("1 ") if found and day.count("-") == 1 else format_day(day)


def _duty_due_text(duty: Mapping[str, Any]) -> str:
    if duty["due"] is None:
        return ""
    passed = ", which has passed: do it now if you have not" if duty["overdue"] else ""
    return f"{format_day(duty['due'])}{passed}"


def reviewed_by_text(duty: Mapping[str, Any]) -> str:
    if not duty["reviewed_by"]:
        return ""
    return f"Reviewed by {duty['reviewed_by']} on {format_day(duty['reviewed_on'])}"


_EMPLOYMENT_FACTS = frozenset({"employs_anyone", "engages_workers"})
_PLACE = "operates_in"
EMPLOYER_FACTS = _EMPLOYMENT_FACTS | {_PLACE}
"""A duty that turned on nothing else binds everyone with people at work."""
MAX_OPEN_QUESTIONS = 3
"""So many open questions are printed; what waits for others is one line."""
_BINDING = frozenset({"must", "likely"})
_WHOLE_COUNTRY = frozenset({"UK", "GB"})
"""Laws that hold in England, Wales and Scotland alike."""
_BINDING_GROUPS = ("every", "here", "here_perhaps", "perhaps", "you")

LAW_GROUPS: Mapping[str, str] = {
    "every": "What binds every employer",
    "here": "What binds you if you work in England, Wales or Scotland",
    "here_perhaps": "What binds you there as well if anyone but your family works for you",
    "perhaps": "These bind you as well if anyone but your family works for you",
    "you": "What binds you as well",
    "adviser": "Ask an adviser: we have not read the law itself again",
    "expected": "What the government expects: guidance, not law",
    "good_practice": "Good practice: nobody must",
    "coming": "Coming: passed, but not in force yet",
    "context": "Good to know: duties of others that touch you",
    "debated": "Being debated: it may change or never come",
}


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


def law_of(record: Mapping[str, Any]) -> Law | None:
    """The law for this business, None for a record of an older kind."""
    duties: Sequence[Mapping[str, Any]] = record["duties"]
    if any("done" not in duty for duty in duties):
        return None
    given: Mapping[str, Any] = record.get("facts", {})
    grouped: dict[str, list[LawRow]] = {name: [] for name in LAW_GROUPS}
    waiting: list[Mapping[str, Any]] = []
    closed: list[Mapping[str, Any]] = []
    for duty in duties:
        name = _law_group(duty)
        if name is not None:
            grouped[name].append(_law_row(duty, name))
        else:
            (waiting if duty["verdict"] == "to_check" else closed).append(duty)
    at_home = [duty for duty in closed if _is_uk_duty(duty)]
    northern = "NIR" in given.get("operates_in", ())
    # the rules for workers are others in Northern Ireland
    elsewhere = [duty for duty in at_home if northern and duty["id"] in DUTIES_TO_WORKERS]
    # what does not bind is no reason to ask
    waiting = [duty for duty in waiting if duty["status"] == "in_force" and duty["force"] != "information"]
    here = [duty for duty in waiting if _is_uk_duty(duty)]
    applying = [duty for duty in duties if duty["verdict"] == "applies"]
    return Law(
        groups=tuple(LawGroup(name, LAW_GROUPS[name], tuple(rows)) for name, rows in grouped.items() if rows),
        questions=_open_questions(here, given),
        open=tuple(_law_line(duty) for duty in here),
        abroad=len(waiting) - len(here),
        does_not_apply=tuple(_law_line(duty) for duty in at_home if duty not in elsewhere),
        elsewhere=tuple(_law_line(duty) for duty in elsewhere),
        closed_abroad=len(closed) - len(at_home),
        statement_not_required=any(duty["id"] == _STATEMENT for duty in closed),
        confirmed=all(duty["heading"] == "must" for duty in applying if duty["heading"] in _BINDING),
        rests_on=tuple(
            {
                fact["fact"]: (fact["ask"], format_record_text(fact["value_text"]))
                for duty in applying
                for fact in duty["turned_on"]
            }.values()
        ),
    )


def _law_group(duty: Mapping[str, Any]) -> str | None:
    """The group a duty is printed in, None for one that does not bind or is still open.

    A duty that only "nobody is employed" keeps away is told with its condition: who has day labour must not read that it does not apply. So is one
    that waits for the place alone, which a quick check does not ask.
    """
    if duty["verdict"] != "applies":
        if duty["heading"] not in _BINDING or duty["status"] != "in_force":
            return None
        hangs_on = {fact["fact"] for fact in (duty["waits_for"] or duty["turned_on"])}
        if duty["waits_for"] and _PLACE in hangs_on:
            holds = hangs_on <= EMPLOYER_FACTS and set(duty["jurisdiction"]) <= _WHOLE_COUNTRY
            return None if not holds else "here" if hangs_on == {_PLACE} else "here_perhaps"
        return "perhaps" if hangs_on and hangs_on <= _EMPLOYMENT_FACTS else None
    if duty["heading"] == "ask_adviser":
        return "adviser"
    if duty["heading"] in _BINDING:
        return "every" if {fact["fact"] for fact in duty["turned_on"]} <= EMPLOYER_FACTS else "you"
    return str(duty["heading"])


def _law_row(duty: Mapping[str, Any], group: str) -> LawRow:
    detailed = group != "adviser"
    return LawRow(
        id=duty["id"],
        title=duty["title"],
        line=_law_line(duty),
        amount=(duty["amount"] or "") if detailed else "",
        penalty=(duty["penalty"] or "") if detailed and group in _BINDING_GROUPS else "",
        read=duty["read"] or "",
        url=duty["url"],
        source=duty["source"].split(";", maxsplit=1)[0],
        looked=source_date_text(duty["source_as_of"]),
        in_force=duty["status"] == "in_force" and duty["force"] == "mandatory",
        when=_law_due_text(duty, group),
        reviewed=reviewed_by_text(duty),
        steps=tuple(duty["must_do"]) if duty["heading"] in HEADINGS_WITH_TASKS else (),
    )


def _law_line(duty: Mapping[str, Any]) -> str:
    return str(duty["line"] or duty["title"])


def _law_due_text(duty: Mapping[str, Any], group: str) -> str:
    """The day in words, only of what is in force and asked of this business."""
    if duty["done"]:
        return "Done for your last year: your statement is of a later day"
    if duty["due"] is None or group not in {"every", "you", "expected"}:
        return ""
    passed = ". That day has passed" if duty["overdue"] else ""
    return f"{'Expected' if group == 'expected' else 'To be done'} by {format_day(duty['due'])}{passed}"


def _open_questions(duties: Sequence[Mapping[str, Any]], given: Mapping[str, Any]) -> tuple[str, ...]:
    """The few questions most of these duties wait for, those of binding law first."""
    facts = [fact for duty in duties for fact in duty["waits_for"] if fact["fact"] not in given]
    asks = {fact["fact"]: str(fact["ask"]) for fact in facts}
    weights: Counter[str] = Counter()
    for duty in duties:
        # one that binds outweighs any number of others a business can have
        weight = 100 if duty["force"] == "mandatory" and duty["status"] == "in_force" else 1
        weights.update({fact["fact"]: weight for fact in duty["waits_for"] if fact["fact"] in asks})
    return tuple(asks[name] for name, _ in weights.most_common(MAX_OPEN_QUESTIONS))


_LIBRARY_NUMBER = re.compile(r" ?\[S\d+\]")
MAY_BIND_TITLE = "What may bind you: we need to know more"


@dataclass(frozen=True, slots=True)
class FullDuty:
    """A duty with all that is told of it. `asks`: what must be known first; `source`: all that the file names, not the first alone."""

    row: LawRow
    asks: tuple[str, ...]
    source: str


def law_in_full(record: Mapping[str, Any]) -> tuple[tuple[str, tuple[FullDuty, ...]], ...]:
    """The duties of a newer record that bind here or may, under the titles of their groups; those of other countries where they bind."""
    groups: dict[str, list[FullDuty]] = {title: [] for title in (*LAW_GROUPS.values(), MAY_BIND_TITLE)}
    for duty in record["duties"]:
        name = _law_group(duty)
        if name is None and (duty["verdict"] != "to_check" or not _is_uk_duty(duty)):
            continue
        unsure = "adviser" if duty["heading"] == "ask_adviser" else "perhaps"
        asks = tuple(fact["ask"] for fact in duty["waits_for"])
        source = _LIBRARY_NUMBER.sub("", duty["source"])
        full = FullDuty(_law_row(duty, name or unsure), asks, source)
        groups[LAW_GROUPS[name] if name else MAY_BIND_TITLE].append(full)
    return tuple((title, tuple(found)) for title, found in groups.items() if found)
