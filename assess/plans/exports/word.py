"""The plan as a Word file, for those who must edit it: headings, real tables, whom to call, and what this is.

No name of a person or a program is in its properties, and every date in it is that of the submission, so that the same register
gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from assess.plans.actions import Register
from assess.plans.exports.guard import writable
from assess.plans.exports.rows import Row, about, help_sentence, rows_of
from assess.plans.first_page import Call, Head, Help
from assess.plans.words import day

LANGUAGE = "en-GB"
NOTHING = "There is no ordinary action in this plan."
_FONT, _SIZE, _MARGIN = "Arial", 11, 18
_TITLES = ("No.", "What to do, and why", "Who", "Due", "Status", "What will show it")
_WIDTHS = (12, 62, 27, 29, 21, 23)
"""Widths of the columns in mm: together what an A4 page has between its margins."""

_CALL_TITLES = ("When", "Who", "How")
_CALL_WIDTHS = (70, 54, 50)
_EARLIEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)


def as_docx(register: Register, head: Head, help: Help) -> bytes:  # noqa: A002  # the word of the whole plan
    """The document."""
    document = docx.Document()
    _set_up(document, head)
    document.add_heading("Action plan", 1)
    document.sections[0].footer.paragraphs[0].text = writable(help_sentence(help))
    for sentence in about(head):
        document.add_paragraph(writable(sentence))
    document.add_paragraph(writable(help_sentence(help))).runs[0].bold = True
    rows = {row.id: row for row in rows_of(register, head, help)}
    groups = [(group.title, [rows[item.key] for item in group.items if item.ordinary]) for group in register.groups]
    for title, found in groups:
        if found:
            document.add_heading(title, 2)
            _actions(document, title, found)
    if not any(found for _title, found in groups):
        document.add_paragraph(NOTHING)
    document.add_heading("Who to call", 2)
    _calls(document, help.everybody)
    file = io.BytesIO()
    document.save(file)
    return _without_times(file.getvalue())


def _set_up(document: Document, head: Head) -> None:
    made_at = datetime.combine(date.fromisoformat(head.made_on), time(), UTC)
    properties = document.core_properties
    properties.title, properties.language = "Action plan", LANGUAGE
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    properties.revision = 1
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    for name in ("Normal", "Heading 1", "Heading 2"):
        look = document.styles[name]
        look.font.name = _FONT
        fonts = look.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # it would win over the name
    document.styles["Normal"].font.size = Pt(_SIZE)
    for tongue in document.styles.element.iter(qn("w:lang")):
        tongue.set(qn("w:val"), LANGUAGE)


def _actions(document: Document, title: str, rows: Sequence[Row]) -> None:
    table = _table(document, f"Actions, {title[:1].lower()}{title[1:]}", _TITLES, _WIDTHS)
    for row in rows:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
        cells[0].text = str(row.number)
        cells[1].text = writable(row.do)
        cells[1].paragraphs[0].runs[0].bold = True
        for line in _second_lines(row):  # as lines of their own they stay easy to edit
            cells[1].add_paragraph(writable(line))
        cells[2].text = writable(row.owner)
        cells[3].text = day(row.due) if row.due else ""
        cells[4].text = "\n".join(
            part for part in (row.status, f"on {day(row.done_on)}" if row.done_on else "") if part
        )
        cells[5].text = writable(row.notes or row.proof)
    _lay_out(table, _WIDTHS)


def _second_lines(row: Row) -> Iterator[str]:
    yield row.why
    yield f"{row.basis}."
    answer = ": ".join(part for part in (row.response, row.reason) if part)
    if answer:
        yield f"Our answer: {answer}"


def _calls(document: Document, calls: Iterable[Call]) -> None:
    table = _table(document, "Who to call", _CALL_TITLES, _CALL_WIDTHS)
    for call in calls:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
        text_phone = f"Text phone: {call.text_phone}" if call.text_phone else None
        how = "\n".join(part for part in (call.number, text_phone, call.web) if part)
        for cell, text in zip(cells, (call.situation, call.who, how), strict=True):
            cell.text = writable(text)
    _lay_out(table, _CALL_WIDTHS)


def _table(document: Document, caption: str, titles: Sequence[str], widths: Sequence[int]) -> Table:
    """A table whose first row is its heading on every page, with a name that is read aloud."""
    table: Table = document.add_table(1, len(widths), "Table Grid")
    table.autofit = False
    said = OxmlElement("w:tblCaption")
    said.set(qn("w:val"), caption)
    table._tbl.tblPr.append(said)  # noqa: SLF001  # the library has no word for it
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.text = title
        cell.paragraphs[0].runs[0].bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # the same
    return table


def _lay_out(table: Table, widths: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001  # as in _table
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _without_times(content: bytes) -> bytes:
    """The same package with the earliest moment on each of its parts."""
    fixed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as before, ZipFile(fixed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = ZipInfo(name, _EARLIEST_IN_ZIP)
            part.compress_type = ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return fixed.getvalue()
