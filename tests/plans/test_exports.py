from __future__ import annotations

import csv
import io
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import defusedxml.ElementTree as Trees
import docx
import openpyxl
import pytest
import xlsxwriter
from docx.oxml.ns import qn

from assess.core.exports import escape_formulas, strip_invalid_xml, unescape_formulas
from assess.engine.purchases import Purchase
from assess.engine.step_gains import EFFORT_DAYS
from assess.plans.action_tracker.state import EMPTY_STATE, EvidenceNote, ItemState
from assess.plans.actions import ActionList
from assess.plans.calendar import PlanSnapshot, calendar_entries, entries_to_ics
from assess.plans.exports import (
    ABOUT_NUMBERS,
    ACTION_COLUMNS,
    ACTIONS_SHEET,
    HELP_SHEET,
    NO_ACTIONS,
    PURCHASE_COLUMNS,
    PURCHASES_TITLE,
    ActionRow,
    about_purchases,
    action_rows,
    actions_csv,
    actions_docx,
    actions_xlsx,
    help_sentence,
    purchase_rows,
)
from assess.plans.first_page import HelpContacts, PlanHead
from assess.plans.plan_page import PlanPage, business_plan
from assess.plans.words import format_day
from tests.core.payloads import PAYLOADS
from tests.engine.real_banks import BANKS
from tests.plans.libreoffice import CSV_AS_UTF8, FLAT_SHEET, FLAT_TEXT, opened
from tests.plans.purchases.purchase_records import HOTEL, LONG, SECRET, UNKNOWN, buying, hotel, sixty
from tests.plans.records import FACTS, NAME, SCENARIOS, Record, a_record, scenario
from tests.plans.test_copies import raising
from tests.plans.test_telling_nothing import own_or_waiting

TABLE_CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"


def sheet_file(plan: PlanPage) -> bytes:
    return actions_xlsx(plan.action_list, plan.head, plan.help, plan.purchases)


def word_file(plan: PlanPage) -> bytes:
    return actions_docx(plan.action_list, plan.head, plan.help, plan.purchases)


def book_of(plan: PlanPage) -> Any:
    return openpyxl.load_workbook(io.BytesIO(sheet_file(plan)))


def word_text(plan: PlanPage) -> str:
    document = docx.Document(io.BytesIO(word_file(plan)))
    return "\n".join(text.text or "" for text in document.element.iter() if text.tag.endswith("}t"))


def typed_in() -> PlanPage:
    """A plan in which each payload is the name that a list has for goods, and the name of a supplier."""
    record = hotel(tuple(Purchase("rice", None, None, payload) for payload in PAYLOADS))
    for line, payload in zip(record["purchases"]["lines"], PAYLOADS, strict=True):
        line["name"] = payload
    return business_plan(record)


def as_printed(payload: str) -> str:
    """Names of lists begin with a large letter."""
    return strip_invalid_xml(payload[:1].upper() + payload[1:])


@pytest.mark.parametrize("purchases", [HOTEL[:1], HOTEL, LONG, UNKNOWN, sixty()])
def test_every_cell_reads_back_with_its_type(purchases: tuple[Purchase, ...]) -> None:
    plan = business_plan(hotel(purchases))
    assert plan.purchases is not None
    rows = purchase_rows(plan.purchases)
    book = book_of(plan)
    assert book.sheetnames == [ACTIONS_SHEET, PURCHASES_TITLE, HELP_SHEET]
    lines = list(book[PURCHASES_TITLE].iter_rows(max_row=len(rows) + 1))
    assert [cell.value for cell in lines[0]] == [column.title for column in PURCHASE_COLUMNS]
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, column, value in zip(line, PURCHASE_COLUMNS, row.cells, strict=True):
            assert cell.value == (value if value or value == 0 else None)
            if value not in {None, ""}:
                assert cell.data_type == ("n" if column.kind == "number" else "s")
    below = {cell.value for line in book[PURCHASES_TITLE].iter_rows(min_row=len(rows) + 2) for cell in line}
    assert set(about_purchases(plan.purchases)) <= below
    (table,) = book[PURCHASES_TITLE].tables.values()
    assert table.ref == f"A1:J{len(rows) + 1}"


def test_each_row_says_what_it_is_and_names_source_edition_and_year() -> None:
    record = hotel()
    plan = business_plan(record)
    assert plan.purchases is not None
    for row, line in zip(purchase_rows(plan.purchases), plan.purchases.lines, strict=True):
        given = record["purchases"]["lines"][line.index]["facts"][0]
        assert row.about == "This is about the country and goods, not this firm."
        assert all(part in row.source for part in (given["source"], given["edition"], str(given["year"])))
        assert all(fact.says in row.facts for fact in line.facts)


