"""The actions as CSV, XLSX and Word. Exports hold ordinary actions and the helpline only, and never a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from itertools import groupby
from types import MappingProxyType
from typing import Any

import xlsxwriter
from docx.document import Document
from docx.shared import Mm, Pt
from docx.table import Table
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from assess.core import exports as core_exports
from assess.engine.step_gains import EFFORT_DAYS
from assess.plans.action_tracker.phrases import note_words, owner_words, progress_words, reason_words, response_words
from assess.plans.actions import LATER_GROUP, ActionList, PlanItem, date_groups
from assess.plans.first_page import HelpContact, HelpContacts, PlanHead
from assess.plans.plan_page import PlanPage
from assess.plans.purchases import PlanPurchases, PurchaseEntry
from assess.plans.words import EFFORT_WORDS, add_days, format_day, round_half_up

HELP_TITLE = "Whom to call"
ABOUT_EFFORT = "An effort of 0.5 is half a day."
NUMBERING_NOTE = "Numbers count the steps in this file only."
LEFT_OUT_NOTE = "Some steps stand only in the business’s own plan."
"""In every file of every business, whether anything is left out of it or not: else the sentence would tell."""

ABOUT_NUMBERS = f"{NUMBERING_NOTE} {LEFT_OUT_NOTE}"

_EFFORT_DAYS_BY_WORDS: Mapping[str, float] = MappingProxyType(
    {words: EFFORT_DAYS[size] for size, words in EFFORT_WORDS.items()}
)

Cell = str | int | float | None
"""A text, a number, or nothing. Dates are ISO texts."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the file. `kind`: text, number or date (ISO). `width` in characters, for files that have widths."""

    name: str
    title: str
    kind: str
    width: int


