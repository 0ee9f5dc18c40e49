"""Two people, one action: which changes fit together, and which are in each other's way.

A form shows one part of an item: the answer, or one note of evidence. Somebody else's change of another part is no conflict, nor is one to
a part this form left as it was. A real conflict changes nothing, and what was typed is kept in the history before anybody
decides, so that a closed window loses no words.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from assess.plans.register.going_back import said_at
from assess.plans.register.keeping import (
    NEW_NOTE,
    Change,
    ChangedMeanwhileError,
    change,
    item_of,
    offer,
)
from assess.plans.register.merging import put_in
from assess.plans.register.state import EvidenceNote, ItemState

_NUMBER = re.compile(r"[0-9]{1,9}")
_TRIES = 3
"""After the first try nobody else can write before this transaction ends, so the second one cannot fail in the same way."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form was drawn from: the number of the submission and the revision of the item. In a form: "2.5"."""

    number: int
    revision: int

    @classmethod
    def read(cls, text: str) -> Seen:
        """From a form; what cannot be read was never seen, which can only lead to a conflict, never to a loss."""
        number, _, revision = text.partition(".")
        return cls(*(int(part) if _NUMBER.fullmatch(part) else -1 for part in (number, revision)))

    def __str__(self) -> str:
        return f"{self.number}.{self.revision}"


@dataclass(frozen=True, slots=True)
class Place:
    """Which item of which submission: its id, its number within the assessment, and the key of the item.

    `of` is the assessment the person was let into: nothing is written into another one's register.
    """

    submission_id: int
    number: int
    key: str
    of: uuid.UUID | None = None


class DisputedError(Exception):
    """Two people wrote different things into one part. `event_id`: where in the history yours is kept."""

    def __init__(self, theirs: ItemState, yours: Change, event_id: int) -> None:
        """`theirs` is the item as it is now; `yours` what it would be with yours put in."""
        super().__init__()
        self.theirs = theirs
        self.yours = yours
        self.event_id = event_id


Edit = Callable[[Change], Change]
"""What the form does to an item, whatever else stands in it."""

Part = Callable[[Change], object]
"""The part of an item the form shows."""


def save_answer(session: Session, place: Place, answer: Change, seen: Seen, now: datetime) -> ItemState:
    """Keep an answer: everything of an item but its notes.

    Raises:
        DisputedError, PlanReplacedError
    """
    return _save(
        session,
        place,
        lambda item: replace(answer, notes=item.notes),
        lambda item: replace(item, notes=()),
        seen,
        now,
    )


def save_note(session: Session, place: Place, note: EvidenceNote, seen: Seen, now: datetime) -> ItemState:
    """Keep a note of evidence: a new one (`NEW_NOTE`) beside all others, or another text of one that is there.

    Raises:
        DisputedError, PlanReplacedError
    """
    if note.id == NEW_NOTE:
        return _add(session, place, note, seen, now)

    def put(item: Change) -> Change:
        others = [other for other in item.notes if other.id != note.id]
        return replace(item, notes=tuple(sorted([*others, note], key=lambda each: each.id)))

    return _save(session, place, put, lambda item: _note(item, note.id), seen, now)


def remove_note(session: Session, place: Place, number: int, seen: Seen, now: datetime) -> ItemState:
    """Take a note away. It stays in the history.

    Raises:
        DisputedError, PlanReplacedError
    """
    return _save(
        session,
        place,
        lambda item: replace(item, notes=tuple(note for note in item.notes if note.id != number)),
        lambda item: _note(item, number),
        seen,
        now,
    )


def tick(session: Session, place: Place, day: str, now: datetime) -> ItemState:
    """Say that an item was done on an ISO day. What is settled already stays as it is; all else of the item stays as well.

    Raises:
        PlanReplacedError
    """

    def done(item: Change) -> Change:
        return replace(item, response=item.response or "accepted", status="done", done_on=day)

    state = item_of(session, place.submission_id, place.key)
    for _ in range(_TRIES):
        if state.settled:
            return state
        try:
            return change(
                session, place.submission_id, place.key, done(Change.of(state)), state.revision, now, of=place.of
            )
        except ChangedMeanwhileError as meanwhile:
            state = meanwhile.theirs
    return state


def _save(session: Session, place: Place, edit: Edit, part: Part, seen: Seen, now: datetime) -> ItemState:
    theirs = item_of(session, place.submission_id, place.key)
    for _ in range(_TRIES):
        there = Change.of(theirs)
        base = _drawn_from(session, place, seen)
        yours = _over(there, base, edit)
        if part(yours) == part(there):
            return theirs
        if base is None or part(base) != part(there):
            break
        try:
            return change(session, place.submission_id, place.key, yours, theirs.revision, now, of=place.of)
        except ChangedMeanwhileError as meanwhile:
            theirs = meanwhile.theirs
    yours = _over(Change.of(theirs), _drawn_from(session, place, seen), edit)
    raise DisputedError(theirs, yours, offer(session, place.submission_id, place.key, yours, now, of=place.of))


def _add(session: Session, place: Place, note: EvidenceNote, seen: Seen, now: datetime) -> ItemState:
    theirs = item_of(session, place.submission_id, place.key)
    for _ in range(_TRIES):
        base = _drawn_from(session, place, seen)
        pressed_twice = base is not None and _alike(Change.of(theirs), note) > _alike(base, note)
        if pressed_twice:
            return theirs
        more = replace(Change.of(theirs), notes=(*theirs.notes, note))
        try:
            return change(session, place.submission_id, place.key, more, theirs.revision, now, of=place.of)
        except ChangedMeanwhileError as meanwhile:
            theirs = meanwhile.theirs
    yours = replace(Change.of(theirs), notes=(*theirs.notes, note))
    raise DisputedError(theirs, yours, offer(session, place.submission_id, place.key, yours, now, of=place.of))


def _over(there: Change, base: Change | None, edit: Edit) -> Change:
    """The item with what was typed: only that, where it is known what the form was drawn from."""
    return edit(there) if base is None else put_in(there, base, edit(base))


def _drawn_from(session: Session, place: Place, seen: Seen) -> Change | None:
    """The item as the form showed it; None when it was another submission's, or nobody knows."""
    if seen.number != place.number:
        return None
    if seen.revision == 0:
        return Change()
    return said_at(session, place.submission_id, place.key, seen.revision)


def _note(item: Change, number: int) -> EvidenceNote | None:
    return next((note for note in item.notes if note.id == number), None)


def _alike(item: Change, note: EvidenceNote) -> int:
    return sum(replace(other, id=NEW_NOTE) == note for other in item.notes)
