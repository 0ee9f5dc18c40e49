from __future__ import annotations

from typing import Any

import pytest

from assess.editor.sheets.cells import cells_of, data_of
from assess.editor.sheets.merging import with_changes
from assess.editor.sheets.taking_in import GONE, NOT_OURS, Taken, origin_of, removals, take_in
from assess.kit.workbooks.refusing import FileRefusedError
from tests.editor.sheets.books import BASE, DATA, OWN, add, put, read


def taken_after(edit: Any) -> Taken:
    return take_in(read(edit), BASE, OWN)


def data_after(edit: Any) -> dict[str, Any]:
    taken = taken_after(edit)
    assert not taken.faults
    return data_of(with_changes(BASE, {one.at: one.new for one in taken.changes}))


def question(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for section in data["sections"] for one in section["questions"] if one["id"] == name)


def test_words_points_and_conditions_are_taken_with_their_row() -> None:
    def edit(book: Any) -> None:
        put(book, "Questions", "papers", "Question", "Who keeps passports?")
        put(book, "Options", "boss", "Points", "3")
        put(book, "Conditions", "papers", "Exact form", "{total: {at_least: 2}}")

    taken = taken_after(edit)
    assert [(one.sheet, one.row, one.heading, one.new) for one in taken.changes] == [
        ("Questions", 2, "Question", "Who keeps passports?"),
        ("Options", 3, "Points", 3),
        ("Conditions", 2, "Exact form", {"total": {"at_least": 2}}),
    ]


def test_sorting_filtering_and_notes_change_nothing() -> None:
    def edit(book: Any) -> None:
        rows = [[cell.value for cell in row] for row in book["Options"].iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), 2):
            for place, value in enumerate(row, 1):
                book["Options"].cell(number, place).value = value
        book.create_sheet("My notes").append(["=1+1"])
        book["Questions"].cell(1, 40).value = "Said the lawyer"

    taken = taken_after(edit)
    assert (taken.changes, taken.faults, taken.missing) == ([], [], [])
    assert taken.unknown == ["the sheet “My notes”", "the column “Said the lawyer” of Questions"]


def test_moving_is_a_matter_of_the_column_place() -> None:
    after = data_after(lambda book: put(book, "Options", "boss", "Place", 0.5))
    assert [one["id"] for one in question(after, "papers")["options"]] == ["boss", "worker"]
    after = data_after(lambda book: put(book, "Questions", "cash", "Section", "people"))
    assert [one["id"] for one in after["sections"][0]["questions"]] == ["papers", "cash", "total"]
    assert "questions" not in after["sections"][1]


def test_new_things_are_added_after_the_others() -> None:
    def edit(book: Any) -> None:
        add(book, "Sections", Id="end", Title="The end")
        add(book, "Questions", Id="late", Section="end", Question="Too late?", Type="choice")
        add(book, "Options", Id="no", Question_id="late", What="option", Label="No", Points=0)
        add(book, "Options", Id="#1.5", Question_id="total", What="band", Points=1, Up_to=9)
        add(book, "Conditions", Id="late", What="question", Part="show_if", Exact_form="{papers: {is: boss}}")

    after = data_after(edit)
    assert after["sections"][2] == {
        "id": "end",
        "title": "The end",
        "questions": [
            {"id": "late", "ask": "Too late?", "type": "choice", "show_if": {"papers": {"is": "boss"}}, "options": [{"id": "no", "label": "No", "points": 0}]}
        ],
    }  # fmt: skip
    assert [one.get("up_to") for one in question(after, "total")["bands"]] == [5, 9, None]


def test_an_action_takes_the_place_of_none() -> None:
    def edit(book: Any) -> None:
        put(book, "Options", "boss", "Own action", None)
        add(
            book,
            "Actions",
            Id="papers",
            What="question",
            Part="options/boss/action",
            What_to_do="Ask.",
            Priority="immediate",
        )

    after = question(data_after(edit), "papers")["options"][1]
    assert after["action"] == {"do": "Ask.", "priority": "immediate"}


def test_a_row_that_is_deleted_goes_only_when_somebody_wants_that() -> None:
    taken = taken_after(lambda book: book["Questions"].delete_rows(2))
    assert not taken.changes
    assert [(title, line.id) for title, line in taken.missing] == [("Questions", "papers")]
    after = data_of(with_changes(BASE, {one.at: one.new for one in removals(taken.missing, BASE)}))
    assert [one["id"] for one in after["sections"][0]["questions"]] == ["total"]


def test_an_empty_cell_takes_the_value_away() -> None:
    taken = taken_after(lambda book: put(book, "Questions", "papers", "Sources", None))
    assert [(one.at.part, one.new) for one in taken.changes] == [(("sources",), GONE)]


FAULTS: dict[str, tuple[Any, tuple[str, int, str, str]]] = {
    "a formula": (lambda book: put(book, "Options", "boss", "Points", "=1+1"), ("Options", 3, "Points", "formula")),
    "no number": (lambda book: put(book, "Options", "boss", "Points", "four"), ("Options", 3, "Points", "number")),
    "a condition": (lambda book: put(book, "Conditions", "papers", "Exact form", "{total"), ("Conditions", 2, "Exact form", "bracket")),
    "two alike": (lambda book: add(book, "Questions", Id="papers", Question="Twice?"), ("Questions", 5, "Id", "row 2")),
    "no section": (lambda book: add(book, "Questions", Id="new", Question="Where?"), ("Questions", 5, "Section", "section")),
    "a section that is not": (lambda book: put(book, "Questions", "cash", "Section", "nowhere"), ("Questions", 4, "Section", "nowhere")),
    "an option of nothing": (lambda book: add(book, "Options", Id="a", Question_id="gone", What="option", Label="A"), ("Options", 6, "Id", "gone")),
    "a row about nothing": (lambda book: add(book, "Options", Label="A"), ("Options", 6, "Id", "grey")),
    "a new row that is empty": (lambda book: add(book, "Sections", Id="empty"), ("Sections", 4, "Id", "says nothing")),
    "no heading": (lambda book: setattr(book["Options"]["B1"], "value", None), ("Options", 1, "Question id", "heading")),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_its_sheet_row_column_and_repair(name: str) -> None:
    edit, (sheet, row, column, word) = FAULTS[name]
    told = taken_after(edit).faults
    assert (told[0].sheet, told[0].row, told[0].column) == (sheet, row, column)
    assert word in told[0].says


def test_other_workbooks_are_told_from_ours() -> None:
    with pytest.raises(FileRefusedError, match=NOT_OURS[:30]):
        origin_of({"Sheet1": [(1, ["name"])]})


def test_a_row_that_names_no_file_finds_its_home() -> None:
    common = cells_of(
        "common/core.yaml",
        {**DATA, "sections": [{"id": "core", "questions": [{"id": "core_q", "ask": "?"}]}], "checks": []},
    )
    cells = {**common, **BASE}
    sheets = read(lambda book: add(book, "Options", Id="a", Question_id="core_q", What="option", Label="A"), cells)
    assert {one.at.file for one in take_in(sheets, cells, OWN).changes} == {"common/core.yaml"}
