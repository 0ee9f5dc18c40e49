"""One edit of a draft taken back: its file is again as it was before."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from assess.banks.drafts.keeping import DraftError, SheetChangedError, history_of, hold, save, sheet_of
from assess.banks.drafts.models import LONGEST_WORDS, Draft, DraftDeed, DraftEvent
from assess.banks.shelves import digest_of_bytes, text_at


def undo(session: Session, draft: Draft, number: int, person_id: uuid.UUID, now: datetime) -> None:
    """Put a file back to how it was before one edit of the history. The caller commits.

    Raises:
        SheetChangedError: when the file was edited again since: that has to be undone first.
        DraftError: when this is no edit, or the draft is no longer open.
    """
    hold(session, draft)
    event = session.get(DraftEvent, (draft.id, number))
    if event is None or event.deed is not DraftDeed.EDITED or "sheet" not in event.details:
        raise DraftError("This is no edit.")
    name, here = event.details["sheet"], sheet_of(session, draft, event.details["sheet"])
    if _digest(here) != event.details["digest"]:
        raise SheetChangedError(here)
    before = text_at(session, event.details["before"])
    save(
        session, draft, name, before, person_id, now, seen=here, what=f"Undone: {event.details['what']}"[:LONGEST_WORDS]
    )


def undoable(session: Session, draft: Draft) -> frozenset[int]:
    """The numbers of the edits that can be undone now: those after which their file was not edited again."""
    here: dict[str, str | None] = {}
    found = set()
    for event in history_of(session, draft) if draft.stage.open else ():
        if event.deed is DraftDeed.EDITED and "sheet" in event.details:
            name = event.details["sheet"]
            if name not in here:
                here[name] = _digest(sheet_of(session, draft, name))
            if event.details["digest"] == here[name] and event.details["before"] != here[name]:
                found.add(event.number)
    return frozenset(found)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest_of_bytes(content)
