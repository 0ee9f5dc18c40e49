"""The condition language of questions, checks, duties and facts: its tree, its comparisons and its four verdicts. compile_condition() turns a tree into a function."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal, TypeVar, assert_never


class Verdict(Enum):
    """What is known of a condition. `NOT_ASKED`: its question is settled as hidden."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


# looking a member up in its class costs more than all the rest of a comparison, and these are compared most of all
TRUE: Final = Verdict.TRUE
FALSE: Final = Verdict.FALSE
UNKNOWN: Final = Verdict.UNKNOWN
NOT_ASKED: Final = Verdict.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question or fact, one test. `is` on a list means: exactly these, in any order."""

    subject: str
    test: Comparison
    value: Operand


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Swaps true and false, leaves the rest alone."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AtLeastOf:
    """True once `n` parts are true; false once they no longer can be."""

    n: int
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """True when the question was shown."""

    question: str


@dataclass(frozen=True, slots=True)
class Term:
    """A shorthand defined once beside the duties."""

    name: str


@dataclass(frozen=True, slots=True)
class Applies:
    """True when an earlier duty applies."""

    duty: str


@dataclass(frozen=True, slots=True)
class Always:
    """True for everybody."""


Condition = Leaf | AllOf | AnyOf | Not | AtLeastOf | Asked | Term | Applies | Always


class NoValue(Enum):
    """Why a lookup finds no value: asked but not answered (or a fact not given), may still be asked, or never asked."""

    UNANSWERED = "unanswered"
    PENDING = "pending"
    HIDDEN = "hidden"

    __hash__ = object.__hash__  # an enum's own hashes its name in Python, and tables are asked for these most of all


UNANSWERED: Final = NoValue.UNANSWERED
PENDING: Final = NoValue.PENDING
HIDDEN: Final = NoValue.HIDDEN

Lookup = Callable[[str], object]
"""Subject to its answer or fact, or to a `NoValue`. It must know every subject of the condition."""

CompiledCondition = Callable[[Lookup], Verdict]

_NO_TERMS: Mapping[str, Condition] = MappingProxyType({})
_NO_DUTIES: Mapping[str, Verdict] = MappingProxyType({})


def judge(
    condition: Condition,
    lookup: Lookup,
    terms: Mapping[str, Condition] = _NO_TERMS,
    applied: Mapping[str, Verdict] = _NO_DUTIES,
) -> Verdict:
    """What is known of a condition (rules: docs/rules.md 2.2).

    `terms` are the shorthands it may use, `applied` the verdicts of earlier duties; a name that is in neither is a KeyError.
    """
    return compile_condition(condition, terms, applied)(lookup)


def compile_condition(
    condition: Condition, terms: Mapping[str, Condition] = _NO_TERMS, applied: Mapping[str, Verdict] = _NO_DUTIES
) -> CompiledCondition:
    """The condition as one function of a lookup, for those who judge it often."""
    match condition:
        case Leaf():
            return compile_leaf(condition, _BLANK_VERDICTS, TRUE, FALSE)
        case Asked(question):
            return _asked(question)
        case Always():
            return lambda _: TRUE
        case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
            inside = [compile_condition(part, terms, applied) for part in parts]
            if isinstance(condition, AtLeastOf):
                return _at_least_of(condition.n, inside)
            return _all(inside) if isinstance(condition, AllOf) else _any(inside)
        case Not(part):
            turned = compile_condition(part, terms, applied)
            return lambda lookup: _SWAPPED[turned(lookup)]
        case Term(name):
            return compile_condition(terms[name], terms, applied)
        case Applies(duty):
            verdict = applied[duty]
            return lambda _: verdict
        case _:
            assert_never(condition)


def innermost_conditions(condition: Condition) -> Iterator[Condition]:
    """The parts of a condition that hold no other one, in order; terms and duties are not opened."""
    match condition:
        case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
            for part in parts:
                yield from innermost_conditions(part)
        case Not(part):
            yield from innermost_conditions(part)
        case _:
            yield condition


def condition_leaves(condition: Condition) -> list[Leaf]:
    return [part for part in innermost_conditions(condition) if isinstance(part, Leaf)]


def condition_subjects(condition: Condition) -> Iterator[str]:
    """The questions or facts a condition names itself, in order, repeats included."""
    for part in innermost_conditions(condition):
        if isinstance(part, (Leaf, Asked)):
            yield part.subject if isinstance(part, Leaf) else part.question


_OPTION_TESTS = frozenset({"is", "is_one_of", "includes", "includes_any"})
T = TypeVar("T")


def compile_leaf(leaf: Leaf, blanks: Mapping[object, T], true: T, false: T) -> Callable[[Lookup], T]:
    """The test as a function of a lookup; `blanks` says what comes of no value."""
    subject, passes = leaf.subject, value_test(leaf.test, leaf.value)
    # most conditions look at one chosen option: it is found in a table, as is the reason why there is no value
    known: dict[object, T] = {**blanks, **dict.fromkeys(filter(passes, _as_tuple(leaf.value)), true)}
    find, in_table = known.get, frozenset({NoValue, str} if leaf.test in _OPTION_TESTS else {NoValue})

    def judged(lookup: Lookup) -> T:
        value = lookup(subject)
        if value.__class__ in in_table:
            return find(value, false)
        return true if passes(value) else false

    return judged


_BLANK_VERDICTS: Mapping[object, Verdict] = {UNANSWERED: UNKNOWN, PENDING: UNKNOWN, HIDDEN: NOT_ASKED}


def _asked(question: str) -> CompiledCondition:
    def judged(lookup: Lookup) -> Verdict:
        value = lookup(question)
        if value is PENDING:
            return UNKNOWN
        return FALSE if value is HIDDEN else TRUE

    return judged


def _all(parts: Sequence[CompiledCondition]) -> CompiledCondition:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        if FALSE in found:
            return FALSE
        if NOT_ASKED in found:
            return NOT_ASKED
        return UNKNOWN if UNKNOWN in found else TRUE

    return judged


def _any(parts: Sequence[CompiledCondition]) -> CompiledCondition:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        if TRUE in found:
            return TRUE
        if UNKNOWN in found:
            return UNKNOWN
        return FALSE if FALSE in found else NOT_ASKED

    return judged


_SWAPPED = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN, NOT_ASKED: NOT_ASKED}


def _at_least_of(n: int, parts: Sequence[CompiledCondition]) -> CompiledCondition:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        sure = found.count(TRUE)
        if sure >= n:
            return TRUE
        if found.count(NOT_ASKED) == len(found):
            return NOT_ASKED
        return UNKNOWN if sure + found.count(UNKNOWN) >= n else FALSE

    return judged


Comparison = Literal[
    "is", "is_one_of", "includes", "includes_any", "at_least", "at_most", "more_than", "less_than", "before", "after"
]
Operand = str | float | int | bool | tuple[str, ...]

ValueTest = Callable[[object], bool]


def value_test(test: Comparison, operand: Operand) -> ValueTest:
    """The test against this operand. "Don't know", or a value of another kind, passes no comparison."""
    return _VALUE_TESTS[test](operand)


def _equal_and_same_type(value: object, operand: object) -> bool:
    """Equal and of one kind: yes_no facts hold true and false, which Python counts as 1 and 0."""
    return value == operand and isinstance(value, bool) == isinstance(operand, bool)


def _as_tuple(operand: Operand) -> tuple[object, ...]:
    return operand if isinstance(operand, tuple) else (operand,)


def _is(operand: Operand) -> ValueTest:
    wanted = _as_tuple(operand)
    alone = wanted[0] if len(wanted) == 1 else None

    def passes(value: object) -> bool:
        if isinstance(value, list):
            return len(value) == len(wanted) and all(one in value for one in wanted)
        return _equal_and_same_type(value, alone)

    return passes


def _is_one_of(operand: Operand) -> ValueTest:
    wanted = _as_tuple(operand)

    def passes(value: object) -> bool:
        if isinstance(value, list):
            return len(value) == 1 and value[0] in wanted
        return any(_equal_and_same_type(value, one) for one in wanted)

    return passes


def _includes_any(operand: Operand) -> ValueTest:
    wanted = _as_tuple(operand)

    def passes(value: object) -> bool:
        if not isinstance(value, list):
            return value in wanted
        for one in value:  # noqa: SIM110  # a plain loop: this runs for every condition of every page
            if one in wanted:
                return True
        return False

    return passes


def _number(compare: Callable[[float, float], bool]) -> Callable[[Operand], ValueTest]:
    def tested(operand: Operand) -> ValueTest:
        def passes(value: object) -> bool:
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return False
            return isinstance(operand, (int, float)) and compare(value, operand)

        return passes

    return tested


def _date(compare: Callable[[str, str], bool]) -> Callable[[Operand], ValueTest]:
    """ISO dates stand in the order of their letters; "dk" is no date."""

    def tested(operand: Operand) -> ValueTest:
        def passes(value: object) -> bool:
            is_date = isinstance(value, str) and value[:1].isdigit()
            return is_date and isinstance(operand, str) and compare(str(value), operand)

        return passes

    return tested


_VALUE_TESTS: Mapping[Comparison, Callable[[Operand], ValueTest]] = {
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
