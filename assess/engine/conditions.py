"""The condition tree and its four verdicts: one language for questions, checks, duties and facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
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
