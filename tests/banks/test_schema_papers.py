from __future__ import annotations

from typing import Any

import pytest

from assess.banks.schema import shape_of
from assess.banks.schema_papers import BLOCKS, GROUPS, BlockShape

TABLE = {"caption": "Hours", "columns": ["Day", "Hours"]}


def paper(*blocks: object, **changed: object) -> dict[str, Any]:
    whole = {
        "format": 1,
        "paper": "rota",
        "title": "A rota",
        "says": "Who works when.",
        "group": "plans",
        "for": ["staff"],
        "blocks": list(blocks) or [{"text": "Words."}],
        "sources": ["S1"],
        "reviewed": "2026-11-24",
        "review_by": "2027-11-24",
    }
    return {key: value for key, value in {**whole, **changed}.items() if value is not None}


def faults(data: dict[str, Any]) -> list[tuple[object, ...]]:
    return [(one.number, *one.place) for one in shape_of(data).problems]


def test_every_kind_of_block_can_be_written() -> None:
    blocks = [
        {"heading": "H"},
        {"text": "T"},
        {"list": ["a"]},
        {"numbered": ["a"]},
        {"checklist": ["a"]},
        {"table": {**TABLE, "rows": [["Monday"]], "empty": 2}},
        {"line": "Name"},
        {"space": {"label": "More", "lines": 2}},
        {"box": ["a"]},
        {"new_page": True},
    ]
    assert [next(iter(block)) for block in blocks] == list(BLOCKS)
    data = paper(*blocks, size="large")
    assert shape_of(data).problems == ()
    assert shape_of(data).data == data
    assert set(BLOCKS) == {field.data_key or name for name, field in BlockShape().fields.items()}


def test_a_block_is_one_thing() -> None:
    assert faults(paper({"text": "T", "line": "L"})) == [("BANK022", "blocks", 0)]
    assert faults(paper({})) == [("BANK022", "blocks", 0)]
    assert faults(paper({"picture": "x"})) == [("BANK020", "blocks", 0, "picture")]


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (TABLE, ("empty",)),
        ({**TABLE, "empty": 0}, ("empty",)),
        ({**TABLE, "rows": [["Monday", "8", "much"]]}, ("rows", 0)),
        ({**TABLE, "columns": ["Day"], "empty": 1}, ("columns",)),
    ],
)
def test_a_table_has_columns_and_rows_that_fit(table: object, place: tuple[object, ...]) -> None:
    assert faults(paper({"table": table})) == [("BANK022", "blocks", 0, "table", *place)]


@pytest.mark.parametrize("key", ["title", "says", "group", "for", "blocks", "sources", "reviewed", "review_by"])
def test_what_a_paper_needs_is_missed(key: str) -> None:
    assert faults(paper(**{key: None})) == [("BANK021",)]


def test_group_and_size_are_of_a_few_words_and_dates_are_dates() -> None:
    assert faults(paper(group="posters")) == [("BANK023", "group")]
    assert faults(paper(size="huge")) == [("BANK023", "size")]
    assert faults(paper(reviewed="soon")) == [("BANK026", "reviewed")]
    assert all(faults(paper(group=group)) == [] for group in GROUPS)
