from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from assess.bank_editor.spreadsheet.cells import (
    PLACE,
    SECTION,
    SHEET_PLANS,
    CellAddress,
    CellError,
    CellKind,
    cell_from_value,
    cells_from_file,
    file_from_cells,
    ids_of,
    in_key_order,
    lay_out_sheets,
    part_of_text,
    text_of_part,
    value_from_cell,
)
from assess.bank_editor.spreadsheet.import_diff import diff_workbook, workbook_origin
from assess.bank_editor.spreadsheet.reader_process import MACROS, MAX_COLUMNS, read_sheets
from assess.bank_editor.spreadsheet.workbook import (
    HELP_SHEET,
    ORIGIN_SHEET,
    build_workbook,
    cells_of_bank,
    condition_texts,
    files_of_bank,
)
from assess.core.child_process import UploadRefusedError, reader_reply
from assess.core.workbook_reader import FILE_TOO_LARGE
from assess.question_banks.files import QUESTIONNAIRES, read_folder
from assess.question_banks.yaml_patch import same_value
from tests.bank_editor.spreadsheet.conftest import Desk
from tests.bank_editor.spreadsheet.workbooks import BASE, OWN, book_of, put
from tests.conftest import Visitor
from tests.content_files import SOUND, sound_but
from tests.core.audit.test_completeness import counting
from tests.random_bank_files import RandomBank

SMALL: dict[str, Any] = {
    "format": 1,
    "bank": "small",
    "sections": [
        {"id": "one", "title": "One", "questions": [{"id": "q", "options": [{"id": 7, "label": "Seven"}], "bands": [{"points": 1}]}]},
        {"id": "two", "title": "Two", "questions": []},
    ],
}  # fmt: skip


def test_each_value_has_an_address_that_does_not_rest_on_places() -> None:
    cells = cells_from_file("small.yaml", SMALL)
    assert cells["small.yaml", "question", "q", ("options", "7", "label")] == "Seven"  # type: ignore[index]  # a plain tuple is equal
    assert cells[CellAddress("small.yaml", "question", "q", (SECTION,))] == "one"
    assert cells[CellAddress("small.yaml", "section", "two", (PLACE,))] == 2
    assert cells[CellAddress("small.yaml", "question", "q", ("bands", "#1", "points"))] == 1
    moved = {**SMALL, "sections": SMALL["sections"][::-1]}
    differ = {at for at, value in cells_from_file("small.yaml", moved).items() if cells[at] != value}
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
    assert same_value(file_from_cells(cells_from_file("x.yaml", data)), data)


def test_every_file_of_the_folder_comes_back_as_it_was() -> None:
    for name, content_file in read_folder(QUESTIONNAIRES).files.items():
        assert same_value(file_from_cells(cells_from_file(name, content_file.raw_data)), content_file.raw_data), name


def test_random_banks_come_back_as_they_were() -> None:
    for seed in range(100):
        data = RandomBank(seed).bank()
        assert same_value(file_from_cells(cells_from_file("r.yaml", data)), data), seed


