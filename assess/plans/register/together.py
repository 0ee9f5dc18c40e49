"""One answer to all that has none, for whoever is too tired to press through forty pages; and the way back.

Everything happens in one transaction, with an entry in the history of each item. What somebody answered meanwhile is left
alone, and so is, on the way back, what somebody changed since.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.plans.register.keeping import Change, ChangedMeanwhileError, Event, change, from_data, state_of
from assess.plans.register.models import RegisterEvent, What
from assess.plans.register.state import UNTOUCHED

_BATCH = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_LARGEST = 500
"""No plan has so many items: whatever an address asks for, no more is read."""
_TRIES = 3
"""After the first try nobody else can write before this transaction ends, so the second one cannot fail in the same way."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was answered in one go: the first and the last of its entries, by id. In an address: "12-48".

    Nobody else can write into the same register meanwhile, so all such entries of a submission in between are of it.
    """

    first: int
    last: int

    @classmethod
    def read(cls, text: str) -> Batch | None:
        """From a form or an address; None when it cannot be read."""
        found = _BATCH.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def accept_rest(
    session: Session, submission_id: int, keys: Iterable[str], now: datetime, *, of: uuid.UUID | None = None
) -> None:
    """Say "we will do this" to those of the keys that have no answer, with the person and the day the plan proposes.

    All else of an item, such as its notes, stays as it is. `of` is the assessment the person was let into.

    Raises:
        PlanReplacedError: when this is not the latest submission of that assessment.
    """
    stored = state_of(session, submission_id)
    for key in keys:
        state = stored.get(key, UNTOUCHED)
        for _ in range(_TRIES):
            if state.response is not None:
                break
            accepted = replace(Change.of(state), response="accepted")
            try:
                change(session, submission_id, key, accepted, state.revision, now, what=What.TOGETHER, of=of)
            except ChangedMeanwhileError as meanwhile:
                state = meanwhile.theirs
            else:
                break


def made_since(session: Session, submission_id: int, event_id: int) -> Batch | None:
    """What was answered in one go after an entry of the history; also by a press that came twice."""
    first, last = session.execute(
        select(func.min(RegisterEvent.id), func.max(RegisterEvent.id)).where(
            RegisterEvent.submission_id == submission_id,
            RegisterEvent.what == What.TOGETHER,
            RegisterEvent.id > event_id,
        )
    ).one()
    return Batch(first, last) if first else None


def newest_entry(session: Session, submission_id: int) -> int:
    """The id of the newest entry of a register; 0 before the first."""
    newest = select(func.max(RegisterEvent.id)).where(RegisterEvent.submission_id == submission_id)
    return session.scalar(newest) or 0


def entries_of(session: Session, submission_id: int, batch: Batch) -> dict[str, Event]:
    """The entries of a batch by the key of their item; empty when this submission has no such batch."""
    rows = session.scalars(
        select(RegisterEvent)
        .where(
            RegisterEvent.submission_id == submission_id,
            RegisterEvent.what == What.TOGETHER,
            RegisterEvent.id.between(batch.first, batch.last),
        )
        .order_by(RegisterEvent.id)
        .limit(_LARGEST)
    )
    return {
        row.key: Event(row.id, row.revision, row.what, from_data(row.before), from_data(row.after), row.at)
        for row in rows
    }


def take_back(
    session: Session, submission_id: int, batch: Batch, now: datetime, *, of: uuid.UUID | None = None
) -> None:
    """Make each item of a batch what it was before, but those that somebody changed since.

    Raises:
        PlanReplacedError: when this is not the latest submission of that assessment.
    """
    for key, entry in entries_of(session, submission_id, batch).items():
        with suppress(ChangedMeanwhileError):
            change(session, submission_id, key, entry.before, entry.revision, now, what=What.PUT_BACK, of=of)
