"""What an uploaded workbook would change: read it in a child process, compare with its base texts and with the draft, and save. Nothing is stored before saving."""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import edit_draft_file
from assess.bank_editor.fields import FileData
from assess.bank_editor.labels import grouped
from assess.bank_editor.spreadsheet.cells import (
    ID,
    IN_PLACES,
    PLACE,
    QUESTIONS,
    SECTION,
    SECTIONS,
    SHEET_PLANS,
    SINGLE_ROW_SHEETS,
    SOURCE,
    WHERE,
    WORDS_HEADING,
    Cell,
    CellAddress,
    CellError,
    Cells,
    Column,
    RowKey,
    SheetPlan,
    SheetRows,
    cell_from_value,
    cells_from_file,
    file_from_cells,
    lay_out_sheets,
    text_of_part,
    value_from_cell,
)
from assess.bank_editor.spreadsheet.reader_process import FORMULA_CELL, Rows
from assess.bank_editor.spreadsheet.workbook import HELP_SHEET, LAYOUT_MARK, ORIGIN_SHEET, cells_of_bank
from assess.core.child_process import UploadRefusedError
from assess.core.sandbox import run_in_sandbox
from assess.question_banks import drafts
from assess.question_banks.files import ContentFile, ContentFiles, content_files
from assess.question_banks.models import ContentBlob, Draft, DraftFile
from assess.question_banks.yaml_patch import YamlPatchError, flow_text, patch_yaml, same_value

LARGEST_FILE = 4 * 1024 * 1024
_ZIP_SIGNATURE, _OLE_SIGNATURE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
NO_WORKBOOK_CHOSEN = "Choose the workbook that you downloaded here and changed."
FILE_TOO_LARGE = "The file is larger than 4 MB. Delete pictures and sheets of your own, and choose it again."
NOT_XLSX = "The file is no .xlsx workbook. Save it from your spreadsheet as .xlsx, and choose that file."
OLD_OR_ENCRYPTED = "This is a workbook of an old kind, or one with a password. Save it as .xlsx without a password, and choose that file."
READ_TIMED_OUT = (
    "The file took too long to read. Copy your changes into a workbook that is downloaded anew, and send that."
)


def open_workbook(name: str, data: bytes) -> Mapping[str, Rows]:
    """Opens a process; about a second. Raises UploadRefusedError with one sentence on why, and what to do."""
    if not data:
        raise UploadRefusedError(NO_WORKBOOK_CHOSEN)
    if len(data) > LARGEST_FILE:
        raise UploadRefusedError(FILE_TOO_LARGE)
    if data.startswith(_OLE_SIGNATURE):
        raise UploadRefusedError(OLD_OR_ENCRYPTED)
    if Path(name).suffix.lower() not in {".xlsx", ".xlsm"} or not data.startswith(_ZIP_SIGNATURE):
        raise UploadRefusedError(NOT_XLSX)
    sheets = run_in_sandbox("assess.bank_editor.spreadsheet.reader_process", "xlsx", data, too_long=READ_TIMED_OUT)
    return {title: [(number, cells) for number, cells in rows] for title, rows in sheets.items()}


NOT_A_BANK_WORKBOOK = (
    "This is no workbook of a bank. Download one on this page, make your changes in it, and choose that file."
)


class _Removed:
    """Stands for a value that is taken away."""


REMOVED = _Removed()


@dataclass(frozen=True, slots=True)
class CellChange:
    """A value that is another one than in the text the workbook was made from. `new` may be `REMOVED`."""

    at: CellAddress
    new: object
    sheet: str
    row: int
    heading: str


@dataclass(frozen=True, slots=True)
class WorkbookError:
    sheet: str
    row: int
    column: str
    says: str