def test_new_keys_stand_where_such_keys_stand() -> None:
    assert list(in_key_order({"type": 1, "own": 2, "sources": 3, "ask": 4, "id": 5})) == [
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


@pytest.mark.parametrize(
    "part", [("show_if",), ("must_do", "#2", "text"), ("a/b", "c"), ('"x"', " y ", "é\n"), ("options", "7", "action")]
)
def test_the_way_to_a_value_can_be_written_and_read(part: tuple[str, ...]) -> None:
    assert part_of_text(text_of_part(part)) == part


@pytest.mark.parametrize("text", ["", "a//b", '"a', '""'])
def test_a_way_that_is_none_is_told(text: str) -> None:
    assert not part_of_text(text)


def test_each_value_stands_on_one_sheet_and_each_row_says_what_it_is_about() -> None:
    sheets = lay_out_sheets(BASE)
    placed = [line.address(column) if column.part else CellAddress(line.file, line.what, line.id, line.part) for sheet in sheets for line, row in sheet.rows.items() for column in sheet.plan.columns if column.part in row]  # fmt: skip
    assert len(placed) == len(set(placed))
    left = set(BASE) - set(placed)
    assert {at.part[-1] for at in left} == {"id"}
    for sheet in sheets:
        for line in sheet.rows:
            assert sheet.plan.reads(sheet.plan.names(line)) == (line.what, line.id, line.part)


def test_things_stand_where_people_look_for_them() -> None:
    where = {sheet.plan.title: [(line.id, line.part) for line in sheet.rows] for sheet in lay_out_sheets(BASE)}
    assert ("papers", ("options", "boss")) in where["Options"]
    assert ("total", ("bands", "#2")) in where["Options"]
    assert where["Conditions"] == [("papers", ("show_if",)), ("D1", ("when",))]
    assert where["Actions"] == [("papers", ("action",))]
    assert where["Texts"] == [("", ("title",)), ("D1", ("says",))]
    assert [plan.title for plan in SHEET_PLANS][:3] == ["Sections", "Questions", "Options"]
    assert OWN in {line.file for sheet in lay_out_sheets(BASE) for line in sheet.rows}


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        (CellKind.TEXT, "=1+1", "=1+1"),
        (CellKind.TEXT, "'one", "'one"),
        (CellKind.TEXT, "007", "007"),
        (CellKind.TEXT, 12, 12),
        (CellKind.TEXT, "", 'exact: ""'),
        (CellKind.TEXT, " ", 'exact: " "'),
        (CellKind.TEXT, "exact: 1", 'exact: "exact: 1"'),
        (CellKind.TEXT, "a\rb", 'exact: "a\\rb"'),
        (CellKind.TEXT, "_x0041_", 'exact: "\\u005fx0041_"'),
        (CellKind.NUMBER, 2.5, 2.5),
        (CellKind.NUMBER, "2", 'exact: "2"'),
        (CellKind.NUMBER, 10**20, "exact: 100000000000000000000"),
        (CellKind.FLAG, True, True),
        (CellKind.LIST, ["S1", "S22"], "S1, S22"),
        (CellKind.LIST, [7, 3], "7, 3"),
        (CellKind.LIST, ["7"], '"7"'),
        (CellKind.LIST, [], "exact: []"),
        (CellKind.LIST, ["a, b"], '"a, b"'),
        (CellKind.SHORT, "immediate", "immediate"),
        (CellKind.SHORT, 30, 30),
        (CellKind.SHORT, False, False),
        (CellKind.SHORT, "30", 'exact: "30"'),
        (CellKind.GROUP, {"q": {"includes": "van"}}, "{q: {includes: van}}"),
        (CellKind.GROUP, "always", "always"),
        (CellKind.GROUP, "12", '"12"'),
        (CellKind.GROUP, None, "null"),
    ],
)
def test_a_value_is_written_as_people_read_it_and_comes_back(kind: CellKind, value: object, cell: object) -> None:
    assert cell_from_value(kind, value) == cell
    assert same_value(value_from_cell(kind, cell), value)  # type: ignore[arg-type]  # a cell


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (CellKind.NUMBER, " 1,200 ", 1200),
        (CellKind.NUMBER, "2.50", 2.5),
        (CellKind.FLAG, "Yes", True),
        (CellKind.FLAG, "no", False),
        (CellKind.LIST, "[S1, S2]", ["S1", "S2"]),
        (CellKind.LIST, 8, [8]),
        (CellKind.SHORT, "30", 30),
        (CellKind.GROUP, "{q:\n  {is: 1}}", {"q": {"is": 1}}),
    ],
)
def test_what_a_person_types_is_understood(kind: CellKind, cell: object, value: object) -> None:
    assert same_value(value_from_cell(kind, cell), value)  # type: ignore[arg-type]  # a cell


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (CellKind.NUMBER, "four"),
        (CellKind.NUMBER, True),
        (CellKind.FLAG, "perhaps"),
        (CellKind.GROUP, "{q: {is: a}"),
        (CellKind.TEXT, "exact: {"),
        (CellKind.TEXT, 'exact: "\\ud800"'),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(kind: CellKind, cell: object) -> None:
    with pytest.raises(CellError, match=r"\. [A-Z]"):
        value_from_cell(kind, cell)  # type: ignore[arg-type]  # a cell


AT = CellAddress("shop.yaml", "question", "q", ("show_if",))


def test_a_workbook_holds_the_bank_what_it_uses_the_duties_and_the_sources() -> None:
    names = [one.name for one in files_of_bank(read_folder(QUESTIONNAIRES), "farming")]
    assert names == ["common/core.yaml", "farming.yaml", "duties/international.yaml", "duties/uk.yaml", "sources.yaml"]
    assert {at.file for at in cells_of_bank(read_folder(SOUND), "shop")} >= {"shop.yaml", "common/start.yaml"}
    assert files_of_bank(read_folder(SOUND), "nothing") == []


def test_a_file_that_cannot_be_read_is_left_out() -> None:
    broken = sound_but(("sources.yaml", "format: 1", "format: [1"))
    assert "sources.yaml" not in {one.name for one in files_of_bank(broken, "shop")}


