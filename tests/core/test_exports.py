from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as some

from assess.core.exports import (
    UTF8_BOM,
    XLSX_OPTIONS,
    ZipBuffer,
    csv_file,
    csv_lines,
    escape_formulas,
    unescape_formulas,
    write_zip_entry,
)
from tests.core.payloads import PAYLOADS

HOSTILE = some.text(alphabet=some.sampled_from("=+-@＝'\";\t\r\n aé\N{MINUS SIGN}‘’"), max_size=12)
LEADS = " \t\r\n\"'`‘’\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{NO-BREAK SPACE}"
RUN = "=+-@＝＋－＠﹢﹣﹦﹫\N{MINUS SIGN}"


def is_run(cell: str) -> bool:
    """Whether the first letter that counts is one a spreadsheet runs; written without the guard's own pattern."""
    return cell[:1] != "'" and cell.lstrip(LEADS)[:1] in tuple(RUN)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_stays_a_formula(payload: str) -> None:
    assert (
        escape_formulas(payload) != payload or "," in payload
    )  # a comma is our own separator, and every cell stands in quotes
    assert not is_run(escape_formulas(payload))


@pytest.mark.parametrize(
    "text", ["", "Fen Edge Growers Ltd", "Half a day - or more", "a=b", "£3 + tip", "it’s", "‘quoted’"]
)
def test_ordinary_text_stands_as_it_is(text: str) -> None:
    assert escape_formulas(text) == text


@given(HOSTILE)
def test_nothing_that_is_cut_off_by_another_separator_is_run(text: str) -> None:
    for separator in ";\t\r\n":
        assert not any(is_run(part) for part in escape_formulas(text).split(separator) if part)


@given(HOSTILE | some.text())
@example("'\r")
@example("''\n=1")
def test_a_program_gets_the_text_back(text: str) -> None:
    assert unescape_formulas(escape_formulas(text)) == text


def test_every_cell_is_quoted_and_none_can_be_run() -> None:
    rows = [("=1+1", 'a "word"', 3, -2.5, date(2026, 11, 24), None), ("zwei\nZeilen", "", 0, 0, None, "£")]
    said = csv_file(("=A", "B", "C", "D", "E", "F"), rows)
    text = said.decode()
    assert text.startswith(f'{UTF8_BOM}"\'=A","B"')
    assert text.endswith('"0","0","","£"\r\n')
    read = list(csv.reader(io.StringIO(text.removeprefix(UTF8_BOM), newline="")))
    assert read[1] == ["'=1+1", 'a "word"', "3", "-2.5", "2026-11-24", ""]
    assert read[2][0] == "zwei\nZeilen"


def test_a_file_in_pieces_is_the_same_as_a_whole_one() -> None:
    rows = [("a", 1), ("b", 2)]
    pieces = UTF8_BOM + csv_lines([("x", "y")]) + "".join(csv_lines([row]) for row in rows)
    assert pieces.encode() == csv_file(("x", "y"), rows)
    assert csv_lines([]) == ""


def test_a_workbook_takes_a_text_for_a_text() -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), dict(XLSX_OPTIONS))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "=1+1")
    sheet.write(1, 0, "https://example.org")
    assert {type(cell).__name__ for row in sheet.table.values() for cell in row.values()} == {"String"}
    book.close()


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_zip_comes_part_by_part_and_is_whole() -> None:
    sink, parts = ZipBuffer(), []
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content, method in (("a.pdf", b"%PDF" * 9000, zipfile.ZIP_STORED), ("b.txt", b"b" * 9000, 8)):
            write_zip_entry(archive, name, content, NOON, method)
            parts.append(sink.take())
            assert sink.take() == b"", "what was taken is kept no longer"
    parts.append(sink.take())
    assert len(parts[0]) > 36_000
    assert len(parts[1]) < 200, "the second was packed"
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.testzip() is None
        assert [(one.filename, one.date_time) for one in archive.infolist()] == [
            ("a.pdf", (2026, 11, 24, 0, 0, 0)),
            ("b.txt", (2026, 11, 24, 0, 0, 0)),
        ]