ACTION_COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn("number", "No. in this file", "number", 8),
    ExportColumn("title", "Step", "text", 30),
    ExportColumn("do", "What to do", "text", 44),
    ExportColumn("owner", "Who", "text", 18),
    ExportColumn("due", "By when", "date", 13),
    ExportColumn("proof", "What to show", "text", 26),
    ExportColumn("why", "Why", "text", 44),
    ExportColumn("status", "Status", "text", 12),
    ExportColumn("done_on", "Done on", "date", 13),
    ExportColumn("response", "Our answer", "text", 16),
    ExportColumn("reason", "Reason", "text", 20),
    ExportColumn("notes", "Proof noted", "text", 24),
    ExportColumn("basis", "Where it comes from", "text", 28),
    ExportColumn("effort", "Effort in days", "number", 12),
    ExportColumn("id", "Id", "text", 24),
)
"""The columns of every file, as a person reads them; up to the status they are also on paper."""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One thing to do, typed. `do` is empty where the title says it all; `effort` in days; dates ISO."""

    id: str
    number: int | None
    title: str
    do: str
    why: str
    basis: str
    effort: float | None
    owner: str
    due: str | None
    response: str
    reason: str
    status: str
    done_on: str | None
    proof: str
    notes: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(getattr(self, column.name) for column in ACTION_COLUMNS)


def action_rows(action_list: ActionList, head: PlanHead, help: HelpContacts) -> tuple[ActionRow, ...]:  # noqa: A002  # the word of the whole plan
    """The rows of the ordinary items in the order of the plan, and one with the helpline."""
    rows = [_action_row(number, item) for number, item in enumerate(_in_order(action_list), 1)]
    texts: dict[str, Any] = dict.fromkeys((field.name for field in fields(ActionRow)), "")
    nothing = dict.fromkeys(("number", "effort", "due", "done_on"))
    why = " ".join((*about_export(head), ABOUT_EFFORT))
    return (
        *rows,
        ActionRow(**{**texts, **nothing, "id": "helpline", "title": HELP_TITLE, "do": help_sentence(help), "why": why}),
    )


def actions_csv(action_list: ActionList, head: PlanHead, help: HelpContacts) -> bytes:  # noqa: A002  # as above
    """The actions as CSV: UTF-8 with a mark for Excel, CRLF, every cell quoted, ISO dates, no cell that could be run."""
    titles = [column.title for column in ACTION_COLUMNS]
    return core_exports.csv_file(titles, (row.cells for row in action_rows(action_list, head, help)))


def about_export(head: PlanHead) -> tuple[str, ...]:
    """What such a file is, in a few sentences: the same in every file of every business."""
    return (
        f"Action plan for {head.organisation}, from the self-check of {format_day(head.made_on)}.",
        "It rests on the business’s own answers. Nobody has checked them; it is not a finding, and not for selection or exclusion.",
        ABOUT_NUMBERS,
        f"Made with {head.operator}.",
    )


def help_sentence(help: HelpContacts) -> str:  # noqa: A002  # as above
    return (
        f"Worried about someone, or about your own work? Call {help.helpline.number}, the {help.helpline.who}."
        f" If anyone is in danger now, call {help.emergency.number}."
    )


def _action_row(number: int, item: PlanItem) -> ActionRow:
    state = item.state
    parts = [
        text
        for part in item.parts
        for text in (part.says and f"{part.says}.", part.asked, _answer_sentence(part.answered))
    ]
    return ActionRow(
        id=item.key,
        number=number,
        title=item.name,
        do=item.do if item.title else "",
        why=" ".join(part for part in (item.asked, _answer_sentence(item.answered), *parts, item.reason) if part),
        basis=item.basis,
        effort=_EFFORT_DAYS_BY_WORDS.get(item.effort) if item.effort_days is None else item.effort_days,
        owner=owner_words(item),
        due=item.due_date,
        response=response_words(item),
        reason=reason_words(state.reason, state.reason_text),
        status=progress_words(state.response, state.status),
        done_on=state.done_on,
        proof=item.evidence,
        notes="; ".join(note_words(note) for note in state.notes),
    )


def _answer_sentence(answered: str) -> str:
    return f"You answered: {answered.rstrip('.')}." if answered else ""


def _in_order(action_list: ActionList) -> list[PlanItem]:
    """By date; on the same day a duty first, then by harm and gain for effort among ordinary answers alone (docs/rules.md 4.3).

    Lists of engine 1 know only the order in which questions are asked.
    """
    if action_list.exportable is None:
        return sorted(
            action_list.ordinary, key=lambda item: (item.due_date or _NO_DAY, item.question_number or 0, item.key)
        )
    # the actions come in that order, and sorting keeps it
    return sorted(action_list.ordinary, key=lambda item: (item.due_date or _NO_DAY, item.what != "duty"))


_NO_DAY = "9999-12-31"


PURCHASES_TITLE = "What you buy"

PURCHASE_COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn("number", "No.", "number", 6),
    ExportColumn("what", "What", "text", 28),
    ExportColumn("place", "Country", "text", 18),
    ExportColumn("share", "Share in %", "number", 9),
    ExportColumn("word", "Risk", "text", 11),
    ExportColumn("risk", "0 to 100", "number", 9),
    ExportColumn("because", "Because of", "text", 42),
    ExportColumn("source", "Source, edition and year", "text", 34),
    ExportColumn("about", "What this is", "text", 24),
    ExportColumn("facts", "All that is known", "text", 160),
)
"""In this order; the last is for the screen, the others also fit on paper."""


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """One purchase, typed. `share` in per cent, `risk` 0 to 100 with one decimal; None where there is none."""

    number: int
    what: str
    place: str
    share: float | None
    share_words: str
    word: str
    risk: float | None
    risk_words: str
    because: str
    source: str
    about: str
    facts: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(getattr(self, column.name) for column in PURCHASE_COLUMNS)


def purchase_rows(purchases: PlanPurchases) -> tuple[PurchaseRow, ...]:
    return tuple(_purchase_row(line) for line in purchases.lines)


def about_purchases(purchases: PlanPurchases) -> tuple[str, ...]:
    return (
        f"{purchases.about} {purchases.not_known} {purchases.blind_spot}",
        f"Risk runs from 0 to 100, more is worse. Medium begins at {purchases.medium}, high at {purchases.high}. It is no part of the score.",
    )


def _purchase_row(line: PurchaseEntry) -> PurchaseRow:
    deciding = line.deciding
    return PurchaseRow(
        number=line.number,
        what=line.export_name,
        place=line.place[:1].upper() + line.place[1:],
        share=line.portion,
        share_words=line.share or "not said",
        word=line.word,
        risk=None if line.exact is None else float(round_half_up(line.exact)),
        risk_words=line.risk,
        because=deciding.says,
        source=deciding.source,
        about=line.about,
        facts="\n".join(
            f"{f'{fact.counts}: ' if fact.counts else ''}{fact.says} ({fact.source})" for fact in line.told
        ),
    )


ACTIONS_SHEET, HELP_SHEET = "Actions", "Help"

NO_ACTIONS = "Answer the self-check again when something changes, or in a year."
_COLUMN_INDEXES = {column.name: place for place, column in enumerate(ACTION_COLUMNS)}
_A4 = 9
_TABLE_STYLE = "Table Style Light 15"
"""Black lines on white: it prints on any printer."""

_MAX_FOOTER = 200
_TWO_LINES, _FOUR_LINES = 32, 62
"""Heights in points for merged cells, which grow by themselves in no program."""

_CONTACT_COLUMNS = (
    ExportColumn("situation", "When", "text", 50),
    ExportColumn("who", "Who", "text", 44),
    ExportColumn("number", "Number", "text", 18),
    ExportColumn("text_phone", "Text phone", "text", 26),
    ExportColumn("web", "Web", "text", 44),
)


_Formats = Mapping[str, Format]


def _add_formats(book: Workbook) -> _Formats:
    # lines of our own: not every program draws the style of a table; an indent, or one column runs into the next
    top = {"valign": "top", "bottom": 1, "align": "left", "indent": 1}
    return {
        "text": book.add_format({**top, "text_wrap": True, "num_format": "@"}),
        "date": book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        "number": book.add_format(top),
        "days": book.add_format({**top, "num_format": "0.0"}),
        "plain": book.add_format({"valign": "top", "align": "left", "indent": 1, "text_wrap": True}),
        "header": book.add_format({**top, "text_wrap": True, "bold": True}),
    }


def actions_xlsx(
    action_list: ActionList,
    head: PlanHead,
    help: HelpContacts,  # noqa: A002  # the word of the whole plan
    purchases: PlanPurchases | None = None,
) -> bytes:
    """The workbook. About 20 ms. `purchases` has a sheet of its own where there is something to say of it."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(core_exports.XLSX_OPTIONS))
    made_at = datetime.combine(date.fromisoformat(head.made_on), time(), UTC)
    book.set_properties({"title": "Action plan", "created": made_at.replace(tzinfo=None)})
    formats = _add_formats(book)
    rows = action_rows(action_list, head, help)[:-1]  # the helpline has a sheet of its own here
    _write_actions_sheet(book.add_worksheet(ACTIONS_SHEET), rows, formats, help)
    if purchases is not None:
        _write_purchases_sheet(book.add_worksheet(PURCHASES_TITLE), purchases, formats, help)
    _write_help_sheet(book.add_worksheet(HELP_SHEET), head, help, formats)
    book.close()
    return file.getvalue()


