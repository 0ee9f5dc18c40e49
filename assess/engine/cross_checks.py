"""Computes the checks of an edition: findings over several answers, such as sums that fall short. A missing or "don't know" input never makes a check fire."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from assess.engine.bank import Check, Edition, kept_by_edition
from assess.engine.conditions import (
    FALSE,
    HIDDEN,
    NOT_ASKED,
    TRUE,
    UNANSWERED,
    CompiledCondition,
    Lookup,
    NoValue,
    compile_condition,
    condition_subjects,
)
from assess.engine.points import is_dont_know, to_decimal
from assess.engine.result import FiredCheck, WorkedSum
from assess.engine.settings import ScoringSettings
from assess.engine.visibility import SettledAnswers

Numbers = Mapping[str, float]

LARGEST_NUMBER = sys.float_info.max

MAX_PEOPLE_PER_BEDROOM = 2
"""More people than this to a bedroom is a note."""
LICENCE_MONTHS = 3
"""A check of the register that is older than this is old."""

CHARGE_ABOVE_OFFSET = "charge_above_offset"
"""The one rule that is the sign of a question: the housing charge's."""

CROWDING = "crowding"

UNPAID_BREAK = "break"
"""The input of a day's pay that may be missing: minutes of it that are an unpaid break."""


@dataclass(frozen=True, slots=True)
class _CompiledCheck:
    check: Check
    when: CompiledCondition | None
    unless: CompiledCondition | None
    needs: tuple[str, ...]
    """The questions it cannot do without: those of its condition and its inputs, an unpaid break apart."""
    numbers: tuple[str, ...]
    """Its inputs that must be numbers, by the name the sum gives them."""


class JudgedChecks(NamedTuple):
    """The checks that fired, those that could fire if they were told what is missing (by id), and the sums that could be worked out."""

    fired: tuple[FiredCheck, ...]
    unknown: tuple[str, ...]
    sums: tuple[WorkedSum, ...]


def judge_checks(
    edition: Edition, settled: SettledAnswers, settings: ScoringSettings, today: date | None
) -> JudgedChecks:
    """In the order of the edition. Without `today` only a missing date counts as an old check of the register.

    Unknown is a check with a sign, all of whose questions are shown (docs/rules.md 3.4).
    """
    fired, unknown, sums = [], [], []
    for ready in _compiled_checks(edition):
        check = ready.check
        values = [settled.get(name, HIDDEN) for name in ready.needs]
        given = _sum_inputs(ready, settled)
        worked = None if given is None else _SUMS[check.rule or ""](given, settings)
        if any(map(_is_missing, values)):
            # a check that is not listed is the sign of its own question and is counted there
            if check.sign and check.listed and _are_shown(values) and _could_fire(ready, settled, worked):
                unknown.append(check.id)
            continue
        holds = _conditions_hold(ready, settled.__getitem__)
        numbers: Numbers | None = None
        if given is not None:
            if worked is None:  # what was told makes no sum
                if check.sign and check.listed and _could_fire(ready, settled, None):
                    unknown.append(check.id)
                continue
            fails = worked.fails and holds
            value, limit = min(worked.value, LARGEST_NUMBER), min(worked.limit, LARGEST_NUMBER)
            sums.append(WorkedSum(check.id, given, value, limit, fails))
            numbers = {**given, **worked.numbers} if fails else None
        elif holds and not ready.numbers:
            table = check.inputs.get("table")
            rule = _TABLE_RULES.get(check.rule or "")
            numbers = rule(_rows(settled[table or ""]), check.inputs, today) if rule else {}
        if numbers is not None and check.listed:
            fired.append(FiredCheck(check.id, check.sign, check.ilo[0] if check.ilo else None, _bounded(numbers)))
    return JudgedChecks(tuple(fired), tuple(unknown), tuple(sums))


def _is_missing(value: object) -> bool:
    return value.__class__ is NoValue or is_dont_know(value)


def _are_shown(values: Iterable[object]) -> bool:
    return all(value is UNANSWERED or not isinstance(value, NoValue) for value in values)


def _could_fire(ready: _CompiledCheck, settled: SettledAnswers, worked: _SumFigures | None) -> bool:
    """`worked` is the sum of what was told, None where it makes none yet."""

    def lookup(name: str) -> object:
        value = settled[name]
        return UNANSWERED if is_dont_know(value) else value

    if (ready.when and ready.when(lookup) in {FALSE, NOT_ASKED}) or (ready.unless and ready.unless(lookup) is TRUE):
        return False
    return worked is None or worked.fails


def _conditions_hold(ready: _CompiledCheck, lookup: Lookup) -> bool:
    if ready.when and ready.when(lookup) is not TRUE:
        return False
    return not (ready.unless and ready.unless(lookup) is TRUE)


def _sum_inputs(ready: _CompiledCheck, settled: SettledAnswers) -> dict[str, float] | None:
    """None without a sum, or where one is no number. An unpaid break that nobody knows counts as none."""
    if not ready.numbers:
        return None
    given: dict[str, float] = {}
    for key in ready.numbers:
        value = settled.get(ready.check.inputs[key], HIDDEN)
        if isinstance(value, (int, float)):
            given[key] = float(value)
        elif key != UNPAID_BREAK:
            return None
    return given