def test_a_condition_is_said_in_words_or_not_at_all() -> None:
    assert condition_texts({AT: {"total": {"at_least": 1}}}, None)(AT) == "“total” is 1 or more"
    assert condition_texts({AT: {"total": {"wants": 1}}}, None)(AT) == ""
    assert condition_texts({}, None)(AT) == ""


def assert_comes_back(files: Mapping[str, Mapping[str, object]]) -> None:
    """What is built from the bytes of the workbook alone is what went in; beside what it was made from, nothing is changed."""
    cells = {at: value for name, data in files.items() for at, value in cells_from_file(name, data).items()}
    sheets = read_sheets(build_workbook("All", cells, dict.fromkeys(files, "0" * 64)))
    assert set(workbook_origin(sheets)) == set(files)
    beside = diff_workbook(sheets, cells, "x")
    assert (beside.changes, beside.errors, beside.missing, beside.unknown) == ([], [], [], [])
    alone = diff_workbook(sheets, {}, "x")
    assert not alone.errors
    for name, data in files.items():
        assert same_value(file_from_cells({one.at: one.new for one in alone.changes if one.at.file == name}), data), (
            name
        )


def test_all_real_banks_duties_and_sources_come_back_as_they_were() -> None:
    sheets = read_folder(QUESTIONNAIRES).files
    assert_comes_back(
        {name: one.raw_data for name, one in sheets.items() if one.kind in {"bank", "common", "duties", "sources"}}
    )


def test_two_hundred_random_banks_come_back_as_they_were() -> None:
    """Forty to a workbook: a workbook takes longer to open than a bank to read."""
    for first in range(0, 200, 40):
        assert_comes_back({f"r{seed}.yaml": RandomBank(seed).bank() for seed in range(first, first + 40)})


def test_it_is_made_for_people() -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(book_of()))
    assert book.sheetnames[0] == HELP_SHEET
    assert book[ORIGIN_SHEET].sheet_state == "hidden"
    for sheet in book.worksheets[1:-1]:
        assert sheet.freeze_panes == "B2", sheet.title
        assert sheet["A1"].value == "Id"
        assert sheet.auto_filter.ref, sheet.title
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    options = book["Options"]
    assert [cell.value for cell in options[3]][:7] == ["boss", "papers", "option", 2, "The boss", 4, None]


def book(*rows: list[object]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def test_cells_keep_what_they_are() -> None:
    assert json.loads(reader_reply(read_sheets, book(["a", 1, 2.5, True, None, "=1+1", " "], [], ["x"]))) == {
        "read": {"Sheet": [[1, ["a", 1, 2.5, True, None, {"formula": True}]], [3, ["x"]]]}
    }


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (with_member(book(["a"]), "xl/vbaProject.bin", b"x"), MACROS),
        (with_member(book(["a"]), "xl/media/a.bin", b"0" * 25_000_000), FILE_TOO_LARGE),
        (
            book(["x"] * (MAX_COLUMNS + 1)),
            "Row 1 of the sheet “Sheet” has more than 60 columns. Delete those you added.",
        ),
    ],
)
def test_what_nobody_should_send_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UploadRefusedError) as told:
        read_sheets(data)
    assert str(told.value) == says
    assert json.loads(reader_reply(read_sheets, data)) == {"refused": says}


def test_a_sheet_of_very_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assess.bank_editor.spreadsheet.reader_process.MAX_ROWS", 2)
    with pytest.raises(UploadRefusedError, match="more than 2 rows"):
        read_sheets(book(["a"], ["b"], ["c"]))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_bank_in_use_is_taken_away_with_all_it_rests_on(desk: Desk) -> None:
    visit = desk.visit
    page = visit("/question-banks/spreadsheets")
    assert "Farming and growing, edition 1 (.xlsx)" in page.text
    response = visit.client.get("/question-banks/spreadsheets/farming")
    assert response.headers["Content-Disposition"] == 'attachment; filename="farming-edition-1.xlsx"'
    sheets = read_sheets(response.data)
    assert "duties/uk.yaml" in workbook_origin(sheets)
    said = {str(cells[0]): str(cells[4]) for _, cells in sheets["Conditions"] if len(cells) > 4}
    assert said["core_agency_pct"].startswith("“Which kinds of workers do you")
    assert visit.client.get("/question-banks/spreadsheets/nothing").status_code == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_page_of_a_bank_leads_there(visit: Visitor, desk: Desk) -> None:
    page = visit(f"/question-banks/drafts/{desk.draft.id}/farming")
    assert "Spreadsheet" in page.text
    assert visit(desk.home).heading == "Spreadsheet"


FARMING, CORE = "farming.yaml", "common/core.yaml"
ASK = "What do you grow, keep or do?"