def test_no_file_that_travels_names_a_supplier_tells_a_step_or_asks_a_question() -> None:
    record = hotel()
    plan = business_plan(record)
    cells = [str(cell.value) for sheet in book_of(plan) for line in sheet.iter_rows() for cell in line if cell.value]
    for said in ("\n".join(cells), word_text(plan), actions_csv(plan.action_list, plan.head, plan.help).decode()):
        assert SECRET not in said
        assert not [step["do"] for step in record["purchases"]["steps"] if step["do"] in said]
        assert not [ask for line in record["purchases"]["lines"] for ask in line["ask"] if ask in said]


def test_no_file_that_travels_says_what_the_business_typed(now: datetime) -> None:
    purchases = (Purchase(f"{SECRET} and Sons", "GB", 3), Purchase(f"agency {SECRET}"), *HOTEL)
    record = hotel(purchases)
    plan = business_plan(record)
    assert plan.purchases is not None
    (own,) = [line for line in plan.purchases.lines if SECRET in line.name]
    cells = [str(cell.value) for sheet in book_of(plan) for line in sheet.iter_rows() for cell in line if cell.value]
    (own_row,) = [row for row in purchase_rows(plan.purchases) if row.number == own.number]
    assert own_row.what == f"In your own words (line {own.number})"
    assert (own_row.word, own_row.risk) == ("Not known", None)
    assert {own_row.what, "Agency and temporary workers"} <= set(cells)
    moment = PlanSnapshot(uuid4(), 1, now, {})
    calendar = entries_to_ics(calendar_entries(plan.action_list, record, plan.help, EMPTY_STATE, moment)).decode()
    assert "BEGIN:VEVENT" in calendar
    for said in (
        "\n".join(cells),
        word_text(plan),
        actions_csv(plan.action_list, plan.head, plan.help).decode(),
        calendar,
    ):
        assert SECRET not in said


def test_files_of_a_plan_without_purchases_and_every_csv_have_nothing_of_them() -> None:
    bare, bought = business_plan(scenario("hospitality", "hospitality medium")), business_plan(hotel())
    assert sheet_file(bare) == actions_xlsx(bare.action_list, bare.head, bare.help)
    assert word_file(bare) == actions_docx(bare.action_list, bare.head, bare.help)
    assert book_of(bare).sheetnames == [ACTIONS_SHEET, HELP_SHEET]
    assert actions_csv(bought.action_list, bought.head, bought.help) == actions_csv(
        bare.action_list, bare.head, bare.help
    )


@pytest.mark.parametrize("bank", BANKS)
def test_no_sign_changes_a_row(bank: str) -> None:
    calm = business_plan(buying(scenario(bank, f"{bank} low"))).purchases
    assert calm is not None
    rows, about = purchase_rows(calm), about_purchases(calm)
    for question, _sign, answer in own_or_waiting(bank):
        found = business_plan(buying(raising(bank, question.id, answer))).purchases
        assert found is not None
        assert purchase_rows(found) == rows, question.id
        assert about_purchases(found) == about, question.id


def test_the_word_file_has_the_same_table() -> None:
    plan = business_plan(hotel())
    assert plan.purchases is not None
    document = docx.Document(io.BytesIO(word_file(plan)))
    assert PURCHASES_TITLE in [line.text for line in document.paragraphs if line.style.name == "Heading 2"]
    table = next(table for table in document.tables if table.rows[0].cells[-1].text == "Because of")
    rows = purchase_rows(plan.purchases)
    assert len(table.rows) == len(rows) + 1
    for line, row in zip(table.rows[1:], rows, strict=True):
        cells = [cell.text for cell in line.cells]
        assert cells[0] == str(row.number)
        assert cells[1].split("\n")[:2] == [row.what, row.place]
        assert cells[3].startswith(row.word)
        assert (row.because in cells[4], row.source in cells[4], row.about in cells[4]) == (True, True, True)


def test_40_payloads_as_goods_and_suppliers_make_no_formula_in_openpyxl() -> None:
    plan = typed_in()
    book = book_of(plan)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    place = [column.name for column in PURCHASE_COLUMNS].index("what")
    read = {unescape(str(line[place].value or "")) for line in book[PURCHASES_TITLE].iter_rows(min_row=2)}
    assert {as_printed(payload) for payload in PAYLOADS} <= read


