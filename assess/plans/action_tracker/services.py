"""Reads and changes tracker items with optimistic locking; every change leaves a history event. Also free text for redaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, delete, func, insert, select, update
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.personal_data.services import FreeTextSource, StoredText, redact_column, redact_value
from assess.core.db import NO_SYNCHRONIZE, JsonDict, dialect_insert
from assess.core.edit_conflicts import EditConflictError
from assess.core.events import publish
from assess.plans.action_tracker.state import (
    NEW_NOTE_ID,
    UNTOUCHED,
    ActionResponse,
    ActionStatus,
    EvidenceNote,
    ItemContent,
    ItemState,
    ProofGrade,
)
from assess.plans.events import PlanChanged
from assess.plans.models import TrackedAction, TrackedActionEvent, TrackedActionEvidence, TrackerEventKind

HISTORY_PAGE_SIZE = 50
"""So many entries of a history are read at a time. An item may have any number of them, and a save holds up all others."""

"""Statements speak to the database alone; nothing of these tables is kept in the session."""


class PlanReplacedError(Exception):
    """There is a newer submission by now, or none any more: nothing of this one can change."""


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """One entry of an item's history. For `TrackerEventKind.REJECTED`, `after` is what was typed and not put in."""

    id: int
    revision: int
    what: TrackerEventKind
    before: ItemContent
    after: ItemContent
    at: datetime


def get_tracker_state(session: Session | Connection, submission_id: int) -> dict[str, ItemState]:
    """The tracker of a submission by key. What nobody touched is absent."""
    return _load_states(
        session, TrackedAction.submission_id == submission_id, TrackedActionEvidence.submission_id == submission_id
    )


def get_tracker_state_at(session: Session, submission_id: int, at: datetime) -> dict[str, ItemState]:
    """The tracker of a submission as it was at a moment, worked out from its history."""
    wanted = select(TrackedActionEvent).where(
        TrackedActionEvent.submission_id == submission_id,
        TrackedActionEvent.at <= at,
        TrackedActionEvent.what != TrackerEventKind.REJECTED,
    )
    return {row.key: _state_after(row) for row in session.scalars(wanted.order_by(TrackedActionEvent.id))}


def get_item_state(session: Session, submission_id: int, key: str) -> ItemState:
    """One item; `UNTOUCHED` before the business touched it."""
    found = _load_states(
        session,
        (TrackedAction.submission_id == submission_id) & (TrackedAction.key == key),
        (TrackedActionEvidence.submission_id == submission_id) & (TrackedActionEvidence.key == key),
    )
    return found.get(key, UNTOUCHED)


def get_item_history(
    session: Session, submission_id: int, key: str, *, before: int | None = None, most: int = HISTORY_PAGE_SIZE
) -> list[ItemEvent]:
    """What happened to an item, the newest first: at most so many entries, and only those older than the entry `before`."""
    wanted = select(TrackedActionEvent).where(
        TrackedActionEvent.submission_id == submission_id, TrackedActionEvent.key == key
    )
    if before is not None:
        wanted = wanted.where(TrackedActionEvent.id < before)
    return [
        item_event_from_row(row) for row in session.scalars(wanted.order_by(TrackedActionEvent.id.desc()).limit(most))
    ]


def item_event_from_row(row: TrackedActionEvent) -> ItemEvent:
    return ItemEvent(row.id, row.revision, row.what, change_from_json(row.before), change_from_json(row.after), row.at)


def change_item(
    session: Session,
    submission_id: int,
    key: str,
    new: ItemContent,
    seen_revision: int,
    now: datetime,
    *,
    what: TrackerEventKind = TrackerEventKind.CHANGED,
    of: uuid.UUID | None = None,
) -> ItemState:
    """Make an item what `new` says, and note it in the history. Returns the item as it is afterwards.

    To say what is stored already is never in conflict and leaves no second trace. `of` is the assessment the
    person was let into. Raises EditConflictError when `seen_revision` is not the newest; nothing is changed then;
    PlanReplacedError when this is not the latest submission of that assessment.
    """
    _lock_assessment(session, submission_id, now, of)
    before = get_item_state(session, submission_id, key)
    if new.is_equivalent_to(ItemContent.of(before)):
        return before
    if before.revision == 0:
        row = {"reason": "", "reason_text": "", "owner": "", "status": "open", "notes_made": 0, "revision": 0}
        session.execute(
            dialect_insert(session, TrackedAction)
            .values(submission_id=submission_id, key=key, changed_at=now, **row)
            .on_conflict_do_nothing(index_elements=["submission_id", "key"])
        )
    if not _claim_revision(session, submission_id, key, seen_revision, now):
        raise EditConflictError(before)
    after = _write_item(session, submission_id, key, new)
    session.add(
        TrackedActionEvent(
            submission_id=submission_id,
            key=key,
            revision=seen_revision + 1,
            what=what,
            before=change_to_json(ItemContent.of(before)),
            after=change_to_json(after),
            at=now,
        )
    )
    session.flush()
    state = get_item_state(session, submission_id, key)
    if (before.due, before.is_done) != (state.due, state.is_done):
        publish(session, PlanChanged(submission_id, key, now))
    return state


