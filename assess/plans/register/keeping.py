"""How the register changes: one item at a time, never over what somebody else wrote, and never without a trace.

A form carries the revision it was drawn from. The row is claimed by that revision (UPDATE … WHERE revision = seen); when
somebody was quicker nothing is changed, and `ChangedMeanwhileError` brings what they wrote. Every change leaves an event in the same
transaction. Going back is a new change to an earlier state, so nothing is ever undone without a trace either.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.kit.db import Document
from assess.kit.events import publish
from assess.plans.events import PlanChanged
from assess.plans.register.models import EvidenceRow, RegisterEvent, RegisterItem, What
from assess.plans.register.state import UNTOUCHED, EvidenceNote, Grade, ItemState, Response, Status

NEW_NOTE = 0
"""The id of a note that has none yet."""

PAGE = 50
"""So many entries of a history are read at a time. An item may have any number of them, and whoever saves holds up all others."""

_AS_IT_STANDS: Mapping[str, Any] = {"synchronize_session": False}
"""Statements speak to the database alone; nothing of these tables is kept in the session."""


class PlanReplacedError(Exception):
    """There is a newer submission by now, or none any more: nothing of this one can change."""


class ChangedMeanwhileError(Exception):
    """Somebody else changed the item since the form was drawn. To put yours in all the same, send it with `theirs.revision`."""

    def __init__(self, theirs: ItemState) -> None:
        """`theirs` is the item as it is now."""
        super().__init__()
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Change:
    """What an item shall be: all of it, as `ItemState` has it, but the revision. A new note has the id `NEW_NOTE`."""

    response: Response | None = None
    reason: str = ""
    reason_text: str = ""
    owner: str = ""
    due: str | None = None
    status: Status = "open"
    done_on: str | None = None
    notes: tuple[EvidenceNote, ...] = ()

    @classmethod
    def of(cls, state: ItemState) -> Change:
        """An item as it is, to be changed with `dataclasses.replace`."""
        return cls(
            state.response,
            state.reason,
            state.reason_text,
            state.owner,
            state.due,
            state.status,
            state.done_on,
            state.notes,
        )

    def says_the_same_as(self, other: Change) -> bool:
        """Whether both say the same, whatever numbers their notes have."""
        return _unnumbered(self) == _unnumbered(other)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of an item's history. For `What.OFFERED`, `after` is what was typed and not put in."""

    id: int
    revision: int
    what: What
    before: Change
    after: Change
    at: datetime


def state_of(session: Session | Connection, submission_id: int) -> dict[str, ItemState]:
    """The register of a submission by key. What nobody touched is absent."""
    return _states(session, RegisterItem.submission_id == submission_id, EvidenceRow.submission_id == submission_id)


def state_at(session: Session, submission_id: int, moment: datetime) -> dict[str, ItemState]:
    """The register of a submission as it was at a moment, worked out from its history."""
    wanted = select(RegisterEvent).where(
        RegisterEvent.submission_id == submission_id, RegisterEvent.at <= moment, RegisterEvent.what != What.OFFERED
    )
    events = session.scalars(wanted.order_by(RegisterEvent.id))
    return {row.key: _state_after(row) for row in events}


def item_of(session: Session, submission_id: int, key: str) -> ItemState:
    """One item; `UNTOUCHED` before anybody touched it."""
    found = _states(
        session,
        (RegisterItem.submission_id == submission_id) & (RegisterItem.key == key),
        (EvidenceRow.submission_id == submission_id) & (EvidenceRow.key == key),
    )
    return found.get(key, UNTOUCHED)


def history_of(
    session: Session, submission_id: int, key: str, *, before: int | None = None, most: int = PAGE
) -> list[Event]:
    """What happened to an item, the newest first: at most so many entries, and only those older than the entry `before`."""
    wanted = select(RegisterEvent).where(RegisterEvent.submission_id == submission_id, RegisterEvent.key == key)
    if before is not None:
        wanted = wanted.where(RegisterEvent.id < before)
    return [event_from(row) for row in session.scalars(wanted.order_by(RegisterEvent.id.desc()).limit(most))]


def event_from(row: RegisterEvent) -> Event:
    """A stored entry of a history."""
    return Event(row.id, row.revision, row.what, from_data(row.before), from_data(row.after), row.at)


def change(
    session: Session,
    submission_id: int,
    key: str,
    new: Change,
    seen_revision: int,
    now: datetime,
    *,
    what: What = What.CHANGED,
    of: uuid.UUID | None = None,
) -> ItemState:
    """Make an item what `new` says, and note it in the history. Returns the item as it is afterwards.

    Whoever says what is stored already is never in conflict and leaves no second trace. `of` is the assessment the person was
    let into.

    Raises:
        ChangedMeanwhileError: when `seen_revision` is not the newest; nothing is changed then.
        PlanReplacedError: when this is not the latest submission of that assessment.
    """
    _hold(session, submission_id, now, of)
    before = item_of(session, submission_id, key)
    if new.says_the_same_as(Change.of(before)):
        return before
    if before.revision == 0:
        _make_row(session, submission_id, key, now)
    if not _claim(session, submission_id, key, seen_revision, now):
        raise ChangedMeanwhileError(before)
    after = _put(session, submission_id, key, new)
    session.add(
        RegisterEvent(
            submission_id=submission_id,
            key=key,
            revision=seen_revision + 1,
            what=what,
            before=as_data(Change.of(before)),
            after=as_data(after),
            at=now,
        )
    )
    session.flush()
    state = item_of(session, submission_id, key)
    if (before.due, before.is_done) != (state.due, state.is_done):
        publish(session, PlanChanged(submission_id, key, now))
    return state


