from __future__ import annotations

from dataclasses import replace

import pytest

from assess.editor.review.going_along import LOST, brand_new, what_becomes
from assess.engine.bank import Edition, Question
from assess.engine.carry_over import Reason, carry_over
from tests.builders import a_bank, a_question

PAY, HOME = a_question("pay", dimension="pay"), a_question("home", dimension="home")
OLD = a_bank(PAY, HOME)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (replace(PAY, ask="In other words?"), None),
        (replace(PAY, rev=2), Reason.MEANING),
        (replace(PAY, type="number", options=()), Reason.TYPE),
        (replace(PAY, options=PAY.options[1:]), Reason.OPTION),
        (replace(PAY, id="wages", replaces="pay"), Reason.REPLACED),
        (replace(PAY, id="wages"), Reason.GONE),
    ],
)
def test_the_texts_tell_what_becomes_of_answers(now: Question, reason: Reason | None) -> None:
    assert what_becomes(OLD, a_bank(now, HOME)) == ({"pay": reason} if reason else {})


@pytest.mark.parametrize("now", [replace(PAY, rev=2), replace(PAY, options=PAY.options[1:]), replace(PAY, id="wages")])
def test_it_is_what_becomes_of_a_given_answer(now: Question) -> None:
    new: Edition = a_bank(now, HOME)
    carried = carry_over(OLD, new, {"pay": PAY.options[0].id})
    reason = what_becomes(OLD, new)["pay"]
    assert ("pay" in carried.left_behind) is (reason in LOST)
    assert ("pay" in carried.confirm) is (reason not in LOST)


def test_a_new_question_is_one_that_takes_over_from_none() -> None:
    new = a_bank(PAY, replace(HOME, id="house", replaces="home"), a_question("food", dimension="home"))
    assert [one.id for one in brand_new(OLD, new)] == ["food"]
