from __future__ import annotations

import base64
import zlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assess.bank_editor.spreadsheet import import_diff
from assess.bank_editor.spreadsheet.cells import CellAddress, Cells, RowKey, cells_from_file, file_from_cells
from assess.bank_editor.spreadsheet.import_diff import (
    FILE_NOT_IN_DRAFT,
    FILE_TOO_LARGE,
    LARGEST_FILE,
    LONGEST_SHOWN,
    NO_WORKBOOK_CHOSEN,
    NOT_A_BANK_WORKBOOK,
    NOT_XLSX,
    OLD_OR_ENCRYPTED,
    OTHER_BANK,
    REMOVED,
    TOO_MANY,
    UNKNOWN_ORIGIN,
    CellChange,
    ChangeProposal,
    ComparedChange,
    WorkbookDiff,
    apply_changes,
    change_in_words,
    changes_for_missing_rows,
    diff_workbook,
    merge_changes,
    missing_rows_in_words,
    open_workbook,
    orphaned_cells,
    owner_in_words,
    pack_proposal,
    unpack_proposal,
    value_in_words,
    workbook_origin,
)
from assess.bank_editor.spreadsheet.reader_process import read_sheets
from assess.bank_editor.spreadsheet.workbook import build_workbook, cells_of_bank, files_of_bank
from assess.core.child_process import UploadRefusedError
from assess.core.workbook_reader import BROKEN_FILE
from assess.question_banks.content_versions import save_blob
from assess.question_banks.drafts import DraftError
from assess.question_banks.files import content_files, read_folder
from assess.question_banks.yaml_patch import same_value
from tests.bank_editor.spreadsheet.workbooks import BASE, DATA, OWN, add, book_of, put, read
from tests.content_files import SOUND

ASK = CellAddress(OWN, "question", "papers", ("ask",))
LABEL = CellAddress(OWN, "question", "papers", ("options", "boss", "label"))
HINT = CellAddress(OWN, "question", "papers", ("hint",))


def change(at: CellAddress, new: object) -> CellChange:
    return CellChange(at, new, "Questions", 2, "Question")


def now(**changes: object) -> Cells:
    return {**BASE, ASK: changes.get("ask", BASE[ASK]), LABEL: changes.get("label", BASE[LABEL])}


def test_what_only_the_workbook_changed_is_taken_and_nothing_else_is_lost() -> None:
    here = now(label="Said otherwise by now")
    found = merge_changes([change(ASK, "New?"), change(HINT, "A hint")], BASE, here)
    assert [one.change.at for one in found.taken] == [ASK, HINT]
    assert not found.conflicts
    after = apply_changes(here, {one.change.at: one.change.new for one in found.taken})
    assert (after[ASK], after[LABEL], after[HINT]) == ("New?", "Said otherwise by now", "A hint")


def test_what_both_changed_is_a_conflict_with_all_three() -> None:
    found = merge_changes([change(ASK, "New?")], BASE, now(ask="Theirs?"))
    assert [(one.before, one.now, one.change.new) for one in found.conflicts] == [
        ("Who keeps papers?", "Theirs?", "New?")
    ]
    assert not found.taken


def test_what_both_changed_alike_is_settled() -> None:
    found = merge_changes([change(ASK, "New?")], BASE, now(ask="New?"))
    assert (found.taken, found.conflicts, found.already) == ((), (), 1)


def test_a_thing_that_went_in_the_draft_meanwhile_is_a_conflict() -> None:
    without = {at: value for at, value in BASE.items() if at.id != "papers"}
    found = merge_changes([change(ASK, "New?"), change(HINT, "A hint")], BASE, without)
    assert [one.change.at for one in found.conflicts] == [ASK, HINT]
    assert merge_changes([change(ASK, REMOVED)], BASE, without).already == 1
    assert orphaned_cells(apply_changes(without, {HINT: "A hint"})) == [HINT]


def test_a_single_value_makes_way_for_a_group_and_the_other_way_round() -> None:
    own = CellAddress(OWN, "question", "papers", ("options", "boss", "action"))
    inside = own._replace(part=(*own.part, "do"))
    group = apply_changes(BASE, {inside: "Ask."})
    assert file_from_cells(group)["sections"][0]["questions"][0]["options"][1]["action"] == {"do": "Ask."}
    assert apply_changes(group, {own: False}) == BASE


def test_questions_that_would_lose_their_section_are_found() -> None:
    assert orphaned_cells(BASE) == []
    without = {at: value for at, value in BASE.items() if (at.what, at.id) != ("section", "pay")}
    assert {one.id for one in orphaned_cells(without)} == {"cash"}
    option = LABEL._replace(part=("options", "new", "label"))
    assert orphaned_cells(apply_changes(BASE, {option: "No place"})) == [option]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("", b"", NO_WORKBOOK_CHOSEN),
        ("a.xlsx", b"PK\x03\x04" + b"0" * LARGEST_FILE, FILE_TOO_LARGE),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1", OLD_OR_ENCRYPTED),
        ("a.csv", b"id,ask", NOT_XLSX),
        ("a.xlsx", b"%PDF", NOT_XLSX),
        ("a.xlsx", b"PK\x03\x04 broken", BROKEN_FILE),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(name: str, data: bytes, says: str) -> None:
    with pytest.raises(UploadRefusedError) as told:
        open_workbook(name, data)
    assert str(told.value) == says


