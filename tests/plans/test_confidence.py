from __future__ import annotations

import re
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

import pytest

from assess.plans.confidence import confidence_line
from assess.plans.copies import aged, business_record
from assess.plans.first_page import rating_of
from assess.plans.pages import to_html
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import SCENARIOS, a_record, scenario, text_of


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
        holds(dict(aged(record, "2028-01-01")))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_line_stands_on_the_page_of_points(bank: str, title: str) -> None:
    record = scenario(bank, title)
    said = text_of(to_html(record, "business"))
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
    line = confidence_line(aged(scenario(), "2028-01-01"))
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
