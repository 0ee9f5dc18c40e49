from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import defusedxml.ElementTree as Trees
import docx
import openpyxl
import pytest

from assess.engine.purchases import Purchase
from assess.kit.formulas import writable
from assess.plans.calendar.events import Moment, as_ics, entries_of
from assess.plans.document import Plan, business_plan
from assess.plans.exports.buying import COLUMNS, TITLE, about_purchases, purchase_rows
from assess.plans.exports.rows import as_csv
from assess.plans.exports.spreadsheet import ACTIONS, HELP, as_xlsx
from assess.plans.exports.word import as_docx
from assess.plans.register.state import NOTHING_YET
from tests.engine.real_banks import BANKS
from tests.kit.payloads import PAYLOADS
from tests.plans.buying.bought import HOTEL, LONG, SECRET, UNKNOWN, buying, hotel, sixty
from tests.plans.exports.soffice import FLAT_SHEET, FLAT_TEXT, opened
from tests.plans.exports.test_spreadsheet import formulas, unescape
from tests.plans.exports.test_telling_nothing import own_or_waiting
from tests.plans.records import scenario
from tests.plans.test_copies import raising

TABLE_CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"


def sheet_file(plan: Plan) -> bytes:
    return as_xlsx(plan.register, plan.head, plan.help, plan.buying)


def word_file(plan: Plan) -> bytes:
    return as_docx(plan.register, plan.head, plan.help, plan.buying)


def book_of(plan: Plan) -> Any:
    return openpyxl.load_workbook(io.BytesIO(sheet_file(plan)))


def word_text(plan: Plan) -> str:
    document = docx.Document(io.BytesIO(word_file(plan)))
    return "\n".join(text.text or "" for text in document.element.iter() if text.tag.endswith("}t"))


def typed_in() -> Plan:
    """A plan in which each payload is the name that a list has for goods, and the name of a supplier."""
    record = hotel(tuple(Purchase("rice", None, None, payload) for payload in PAYLOADS))
    for line, payload in zip(record["purchases"]["lines"], PAYLOADS, strict=True):
        line["name"] = payload
    return business_plan(record)


def as_printed(payload: str) -> str:
    """Names of lists begin with a large letter."""
    return writable(payload[:1].upper() + payload[1:])


@pytest.mark.parametrize("purchases", [HOTEL[:1], HOTEL, LONG, UNKNOWN, sixty()])
def test_every_cell_reads_back_with_its_type(purchases: tuple[Purchase, ...]) -> None:
    plan = business_plan(hotel(purchases))
    assert plan.buying is not None
    rows = purchase_rows(plan.buying)
    book = book_of(plan)
    assert book.sheetnames == [ACTIONS, TITLE, HELP]
    lines = list(book[TITLE].iter_rows(max_row=len(rows) + 1))
    assert [cell.value for cell in lines[0]] == [column.title for column in COLUMNS]
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, column, value in zip(line, COLUMNS, row.cells, strict=True):
            assert cell.value == (value if value or value == 0 else None)
            if value not in {None, ""}:
                assert cell.data_type == ("n" if column.kind == "number" else "s")
    below = {cell.value for line in book[TITLE].iter_rows(min_row=len(rows) + 2) for cell in line}
    assert set(about_purchases(plan.buying)) <= below
    (table,) = book[TITLE].tables.values()
    assert table.ref == f"A1:J{len(rows) + 1}"


def test_each_row_says_what_it_is_and_names_source_edition_and_year() -> None:
    record = hotel()
    plan = business_plan(record)
    assert plan.buying is not None
    for row, line in zip(purchase_rows(plan.buying), plan.buying.lines, strict=True):
        given = record["purchases"]["lines"][line.index]["facts"][0]
        assert row.about == "This is about the country and goods, not this firm."
        assert all(part in row.source for part in (given["source"], given["edition"], str(given["year"])))
        assert all(fact.says in row.facts for fact in line.facts)


def test_no_file_that_travels_names_a_supplier_tells_a_step_or_asks_a_question() -> None:
    record = hotel()
    plan = business_plan(record)
    cells = [str(cell.value) for sheet in book_of(plan) for line in sheet.iter_rows() for cell in line if cell.value]
    for said in ("\n".join(cells), word_text(plan), as_csv(plan.register, plan.head, plan.help).decode()):
        assert SECRET not in said
        assert not [step["do"] for step in record["purchases"]["steps"] if step["do"] in said]
        assert not [ask for line in record["purchases"]["lines"] for ask in line["ask"] if ask in said]


def test_no_file_that_travels_says_what_the_business_typed(now: datetime) -> None:
    purchases = (Purchase(f"{SECRET} and Sons", "GB", 3), Purchase(f"agency {SECRET}"), *HOTEL)
    record = hotel(purchases)
    plan = business_plan(record)
    assert plan.buying is not None
    (own,) = [line for line in plan.buying.lines if SECRET in line.name]
    cells = [str(cell.value) for sheet in book_of(plan) for line in sheet.iter_rows() for cell in line if cell.value]
    (own_row,) = [row for row in purchase_rows(plan.buying) if row.number == own.number]
    assert own_row.what == f"In your own words (line {own.number})"
    assert (own_row.word, own_row.risk) == ("Not known", None)
    assert {own_row.what, "Agency and temporary workers"} <= set(cells)
    moment = Moment(uuid4(), 1, now, {})
    calendar = as_ics(entries_of(plan.register, record, plan.help, NOTHING_YET, moment)).decode()
    assert "BEGIN:VEVENT" in calendar
    for said in ("\n".join(cells), word_text(plan), as_csv(plan.register, plan.head, plan.help).decode(), calendar):
        assert SECRET not in said


def test_files_of_a_plan_without_purchases_and_every_csv_have_nothing_of_them() -> None:
    bare, bought = business_plan(scenario("hospitality", "hospitality medium")), business_plan(hotel())
    assert sheet_file(bare) == as_xlsx(bare.register, bare.head, bare.help)
    assert word_file(bare) == as_docx(bare.register, bare.head, bare.help)
    assert book_of(bare).sheetnames == [ACTIONS, HELP]
    assert as_csv(bought.register, bought.head, bought.help) == as_csv(bare.register, bare.head, bare.help)


@pytest.mark.parametrize("bank", BANKS)
def test_no_sign_changes_a_row(bank: str) -> None:
    calm = business_plan(buying(scenario(bank, f"{bank} low"))).buying
    assert calm is not None
    rows, about = purchase_rows(calm), about_purchases(calm)
    for question, _sign, answer in own_or_waiting(bank):
        found = business_plan(buying(raising(bank, question.id, answer))).buying
        assert found is not None
        assert purchase_rows(found) == rows, question.id
        assert about_purchases(found) == about, question.id


def test_the_word_file_has_the_same_table() -> None:
    plan = business_plan(hotel())
    assert plan.buying is not None
    document = docx.Document(io.BytesIO(word_file(plan)))
    assert TITLE in [line.text for line in document.paragraphs if line.style.name == "Heading 2"]
    table = next(table for table in document.tables if table.rows[0].cells[-1].text == "Because of")
    rows = purchase_rows(plan.buying)
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
    place = [column.name for column in COLUMNS].index("what")
    read = {unescape(str(line[place].value or "")) for line in book[TITLE].iter_rows(min_row=2)}
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
