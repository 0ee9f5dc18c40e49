"""The condition tree and its four verdicts: one language for questions, checks, duties and facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, assert_never

from assess.engine.leaf_tests import Operand, Test, tester

__all__ = [
    "FALSE",
    "HIDDEN",
    "NOT_ASKED",
    "PENDING",
    "TRUE",
    "UNANSWERED",
    "UNKNOWN",
    "All",
    "Always",
    "Any",
    "Applies",
    "Asked",
    "AtLeastOf",
    "Blank",
    "Condition",
    "Judge",
    "Leaf",
    "Lookup",
    "Not",
    "Operand",
    "Term",
    "Test",
    "Verdict",
    "compiled",
    "judge",
    "looks_at",
]


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


UNANSWERED: Final = Blank.UNANSWERED
PENDING: Final = Blank.PENDING
HIDDEN: Final = Blank.HIDDEN


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
        return lambda _: TRUE
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


def _leaf(leaf: Leaf) -> Judge:
    subject, passes = leaf.subject, tester(leaf.test, leaf.value)

    def judged(lookup: Lookup) -> Verdict:
        value = lookup(subject)
        if value is UNANSWERED or value is PENDING:
            return UNKNOWN
        if value is HIDDEN:
            return NOT_ASKED
        return TRUE if passes(value) else FALSE

    return judged


def _asked(question: str) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        value = lookup(question)
        if value is PENDING:
            return UNKNOWN
        return FALSE if value is HIDDEN else TRUE

    return judged


def _all(parts: Sequence[Judge]) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        if FALSE in found:
            return FALSE
        if NOT_ASKED in found:
            return NOT_ASKED
        return UNKNOWN if UNKNOWN in found else TRUE

    return judged


def _any(parts: Sequence[Judge]) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        if TRUE in found:
            return TRUE
        if UNKNOWN in found:
            return UNKNOWN
        return FALSE if FALSE in found else NOT_ASKED

    return judged


_SWAPPED = {
    TRUE: FALSE,
    FALSE: TRUE,
    UNKNOWN: UNKNOWN,
    NOT_ASKED: NOT_ASKED,
}


def _not(part: Judge) -> Judge:
    return lambda lookup: _SWAPPED[part(lookup)]


def _at_least_of(n: int, parts: Sequence[Judge]) -> Judge:
    def judged(lookup: Lookup) -> Verdict:
        found = [part(lookup) for part in parts]
        sure = found.count(TRUE)
        if sure >= n:
            return TRUE
        if found.count(NOT_ASKED) == len(found):
            return NOT_ASKED
        return UNKNOWN if sure + found.count(UNKNOWN) >= n else FALSE

    return judged
