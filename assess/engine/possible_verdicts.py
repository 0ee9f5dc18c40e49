"""Evaluates a condition to the set of verdicts it may still get, as bits. As answers come in, the set only shrinks; score_range uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    Asked,
    AtLeastOf,
    Condition,
    Leaf,
    Lookup,
    Not,
    NoValue,
    Term,
    compile_leaf,
)

TRUE, FALSE, NOT_ASKED = 1, 2, 4
"""Members of a set of verdicts, as bits."""

PossibleVerdicts = Callable[[Lookup], int]
"""A condition made ready to be judged to a set of verdicts."""


def possible_verdicts(condition: Condition) -> PossibleVerdicts:
    """The set of verdicts a condition may yet get, as a function of what is known."""
    match condition:
        case Leaf():
            return compile_leaf(condition, _BLANK_LEAF, TRUE, FALSE)
        case Asked(question):
            return _asked(question)
        case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
            return _several(condition, [possible_verdicts(part) for part in parts])
        case Not(part):
            turned = possible_verdicts(part)
            return lambda lookup: _SWAPPED[turned(lookup)]
        case Always() | Term() | Applies():
            # questions know neither terms nor duties (`check_edition` refuses them), and always is always
            return lambda _: TRUE
        case _:
            assert_never(condition)


_BLANK_LEAF: Mapping[object, int] = {
    NoValue.UNANSWERED: TRUE | FALSE,
    NoValue.PENDING: TRUE | FALSE | NOT_ASKED,
    NoValue.HIDDEN: NOT_ASKED,
}
_BLANK_ASKED = {NoValue.UNANSWERED: TRUE, NoValue.PENDING: TRUE | FALSE, NoValue.HIDDEN: FALSE}


def _asked(question: str) -> PossibleVerdicts:
    def judged(lookup: Lookup) -> int:
        value = lookup(question)
        return _BLANK_ASKED[value] if isinstance(value, NoValue) else TRUE

    return judged


def _several(condition: AllOf | AnyOf | AtLeastOf, parts: Sequence[PossibleVerdicts]) -> PossibleVerdicts:
    def judged(lookup: Lookup) -> int:
        sets = [part(lookup) for part in parts]
        if isinstance(condition, AtLeastOf):
            return _at_least_of(condition.n, sets)
        return _all(sets) if isinstance(condition, AllOf) else _any(sets)

    return judged


def _all(sets: Sequence[int]) -> int:
    verdicts = 0
    if all(one & TRUE for one in sets):
        verdicts |= TRUE
    if any(one & FALSE for one in sets):
        verdicts |= FALSE
    if any(one & NOT_ASKED for one in sets) and all(one & (TRUE | NOT_ASKED) for one in sets):
        verdicts |= NOT_ASKED
    return verdicts


def _any(sets: Sequence[int]) -> int:
    verdicts = 0
    if any(one & TRUE for one in sets):
        verdicts |= TRUE
    if any(one & FALSE for one in sets) and all(one & (FALSE | NOT_ASKED) for one in sets):
        verdicts |= FALSE
    if all(one & NOT_ASKED for one in sets):
        verdicts |= NOT_ASKED
    return verdicts


def _at_least_of(n: int, sets: Sequence[int]) -> int:
    sure = sum(one == TRUE for one in sets)
    verdicts = 0
    if sum(one & TRUE for one in sets) >= n:
        verdicts |= TRUE
    if all(one & NOT_ASKED for one in sets):
        verdicts |= NOT_ASKED
    # fewer than n true, and yet not every part "not asked": some part false, or true while n asks for more
    if sure < n and (any(one & FALSE for one in sets) or (n > 1 and any(one & TRUE for one in sets))):
        verdicts |= FALSE
    return verdicts


_SWAPPED = (0, 2, 1, 3, 4, 6, 5, 7)
"""The set with true and false swapped, by set."""