@kept_by_edition
def _compiled_checks(edition: Edition) -> tuple[_CompiledCheck, ...]:
    return tuple(_compile_check(check) for check in edition.checks)


def _compile_check(check: Check) -> _CompiledCheck:
    inputs = [
        name
        for key, name in check.inputs.items()
        if key not in _COLUMN_INPUTS.get(check.rule, ()) and key != UNPAID_BREAK
    ]
    return _CompiledCheck(
        check=check,
        when=compile_condition(check.when) if check.when else None,
        unless=compile_condition(check.unless) if check.unless else None,
        needs=(*(condition_subjects(check.when) if check.when else ()), *inputs),
        numbers=tuple(check.inputs) if check.rule in _SUMS else (),
    )


def _bounded(numbers: Numbers) -> Numbers:
    # a sum of absurd answers may be infinite; JSON has no word for that
    return {name: min(value, LARGEST_NUMBER) for name, value in numbers.items()}


class _SumFigures(NamedTuple):
    """A sum: what there is, what it must be held against, whether it falls short, and the figure it made. None is made of nobody, no minutes, or a day that is all break."""

    value: float
    limit: float
    fails: bool
    numbers: Numbers


def _price_below_labour_cost(given: Numbers, settings: ScoringSettings) -> _SumFigures | None:
    """The wages in one wash."""
    # nobody, or no time, is no sum: the check is then unknown, and must not look like one that is fine
    if not given["team"] or not given["minutes"]:
        return None
    cost = given["team"] * given["minutes"] / 60 * settings.wage * settings.oncost
    # compared in decimals, as the numbers were written: a price of exactly the cost must not fail by binary fractions
    legal = (
        to_decimal(given["team"])
        * to_decimal(given["minutes"])
        * to_decimal(settings.wage)
        * to_decimal(settings.oncost)
    )
    return _SumFigures(given["price"], cost, to_decimal(given["price"]) * 60 < legal, {"cost": cost})


def _daily_rate_below_wage(given: Numbers, settings: ScoringSettings) -> _SumFigures | None:
    """The pay of an hour worked: unpaid breaks are no work."""
    hours = to_decimal(given["hours"]) - to_decimal(given.get(UNPAID_BREAK, 0.0)) / 60
    if float(hours) <= 0:  # so little may be left that a float has no number for it
        return None
    hourly = given["daily"] / float(hours)
    return _SumFigures(
        hourly, settings.wage, to_decimal(given["daily"]) < hours * to_decimal(settings.wage), {"hourly": hourly}
    )


def _charge_above_offset(given: Numbers, settings: ScoringSettings) -> _SumFigures:
    charge, offset = given["charge"], settings.offset_day
    return _SumFigures(charge, offset, charge > offset, {"offset": offset})


def _rate_below_legal_cost(given: Numbers, settings: ScoringSettings) -> _SumFigures:
    rate, limit = given["rate"], settings.wage * settings.labour_provider_low
    fails = to_decimal(rate) < to_decimal(settings.wage) * to_decimal(settings.labour_provider_low)
    return _SumFigures(rate, limit, fails, {"limit": limit})


_SUMS: Mapping[str, Callable[[Numbers, ScoringSettings], _SumFigures | None]] = {
    "price_below_labour_cost": _price_below_labour_cost,
    "daily_rate_below_wage": _daily_rate_below_wage,
    CHARGE_ABOVE_OFFSET: _charge_above_offset,
    "labour_provider_rate": _rate_below_legal_cost,
}

TableRow = Mapping[str, object]


def _rows(value: object) -> list[TableRow]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _crowding(rows: Iterable[TableRow], inputs: Mapping[str, str], today: date | None) -> Numbers | None:
    """People to a bedroom, in the fullest place. A row without a bedroom computes nothing."""
    del today
    shares = [
        _number(row.get(inputs["people"])) / bedrooms
        for row in rows
        if (bedrooms := _number(row.get(inputs["bedrooms"])))
    ]
    most = max(shares, default=0.0)
    return {"people_per_bedroom": most} if most > MAX_PEOPLE_PER_BEDROOM else None


def _old_licence_check(rows: Iterable[TableRow], inputs: Mapping[str, str], today: date | None) -> Numbers | None:
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


_TABLE_RULES: Mapping[str, Callable[[Iterable[TableRow], Mapping[str, str], date | None], Numbers | None]] = {
    CROWDING: _crowding,
    "old_licence_check": _old_licence_check,
}
_COLUMN_INPUTS: Mapping[str | None, tuple[str, ...]] = {
    CROWDING: ("people", "bedrooms"),
    "old_licence_check": ("date",),
}
"""Inputs that name a column of the table, not a question."""

SUM_ORDER: Mapping[str, int] = {
    "daily_rate_below_wage": 0,
    "price_below_labour_cost": 1,
    CHARGE_ABOVE_OFFSET: 2,
    "labour_provider_rate": 3,
}
"""Which of several failing sums comes first: what a worker gets before what a price pays (docs/rules.md 3.5)."""

HARM_BY_RULE: Mapping[str, int] = {**dict.fromkeys(SUM_ORDER, 2), CROWDING: 3, "old_licence_check": 4}
"""How grave what a rule finds is, 1 to 6, unless its check says otherwise (docs/rules.md 3.5)."""

CHECK_RULES = (*_SUMS, *_TABLE_RULES)
"""Every rule a check may name; the rate's is counted by its own question."""
