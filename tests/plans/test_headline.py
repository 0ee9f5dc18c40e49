"""The headline over all reasons: the word, at most two of them in their order, and nothing that names an answer."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations
from math import floor
from random import Random
from typing import Any

import pytest

from assess.plans.copies import business_record, record_as_of
from assess.plans.first_page import confidence_line, headline_of, rating_of
from assess.plans.print_html import copy_html
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import SCENARIOS, Record, a_record, scenario, text_of


def half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(floor(value * 10**places + Fraction(1, 2)), 10**places)


def worked_out(line: str) -> str:
    """What the sum of a line comes to from its own text alone: fractions all the way, rounded to the digits it shows."""
    sum_, shown, printed = re.findall(r"So ([\d.÷×+() ]+) = (\d+(?:\.\d+)?), printed as (\d+%)\.", line)[0]
    plain = re.sub(r"\d+(?:\.\d+)?", r"Fraction('\g<0>')", sum_.replace("×", "*").replace("÷", "/"))
    found: Fraction = eval(plain, {"Fraction": Fraction})  # noqa: S307  # our own sentence, digits and signs only
    assert half_up(found, len(shown.partition(".")[2])) == Fraction(shown), line
    assert f"{half_up(Fraction(shown), 0)}%" == printed, line
    return str(printed)


def holds(record: dict[str, Any]) -> None:
    assert worked_out(confidence_line(record)) == rating_of(record).confidence


@pytest.mark.parametrize("part", range(4))
def test_the_line_as_printed_comes_to_the_confidence_as_printed(part: int) -> None:
    rnd = Random(part)
    for index in range(50):
        bank = BANKS[index % len(BANKS)]
        some = some_answers(rnd, edition_of(bank), unknown=rnd.choice((0, 0.1, 0.4)))
        asked = [question.id for question in edition_of(bank).questions()]
        proof = frozenset(rnd.sample(asked, rnd.randrange(len(asked))))
        record = a_record(bank, f"{bank} low", change=some, quick=index % 10 == 9, evidence=proof)
        holds(record)
        holds(business_record(record))
        holds(dict(record_as_of(record, "2028-01-01")))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_line_stands_on_the_page_of_points(bank: str, title: str) -> None:
    record = scenario(bank, title)
    said = text_of(copy_html(record, "annex"))
    assert confidence_line(record) in said
    assert f"printed as {worked_out(confidence_line(record))}." in said


def test_a_number_halfway_goes_up_as_it_does_on_the_first_page() -> None:
    record = scenario("farming", "farming low")
    known = [{"question": f"q{place}", "kind": "safeguard", "points": 0, "answer": "yes"} for place in range(32)]
    unknown = [{"question": f"u{place}", "kind": "safeguard", "points": 4, "answer": "dk"} for place in range(16)]
    share = 3 / 32
    record["evidence"] = ["q0", "q1", "q2"]
    record["result"].update(
        lines=known + unknown, evidence_share=share, confidence=100 * (1 - 1 / 3) * (0.6 + 0.4 * share)
    )
    assert worked_out(confidence_line(record)) == rating_of(record).confidence == "43%"


def test_a_share_given_as_a_number_stands_as_that_number() -> None:
    record = a_record("farming", "farming low", evidence_share=0.35)
    assert "have proof is 0.35." in confidence_line(record)
    holds(record)


def test_answers_of_last_year_count_for_less_and_the_line_says_why() -> None:
    line = confidence_line(record_as_of(scenario(), "2028-01-01"))
    assert "more than a year old" in line
    assert ") × 0.8 = " in line


def test_without_a_good_answer_nothing_is_divided_by_nothing() -> None:
    record = scenario("farming", "farming low")
    record["result"].update(
        lines=[{"question": "q", "kind": "safeguard", "points": 4, "answer": "no"}], evidence_share=0, confidence=60.0
    )
    assert worked_out(confidence_line(record)) == "60%"
    record["result"]["lines"] = []
    assert confidence_line(record) == "Your confidence is 60%: nothing was asked that counts."


def test_a_wrong_digit_does_not_add_up() -> None:
    line = confidence_line(a_record("farming", "farming medium", evidence_share=0.35))
    for number in ("0.6", "100", "0.4"):
        with pytest.raises(AssertionError):
            worked_out(line.replace(f"{number} ", f"{float(number) * 3:g} ", 1))


WORDS = {
    "breach": "the law asks for more: a payslip; paid holiday",
    "sign": "some of your answers matter whatever the others say",
    "unknown_sign": "9 answers are not known yet",
    "gap": "safeguards are thin: hours and rest; housing and transport",
    "points": "much is missing against what your work brings",
}
"""What each reason says, in the order in which they are said."""


def a_result(band: str = "medium", reasons: tuple[str, ...] = (), **changed: Any) -> Record:
    """A made-up result: two breaches, nine answers not known, and two thin areas."""
    record = scenario()
    record["quick"] = changed.pop("quick", False)
    record["duties"] = [
        {"id": "slip", "title": "Itemised payslip", "line": "A payslip", "verdict": "applies"},
        {"id": "holiday", "title": "Paid holiday", "line": None, "verdict": "to_check"},
        {"id": "terms", "title": "Written terms", "line": None, "verdict": "applies"},
        {"id": "elsewhere", "title": "Not here", "line": None, "verdict": "does_not_apply"},
    ]
    record["result"] |= {
        "band": band,
        "reasons": list(reasons),
        "urgent_signs": [],
        "third_party": False,
        "unknown_signs": [f"q{number}" for number in range(9)],
        "breaches": [{"question": "a", "duty": "slip"}, {"question": "b", "duty": "holiday"}],
        "wide_areas": ["hours_rest", "accommodation_transport", "freedom_movement"],
        **changed,
    }
    return record


def test_every_two_reasons_are_said_in_their_order_and_a_third_stands_below() -> None:
    order = list(WORDS)
    for first, second in combinations(order, 2):
        said = headline_of(a_result("high", (second, first)))
        assert said.sentence == f"High, because {WORDS[first]}; {WORDS[second]}."
        assert not said.others
    said = headline_of(a_result("medium", tuple(order)))
    assert said.sentence == f"Medium, because {WORDS['breach']}; {WORDS['sign']}."
    assert said.others == (
        "9 answers are not known yet.",
        "Safeguards are thin: hours and rest; housing and transport.",
        "Much is missing against what your work brings.",
    )


@pytest.mark.parametrize("reason", WORDS)
def test_one_reason_is_said_alone_and_a_quick_check_says_so_far(reason: str) -> None:
    assert headline_of(a_result("critical", (reason,))).sentence == f"Act now, because {WORDS[reason]}."
    assert headline_of(a_result("high", (reason,), quick=True)).sentence == f"High so far, because {WORDS[reason]}."


def test_one_answer_is_counted_as_one() -> None:
    said = headline_of(a_result("medium", ("unknown_sign",), unknown_signs=["D1"]))
    assert said.sentence == "Medium, because 1 answer is not known yet."


def test_two_duties_are_named_and_the_others_counted() -> None:
    names = ("slip", "holiday", "terms", "slip")
    said = headline_of(a_result("medium", ("breach",), breaches=[{"question": "x", "duty": name} for name in names]))
    assert said.sentence == "Medium, because the law asks for more: a payslip; paid holiday and 1 more."
    assert [duty.says for duty in said.breaches] == ["a payslip", "paid holiday", "written terms"]


def test_a_duty_that_does_not_bind_in_the_place_is_left_out() -> None:
    breaches = [{"question": "x", "duty": "elsewhere"}, {"question": "y", "duty": "slip"}]
    said = headline_of(a_result("medium", ("breach",), breaches=breaches))
    assert said.sentence == "Medium, because the law asks for more: a payslip."
    alone = headline_of(a_result("medium", ("breach",), breaches=breaches[:1]))
    assert alone.sentence == "Medium, because the law where you work may ask for more."
    assert not alone.breaches


def test_breaches_are_listed_whatever_the_band() -> None:
    said = headline_of(a_result("high", ("points",)))
    assert [duty.says for duty in said.breaches] == ["a payslip", "paid holiday"]


@pytest.mark.parametrize("changed", [{"urgent_signs": ["core_documents"]}, {"third_party": True}])
@pytest.mark.parametrize(("band", "word"), [("critical", "Act now"), ("high", "High"), ("not_rated", "Not rated")])
def test_where_advice_comes_first_nothing_else_is_said(band: str, word: str, changed: dict[str, Any]) -> None:
    said = headline_of(a_result(band, ("sign", "points"), **changed))
    assert said.sentence == f"{word}: get advice before you do anything else."
    assert said.alone
    assert not said.others
    assert not said.then


def test_low_praises_nobody() -> None:
    said = headline_of(a_result("low"))
    assert said.sentence == "Low, by your own answers, which nobody has checked."
    assert said.then == "Ask yourself again by 24 November 2027."


def test_what_is_not_rated_says_why() -> None:
    assert (
        headline_of(a_result("not_rated", ("dont_know",))).sentence
        == "Not rated: more than 4 in 10 answers are not known."
    )
    quick = a_result("not_rated", ("quick",), quick=True)
    asked = [question for section in quick["sections"] for question in section["questions"]]
    asked[0]["answer"] = None
    assert headline_of(quick).sentence == f"Nothing worrying in these {len(asked) - 1} answers."


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_headline_is_short_and_stands_first_on_paper(bank: str, title: str) -> None:
    record = scenario(bank, title)
    said = headline_of(record)
    assert len(said.sentence) <= 170
    assert said.sentence[-1] == "."
    text = text_of(copy_html(record, "business"))
    # the head of the document comes twice: as its title and as its heading
    assert text.split(said.sentence)[0].count("Action plan for") == 2


SECOND_PAGE = "Three things to do first"


def test_page_one_carries_advice_alone_while_advice_comes_first() -> None:
    asked = {question["ask"] for section in scenario()["sections"] for question in section["questions"]}
    text = text_of(copy_html(a_record(change={"core_documents": "third"}), "business"))
    page_one = text.split("What to do today if someone may be in danger")[0]
    assert "Some of your answers need advice today." in page_one
    assert "get advice before you do anything else." in page_one
    assert SECOND_PAGE not in text
    assert "This is the law" not in page_one
    assert not [ask for ask in asked if ask in page_one]


def test_a_headline_never_names_the_answer_behind_it() -> None:
    for change in ({"core_documents": "employer"}, {"core_controller": "yes"}, {"core_documents": "dk"}):
        record = a_record(change=change)
        [question] = [
            one for section in record["sections"] for one in section["questions"] if one["id"] == next(iter(change))
        ]
        said = " ".join((headline_of(record).sentence, *headline_of(record).others))
        assert question["ask"] not in said
        assert (question["name"] or "?").lower() not in said.lower()
