from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from assess.banks.json_schema import json_schema
from assess.banks.schema import SHAPES
from assess.banks.sheets import read_folder
from assess.banks.yaml_lines import read_lines
from tests.engine import real_banks
from tests.shelves import SOUND

SCHEMA = json_schema()
Data = dict[str, Any]
KINDS: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}
KNOWN = {
    "$ref", "type", "enum", "const", "pattern", "maxLength", "minimum", "maximum", "items", "minItems", "required", "properties",
    "additionalProperties", "propertyNames", "minProperties", "maxProperties", "anyOf", "if", "then", "else",
    "description", "title", "format", "$schema", "$defs",
}  # fmt: skip


def valid(schema: Any, value: Any) -> bool:
    """The words of JSON Schema that ours uses, each as the standard means it. An unknown one is a fault of the test."""
    if isinstance(schema, bool):
        return schema
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    return all(
        (
            "$ref" not in schema or valid(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value),
            "if" not in schema or valid(schema["then"] if valid(schema["if"], value) else schema["else"], value),
            "anyOf" not in schema or any(valid(one, value) for one in schema["anyOf"]),
            _simple(schema, value),
            not isinstance(value, dict) or _group(schema, value),
            not isinstance(value, list) or _list(schema, value),
        )
    )


def _simple(schema: Data, value: Any) -> bool:
    kinds = schema.get("type", [])
    ok = not kinds or any(KINDS[kind](value) for kind in ([kinds] if isinstance(kinds, str) else kinds))
    ok = ok and ("const" not in schema or (value == schema["const"] and not isinstance(value, bool)))
    ok = ok and (
        "enum" not in schema or any(value is one or (isinstance(value, str) and value == one) for one in schema["enum"])
    )
    if isinstance(value, str):
        ok = ok and bool(re.search(schema.get("pattern", ""), value)) and len(value) <= schema.get("maxLength", 10**9)
    if KINDS["number"](value):
        ok = ok and schema.get("minimum", value) <= value <= schema.get("maximum", value)
    return ok


def _group(schema: Data, value: Data) -> bool:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    return (
        set(schema.get("required", ())) <= set(value)
        and schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value))
        and all(valid(schema.get("propertyNames", True), key) for key in value)
        and all(valid(properties.get(key, others), part) for key, part in value.items())
    )


def _list(schema: Data, value: list[Any]) -> bool:
    return len(value) >= schema.get("minItems", 0) and all(valid(schema.get("items", True), one) for one in value)


def test_every_file_is_as_the_schema_says() -> None:
    sheets = [one for folder in (real_banks.QUESTIONNAIRES, SOUND) for one in read_folder(folder).sheets.values()]
    texts = {sheet.name: sheet.written for sheet in sheets if sheet.kind != "table"}
    assert len(texts) > 30
    assert [name for name, written in texts.items() if not valid(SCHEMA, written)] == []


def shop() -> Data:
    return read_lines((SOUND / "shop.yaml").read_bytes()).data


def question(**change: Any) -> Data:
    data = shop()
    data["sections"][0]["questions"][0] |= change
    return data


BROKEN: dict[str, Data] = {
    "no format": {"bank": "shop"},
    "another format": {**shop(), "format": 2},
    "no kind": {"format": 1, "title": "What am I?"},
    "an unknown key": {**shop(), "titel": "Shops"},
    "a key too few": {key: value for key, value in shop().items() if key != "title"},
    "no sections": {**shop(), "sections": []},
    "an id with a dash": question(id="who-keeps"),
    "another type": question(type="choise"),
    "points in words": question(options=[{"id": "a", "label": "A", "points": "four"}]),
    "an empty text": question(ask=" "),
    "an indicator that is none": question(ilo=[12]),
    "a flag in words": question(quick="yes"),
    "a condition of two things": question(show_if={"staff": {"is": "hired"}, "hours": {"at_least": 3}}),
    "a test nobody knows": question(show_if={"staff": {"equals": "hired"}}),
    "a day that is none": question(show_if={"since": {"before": "1 May 2026"}}),
    "a waiver of no remark": question(waived={"too_long": "It is not."}),
    "a waiver without a reason": question(waived={"long_sentence": ""}),
    "an address that is none": {
        "format": 1,
        "sources": {"S1": {"document": "D", "url": "the handbook", "how_far_read": "whole"}},
    },
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_not(name: str) -> None:
    assert not valid(SCHEMA, BROKEN[name])


@pytest.mark.parametrize(
    "show_if",
    [
        "always",
        {"all": [{"staff": {"is": "hired"}}, {"not": {"hours": {"at_most": 3}}}]},
        {"at_least_of": {"n": 1, "of": [{"asked": "hours"}, {"term": "in_england"}]}},
        {"staff": {"is": ["a", 7]}},
        {"since": {"before": "2026-05-01"}},
    ],
)
def test_conditions_may_be_written_in_every_way(show_if: object) -> None:
    assert valid(SCHEMA, question(show_if=show_if, waived={"long_sentence": "So says the law."}))


def test_every_kind_of_file_is_in_it() -> None:
    assert {shape.__name__.removesuffix("Shape") for shape in SHAPES.values()} <= set(SCHEMA["$defs"])
