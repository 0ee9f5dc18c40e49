"""The condition tree and its four verdicts: one language for questions, checks, duties and facts."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Literal, assert_never

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


class Verdict(Enum):
    """What is known of a condition. `NOT_ASKED`: its question is settled as hidden."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question or fact, one test. `is` on a list means: exactly these, in any order."""

    subject: str
    test: Test
    value: Operand


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when one part is."""

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


Condition = Leaf | All | Any | Not | AtLeastOf | Asked | Term | Applies | Always


class Blank(Enum):
    """Why a lookup finds no value: asked but not answered (or a fact not given), may still be asked, or never asked."""

    UNANSWERED = "unanswered"
    PENDING = "pending"
    HIDDEN = "hidden"


Lookup = Callable[[str], object]
"""Subject to its answer or fact, or to a `Blank`. It must know every subject of the condition."""

Judge = Callable[[Lookup], Verdict]
"""A condition made ready to be judged many times."""

_NO_TERMS: Mapping[str, Condition] = MappingProxyType({})
_NO_DUTIES: Mapping[str, Verdict] = MappingProxyType({})


def judge(
    condition: Condition,
    lookup: Lookup,
    terms: Mapping[str, Condition] = _NO_TERMS,
    applied: Mapping[str, Verdict] = _NO_DUTIES,
) -> Verdict:
    """What is known of a condition (rules: engine.md 4.3).

    `terms` are the shorthands it may use, `applied` the verdicts of earlier duties; a name that is in neither is a KeyError.
    """
    return compiled(condition, terms, applied)(lookup)


def compiled(
    condition: Condition,
    terms: Mapping[str, Condition] = _NO_TERMS,
    applied: Mapping[str, Verdict] = _NO_DUTIES,
) -> Judge:
    """The condition as one function of a lookup, for those who judge it often."""
    match condition:
        case Leaf() | Asked() | Always():
            return _plain(condition)
        case All(parts) | Any(parts) | AtLeastOf(_, parts):
            return _several(condition, [compiled(part, terms, applied) for part in parts])
        case Not(part):
            return _not(compiled(part, terms, applied))
        case Term(name):
            return compiled(terms[name], terms, applied)
        case Applies(duty):
            verdict = applied[duty]
            return lambda _: verdict
        case _:
            assert_never(condition)


def _plain(condition: Leaf | Asked | Always) -> Judge:
    if isinstance(condition, Always):
        return lambda _: Verdict.TRUE
    return _leaf(condition) if isinstance(condition, Leaf) else _asked(condition.question)


def _several(condition: All | Any | AtLeastOf, parts: Sequence[Judge]) -> Judge:
    if isinstance(condition, AtLeastOf):
        return _at_least_of(condition.n, parts)
    return _all(parts) if isinstance(condition, All) else _any(parts)


def looks_at(condition: Condition) -> Iterator[str]:
    """The questions or facts a condition names itself, in order, repeats included; terms and duties are not opened."""
    match condition:
        case Leaf(subject):
            yield subject
        case Asked(question):
            yield question
        case All(parts) | Any(parts) | AtLeastOf(_, parts):
            for part in parts:
                yield from looks_at(part)
        case Not(part):
            yield from looks_at(part)
        case _:
            return


def passes(test: Test, value: object, operand: Operand) -> bool:
    """Whether a value passes a test. "Don't know", or a value of another kind, passes no comparison."""
    return _TESTS[test](value, operand)


_BLANK_LEAF = {
    Blank.UNANSWERED: Verdict.UNKNOWN,
    Blank.PENDING: Verdict.UNKNOWN,
    Blank.HIDDEN: Verdict.NOT_ASKED,
}


def _leaf(leaf: Leaf) -> Judge:
    subject, test, operand = leaf.subject, _TESTS[leaf.test], leaf.value

    def judged(lookup: Lookup) -> Verdict:
        value = lookup(subject)
        if isinstance(value, Blank):
            return _BLANK_LEAF[value]
        return Verdict.TRUE if test(value, operand) else Verdict.FALSE

    return judged


_BLANK_ASKED = {Blank.UNANSWERED: Verdict.TRUE, Blank.PENDING: Verdict.UNKNOWN, Blank.HIDDEN: Verdict.FALSE}


def _asked(question: str) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        value = lookup(question)
        return _BLANK_ASKED[value] if isinstance(value, Blank) else Verdict.TRUE

    return judged


def _all(parts: Sequence[Judge]) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        return next((verdict for verdict in _ALL_ORDER if verdict in found), Verdict.TRUE)

    return judged


def _any(parts: Sequence[Judge]) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        return next((verdict for verdict in _ANY_ORDER if verdict in found), Verdict.NOT_ASKED)

    return judged


_ALL_ORDER = (Verdict.FALSE, Verdict.NOT_ASKED, Verdict.UNKNOWN)
_ANY_ORDER = (Verdict.TRUE, Verdict.UNKNOWN, Verdict.FALSE)
_SWAPPED = {
    Verdict.TRUE: Verdict.FALSE,
    Verdict.FALSE: Verdict.TRUE,
    Verdict.UNKNOWN: Verdict.UNKNOWN,
    Verdict.NOT_ASKED: Verdict.NOT_ASKED,
}


def _not(part: Judge) -> Judge:
    return lambda lookup: _SWAPPED[part(lookup)]


def _at_least_of(n: int, parts: Sequence[Judge]) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        sure = found.count(Verdict.TRUE)
        if sure >= n:
            return Verdict.TRUE
        if found.count(Verdict.NOT_ASKED) == len(found):
            return Verdict.NOT_ASKED
        return Verdict.UNKNOWN if sure + found.count(Verdict.UNKNOWN) >= n else Verdict.FALSE

    return judged


def _same(value: object, operand: object) -> bool:
    """Equal and of one kind: yes_no facts hold true and false, which Python counts as 1 and 0."""
    return value == operand and isinstance(value, bool) == isinstance(operand, bool)


def _is(value: object, operand: Operand) -> bool:
    wanted = operand if isinstance(operand, tuple) else (operand,)
    if isinstance(value, list):
        return len(value) == len(wanted) and all(one in value for one in wanted)
    return len(wanted) == 1 and _same(value, wanted[0])


def _is_one_of(value: object, operand: Operand) -> bool:
    return any(_is(value, one) for one in operand) if isinstance(operand, tuple) else _is(value, operand)


def _includes(value: object, operand: Operand) -> bool:
    return operand in value if isinstance(value, list) else _same(value, operand)


def _includes_any(value: object, operand: Operand) -> bool:
    return any(_includes(value, one) for one in operand) if isinstance(operand, tuple) else _includes(value, operand)


def _number(compare: Callable[[float, float], bool]) -> Callable[[object, Operand], bool]:
    def compared(value: object, operand: Operand) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return isinstance(operand, (int, float)) and compare(value, operand)

    return compared


def _date(compare: Callable[[str, str], bool]) -> Callable[[object, Operand], bool]:
    """ISO dates stand in the order of their letters; "dk" is no date."""

    def compared(value: object, operand: Operand) -> bool:
        return isinstance(value, str) and value[:1].isdigit() and isinstance(operand, str) and compare(value, operand)

    return compared


_TESTS: Mapping[Test, Callable[[object, Operand], bool]] = {
    "is": _is,
    "is_one_of": _is_one_of,
    "includes": _includes,
    "includes_any": _includes_any,
    "at_least": _number(operator.ge),
    "at_most": _number(operator.le),
    "more_than": _number(operator.gt),
    "less_than": _number(operator.lt),
    "before": _date(operator.lt),
    "after": _date(operator.gt),
}
