from __future__ import annotations

from typing import Any

import pytest

from assess.engine.bank import AnswerValue, Edition
from assess.engine.conditions import AllOf, AnyOf, Leaf, Not, NoValue
from assess.engine.points import AnswerError
from assess.engine.result import DimensionGap, RaisedSign
from assess.engine.scoring import score_answers
from assess.engine.totals import (
    BandAndReasons,
    BandFactors,
    add_up_points,
    dimension_gaps,
    dont_knows_hiding_signs,
    final_band,
    has_grave_signs,
    score_band_of,
    scoring_table,
    with_open_answers,
)
from assess.engine.visibility import settle_visibility
from tests.builders import a_bank, a_question, a_sign_question, an_option, some_settings


def sign(kind: Any, ilo: int | None = 8) -> RaisedSign:
    return RaisedSign("x", kind, ilo)


def band(own: Any, *signs: RaisedSign, share: float = 0.0, **factors: bool) -> BandAndReasons:
    """What becomes of a score's own band; what is not said is not so."""
    values = {"unknown_signs": False, "quick": False} | factors
    return final_band(own, BandFactors(signs, unknown_share=share, **values), some_settings())


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0, "low"),
        (24.999, "low"),
        (25, "medium"),
        (44.999, "medium"),
        (45, "high"),
        (64.999, "high"),
        (65, "critical"),
        (100, "critical"),
    ],
)
def test_the_limits_of_the_bands(score: float, expected: str) -> None:
    assert score_band_of(score, some_settings()) == expected


def test_nothing_to_say_against_it_is_low_without_a_reason() -> None:
    assert band("low") == ("low", ())


def test_the_points_alone_give_their_band() -> None:
    assert band("medium") == ("medium", ("points",))
    assert band("critical") == ("critical", ("points",))


def test_any_urgent_sign_is_critical_even_when_too_little_is_known() -> None:
    assert band("low", sign("urgent"), share=1.0) == ("critical", ("sign",))


def test_three_serious_signs_over_two_indicators_are_critical_even_when_too_little_is_known() -> None:
    three = [sign("serious", 8), sign("serious", 8), sign("serious", 9)]
    assert band("low", *three, share=1.0) == ("critical", ("sign",))
    assert has_grave_signs(three)


def test_three_serious_signs_on_one_indicator_are_high() -> None:
    assert band("low", *[sign("serious", 8)] * 3) == ("high", ("sign",))
    assert band("low", sign("serious", 8), sign("serious", None), sign("serious", 8)).band == "high"


def test_two_serious_signs_are_at_least_high() -> None:
    assert band("low", sign("serious", 8), sign("serious", 9)) == ("high", ("sign",))
    assert band("medium", sign("serious")) == ("high", ("sign",))
    assert band("high", sign("serious")) == ("high", ("sign", "points"))
    assert band("critical", sign("serious")) == ("critical", ("points",))


@pytest.mark.parametrize(
    ("ground", "reason"), [("unknown_signs", "unknown_sign"), ("breaches", "breach"), ("gap_too_wide", "gap")]
)
def test_an_unknown_sign_a_breach_and_too_wide_a_gap_cannot_be_low(ground: str, reason: str) -> None:
    assert band("low", **{ground: True}) == ("medium", (reason,))
    assert band("medium", **{ground: True}) == ("medium", (reason, "points"))
    assert band("high", **{ground: True}) == ("high", ("points",))
    assert band("low", sign("serious"), **{ground: True}) == ("high", ("sign",))


def test_every_rule_that_alone_would_give_the_band_is_named_in_order() -> None:
    assert band("medium", unknown_signs=True, breaches=True, gap_too_wide=True).reasons == (
        "unknown_sign",
        "breach",
        "gap",
        "points",
    )


def test_more_than_two_fifths_unknown_is_not_rated() -> None:
    assert band("critical", sign("serious"), share=0.41, breaches=True) == ("not_rated", ("dont_know",))
    assert band("critical", share=0.4) == ("critical", ("points",))
    assert band("low", share=0.41, quick=True) == ("not_rated", ("dont_know",))