def _write_actions_sheet(sheet: Worksheet, rows: Sequence[ActionRow], formats: _Formats, help: HelpContacts) -> None:  # noqa: A002  # as above
    last = _write_table(sheet, ACTIONS_SHEET, ACTION_COLUMNS, [row.cells for row in rows], formats)
    if not rows:
        sheet.write_string(1, _COLUMN_INDEXES["title"], NO_ACTIONS, formats["text"])
    # below the table and not in it: programs that read the table see none of it, people do, on the screen and on paper
    notes = {last + 2: (ABOUT_NUMBERS, _TWO_LINES), last + 3: (help_sentence(help), _FOUR_LINES)}
    for line, (sentence, height) in notes.items():
        sheet.merge_range(line, _COLUMN_INDEXES["number"], line, _COLUMN_INDEXES["do"], "", formats["plain"])
        sheet.write_string(line, _COLUMN_INDEXES["number"], core_exports.strip_invalid_xml(sentence), formats["plain"])
        sheet.set_row(line, height)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(notes), _COLUMN_INDEXES["status"])
    _set_up_a4(sheet, help)


def _write_table(
    sheet: Worksheet,
    name: str,
    columns: Sequence[ExportColumn],
    rows: Sequence[Sequence[Cell]],
    formats: _Formats,
    first: int = 0,
) -> int:
    """A table that begins on this line, with room for one row at least. Returns its last line."""
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    titles = [{"header": column.title, "header_format": formats["header"]} for column in columns]
    last = first + max(1, len(rows))
    sheet.add_table(first, 0, last, len(columns) - 1, {"columns": titles, "style": _TABLE_STYLE, "name": name})
    for line, row in enumerate(rows, first + 1):
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            core_exports.write_cell(
                sheet, line, place, column.kind, cell, formats["days" if column.name == "effort" else column.kind]
            )
    return last


