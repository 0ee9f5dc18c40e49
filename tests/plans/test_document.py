from __future__ import annotations

import pytest

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


def test_strengths_are_short_and_name_whole_areas_first() -> None:
    good = strengths_of(scenario("farming", "farming medium"))
    assert good.whole
    assert len(good.single) <= MOST_STRENGTHS
    assert all(strength.answer for strength in good.single)


def test_strengths_beyond_the_first_are_counted() -> None:
    record = scenario("farming", "farming medium")
    for area in record["dimensions"]:
        area["points"] = 1
    good = strengths_of(record)
    assert good.whole == ()
    assert good.more == len(record["strengths"]) - MOST_STRENGTHS
