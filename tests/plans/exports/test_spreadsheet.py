from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import defusedxml.ElementTree as Trees
import openpyxl
import pytest
import xlsxwriter

from assess.kit.formulas import guarded, writable
from assess.plans.document import Plan, business_plan
from assess.plans.exports.rows import ABOUT_NUMBERS, COLUMNS, as_csv, help_sentence, rows_of
from assess.plans.exports.spreadsheet import ACTIONS, HELP, NO_ROWS, as_xlsx
from assess.plans.register.state import EvidenceNote, ItemState
from tests.kit.payloads import PAYLOADS
from tests.plans.exports.soffice import CSV_AS_UTF8, FLAT_SHEET, opened
from tests.plans.records import SCENARIOS, scenario

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def drawn(bank: str = "farming", title: str = "farming medium", state: dict[str, ItemState] | None = None) -> Plan:
    return business_plan(scenario(bank, title), state or {})


def book_of(plan: Plan) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(plan.register, plan.head, plan.help)))


def typed_in_all_rows() -> list[Plan]:
    """Plans in which every row has a payload wherever something can be typed, and each payload has a row."""
    keys = [item.key for item in drawn().register.ordinary]
    plans = []
    for some in batched_by(len(keys)):
        record = scenario()
        record["organisation"]["name"] = some[0]
        notes = [
            (EvidenceNote(number, payload, payload, None, None, "said"),) for number, payload in enumerate(some, 1)
        ]
        states = [
            ItemState("will_not", "", payload, payload, notes=note, revision=1)
            for payload, note in zip(some, notes, strict=True)
        ]
        plans.append(business_plan(record, dict(zip(keys, states, strict=False))))
    return plans


def batched_by(size: int) -> list[tuple[str, ...]]:
    return [PAYLOADS[start : start + size] for start in range(0, len(PAYLOADS), size)]


def table_of(book: Any) -> list[Any]:
    """The lines of the table of actions, its header first."""
    sheet = book[ACTIONS]
    return list(sheet[sheet.tables[ACTIONS].ref])


def unescape(text: str) -> str:
    """A text as it was written: openpyxl leaves the sign for a carriage return to its user."""
    return text.replace("_x000D_", "\r")


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_cell_reads_back_with_its_type(bank: str, title: str) -> None:
    plan = drawn(bank, title)
    rows = rows_of(plan.register, plan.head, plan.help)[:-1]
    lines = table_of(book_of(plan))
    assert [cell.value for cell in lines[0]] == [column.title for column in COLUMNS]
    assert len(lines) == len(rows) + 1
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, column, value in zip(line, COLUMNS, row.cells, strict=True):
            if column.kind == "date" and value:
                assert (cell.value, cell.number_format) == (datetime.fromisoformat(str(value)), "yyyy-mm-dd")
            else:
                assert cell.value == (value or None if isinstance(value, str) else value)
                assert cell.data_type == ("n" if isinstance(value, int | float) or not value else "s")


def test_the_header_stays_in_sight_can_be_filtered_and_is_printed_on_every_page() -> None:
    sheet = book_of(drawn())[ACTIONS]
    (table,) = sheet.tables.values()
    count = len(drawn().register.ordinary)
    assert (table.headerRowCount, table.ref) == (1, f"A1:N{count + 1}")
    assert table.autoFilter.ref == table.ref
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("D2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert "08000 121 700" in sheet.oddFooter.left.text
    assert all(sheet.column_dimensions[letter].width > 5 for letter in "ABCDEFGHIJKLMN")


def test_under_the_table_it_says_what_is_not_in_it_and_whom_to_call_on_the_screen_and_on_paper() -> None:
    plan = drawn()
    sheet = book_of(plan)[ACTIONS]
    last = len(plan.register.ordinary) + 1
    below = [cell.value for line in sheet.iter_rows(min_row=last + 1) for cell in line if cell.value]
    assert below == [ABOUT_NUMBERS, help_sentence(plan.help)]
    assert sheet.print_area.endswith(f"$B$1:$K${last + 3}")


def test_the_second_sheet_says_what_this_is_and_whom_to_call() -> None:
    plan = drawn()
    said = [cell.value for line in book_of(plan)[HELP].iter_rows() for cell in line if cell.value]
    assert "Action plan for Fen Edge Growers Ltd, from the self-check of 24 November 2026." in said
    assert any("the business’s own answers" in text for text in said)
    assert {call.number for call in plan.help.everybody if call.number} <= set(said)


def test_a_plan_without_ordinary_actions_says_when_to_answer_again_and_not_that_nothing_is_open() -> None:
    plan = drawn()
    empty = replace(plan.register, groups=(), travelling=())
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(empty, plan.head, plan.help)))
    assert book[ACTIONS]["C2"].value == NO_ROWS