def test_40_payloads_as_goods_and_suppliers_stay_text_in_libreoffice(tmp_path: Path) -> None:
    plan = typed_in()
    (tmp_path / "sheet.xlsx").write_bytes(sheet_file(plan))
    (tmp_path / "word.docx").write_bytes(word_file(plan))
    (sheet,) = opened([tmp_path / "sheet.xlsx"], FLAT_SHEET, tmp_path)
    (word,) = opened([tmp_path / "word.docx"], FLAT_TEXT, tmp_path)
    cells = list(Trees.parse(sheet).iter(TABLE_CELL))
    assert len(cells) > 400
    assert formulas(cells) == []
    for path in (sheet, word):
        said = "".join("".join(Trees.parse(path).getroot().itertext()).split())
        for payload in PAYLOADS:
            assert "".join(as_printed(payload).split()) in said, payload


HELPLINE = "Call 08000 121 700, the Modern Slavery and Exploitation Helpline"


def drawn(record: Record, state: dict[str, ItemState] | None = None) -> tuple[ActionRow, ...]:
    plan = business_plan(record, state or {})
    return action_rows(plan.action_list, plan.head, plan.help)


def written(record: Record, state: dict[str, ItemState] | None = None) -> list[dict[str, str]]:
    plan = business_plan(record, state or {})
    text = actions_csv(plan.action_list, plan.head, plan.help).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def ordinary_keys(record: Record) -> list[str]:
    return [item.key for item in business_plan(record).action_list.ordinary]


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_there_is_one_row_for_each_ordinary_item_and_then_the_helpline(bank: str, title: str) -> None:
    record = scenario(bank, title)
    rows = drawn(record)
    assert sorted(row.id for row in rows[:-1]) == sorted(ordinary_keys(record))
    assert rows[-1].id == "helpline"
    assert [row.number for row in rows] == [*range(1, len(rows)), None]
    assert HELPLINE in rows[-1].do


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_rows_stand_by_date_then_by_harm_and_gain_of_ordinary_answers_and_nothing_says_what_they_take_off(
    bank: str, title: str
) -> None:
    record = scenario(bank, title)
    known = {action["question"]: action for action in record["buyer_view"]["actions"]}
    rows = [
        (row.due or "9999", known[row.id]["harm"], -(known[row.id]["gain"] or 0) / known[row.id]["effort_days"])
        for row in drawn(record)[:-1]
        if row.id in known
    ]
    assert rows == sorted(rows)
    assert len(rows) > 1 or title == "farming low"
    plan = business_plan(record)
    assert "score" not in actions_csv(plan.action_list, plan.head, plan.help).decode().lower()


def test_a_date_that_was_moved_moves_its_row() -> None:
    first, *_, last = drawn(scenario())[:-1]
    rows = drawn(scenario(), {first.id: ItemState(due="2028-01-01", revision=1)})
    assert (rows[-2].id, rows[-2].number) == (first.id, last.number)


def test_a_row_says_what_why_how_much_and_by_when_in_types() -> None:
    (row,) = [row for row in drawn(scenario()) if row.id == "core_time_records"]
    assert row.title == "Write down everyone’s hours each day"
    assert row.do.startswith("Start a daily sign-in sheet")
    assert "You answered: Sometimes, or totals only. Only a record" in row.why
    assert (row.effort, row.due) == (EFFORT_DAYS["S"], "2026-12-24")
    assert (row.owner, row.status, row.response) == ("Site manager", "Not started", "")
    assert row.basis == "From your answers"


def test_what_will_not_be_done_is_not_said_to_have_not_begun() -> None:
    state = {"core_time_records": ItemState("will_not", "cost", revision=1)}
    (row,) = [row for row in written(scenario(), state) if row["Id"] == "core_time_records"]
    assert (row["Status"], row["Our answer"]) == ("Will not be done", "We will not do this")


def test_what_the_business_made_of_an_item_stands_in_its_row() -> None:
    note = EvidenceNote(1, "Blank sheet", "policy", "2026-12-01", "2027-12-01", "shown")
    state = ItemState("accepted", "", "", "Ann", "2027-01-15", "done", "2027-01-10", (note,), revision=4)
    (row,) = [row for row in drawn(scenario(), {"core_time_records": state}) if row.id == "core_time_records"]
    assert (row.owner, row.due, row.status, row.done_on) == ("Ann", "2027-01-15", "Done", "2027-01-10")
    assert row.response == "We will do this"
    assert (
        row.notes
        == "Blank sheet (a policy or written rules; dated 1 December 2026; good until 1 December 2027; we have shown it to somebody from outside)"
    )


