from __future__ import annotations

import pytest

from assess.engine.bank import AnswerValue, NumberBand, Question, RuleStep
from assess.engine.points import (
    AnswerError,
    best_points,
    blend_gaps,
    confidence_of,
    exposure_of,
    is_dont_know,
    is_exclusive_option,
    is_wide,
    mean_weights,
    possible_points,
    score_missing_answer,
    score_of,
    strongest_sign,
)
from assess.engine.question_types import answer_scorer
from assess.engine.result import ENGINE_NUMBER, DimensionGap
from tests.builders import (
    a_charge,
    a_number,
    a_question,
    a_rate,
    a_sign_question,
    an_option,
    several,
    some_settings,
    ticks,
)


def test_exposure_starts_from_the_base_of_the_sector() -> None:
    assert exposure_of(45, 0, 0) == 45
    assert exposure_of(45, 0, 10) == 45
    assert exposure_of(45, 5, 10) == 72.5
    assert exposure_of(45, 10, 10) == 100


def dimension(weight: float, points: float, possible: float) -> DimensionGap:
    return DimensionGap("any", weight, points, possible, points / possible)


def test_every_point_counts_at_the_weight_of_its_dimension() -> None:
    many, one = dimension(3, 2, 40), dimension(1, 4, 4)
    assert mean_weights([many, one], ENGINE_NUMBER) == [3 * 40, 1 * 4]
    mean_gap, _ = blend_gaps([many.gap, one.gap], mean_weights([many, one], ENGINE_NUMBER), [False, False], 0.25)
    assert mean_gap == pytest.approx((3 * 2 + 1 * 4) / (3 * 40 + 1 * 4))


def test_under_number_one_every_dimension_counted_by_its_weight_alone() -> None:
    assert mean_weights([dimension(3, 2, 40), dimension(1, 4, 4)], 1) == [3, 1]


def test_the_three_widest_that_count_weigh_again() -> None:
    gaps, pulls = [1.0, 0.5, 0.0, 0.25], [3, 1, 2, 2]
    mean_gap, gap = blend_gaps(gaps, pulls, [True] * 4, 0.25)
    assert mean_gap == (3 * 1 + 0.5 + 0 + 0.5) / 8
    assert gap == 0.75 * mean_gap + 0.25 * (1.0 + 0.5 + 0.25) / 3
    assert blend_gaps(gaps, pulls, [False, True, True, True], 0.25).gap == 0.75 * mean_gap + 0.25 * (0.5 + 0.25 + 0) / 3


def test_with_fewer_than_three_that_count_their_own_mean_weighs_again() -> None:
    assert blend_gaps([0.5], [2], [True], 0.25) == (0.5, 0.5)
    assert blend_gaps([1.0, 0.0], [1, 3], [True, True], 0.25) == (0.25, 0.75 * 0.25 + 0.25 * 0.5)
    assert blend_gaps([1.0, 0.0], [1, 3], [False, True], 0.25) == (0.25, 0.75 * 0.25)


def test_where_none_counts_the_mean_is_all_there_is() -> None:
    assert blend_gaps([1.0, 0.0], [1, 3], [False, False], 0.25) == (0.25, 0.25)


def test_nothing_asked_leaves_no_gap() -> None:
    assert blend_gaps([], [], [], 0.25) == (0.0, 0.0)
    assert blend_gaps([0.5], [0], [True], 0.25) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("harm", "questions", "wide"),
    [(1, 3, True), (3, 3, True), (3, 2, False), (4, 30, False), (6, 3, False), (2, 0, False)],
)
def test_the_widest_are_about_life_pay_and_homes_and_stand_on_three_questions(
    harm: int, questions: int, *, wide: bool
) -> None:
    assert is_wide(harm, questions) is wide


@pytest.mark.parametrize(("exposure", "gap", "score"), [(100, 0, 25), (100, 1, 100), (60, 0.5, 37.5), (0, 1, 0)])
def test_the_score_leaves_the_floor(exposure: float, gap: float, score: float) -> None:
    assert score_of(exposure, gap, 0.25) == score


def test_a_form_without_evidence_never_passes_sixty() -> None:
    assert confidence_of(0.0, 0.0) == 60
    assert confidence_of(0.0, 1.0) == 100
    assert confidence_of(0.5, 0.0) == 30


def points(question: Question, answer: AnswerValue) -> float:
    mark = answer_scorer(question, some_settings())(answer)
    assert mark.points == mark.line.points
    assert mark.line.possible == possible_points(question)
    assert mark.line.answer == answer
    return mark.points


def test_a_choice_costs_what_its_option_costs() -> None:
    assert [points(a_question(), answer) for answer in ("good", "fair", "poor", "bad", "dk")] == [0, 1, 3, 4, 4]
    assert possible_points(a_question()) == 4


