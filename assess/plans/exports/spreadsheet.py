"""The register as XLSX: typed cells in a real table, a sheet with what the business buys if it said so, and one with whom to call.

Texts are written as texts and nothing else: no formula, no link, whatever somebody typed. No name of a person or a program is
in the properties, and every date in the file is that of the submission, so that the same register gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from assess.kit.formulas import writable
from assess.kit.spreadsheets import SAFE
from assess.plans.actions import Register
from assess.plans.buying.story import Buying
from assess.plans.exports.buying import COLUMNS as BUYING_COLUMNS
from assess.plans.exports.buying import TITLE as BUYING
from assess.plans.exports.buying import about_purchases, purchase_rows
from assess.plans.exports.rows import (
    ABOUT_EFFORT,
    ABOUT_NUMBERS,
    COLUMNS,
    Cell,
    Column,
    Row,
    about,
    help_sentence,
    rows_of,
)
from assess.plans.first_page import Head, Help

ACTIONS, HELP = "Actions", "Help"
"""Names of the sheets every file has."""

NO_ROWS = "Answer the self-check again when something changes, or in a year."
_PLACES = {column.name: place for place, column in enumerate(COLUMNS)}
_A4 = 9
_STYLE = "Table Style Light 15"
"""Black lines on white: it prints on any printer."""

_LONGEST_FOOTER = 200
_TWO_LINES, _FOUR_LINES = 32, 62
"""Heights in points for merged cells, which grow by themselves in no program."""

_CONTACT_COLUMNS = (("When", 50), ("Who", 44), ("Number", 18), ("Text phone", 26), ("Web", 44))


class _Formats:
    """The formats of one workbook by the kind of a column."""

    def __init__(self, book: Workbook) -> None:
        # lines of our own: not every program draws the style of a table; an indent, or one column runs into the next
        top = {"valign": "top", "bottom": 1, "align": "left", "indent": 1}
        self.text: Format = book.add_format({**top, "text_wrap": True, "num_format": "@"})
        self.date: Format = book.add_format({**top, "num_format": "yyyy-mm-dd"})
        self.number: Format = book.add_format(top)
        self.days: Format = book.add_format({**top, "num_format": "0.0"})
        self.plain: Format = book.add_format({"valign": "top", "align": "left", "indent": 1, "text_wrap": True})
        self.header: Format = book.add_format({**top, "text_wrap": True, "bold": True})

    def of(self, column: Column) -> Format:
        """The format of the cells of a column."""
        if column.name == "effort":
            return self.days
        return {"text": self.text, "date": self.date, "number": self.number}[column.kind]


def as_xlsx(register: Register, head: Head, help: Help, buying: Buying | None = None) -> bytes:  # noqa: A002  # the word of the whole plan
    """The workbook. About 20 ms. `buying` has a sheet of its own where there is something to say of it."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(SAFE))
    made_at = datetime.combine(date.fromisoformat(head.made_on), time(), UTC)
    book.set_properties({"title": "Action plan", "created": made_at.replace(tzinfo=None)})
    formats = _Formats(book)
    rows = rows_of(register, head, help)[:-1]  # the helpline has a sheet of its own here
    _actions(book.add_worksheet(ACTIONS), rows, formats, help)
    if buying is not None:
        _buying(book.add_worksheet(BUYING), buying, formats, help)
    _help(book.add_worksheet(HELP), head, help, formats)
    book.close()
    return file.getvalue()