def test_a_reason_reads_as_it_was_picked() -> None:
    state = ItemState("will_not", "cost", "Again next year", revision=1)
    (row,) = [row for row in drawn(scenario(), {"core_time_records": state}) if row.id == "core_time_records"]
    assert (row.response, row.reason) == ("We will not do this", "It costs too much now. Again next year")


def test_a_duty_has_its_law() -> None:
    record = a_record(facts={**FACTS, "turnover_gbp_incl_subsidiaries": 40_000_000})
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False)
    (row,) = [row for row in drawn(record) if row.id == duty["id"]]
    assert (row.due, row.effort) == ("2026-12-20", None)
    assert row.basis.startswith("Law, likely to apply, not yet confirmed by a lawyer: ")


def test_ids_stay_over_another_submission_and_whatever_is_done() -> None:
    before = ordinary_keys(scenario())
    after = drawn(a_record(change={"core_longest_week": 47}), {before[0]: ItemState(status="done", revision=1)})
    assert set(before) - {"core_longest_week"} <= {row.id for row in after}


def test_csv_begins_with_its_mark_ends_lines_as_windows_does_and_has_iso_dates() -> None:
    plan = business_plan(scenario())
    content = actions_csv(plan.action_list, plan.head, plan.help)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")
    rows = written(scenario())
    assert list(rows[0]) == [column.title for column in ACTION_COLUMNS]
    assert [row["No. in this file"] for row in rows][:2] == ["1", "2"]
    assert rows[0]["By when"] == "2026-12-24"
    assert content == actions_csv(plan.action_list, plan.head, plan.help)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_somebody_typed_is_no_formula_in_csv_and_can_be_had_back(payload: str) -> None:
    record = scenario()
    record["organisation"]["name"] = payload
    note = EvidenceNote(1, payload, "form", None, None, "said")
    key = drawn(record)[0].id
    row, *_, last = written(record, {key: ItemState("will_not", "", payload, payload, notes=(note,), revision=1)})
    assert not any(cell[:1] in "=+-@\t\r" for cell in row.values() if cell)
    assert unescape_formulas(row["Who"]) == payload
    assert unescape_formulas(row["Reason"]) == payload
    assert payload in unescape_formulas(row["Proof noted"])
    assert payload in last["Why"] or payload in unescape_formulas(last["Why"])
    assert NAME not in last["Why"]


TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def drawn_spreadsheet(
    bank: str = "farming", title: str = "farming medium", state: dict[str, ItemState] | None = None
) -> PlanPage:
    return business_plan(scenario(bank, title), state or {})


def book_of_spreadsheet(plan: PlanPage) -> Any:
    return openpyxl.load_workbook(io.BytesIO(actions_xlsx(plan.action_list, plan.head, plan.help)))


def typed_in_all_rows() -> list[PlanPage]:
    """Plans in which every row has a payload wherever something can be typed, and each payload has a row."""
    keys = [item.key for item in drawn_spreadsheet().action_list.ordinary]
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
    sheet = book[ACTIONS_SHEET]
    return list(sheet[sheet.tables[ACTIONS_SHEET].ref])


def unescape(text: str) -> str:
    """A text as it was written: openpyxl leaves the sign for a carriage return to its user."""
    return text.replace("_x000D_", "\r")


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_cell_reads_back_with_its_type_spreadsheet(bank: str, title: str) -> None:
    plan = drawn_spreadsheet(bank, title)
    rows = action_rows(plan.action_list, plan.head, plan.help)[:-1]
    lines = table_of(book_of_spreadsheet(plan))
    assert [cell.value for cell in lines[0]] == [column.title for column in ACTION_COLUMNS]
    assert len(lines) == len(rows) + 1
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, column, value in zip(line, ACTION_COLUMNS, row.cells, strict=True):
            if column.kind == "date" and value:
                assert (cell.value, cell.number_format) == (datetime.fromisoformat(str(value)), "yyyy-mm-dd")
            else:
                assert cell.value == (value or None if isinstance(value, str) else value)
                assert cell.data_type == ("n" if isinstance(value, int | float) or not value else "s")