def test_a_quick_check_cannot_say_low() -> None:
    assert band("low", quick=True) == ("not_rated", ("quick",))
    assert band("low", quick=True, unknown_signs=True) == ("medium", ("unknown_sign",))
    assert band("low", quick=True, gap_too_wide=True) == ("medium", ("gap",))
    assert band("medium", quick=True) == ("medium", ("points",))


PAY = a_question("pay")
HOME = a_question("home", dimension="home")
BEHIND = a_question("behind", dimension="hours", show_if=Leaf("pay", "is", "poor"))


def ends(bank: Edition, answers: dict[str, AnswerValue]) -> tuple[float, float]:
    result = score_answers(bank, answers, some_settings())
    return result.range_low, result.range_high


def test_when_all_is_known_both_ends_are_the_score() -> None:
    bank = a_bank(PAY, HOME)
    answers: dict[str, AnswerValue] = {"pay": "poor", "home": "fair"}
    total = score_answers(bank, answers, some_settings()).score
    assert ends(bank, answers) == (total, total)


def test_nothing_known_leaves_everything_between_the_floor_and_the_worst() -> None:
    assert ends(a_bank(PAY, HOME), {}) == (10, 40)
    exposed = a_question("exposed", kind="exposure")
    assert ends(a_bank(exposed, PAY), {}) == (10, 100)


def test_dont_know_may_become_anything() -> None:
    bank = a_bank(PAY, HOME)
    assert ends(bank, {"pay": "dk", "home": "good"}) == ends(bank, {"home": "good"})
    low, high = ends(bank, {"pay": "dk", "home": "good"})
    assert low == score_answers(bank, {"pay": "good", "home": "good"}, some_settings()).score
    assert high == score_answers(bank, {"pay": "bad", "home": "good"}, some_settings()).score


def test_a_dimension_that_is_only_pending_may_exist_or_not() -> None:
    bank = a_bank(PAY, BEHIND)
    low, high = ends(bank, {})
    assert low == 10
    assert high == 40
    assert ends(bank, {"pay": "good"}) == (10, 10)


def test_what_rests_on_dont_know_is_pending_even_if_it_was_answered() -> None:
    bank = a_bank(PAY, a_question("behind", dimension="hours", show_if=Leaf("pay", "is", "dk")))
    answers: dict[str, AnswerValue] = {"pay": "dk", "behind": "good"}
    assert score_answers(bank, answers, some_settings()).lines[-1].question == "behind"
    seen = with_open_answers(bank, settle_visibility(bank, answers).answers)
    assert seen == {"pay": NoValue.UNANSWERED, "behind": NoValue.PENDING}
    low, high = ends(bank, answers)
    assert (low, high) == (10, 40)


def test_a_question_behind_a_pending_one_is_open_too() -> None:
    last = a_question("last", dimension="voice", show_if=Leaf("behind", "is", "poor"))
    bank = a_bank(PAY, BEHIND, last)
    seen = with_open_answers(bank, settle_visibility(bank, {"pay": "dk"}).answers)
    assert seen["behind"] is seen["last"] is NoValue.PENDING


def test_what_rests_on_known_answers_stays_settled() -> None:
    either = a_question("either", dimension="voice", show_if=Leaf("home", "is", "bad"))
    bank = a_bank(PAY, HOME, either)
    seen = with_open_answers(bank, settle_visibility(bank, {"pay": "dk", "home": "good", "either": "bad"}).answers)
    assert seen["either"] is NoValue.HIDDEN


def test_a_condition_may_be_true_whatever_dont_know_becomes() -> None:

    sure = a_question("sure", show_if=AnyOf((Leaf("pay", "is", "poor"), Leaf("home", "is", "good"))))
    never = a_question("never", show_if=Not(AnyOf((Leaf("pay", "is", "poor"), Leaf("home", "is", "good")))))
    bank = a_bank(PAY, HOME, sure, never)
    seen = with_open_answers(bank, settle_visibility(bank, {"pay": "dk", "home": "good", "sure": "fair"}).answers)
    assert seen["sure"] == "fair"
    assert seen["never"] is NoValue.HIDDEN


def test_points_are_at_most_what_is_possible_so_the_score_lies_in_its_own_range() -> None:
    bank = a_bank(PAY, HOME, BEHIND)
    for answers in ({}, {"pay": "dk"}, {"pay": "poor"}, {"pay": "poor", "behind": "dk"}):
        result = score_answers(bank, answers, some_settings())
        assert result.range_low <= result.score <= result.range_high


