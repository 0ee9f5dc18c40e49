"""Ready-made policies, terms and posters as Word and PDF; the same for every business, whatever it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from sqlalchemy import delete
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.clock import uk_date
from assess.core.documents.services import DocumentKind, DocumentSpec, Drawing, PrintableDocument, html_digest
from assess.core.exports import STYLES, TEXT_WIDTH_MM, document_to_bytes, new_document, new_table, prevent_row_splits
from assess.core.jobs.services import JobContext, latest_job_with_key
from assess.core.models import JobState, StoredPdf
from assess.plans.print_html import render_print_template
from assess.plans.words import format_day
from assess.question_banks.content_versions import content_in_force, files_in_force, made_or_last
from assess.question_banks.document_templates import DocumentTemplate, document_templates_from
from assess.question_banks.files import ContentFiles
from assess.question_banks.reader import load_bank
from assess.question_banks.shapes import TEMPLATE_GROUPS

NOT_ADVICE = "This is general help, not legal advice."
TO_CHANGE = "For you to use and to change."
_WORKER_GROUPS = frozenset({"terms", "workers"})
"""Kinds of templates that end up in the hands of workers, or on a wall. They need not know what a template rests on."""


def reviewed_text(paper: DocumentTemplate) -> str:
    return f"Reviewed {format_day(paper.reviewed)}. To be looked at again by {format_day(paper.review_by)}."


def sources_text(paper: DocumentTemplate) -> str:
    documents = "; ".join(source.document for source in paper.sources)
    return f"{reviewed_text(paper)} Written from: {documents}."


def footer_lines(paper: DocumentTemplate) -> tuple[str, ...]:
    """The lines at the foot, in order. Of a template that is given to workers the rest stands on the list of templates."""
    if paper.group in _WORKER_GROUPS:
        return (f"{NOT_ADVICE} Reviewed {format_day(paper.reviewed)}.",)
    return (f"{TO_CHANGE} {NOT_ADVICE}", sources_text(paper))


RETENTION = timedelta(days=400)
"""Longer than a year: a template without rates is printed once between two reviews. Files of templates that are gone go then."""


def document_template_html(paper: DocumentTemplate) -> str:
    """The whole document. The same template with the same rates gives the same text on any day."""
    return render_print_template("plans/document_template_print.html", paper=paper, foot=footer_lines(paper))


JOB_INTERVAL = timedelta(seconds=10)
"""Between two templates nobody waits for. One takes a quarter of it, so that a single worker is mostly free for others."""


def enqueue_missing_document_template_pdfs(context: JobContext) -> None:
    """Order every template whose words were not printed yet: just after midnight, when new rates begin, and at the first start.

    One that failed for good waits until a person decides, and is not ordered anew each day. A person who asks for a
    template meanwhile gets a job of their own, without waiting in line: hence the key.
    """
    now, missing = context.now(), 0
    with context.database.writing() as session:
        for paper in list_document_templates(files_in_force(session), uk_date(now)):
            document = PrintableDocument(DOCUMENT_TEMPLATE, paper.id, document_template_spec(paper))
            before = latest_job_with_key(session, document.job_key_ahead)
            if not document.is_stored(session) and not (before and before.state is JobState.FAILED):
                document.enqueue(session, now, ahead=missing * JOB_INTERVAL)
                missing += 1


GROUP_TITLES = {
    "terms": "Rules and job terms",
    "workers": "For workers and for the wall",
    "checks": "Checks of your own records",
    "plans": "Plans and letters",
}
GROUP_ORDER = tuple(sorted(GROUP_TITLES, key=TEMPLATE_GROUPS.index))


@dataclass(frozen=True, slots=True)
class DocumentTemplateLink:
    """A template as a link names it. `address` is the part of the web address that tells it from others, without an ending."""

    id: str
    address: str
    title: str
    says: str
    reviewed: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentTemplateGroup:
    id: str
    title: str
    papers: tuple[DocumentTemplateLink, ...]


def list_document_templates(files: ContentFiles, day: date) -> tuple[DocumentTemplate, ...]:
    return made_or_last(document_templates_from, files, day)


def find_document_template(address: str, day: date) -> DocumentTemplate | None:
    papers = list_document_templates(content_in_force(), day)
    return next((paper for paper in papers if document_template_slug(paper) == address), None)


def templates_for_question(question_id: str, day: date | None = None) -> tuple[DocumentTemplateLink, ...]:
    """The templates that help with the action of a question, most fitting first; the same whatever was answered.

    Fitting best is the one that names the question earliest among its own. `day` is today unless told.
    """
    papers = list_document_templates(content_in_force(), day or clock.today())
    fitting = [paper for paper in papers if question_id in paper.questions]
    fitting.sort(key=lambda paper: paper.questions.index(question_id))
    return tuple(map(document_template_link, fitting))


def templates_for_sector(bank: str, day: date) -> tuple[DocumentTemplateGroup, ...]:
    """Every template that helps with a question of this bank, by kind; the same for every business of the sector."""
    asked = {question.id for question in load_bank(content_in_force(), bank).edition.questions()}
    fitting = [
        paper for paper in list_document_templates(content_in_force(), day) if asked.intersection(paper.questions)
    ]
    fitting.sort(key=lambda paper: paper.title)
    groups = {kind: [document_template_link(paper) for paper in fitting if paper.group == kind] for kind in GROUP_ORDER}
    return tuple(
        DocumentTemplateGroup(kind, GROUP_TITLES[kind], tuple(links)) for kind, links in groups.items() if links
    )


def document_template_link(paper: DocumentTemplate) -> DocumentTemplateLink:
    return DocumentTemplateLink(
        id=paper.id,
        address=document_template_slug(paper),
        title=paper.title,
        says=paper.says,
        reviewed=reviewed_text(paper),
        sources=tuple(source.document for source in paper.sources),
    )


def document_template_slug(paper: DocumentTemplate) -> str:
    return paper.id.replace("_", "-")


def document_template_spec(paper: DocumentTemplate) -> DocumentSpec:
    html = document_template_html(paper)
    return DocumentSpec(
        key=html_digest(html),
        title=f"{paper.title} (PDF)",
        # the same on any day, for the day says nothing: its words are dated at their foot
        file_name=f"{document_template_slug(paper)}.pdf",
        meanwhile="You can take the Word file instead.",
        draw=lambda _session: Drawing(html),
        saved=_delete_old_pdfs,
    )


def _delete_old_pdfs(session: Session, now: datetime) -> None:
    session.execute(delete(StoredPdf).where(StoredPdf.template.is_not(None), StoredPdf.made_at < now - RETENTION))


def _spec_by_id(session: Session, template_id: str, now: datetime) -> DocumentSpec | None:
    """With the words and rates of this moment. A template that is no longer published has none."""
    found = (
        paper for paper in list_document_templates(files_in_force(session), uk_date(now)) if paper.id == template_id
    )
    return next(map(document_template_spec, found), None)


DOCUMENT_TEMPLATE = DocumentKind("template", "template", _spec_by_id)


TICK = "☐"
_ROW_HEIGHT = 8
_FEW_COLUMNS = 3
_FIRST_COLUMN_SHARE = 0.44
"""Where a table of few columns has written rows, the first column gets this share of the width, as on the printed page."""
_FONT_SIZES: Mapping[str, Mapping[str, int]] = {
    "page": {"Normal": 12, "Heading 1": 20, "Heading 2": 15, "Strong": 12},
    "large": {"Normal": 18, "Heading 1": 28, "Heading 2": 20, "Strong": 18},
    "poster": {"Normal": 28, "Heading 1": 44, "Heading 2": 32, "Strong": 48},
}
"""Size of type in points: of the text, of the two headings, and of what stands in a box."""
_FOOTER_SIZE = 12


def document_template_docx(paper: DocumentTemplate) -> bytes:
    """The whole file. The same template with the same rates gives the same bytes on any day."""
    writer = _DocxWriter(paper)
    writer.write()
    return document_to_bytes(writer.document)


class _DocxWriter:
    def __init__(self, paper: DocumentTemplate) -> None:
        self._paper = paper
        self._points = _FONT_SIZES[paper.size]
        self._numbering = 0
        self.document = new_document(paper.title, paper.reviewed)

    def write(self) -> None:
        _set_sizes(self.document, self._points)
        self.document.add_heading(self._paper.title, 1)
        for kind, content in self._paper.blocks:
            getattr(self, f"_{kind}")(content)
        for number, line in enumerate(footer_lines(self._paper)):
            foot = self.document.add_paragraph()
            foot.add_run(line).font.size = Pt(_FOOTER_SIZE)
            if number == 0:
                _draw_border(foot, "top")
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
        number = _restart_numbering(self.document)
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
        line.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
        line.paragraph_format.space_before = Pt(self._points["Normal"] / 2)

    def _space(self, content: Mapping[str, Any]) -> None:
        self.document.add_paragraph(content["label"])
        for _ in range(content["lines"]):
            line = self.document.add_paragraph("\t")
            line.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)

    def _box(self, lines: list[str]) -> None:
        for line in lines:
            boxed = self.document.add_paragraph()
            run = boxed.add_run(line)
            run.bold = True
            run.font.size = Pt(self._points["Strong"])
            _draw_border(boxed, "top", "left", "bottom", "right")  # Word joins the frames of neighbours that are alike

    def _new_page(self, _: bool) -> None:  # noqa: FBT001  # called as every other kind of block
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _table(self, content: Mapping[str, Any]) -> None:
        caption = self.document.add_paragraph()
        caption.add_run(content["caption"]).bold = True
        caption.paragraph_format.keep_with_next = True
        columns, rows = content["columns"], content.get("rows", [])
        table = new_table(self.document, content["caption"], columns, len(rows) + content.get("empty", 0))
        prevent_row_splits(table)
        for row in table.rows:
            row.height = Mm(_ROW_HEIGHT)
        for row, texts in zip(table.rows[1:], rows, strict=False):  # the rows that are not written stay empty
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
        if rows and len(columns) <= _FEW_COLUMNS:
            first = Mm(TEXT_WIDTH_MM * _FIRST_COLUMN_SHARE)
            widths = [first, *[(Mm(TEXT_WIDTH_MM) - first) // (len(columns) - 1)] * (len(columns) - 1)]
            for row in table.rows:
                for cell, width in zip(row.cells, widths, strict=True):
                    cell.width = width
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)


def _set_sizes(document: Document, points: Mapping[str, int]) -> None:
    for name in STYLES:
        style = document.styles[name]
        style.font.size = Pt(points[name])
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].paragraph_format.space_after = Pt(points["Normal"] / 3)


def _draw_border(paragraph: Paragraph, *sides: str) -> None:
    drawn = "".join(f'<w:{side} w:val="single" w:sz="12" w:space="4" w:color="000000"/>' for side in sides)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  # the library has no word for it
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{drawn}</w:pBdr>")
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr", "w:pPrChange"
    )


def _restart_numbering(document: Document) -> int:
    """A numbering of its own for one list: else each list would go on where the last one ended."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(one.abstractNumId.val for one in numbering.num_lst if one.numId == style)
    number = numbering.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(1)
    return int(number.numId)
