from __future__ import annotations

import pytest

from assess.engine.bank import Edition, Value
from assess.engine.checks import findings
from assess.engine.conditions import Leaf
from assess.engine.marks import AnswerError
from assess.engine.result import DimensionGap, Line, RaisedSign, Result
from assess.engine.scoring import quick_edition, score
from tests.builders import (
    a_bank,
    a_check,
    a_number,
    a_question,
    a_rate,
    a_sign_question,
    an_option,
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
GOOD: dict[str, Value] = {"size": "good", "exposed": "good", "pay": "good", "home": "good", "papers": "good"}


def result(bank: Edition = BANK, /, **changes: Value) -> Result:
    return score(bank, GOOD | changes, some_settings())


def test_the_sums_of_a_small_bank_by_hand() -> None:
    found = result(exposed="poor", pay="fair", home="poor", papers="poor")
    assert found.base == 40
    assert found.exposure == 40 + 60 * 3 / 4
    assert found.dimensions == (
        DimensionGap("pay", 3, 1, 4, 0.25),
        DimensionGap("papers", 3, 3, 4, 0.75),
        DimensionGap("home", 2, 3, 4, 0.75),
    )
    assert found.mean_gap == (3 * 0.25 + 3 * 0.75 + 2 * 0.75) / 8
    assert found.gap == 0.75 * found.mean_gap + 0.25 * (0.75 + 0.75 + 0.25) / 3
    assert found.score == found.exposure * (0.25 + 0.75 * found.gap)
    assert found.low == found.score == found.high
    assert (found.score_band, found.band, found.reasons) == ("high", "high", ())
    assert (found.sector, found.quick, found.shown) == ("small", False, 5)


def test_the_best_answers_leave_the_floor_of_the_base() -> None:
    found = result()
    assert (found.exposure, found.gap, found.score, found.band) == (40, 0, 10, "low")
    assert found.missing == found.pending == found.signs == found.findings == ()


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
    found = score(BANK, answers, some_settings())
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
    assert score(bank, {}, some_settings()).pending == ("later",)
    assert score(bank, {"pay": "dk"}, some_settings()).missing == ("later",)


def test_an_empty_form_is_not_rated_and_a_bank_that_asks_nothing_is_low() -> None:
    assert score(BANK, {}, some_settings()).band == "not_rated"
    nothing = score(a_bank(), {}, some_settings())
    assert (nothing.exposure, nothing.gap, nothing.score, nothing.band) == (40, 0, 10, "low")
    assert (nothing.unknown_share, nothing.evidence_share, nothing.confidence) == (0, 0, 60)


def test_signs_are_listed_sorted_with_their_first_indicator() -> None:
    serious = a_sign_question("a_first", ilo=(9, 8))
    fires = a_check("D9", when=Leaf("pay", "is", "bad"))
    grave = a_check("D2", when=Leaf("pay", "is", "bad"), sign="serious", ilo=(8,))
    bank = a_bank(a_question("pay"), a_sign_question("z", ilo=()), serious, checks=[fires, grave])
    found = score(bank, {"pay": "bad", "z": "serious", "a_first": "urgent"}, some_settings())
    assert found.urgent_signs == ("a_first",)
    assert found.serious_signs == ("D2", "z")
    assert found.notes == ("D9",)
    assert found.signs == (
        RaisedSign("z", "serious", None),
        RaisedSign("a_first", "urgent", 9),
        RaisedSign("D2", "serious", 8),
    )
    assert [finding.id for finding in found.findings] == ["D9", "D2"]


def test_dont_know_is_an_unknown_sign_unless_it_is_itself_the_sign() -> None:
    own = a_sign_question("own", options=(an_option("good"), an_option("dk", 4, sign="serious")))
    bank = a_bank(a_question("plain"), a_sign_question("papers"), own, a_rate())
    answers: dict[str, Value] = {"plain": "dk", "papers": "dk", "own": "dk", "rate": "dk"}
    found = score(bank, answers, some_settings())
    assert found.unknown_signs == ("papers", "rate")
    assert found.serious_signs == ("own",)


def test_third_party_control_is_noted_where_a_sign_of_it_was_chosen() -> None:
    options = (an_option("self"), an_option("friend", 2), an_option("same", 4, sign="serious", third_party=True))
    bank = a_bank(a_sign_question("speaks", options=options))
    assert score(bank, {"speaks": "same"}, some_settings()).third_party
    assert not score(bank, {"speaks": "friend"}, some_settings()).third_party


def test_the_unknown_share_counts_shown_scored_questions_only() -> None:
    found = result(size="dk", pay="dk", home="dk")
    assert found.unknown_share == 2 / 4
    assert found.band == "not_rated"
    assert found.reasons == ("too_many_unknown",)


def test_evidence_counts_only_for_good_safeguards() -> None:
    answers = GOOD | {"home": "fair", "papers": "dk"}
    noted = frozenset({"pay", "home", "papers", "exposed", "size", "nowhere"})
    assert score(BANK, answers, some_settings(), evidence=noted).evidence_share == 1
    assert score(BANK, GOOD, some_settings(), evidence=frozenset({"pay"})).evidence_share == 1 / 3
    assert score(BANK, GOOD, some_settings()).evidence_share == 0


def test_dont_know_is_never_good_even_when_it_costs_nothing() -> None:
    bank = a_bank(a_question(options=(an_option("good"), an_option("dk", 0))))
    assert score(bank, {"q": "dk"}, some_settings(), evidence=frozenset({"q"})).evidence_share == 0


def test_a_given_evidence_share_replaces_the_counted_one() -> None:
    found = score(BANK, GOOD, some_settings(), evidence=frozenset({"pay"}), evidence_share=0.7)
    assert found.evidence_share == 0.7
    assert found.confidence == pytest.approx(88)


def test_confidence_falls_when_the_form_is_older_than_a_year() -> None:
    assert score(BANK, GOOD, some_settings(), months_old=12).confidence == 60
    old = score(BANK, GOOD, some_settings(), months_old=13)
    assert (old.confidence, old.stale) == (48, True)


def test_a_quick_check_asks_less_and_never_says_low() -> None:
    found = score(BANK, GOOD, some_settings(), quick=True)
    assert [line.question for line in found.lines] == ["exposed", "pay", "papers"]
    assert (found.band, found.reasons, found.quick) == ("not_rated", ("quick_check_cannot_say_low",), True)
    assert found.shown == len(quick_edition(BANK).questions()) == 3


def test_an_answer_that_is_none_is_refused_only_where_it_is_shown() -> None:
    with pytest.raises(AnswerError, match="home: 'nonsense'"):
        result(home="nonsense")
    assert result(later="nonsense").band == "low"


def test_the_result_holds_the_settings_it_rests_on() -> None:
    assert result().settings == some_settings()


def test_a_table_of_settings_may_change_between_two_results() -> None:
    bank = a_bank(a_number(), a_rate())
    answers: dict[str, Value] = {"n": 5, "rate": 15}
    assert score(bank, answers, some_settings()).gap < score(bank, answers, some_settings(wage=13)).gap


def test_checks_are_made_ready_once() -> None:
    bank = a_bank(a_question("pay"), checks=[a_check("D9", when=Leaf("pay", "is", "bad"))])
    for _ in range(2):
        assert [one.id for one in findings(bank, {"pay": "bad"}, some_settings(), None)] == ["D9"]
