"""Findings over several answers: sums that do not come out, and answers that disagree (sectors.md 1.7).

A hidden, missing or "don't know" input computes nothing: a check never accuses anybody of what was not said.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from assess.engine.bank import Check, Edition
from assess.engine.conditions import HIDDEN, TRUE, Blank, Judge, compiled, looks_at
from assess.engine.marks import exact, is_unknown
from assess.engine.result import Finding
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


@dataclass(frozen=True, slots=True)
class _Ready:
    check: Check
    when: Judge | None
    unless: Judge | None
    needs: tuple[str, ...]


_READY: WeakKeyDictionary[Edition, tuple[_Ready, ...]] = WeakKeyDictionary()


def findings(edition: Edition, found: Found, settings: ScoringSettings, today: date | None) -> Iterator[Finding]:
    """The checks that fire, in the order of the edition.

    Without `today` only a missing date counts as an old look at the register.
    """
    for ready in _ready_of(edition):
        numbers = _fires(ready, found, settings, today)
        if numbers is not None:
            check = ready.check
            yield Finding(check.id, check.sign, check.ilo[0] if check.ilo else None, numbers)


def _ready_of(edition: Edition) -> tuple[_Ready, ...]:
    kept = _READY.get(edition)
    if kept is None:
        # a check that is not listed is the sign of its own question and is counted there
        kept = _READY[edition] = tuple(_ready(check) for check in edition.checks if check.listed)
    return kept


def _ready(check: Check) -> _Ready:
    inputs = [name for key, name in check.inputs.items() if key not in _COLUMNS.get(check.rule, ())]
    return _Ready(
        check=check,
        when=compiled(check.when) if check.when else None,
        unless=compiled(check.unless) if check.unless else None,
        needs=(*(looks_at(check.when) if check.when else ()), *inputs),
    )


def _fires(ready: _Ready, found: Found, settings: ScoringSettings, today: date | None) -> Numbers | None:
    for name in ready.needs:
        value = found.get(name, HIDDEN)
        if isinstance(value, Blank) or is_unknown(value):
            return None
    if ready.when and ready.when(found.__getitem__) is not TRUE:
        return None
    if ready.unless and ready.unless(found.__getitem__) is TRUE:
        return None
    check = ready.check
    if check.rule is None:
        return {}
    if check.rule in _SUMS:
        given = {
            key: float(value) for key, name in check.inputs.items() if isinstance(value := found[name], (int, float))
        }
        return _bounded(_SUMS[check.rule](given, settings)) if len(given) == len(check.inputs) else None
    return _bounded(_TABLES[check.rule](_rows(found[check.inputs["table"]]), check.inputs, today))


def _bounded(numbers: Numbers | None) -> Numbers | None:
    """A sum of absurd answers may have no end; JSON has no word for that, so it is written as the largest number there is."""
    return None if numbers is None else {name: min(value, LARGEST) for name, value in numbers.items()}


def _price_below_labour_cost(given: Numbers, settings: ScoringSettings) -> Numbers | None:
    hours = given["team"] * given["minutes"] / 60
    cost = exact(given["team"]) * exact(given["minutes"]) * exact(settings.wage) * exact(settings.oncost)
    if exact(given["price"]) * 60 >= cost:
        return None
    return {**given, "cost": hours * settings.wage * settings.oncost}


def _daily_rate_below_wage(given: Numbers, settings: ScoringSettings) -> Numbers | None:
    hours = given["hours"]
    if hours <= 0 or exact(given["daily"]) >= exact(hours) * exact(settings.wage):
        return None
    return {**given, "hourly": given["daily"] / hours}


def _charge_above_offset(given: Numbers, settings: ScoringSettings) -> Numbers | None:
    return {**given, "offset": settings.offset_day} if given["charge"] > settings.offset_day else None


_SUMS: Mapping[str, Callable[[Numbers, ScoringSettings], Numbers | None]] = {
    "price_below_labour_cost": _price_below_labour_cost,
    "daily_rate_below_wage": _daily_rate_below_wage,
    CHARGE_ABOVE_OFFSET: _charge_above_offset,
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

RULES = (*_SUMS, "labour_provider_rate", *_TABLES)
"""Every rule a check may name; the rate's is counted by its own question."""
