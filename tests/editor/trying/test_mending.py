from __future__ import annotations

from typing import Any

import pytest

from assess.editor.changing import MovedOnError
from assess.editor.trying.carrying import Tried
from assess.editor.trying.mending import (
    ExampleError,
    add_example,
    drop_answers,
    give_answers,
    rename_example,
    retire_example,
    write_figures,
)
from assess.editor.workbench import mark_of


def a_file() -> dict[str, Any]:
    return {
        "worked_examples": [
            {"title": "low", "answers": {"staff": "family"}, "expect": {"band": "low"}},
            {"title": "E1", "from": "low", "expect": {"band": "high"}},
        ]
    }


def mark(number: int) -> str:
    return mark_of(a_file()["worked_examples"][number - 1])


def test_figures_are_written_into_those_that_were_seen() -> None:
    data = a_file()
    write_figures({1: (mark(1), {"band": "medium"}), 2: (mark(2), {"band": "low"})})(data)
    assert [one["expect"] for one in data["worked_examples"]] == [{"band": "medium"}, {"band": "low"}]
    with pytest.raises(MovedOnError):
        write_figures({1: (mark(1), {"band": "low"})})(data)


def test_answers_go_where_the_example_keeps_them_and_come_out_again() -> None:
    data = a_file()
    give_answers(1, mark(1), {"hours": 40})(data)
    give_answers(2, mark(2), {"staff": "hired"})(data)
    low, other = data["worked_examples"]
    assert (low["answers"], other["change"]) == ({"staff": "family", "hours": 40}, {"staff": "hired"})
    drop_answers(2, mark_of(other), frozenset({"staff", "from"}))(data)
    assert (other["change"], "from" in other) == ({}, False)


def test_a_try_out_becomes_an_example_with_a_title_of_its_own() -> None:
    data: dict[str, Any] = {}
    said = Tried(quick=True, answers={"staff": "hired"}, evidence_share=0.5)
    add_example("new", said, {"band": "low"})(data)
    assert data["worked_examples"] == [
        {"title": "new", "quick": True, "evidence_share": 0.5, "answers": {"staff": "hired"}, "expect": {"band": "low"}}
    ]
    with pytest.raises(ExampleError, match="called “new” already"):
        add_example("new", said, {})(data)


def test_those_that_start_from_an_example_follow_its_name_and_keep_it_from_being_retired() -> None:
    data = a_file()
    with pytest.raises(ExampleError, match="start from it: E1"):
        retire_example(1, mark(1))(data)
    rename_example(1, mark(1), "calm")(data)
    assert [one.get("from") for one in data["worked_examples"]] == [None, "calm"]
    with pytest.raises(ExampleError):
        rename_example(2, mark_of(data["worked_examples"][1]), "calm")(data)


def test_the_last_example_takes_the_list_with_it() -> None:
    data = a_file()
    retire_example(2, mark(2))(data)
    retire_example(1, mark(1))(data)
    assert data == {}
