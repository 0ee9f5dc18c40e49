from __future__ import annotations

from assess.engine.bank import Edition, Value
from assess.engine.conditions import All, Any, Blank, Leaf, Not
from assess.engine.ranges import closed_gates, open_up
from assess.engine.scoring import score
from assess.engine.visibility import settle
from tests.builders import a_bank, a_question, a_sign_question, some_settings

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


def one_by_one(bank: Edition, name: str, start: dict[str, Value]) -> list[float]:
    """The scores that the answers to one question give."""
    return [score(bank, start | {name: answer}, some_settings()).score for answer in ("good", "fair", "poor", "bad")]


def test_an_area_that_may_come_to_hold_three_questions_counts_or_not_whichever_lies_further_out() -> None:
    area = [a_question(f"pay{index}", dimension="pay") for index in range(2)]
    third = a_question("third", dimension="pay", show_if=Leaf("gate", "is", "good"))
    wide = [a_question(f"home{index}", dimension="home") for index in range(3)]
    bank = a_bank(a_question("gate", kind="fact"), *area, third, *wide)
    answers: dict[str, Value] = {"home0": "bad", "home1": "bad", "home2": "bad", "pay0": "good", "pay1": "good"}
    low, high = ends(bank, answers)
    scores = [
        *one_by_one(bank, "third", answers | {"gate": "good"}),
        *one_by_one(bank, "third", answers | {"gate": "bad"}),
    ]
    assert min(scores) == low
    assert max(scores) <= high
    assert low < score(bank, answers | {"gate": "bad"}, some_settings()).score


def test_where_no_area_is_sure_to_count_the_end_may_be_the_plain_mean() -> None:
    area = [a_question(f"pay{index}", dimension="pay") for index in range(2)]
    third = a_question("third", dimension="pay", show_if=Leaf("gate", "is", "good"))
    bank = a_bank(a_question("gate", kind="fact"), *area, third, a_question("voice", dimension="voice"))
    answers: dict[str, Value] = {"pay0": "bad", "pay1": "bad", "voice": "good"}
    low, high = ends(bank, answers)
    for gate in ("good", "bad"):
        for total in one_by_one(bank, "third", answers | {"gate": gate}):
            assert low <= total <= high
    hidden = score(bank, answers | {"gate": "bad"}, some_settings())
    assert hidden.gap == hidden.mean_gap


def test_dont_know_before_a_question_that_can_raise_a_sign_is_a_closed_gate() -> None:
    bank = a_bank(
        a_question("gate", kind="fact"),
        a_sign_question("grave", show_if=Leaf("gate", "is", "good")),
        a_question("plain", dimension="home"),
        a_question("calm", show_if=Leaf("plain", "is", "poor")),
    )

    def gates(answers: dict[str, Value]) -> set[str]:
        return closed_gates(bank, settle(bank, answers).found)

    assert gates({"gate": "dk"}) == {"gate"}
    assert gates({"gate": "bad"}) == gates({"gate": "good"}) == gates({}) == set()
    assert gates({"gate": "bad", "plain": "dk"}) == set()
    assert score(bank, {"gate": "dk", "plain": "good"}, some_settings()).unknown_signs == ("gate",)


def test_a_gate_that_shows_its_questions_on_dont_know_or_is_shut_by_another_is_not_closed() -> None:
    both = All((Leaf("gate", "is", "good"), Leaf("other", "is", "good")))
    bank = a_bank(
        a_question("gate", kind="fact"),
        a_question("other", kind="fact"),
        a_sign_question("open", show_if=Leaf("gate", "is_one_of", ("good", "dk"))),
        a_sign_question("shut", show_if=both),
    )
    assert closed_gates(bank, settle(bank, {"gate": "dk", "other": "bad"}).found) == set()
    assert closed_gates(bank, settle(bank, {"gate": "dk", "other": "good"}).found) == {"gate"}
    assert closed_gates(bank, settle(bank, {"gate": "dk", "other": "dk"}).found) == {"gate", "other"}


def test_a_gate_may_stand_before_a_gate() -> None:
    bank = a_bank(
        a_question("first", kind="fact"),
        a_question("second", kind="fact", show_if=Leaf("first", "is", "good")),
        a_sign_question("grave", show_if=Leaf("second", "is", "good")),
        a_question("elsewhere", kind="fact"),
        a_question("calm", show_if=Leaf("elsewhere", "is", "good")),
    )
    assert closed_gates(bank, settle(bank, {"first": "dk", "elsewhere": "dk"}).found) == {"first"}
    assert closed_gates(bank, settle(bank, {"first": "good", "second": "dk"}).found) == {"second"}
    assert closed_gates(bank, settle(bank, {"first": "good", "second": "bad"}).found) == set()
    assert closed_gates(bank, settle(bank, {"first": "bad"}).found) == set()