def offer(
    session: Session, submission_id: int, key: str, yours: Change, now: datetime, *, of: uuid.UUID | None = None
) -> int:
    """Keep in the history what somebody typed that was not put in, and return the id of that entry.

    Twice the same in a row is kept once.

    Raises:
        PlanReplacedError: when this is not the latest submission of its assessment.
    """
    _hold(session, submission_id, now, of)
    theirs = item_of(session, submission_id, key)
    newest = next(iter(history_of(session, submission_id, key, most=1)), None)
    if newest and newest.what is What.OFFERED and newest.after.says_the_same_as(yours):
        return newest.id
    kept = RegisterEvent(
        submission_id=submission_id,
        key=key,
        revision=theirs.revision,
        what=What.OFFERED,
        before=as_data(Change.of(theirs)),
        after=as_data(yours),
        at=now,
    )
    session.add(kept)
    session.flush()
    return kept.id


def as_data(change: Change) -> Document:
    """A state as JSON-able data."""
    return asdict(change)


def from_data(data: Mapping[str, Any]) -> Change:
    """The state `as_data` wrote."""
    return Change(**{**data, "notes": tuple(EvidenceNote(**note) for note in data["notes"])})


def _hold(session: Session, submission_id: int, now: datetime, of: uuid.UUID | None) -> None:
    """Let nobody else submit, delete or change in this assessment before this transaction ends, and count it as used.

    Submitting and deleting take the same lock first, so none of the three ever waits for another in a circle.
    """
    whose = select(Submission.assessment_id).where(Submission.id == submission_id)
    if of is not None:
        whose = whose.where(Submission.assessment_id == of)
    assessment = whose.scalar_subquery()
    held = session.execute(
        update(Assessment).where(Assessment.id == assessment).values(changed_at=now), execution_options=_AS_IT_STANDS
    )
    newest = session.scalar(
        select(func.max(Submission.id)).where(Submission.assessment_id == assessment)  # numbers and ids grow together
    )
    if not cast("CursorResult[Any]", held).rowcount or newest != submission_id:
        raise PlanReplacedError


def _claim(session: Session, submission_id: int, key: str, seen: int, now: datetime) -> bool:
    claimed = session.execute(
        update(RegisterItem)
        .where(RegisterItem.submission_id == submission_id, RegisterItem.key == key, RegisterItem.revision == seen)
        .values(revision=seen + 1, changed_at=now),
        execution_options=_AS_IT_STANDS,
    )
    return bool(cast("CursorResult[Any]", claimed).rowcount)


def _make_row(session: Session, submission_id: int, key: str, now: datetime) -> None:
    upsert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"reason": "", "reason_text": "", "owner": "", "status": "open", "notes_made": 0, "revision": 0}
    session.execute(
        upsert(RegisterItem)
        .values(submission_id=submission_id, key=key, changed_at=now, **row)
        .on_conflict_do_nothing(index_elements=["submission_id", "key"])
    )


def _put(session: Session, submission_id: int, key: str, new: Change) -> Change:
    """Write the item and its notes. Returns it with the numbers its new notes got."""
    here = (RegisterItem.submission_id == submission_id) & (RegisterItem.key == key)
    made = session.scalars(select(RegisterItem.notes_made).where(here)).one()
    notes: list[EvidenceNote] = []
    for note in new.notes:
        made += note.id == NEW_NOTE
        notes.append(replace(note, id=made) if note.id == NEW_NOTE else note)
    numbered = replace(new, notes=tuple(notes))
    plain = {name: value for name, value in as_data(numbered).items() if name != "notes"}
    session.execute(update(RegisterItem).where(here).values(notes_made=made, **plain), execution_options=_AS_IT_STANDS)
    session.execute(
        delete(EvidenceRow).where(EvidenceRow.submission_id == submission_id, EvidenceRow.key == key),
        execution_options=_AS_IT_STANDS,
    )
    if numbered.notes:
        session.execute(insert(EvidenceRow), [_row_of(note, submission_id, key) for note in numbered.notes])
    return numbered


def _state_after(row: RegisterEvent) -> ItemState:
    change = from_data(row.after)
    return ItemState(**{field.name: getattr(change, field.name) for field in fields(Change)}, revision=row.revision)


def _row_of(note: EvidenceNote, submission_id: int, key: str) -> dict[str, Any]:
    plain = asdict(note)
    return {"submission_id": submission_id, "key": key, "number": plain.pop("id"), **plain}


def _states(session: Session | Connection, items: Any, notes: Any) -> dict[str, ItemState]:  # noqa: ANN401  # SQL conditions
    """Plain columns, so that nothing a session remembers can stand in for what is stored."""
    by_key: dict[str, list[EvidenceNote]] = {}
    found = session.execute(select(*EvidenceRow.__table__.columns).where(notes).order_by(EvidenceRow.number))
    for row in found:
        note = EvidenceNote(row.number, row.title, row.kind, row.dated, row.good_until, cast("Grade", row.grade))
        by_key.setdefault(row.key, []).append(note)
    return {
        row.key: ItemState(
            response=cast("Response | None", row.response),
            reason=row.reason,
            reason_text=row.reason_text,
            owner=row.owner,
            due=row.due,
            status=cast("Status", row.status),
            done_on=row.done_on,
            revision=row.revision,
            notes=tuple(by_key.get(row.key, ())),
        )
        for row in session.execute(select(*RegisterItem.__table__.columns).where(items))
    }


def _unnumbered(change: Change) -> tuple[Change, Sequence[EvidenceNote]]:
    notes = sorted((replace(note, id=NEW_NOTE) for note in change.notes), key=repr)
    return replace(change, notes=()), notes
