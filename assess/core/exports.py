"""CSV, XLSX, Word and ZIP output. User text never becomes a formula, link or script."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assess.core.clock import uk_date

UTF8_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells Excel that a CSV file is UTF-8."""

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_OPTIONS: Mapping[str, bool] = MappingProxyType(
    {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "use_future_functions": False,
    }
)
"""How a workbook is opened for writing: texts stay texts."""

Cell = str | int | float | date | None


def csv_file(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole file: UTF-8 with the mark, CRLF, every cell quoted, ISO dates, no cell that could be run."""
    return (UTF8_BOM + csv_lines([titles]) + csv_lines(rows)).encode()


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Some lines of such a file, for one that is written while it is read."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return file.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return escape_formulas(cell) if isinstance(cell, str) else str(cell)


_FORMULA_STARTS = "=+-@"
_FORMULA_LOOKALIKES = "".join(
    letter
    for letter in map(chr, range(0x80, 0x10000))
    if unicodedata.decomposition(letter)  # looked at first: only few letters stand for others, and asking costs least
    and unicodedata.normalize("NFKC", letter) in set(_FORMULA_STARTS)
)
"""Full-width, small, raised and lowered forms of the four."""

_MINUS = "\N{MINUS SIGN}"
_FORMULA_START = f"[{re.escape(_FORMULA_STARTS + _FORMULA_LOOKALIKES + _MINUS)}]"
_LEAD = r"[\s\"'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}`\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}]*"
_BLANK = r"'*[\t\r\n]"
"""Apostrophes count with it: else one that a person typed would be taken for ours."""
_BEGINS = rf"(?:{_LEAD}{_FORMULA_START})"
_UNESCAPED = re.compile(rf"(?:\A(?={_BLANK}|{_BEGINS})|(?<=[;\t\r\n])(?={_BEGINS}))")
_ESCAPED = re.compile(rf"(?:\A'(?={_BLANK}|{_BEGINS})|(?<=[;\t\r\n])'(?={_BEGINS}))")
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def escape_formulas(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin to run it; every other text as it stands."""
    return _UNESCAPED.sub("'", text)


def unescape_formulas(text: str) -> str:
    """The text that was guarded, for programs that read our files."""
    return _ESCAPED.sub("", text)


def strip_invalid_xml(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def write_cell(sheet: Worksheet, line: int, place: int, kind: str, cell: Cell, cell_format: Format) -> None:
    """Write one cell of a workbook; a text is never taken for a formula. `kind` "date": a date or its ISO text."""
    if cell is None or cell == "":
        sheet.write_blank(line, place, None, cell_format)
    elif kind == "date":
        sheet.write_datetime(line, place, date.fromisoformat(str(cell)), cell_format)
    elif isinstance(cell, str):
        sheet.write_string(line, place, strip_invalid_xml(cell), cell_format)
    else:
        sheet.write_number(line, place, cell, cell_format)


LANGUAGE = "en-GB"
STYLES = ("Normal", "Heading 1", "Heading 2")
PAGE_SIZE_MM = (210, 297)
MARGIN_MM = 18
TEXT_WIDTH_MM = PAGE_SIZE_MM[0] - 2 * MARGIN_MM
"""What a line has between the margins. All in mm."""


def new_document(title: str, dated: str) -> Document:
    """An empty document with this title. Its dates are that ISO day, whatever day it is."""
    document: Document = docx.Document()
    day = date.fromisoformat(dated)
    properties = document.core_properties
    properties.title, properties.language = title, LANGUAGE
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # Word wants it bare
    properties.revision = 1
    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, PAGE_SIZE_MM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    for name in STYLES:
        style = document.styles[name]
        style.font.name = "Arial"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # it would win over the name
    for tongue in document.styles.element.iter(qn("w:lang")):
        tongue.set(qn("w:val"), LANGUAGE)
    return document


def new_table(document: Document, caption: str, titles: Sequence[str], rows: int = 0) -> Table:
    """A table of so many empty rows under a row of titles that stands on every page. The caption is what is read aloud."""
    table: Table = document.add_table(1 + rows, len(titles), "Table Grid")
    table.autofit = False
    said = OxmlElement("w:tblCaption")
    said.set(qn("w:val"), caption)
    table._tbl.tblPr.append(said)  # noqa: SLF001  # the library has no word for it
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.text = title
        cell.paragraphs[0].runs[0].bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # the same
    return table


def prevent_row_splits(table: Table) -> None:
    """No row is cut between two pages. Call it when all rows are there."""
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001  # as above


def document_to_bytes(document: Document) -> bytes:
    """The file, with the earliest moment on each part: the same document is the same bytes on any day."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with ZipFile(saved) as before, ZipFile(fixed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return fixed.getvalue()


class ZipBuffer:
    """Something a ZIP can be written to that only goes forward."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open here."""

    def take(self) -> bytes:
        """What was written since it was last asked."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def write_zip_entry(
    archive: zipfile.ZipFile, name: str, content: bytes, now: datetime, method: int = zipfile.ZIP_DEFLATED
) -> None:
    """Write one entry. The day stands in place of its own time, which would be that of the machine."""
    day = uk_date(now)
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.compress_type = method
    archive.writestr(entry, content)
