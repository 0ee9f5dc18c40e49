from __future__ import annotations

from assess.engine.bank import Edition, Value
from assess.engine.conditions import Any, Blank, Leaf, Not
from assess.engine.ranges import open_up
from assess.engine.scoring import score
from assess.engine.visibility import settle
from tests.builders import a_bank, a_question, some_settings

PAY = a_question("pay")
HOME = a_question("home", dimension="home")
BEHIND = a_question("behind", dimension="hours", show_if=Leaf("pay", "is", "poor"))


def ends(bank: Edition, answers: dict[str, Value]) -> tuple[float, float]:
    result = score(bank, answers, some_settings())
    return result.low, result.high


def test_when_all_is_known_both_ends_are_the_score() -> None:
    bank = a_bank(PAY, HOME)
    answers: dict[str, Value] = {"pay": "poor", "home": "fair"}
    total = score(bank, answers, some_settings()).score
    assert ends(bank, answers) == (total, total)


def test_nothing_known_leaves_everything_between_the_floor_and_the_worst() -> None:
    assert ends(a_bank(PAY, HOME), {}) == (10, 40)
    exposed = a_question("exposed", kind="exposure")
    assert ends(a_bank(exposed, PAY), {}) == (10, 100)


def test_dont_know_may_become_anything() -> None:
    bank = a_bank(PAY, HOME)
    assert ends(bank, {"pay": "dk", "home": "good"}) == ends(bank, {"home": "good"})
    low, high = ends(bank, {"pay": "dk", "home": "good"})
    assert low == score(bank, {"pay": "good", "home": "good"}, some_settings()).score
    assert high == score(bank, {"pay": "bad", "home": "good"}, some_settings()).score


def test_a_dimension_that_is_only_pending_may_exist_or_not() -> None:
    bank = a_bank(PAY, BEHIND)
    low, high = ends(bank, {})
    assert low == 10
    assert high == 40
    assert ends(bank, {"pay": "good"}) == (10, 10)


def test_what_rests_on_dont_know_is_pending_even_if_it_was_answered() -> None:
    bank = a_bank(PAY, a_question("behind", dimension="hours", show_if=Leaf("pay", "is", "dk")))
    answers: dict[str, Value] = {"pay": "dk", "behind": "good"}
    assert score(bank, answers, some_settings()).lines[-1].question == "behind"
    seen = open_up(bank, settle(bank, answers).found)
    assert seen == {"pay": Blank.UNANSWERED, "behind": Blank.PENDING}
    low, high = ends(bank, answers)
    assert (low, high) == (10, 40)


def test_a_question_behind_a_pending_one_is_open_too() -> None:
    last = a_question("last", dimension="voice", show_if=Leaf("behind", "is", "poor"))
    bank = a_bank(PAY, BEHIND, last)
    seen = open_up(bank, settle(bank, {"pay": "dk"}).found)
    assert seen["behind"] is seen["last"] is Blank.PENDING


def test_what_rests_on_known_answers_stays_settled() -> None:
    either = a_question("either", dimension="voice", show_if=Leaf("home", "is", "bad"))
    bank = a_bank(PAY, HOME, either)
    seen = open_up(bank, settle(bank, {"pay": "dk", "home": "good", "either": "bad"}).found)
    assert seen["either"] is Blank.HIDDEN


def test_a_condition_may_be_true_whatever_dont_know_becomes() -> None:

    sure = a_question("sure", show_if=Any((Leaf("pay", "is", "poor"), Leaf("home", "is", "good"))))
    never = a_question("never", show_if=Not(Any((Leaf("pay", "is", "poor"), Leaf("home", "is", "good")))))
    bank = a_bank(PAY, HOME, sure, never)
    seen = open_up(bank, settle(bank, {"pay": "dk", "home": "good", "sure": "fair"}).found)
    assert seen["sure"] == "fair"
    assert seen["never"] is Blank.HIDDEN


def test_points_are_at_most_what_is_possible_so_the_score_lies_in_its_own_range() -> None:
    bank = a_bank(PAY, HOME, BEHIND)
    for answers in ({}, {"pay": "dk"}, {"pay": "poor"}, {"pay": "poor", "behind": "dk"}):
        result = score(bank, answers, some_settings())
        assert result.low <= result.score <= result.high
