from __future__ import annotations

from itertools import product

import pytest

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
    Not,
    Term,
    Verdict,
    judge,
)
from assess.engine.outlooks import FALSE, NOT_ASKED, TRUE, outlook_of

BITS = {Verdict.TRUE: TRUE, Verdict.FALSE: FALSE, Verdict.NOT_ASKED: NOT_ASKED}
STATES: dict[object, tuple[object, ...]] = {
    "yes": ("yes",),
    "no": ("no",),
    Blank.HIDDEN: (Blank.HIDDEN,),
    Blank.UNANSWERED: ("yes", "no"),
    Blank.PENDING: ("yes", "no", Blank.HIDDEN),
}
"""What each state may still become."""


def shapes() -> list[Condition]:
    a, b = Leaf("a", "is", "yes"), Leaf("b", "is", "yes")
    plain: list[Condition] = [
        a,
        Asked("a"),
        Not(a),
        All((a, b)),
        Any((a, b)),
        AtLeastOf(1, (a, b)),
        AtLeastOf(2, (a, b)),
    ]
    return plain + [Not(one) for one in plain] + [Any((Not(All((a, b))), All((a,)))), AtLeastOf(2, (Not(a), b, Not(b)))]


@pytest.mark.parametrize("condition", shapes(), ids=str)
def test_an_outlook_holds_every_verdict_that_may_still_come(condition: Condition) -> None:
    for a, b in product(STATES, repeat=2):
        seen = {"a": a, "b": b}
        outlook = outlook_of(condition)(seen.__getitem__)
        reached = 0
        for one, other in product(STATES[a], STATES[b]):
            reached |= BITS[judge(condition, {"a": one, "b": other}.__getitem__)]
        assert outlook & reached == reached


@pytest.mark.parametrize("condition", shapes()[:14], ids=str)
def test_an_outlook_holds_no_other_where_no_answer_is_used_twice(condition: Condition) -> None:
    for a, b in product(STATES, repeat=2):
        outlook = outlook_of(condition)({"a": a, "b": b}.__getitem__)
        reached = 0
        for one, other in product(STATES[a], STATES[b]):
            reached |= BITS[judge(condition, {"a": one, "b": other}.__getitem__)]
        assert outlook == reached


def test_not_asked_of_an_all_may_still_become_false() -> None:
    condition = All((Leaf("never", "is", "yes"), Leaf("open", "is", "yes")))
    seen = {"never": Blank.HIDDEN, "open": Blank.UNANSWERED}
    assert judge(condition, seen.__getitem__) is Verdict.NOT_ASKED
    assert outlook_of(condition)(seen.__getitem__) == FALSE | NOT_ASKED
    assert outlook_of(Not(condition))(seen.__getitem__) == TRUE | NOT_ASKED


@pytest.mark.parametrize("condition", [Always(), Term("t"), Applies("d")])
def test_what_no_answer_can_change_is_always_true(condition: Condition) -> None:
    assert outlook_of(condition)({}.__getitem__) == TRUE