def test_several_choices_add_up_to_the_cap() -> None:
    assert [points(several(), answer) for answer in (["none"], ["a"], ["a", "b"], ["b", "c"], ["dk"])] == [
        0,
        1,
        3,
        4,
        4,
    ]
    assert possible_points(several()) == 4
    assert possible_points(several(cap=None)) == 3


def test_dont_know_costs_the_most_that_is_possible_whatever_is_written_beside_it() -> None:
    assert points(several(cap=2), ["dk"]) == 2
    cheap = a_question(options=(an_option("good"), an_option("bad", 3), an_option("dk", 0)))
    assert points(cheap, "dk") == score_missing_answer(cheap).points == 3
    assert points(a_number(bands=(NumberBand(5, 0), NumberBand(None, 3))), "dk") == 3
    assert score_missing_answer(several(cap=2)).points == 2


def test_no_option_at_all_is_never_dont_know() -> None:
    """Not even to a question without that option, which `check_edition` refuses."""
    options = (an_option("a", 1), an_option("b", 2))
    assert answer_scorer(several(options=options), some_settings())([]) == answer_scorer(several(), some_settings())([])
    assert not answer_scorer(several(options=options), some_settings())([]).unknown


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(["a", "b", "c"], 0), (["a", "b"], 2), (["c"], 2), (["none"], 4), (["dk"], 4), ("dk", 4)],
)
def test_ticks_are_counted_without_the_options_that_stand_alone(answer: AnswerValue, expected: float) -> None:
    assert points(ticks(), answer) == expected
    assert possible_points(ticks()) == 4


def test_fewer_ticks_than_any_step_cost_most() -> None:
    assert points(ticks(ticks=ticks().ticks[:2]), ["none"]) == 4


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (10, 0), (10.01, 2), (20, 2), (20.5, 4), ("dk", 4)])
def test_a_number_falls_into_the_first_band_it_does_not_pass(number: AnswerValue, expected: float) -> None:
    assert points(a_number(), number) == expected


def test_a_number_beyond_the_last_band_stays_in_it() -> None:
    assert points(a_number(bands=(NumberBand(10, 0), NumberBand(20, 2))), 99) == 2


@pytest.mark.parametrize(("rate", "expected"), [(15.6, 0), (15.59, 2), (14.4, 2), (14.39, 4), ("dk", 4)])
def test_a_rate_is_held_against_the_wage(rate: AnswerValue, expected: float) -> None:
    assert points(a_rate(), rate) == expected
    assert possible_points(a_rate()) == 4


def test_a_rate_at_exactly_the_limit_is_not_lost_to_rounding() -> None:
    mark = answer_scorer(a_rate(), some_settings(wage=10.3, labour_provider_low=1.2))
    assert 10.3 * 1.2 > 12.36
    assert mark(12.36).line.sign is None
    assert mark(12.359).line.sign == "serious"


@pytest.mark.parametrize(("charge", "expected"), [(0, 0), (0.01, 1), (10, 1), (10.01, 4), ("dk", 4)])
def test_a_charge_is_held_against_the_offset_and_raises_no_sign_alone(charge: AnswerValue, expected: float) -> None:
    assert points(a_charge(), charge) == expected
    assert answer_scorer(a_charge(), some_settings())(charge).line.sign is None


def test_the_strongest_sign_of_several_choices_counts() -> None:
    options = (
        an_option("none"),
        an_option("mild", 2),
        an_option("grave", 4, sign="serious"),
        an_option("gang", 4, sign="urgent", third_party=True),
    )
    mark = answer_scorer(several(options=options), some_settings())
    assert mark(["mild"]).line.sign is None
    assert mark(["mild", "grave"]).line.sign == "serious"
    assert mark(["grave", "gang"]).line.sign == "urgent"
    assert mark(["grave"]).third_party is False
    assert mark(["grave", "gang"]).third_party is True


def test_control_by_others_counts_only_where_it_is_a_sign() -> None:
    options = (an_option("some", 2, third_party=True), an_option("much", 4, sign="serious", third_party=True))
    mark = answer_scorer(a_question(options=options), some_settings())
    assert mark("some").third_party is False
    assert mark("much").third_party is True


def test_a_missing_answer_is_marked_as_dont_know_without_an_answer() -> None:
    mark = score_missing_answer(a_sign_question())
    assert (mark.points, mark.unknown, mark.line.answer, mark.line.sign) == (4, True, None, None)
    assert score_missing_answer(several()).points == 4
    assert score_missing_answer(ticks()).points == 4
    assert score_missing_answer(a_number()).points == 4
    assert score_missing_answer(a_question(options=(an_option("good"), an_option("bad", 3)))).points == 3


