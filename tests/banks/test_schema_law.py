from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assess.banks.schema import shape_of
from assess.banks.yaml_lines import read_lines

DUTIES = Path(__file__).parents[1] / "engine" / "sound_folder" / "duties"


def file(name: str) -> dict[str, Any]:
    return read_lines((DUTIES / name).read_bytes()).data


def problems(data: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(one.number, one.place) for one in shape_of(data).problems]


@pytest.mark.parametrize("key", ["when", "deadline", "source", "url", "source_as_of", "evidence", "status", "force"])
def test_a_duty_says_where_it_comes_from_and_when_it_applies(key: str) -> None:
    data = file("uk.yaml")
    del data["duties"][0][key]
    assert problems(data) == [("BANK021", ("duties", 0))]


@pytest.mark.parametrize(
    ("key", "value", "number"),
    [
        ("status", "in force", "BANK023"),
        ("force", "must", "BANK023"),
        ("evidence", "E", "BANK023"),
        ("url", "www.example.org", "BANK027"),
        ("reviewed_on", "yesterday", "BANK026"),
        ("when", {"hires": True}, "BANK025"),
    ],
)
def test_a_duty_holds_values_of_the_right_kind(key: str, value: object, number: str) -> None:
    data = file("uk.yaml")
    data["duties"][0][key] = value
    assert problems(data)[0][0] == number
    assert problems(data)[0][1][:3] == ("duties", 0, key)


def test_a_step_is_a_text_or_a_text_with_its_condition() -> None:
    data = file("uk.yaml")
    data["duties"][0]["must_do"] = ["Do it.", {"text": "Do this too.", "when": "always"}, {"when": "always"}]
    assert problems(data) == [("BANK021", ("duties", 0, "must_do", 2))]


def test_a_deadline_may_count_from_something() -> None:
    data = file("uk.yaml")
    data["duties"][0]["deadline"] = {"kind": "record_retention", "n": 6, "from": "the pay day"}
    assert shape_of(data).data == data


def test_a_gate_makes_a_fact_true_false_or_a_number() -> None:
    data = file("facts.yaml")
    for value in (True, False, 0, 1.5):
        data["facts"][2]["gate_value"] = value
        assert problems(data) == []
    data["facts"][2]["gate_value"] = "no"
    assert problems(data) == [("BANK022", ("facts", 2, "gate_value"))]


def test_codes_of_countries_keep_their_capitals() -> None:
    data = file("facts.yaml")
    data["facts"][1]["sources"] = [{"question": "staff", "values": {"hired": "ENG"}, "unknown": ["dk"]}]
    assert shape_of(data).data == data