@dataclass(slots=True)
class WorkbookDiff:
    """What a workbook says. `missing`: rows that are not there any more; `unknown`: headings and sheets that were read over."""

    changes: list[CellChange] = field(default_factory=list)
    errors: list[WorkbookError] = field(default_factory=list)
    missing: list[tuple[str, RowKey]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def workbook_origin(sheets: Mapping[str, Rows]) -> dict[str, str]:
    """The digest of each text it was made from, by file name. Raises UploadRefusedError when it is none of ours."""
    rows = [cells for _, cells in sheets.get(ORIGIN_SHEET, [])]
    if not rows or rows[0][0] != LAYOUT_MARK:
        raise UploadRefusedError(NOT_A_BANK_WORKBOOK)
    return {str(cells[0]): str(cells[1]) for cells in rows[1:] if len(cells) > 1}


def diff_workbook(sheets: Mapping[str, Rows], base: Cells, own: str) -> WorkbookDiff:
    """Hold a workbook against the values it was made from. `own`: the file of a thing that is new and names none."""
    taken = WorkbookDiff()
    known = {plan.title for plan in SHEET_PLANS}
    taken.unknown += [f"the sheet “{title}”" for title in sheets if title not in known | {HELP_SHEET, ORIGIN_SHEET}]
    for laid in lay_out_sheets(base):
        rows = sheets.get(laid.plan.title)
        if rows:
            _SheetReader(laid, base, own, taken).read(rows)
    _check_parents(taken, base)
    return taken


class _SheetReader:
    def __init__(self, laid: SheetRows, base: Cells, own: str, taken: WorkbookDiff) -> None:
        self.plan: SheetPlan = laid.plan
        self.held = laid.rows
        self.base = base
        self.own = own
        self.taken = taken
        self.files = {at.file for at in base}
        self.homes = {(at.what, at.id): at.file for at in base}
        self.seen: dict[RowKey, int] = {}
        self.lasts: dict[tuple[str, ...], float] = {}

    def read(self, rows: Rows) -> None:
        first, headings = rows[0][0], [_cell_text(cell) for cell in rows[0][1]]
        by_heading = {heading.casefold(): place for place, heading in enumerate(headings) if heading}
        absent = [one for one in self.plan.headings if one.casefold() not in by_heading]
        if absent:
            self.fault(
                first, absent[0], "This column is missing. Put its heading back, or download the workbook again."
            )
            return
        ours = {*self.plan.headings, *(column.heading for column in self.plan.columns), WORDS_HEADING, WHERE}
        strangers = set(by_heading) - {one.casefold() for one in ours}
        self.taken.unknown += [
            f"the column “{one}” of {self.plan.title}" for one in headings if one.casefold() in strangers
        ]
        for number, cells in rows[1:]:
            # a row ends with its last cell that holds something
            whole = [*cells, *([None] * len(headings))]
            self.row(number, {heading: whole[place] for heading, place in by_heading.items()})
        self.taken.missing += [(self.plan.title, line) for line in self.held if line not in self.seen]

    def row(self, number: int, cells: Mapping[str, Any]) -> None:
        said = {one: _cell_text(cells[one.casefold()]) for one in self.plan.headings}
        if not any(said.values()) and not any(
            cells.get(column.heading.casefold()) is not None for column in self.plan.columns
        ):
            return
        about = self.plan.reads(said)
        if about is None:
            says = "It cannot be told what this row is about. Fill in the grey cells as in the other rows."
            self.fault(number, self.plan.headings[0], says)
            return
        what, name, part = about
        line = RowKey(self.home(what, name, _cell_text(cells.get(WHERE.casefold()))), what, name, part)
        if line in self.seen:
            says = f"This row says the same as row {self.seen[line]}. Keep one of them, or give this one another id."
            self.fault(number, ID, says)
            return
        self.seen[line] = number
        if line not in self.held and not self.begin(number, line, cells):
            return
        for column in self.plan.columns:
            if column.heading.casefold() in cells:
                self.value(number, line, column, cells[column.heading.casefold()])

    def home(self, what: str, name: str, written: str) -> str:
        """The file of a row: the one it names, else that of the thing, else the bank’s own."""
        if written in self.files or (not self.base and written):
            return written
        if (what, name) in self.homes:
            return self.homes[what, name]
        last = next((line.file for line in reversed(self.held) if line.what == what), None)
        return last if what in {"duty", SOURCE} and last else self.own

    def begin(self, number: int, line: RowKey, cells: Mapping[str, Any]) -> bool:
        """A row that was not there: a new thing, entry or value. Returns whether it may be one."""
        if all(cells.get(column.heading.casefold()) is None for column in self.plan.columns):
            return self.fault(
                number, self.plan.headings[0], "This row is new and says nothing. Fill it in, or delete it."
            )
        if self.plan.own_ids:
            key = line.part[-1] if line.part else line.id
            if not key.startswith("#"):
                written = cells[ID.casefold()]
                self.change(number, ID, line, "id", written if isinstance(written, int) else key)
                if cells.get("place") is None:
                    self.change(number, "Place", line, PLACE, self.last(line))
        return True

    def last(self, line: RowKey) -> float:
        group = (line.file, line.what, *(line.part[:-1] or ()))
        if group not in self.lasts:
            places = [
                values[PLACE]
                for one, values in self.held.items()
                if PLACE in values and (one.file, one.what, *(one.part[:-1] or ())) == group
            ]
            self.lasts[group] = max((place for place in places if isinstance(place, (int, float))), default=0)
        self.lasts[group] += 1
        return self.lasts[group]

    def value(self, number: int, line: RowKey, column: Column, cell: Cell | dict[str, bool]) -> None:
        """One cell. What reads as it did when the workbook was made is left as it was, however that was written."""
        part = column.part
        held = self.held.get(line, {})
        before = cell_from_value(column.kind, held[part]) if part in held else None
        # True == 1 in Python, and yes is not 1 in a bank
        if cell == before and isinstance(cell, bool) == isinstance(before, bool):
            return
        if cell == FORMULA_CELL or isinstance(cell, dict):
            self.fault(number, column.heading, "This cell holds a formula. Put in what it should say.")
            return
        if cell is None:
            if part not in {PLACE, SECTION}:
                self.change(number, column.heading, line, part, REMOVED)
            return
        try:
            new = value_from_cell(column.kind, cell)
        except CellError as error:
            self.fault(number, column.heading, str(error))
            return
        if part not in held or not same_value(new, held[part]):
            self.change(number, column.heading, line, part, new)

    def change(self, number: int, heading: str, line: RowKey, part: str, new: object) -> None:
        """A value that is another one now. Of a line that is one value, the part is the line’s own."""
        way = (*line.part, part) if part else line.part
        self.taken.changes.append(
            CellChange(CellAddress(line.file, line.what, line.id, way), new, self.plan.title, number, heading)
        )

    def fault(self, number: int, heading: str, says: str) -> bool:
        self.taken.errors.append(WorkbookError(self.plan.title, number, heading, says))
        return False


def _check_parents(taken: WorkbookDiff, base: Cells) -> None:
    """A question needs a section that is there, and an option a question: else it would be nowhere."""
    now = {**base, **{one.at: one.new for one in taken.changes}}
    there = {(at.file, at.what, at.id) for at, value in now.items() if value is not REMOVED and at.part == (PLACE,)}
    for one in taken.changes:
        at, heading = one.at, one.heading
        if at.what != QUESTIONS:
            continue
        if at.part == (SECTION,) and (at.file, SECTIONS, str(one.new)) not in there:
            says = f"There is no section “{one.new}” in {at.file}. Choose one that stands on the sheet Sections."
        elif (at.file, QUESTIONS, at.id) not in there:
            says = f"There is no question “{at.id}” in {at.file}. Look at the id."
        elif at.part == (PLACE,) and at._replace(part=(SECTION,)) not in now:
            heading, says = "Section", "A new question needs its section. Write the id of one from the sheet Sections."
        else:
            continue
        taken.errors.append(WorkbookError(one.sheet, one.row, heading, says))


def _cell_text(cell: object) -> str:
    return "" if cell is None or isinstance(cell, dict) else str(cell).strip()


def changes_for_missing_rows(missing: Sequence[tuple[str, RowKey]], base: Cells) -> list[CellChange]:
    rows = grouped(((line.file, line.what, line.id), (title, line)) for title, line in missing)
    found = {}
    for at in base:
        with_row = next(
            (
                title
                for title, line in rows.get(at[:3], ())
                if (at.part == line.part if title in SINGLE_ROW_SHEETS else at.part[: len(line.part)] == line.part)
            ),
            None,
        )
        if with_row is not None:
            found[at] = CellChange(at, REMOVED, with_row, 0, "")
    return list(found.values())


@dataclass(frozen=True, slots=True)
class ComparedChange:
    change: CellChange
    before: object
    now: object


@dataclass(frozen=True, slots=True)
class MergeResult:
    """`taken` will be written; of `conflicts` a person says which; `already` stand in the draft as the workbook wants them."""

    taken: tuple[ComparedChange, ...]
    conflicts: tuple[ComparedChange, ...]
    already: int


def merge_changes(changes: Sequence[CellChange], base: Cells, now: Cells) -> MergeResult:
    taken, conflicts, already = [], [], 0
    here, there = _groups(base), _groups(now)
    for change in changes:
        at, before, today = change.at, base.get(change.at, REMOVED), now.get(change.at, REMOVED)
        around = at._replace(part=at.part[:-1])
        if _same_value(today, change.new):
            already += 1
        # the group around it must be as it was too: else a value would be put into an entry that is gone, or new
        elif _same_value(before, today) and (around in here) == (around in there):
            taken.append(ComparedChange(change, before, today))
        else:
            conflicts.append(ComparedChange(change, before, today))
    return MergeResult(tuple(taken), tuple(conflicts), already)


def _groups(cells: Cells) -> set[CellAddress]:
    """Everything that holds a value: a thing, an entry of a list, a group of keys."""
    return {at._replace(part=at.part[:depth]) for at in cells for depth in range(len(at.part))}


def _same_value(one: object, other: object) -> bool:
    if one is REMOVED or other is REMOVED:
        return one is other
    return same_value(one, other)


def apply_changes(cells: Cells, changes: Mapping[CellAddress, object]) -> Cells:
    """The values after these changes. A single value makes way for a group of them, and a group for a single one."""
    after = dict(cells)
    for at, new in changes.items():
        if new is REMOVED:
            after.pop(at, None)
            continue
        if at not in after:
            for depth in range(1, len(at.part)):
                after.pop(at._replace(part=at.part[:depth]), None)
            for other in [one for one in after if one[:3] == at[:3] and one.part[: len(at.part)] == at.part]:
                del after[other]
        after[at] = new
    return after


def orphaned_cells(cells: Cells) -> list[CellAddress]:
    """Values of things that are not there: a question without its section, a label without its option. They would be lost."""
    places = {at._replace(part=at.part[:-1]) for at in cells if at.part[-1] == PLACE}
    sections = {(at.file, at.id) for at in places if at.what == SECTIONS and not at.part}
    lists = {at._replace(part=at.part[:-1]) for at in places if at.part}
    return [at for at, value in cells.items() if _is_orphaned(at, value, places, sections, lists)]


def _is_orphaned(
    at: CellAddress, value: object, places: set[CellAddress], sections: set[tuple[str, str]], lists: set[CellAddress]
) -> bool:
    return (
        (at.part == (SECTION,) and (at.file, str(value)) not in sections)
        or (at.what in IN_PLACES and at._replace(part=()) not in places)
        or any(
            at._replace(part=at.part[:depth]) in lists and at._replace(part=at.part[: depth + 1]) not in places
            for depth in range(len(at.part))
        )
    )


NOTHING_WORD = "(nothing)"
LONGEST_SHOWN = 600
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class ChangeText:
    where: str
    what: str
    before: str
    now: str
    new: str


def change_in_words(one: ComparedChange, asks: Mapping[str, str] | None = None) -> ChangeText:
    change = one.change
    return ChangeText(
        f"{change.sheet}, row {change.row}" if change.row else change.sheet,
        f"{owner_in_words(change.at, asks)}: {change.heading or 'taken away'}",
        value_in_words(one.before),
        value_in_words(one.now),
        value_in_words(change.new),
    )


def owner_in_words(at: CellAddress | RowKey, asks: Mapping[str, str] | None = None) -> str:
    """What a value belongs to, by the words of its question or else its id: “core_documents, options/dk”."""
    part = at.part[:-1] if isinstance(at, CellAddress) else at.part
    asked = (asks or {}).get(str(at.id))
    return ", ".join([f"“{asked}”" if asked else at.id or at.file, *([text_of_part(part)] if part else [])])


def value_in_words(value: object) -> str:
    if value is REMOVED or value == "":
        return NOTHING_WORD
    text = (
        value if isinstance(value, str) else flow_text(value) if isinstance(value, (dict, list)) else json.dumps(value)
    )
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def missing_rows_in_words(missing: Sequence[tuple[str, RowKey]]) -> Mapping[str, list[str]]:
    return grouped((title, owner_in_words(line)) for title, line in missing if line.part[-1:] != (PLACE,))


LARGEST_PACKED = 180_000
"""Characters of a form field; a request may have 256 KB."""
LARGEST_UNPACKED = 4 * 1024 * 1024
TOO_MANY = "This workbook changes more than fits in one step. Send in one with half of the changes first, save them, and then the other."
UNKNOWN_ORIGIN = "This workbook was made somewhere else, from texts that are not known here. Download one on this page and copy your changes into it."
OTHER_BANK = "This workbook is of another bank. Open the page “Spreadsheet” of that bank and send it in there."
NO_PARENT = "“{}” would belong to nothing: its section, its question or its list is not there. Keep what the draft says, or put it right in the spreadsheet."
FILE_NOT_IN_DRAFT = "{} is not in this draft any more. Nothing was saved. Download the workbook again."
NOT_WRITTEN = (
    "The text of {} could not be changed so. Nothing was saved. Make fewer changes at once, or change it as text."
)


@dataclass(frozen=True, slots=True)
class ChangeProposal:
    """What a workbook says that its texts did not. `missing`: rows that are not there any more, by sheet."""

    origin: Mapping[str, str]
    changes: tuple[CellChange, ...]
    missing: tuple[tuple[str, RowKey], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    proposal: ChangeProposal
    errors: tuple[WorkbookError, ...]
    unknown: tuple[str, ...]


def propose_changes(
    session: Session, sheets: Mapping[str, list[tuple[int, list[object]]]], origin: Mapping[str, str], own: str
) -> ReadWorkbook:
    """Raises UploadRefusedError when its texts are not known here, or its bank is not the one in the file `own`."""
    if own not in origin:
        raise UploadRefusedError(OTHER_BANK)
    taken = diff_workbook(sheets, base_cells(session, origin), own)
    proposal = ChangeProposal(origin, tuple(taken.changes), tuple(taken.missing))
    return ReadWorkbook(proposal, tuple(taken.errors), tuple(taken.unknown))


def base_cells(session: Session, origin: Mapping[str, str]) -> Cells:
    """The values of the texts with these digests. Raises UploadRefusedError when one of them was never kept here."""
    cells: Cells = {}
    for name, digest in origin.items():
        text = session.get(ContentBlob, digest)
        if text is None:
            raise UploadRefusedError(UNKNOWN_ORIGIN)
        cells |= cells_from_file(name, ContentFile(name, text.content).raw_data)
    return cells


def compare_with_draft(
    session: Session, files: ContentFiles, bank: str, proposal: ChangeProposal, *, take_away: bool = False
) -> MergeResult:
    """`take_away`: also what goes with the rows that are missing. Raises UploadRefusedError as `base_cells` does."""
    base = base_cells(session, proposal.origin)
    gone = changes_for_missing_rows(proposal.missing, base) if take_away else []
    return merge_changes([*proposal.changes, *gone], base, cells_of_bank(files, bank))


def texts_after(files: ContentFiles, settled: Iterable[ComparedChange]) -> dict[str, bytes]:
    """The files that change, as they would be. Raises DraftError when they cannot be written so."""
    after = {}
    for name, changes in changes_by_file(settled).items():
        content_file = files.files.get(name)
        if content_file is None:
            raise drafts.DraftError(FILE_NOT_IN_DRAFT.format(name))
        try:
            after[name] = patch_yaml(
                content_file.text, _data_after(name, dict(content_file.raw_data), changes)
            ).encode()
        except YamlPatchError:
            raise drafts.DraftError(NOT_WRITTEN.format(name)) from None
    return after


def files_after(files: ContentFiles, texts: Mapping[str, bytes]) -> ContentFiles:
    return content_files(
        {**{name: one.content for name, one in files.files.items() if isinstance(one.content, bytes)}, **texts}
    )


def save_changes(
    session: Session, draft: Draft, settled: Iterable[ComparedChange], person_id: uuid.UUID, now: datetime
) -> int:
    """Write the changes: one step of the history for each file. Returns how many there were. The caller commits.

    Raises DraftError when they cannot be written so, or as `save_draft_file` does: nothing is to be committed then.
    """
    total = 0
    for name, changes in changes_by_file(settled).items():
        count = len(changes)
        total += count

        def edit(data: FileData, name: str = name, changes: Mapping[CellAddress, object] = changes) -> None:
            after = _data_after(name, data, changes)
            data.clear()
            data.update(after)

        if drafts.file_in_draft(session, draft, name) is None:
            raise drafts.DraftError(FILE_NOT_IN_DRAFT.format(name))
        what = f"From a spreadsheet: {count} change{'' if count == 1 else 's'}"
        try:
            edit_draft_file(session, draft, name, edit, person_id, now, what=what)
        except YamlPatchError:
            raise drafts.DraftError(NOT_WRITTEN.format(name)) from None
    return total


def changes_by_file(settled: Iterable[ComparedChange]) -> dict[str, dict[CellAddress, object]]:
    found: dict[str, dict[CellAddress, object]] = {}
    for one in settled:
        found.setdefault(one.change.at.file, {})[one.change.at] = one.change.new
    return found


def files_in_other_drafts(session: Session, draft: Draft, names: Iterable[str]) -> list[tuple[str, uuid.UUID, str]]:
    """Which of these files are in another open draft: the file, that draft and its title."""
    wanted = (
        select(DraftFile.name, Draft.id, Draft.title)
        .join(Draft, Draft.id == DraftFile.draft_id)
        .where(DraftFile.name.in_(list(names)), DraftFile.draft_id != draft.id)
        .order_by(DraftFile.name)
    )
    return [(row.name, row.id, row.title) for row in session.execute(wanted)]


def _data_after(name: str, data: FileData, changes: Mapping[CellAddress, object]) -> FileData:
    cells = apply_changes(cells_from_file(name, data), changes)
    lost = orphaned_cells(cells)
    if lost:
        raise drafts.DraftError(NO_PARENT.format(lost[0].id))
    return file_from_cells(cells)


def pack_proposal(proposal: ChangeProposal) -> str:
    """A proposal as a field of a form. Raises UploadRefusedError when it is too large for one."""
    said = [
        dict(proposal.origin),
        [
            [*one.at[:3], list(one.at.part), [] if one.new is REMOVED else [one.new], one.sheet, one.row, one.heading]
            for one in proposal.changes
        ],
        [[title, line.file, line.what, line.id, list(line.part)] for title, line in proposal.missing],
    ]
    text = base64.b85encode(zlib.compress(json.dumps(said).encode(), 9)).decode()
    if len(text) > LARGEST_PACKED:
        raise UploadRefusedError(TOO_MANY)
    return text


def unpack_proposal(text: str) -> ChangeProposal | None:
    try:
        said = json.loads(zlib.decompressobj().decompress(base64.b85decode(text), LARGEST_UNPACKED))
        json.dumps(said, ensure_ascii=False).encode()  # half a character is no text of any file
        origin, changes, missing = said
        return ChangeProposal(
            {str(name): str(digest) for name, digest in origin.items()},
            tuple(map(_change_from_json, changes)),
            tuple(
                (str(title), RowKey(str(file), str(what), str(name), tuple(map(str, part))))
                for title, file, what, name, part in missing
            ),
        )
    except (ValueError, TypeError, AttributeError, KeyError, zlib.error, RecursionError):
        return None


def _change_from_json(said: list[object]) -> CellChange:
    file, what, name, part, new, sheet, row, heading = said
    if not isinstance(part, list) or not part or not isinstance(new, list) or not isinstance(row, int):
        raise TypeError
    at = CellAddress(str(file), str(what), str(name), tuple(map(str, part)))
    return CellChange(at, new[0] if new else REMOVED, str(sheet), row, str(heading))