def _write_purchases_sheet(sheet: Worksheet, purchases: PlanPurchases, formats: _Formats, help: HelpContacts) -> None:  # noqa: A002  # as above
    last = _write_table(sheet, "Purchases", PURCHASE_COLUMNS, [row.cells for row in purchase_rows(purchases)], formats)
    printed = len(PURCHASE_COLUMNS) - 2  # the last column is for the screen
    # below the table, as with the actions
    for last, sentence in enumerate(about_purchases(purchases), last + 2):  # noqa: B020  # each goes below what is there
        sheet.merge_range(last, 0, last, printed, "", formats["plain"])
        sheet.write_string(last, 0, core_exports.strip_invalid_xml(sentence), formats["plain"])
        sheet.set_row(last, _TWO_LINES)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last, printed)
    _set_up_a4(sheet, help)


def _write_help_sheet(sheet: Worksheet, head: PlanHead, help: HelpContacts, formats: _Formats) -> None:  # noqa: A002  # as above
    sentences = (*about_export(head), ABOUT_EFFORT, help_sentence(help))
    for line, sentence in enumerate(sentences):
        sheet.merge_range(line, 0, line, 2, "", formats["plain"])
        sheet.write_string(line, 0, core_exports.strip_invalid_xml(sentence), formats["plain"])
        sheet.set_row(line, _TWO_LINES)
    calls = [(call.situation, call.who, call.number, call.text_phone, call.web) for call in help.everybody]
    _write_table(sheet, HELP_SHEET, _CONTACT_COLUMNS, calls, formats, len(sentences) + 1)
    _set_up_a4(sheet, help)


def _set_up_a4(sheet: Worksheet, help: HelpContacts) -> None:  # noqa: A002  # as above
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.47, right=0.47, top=0.47, bottom=0.7)  # 12 mm; the foot needs more
    sheet.fit_to_pages(1, 0)
    call = f"{help.helpline.who}: {help.helpline.number}".replace("&", "&&")
    sheet.set_footer(f"&L{call[:_MAX_FOOTER]}&RPage &P of &N")


_SIZE, _GAP = 11, 3


def actions_docx(
    action_list: ActionList,
    head: PlanHead,
    help: HelpContacts,  # noqa: A002  # as above
    purchases: PlanPurchases | None = None,
) -> bytes:
    """The document. `purchases` has a part of its own where there is something to say of it."""
    document = core_exports.new_document("Action plan", head.made_on)
    document.styles["Normal"].font.size = Pt(_SIZE)
    document.add_heading("Action plan", 1)
    document.sections[0].footer.paragraphs[0].text = core_exports.strip_invalid_xml(help_sentence(help))
    for sentence in about_export(head):
        document.add_paragraph(core_exports.strip_invalid_xml(sentence))
    document.add_paragraph(core_exports.strip_invalid_xml(help_sentence(help))).runs[0].bold = True
    rows = action_rows(action_list, head, help)[:-1]  # the helpline has a table of its own here
    for title, found in groupby(rows, key=lambda row: _date_group_of(row, head)):
        document.add_heading(title, 2)
        _add_actions_table(document, title, list(found))
    if not rows:
        document.add_paragraph(NO_ACTIONS)
    if purchases is not None:
        _add_purchases_table(document, purchases)
    document.add_heading("Who to call", 2)
    _add_contacts_table(document, help.everybody)
    return core_exports.document_to_bytes(document)


def _date_group_of(row: ActionRow, head: PlanHead) -> str:
    """The stretch of time its date is in, also after the business moved it: so the numbers of the rows run on."""
    groups = date_groups(head.made_on, head.engine)
    return next((title for title, days in groups if row.due and row.due <= add_days(head.made_on, days)), LATER_GROUP)