def one_by_one(bank: Edition, name: str, start: dict[str, AnswerValue]) -> list[float]:
    """The scores that the answers to one question give."""
    return [
        score_answers(bank, start | {name: answer}, some_settings()).score for answer in ("good", "fair", "poor", "bad")
    ]


def test_an_area_that_may_come_to_hold_three_questions_counts_or_not_whichever_lies_further_out() -> None:
    area = [a_question(f"pay{index}", dimension="pay") for index in range(2)]
    third = a_question("third", dimension="pay", show_if=Leaf("gate", "is", "good"))
    wide = [a_question(f"home{index}", dimension="home") for index in range(3)]
    bank = a_bank(a_question("gate", kind="fact"), *area, third, *wide)
    answers: dict[str, AnswerValue] = {"home0": "bad", "home1": "bad", "home2": "bad", "pay0": "good", "pay1": "good"}
    low, high = ends(bank, answers)
    scores = [
        *one_by_one(bank, "third", answers | {"gate": "good"}),
        *one_by_one(bank, "third", answers | {"gate": "bad"}),
    ]
    assert min(scores) == low
    assert max(scores) <= high
    assert low < score_answers(bank, answers | {"gate": "bad"}, some_settings()).score


def test_where_no_area_is_sure_to_count_the_end_may_be_the_plain_mean() -> None:
    area = [a_question(f"pay{index}", dimension="pay") for index in range(2)]
    third = a_question("third", dimension="pay", show_if=Leaf("gate", "is", "good"))
    bank = a_bank(a_question("gate", kind="fact"), *area, third, a_question("voice", dimension="voice"))
    answers: dict[str, AnswerValue] = {"pay0": "bad", "pay1": "bad", "voice": "good"}
    low, high = ends(bank, answers)
    for gate in ("good", "bad"):
        for total in one_by_one(bank, "third", answers | {"gate": gate}):
            assert low <= total <= high
    hidden = score_answers(bank, answers | {"gate": "bad"}, some_settings())
    assert hidden.gap == hidden.mean_gap


def test_dont_know_before_a_question_that_can_raise_a_sign_is_a_closed_gate() -> None:
    bank = a_bank(
        a_question("gate", kind="fact"),
        a_sign_question("grave", show_if=Leaf("gate", "is", "good")),
        a_question("plain", dimension="home"),
        a_question("calm", show_if=Leaf("plain", "is", "poor")),
    )

    def gates(answers: dict[str, AnswerValue]) -> set[str]:
        return dont_knows_hiding_signs(bank, settle_visibility(bank, answers).answers)

    assert gates({"gate": "dk"}) == {"gate"}
    assert gates({"gate": "bad"}) == gates({"gate": "good"}) == gates({}) == set()
    assert gates({"gate": "bad", "plain": "dk"}) == set()
    assert score_answers(bank, {"gate": "dk", "plain": "good"}, some_settings()).unknown_signs == ("gate",)


def test_a_gate_that_shows_its_questions_on_dont_know_or_is_shut_by_another_is_not_closed() -> None:
    both = AllOf((Leaf("gate", "is", "good"), Leaf("other", "is", "good")))
    bank = a_bank(
        a_question("gate", kind="fact"),
        a_question("other", kind="fact"),
        a_sign_question("open", show_if=Leaf("gate", "is_one_of", ("good", "dk"))),
        a_sign_question("shut", show_if=both),
    )
    assert dont_knows_hiding_signs(bank, settle_visibility(bank, {"gate": "dk", "other": "bad"}).answers) == set()
    assert dont_knows_hiding_signs(bank, settle_visibility(bank, {"gate": "dk", "other": "good"}).answers) == {"gate"}
    assert dont_knows_hiding_signs(bank, settle_visibility(bank, {"gate": "dk", "other": "dk"}).answers) == {
        "gate",
        "other",
    }


