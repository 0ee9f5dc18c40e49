"""What every Word file of ours is: A4 in British English, real styles, nobody's name in it, and the same bytes each time.

python-docx begins with a template of its own: its fonts come from a theme, its language is American, and its properties name a
program. What is put into the file is up to those who ask for it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table

LANGUAGE = "en-GB"
FONT = "Arial"
STYLES = ("Normal", "Heading 1", "Heading 2")
"""The styles whose fonts are set."""
PAGE = (210, 297)
MARGIN = 18
WIDTH = PAGE[0] - 2 * MARGIN
"""What a line has between the margins. All in mm."""

_EARLIEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)


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
    section.page_width, section.page_height = map(Mm, PAGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    for name in STYLES:
        look = document.styles[name]
        look.font.name = FONT
        fonts = look.element.get_or_add_rPr().get_or_add_rFonts()
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


def keep_rows_whole(table: Table) -> None:
    """No row is cut between two pages. Call it when all rows are there."""
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001  # as above


def to_bytes(document: Document) -> bytes:
    """The file, with the earliest moment on each part: the same document is the same bytes on any day."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with ZipFile(saved) as before, ZipFile(fixed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = ZipInfo(name, _EARLIEST_IN_ZIP)
            part.compress_type = ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return fixed.getvalue()