def test_not_knowing_may_itself_be_the_sign() -> None:
    question = a_sign_question(options=(an_option("good"), an_option("dk", 4, sign="serious")))
    assert score_missing_answer(question).line.sign == "serious"
    assert answer_scorer(question, some_settings())("dk").unknown


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (a_question(), "nonsense"),
        (a_question(), ["good"]),
        (several(), ["nonsense"]),
        (several(), "nonsense"),
        (several(), [{"kind": "house"}]),
        (ticks(), ["nonsense"]),
        (a_number(), "many"),
        (a_number(), ["a"]),
        (a_rate(), "much"),
    ],
)
def test_what_the_question_does_not_offer_is_refused(question: Question, answer: AnswerValue) -> None:
    with pytest.raises((KeyError, TypeError)):
        answer_scorer(question, some_settings())(answer)


def test_the_fence_names_question_and_answer() -> None:
    fault = AnswerError("pay", "nonsense")
    assert str(fault) == "pay: 'nonsense' is no answer to this question"
    assert (fault.question, fault.answer) == ("pay", "nonsense")


def test_the_best_answer_is_never_dont_know() -> None:
    assert best_points(a_question(options=(an_option("fair", 1), an_option("dk", 0)))) == 1
    assert best_points(a_number()) == 0
    assert best_points(ticks()) == 0
    assert best_points(a_rate()) == 0
    assert best_points(a_question(type="text", kind="fact", options=())) == 0


def test_the_best_answer_is_never_one_that_nobody_looked_for() -> None:
    assert best_points(a_question(options=(an_option("fair", 1), an_option("guess", 0, not_looked=True)))) == 1


def test_an_answer_may_say_that_nobody_looked_and_keeps_its_points() -> None:
    options = (an_option("good"), an_option("guess", 1, not_looked=True), an_option("bad", 4))
    one = answer_scorer(a_question(options=options), some_settings())
    assert [one(answer).not_looked for answer in ("good", "guess", "bad")] == [False, True, False]
    assert (one("guess").points, one("guess").unknown) == (1, False)
    several_of = answer_scorer(several(options=options), some_settings())
    assert several_of(["guess", "bad"]).not_looked
    assert not several_of(["bad"]).not_looked
    counted = answer_scorer(
        ticks(options=(an_option("a", None), an_option("b", None, not_looked=True))), some_settings()
    )
    assert counted(["a", "b"]).not_looked
    assert not counted(["a"]).not_looked


def test_an_answer_names_the_duties_it_is_against() -> None:
    options = (
        an_option("good"),
        an_option("a", 2, breach="slips"),
        an_option("b", 1, breach="terms"),
        an_option("dk", 4),
    )
    one = answer_scorer(a_question(options=options), some_settings())
    assert [one(answer).breaches for answer in ("good", "a", "dk")] == [(), ("slips",), ()]
    several_of = answer_scorer(several(options=options), some_settings())
    assert several_of(["a", "b"]).breaches == ("slips", "terms")
    assert several_of(["dk"]).breaches == ()
    twice = (an_option("a", None, breach="slips"), an_option("b", None, breach="slips"), an_option("c", None))
    counted = answer_scorer(ticks(options=twice), some_settings())
    assert counted(["a", "b", "c"]).breaches == ("slips",)
    assert counted(["c"]).breaches == ()


def test_a_band_of_a_number_and_an_outcome_of_a_rule_may_be_against_a_duty() -> None:
    mark = answer_scorer(a_number(bands=(NumberBand(10, 0), NumberBand(None, 2, breach="hours"))), some_settings())
    assert [mark(answer).breaches for answer in (5, 11, "dk")] == [(), ("hours",), ()]
    steps = (RuleStep("free", 0), RuleStep("within", 1), RuleStep("above", 4, breach="offset"))
    charge = answer_scorer(a_charge(steps=steps), some_settings())
    assert [charge(answer).breaches for answer in (10, 10.01)] == [(), ("offset",)]


def test_a_box_to_tick_may_raise_a_sign_and_tell_of_control_by_others() -> None:
    options = (an_option("a", None), an_option("boss", None, sign="serious", third_party=True))
    mark = answer_scorer(ticks(options=options), some_settings())
    assert (mark(["a", "boss"]).line.sign, mark(["a", "boss"]).third_party) == ("serious", True)
    assert (mark(["a"]).line.sign, mark(["a"]).third_party) == (None, False)


def test_which_options_stand_alone() -> None:
    assert all(is_exclusive_option(option) for option in ("dk", "none", "na", "na_hand"))
    assert not any(is_exclusive_option(option) for option in ("own", "family", "nanny", "none_trained"))


def test_which_answers_say_that_nobody_knows() -> None:
    assert is_dont_know("dk")
    assert is_dont_know(["dk"])
    assert not any(is_dont_know(answer) for answer in ("no", ["dk", "a"], [], 0))


def test_urgent_is_stronger_than_serious() -> None:
    assert strongest_sign(["serious", None, "urgent"]) == "urgent"
    assert strongest_sign([None, "serious"]) == "serious"
    assert strongest_sign([None]) is None
