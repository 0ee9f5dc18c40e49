from __future__ import annotations

from typing import Any

import pytest

from assess.engine.bank import Column, Section
from assess.engine.own_words import (
    MARK,
    answer_paths,
    holds,
    leaf,
    own_word_paths,
    root,
    text_at,
    with_mark,
    writes_freely,
)
from tests.builders import a_bank, a_number, a_question

TEXT = a_question("said", type="text", kind="fact", options=())
TABLE = a_question(
    "sites",
    type="table",
    kind="fact",
    options=(),
    columns=(Column(id="place", label="Place", type="text"), Column(id="people", label="People", type="number")),
)


def test_only_texts_and_tables_with_a_column_for_it_are_written_freely() -> None:
    assert [writes_freely(one) for one in (TEXT, TABLE, a_number())] == [True, True, False]


def test_paths_lead_to_each_free_text_and_to_rows_that_repeat_it() -> None:
    edition = a_bank(TEXT, TABLE, a_number())
    rows = [{"place": "Hall", "people": 2}, {"people": 3}]
    sections: list[dict[str, Any]] = [
        {
            "questions": [
                {"id": "said", "answer": "free", "answer_text": "free"},
                {"id": "sites", "answer": rows, "answer_text": ["Place: Hall; People: 2", "People: 3"]},
                {"id": "n", "answer": 4, "answer_text": "4"},
            ]
        }
    ]
    assert isinstance(edition.sections[0], Section)
    paths = answer_paths(edition, sections)
    record = {"sections": sections, "own_words": paths}
    assert [text_at(record, path) for path in own_word_paths(record)] == [
        "free",
        "free",
        "Hall",
        "Place: Hall; People: 2",
    ]
    marked = with_mark(record, paths)
    assert "Hall" not in str(marked)
    assert "Hall" in str(record), "the record itself is left as it is"
    with pytest.raises(LookupError):
        text_at(record, "/nowhere")


def test_what_is_bought_is_free_text_with_its_supplier() -> None:
    line = {"good": "x", "known_as": None, "name": "x", "business_only": {"supplier": "s"}}
    known = {"good": "tea", "known_as": "tea", "name": "Tea", "business_only": {"supplier": ""}}
    record = {"purchases": {"lines": [line, known], "steps": [{"line": 0, "good": "x"}]}}
    here = "/purchases/lines"
    assert own_word_paths(record) == (
        f"{here}/0/good",
        f"{here}/0/name",
        f"{here}/0/business_only/supplier",
        f"{here}/1/good",
        "/purchases/steps/0/good",
    )


def test_a_row_in_words_holds_its_cells_whole() -> None:
    assert holds("Hall", "Place: Hall; People: 2")
    assert holds("Hall", "Hall")
    assert not holds("Hal", "Place: Hall; People: 2")
    assert not holds("Hall", 3)


def test_the_root_changes_with_every_leaf_and_with_the_rest_but_not_with_a_marked_text() -> None:
    record = {"a": "text", "b": 1}
    leaves = {"/a": leaf("00", "/a", "text")}
    assert root(record, leaves) == root({"a": MARK, "b": 1}, leaves)
    assert root(record, leaves) != root({"a": "text", "b": 2}, leaves)
    assert root(record, leaves) != root(record, {"/a": leaf("01", "/a", "text")})


@pytest.mark.parametrize("answer", [None, "", "dk"])
def test_a_text_that_was_not_given_has_no_path(answer: str | None) -> None:
    said = {"id": "said", "answer": answer, "answer_text": "Don’t know"}
    assert answer_paths(a_bank(TEXT), [{"questions": [said]}]) == []
