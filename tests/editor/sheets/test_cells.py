from __future__ import annotations

from typing import Any

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.rewriting import same
from assess.banks.sheets import read_folder
from assess.editor.sheets.cells import PLACE, SECTION, Address, cells_of, data_of, ids_of, in_order
from tests.random_banks import RandomBank

SMALL: dict[str, Any] = {
    "format": 1,
    "bank": "small",
    "sections": [
        {"id": "one", "title": "One", "questions": [{"id": "q", "options": [{"id": 7, "label": "Seven"}], "bands": [{"points": 1}]}]},
        {"id": "two", "title": "Two", "questions": []},
    ],
}  # fmt: skip


def test_each_value_has_an_address_that_does_not_rest_on_places() -> None:
    cells = cells_of("small.yaml", SMALL)
    assert cells["small.yaml", "question", "q", ("options", "7", "label")] == "Seven"  # type: ignore[index]  # a plain tuple is equal
    assert cells[Address("small.yaml", "question", "q", (SECTION,))] == "one"
    assert cells[Address("small.yaml", "section", "two", (PLACE,))] == 2
    assert cells[Address("small.yaml", "question", "q", ("bands", "#1", "points"))] == 1
    moved = {**SMALL, "sections": SMALL["sections"][::-1]}
    differ = {at for at, value in cells_of("small.yaml", moved).items() if cells[at] != value}
    assert {at.part for at in differ} == {(PLACE,)}


@pytest.mark.parametrize(
    "data",
    [
        SMALL,
        {"sections": [{"id": "a", "questions": [{"id": "q"}]}, {"id": "b", "questions": [{"id": "q"}]}]},
        {"sections": [{"id": "a"}, {"id": "a"}], "checks": [{"says": "no id"}]},
        {"sections": [], "checks": {}, "sources": {}, "x": None},
        {"sources": {"S1": {"document": "D"}, "S2": {}}},
        {"sources": {"S1": {"document": "D", "more": [["a"], {}]}}},
        {"must_do": ["Do this.", {"text": "That", "when": "always"}], "list": ["a", "b c"], "mixed": ["a", 1]},
        {"@own": 1, "group": {"#1": 2, "b": 3}, "": 4},
        {"options": [{"id": True}, {"id": "x"}], "texts": [{"id": "#1"}]},
    ],
)
def test_odd_files_come_back_as_they_were(data: dict[str, Any]) -> None:
    assert same(data_of(cells_of("x.yaml", data)), data)


def test_every_file_of_the_folder_comes_back_as_it_was() -> None:
    for name, sheet in read_folder(QUESTIONNAIRES).sheets.items():
        assert same(data_of(cells_of(name, sheet.written)), sheet.written), name


def test_random_banks_come_back_as_they_were() -> None:
    for seed in range(100):
        data = RandomBank(seed).bank()
        assert same(data_of(cells_of("r.yaml", data)), data), seed


def test_new_keys_stand_where_such_keys_stand() -> None:
    assert list(in_order({"type": 1, "own": 2, "sources": 3, "ask": 4, "id": 5})) == [
        "id",
        "ask",
        "type",
        "own",
        "sources",
    ]


def test_ids_count_only_when_each_has_one_of_its_own() -> None:
    assert ids_of([{"id": "a"}, {"id": 1}]) == ["a", "1"]
    assert ids_of([{"id": "1"}, {"id": 1}]) == []
    assert ids_of([{"id": "a"}, {"b": 1}]) == []
