"""Findings over several answers: sums that do not come out, and answers that disagree (sectors.md 1.7).

A hidden, missing or "don't know" input computes nothing: a check never accuses anybody of what was not said. Where it could still
raise a sign, that sign is unknown. Sums are told whether they fail or not, with their figures.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from weakref import WeakKeyDictionary

from assess.engine.bank import Check, Edition
from assess.engine.conditions import (
    FALSE,
    HIDDEN,
    NOT_ASKED,
    TRUE,
    UNANSWERED,
    Blank,
    Judge,
    Lookup,
    compiled,
    looks_at,
)
from assess.engine.marks import exact, is_unknown
from assess.engine.result import Finding, Sum
from assess.engine.settings import ScoringSettings
from assess.engine.visibility import Found

Numbers = Mapping[str, float]

LARGEST = sys.float_info.max

CROWDED = 2
"""More people than this to a bedroom is a note."""
LICENCE_MONTHS = 3
"""A look at the register that is older than this is old."""

CHARGE_ABOVE_OFFSET = "charge_above_offset"
"""The one rule that is the sign of a question: the housing charge's."""

BREAK = "break"
"""The input of a day's pay that may be missing: minutes of it that are an unpaid break."""


@dataclass(frozen=True, slots=True)
class _Ready:
    check: Check
    when: Judge | None
    unless: Judge | None
    needs: tuple[str, ...]
    """The questions it cannot do without: those of its condition and its inputs, an unpaid break apart."""
    numbers: tuple[str, ...]
    """Its inputs that must be numbers, by the name the sum gives them."""


_READY: WeakKeyDictionary[Edition, tuple[_Ready, ...]] = WeakKeyDictionary()


def findings(edition: Edition, found: Found, settings: ScoringSettings, today: date | None) -> Iterator[Finding]:
    """The checks that fire, in the order of the edition.

    Without `today` only a missing date counts as an old look at the register.
    """
    for ready in _ready_of(edition):
        numbers = _fires(ready, found, settings, today)
        check = ready.check
        # a check that is not listed is the sign of its own question and is counted there
        if numbers is not None and check.listed:
            yield Finding(check.id, check.sign, check.ilo[0] if check.ilo else None, numbers)


def unknown_checks(edition: Edition, found: Found, settings: ScoringSettings) -> Iterator[str]:
    """The checks with a sign, all of whose questions are shown, that could fire if they were told what is missing (decisions.md 9.12.16)."""
    for ready in _ready_of(edition):
        check = ready.check
        if check.sign is None or not check.listed:
            continue
        values = [found.get(name, HIDDEN) for name in ready.needs]
        if any(value is not UNANSWERED and isinstance(value, Blank) for value in values):
            continue
        if _lacks(ready, found, settings) and _could_fire(ready, found, settings):
            yield check.id


def sums(edition: Edition, found: Found, settings: ScoringSettings) -> Iterator[Sum]:
    """Each sum whose inputs are known, with its figures."""
    for ready in _ready_of(edition):
        if any(_is_missing(found.get(name, HIDDEN)) for name in ready.needs):
            continue
        given = _given(ready, found)
        worked = None if given is None else _worked(ready, given, settings)
        if given and worked:
            fails = worked.fails and _holds(ready, found.__getitem__)
            yield Sum(ready.check.id, given, min(worked.value, LARGEST), min(worked.limit, LARGEST), fails)


def _is_missing(value: object) -> bool:
    return isinstance(value, Blank) or is_unknown(value)


def _lacks(ready: _Ready, found: Found, settings: ScoringSettings) -> bool:
    """Whether an input is missing or "don't know", or what was told makes no sum."""
    if any(_is_missing(found[name]) for name in ready.needs):
        return True
    given = _given(ready, found)
    return given is not None and _worked(ready, given, settings) is None


def _could_fire(ready: _Ready, found: Found, settings: ScoringSettings) -> bool:
    def lookup(name: str) -> object:
        value = found[name]
        return UNANSWERED if is_unknown(value) else value

    if ready.when and ready.when(lookup) in {FALSE, NOT_ASKED}:
        return False
    if ready.unless and ready.unless(lookup) is TRUE:
        return False
    given = _given(ready, found)
    worked = None if given is None else _worked(ready, given, settings)
    return worked is None or worked.fails


def _holds(ready: _Ready, lookup: Lookup) -> bool:
    """Whether the conditions let the check fire."""
    if ready.when and ready.when(lookup) is not TRUE:
        return False
    return not (ready.unless and ready.unless(lookup) is TRUE)


def _given(ready: _Ready, found: Found) -> dict[str, float] | None:
    """The numbers a sum rests on; None for a check without a sum, and where one is no number.

    An unpaid break that nobody knows counts as none.
    """
    if not ready.numbers:
        return None
    given: dict[str, float] = {}
    for key in ready.numbers:
        value = found.get(ready.check.inputs[key], HIDDEN)
        if isinstance(value, (int, float)):
            given[key] = float(value)
        elif key != BREAK:
            return None
    return given


def _worked(ready: _Ready, given: Numbers, settings: ScoringSettings) -> _Worked | None:
    """The sum of these numbers; None where they make none: nobody, no minutes, or a day that is all break."""
    return _SUMS[ready.check.rule or ""](given, settings)


def _ready_of(edition: Edition) -> tuple[_Ready, ...]:
    kept = _READY.get(edition)
    if kept is None:
        kept = _READY[edition] = tuple(_ready(check) for check in edition.checks)
    return kept


