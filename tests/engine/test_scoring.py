from __future__ import annotations

import pytest

from assess.engine.bank import AnswerValue, Edition
from assess.engine.conditions import Leaf
from assess.engine.cross_checks import judge_checks
from assess.engine.points import AnswerError
from assess.engine.result import Breach, DimensionGap, Line, RaisedSign, Result
from assess.engine.scoring import score_answers
from assess.engine.visibility import quick_edition
from tests.builders import (
    a_bank,
    a_check,
    a_number,
    a_question,
    a_rate,
    a_sign_question,
    an_option,
    several,
    some_settings,
)

BANK = a_bank(
    a_question("size", kind="fact", dimension="policy"),
    a_question("exposed", kind="exposure", dimension="voice", quick=True),
    a_question("pay", quick=True),
    a_question("home", dimension="home"),
    a_sign_question("papers", dimension="papers", ilo=(7, 3), quick=True),
    a_question("later", dimension="hours", show_if=Leaf("pay", "is", "poor")),
)
GOOD: dict[str, AnswerValue] = {"size": "good", "exposed": "good", "pay": "good", "home": "good", "papers": "good"}


def result(bank: Edition = BANK, /, **changes: AnswerValue) -> Result:
    return score_answers(bank, GOOD | changes, some_settings())


def test_the_sums_of_a_small_bank_by_hand() -> None:
    found = result(exposed="poor", pay="fair", home="poor", papers="poor")
    assert found.base == 40
    assert found.exposure == 40 + 60 * 3 / 4
    assert found.dimensions == (
        DimensionGap("pay", 3, 1, 4, 0.25, 1, wide=False),
        DimensionGap("papers", 3, 3, 4, 0.75, 1, wide=False),
        DimensionGap("home", 2, 3, 4, 0.75, 1, wide=False),
    )
    assert found.mean_gap == (3 * 1 + 3 * 3 + 2 * 3) / (3 * 4 + 3 * 4 + 2 * 4)
    assert found.gap == found.mean_gap
    assert found.score == found.exposure * (0.25 + 0.75 * found.gap)
    assert found.range_low == found.score == found.range_high
    assert (found.score_band, found.band, found.reasons) == ("high", "high", ("points",))
    assert (found.sector, found.quick, found.shown) == ("small", False, 5)


def test_areas_of_three_questions_weigh_again_the_three_widest_of_them() -> None:
    dimensions = ("pay", "papers", "home", "hours", "voice")
    bank = a_bank(*[a_question(f"{name}{index}", dimension=name) for name in dimensions for index in range(3)])
    answers: dict[str, AnswerValue] = {question.id: "good" for question in bank.questions()}
    answers |= {"pay0": "bad", "papers0": "bad", "papers1": "bad", "home0": "fair", "voice0": "bad", "voice1": "bad"}
    found = score_answers(bank, answers, some_settings())
    assert [one.wide for one in found.dimensions] == [True, True, True, True, False]
    assert found.mean_gap == pytest.approx((3 * 4 + 3 * 8 + 2 * 1 + 1 * 8) / (12 * (3 + 3 + 2 + 2 + 1)))
    assert found.gap == pytest.approx(0.75 * found.mean_gap + 0.25 * (8 / 12 + 4 / 12 + 1 / 12) / 3)


def test_the_best_answers_leave_the_floor_of_the_base() -> None:
    found = result()
    assert (found.exposure, found.gap, found.score, found.band) == (40, 0, 10, "low")
    assert found.missing == found.pending == found.signs == found.fired_checks == ()


def test_there_is_one_line_for_each_shown_scored_question_in_order() -> None:
    found = result(pay="poor", papers="urgent", later="dk")
    assert found.lines == (
        Line("exposed", "exposure", "voice", "good", 0, 4, None),
        Line("pay", "safeguard", "pay", "poor", 3, 4, None),
        Line("home", "safeguard", "home", "good", 0, 4, None),
        Line("papers", "safeguard", "papers", "urgent", 4, 4, "urgent"),
        Line("later", "safeguard", "hours", "dk", 4, 4, None),
    )


def test_a_missing_answer_counts_as_dont_know_and_is_listed_facts_too() -> None:
    answers = {name: value for name, value in GOOD.items() if name not in {"size", "papers"}}
    found = score_answers(BANK, answers, some_settings())
    unknown = result(papers="dk")
    assert found.missing == ("size", "papers")
    assert found.lines[-1] == Line("papers", "safeguard", "papers", None, 4, 4, None)
    assert (found.score, found.unknown_signs, found.confidence, found.band) == (
        unknown.score,
        ("papers",),
        unknown.confidence,
        "medium",
    )


def test_in_routing_a_missing_answer_is_unknown_not_dont_know() -> None:
    bank = a_bank(a_question("pay"), a_question("later", show_if=Leaf("pay", "is", "dk")))
    assert score_answers(bank, {}, some_settings()).pending == ("later",)
    assert score_answers(bank, {"pay": "dk"}, some_settings()).missing == ("later",)