def save_rejected_change(
    session: Session, submission_id: int, key: str, yours: ItemContent, now: datetime, *, of: uuid.UUID | None = None
) -> int:
    """Keep in the history what was typed and not put in, and return the id of that entry.

    Twice the same in a row is kept once. Raises PlanReplacedError when this is not the latest submission of its
    assessment.
    """
    _lock_assessment(session, submission_id, now, of)
    theirs = get_item_state(session, submission_id, key)
    newest = next(iter(get_item_history(session, submission_id, key, most=1)), None)
    if newest and newest.what is TrackerEventKind.REJECTED and newest.after.is_equivalent_to(yours):
        return newest.id
    kept = TrackedActionEvent(
        submission_id=submission_id,
        key=key,
        revision=theirs.revision,
        what=TrackerEventKind.REJECTED,
        before=change_to_json(ItemContent.of(theirs)),
        after=change_to_json(yours),
        at=now,
    )
    session.add(kept)
    session.flush()
    return kept.id


def change_to_json(change: ItemContent) -> JsonDict:
    return asdict(change)


def change_from_json(data: Mapping[str, Any]) -> ItemContent:
    return ItemContent(**{**data, "notes": tuple(EvidenceNote(**note) for note in data["notes"])})


def _lock_assessment(session: Session, submission_id: int, now: datetime, of: uuid.UUID | None) -> None:
    """Let nobody else submit, delete or change in this assessment before this transaction ends, and count it as used.

    Submitting and deleting take the same lock first, so none of the three ever waits for another in a circle.
    """
    whose = select(Submission.assessment_id).where(Submission.id == submission_id)
    if of is not None:
        whose = whose.where(Submission.assessment_id == of)
    assessment = whose.scalar_subquery()
    held = session.execute(
        update(Assessment).where(Assessment.id == assessment).values(changed_at=now), execution_options=NO_SYNCHRONIZE
    )
    newest = session.scalar(
        select(func.max(Submission.id)).where(Submission.assessment_id == assessment)  # numbers and ids grow together
    )
    if not cast("CursorResult[Any]", held).rowcount or newest != submission_id:
        raise PlanReplacedError


def _claim_revision(session: Session, submission_id: int, key: str, seen: int, now: datetime) -> bool:
    claimed = session.execute(
        update(TrackedAction)
        .where(TrackedAction.submission_id == submission_id, TrackedAction.key == key, TrackedAction.revision == seen)
        .values(revision=seen + 1, changed_at=now),
        execution_options=NO_SYNCHRONIZE,
    )
    return bool(cast("CursorResult[Any]", claimed).rowcount)


def _write_item(session: Session, submission_id: int, key: str, new: ItemContent) -> ItemContent:
    """Write the item and its notes. Returns it with the numbers its new notes got."""
    here = (TrackedAction.submission_id == submission_id) & (TrackedAction.key == key)
    made = session.scalars(select(TrackedAction.notes_made).where(here)).one()
    notes: list[EvidenceNote] = []
    for note in new.notes:
        made += note.id == NEW_NOTE_ID
        notes.append(replace(note, id=made) if note.id == NEW_NOTE_ID else note)
    numbered = replace(new, notes=tuple(notes))
    plain = {name: value for name, value in change_to_json(numbered).items() if name != "notes"}
    session.execute(
        update(TrackedAction).where(here).values(notes_made=made, **plain), execution_options=NO_SYNCHRONIZE
    )
    session.execute(
        delete(TrackedActionEvidence).where(
            TrackedActionEvidence.submission_id == submission_id, TrackedActionEvidence.key == key
        ),
        execution_options=NO_SYNCHRONIZE,
    )
    if numbered.notes:
        session.execute(
            insert(TrackedActionEvidence), [_evidence_row(note, submission_id, key) for note in numbered.notes]
        )
    return numbered