def test_ours_is_read_in_a_process_of_its_own() -> None:
    sheets = open_workbook("Small.XLSX", book_of())
    assert workbook_origin(sheets) == {OWN: "0" * 64}
    assert sheets["Options"][2][1][:5] == ["boss", "papers", "option", 2, "The boss"]


TITLE = CellAddress("shop.yaml", "file", "", ("title",))


def change_proposing(at: CellAddress, new: object) -> CellChange:
    return CellChange(at, new, "Texts", 2, "Text")


def beside(at: CellAddress, new: object) -> ComparedChange:
    return ComparedChange(change_proposing(at, new), "", "")


def test_a_proposal_goes_through_a_form_and_comes_back_whole() -> None:
    whole = ChangeProposal(
        {OWN: "0" * 64},
        (change_proposing(TITLE, "é \n 😀"), change_proposing(TITLE, None), change_proposing(TITLE, {"a": [1, True]})),
        (("Sections", RowKey("shop.yaml", "section", "one")),),
    )
    assert unpack_proposal(pack_proposal(whole)) == whole
    assert unpack_proposal(pack_proposal(ChangeProposal({}, (change_proposing(TITLE, REMOVED),)))) == ChangeProposal(
        {}, (change_proposing(TITLE, REMOVED),)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "é",
        "abc",
        base64.b85encode(zlib.compress(b"[{}, [[1]], []]")).decode(),
        base64.b85encode(zlib.compress(b"[1, 2]")).decode(),
        base64.b85encode(zlib.compress(rb'[{"a": "\ud800"}, [], []]')).decode(),
    ],
)
def test_what_was_put_into_the_form_by_others_is_none(text: str) -> None:
    assert unpack_proposal(text) is None


def test_a_proposal_that_would_unpack_to_much_is_none() -> None:
    bomb = base64.b85encode(zlib.compress(b"[" + b" " * (import_diff.LARGEST_UNPACKED + 1) + b"]")).decode()
    assert unpack_proposal(bomb) is None


def test_too_many_changes_for_a_form_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_diff, "LARGEST_PACKED", 10)
    with pytest.raises(UploadRefusedError, match=TOO_MANY[:30]):
        pack_proposal(ChangeProposal({}, (change_proposing(TITLE, "x"),)))


def test_only_lines_that_differ_are_written() -> None:
    bank_files = read_folder(SOUND)
    texts = import_diff.texts_after(bank_files, [beside(TITLE, "A better shop")])
    before = bank_files.files["shop.yaml"].text.splitlines()
    assert [new for old, new in zip(before, texts["shop.yaml"].decode().splitlines(), strict=True) if old != new] == [
        "title: A better shop"
    ]
    assert import_diff.files_after(bank_files, texts).files["shop.yaml"].raw_data["title"] == "A better shop"


def test_what_cannot_be_written_is_refused_with_the_file() -> None:
    gone = CellAddress("gone.yaml", "file", "", ("title",))
    with pytest.raises(DraftError, match=FILE_NOT_IN_DRAFT[-20:]):
        import_diff.texts_after(read_folder(SOUND), [beside(gone, "x")])
    homeless = CellAddress("shop.yaml", "question", "nobody", ("ask",))
    with pytest.raises(DraftError, match="“nobody” would belong to nothing"):
        import_diff.texts_after(read_folder(SOUND), [beside(homeless, "x")])
    deep: object = "x"
    for _ in range(20):
        deep = [deep]
    bank_files = content_files({"shop.yaml": b"title: a\n"})
    with pytest.raises(DraftError, match="could not be changed"):
        import_diff.texts_after(bank_files, [beside(TITLE, deep)])


def test_a_workbook_of_texts_that_are_not_known_or_of_another_bank_is_refused(session: Session) -> None:
    with pytest.raises(UploadRefusedError, match=UNKNOWN_ORIGIN[:30]):
        import_diff.base_cells(session, {"shop.yaml": "0" * 64})
    with pytest.raises(UploadRefusedError, match=OTHER_BANK[:30]):
        import_diff.propose_changes(session, {}, {"farm.yaml": "0" * 64}, "shop.yaml")
    text = Path(SOUND / "shop.yaml").read_bytes()
    cells = import_diff.base_cells(session, {"shop.yaml": save_blob(session, text)})
    assert same_value(
        sorted(map(str, cells)),
        sorted(map(str, cells_from_file("shop.yaml", read_folder(SOUND).files["shop.yaml"].raw_data))),
    )