def test_an_empty_form_is_not_rated_and_a_bank_that_asks_nothing_is_low() -> None:
    assert score_answers(BANK, {}, some_settings()).band == "not_rated"
    nothing = score_answers(a_bank(), {}, some_settings())
    assert (nothing.exposure, nothing.gap, nothing.score, nothing.band) == (40, 0, 10, "low")
    assert (nothing.unknown_share, nothing.evidence_share, nothing.confidence) == (0, 0, 60)


def test_signs_are_listed_sorted_with_their_first_indicator() -> None:
    serious = a_sign_question("a_first", ilo=(9, 8))
    fires = a_check("D9", when=Leaf("pay", "is", "bad"))
    grave = a_check("D2", when=Leaf("pay", "is", "bad"), sign="serious", ilo=(8,))
    bank = a_bank(a_question("pay"), a_sign_question("z", ilo=()), serious, checks=[fires, grave])
    found = score_answers(bank, {"pay": "bad", "z": "serious", "a_first": "urgent"}, some_settings())
    assert found.urgent_signs == ("a_first",)
    assert found.serious_signs == ("D2", "z")
    assert found.notes == ("D9",)
    assert found.signs == (
        RaisedSign("z", "serious", None),
        RaisedSign("a_first", "urgent", 9),
        RaisedSign("D2", "serious", 8),
    )
    assert [finding.id for finding in found.fired_checks] == ["D9", "D2"]


def test_dont_know_is_an_unknown_sign_unless_it_is_itself_the_sign() -> None:
    own = a_sign_question("own", options=(an_option("good"), an_option("dk", 4, sign="serious")))
    bank = a_bank(a_question("plain"), a_sign_question("papers"), own, a_rate())
    answers: dict[str, AnswerValue] = {"plain": "dk", "papers": "dk", "own": "dk", "rate": "dk"}
    found = score_answers(bank, answers, some_settings())
    assert found.unknown_signs == ("papers", "rate")
    assert found.serious_signs == ("own",)


def test_nobody_looked_is_an_unknown_sign_where_the_question_can_raise_one() -> None:
    guess = an_option("guess", 1, not_looked=True)
    bank = a_bank(
        a_sign_question("grave", options=(an_option("good"), guess, an_option("bad", 4, sign="serious"))),
        a_question("plain", dimension="home", options=(an_option("good"), guess, an_option("bad", 4))),
    )
    found = score_answers(bank, {"grave": "guess", "plain": "guess"}, some_settings(medium=60))
    assert found.unknown_signs == ("grave",)
    assert found.not_looked == ("grave", "plain")
    assert (found.unknown_share, found.band, found.reasons[0]) == (0, "medium", "unknown_sign")
    own = (an_option("good"), an_option("guess", 4, sign="serious", not_looked=True))
    assert score_answers(a_bank(a_sign_question(options=own)), {"s": "guess"}, some_settings()).unknown_signs == ()


WORKERS = several(
    "core_worker_types", kind="fact", options=(an_option("family"), an_option("employees"), an_option("dk"))
)
SLIPS = a_question(
    "slips", options=(an_option("good"), an_option("none", 1, breach="payslips"), an_option("both", 1, breach="terms"))
)


def test_a_breach_is_listed_with_its_duty_and_cannot_be_low() -> None:
    bank = a_bank(SLIPS, *[a_question(f"q{index}") for index in range(9)])
    answers: dict[str, AnswerValue] = {f"q{index}": "good" for index in range(9)}
    found = score_answers(bank, answers | {"slips": "none"}, some_settings())
    assert found.breaches == (Breach("slips", "payslips"),)
    assert (found.score_band, found.band, found.reasons) == ("low", "medium", ("breach",))
    grave = score_answers(bank, answers | {"slips": "none"}, some_settings(medium=1, high=2, critical=3))
    assert (grave.band, grave.breaches) == ("critical", (Breach("slips", "payslips"),))


def test_thin_safeguards_are_not_low_and_name_their_areas_the_widest_first() -> None:
    dimensions = ("pay", "papers", "home", "voice")
    bank = a_bank(*[a_question(f"{name}{index}", dimension=name) for name in dimensions for index in range(3)])
    answers: dict[str, AnswerValue] = {question.id: "good" for question in bank.questions()}
    answers |= {"pay0": "bad", "papers0": "bad", "papers1": "bad", "home0": "fair", "voice0": "bad", "voice1": "bad"}
    found = score_answers(bank, answers, some_settings())
    assert found.gap >= 0.25
    assert (found.score_band, found.band, found.reasons) == ("low", "medium", ("gap",))
    assert found.wide_areas == ("papers", "pay")
    held = score_answers(bank, answers, some_settings(low_gap=found.gap + 0.001))
    assert (held.band, held.reasons, held.wide_areas) == ("low", (), ())


