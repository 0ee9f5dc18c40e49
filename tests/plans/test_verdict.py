"""The verdict over all reasons: the word, at most two of them in their order, and nothing that names an answer."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from assess.plans.pages import to_html
from assess.plans.verdict import verdict
from tests.plans.records import SCENARIOS, Record, a_record, scenario, text_of

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
        said = verdict(a_result("high", (second, first)))
        assert said.sentence == f"High, because {WORDS[first]}; {WORDS[second]}."
        assert not said.others
    said = verdict(a_result("medium", tuple(order)))
    assert said.sentence == f"Medium, because {WORDS['breach']}; {WORDS['sign']}."
    assert said.others == (
        "9 answers are not known yet.",
        "Safeguards are thin: hours and rest; housing and transport.",
        "Much is missing against what your work brings.",
    )


@pytest.mark.parametrize("reason", WORDS)
def test_one_reason_is_said_alone_and_a_quick_check_says_so_far(reason: str) -> None:
    assert verdict(a_result("critical", (reason,))).sentence == f"Act now, because {WORDS[reason]}."
    assert verdict(a_result("high", (reason,), quick=True)).sentence == f"High so far, because {WORDS[reason]}."


def test_one_answer_is_counted_as_one() -> None:
    said = verdict(a_result("medium", ("unknown_sign",), unknown_signs=["D1"]))
    assert said.sentence == "Medium, because 1 answer is not known yet."


def test_two_duties_are_named_and_the_others_counted() -> None:
    names = ("slip", "holiday", "terms", "slip")
    said = verdict(a_result("medium", ("breach",), breaches=[{"question": "x", "duty": name} for name in names]))
    assert said.sentence == "Medium, because the law asks for more: a payslip; paid holiday and 1 more."
    assert [duty.says for duty in said.breaches] == ["a payslip", "paid holiday", "written terms"]


def test_a_duty_that_does_not_bind_in_the_place_is_left_out() -> None:
    breaches = [{"question": "x", "duty": "elsewhere"}, {"question": "y", "duty": "slip"}]
    said = verdict(a_result("medium", ("breach",), breaches=breaches))
    assert said.sentence == "Medium, because the law asks for more: a payslip."
    alone = verdict(a_result("medium", ("breach",), breaches=breaches[:1]))
    assert alone.sentence == "Medium, because the law where you work may ask for more."
    assert not alone.breaches


def test_breaches_are_listed_whatever_the_band() -> None:
    said = verdict(a_result("high", ("points",)))
    assert [duty.says for duty in said.breaches] == ["a payslip", "paid holiday"]


@pytest.mark.parametrize("changed", [{"urgent_signs": ["core_documents"]}, {"third_party": True}])
@pytest.mark.parametrize(("band", "word"), [("critical", "Act now"), ("high", "High"), ("not_rated", "Not rated")])
def test_where_advice_comes_first_nothing_else_is_said(band: str, word: str, changed: dict[str, Any]) -> None:
    said = verdict(a_result(band, ("sign", "points"), **changed))
    assert said.sentence == f"{word}: get advice before you do anything else."
    assert said.alone
    assert not said.others
    assert not said.then


def test_low_praises_nobody() -> None:
    said = verdict(a_result("low"))
    assert said.sentence == "Low, by your own answers, which nobody has checked."
    assert said.then == "Ask yourself again by 24 November 2027."


def test_what_is_not_rated_says_why() -> None:
    assert (
        verdict(a_result("not_rated", ("dont_know",))).sentence == "Not rated: more than 4 in 10 answers are not known."
    )
    quick = a_result("not_rated", ("quick",), quick=True)
    asked = [question for section in quick["sections"] for question in section["questions"]]
    asked[0]["answer"] = None
    assert verdict(quick).sentence == f"Nothing worrying in these {len(asked) - 1} answers."


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_verdict_is_short_and_stands_first_on_paper(bank: str, title: str) -> None:
    record = scenario(bank, title)
    said = verdict(record)
    assert len(said.sentence) <= 170
    assert said.sentence[-1] == "."
    text = text_of(to_html(record, "business"))
    # the head of the document comes twice: as its title and as its heading
    assert text.split(said.sentence)[0].count("Action plan for") == 2


SECOND_PAGE = "Three things to do first"


def test_page_one_carries_advice_alone_while_advice_comes_first() -> None:
    asked = {question["ask"] for section in scenario()["sections"] for question in section["questions"]}
    text = text_of(to_html(a_record(change={"core_documents": "third"}), "business"))
    page_one = text.split("What to do today if someone may be in danger")[0]
    assert "Some of your answers need advice today." in page_one
    assert "get advice before you do anything else." in page_one
    assert SECOND_PAGE not in text
    assert "This is the law" not in page_one
    assert not [ask for ask in asked if ask in page_one]


def test_a_verdict_never_names_the_answer_behind_it() -> None:
    for change in ({"core_documents": "employer"}, {"core_controller": "yes"}, {"core_documents": "dk"}):
        record = a_record(change=change)
        [question] = [
            one for section in record["sections"] for one in section["questions"] if one["id"] == next(iter(change))
        ]
        said = " ".join((verdict(record).sentence, *verdict(record).others))
        assert question["ask"] not in said
        assert (question["name"] or "?").lower() not in said.lower()