def _actions(sheet: Worksheet, rows: Sequence[Row], formats: _Formats, help: Help) -> None:  # noqa: A002  # as above
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
    titles = [{"header": column.title, "header_format": formats.header} for column in COLUMNS]
    last = max(1, len(rows))
    sheet.add_table(0, 0, last, len(COLUMNS) - 1, {"columns": titles, "style": _STYLE, "name": ACTIONS})
    for line, row in enumerate(rows, 1):
        for place, (column, cell) in enumerate(zip(COLUMNS, row.cells, strict=True)):
            _write(sheet, line, place, column.kind, cell, formats.of(column))
    if not rows:
        sheet.write_string(1, _PLACES["do"], NO_ROWS, formats.text)
    # below the table and not in it: programs that read the table see none of it, people do, on the screen and on paper
    notes = {last + 2: (ABOUT_NUMBERS, _TWO_LINES), last + 3: (help_sentence(help), _FOUR_LINES)}
    for line, (sentence, height) in notes.items():
        sheet.merge_range(line, _PLACES["number"], line, _PLACES["do"], "", formats.plain)
        sheet.write_string(line, _PLACES["number"], writable(sentence), formats.plain)
        sheet.set_row(line, height)
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)
    sheet.print_area(0, _PLACES["number"], max(notes), _PLACES["proof"])
    _print_on_a4(sheet, help)


def _write(sheet: Worksheet, line: int, place: int, kind: str, cell: Cell, look: Format) -> None:
    if cell is None or cell == "":
        sheet.write_blank(line, place, None, look)
    elif kind == "date":
        sheet.write_datetime(line, place, date.fromisoformat(str(cell)), look)
    elif isinstance(cell, str):
        sheet.write_string(line, place, writable(cell), look)
    else:
        sheet.write_number(line, place, cell, look)


def _buying(sheet: Worksheet, buying: Buying, formats: _Formats, help: Help) -> None:  # noqa: A002  # as above
    rows = purchase_rows(buying)
    for place, column in enumerate(BUYING_COLUMNS):
        sheet.set_column(place, place, column.width)
    titles = [{"header": column.title, "header_format": formats.header} for column in BUYING_COLUMNS]
    last = len(BUYING_COLUMNS) - 1
    sheet.add_table(0, 0, len(rows), last, {"columns": titles, "style": _STYLE, "name": "Purchases"})
    for line, row in enumerate(rows, 1):
        for place, (column, cell) in enumerate(zip(BUYING_COLUMNS, row.cells, strict=True)):
            _write(sheet, line, place, column.kind, cell, formats.of(column))
    # below the table and not in it: programs that read the table see none of it, people do, on the screen and on paper
    end = len(rows)
    for end, sentence in enumerate(about_purchases(buying), len(rows) + 2):
        sheet.merge_range(end, 0, end, last - 1, "", formats.plain)
        sheet.write_string(end, 0, writable(sentence), formats.plain)
        sheet.set_row(end, 32)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, end, last - 1)
    _print_on_a4(sheet, help)


def _help(sheet: Worksheet, head: Head, help: Help, formats: _Formats) -> None:  # noqa: A002  # as above
    sentences = (*about(head), ABOUT_EFFORT, help_sentence(help))
    for line, sentence in enumerate(sentences):
        sheet.merge_range(line, 0, line, 2, "", formats.plain)
        sheet.write_string(line, 0, writable(sentence), formats.plain)
        sheet.set_row(line, _TWO_LINES)
    first = len(sentences) + 1
    for place, (_title, width) in enumerate(_CONTACT_COLUMNS):
        sheet.set_column(place, place, width)
    titles = [{"header": title, "header_format": formats.header} for title, _width in _CONTACT_COLUMNS]
    last = first + len(help.everybody)
    sheet.add_table(first, 0, last, len(titles) - 1, {"columns": titles, "style": _STYLE, "name": HELP})
    for line, call in enumerate(help.everybody, first + 1):
        for place, text in enumerate((call.situation, call.who, call.number, call.text_phone, call.web)):
            _write(sheet, line, place, "text", text, formats.text)
    _print_on_a4(sheet, help)


def _print_on_a4(sheet: Worksheet, help: Help) -> None:  # noqa: A002  # as above
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.47, right=0.47, top=0.47, bottom=0.7)  # 12 mm; the foot needs more
    sheet.fit_to_pages(1, 0)
    call = f"{help.helpline.who}: {help.helpline.number}".replace("&", "&&")
    sheet.set_footer(f"&L{call[:_LONGEST_FOOTER]}&RPage &P of &N")
