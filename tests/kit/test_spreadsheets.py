from __future__ import annotations

import csv
import io
from datetime import date

import xlsxwriter

from assess.kit.spreadsheets import MARK, SAFE, csv_file, csv_lines


def test_every_cell_is_quoted_and_none_can_be_run() -> None:
    rows = [("=1+1", 'a "word"', 3, -2.5, date(2026, 11, 24), None), ("zwei\nZeilen", "", 0, 0, None, "£")]
    said = csv_file(("=A", "B", "C", "D", "E", "F"), rows)
    text = said.decode()
    assert text.startswith(f'{MARK}"\'=A","B"')
    assert text.endswith('"0","0","","£"\r\n')
    read = list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))
    assert read[1] == ["'=1+1", 'a "word"', "3", "-2.5", "2026-11-24", ""]
    assert read[2][0] == "zwei\nZeilen"


def test_a_file_in_pieces_is_the_same_as_a_whole_one() -> None:
    rows = [("a", 1), ("b", 2)]
    pieces = MARK + csv_lines([("x", "y")]) + "".join(csv_lines([row]) for row in rows)
    assert pieces.encode() == csv_file(("x", "y"), rows)
    assert csv_lines([]) == ""


def test_a_workbook_takes_a_text_for_a_text() -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), dict(SAFE))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "=1+1")
    sheet.write(1, 0, "https://example.org")
    assert {type(cell).__name__ for row in sheet.table.values() for cell in row.values()} == {"String"}
    book.close()
