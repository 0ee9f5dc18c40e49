"""What a workbook would change in a draft: kept in the form between looking and saving, compared anew with the draft each time, then saved.

Nothing of it is kept on the server: a file that somebody only looked at leaves no trace.
"""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft, DraftSheet
from assess.banks.models import SheetText
from assess.banks.rewriting import RewriteError, rewritten
from assess.banks.sheets import Sheet, Shelf, shelf_of
from assess.editor.changing import Data, change_sheet
from assess.editor.sheets.cells import Address, Cells, cells_of, data_of
from assess.editor.sheets.files import cells_of_bank
from assess.editor.sheets.layout import Line
from assess.editor.sheets.merging import Beside, Merged, homeless, merged, with_changes
from assess.editor.sheets.taking_in import GONE, Change, Fault, removals, take_in
from assess.editor.workbench import mark_of
from assess.kit.workbooks.refusing import FileRefusedError

LARGEST_PACKED = 180_000
"""Letters of a form field; a request may have 256 KB."""
LARGEST_UNPACKED = 4 * 1024 * 1024
TOO_MANY = "This workbook changes more than fits in one step. Send in one with half of the changes first, save them, and then the other."
UNKNOWN_ORIGIN = "This workbook was made somewhere else, from texts that are not known here. Download one on this page and copy your changes into it."
OTHER_BANK = "This workbook is of another bank. Open the page “Spreadsheet” of that bank and send it in there."
NO_HOME = "“{}” would belong to nothing: its section, its question or its list is not there. Keep what the draft says, or put it right in the spreadsheet."
NO_FILE = "{} is not in this draft any more. Nothing was saved. Download the workbook again."
NOT_WRITTEN = (
    "The text of {} could not be changed so. Nothing was saved. Make fewer changes at once, or change it as text."
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a workbook says that its texts did not. `missing`: rows that are not there any more, by sheet."""

    origin: Mapping[str, str]
    changes: tuple[Change, ...]
    missing: tuple[tuple[str, Line], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A workbook that was read: what it would change, what is wrong in it, and what was read over."""

    proposal: Proposal
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...]


def read_proposal(
    session: Session, sheets: Mapping[str, list[tuple[int, list[object]]]], origin: Mapping[str, str], own: str
) -> Read:
    """Hold a workbook against the texts it was made from.

    Raises:
        FileRefusedError: when those are not known here, or it is of another bank than the one in the file `own`.
    """
    if own not in origin:
        raise FileRefusedError(OTHER_BANK)
    base = base_of(session, origin)
    taken = take_in(sheets, base, own)
    proposal = Proposal(origin, tuple(taken.changes), tuple(taken.missing))
    return Read(proposal, tuple(taken.faults), tuple(taken.unknown))


def base_of(session: Session, origin: Mapping[str, str]) -> Cells:
    """The values of the texts with these digests.

    Raises:
        FileRefusedError: when one of them was never kept here.
    """
    cells: Cells = {}
    for name, digest in origin.items():
        text = session.get(SheetText, digest)
        if text is None:
            raise FileRefusedError(UNKNOWN_ORIGIN)
        cells |= cells_of(name, Sheet(name, text.content).written)
    return cells


def beside(session: Session, shelf: Shelf, bank: str, proposal: Proposal, *, take_away: bool = False) -> Merged:
    """The changes beside the draft as it stands now; with `take_away` also what goes with the rows that are missing.

    Raises:
        FileRefusedError: as `base_of` does.
    """
    base = base_of(session, proposal.origin)
    gone = removals(proposal.missing, base) if take_away else []
    return merged([*proposal.changes, *gone], base, cells_of_bank(shelf, bank))


def mark_of_conflict(one: Beside) -> str:
    """What a choice is sent back by: another one as soon as the draft says something else there."""
    return mark_of([*one.change.at, "" if one.now is GONE else [one.now]])


def texts_after(shelf: Shelf, settled: Iterable[Beside]) -> dict[str, bytes]:
    """The files that change, as they would be.

    Raises:
        DraftError: when they cannot be written so.
    """
    after = {}
    for name, changes in by_file(settled).items():
        sheet = shelf.sheets.get(name)
        if sheet is None:
            raise keeping.DraftError(NO_FILE.format(name))
        try:
            after[name] = rewritten(sheet.text, _after(name, dict(sheet.written), changes)).encode()
        except RewriteError:
            raise keeping.DraftError(NOT_WRITTEN.format(name)) from None
    return after