def _state_after(row: TrackedActionEvent) -> ItemState:
    change = change_from_json(row.after)
    return ItemState(
        **{field.name: getattr(change, field.name) for field in fields(ItemContent)}, revision=row.revision
    )


def _evidence_row(note: EvidenceNote, submission_id: int, key: str) -> dict[str, Any]:
    plain = asdict(note)
    return {"submission_id": submission_id, "key": key, "number": plain.pop("id"), **plain}


def _load_states(session: Session | Connection, items: Any, notes: Any) -> dict[str, ItemState]:  # noqa: ANN401  # SQL conditions
    """Plain columns, so that nothing a session remembers can stand in for what is stored."""
    # before the notes: what somebody else writes in between then has a later revision than this, and nobody can save upon it
    rows = session.execute(select(*TrackedAction.__table__.columns).where(items)).all()
    by_key: dict[str, list[EvidenceNote]] = {}
    for row in session.execute(
        select(*TrackedActionEvidence.__table__.columns).where(notes).order_by(TrackedActionEvidence.number)
    ):
        note = EvidenceNote(row.number, row.title, row.kind, row.dated, row.good_until, cast("ProofGrade", row.grade))
        by_key.setdefault(row.key, []).append(note)
    return {
        row.key: ItemState(
            response=cast("ActionResponse | None", row.response),
            reason=row.reason,
            reason_text=row.reason_text,
            owner=row.owner,
            due=row.due,
            status=cast("ActionStatus", row.status),
            done_on=row.done_on,
            revision=row.revision,
            notes=tuple(by_key.get(row.key, ())),
        )
        for row in rows
    }


FREE_TEXT_LABEL = "Your action plan"
_FREE_TEXT_FIELDS = ("reason_text", "owner")


def _of_assessment(column: Any, assessment_id: uuid.UUID) -> ColumnElement[bool]:  # noqa: ANN401  # a column of any table
    found: ColumnElement[bool] = column.in_(select(Submission.id).where(Submission.assessment_id == assessment_id))
    return found


def _find_free_text(session: Session, assessment_id: uuid.UUID) -> Iterator[StoredText]:
    records = session.scalars(select(Submission.record).where(Submission.assessment_id == assessment_id))
    roles = {action["owner_name"] for record in records for action in record["actions"]}
    for row in session.execute(
        select(TrackedAction.reason_text, TrackedAction.owner).where(
            _of_assessment(TrackedAction.submission_id, assessment_id)
        )
    ):
        yield from (StoredText(text, FREE_TEXT_LABEL) for text in row if text not in roles)
    titles = select(TrackedActionEvidence.title).where(
        _of_assessment(TrackedActionEvidence.submission_id, assessment_id)
    )
    yield from (StoredText(title, FREE_TEXT_LABEL) for title in session.scalars(titles))
    for event in session.scalars(
        select(TrackedActionEvent).where(_of_assessment(TrackedActionEvent.submission_id, assessment_id))
    ):
        for state in (event.before, event.after):
            texts = [state[part] for part in _FREE_TEXT_FIELDS] + [note["title"] for note in state["notes"]]
            yield from (StoredText(text, FREE_TEXT_LABEL, earlier=True) for text in texts if text not in roles)


def _redact_tracker(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    count = sum(
        redact_column(session, column, _of_assessment(column.class_.submission_id, assessment_id), text)
        for column in (TrackedAction.reason_text, TrackedAction.owner, TrackedActionEvidence.title)
    )
    for event in session.scalars(
        select(TrackedActionEvent).where(_of_assessment(TrackedActionEvent.submission_id, assessment_id))
    ).all():
        before, after = _redacted_state(event.before, text), _redacted_state(event.after, text)
        if (before, after) != (event.before, event.after):
            event.before, event.after = before, after
            count += 1
    session.flush()
    return count


def _redacted_state(state: dict[str, Any], text: str) -> dict[str, Any]:
    notes = [{**note, "title": redact_value(note["title"], text)} for note in state["notes"]]
    return {**state, **{part: redact_value(state[part], text) for part in _FREE_TEXT_FIELDS}, "notes": notes}


TRACKER_TEXT_SOURCES = (FreeTextSource("action tracker", _find_free_text, _redact_tracker),)
