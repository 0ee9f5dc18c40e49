"""Judging a condition to the set of verdicts it may yet get.

Four verdicts cannot follow what may still change: "not asked" of an `all` may turn into "false" when another part is
answered, and `not` makes "true" of it. Sets can: as answers come in, the set of a condition only ever shrinks. Parts count as
independent of each other, so a set may hold a verdict too many, never one too few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from assess.engine.conditions import (
    All,
    Always,
    Any,
    Applies,
    Asked,
    AtLeastOf,
    Blank,
    Condition,
    Leaf,
    Lookup,
    Not,
    Term,
)
from assess.engine.leaf_tests import tester

TRUE, FALSE, NOT_ASKED = 1, 2, 4
"""Members of a set of verdicts, as bits."""

Outlook = Callable[[Lookup], int]
"""A condition made ready to be judged to a set of verdicts."""


def outlook_of(condition: Condition) -> Outlook:
    """The set of verdicts a condition may yet get, as a function of what is known."""
    match condition:
        case Leaf() | Asked():
            return _leaf(condition) if isinstance(condition, Leaf) else _asked(condition.question)
        case All(parts) | Any(parts) | AtLeastOf(_, parts):
            return _several(condition, [outlook_of(part) for part in parts])
        case Not(part):
            return _not(outlook_of(part))
        case Always() | Term() | Applies():
            # questions know neither terms nor duties (the checker refuses them), and always is always
            return lambda _: TRUE
        case _:
            assert_never(condition)


_BLANK_LEAF = {
    Blank.UNANSWERED: TRUE | FALSE,
    Blank.PENDING: TRUE | FALSE | NOT_ASKED,
    Blank.HIDDEN: NOT_ASKED,
}
_BLANK_ASKED = {Blank.UNANSWERED: TRUE, Blank.PENDING: TRUE | FALSE, Blank.HIDDEN: FALSE}


def _leaf(leaf: Leaf) -> Outlook:
    passes = tester(leaf.test, leaf.value)

    def judged(lookup: Lookup) -> int:
        value = lookup(leaf.subject)
        if isinstance(value, Blank):
            return _BLANK_LEAF[value]
        return TRUE if passes(value) else FALSE

    return judged


def _asked(question: str) -> Outlook:
    def judged(lookup: Lookup) -> int:
        value = lookup(question)
        return _BLANK_ASKED[value] if isinstance(value, Blank) else TRUE

    return judged


def _several(condition: All | Any | AtLeastOf, parts: Sequence[Outlook]) -> Outlook:
    def judged(lookup: Lookup) -> int:
        sets = [part(lookup) for part in parts]
        if isinstance(condition, AtLeastOf):
            return _at_least_of(condition.n, sets)
        return _all(sets) if isinstance(condition, All) else _any(sets)

    return judged


def _all(sets: Sequence[int]) -> int:
    outlook = 0
    if all(one & TRUE for one in sets):
        outlook |= TRUE
    if any(one & FALSE for one in sets):
        outlook |= FALSE
    if any(one & NOT_ASKED for one in sets) and all(one & (TRUE | NOT_ASKED) for one in sets):
        outlook |= NOT_ASKED
    return outlook


def _any(sets: Sequence[int]) -> int:
    outlook = 0
    if any(one & TRUE for one in sets):
        outlook |= TRUE
    if any(one & FALSE for one in sets) and all(one & (FALSE | NOT_ASKED) for one in sets):
        outlook |= FALSE
    if all(one & NOT_ASKED for one in sets):
        outlook |= NOT_ASKED
    return outlook


def _at_least_of(n: int, sets: Sequence[int]) -> int:
    sure = sum(one == TRUE for one in sets)
    outlook = 0
    if sum(one & TRUE for one in sets) >= n:
        outlook |= TRUE
    if all(one & NOT_ASKED for one in sets):
        outlook |= NOT_ASKED
    # fewer than n true, and yet not every part "not asked": some part false, or true while n asks for more
    if sure < n and (any(one & FALSE for one in sets) or (n > 1 and any(one & TRUE for one in sets))):
        outlook |= FALSE
    return outlook


_SWAPPED = (0, 2, 1, 3, 4, 6, 5, 7)
"""The set with true and false swapped, by set."""


def _not(part: Outlook) -> Outlook:
    return lambda lookup: _SWAPPED[part(lookup)]
