"""The plan as a Word file, for those who must edit it: headings, real tables, whom to call, and what this is.

Every date in it is that of the submission, so that the same register gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from docx.document import Document
from docx.shared import Mm, Pt
from docx.table import Table

from assess.kit.formulas import writable
from assess.plans.actions import LATER, Register, groups_from
from assess.plans.buying.story import Buying
from assess.plans.exports.buying import TITLE as BUYING
from assess.plans.exports.buying import about_purchases, purchase_rows
from assess.plans.exports.rows import Row, about, help_sentence, rows_of
from assess.plans.first_page import Call, Head, Help
from assess.plans.word_files import keep_rows_whole, new_document, new_table, to_bytes
from assess.plans.words import after, day

NO_ROWS = "Answer the self-check again when something changes, or in a year."
_SIZE, _GAP = 11, 3
_TITLES = ("No.", "What to do, and why", "Who", "Due", "Status")
_WIDTHS = (12, 84, 26, 27, 25)
"""Widths of the columns in mm: together what an A4 page has between its margins."""

_BUYING_TITLES = ("No.", "What, and where from", "Share", "Risk", "Because of")
_BUYING_WIDTHS = (12, 50, 20, 24, 68)

_CALL_TITLES = ("When", "Who", "How")
_CALL_WIDTHS = (54, 48, 72)


def as_docx(register: Register, head: Head, help: Help, buying: Buying | None = None) -> bytes:  # noqa: A002  # the word of the whole plan
    """The document. `buying` has a part of its own where there is something to say of it."""
    document = new_document("Action plan", head.made_on)
    document.styles["Normal"].font.size = Pt(_SIZE)
    document.add_heading("Action plan", 1)
    document.sections[0].footer.paragraphs[0].text = writable(help_sentence(help))
    for sentence in about(head):
        document.add_paragraph(writable(sentence))
    document.add_paragraph(writable(help_sentence(help))).runs[0].bold = True
    rows = rows_of(register, head, help)[:-1]  # the helpline has a table of its own here
    for title, found in groupby(rows, key=lambda row: _group_of(row, head)):
        document.add_heading(title, 2)
        _actions(document, title, list(found))
    if not rows:
        document.add_paragraph(NO_ROWS)
    if buying is not None:
        _buying(document, buying)
    document.add_heading("Who to call", 2)
    _calls(document, help.everybody)
    return to_bytes(document)


def _group_of(row: Row, head: Head) -> str:
    """The stretch of time its date is in, also after the business moved it: so the numbers of the rows run on."""
    groups = groups_from(head.made_on, head.engine)
    return next((title for title, days in groups if row.due and row.due <= after(head.made_on, days)), LATER)


def _actions(document: Document, title: str, rows: Sequence[Row]) -> None:
    table = new_table(document, f"Actions, {title[:1].lower()}{title[1:]}", _TITLES)
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
    _lay_out(table, _WIDTHS)


def _second_lines(row: Row) -> Iterator[str]:
    yield f"{row.why} ({row.basis}.)"
    shown = row.notes or row.proof
    if shown:
        yield f"{'Proof noted' if row.notes else 'What will show it'}: {shown}"
    answer = ": ".join(part for part in (row.response, row.reason) if part)
    if answer:
        yield f"Our answer: {answer}"


def _buying(document: Document, buying: Buying) -> None:
    document.add_heading(BUYING, 2)
    for sentence in about_purchases(buying):
        document.add_paragraph(writable(sentence)).paragraph_format.keep_with_next = True
    table = new_table(document, "What you buy, the riskiest first", _BUYING_TITLES)
    for row in purchase_rows(buying):
        cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
        cells[0].text = str(row.number)
        cells[1].text = writable(row.what)
        cells[1].paragraphs[0].runs[0].bold = True
        cells[1].add_paragraph(writable(row.place))
        cells[2].text = row.share_words
        cells[3].text = f"{row.word} {row.risk_words}".rstrip()
        cells[4].text = writable(row.because)
        for line in (f"{row.source}.", row.about):
            cells[4].add_paragraph(writable(line))
    _lay_out(table, _BUYING_WIDTHS)


def _calls(document: Document, calls: Iterable[Call]) -> None:
    table = new_table(document, "Who to call", _CALL_TITLES)
    for call in calls:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
        text_phone = f"Text phone: {call.text_phone}" if call.text_phone else None
        how = "\n".join(part for part in (call.number, text_phone, call.web) if part)
        for cell, text in zip(cells, (call.situation, call.who, how), strict=True):
            cell.text = writable(text)
    _lay_out(table, _CALL_WIDTHS)


def _lay_out(table: Table, widths: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    keep_rows_whole(table)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(_GAP)