@pytest.mark.parametrize(
    ("workers", "counts"), [(["family"], False), (["family", "employees"], True), (["dk"], True), (None, True)]
)
def test_where_only_the_family_works_neither_breach_nor_thin_safeguards_count(
    workers: list[str] | None, *, counts: bool
) -> None:
    bank = a_bank(WORKERS, SLIPS, *[a_question(f"q{index}") for index in range(3)])
    answers: dict[str, AnswerValue] = {"slips": "none", "q0": "bad", "q1": "good", "q2": "good"}
    found = score_answers(bank, answers | ({"core_worker_types": workers} if workers else {}), some_settings())
    assert found.gap >= 0.25
    assert bool(found.breaches) is counts
    assert (found.low_gap == 0.25) is counts
    assert found.band == ("medium" if counts else "low")


def test_third_party_control_is_noted_where_a_sign_of_it_was_chosen() -> None:
    options = (an_option("self"), an_option("friend", 2), an_option("same", 4, sign="serious", third_party=True))
    bank = a_bank(a_sign_question("speaks", options=options))
    assert score_answers(bank, {"speaks": "same"}, some_settings()).third_party
    assert not score_answers(bank, {"speaks": "friend"}, some_settings()).third_party


def test_the_unknown_share_counts_shown_scored_questions_only() -> None:
    found = result(size="dk", pay="dk", home="dk")
    assert found.unknown_share == 2 / 4
    assert found.band == "not_rated"
    assert found.reasons == ("dont_know",)


def test_evidence_counts_for_good_safeguards_out_of_all_that_are_shown() -> None:
    answers = GOOD | {"home": "fair", "papers": "dk"}
    noted = frozenset({"pay", "home", "papers", "exposed", "size", "nowhere"})
    assert score_answers(BANK, answers, some_settings(), evidence=noted).evidence_share == 1 / 3
    assert score_answers(BANK, GOOD, some_settings(), evidence=noted).evidence_share == 1
    assert score_answers(BANK, GOOD, some_settings(), evidence=frozenset({"pay"})).evidence_share == 1 / 3
    assert score_answers(BANK, GOOD, some_settings()).evidence_share == 0


def test_dont_know_and_not_looked_are_never_good_even_when_they_cost_nothing() -> None:
    bank = a_bank(a_question(options=(an_option("good"), an_option("guess", not_looked=True), an_option("dk", 0))))
    noted = frozenset({"q"})
    shares = [
        score_answers(bank, {"q": answer}, some_settings(), evidence=noted).evidence_share
        for answer in ("dk", "guess", "good")
    ]
    assert shares == [0, 0, 1]


def test_what_was_found_and_put_right_is_good() -> None:
    options = (an_option("good"), an_option("repaid", 0, mended=True), an_option("bad", 4, sign="serious"))
    found = score_answers(
        a_bank(a_sign_question(options=options)), {"s": "repaid"}, some_settings(), evidence=frozenset({"s"})
    )
    assert (found.signs, found.unknown_signs, found.evidence_share, found.band) == ((), (), 1, "low")


def test_a_given_evidence_share_replaces_the_counted_one() -> None:
    found = score_answers(BANK, GOOD, some_settings(), evidence=frozenset({"pay"}), evidence_share=0.7)
    assert found.evidence_share == 0.7
    assert found.confidence == pytest.approx(88)


def test_a_quick_check_asks_less_and_never_says_low() -> None:
    found = score_answers(BANK, GOOD, some_settings(), quick=True)
    assert [line.question for line in found.lines] == ["exposed", "pay", "papers"]
    assert (found.band, found.reasons, found.quick) == ("not_rated", ("quick",), True)
    assert found.shown == len(quick_edition(BANK).questions()) == 3


def test_an_answer_that_is_none_is_refused_only_where_it_is_shown() -> None:
    with pytest.raises(AnswerError, match="home: 'nonsense'"):
        result(home="nonsense")
    assert result(later="nonsense").band == "low"


def test_the_result_holds_the_settings_it_rests_on() -> None:
    assert result().settings == some_settings()


def test_a_table_of_settings_may_change_between_two_results() -> None:
    bank = a_bank(a_number(), a_rate())
    answers: dict[str, AnswerValue] = {"n": 5, "rate": 15}
    assert score_answers(bank, answers, some_settings()).gap < score_answers(bank, answers, some_settings(wage=13)).gap


def test_checks_are_made_ready_once() -> None:
    bank = a_bank(a_question("pay"), checks=[a_check("D9", when=Leaf("pay", "is", "bad"))])
    for _ in range(2):
        assert [one.id for one in judge_checks(bank, {"pay": "bad"}, some_settings(), None).fired] == ["D9"]