def _add_actions_table(document: Document, title: str, rows: Sequence[ActionRow]) -> None:
    table = core_exports.new_table(
        document, f"Actions, {title[:1].lower()}{title[1:]}", ("No.", "What to do, and why", "Who", "By when", "Status")
    )
    for row in rows:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
        cells[0].text = str(row.number)
        cells[1].text = core_exports.strip_invalid_xml(row.title)
        cells[1].paragraphs[0].runs[0].bold = True
        for line in _detail_lines(row):  # as lines of their own they stay easy to edit
            cells[1].add_paragraph(core_exports.strip_invalid_xml(line))
        cells[2].text = core_exports.strip_invalid_xml(row.owner)
        cells[3].text = format_day(row.due) if row.due else ""
        done = f"on {format_day(row.done_on)}" if row.done_on else ""
        cells[4].text = "\n".join(part for part in (row.status, done) if part)
    _set_column_widths(table, (12, 84, 26, 27, 25))


def _detail_lines(row: ActionRow) -> Iterator[str]:
    if row.do:
        yield row.do
    shown = row.notes or row.proof
    if shown:
        yield f"{'Proof noted' if row.notes else 'What to show'}: {shown}"
    yield f"{f'Why: {row.why} ' if row.why else ''}({row.basis}.)"
    answer = ": ".join(part for part in (row.response, row.reason) if part)
    if answer:
        yield f"Our answer: {answer}"


def _add_purchases_table(document: Document, purchases: PlanPurchases) -> None:
    document.add_heading(PURCHASES_TITLE, 2)
    for sentence in about_purchases(purchases):
        document.add_paragraph(core_exports.strip_invalid_xml(sentence)).paragraph_format.keep_with_next = True
    table = core_exports.new_table(
        document, "What you buy, the riskiest first", ("No.", "What, and where from", "Share", "Risk", "Because of")
    )
    for row in purchase_rows(purchases):
        cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
        cells[0].text = str(row.number)
        cells[1].text = core_exports.strip_invalid_xml(row.what)
        cells[1].paragraphs[0].runs[0].bold = True
        cells[1].add_paragraph(core_exports.strip_invalid_xml(row.place))
        cells[2].text = row.share_words
        cells[3].text = f"{row.word} {row.risk_words}".rstrip()
        cells[4].text = core_exports.strip_invalid_xml(row.because)
        for line in (f"{row.source}.", row.about):
            cells[4].add_paragraph(core_exports.strip_invalid_xml(line))
    _set_column_widths(table, (12, 50, 20, 24, 68))


def _add_contacts_table(document: Document, calls: Iterable[HelpContact]) -> None:
    table = core_exports.new_table(document, "Who to call", ("When", "Who", "How"))
    for call in calls:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
        text_phone = f"Text phone: {call.text_phone}" if call.text_phone else None
        how = "\n".join(part for part in (call.number, text_phone, call.web) if part)
        for cell, text in zip(cells, (call.situation, call.who, how), strict=True):
            cell.text = core_exports.strip_invalid_xml(text)
    _set_column_widths(table, (54, 48, 72))


def _set_column_widths(table: Table, widths: Sequence[int]) -> None:
    """`widths` are in mm: together what an A4 page has between its margins."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    core_exports.prevent_row_splits(table)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(_GAP)


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A kind of file the actions can be taken away as. `title`: what its link says."""

    title: str
    media_type: str
    make: Callable[[PlanPage], bytes]


EXPORT_FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        "xlsx": ExportFormat(
            "Your actions as a spreadsheet (Excel)",
            core_exports.XLSX_MEDIA_TYPE,
            lambda plan: actions_xlsx(plan.action_list, plan.head, plan.help, plan.purchases),
        ),
        "csv": ExportFormat(
            "Your actions as a plain table (CSV)",
            "text/csv; charset=utf-8",
            lambda plan: actions_csv(plan.action_list, plan.head, plan.help),
        ),
        "docx": ExportFormat(
            "Your actions to edit (Word)",
            core_exports.DOCX_MEDIA_TYPE,
            lambda plan: actions_docx(plan.action_list, plan.head, plan.help, plan.purchases),
        ),
    }
)
"""By the ending of the file. Each has an address and a link beside the plan, and the tests compare them all."""
