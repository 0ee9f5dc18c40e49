"""One value corrected in force at once, and the second look at it: it is right, or it is undone."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.banks.drafts.keeping import SheetTakenError, carry
from assess.banks.editions import publish_checked
from assess.banks.in_force import tell_after_commit
from assess.banks.looking import Looked, look_at
from assess.banks.models import ShelfReason, ShelfState
from assess.banks.rewriting import RewriteError, rewritten, same
from assess.banks.sheets import Found, Sheet, Shelf, shelf_of
from assess.banks.shelves import in_force, set_up_next, text_at, texts_of
from assess.banks.yaml_lines import UnreadableError
from assess.editor.mending.allowed import Steps, What, mendable
from assess.editor.mending.models import LONGEST_WHAT, Mend, Outcome
from assess.editor.mending.targets import Target, at, printed, set_at
from assess.people.administration.desks import NEW_FOR, may_review

MOST_SHOWN = 30
"""Mends that are settled and stand in the list."""


TOO_NEW = f"Two people decide this, and one of you has looked after the banks for less than {NEW_FOR.days} days. Ask somebody else, or wait until then."
NOT_OF_TWO = (
    f"Two people decide this, and you cannot be one of them. Either one of you has looked after the banks for less than {NEW_FOR.days} days, "
    "or one of you let the other in. Ask somebody else."
)
NOT_LOOKED_AT = "Somebody mended this value already. Ask for the second look at it first, or change it in a draft."


class MendError(Exception):
    """It cannot be mended so. The message says why; `draft_id` is the draft that stands in the way, `problems` what the check says."""

    def __init__(self, why: str, *, draft_id: uuid.UUID | None = None, problems: tuple[Found, ...] = ()) -> None:
        super().__init__(why)
        self.draft_id = draft_id
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Correction:
    """One value at one place: what stands there, and what is to stand there."""

    sheet: str
    steps: Steps
    before: Any
    after: Any

    def made_in(self, content: bytes) -> bytes | None:
        """The text of a file with the correction; as it is when it says so already; None when it says something else there."""
        data = copy.deepcopy(dict(Sheet(self.sheet, content).written))
        try:
            here = at(data, self.steps)
            if same(here, self.after):
                return content
            if not same(here, self.before):
                return None
            set_at(data, self.steps, self.after)
            return rewritten(content.decode("utf-8-sig"), data).encode()
        except (KeyError, TypeError, RewriteError, UnreadableError):
            return None


class Made(Protocol):
    """A correction of one file."""

    @property
    def sheet(self) -> str:
        """The name of the file."""

    def made_in(self, content: bytes) -> bytes | None:
        """The text with it; as it is when it says so already; None when it says something else there."""


def shelf_in_force(session: Session) -> Shelf:
    """The files in force."""
    state = in_force(session)
    return shelf_of(texts_of(session, state) if state else {})


def would_be(
    shelf: Shelf, correction: Correction, now: datetime, text: bytes | None = None, *, back: bool = False
) -> tuple[bytes, Looked]:
    """The corrected file, and every bank as it would be. `text` is the file, where it is known to the letter; `back`: it is undone.

    Raises:
        MendError: when the place may not be mended, says something else by now, or the check finds a problem it did not find before.
    """
    if not back and mendable(correction.sheet, correction.steps) is None:
        raise MendError("This cannot be mended at once. Change it in a draft.")
    sheet = shelf.sheets.get(correction.sheet)
    here = sheet.content if sheet and isinstance(sheet.content, bytes) else b""
    changed = text or correction.made_in(here)
    if changed is None or changed == here:
        raise MendError("Somebody else changed this meanwhile. Look at it again.")
    return changed, looked_with(shelf, correction.sheet, changed, now)


def looked_with(shelf: Shelf, sheet: str, changed: bytes, now: datetime) -> Looked:
    """Every bank as it would be with another text of one file.

    Raises:
        MendError: when the check finds a problem it did not find before.
    """
    before = look_at(shelf, now)
    after = look_at(Shelf({**shelf.sheets, sheet: Sheet(sheet, changed)}), now)
    new = tuple(one for one in after.problems if one not in before.problems)
    if new:
        raise MendError("With this value the files no longer fit together.", problems=new)
    return after


def mend(session: Session, one: Target, value: Any, reason: str, person_id: uuid.UUID, now: datetime) -> Mend:  # noqa: ANN401  # of the target's kind
    """Correct one value in force, in the draft that holds the file as well, and in the banks it changes. The caller commits.

    Raises:
        MendError: when it cannot be done; nothing is to be committed then.
    """
    see_was_looked_at(session, one)
    correction = Correction(one.sheet, one.steps, one.value, value)
    what = f"the {one.label} of “{one.of}”"[:LONGEST_WHAT]
    upon = in_force(session)  # before the check: beside what others put in force meanwhile nobody has checked it
    changed, looked = would_be(shelf_in_force(session), correction, now)
    state, made = put_in_force(session, correction, changed, looked, upon, ShelfReason.MENDED, person_id, now, what)
    row = Mend(
        sheet=one.sheet,
        steps={"steps": list(one.steps)},
        what=what,
        before={"value": one.value, "said": one.said},
        after={"value": value, "said": printed(one, value)},
        reason=reason,
        by_id=person_id,
        at=now,
        shelf=state.number,
        editions={"made": made},
    )
    session.add(row)
    session.flush()
    return row


def see_was_looked_at(session: Session, one: Target) -> None:
    """A number moves once: several small moves by one person would make a large one.

    Raises:
        MendError: when nobody has looked at the last mend of this value yet.
    """
    unseen = (row for row in waiting(session) if row.sheet == one.sheet and row.steps["steps"] == list(one.steps))
    if one.what is What.VALUE and any(unseen):
        raise MendError(NOT_LOOKED_AT)


def confirm(session: Session, row: Mend, person_id: uuid.UUID, now: datetime) -> None:
    """Say that it is right. The caller commits.

    Raises:
        MendError: when it is one's own, this person may not be the second, or somebody looked at it already.
    """
    if row.by_id != person_id and not may_review(session, person_id, {row.by_id}, now):
        raise MendError(TOO_NEW)
    _look(session, row, person_id, Outcome.RIGHT, now)


def undo(session: Session, row: Mend, person_id: uuid.UUID, now: datetime, why: str = "") -> None:
    """Put back what stood there, and say why. The caller commits.

    Raises:
        MendError: as above, or when it was changed again since.
    """
    _look(session, row, person_id, Outcome.UNDONE, now, why)
    upon = in_force(session)
    correction, changed, looked = way_back(session, row, now)
    put_in_force(session, correction, changed, looked, upon, ShelfReason.UNDONE, person_id, now, f"undone: {row.what}")


def way_back(session: Session, row: Mend, now: datetime) -> tuple[Correction, bytes, Looked]:
    """What undoing it would put in force. Costly: a page asks for it once before it writes.

    Raises:
        MendError: when there is nothing to undo, or the files would no longer fit together.
    """
    steps: Steps = tuple(row.steps["steps"])
    correction = Correction(row.sheet, steps, row.after["value"], row.before["value"])
    shelf = shelf_in_force(session)
    sheet = shelf.sheets.get(row.sheet)
    here = sheet.content if sheet and isinstance(sheet.content, bytes) else b""
    if correction.made_in(here) in (None, here):
        raise MendError("It was changed again since, so there is nothing to undo. Press “It is right” once it is.")
    return correction, *would_be(shelf, correction, now, _text_before(session, row), back=True)


def waiting(session: Session) -> Sequence[Mend]:
    """What nobody has looked at yet, the oldest first."""
    return session.scalars(select(Mend).where(Mend.outcome.is_(None)).order_by(Mend.at)).all()


def settled(session: Session) -> Sequence[Mend]:
    """What somebody looked at, the latest first."""
    wanted = select(Mend).where(Mend.outcome.is_not(None)).order_by(Mend.looked_at.desc()).limit(MOST_SHOWN)
    return session.scalars(wanted).all()


def _look(
    session: Session, row: Mend, person_id: uuid.UUID, outcome: Outcome, now: datetime, why: str | None = None
) -> None:
    """Of two who look at once, the second is told."""
    if row.by_id == person_id:
        raise MendError("You mended this yourself. Somebody else has to look at it.")
    moved = session.execute(
        update(Mend)
        .where(Mend.id == row.id, Mend.outcome.is_(None))
        .values(looked_by=person_id, looked_at=now, outcome=outcome, answer=why)
    )
    if getattr(moved, "rowcount", 0) != 1:
        raise MendError("Somebody looked at this already.")


def _text_before(session: Session, row: Mend) -> bytes | None:
    """The file to the letter as it was, when nothing else in it changed since."""
    made, before, here = session.get(ShelfState, row.shelf), session.get(ShelfState, row.shelf - 1), in_force(session)
    if made and before and here and here.sheets.get(row.sheet) == made.sheets.get(row.sheet):
        return text_at(session, before.sheets.get(row.sheet))
    return None


def put_in_force(
    session: Session,
    correction: Made,
    changed: bytes,
    looked: Looked,
    upon: ShelfState | None,
    reason: ShelfReason,
    person_id: uuid.UUID,
    now: datetime,
    what: str,
    *,
    past_drafts: bool = False,
) -> tuple[ShelfState, list[list[object]]]:
    """Make the next shelf upon that one and the editions it changes. Returns the shelf and bank and number of each edition.

    `past_drafts`: a draft that says something else there does not stand in the way. It is behind then, and somebody has to look at both texts.

    Raises:
        MendError: when a draft stands in the way.
        IntegrityError: when another shelf came meanwhile.
    """
    before = (text_at(session, upon.sheets.get(correction.sheet)) if upon else None) or b""
    try:
        carry(session, correction.sheet, before, changed, correction.made_in, person_id, now, what=what)
    except SheetTakenError as taken:
        if not past_drafts:
            raise MendError(
                "An open draft says something else here. Settle it in that draft first.",
                draft_id=taken.draft_id,
            ) from None
    made = set_up_next(session, {correction.sheet: changed}, now, reason=reason, person_id=person_id, upon=upon)
    editions = publish_checked(session, looked.checked, now).published
    tell_after_commit(session)
    return made, [[one.bank, one.number] for one in editions]
