from __future__ import annotations

import pytest

from assess.plans.copies import business_record
from assess.plans.register.state import ItemState
from assess.plans.what_if.way import way_from_here
from tests.plans.records import SCENARIOS, a_record, scenario
from tests.plans.what_if.near import near_record

DONE = ItemState(response="accepted", status="done", revision=1)
REFUSED = ItemState(response="will_not", reason="cost", revision=1)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_before_anything_is_done_it_is_the_short_way_of_the_plan(bank: str, title: str) -> None:
    record = scenario(bank, title)
    assert list(way_from_here(record)) == business_record(record)["short_set"]["questions"]


def test_it_is_the_short_way_of_the_plan_where_that_has_one() -> None:
    record = near_record()
    assert list(way_from_here(record)) == business_record(record)["short_set"]["questions"] != []


def test_what_is_done_of_it_is_not_named_again() -> None:
    way = way_from_here(near_record())
    for place in range(len(way)):
        left = way_from_here(near_record(), dict.fromkeys(way[:place], DONE))
        assert left == way[place:]
    assert way_from_here(near_record(), dict.fromkeys(way, DONE)) == ()


def test_what_will_not_be_done_is_no_part_of_it() -> None:
    record = near_record()
    refused = way_from_here(record)[0]
    assert refused not in way_from_here(record, {refused: REFUSED})


@pytest.mark.parametrize(
    "answer", [{"core_documents": "employer"}, {"core_documents": "dk"}, {"core_min_wage": "some_not"}]
)
def test_while_any_sign_is_open_there_is_none(answer: dict[str, object]) -> None:
    record = a_record(change=answer)
    keys = [action["question"] for action in record["actions"]]
    assert way_from_here(record) == ()
    assert way_from_here(record, dict.fromkeys(keys[:-2], DONE)) == ()


def test_a_record_of_long_ago_has_none() -> None:
    record = {key: value for key, value in near_record().items() if key != "charges"}
    assert way_from_here(record) == ()