def test_nobody_is_named_in_the_properties_and_the_bytes_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = drawn()
    first = as_xlsx(plan.register, plan.head, plan.help)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    again = as_xlsx(plan.register, plan.head, plan.help)
    monkeypatch.undo()
    time.tzset()
    assert first == again
    book = openpyxl.load_workbook(io.BytesIO(first))
    assert (book.properties.title, book.properties.creator, book.properties.lastModifiedBy) == (
        "Action plan",
        None,
        None,
    )
    assert book.properties.created == datetime(2026, 11, 24)  # noqa: DTZ001  # as the format has it
    with ZipFile(io.BytesIO(first)) as parts:
        assert not [name for name in parts.namelist() if "rels" in name and b"External" in parts.read(name)]


def test_40_payloads_in_every_field_stay_text_in_openpyxl() -> None:
    assert len(PAYLOADS) == 40
    read = set()
    for plan in typed_in_all_rows():
        book = book_of(plan)
        has_only_text(book)
        for line in table_of(book)[1:]:
            row = {
                column.name: unescape(cell.value or "")
                for column, cell in zip(COLUMNS, line, strict=True)
                if column.kind == "text"
            }
            if row["reason"]:
                assert row["owner"] == row["reason"]
                assert f"{row['owner']} (" in row["notes"]
                read.add(row["owner"])
    assert read == {writable(payload) for payload in PAYLOADS}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_as_the_name_of_the_business_stays_text_in_openpyxl(payload: str) -> None:
    """The name stands on the sheet of help, so no action need be in the file."""
    plan = drawn()
    book = book_of(
        replace(
            plan,
            register=replace(plan.register, groups=(), travelling=()),
            head=replace(plan.head, organisation=payload),
        )
    )
    has_only_text(book)
    assert f"Action plan for {writable(payload)}, from" in unescape(str(book[HELP]["A1"].value))


def has_only_text(book: Any) -> None:
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []


@pytest.fixture(scope="module")
def in_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """The cells of all our files, and of two files made without care, as LibreOffice opened them, by kind."""
    folder = tmp_path_factory.mktemp("soffice")
    files: dict[str, list[Path]] = {"xlsx": [], "csv": [], "bad-xlsx": [], "bad-csv": []}
    for number, plan in enumerate(typed_in_all_rows()):
        for kind, content in (
            ("xlsx", as_xlsx(plan.register, plan.head, plan.help)),
            ("csv", as_csv(plan.register, plan.head, plan.help)),
        ):
            files[kind].append(folder / f"{kind}-{number}.{kind}")
            files[kind][-1].write_bytes(content)
    files["bad-xlsx"].append(folder / "bad-xlsx.xlsx")
    with xlsxwriter.Workbook(files["bad-xlsx"][0]) as book:
        sheet = book.add_worksheet()
        for line, payload in enumerate(PAYLOADS):
            sheet.write(line, 0, payload)
    files["bad-csv"].append(folder / "bad-csv.csv")
    files["bad-csv"][0].write_text("".join(f'"{p.replace(chr(34), chr(34) * 2)}"\r\n' for p in PAYLOADS), "utf-8-sig")
    sheets = opened([*files["xlsx"], *files["bad-xlsx"]], FLAT_SHEET, folder)
    texts = opened([*files["csv"], *files["bad-csv"]], FLAT_SHEET, folder, infilter=CSV_AS_UTF8)
    read = {path.stem: list(Trees.parse(path).iter(f"{TABLE}table-cell")) for path in (*sheets, *texts)}
    return {kind: [read[file.stem] for file in found] for kind, found in files.items()}


def formulas(cells: list[Any]) -> list[str]:
    return [cell.get(f"{TABLE}formula") for cell in cells if cell.get(f"{TABLE}formula") is not None]


def texts_of(cells: list[Any]) -> list[str]:
    return ["\n".join("".join(line.itertext()) for line in cell.iter(f"{TEXT}p")) for cell in cells]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_40_payloads_in_every_field_make_no_formula_in_libreoffice(
    in_libreoffice: dict[str, list[Any]], kind: str
) -> None:
    files = in_libreoffice[kind]
    assert len(files) == len(typed_in_all_rows())
    assert all(len(cells) > 100 for cells in files)
    assert [formulas(cells) for cells in files] == [[] for _ in files]
    squeezed = {"".join(text.split()) for cells in files for text in texts_of(cells)}
    for payload in PAYLOADS:
        wanted = payload if kind == "xlsx" else guarded(payload)
        assert "".join(writable(wanted).split()) in squeezed, payload


def test_in_libreoffice_too_numbers_are_numbers_and_dates_are_dates(in_libreoffice: dict[str, list[Any]]) -> None:
    for kind in ("xlsx", "csv"):
        kinds = {cell.get(f"{OFFICE}value-type") for cell in in_libreoffice[kind][0]}
        assert {"string", "float", "date"} <= kinds


def test_a_writer_without_care_is_caught(in_libreoffice: dict[str, list[Any]]) -> None:
    for kind in ("bad-xlsx", "bad-csv"):
        (cells,) = in_libreoffice[kind]
        assert len(formulas(cells)) >= 5, kind
