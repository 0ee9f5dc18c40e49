"""The tests a condition may put to one answer or one fact."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Literal

Test = Literal[
    "is",
    "is_one_of",
    "includes",
    "includes_any",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "before",
    "after",
]
Operand = str | float | int | bool | tuple[str, ...]

Tester = Callable[[object], bool]
"""Whether a value passes one test."""


def tester(test: Test, operand: Operand) -> Tester:
    """The test against this operand. "Don't know", or a value of another kind, passes no comparison."""
    return _TESTERS[test](operand)


def _same(value: object, operand: object) -> bool:
    """Equal and of one kind: yes_no facts hold true and false, which Python counts as 1 and 0."""
    return value == operand and isinstance(value, bool) == isinstance(operand, bool)


def _words(operand: Operand) -> tuple[object, ...]:
    return operand if isinstance(operand, tuple) else (operand,)


def _is(operand: Operand) -> Tester:
    wanted = _words(operand)
    alone = wanted[0] if len(wanted) == 1 else None

    def passes(value: object) -> bool:
        if isinstance(value, list):
            return len(value) == len(wanted) and all(one in value for one in wanted)
        return _same(value, alone)

    return passes


def _is_one_of(operand: Operand) -> Tester:
    wanted = _words(operand)

    def passes(value: object) -> bool:
        if isinstance(value, list):
            return len(value) == 1 and value[0] in wanted
        return any(_same(value, one) for one in wanted)

    return passes


def _includes_any(operand: Operand) -> Tester:
    wanted = _words(operand)

    def passes(value: object) -> bool:
        if not isinstance(value, list):
            return value in wanted
        for one in value:  # noqa: SIM110  # a plain loop: this runs for every condition of every page
            if one in wanted:
                return True
        return False

    return passes


def _number(compare: Callable[[float, float], bool]) -> Callable[[Operand], Tester]:
    def tested(operand: Operand) -> Tester:
        def passes(value: object) -> bool:
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return False
            return isinstance(operand, (int, float)) and compare(value, operand)

        return passes

    return tested


def _date(compare: Callable[[str, str], bool]) -> Callable[[Operand], Tester]:
    """ISO dates stand in the order of their letters; "dk" is no date."""

    def tested(operand: Operand) -> Tester:
        def passes(value: object) -> bool:
            is_date = isinstance(value, str) and value[:1].isdigit()
            return is_date and isinstance(operand, str) and compare(str(value), operand)

        return passes

    return tested


_TESTERS: Mapping[Test, Callable[[Operand], Tester]] = {
    "is": _is,
    "is_one_of": _is_one_of,
    "includes": _includes_any,
    "includes_any": _includes_any,
    "at_least": _number(operator.ge),
    "at_most": _number(operator.le),
    "more_than": _number(operator.gt),
    "less_than": _number(operator.lt),
    "before": _date(operator.lt),
    "after": _date(operator.gt),
}
