"""A record so near to a better band that a short way leads there."""

from __future__ import annotations

from functools import cache

from assess.plans.copies import business_record
from tests.plans.records import Record, a_record, scenario
from tests.plans.test_promised_gains import best_answer


@cache
def near_record() -> Record:
    """A medium farm that has put so much right that a few steps more make it low."""
    change: dict[str, object] = {}
    asked = {question["id"]: question for part in scenario()["sections"] for question in part["questions"]}
    actions = scenario("farming", "farming medium")["actions"]
    names = [
        name for action in actions for name in action["questions"] if asked.get(name, {}).get("kind") == "safeguard"
    ]
    for name in sorted(names, key=lambda name: not asked[name]["can_sign"]):
        change[name] = best_answer("farming", name)
        record = a_record("farming", "farming medium", change=change)
        if business_record(record)["short_set"]["questions"]:
            return record
    raise AssertionError("no short way on the way to low")