def test_rows_that_are_missing_go_only_when_somebody_wants_that(session: Session) -> None:
    bank_files = read_folder(SOUND)
    origin = {one.name: save_blob(session, one.text.encode()) for one in files_of_bank(bank_files, "shop")}
    cells = cells_of_bank(bank_files, "shop")
    last = [at.id for at in cells if at.what == "question" and at.file == "shop.yaml"][-1]
    fewer = {at: value for at, value in cells.items() if (at.what, at.id) != ("question", last)}
    sheets = read_sheets(build_workbook("Shop", fewer, origin))
    read = import_diff.propose_changes(session, sheets, origin, "shop.yaml")
    assert read.proposal.changes == ()
    assert import_diff.compare_with_draft(session, bank_files, "shop", read.proposal).taken == ()
    found = import_diff.compare_with_draft(session, bank_files, "shop", read.proposal, take_away=True)
    after = import_diff.texts_after(bank_files, found.taken)["shop.yaml"].decode()
    assert f"id: {last}\n" not in after
    assert bank_files.files["shop.yaml"].text.endswith(after[-200:]), "the rest stays to the letter"


LABEL_SAYING = CellAddress("small.yaml", "question", "papers", ("options", "boss", "label"))


def test_a_change_is_said_by_its_row_and_in_words() -> None:
    one = change_in_words(ComparedChange(CellChange(LABEL_SAYING, "New", "Options", 3, "Label"), "Old", REMOVED))
    assert (one.where, one.what) == ("Options, row 3", "papers, options/boss: Label")
    assert (one.before, one.now, one.new) == ("Old", "(nothing)", "New")
    named = change_in_words(
        ComparedChange(CellChange(LABEL_SAYING, "New", "Options", 3, "Label"), "Old", REMOVED),
        {"papers": "Who keeps the papers?"},
    )
    assert named.what == "“Who keeps the papers?”, options/boss: Label"
    assert (
        change_in_words(ComparedChange(CellChange(LABEL_SAYING, REMOVED, "Options", 0, ""), "Old", "Old")).where
        == "Options"
    )


def test_values_are_shown_as_people_read_them() -> None:
    assert [value_in_words(one) for one in (["S1", "S2"], {"a": {"is": "b"}}, True, 2.5, None)] == [
        "[S1, S2]",
        "{a: {is: b}}",
        "true",
        "2.5",
        "null",
    ]
    assert value_in_words("x" * (LONGEST_SHOWN + 1)) == "x" * LONGEST_SHOWN + "…"


def test_missing_rows_are_named_by_sheet() -> None:
    missing = [
        ("Questions", RowKey("small.yaml", "question", "papers")),
        ("Other values", RowKey("small.yaml", "check", "D1", ("@place",))),
    ]
    assert missing_rows_in_words(missing) == {"Questions": ["papers"]}
    assert owner_in_words(CellAddress("small.yaml", "file", "", ("title",))) == "small.yaml"


def taken_after(edit: Any) -> WorkbookDiff:
    return diff_workbook(read(edit), BASE, OWN)


def data_after(edit: Any) -> dict[str, Any]:
    taken = taken_after(edit)
    assert not taken.errors
    return file_from_cells(apply_changes(BASE, {one.at: one.new for one in taken.changes}))


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
    assert (taken.changes, taken.errors, taken.missing) == ([], [], [])
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
    after = file_from_cells(
        apply_changes(BASE, {one.at: one.new for one in changes_for_missing_rows(taken.missing, BASE)})
    )
    assert [one["id"] for one in after["sections"][0]["questions"]] == ["total"]


def test_an_empty_cell_takes_the_value_away() -> None:
    taken = taken_after(lambda book: put(book, "Questions", "papers", "Sources", None))
    assert [(one.at.part, one.new) for one in taken.changes] == [(("sources",), REMOVED)]


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
    told = taken_after(edit).errors
    assert (told[0].sheet, told[0].row, told[0].column) == (sheet, row, column)
    assert word in told[0].says


def test_other_workbooks_are_told_from_ours() -> None:
    with pytest.raises(UploadRefusedError, match=NOT_A_BANK_WORKBOOK[:30]):
        workbook_origin({"Sheet1": [(1, ["name"])]})


def test_a_row_that_names_no_file_finds_its_home() -> None:
    common = cells_from_file(
        "common/core.yaml",
        {**DATA, "sections": [{"id": "core", "questions": [{"id": "core_q", "ask": "?"}]}], "checks": []},
    )
    cells = {**common, **BASE}
    sheets = read(lambda book: add(book, "Options", Id="a", Question_id="core_q", What="option", Label="A"), cells)
    assert {one.at.file for one in diff_workbook(sheets, cells, OWN).changes} == {"common/core.yaml"}