def test_a_gate_may_stand_before_a_gate() -> None:
    bank = a_bank(
        a_question("first", kind="fact"),
        a_question("second", kind="fact", show_if=Leaf("first", "is", "good")),
        a_sign_question("grave", show_if=Leaf("second", "is", "good")),
        a_question("elsewhere", kind="fact"),
        a_question("calm", show_if=Leaf("elsewhere", "is", "good")),
    )
    assert dont_knows_hiding_signs(bank, settle_visibility(bank, {"first": "dk", "elsewhere": "dk"}).answers) == {
        "first"
    }
    assert dont_knows_hiding_signs(bank, settle_visibility(bank, {"first": "good", "second": "dk"}).answers) == {
        "second"
    }
    assert dont_knows_hiding_signs(bank, settle_visibility(bank, {"first": "good", "second": "bad"}).answers) == set()
    assert dont_knows_hiding_signs(bank, settle_visibility(bank, {"first": "bad"}).answers) == set()


BANK = a_bank(
    a_question("fact", kind="fact", dimension="policy"),
    a_question("exposed", kind="exposure", dimension="voice"),
    a_question("b", dimension="home"),
    a_question("a", dimension="pay"),
    a_sign_question("c", dimension="pay", ilo=(9, 8)),
)


def tally(answers: dict[str, str]) -> tuple[object, ...]:
    table = scoring_table(BANK, some_settings())
    return table, add_up_points(table, settle_visibility(BANK, answers).answers)


def test_a_table_is_made_once_for_equal_settings_and_kept_for_some_days() -> None:
    first = scoring_table(BANK, some_settings())
    assert scoring_table(BANK, some_settings()) is first
    assert scoring_table(BANK, some_settings(wage=13)) is not first
    assert scoring_table(BANK, some_settings()) is first
    for wage in range(20, 30):
        scoring_table(BANK, some_settings(wage=wage))
    assert scoring_table(BANK, some_settings()) is not first


def test_dimensions_stand_in_the_order_of_the_edition_and_only_those_with_safeguards() -> None:
    table, _ = tally({})
    assert table.dimensions == ("pay", "home")
    assert table.weights == (3, 2)
    assert table.indicators["c"] == 9
    assert table.can_sign == {"c"}


def test_points_are_added_by_dimension_and_exposure_apart() -> None:
    table, found = tally({"exposed": "poor", "b": "fair", "a": "good", "c": "urgent", "fact": "bad"})
    assert found.points == [4, 1, 3]
    assert found.possible == [8, 4, 4]
    assert [line.question for line in found.lines] == ["exposed", "b", "a", "c"]
    assert found.counts == [2, 1, 1]
    assert dimension_gaps(table, found) == (
        DimensionGap("pay", 3, 4, 8, 0.5, questions=2, wide=False),
        DimensionGap("home", 2, 1, 4, 0.25, questions=1, wide=False),
    )
    assert [mark.line.question for mark in found.notable] == ["c"]


@pytest.mark.parametrize(("harm", "wide"), [(1, True), (3, True), (4, False)])
def test_a_dimension_of_grave_harm_with_three_shown_safeguards_can_be_one_of_the_widest(
    harm: int, *, wide: bool
) -> None:
    bank = a_bank(*[a_question(f"q{index}") for index in range(3)])
    table = scoring_table(bank, some_settings(harm={"pay": harm}))
    assert [gap.wide for gap in dimension_gaps(table, add_up_points(table, settle_visibility(bank, {}).answers))] == [
        wide
    ]


def test_marks_that_break_a_law_or_say_that_nobody_looked_are_kept_too() -> None:
    options = (an_option("good"), an_option("guess", 1, not_looked=True), an_option("against", 1, breach="slips"))
    bank = a_bank(*[a_question(name, options=options) for name in ("x", "y", "z")])
    table = scoring_table(bank, some_settings())
    found = add_up_points(table, settle_visibility(bank, {"x": "guess", "y": "against", "z": "good"}).answers)
    assert [mark.line.question for mark in found.notable] == ["x", "y"]


def test_missing_and_unknown_are_named_and_cost_their_points() -> None:
    _, found = tally({"b": "dk", "a": "good", "c": "good"})
    assert found.unknown == ("exposed", "b")
    assert found.known == [0, 0, 0]
    assert found.points == [0, 4, 4]


def test_an_answer_that_is_none_names_its_question() -> None:
    with pytest.raises(AnswerError, match="b: 'nonsense' is no answer"):
        tally({"b": "nonsense"})