def _ready(check: Check) -> _Ready:
    inputs = [name for key, name in check.inputs.items() if key not in _COLUMNS.get(check.rule, ()) and key != BREAK]
    return _Ready(
        check=check,
        when=compiled(check.when) if check.when else None,
        unless=compiled(check.unless) if check.unless else None,
        needs=(*(looks_at(check.when) if check.when else ()), *inputs),
        numbers=tuple(check.inputs) if check.rule in _SUMS else (),
    )


def _fires(ready: _Ready, found: Found, settings: ScoringSettings, today: date | None) -> Numbers | None:
    if any(_is_missing(found.get(name, HIDDEN)) for name in ready.needs) or not _holds(ready, found.__getitem__):
        return None
    check = ready.check
    if check.rule is None:
        return {}
    if check.rule in _SUMS:
        given = _given(ready, found)
        worked = None if given is None else _worked(ready, given, settings)
        return _bounded({**given, **worked.told}) if given and worked and worked.fails else None
    return _bounded(_TABLES[check.rule](_rows(found[check.inputs["table"]]), check.inputs, today))


def _bounded(numbers: Numbers | None) -> Numbers | None:
    """A sum of absurd answers may have no end; JSON has no word for that, so it is written as the largest number there is."""
    return None if numbers is None else {name: min(value, LARGEST) for name, value in numbers.items()}


class _Worked(NamedTuple):
    """A sum: what there is, what it must be held against, whether it falls short, and the figure it made."""

    value: float
    limit: float
    fails: bool
    told: Numbers


def _price_below_labour_cost(given: Numbers, settings: ScoringSettings) -> _Worked | None:
    """The wages in one wash. Nobody, or no time, is no sum: the check is then unknown, and must not look like one that is fine."""
    if not given["team"] or not given["minutes"]:
        return None
    cost = given["team"] * given["minutes"] / 60 * settings.wage * settings.oncost
    legal = exact(given["team"]) * exact(given["minutes"]) * exact(settings.wage) * exact(settings.oncost)
    return _Worked(given["price"], cost, exact(given["price"]) * 60 < legal, {"cost": cost})


def _daily_rate_below_wage(given: Numbers, settings: ScoringSettings) -> _Worked | None:
    """The pay of an hour worked: unpaid breaks are no work."""
    hours = exact(given["hours"]) - exact(given.get(BREAK, 0.0)) / 60
    if hours <= 0:
        return None
    hourly = given["daily"] / float(hours)
    return _Worked(hourly, settings.wage, exact(given["daily"]) < hours * exact(settings.wage), {"hourly": hourly})


def _charge_above_offset(given: Numbers, settings: ScoringSettings) -> _Worked:
    charge, offset = given["charge"], settings.offset_day
    return _Worked(charge, offset, charge > offset, {"offset": offset})


def _rate_below_legal_cost(given: Numbers, settings: ScoringSettings) -> _Worked:
    rate, limit = given["rate"], settings.wage * settings.labour_provider_low
    fails = exact(rate) < exact(settings.wage) * exact(settings.labour_provider_low)
    return _Worked(rate, limit, fails, {"limit": limit})


_SUMS: Mapping[str, Callable[[Numbers, ScoringSettings], _Worked | None]] = {
    "price_below_labour_cost": _price_below_labour_cost,
    "daily_rate_below_wage": _daily_rate_below_wage,
    CHARGE_ABOVE_OFFSET: _charge_above_offset,
    "labour_provider_rate": _rate_below_legal_cost,
}

Row = Mapping[str, object]


def _rows(value: object) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _crowding(rows: Iterable[Row], inputs: Mapping[str, str], today: date | None) -> Numbers | None:
    """People to a bedroom, in the fullest place. A row without a bedroom computes nothing."""
    del today
    shares = [
        _number(row.get(inputs["people"])) / bedrooms
        for row in rows
        if (bedrooms := _number(row.get(inputs["bedrooms"])))
    ]
    most = max(shares, default=0.0)
    return {"people_per_bedroom": most} if most > CROWDED else None


def _old_licence_check(rows: Iterable[Row], inputs: Mapping[str, str], today: date | None) -> Numbers | None:
    old = sum(_is_old(row.get(inputs["date"]), today) for row in rows)
    return {"rows": old} if old else None


def _is_old(looked: object, today: date | None) -> bool:
    try:
        day = date.fromisoformat(str(looked))
    except ValueError:
        return True
    if today is None:
        return False
    months = (today.year - day.year) * 12 + today.month - day.month
    return months > LICENCE_MONTHS or (months == LICENCE_MONTHS and today.day > day.day)


_TABLES: Mapping[str, Callable[[Iterable[Row], Mapping[str, str], date | None], Numbers | None]] = {
    "crowding": _crowding,
    "old_licence_check": _old_licence_check,
}
_COLUMNS: Mapping[str | None, tuple[str, ...]] = {"crowding": ("people", "bedrooms"), "old_licence_check": ("date",)}
"""Inputs that name a column of the table, not a question."""

SUM_ORDER: Mapping[str, int] = {
    "daily_rate_below_wage": 0,
    "price_below_labour_cost": 1,
    CHARGE_ABOVE_OFFSET: 2,
    "labour_provider_rate": 3,
}
"""Which of several failing sums comes first: what a worker gets before what a price pays (decisions.md 9.12.11)."""

HARM_OF_RULES: Mapping[str, int] = {**dict.fromkeys(SUM_ORDER, 2), "crowding": 3, "old_licence_check": 4}
"""How grave what a rule finds is, 1 to 6, unless its check says otherwise (decisions.md 9.12.14)."""

RULES = (*_SUMS, *_TABLES)
"""Every rule a check may name; the rate's is counted by its own question."""
