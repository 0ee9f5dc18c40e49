"""Every duty of random profiles of facts, judged a second time by conditions that share no code with the engine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from assess.engine.duties import judge_duties
from tests.engine.real_banks import TODAY, compiled, edition_of
from tests.engine.reference_conditions import FALSE, ORDERS, SHOWN, TRUE, Data, Seen, at_least_of, verdict

PROFILES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "60"))
SAID = {TRUE: "applies", FALSE: "does_not_apply"}
WHOLES = {"AU_NSW": "AU", "US_CA": "US"}
NUMBERS = (0, 1, 9, 35, 36_000_000, 60, 249, 250, 501, 5_000_000, 35_999_999, 500_000_000, 1_000_000_000)


def a_profile(rnd: Random, facts: list[Data], unknown: float) -> dict[str, Any]:
    return {fact["id"]: a_value(rnd, fact) for fact in facts if rnd.random() >= unknown}


def a_value(rnd: Random, fact: Data) -> Any:
    options = [option["id"] for option in fact.get("options", ())]
    match fact["type"]:
        case "yes_no":
            return rnd.random() < 0.5
        case "choice":
            return rnd.choice(options)
        case "choices":
            return rnd.sample(options, rnd.randint(1, min(4, len(options))))
        case "date":
            return rnd.choice(("2026-03-31", "2025-12-31", "2026-10-15"))
        case _:
            return rnd.choice(NUMBERS)


def holds(condition: Any, seen: Seen, book: Data, judged: Mapping[str, str]) -> str:
    """The verdict of a condition over facts, with the shorthands of the book and the duties judged before."""
    name, inner = next(iter(condition.items())) if isinstance(condition, Mapping) else (None, None)
    if name == "term":
        return holds(book["terms"][inner], seen, book, judged)
    if name == "applies":
        return judged[inner]
    if name == "not":
        found = holds(inner, seen, book, judged)
        return {TRUE: FALSE, FALSE: TRUE}.get(found, found)
    if name in ORDERS:
        parts = [holds(part, seen, book, judged) for part in inner]
        return next(one for one in ORDERS[name] if one in parts)
    if name == "at_least_of":
        return at_least_of(inner["n"], [holds(part, seen, book, judged) for part in inner["of"]])
    return verdict(condition, seen)


def second_judge(book: Data, facts: Mapping[str, Any]) -> dict[str, str]:
    known = dict(facts)
    if "operates_in" in known:
        places = known["operates_in"]
        known["operates_in"] = [*places, *(WHOLES[one] for one in places if one in WHOLES)]
    seen = Seen(known, {fact["id"]: SHOWN for fact in book["facts"]})
    judged: dict[str, str] = {}
    for duty in book["duties"]:
        judged[duty["id"]] = holds(duty["when"], seen, book, judged)
    return {name: SAID.get(found, "to_check") for name, found in judged.items()}


@pytest.mark.parametrize("unknown", [0.0, 0.2, 0.5])
def test_every_duty_of_random_profiles_is_judged_alike(unknown: float) -> None:
    rnd = Random(f"duties {unknown}")
    book = compiled("farming").document["duty_book"]
    assert isinstance(book, dict)
    told = set()
    for _ in range(PROFILES):
        facts = a_profile(rnd, book["facts"], unknown)
        ours = {one.duty.id: one.verdict for one in judge_duties(edition_of("farming").duty_book, facts, TODAY)}
        assert ours == second_judge(book, facts), facts
        told |= set(ours.values())
    assert len(ours) == len(book["duties"]) > 70
    assert told >= {"applies", "does_not_apply"}