def test_the_header_stays_in_sight_can_be_filtered_and_is_printed_on_every_page() -> None:
    sheet = book_of_spreadsheet(drawn_spreadsheet())[ACTIONS_SHEET]
    (table,) = sheet.tables.values()
    count = len(drawn_spreadsheet().action_list.ordinary)
    assert (table.headerRowCount, table.ref) == (1, f"A1:O{count + 1}")
    assert table.autoFilter.ref == table.ref
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert "08000 121 700" in sheet.oddFooter.left.text
    assert all(sheet.column_dimensions[letter].width > 5 for letter in "ABCDEFGHIJKLMNO")


def test_under_the_table_it_says_what_is_not_in_it_and_whom_to_call_on_the_screen_and_on_paper() -> None:
    plan = drawn_spreadsheet()
    sheet = book_of_spreadsheet(plan)[ACTIONS_SHEET]
    last = len(plan.action_list.ordinary) + 1
    below = [cell.value for line in sheet.iter_rows(min_row=last + 1) for cell in line if cell.value]
    assert below == [ABOUT_NUMBERS, help_sentence(plan.help)]
    assert sheet.print_area.endswith(f"$A$1:$H${last + 3}")


def test_the_second_sheet_says_what_this_is_and_whom_to_call() -> None:
    plan = drawn_spreadsheet()
    said = [cell.value for line in book_of_spreadsheet(plan)[HELP_SHEET].iter_rows() for cell in line if cell.value]
    assert "Action plan for Fen Edge Growers Ltd, from the self-check of 24 November 2026." in said
    assert any("the business’s own answers" in text for text in said)
    assert {call.number for call in plan.help.everybody if call.number} <= set(said)


def test_a_plan_without_ordinary_actions_says_when_to_answer_again_and_not_that_nothing_is_open() -> None:
    plan = drawn_spreadsheet()
    empty = replace(plan.action_list, groups=(), exportable=())
    book = openpyxl.load_workbook(io.BytesIO(actions_xlsx(empty, plan.head, plan.help)))
    assert book[ACTIONS_SHEET]["B2"].value == NO_ACTIONS


def test_nobody_is_named_in_the_properties_and_the_bytes_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = drawn_spreadsheet()
    first = actions_xlsx(plan.action_list, plan.head, plan.help)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    again = actions_xlsx(plan.action_list, plan.head, plan.help)
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
        book = book_of_spreadsheet(plan)
        has_only_text(book)
        for line in table_of(book)[1:]:
            row = {
                column.name: unescape(cell.value or "")
                for column, cell in zip(ACTION_COLUMNS, line, strict=True)
                if column.kind == "text"
            }
            if row["reason"]:
                assert row["owner"] == row["reason"]
                assert f"{row['owner']} (" in row["notes"]
                read.add(row["owner"])
    assert read == {strip_invalid_xml(payload) for payload in PAYLOADS}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_as_the_name_of_the_business_stays_text_in_openpyxl(payload: str) -> None:
    """The name stands on the sheet of help, so no action need be in the file."""
    plan = drawn_spreadsheet()
    book = book_of_spreadsheet(
        replace(
            plan,
            action_list=replace(plan.action_list, groups=(), exportable=()),
            head=replace(plan.head, organisation=payload),
        )
    )
    has_only_text(book)
    assert f"Action plan for {strip_invalid_xml(payload)}, from" in unescape(str(book[HELP_SHEET]["A1"].value))


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
            ("xlsx", actions_xlsx(plan.action_list, plan.head, plan.help)),
            ("csv", actions_csv(plan.action_list, plan.head, plan.help)),
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
        wanted = payload if kind == "xlsx" else escape_formulas(payload)
        assert "".join(strip_invalid_xml(wanted).split()) in squeezed, payload


def test_in_libreoffice_too_numbers_are_numbers_and_dates_are_dates(in_libreoffice: dict[str, list[Any]]) -> None:
    for kind in ("xlsx", "csv"):
        kinds = {cell.get(f"{OFFICE}value-type") for cell in in_libreoffice[kind][0]}
        assert {"string", "float", "date"} <= kinds


def test_a_writer_without_care_is_caught(in_libreoffice: dict[str, list[Any]]) -> None:
    for kind in ("bad-xlsx", "bad-csv"):
        (cells,) = in_libreoffice[kind]
        assert len(formulas(cells)) >= 5, kind


def written_word(plan: PlanPage) -> Any:
    return docx.Document(io.BytesIO(actions_docx(plan.action_list, plan.head, plan.help)))


