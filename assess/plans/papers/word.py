"""A paper as a Word file that can be changed: real headings, lists and tables. Its dates are those of the paper's review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from assess.banks.papers import Paper
from assess.plans.papers.foot import foot_of
from assess.plans.word_files import STYLES, WIDTH, keep_rows_whole, new_document, new_table, to_bytes

TICK = "☐"
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


def to_docx(paper: Paper) -> bytes:
    """The whole file. The same paper with the same rates gives the same bytes on any day."""
    writer = _Writer(paper)
    writer.write()
    return to_bytes(writer.document)


class _Writer:
    """Writes the blocks of one paper, in order."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._points = _POINTS[paper.size]
        self._numbering = 0
        self.document = new_document(paper.title, paper.reviewed)

    def write(self) -> None:
        """Title, blocks and foot."""
        _set_sizes(self.document, self._points)
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
        line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
        line.paragraph_format.space_before = Pt(self._points["Normal"] / 2)

    def _space(self, held: Mapping[str, Any]) -> None:
        self.document.add_paragraph(held["label"])
        for _ in range(held["lines"]):
            line = self.document.add_paragraph("\t")
            line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)

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
        table = new_table(self.document, held["caption"], columns, len(rows) + held.get("empty", 0))
        keep_rows_whole(table)
        for row in table.rows:
            row.height = Mm(_ROW)
        for row, texts in zip(table.rows[1:], rows, strict=False):  # the rows that are not written stay empty
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
        if rows and len(columns) <= _FEW:
            first = Mm(WIDTH * _FIRST)
            widths = [first, *[(Mm(WIDTH) - first) // (len(columns) - 1)] * (len(columns) - 1)]
            for row in table.rows:
                for cell, width in zip(row.cells, widths, strict=True):
                    cell.width = width
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)


def _set_sizes(document: Document, points: Mapping[str, int]) -> None:
    for name in STYLES:
        look = document.styles[name]
        look.font.size = Pt(points[name])
        if name != "Normal":
            look.font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].paragraph_format.space_after = Pt(points["Normal"] / 3)


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