IDS = ("farm_activities", "core_documents")
REWORDED = {
    "ask__of__farm_activities": "What do you grow or keep?",
    "options__arable__points__of__farm_activities": 1,
    "hint__of__core_documents": "Copies do not count.",
}
OF_ONE_FILE = {name: value for name, value in REWORDED.items() if "farm" in name}


def test_changes_are_shown_then_saved_and_each_file_can_be_undone(desk: Desk) -> None:
    before = {name: desk.text(name) for name in (FARMING, CORE)}
    with counting(desk.app) as (posted, looked):
        page = desk.send(desk.few(*IDS, **REWORDED))
    assert (posted, looked) == ({("bank_spreadsheets.upload_workbook", 0): 1}, [])
    assert page.status == 200
    assert page.heading == "What the spreadsheet would change"
    assert "3 changes can be taken as they are." in page.text
    assert "”: Question" in page.text, "by the words of the question"
    assert ASK in page.text
    assert {name: desk.text(name) for name in before} == before, "nothing is saved yet"
    with counting(desk.app) as (posted, looked):
        page = desk.visit.send("/save")
    assert (posted, looked) == ({("bank_spreadsheets.save_workbook_changes", 1): 1}, []), (
        "one, though it changes two files"
    )
    assert "From a spreadsheet: 2 changes." in page.text
    assert "From a spreadsheet: 1 change." in page.text
    changed = [
        (old, new)
        for old, new in zip(before[FARMING].splitlines(), desk.text(FARMING).splitlines(), strict=True)
        if old != new
    ]
    assert [new.strip() for _, new in changed] == [
        b"ask: What do you grow or keep?",
        b'- {id: arable, label: "Grain, sugar beet, machine-cut crops", points: 1}',
    ]
    for number in (3, 2):
        desk.visit.send(f"/undo/{number}")
    assert {name: desk.text(name) for name in before} == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_a_spreadsheet_says_beside_a_sign_reaches_the_second_person(desk: Desk) -> None:
    fatal = "Ask the workers who keeps them, and search the caravans."
    desk.send(desk.few("core_documents", action__do__of__core_documents=fatal))
    assert "this may put a worker in danger" in desk.visit.send("/save").text or fatal in desk.text(CORE).decode()
    page = desk.visit(f"/question-banks/drafts/{desk.draft.id}/review")
    assert "“ask”, “search”." in page.text
    assert fatal in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_untouched_workbook_changes_nothing(desk: Desk) -> None:
    page = desk.send(desk.workbook())
    assert page.heading == "The spreadsheet changes nothing"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_changed_in_the_draft_meanwhile_is_kept_and_conflicts_are_for_a_person(desk: Desk) -> None:
    book = desk.few(*IDS, **OF_ONE_FILE)
    desk.put(FARMING, ASK, "What do you grow?")
    desk.put(FARMING, "title: Farming and growing", "title: Farms")
    page = desk.send(book)
    assert (
        "1 change can be taken as it is. 1 value changed in the spreadsheet and in this draft: you choose." in page.text
    )
    assert "Keep what the draft says: What do you grow?" in page.text
    page = desk.visit.send("/save")
    assert page.status == 422
    assert "Choose which of the two the draft shall say." in page.text
    choice = page.soup.select_one("input[name^=conflict-]")
    assert choice is not None
    page = desk.visit.send("/save", **{str(choice["name"]): "mine"})
    assert "From a spreadsheet: 2 changes." in page.text
    text = desk.text(FARMING).decode()
    assert "ask: What do you grow or keep?" in text
    assert "title: Farms" in text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_is_wrong_is_told_with_its_place_and_the_rest_can_be_taken(desk: Desk) -> None:
    desk.hold_in_another_draft(FARMING)
    page = desk.send(
        desk.few(*IDS, **OF_ONE_FILE),
        lambda book: put(book, "Options", "livestock", "Points", "few", of="farm_activities"),
    )
    assert "A number belongs here." in page.text
    assert "Rows that are not there any more" in page.text
    assert "Take these away in the draft too" in page.text
    assert f"{FARMING} is being changed in another draft: Another" in page.text
    page = desk.visit.send("/save")
    assert (page.status, f"{FARMING} is being changed in another draft." in page.text) == (409, True)
    assert ASK.encode() in desk.text(FARMING)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_file_and_other_files_are_refused(desk: Desk) -> None:
    assert desk.send(b"", name="").status == 422
    page = desk.send(b"id,ask", name="list.csv")
    assert page.status == 422
    assert "Save it from your spreadsheet as .xlsx" in page.text
    other = build_workbook("Hotels", {}, {"hospitality.yaml": "0" * 64})
    assert "This workbook is of another bank." in desk.send(other).text