def shelf_after(shelf: Shelf, texts: Mapping[str, bytes]) -> Shelf:
    """All files with these in their places."""
    return shelf_of(
        {**{name: one.content for name, one in shelf.sheets.items() if isinstance(one.content, bytes)}, **texts}
    )


def save_changes(session: Session, draft: Draft, settled: Iterable[Beside], person_id: uuid.UUID, now: datetime) -> int:
    """Write the changes: one step of the history for each file. Returns how many there were. The caller commits.

    Raises:
        DraftError: when they cannot be written so, or as `keeping.save` does: nothing is to be committed then.
    """
    total = 0
    for name, changes in by_file(settled).items():
        count = len(changes)
        total += count

        def edit(data: Data, name: str = name, changes: Mapping[Address, object] = changes) -> None:
            after = _after(name, data, changes)
            data.clear()
            data.update(after)

        if keeping.sheet_of(session, draft, name) is None:
            raise keeping.DraftError(NO_FILE.format(name))
        what = f"From a spreadsheet: {count} change{'' if count == 1 else 's'}"
        try:
            change_sheet(session, draft, name, edit, person_id, now, what=what)
        except RewriteError:
            raise keeping.DraftError(NOT_WRITTEN.format(name)) from None
    return total


def by_file(settled: Iterable[Beside]) -> dict[str, dict[Address, object]]:
    """The changes of each file."""
    found: dict[str, dict[Address, object]] = {}
    for one in settled:
        found.setdefault(one.change.at.file, {})[one.change.at] = one.change.new
    return found


def taken_elsewhere(session: Session, draft: Draft, names: Iterable[str]) -> list[tuple[str, uuid.UUID, str]]:
    """Which of these files are in another open draft: the file, that draft and its title."""
    wanted = (
        select(DraftSheet.name, Draft.id, Draft.title)
        .join(Draft, Draft.id == DraftSheet.draft_id)
        .where(DraftSheet.name.in_(list(names)), DraftSheet.draft_id != draft.id)
        .order_by(DraftSheet.name)
    )
    return [(row.name, row.id, row.title) for row in session.execute(wanted)]


def _after(name: str, data: Data, changes: Mapping[Address, object]) -> Data:
    cells = with_changes(cells_of(name, data), changes)
    lost = homeless(cells)
    if lost:
        raise keeping.DraftError(NO_HOME.format(lost[0].id))
    return data_of(cells)


def packed(proposal: Proposal) -> str:
    """A proposal as a field of a form.

    Raises:
        FileRefusedError: when it is too large for one.
    """
    missing = [[title, line.file, line.what, line.id, list(line.part)] for title, line in proposal.missing]
    said = [dict(proposal.origin), [_said(one) for one in proposal.changes], missing]
    text = base64.b85encode(zlib.compress(json.dumps(said).encode(), 9)).decode()
    if len(text) > LARGEST_PACKED:
        raise FileRefusedError(TOO_MANY)
    return text


def unpacked(text: str) -> Proposal | None:
    """The proposal in a field of a form; None when there is none."""
    try:
        packed_bytes = base64.b85decode(text)
        unpacking = zlib.decompressobj()
        said = json.loads(unpacking.decompress(packed_bytes, LARGEST_UNPACKED))
        json.dumps(said, ensure_ascii=False).encode()  # half a letter is no text of any file
        origin, changes, missing = said
        return Proposal(
            {str(name): str(digest) for name, digest in origin.items()},
            tuple(map(_change, changes)),
            tuple(
                (str(title), Line(str(file), str(what), str(name), tuple(map(str, part))))
                for title, file, what, name, part in missing
            ),
        )
    except (ValueError, TypeError, AttributeError, KeyError, zlib.error, RecursionError):
        return None


def _said(one: Change) -> list[object]:
    return [*one.at[:3], list(one.at.part), [] if one.new is GONE else [one.new], one.sheet, one.row, one.heading]


def _change(said: list[object]) -> Change:
    file, what, name, part, new, sheet, row, heading = said
    if not isinstance(part, list) or not part or not isinstance(new, list) or not isinstance(row, int):
        raise TypeError
    at = Address(str(file), str(what), str(name), tuple(map(str, part)))
    return Change(at, new[0] if new else GONE, str(sheet), row, str(heading))
