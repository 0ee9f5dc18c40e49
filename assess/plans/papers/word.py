"""A paper as a Word file that can be changed: real headings, lists and tables, and the same bytes each time.

There is no name in its properties, and its dates are those of the paper's review.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from assess.banks.papers import Paper
from assess.plans.papers.foot import foot_of

LANGUAGE = "en-GB"
TICK = "☐"
_FONT = "Arial"
_MARGIN = 18
_WIDTH = 210 - 2 * _MARGIN
_ROW = 8
_FEW = 3
_FIRST = 0.44
"""Where a table of few columns has written rows, the first column gets this share of the width, as on the printed page."""
_POINTS: Mapping[str, Mapping[str, int]] = {
    "page": {"Normal": 12, "Heading 1": 20, "Heading 2": 15, "Strong": 12},
    "large": {"Normal": 18, "Heading 1": 28, "Heading 2": 20, "Strong": 18},
    "poster": {"Normal": 28, "Heading 1": 44, "Heading 2": 32, "Strong": 48},
}
"""Size of type in points: of the text, of the two headings, and of what stands in a box."""
_FOOT = 12
_EARLIEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)


def to_docx(paper: Paper) -> bytes:
    """The whole file. The same paper with the same rates gives the same bytes on any day."""
    writer = _Writer(paper)
    writer.write()
    file = io.BytesIO()
    writer.document.save(file)
    return _without_times(file.getvalue())


class _Writer:
    """Writes the blocks of one paper, in order."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._points = _POINTS[paper.size]
        self._numbering = 0
        self.document: Document = docx.Document()

    def write(self) -> None:
        """Title, blocks and foot."""
        _set_up(self.document, self._paper, self._points)
        self.document.add_heading(self._paper.title, 1)
        for kind, held in self._paper.blocks:
            getattr(self, f"_{kind}")(held)
        for number, line in enumerate(foot_of(self._paper)):
            foot = self.document.add_paragraph()
            foot.add_run(line).font.size = Pt(_FOOT)
            if number == 0:
                _rule(foot, "top")
        if self._paper.size == "poster":
            for paragraph in self.document.paragraphs:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _heading(self, text: str) -> None:
        self.document.add_heading(text, 2)

    def _text(self, text: str) -> None:
        self.document.add_paragraph(text)

    def _list(self, lines: list[str]) -> None:
        style = "List Bullet" if self._paper.size != "poster" else "Normal"
        for line in lines:
            self.document.add_paragraph(line, style)

    def _numbered(self, lines: list[str]) -> None:
        number = _numbering_from_one(self.document)
        for line in lines:
            properties = self.document.add_paragraph(line, "List Number")._p.get_or_add_pPr()  # noqa: SLF001  # no word for it
            numbering = properties.get_or_add_numPr()
            numbering.get_or_add_ilvl().val = 0
            numbering.get_or_add_numId().val = number

    def _checklist(self, lines: list[str]) -> None:
        for line in lines:
            item = self.document.add_paragraph(f"{TICK}\t{line}")
            item.paragraph_format.left_indent = Mm(8)
            item.paragraph_format.first_line_indent = Mm(-8)

    def _line(self, label: str) -> None:
        line = self.document.add_paragraph(f"{label}: \t")
        line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
        line.paragraph_format.space_before = Pt(self._points["Normal"] / 2)

    def _space(self, held: Mapping[str, Any]) -> None:
        self.document.add_paragraph(held["label"])
        for _ in range(held["lines"]):
            line = self.document.add_paragraph("\t")
            line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)

    def _box(self, lines: list[str]) -> None:
        for line in lines:
            boxed = self.document.add_paragraph()
            run = boxed.add_run(line)
            run.bold = True
            run.font.size = Pt(self._points["Strong"])
            _rule(boxed, "top", "left", "bottom", "right")  # Word joins the frames of neighbours that are alike

    def _new_page(self, _: bool) -> None:  # noqa: FBT001  # called as every other kind of block
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _table(self, held: Mapping[str, Any]) -> None:
        caption = self.document.add_paragraph()
        caption.add_run(held["caption"]).bold = True
        caption.paragraph_format.keep_with_next = True
        columns, rows = held["columns"], held.get("rows", [])
        table = self.document.add_table(1 + len(rows) + held.get("empty", 0), len(columns), "Table Grid")
        table.autofit = False
        said = OxmlElement("w:tblCaption")
        said.set(qn("w:val"), held["caption"])
        table._tbl.tblPr.append(said)  # noqa: SLF001  # the library has no word for it
        for row, texts in zip(table.rows, [columns, *rows, *[[]] * held.get("empty", 0)], strict=True):
            properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # the same
            properties.append(OxmlElement("w:cantSplit"))
            row.height = Mm(_ROW)
            for cell, text in zip(row.cells, texts, strict=False):  # what is not written stays empty
                cell.text = text
        if rows and len(columns) <= _FEW:
            first = Mm(_WIDTH * _FIRST)
            widths = [first, *[(Mm(_WIDTH) - first) // (len(columns) - 1)] * (len(columns) - 1)]
            for row in table.rows:
                for cell, width in zip(row.cells, widths, strict=True):
                    cell.width = width
        for cell in table.rows[0].cells:
            cell.paragraphs[0].runs[0].bold = True
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # the same
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)


def _set_up(document: Document, paper: Paper, points: Mapping[str, int]) -> None:
    properties = document.core_properties
    properties.title, properties.language = paper.title, LANGUAGE
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    reviewed = date.fromisoformat(paper.reviewed)
    properties.created = properties.modified = datetime(reviewed.year, reviewed.month, reviewed.day)  # noqa: DTZ001  # Word wants it bare
    properties.revision = 1
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    for name in ("Normal", "Heading 1", "Heading 2"):
        look = document.styles[name]
        look.font.name = _FONT
        look.font.size = Pt(points[name])
        fonts = look.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # it would win over the name
        if name != "Normal":
            look.font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].paragraph_format.space_after = Pt(points["Normal"] / 3)
    for tongue in document.styles.element.iter(qn("w:lang")):
        tongue.set(qn("w:val"), LANGUAGE)


def _rule(paragraph: Paragraph, *sides: str) -> None:
    """A line at these sides of a paragraph."""
    drawn = "".join(f'<w:{side} w:val="single" w:sz="12" w:space="4" w:color="000000"/>' for side in sides)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  # the library has no word for it
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{drawn}</w:pBdr>")
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr", "w:pPrChange"
    )


def _numbering_from_one(document: Document) -> int:
    """A numbering of its own for one list: else each list would go on where the last one ended."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(one.abstractNumId.val for one in numbering.num_lst if one.numId == style)
    number = numbering.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(1)
    return int(number.numId)


def _without_times(content: bytes) -> bytes:
    """The same package with the earliest moment on each of its parts."""
    fixed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as before, ZipFile(fixed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = ZipInfo(name, _EARLIEST_IN_ZIP)
            part.compress_type = ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return fixed.getvalue()