def _parts(plan: PlanPage) -> tuple[ActionList, PlanHead, HelpContacts]:
    return plan.action_list, plan.head, plan.help


def text_of(document: Any) -> str:
    return "\n".join(text.text or "" for text in document.element.iter(qn("w:t")))


def lines_of(document: Any) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for table in document.tables[:-1] for line in table.rows[1:]]


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_tables_hold_every_ordinary_action_once_with_who_when_and_how_far(bank: str, title: str) -> None:
    plan = business_plan(scenario(bank, title))
    rows = action_rows(plan.action_list, plan.head, plan.help)[:-1]
    lines = lines_of(written_word(plan))
    assert [line[0] for line in lines] == [str(row.number) for row in rows]
    for line, row in zip(lines, rows, strict=True):
        assert line[1].split("\n")[:2] == [row.title, row.do]
        assert row.why in line[1]
        assert row.basis in line[1]
        assert f"What to show: {row.proof}" in line[1] or not row.proof
        assert line[2:5] == [row.owner, format_day(row.due) if row.due else "", row.status]


def test_headings_and_tables_are_real_and_each_table_repeats_its_first_row() -> None:
    document = written_word(business_plan(scenario()))
    headings = [(line.style.name, line.text) for line in document.paragraphs if line.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "Action plan"),
        ("Heading 2", "By 24 December 2026"),
        ("Heading 2", "By 24 February 2027"),
        ("Heading 2", "By 25 November 2027"),
        ("Heading 2", "Who to call"),
    ]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(line._tr.trPr.find(qn("w:cantSplit")) is not None for line in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None


def test_a_date_that_was_moved_moves_its_row_under_another_heading() -> None:
    first = action_rows(*_parts(business_plan(scenario())))[0].id
    document = written_word(business_plan(scenario(), {first: ItemState(due="2028-01-01", revision=1)}))
    assert [line.text for line in document.paragraphs if line.style.name == "Heading 2"][-2:] == [
        "Later",
        "Who to call",
    ]
    numbers = [int(line[0]) for line in lines_of(document)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_it_says_what_it_is_and_whom_to_call_on_every_page() -> None:
    document = written_word(business_plan(scenario()))
    assert "the business’s own answers" in text_of(document)
    assert "08000 121 700" in text_of(document)
    assert "08000 121 700" in document.sections[0].footer.paragraphs[0].text


def test_it_is_british_english_names_nobody_and_the_bytes_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = business_plan(scenario())
    first = actions_docx(plan.action_list, plan.head, plan.help)
    now = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: now)
    assert actions_docx(plan.action_list, plan.head, plan.help) == first
    document = docx.Document(io.BytesIO(first))
    known = document.core_properties
    assert (known.title, known.language, known.author, known.last_modified_by) == ("Action plan", "en-GB", "", "")
    assert (known.created, known.comments) == (datetime(2026, 11, 24, tzinfo=UTC), "")
    assert {tongue.get(qn("w:val")) for tongue in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    with ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_plan_without_ordinary_actions_says_when_to_answer_again_and_not_that_nothing_is_open_word() -> None:
    plan = business_plan(scenario())
    assert NO_ACTIONS in text_of(
        written_word(replace(plan, action_list=replace(plan.action_list, groups=(), exportable=())))
    )


def test_40_payloads_stay_text_in_libreoffice_and_no_field_is_made(tmp_path: Path) -> None:
    record = scenario()
    keys = [item.key for item in business_plan(record).action_list.ordinary]
    state = {}
    for number, payload in enumerate(PAYLOADS):
        key = keys[number % len(keys)]
        before = state.get(key, ItemState(revision=1))
        state[key] = replace(before, notes=(*before.notes, EvidenceNote(number, payload, "form", None, None, "said")))
    record["organisation"]["name"] = PAYLOADS[1]
    plan = business_plan(record, state)
    (tmp_path / "plan.docx").write_bytes(actions_docx(plan.action_list, plan.head, plan.help))
    (path,) = opened([tmp_path / "plan.docx"], FLAT_TEXT, tmp_path)
    tree = Trees.parse(path)
    said = "".join("".join(tree.getroot().itertext()).split())
    for payload in PAYLOADS:
        assert "".join(strip_invalid_xml(payload).split()) in said, payload
    made = {node.tag for node in tree.iter() if node.tag.startswith("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}")}
    assert {tag.rpartition("}")[2] for tag in made} & {
        "a",
        "dde-connection",
        "script",
        "expression",
        "execute-macro",
    } == set()
