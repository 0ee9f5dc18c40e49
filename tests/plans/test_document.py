from __future__ import annotations

import pytest

from assess.plans.copies import ordinary_questions
from assess.plans.document import MOST_STRENGTHS, business_plan, coordinator_plan, strengths_of
from tests.plans.records import SCENARIOS, scenario


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_only_the_coordinator_has_a_sheet_of_signs(bank: str, title: str) -> None:
    record = scenario(bank, title)
    assert business_plan(record).signs is None
    assert coordinator_plan(record).signs is not None


def test_both_copies_tell_of_the_same_score() -> None:
    record = scenario()
    business, coordinator = business_plan(record), coordinator_plan(record)
    assert business.statement == coordinator.statement
    assert business.title == "Action plan for Fen Edge Growers Ltd"
    assert coordinator.title == "Coordinator’s copy for Fen Edge Growers Ltd"


def test_advice_is_urgent_exactly_when_an_urgent_sign_is_open() -> None:
    for bank, title in SCENARIOS:
        record = scenario(bank, title)
        assert business_plan(record).urgent is bool(record["result"]["urgent_signs"])


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_strengths_are_good_answers_to_ordinary_questions_and_never_whole_areas(bank: str, title: str) -> None:
    record = scenario(bank, title)
    ordinary = ordinary_questions(record)
    good = [row for row in record["strengths"] if row["question"] in ordinary]
    found = strengths_of(record, ordinary)
    assert [strength.ask for strength in found.answers] == [row["ask"] for row in good[:MOST_STRENGTHS]]
    assert found.more == max(0, len(good) - MOST_STRENGTHS)
    assert all(strength.answer for strength in found.answers)
    assert found == business_plan(record).strengths == coordinator_plan(record).strengths


def test_a_good_answer_to_a_sign_question_is_no_strength() -> None:
    record = scenario("farming", "farming low")
    shown = {strength.ask for strength in business_plan(record).strengths.answers}
    asked = [question for section in record["sections"] for question in section["questions"]]
    grave = {row["ask"] for row in asked if row["can_sign"] and row["points"] == 0}
    assert grave
    assert shown
    assert not grave & shown
