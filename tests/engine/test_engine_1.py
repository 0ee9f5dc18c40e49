"""A record made under rules number 1 answers to the last digit what it answered on the day (its numbers were computed by the rules of then)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assess.engine.orders import Task
from assess.engine.recorded import scores_of, what_if_of
from assess.engine.short_sets import short_set
from assess.engine.steps import in_order
from assess.engine.what_if import WhatIf

GOLDEN = Path(__file__).parent / "golden"


def kept(name: str) -> dict[str, Any]:
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


RECORD = kept("engine_1_record.json")
NUMBERS = kept("engine_1_numbers.json")


def what_if() -> WhatIf:
    found = what_if_of(RECORD)
    assert found is not None
    return found


def tasks(rows: list[list[Any]]) -> list[Task]:
    return [Task(question, days) for question, days in rows]


def test_the_record_is_one_of_engine_1_with_a_sign_from_a_check_and_one_that_is_unknown() -> None:
    assert RECORD["engine"] == RECORD["result"]["engine"] == 1
    assert RECORD["result"]["serious_signs"] == ["D3"]
    assert RECORD["result"]["unknown_signs"]


def test_scores_and_bands_are_those_of_the_day() -> None:
    scores = scores_of(RECORD)
    assert scores is not None
    for row in NUMBERS["asked"]:
        assert scores.score(row["improved"]) == what_if().score(row["improved"]) == row["score"]
        assert what_if().band(row["improved"], row["score"]) == row["band"]
        assert [sign.id for sign in what_if().signs_left(row["improved"])] == row["signs_left"]


def test_its_own_score_and_band_come_out_again() -> None:
    result = RECORD["result"]
    assert what_if().score([]) == result["score"]
    assert what_if().band([], result["score"]) == result["band"]


def test_the_order_of_steps_is_that_of_the_day() -> None:
    scores = scores_of(RECORD)
    assert scores is not None
    steps = in_order(scores, [tasks(group) for group in NUMBERS["groups"]])
    assert [step._asdict() for step in steps] == NUMBERS["steps"]


def test_the_short_sets_are_those_of_the_day() -> None:
    for row in NUMBERS["short_sets"]:
        found = short_set(what_if(), tasks(NUMBERS["tasks"]), row["done"])
        assert {
            "done": row["done"],
            "questions": list(found.questions),
            "from_band": found.from_band,
            "to_band": found.to_band,
            "score_after": found.score_after,
            "reason": found.reason,
        } == row
