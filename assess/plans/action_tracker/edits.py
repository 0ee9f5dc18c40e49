"""Edits of an item of the tracker: responses, notes, done, accepting the rest, restoring. Where two people edit one, what fits is merged and a real conflict is reported."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from assess.core.edit_conflicts import EditConflictError
from assess.core.errors import NotFoundError
from assess.plans.action_tracker import services
from assess.plans.action_tracker.state import NEW_NOTE_ID, UNTOUCHED, EvidenceNote, ItemContent, ItemState, TrackerState
from assess.plans.models import TrackedAction, TrackedActionEvent, TrackerEventKind


def merge_change(current: ItemContent, before: ItemContent, after: ItemContent) -> ItemContent:
    """An item as it is now, with what a person made of it who saw `before` and typed `after`."""
    old, new = _response_fields(before), _response_fields(after)
    typed = {name: value for name, value in new.items() if value != old[name]}
    merged = replace(current, **typed)
    if typed and not _is_valid_response(merged):
        merged = replace(current, **new)
    return replace(merged, notes=_merged_notes(current, before, after))


def _response_fields(content: ItemContent) -> dict[str, Any]:
    return {name: value for name, value in asdict(content).items() if name != "notes"}


def _is_valid_response(content: ItemContent) -> bool:
    """Whether the form of an item could have said this."""
    refused = content.response == "will_not"
    if bool(content.reason) != refused or (content.reason_text and not refused):
        return False
    if content.done_on is not None and content.status != "done":
        return False
    if content.response == "accepted":
        return True
    wanted = "done" if content.response == "already_done" else "open"
    return content.status == wanted and content.due is None


def _merged_notes(current: ItemContent, before: ItemContent, after: ItemContent) -> tuple[EvidenceNote, ...]:
    old, new = _notes_by_number(before), _notes_by_number(after)
    kept = {number: note for number, note in _notes_by_number(current).items() if number in new or number not in old}
    typed = {number: note for number, note in new.items() if old.get(number) != note}
    added = tuple(note for note in after.notes if note.id == NEW_NOTE_ID)
    return (*(note for _, note in sorted({**kept, **typed}.items())), *added)


def _notes_by_number(content: ItemContent) -> Mapping[int, EvidenceNote]:
    return {note.id: note for note in content.notes if note.id != NEW_NOTE_ID}


class ItemEventNotFoundError(NotFoundError):
    """This item has no such entry in its history."""


def get_item_event(session: Session, submission_id: int, key: str, event_id: int) -> services.ItemEvent:
    """Raises ItemEventNotFoundError."""
    row = session.scalars(
        select(TrackedActionEvent).where(
            TrackedActionEvent.id == event_id,
            TrackedActionEvent.submission_id == submission_id,
            TrackedActionEvent.key == key,
        )
    ).one_or_none()
    if row is None:
        raise ItemEventNotFoundError
    return services.item_event_from_row(row)


def done_event_ids(session: Session, submission_id: int, state: TrackerState) -> dict[str, int]:
    """By key of what is done, the entry that made it so, where nothing came after it: only that can be taken back."""
    newest = select(func.max(TrackedActionEvent.id)).where(TrackedActionEvent.submission_id == submission_id)
    rows = session.scalars(
        select(TrackedActionEvent).where(TrackedActionEvent.id.in_(newest.group_by(TrackedActionEvent.key)))
    )
    return {
        row.key: row.id
        for row in rows
        if row.what is TrackerEventKind.CHANGED
        and state.get(row.key, UNTOUCHED).is_done
        and not services.change_from_json(row.before).is_done
    }


def item_event_number(session: Session, submission_id: int, key: str, event_id: int) -> int:
    return session.scalars(
        select(func.count()).where(
            TrackedActionEvent.submission_id == submission_id,
            TrackedActionEvent.key == key,
            TrackedActionEvent.id <= event_id,
        )
    ).one()


def change_at_revision(session: Session, submission_id: int, key: str, revision: int) -> ItemContent | None:
    # written out, else no index fits it
    rejected = literal(TrackerEventKind.REJECTED, TrackedActionEvent.what.type, literal_execute=True)
    row = session.scalars(
        select(TrackedActionEvent).where(
            TrackedActionEvent.submission_id == submission_id,
            TrackedActionEvent.key == key,
            TrackedActionEvent.revision == revision,
            TrackedActionEvent.what != rejected,
        )
    ).one_or_none()
    return services.change_from_json(row.after) if row else None


def had_note(session: Session, submission_id: int, key: str, number: int) -> bool:
    """Whether a note of this number was ever made of the item, be it here or in a plan it was taken over from."""
    made = session.scalars(
        select(TrackedAction.notes_made).where(TrackedAction.submission_id == submission_id, TrackedAction.key == key)
    ).one_or_none()
    return 0 < number <= (made or 0)


def restored_change(current: ItemContent, event: services.ItemEvent) -> ItemContent:
    """What an item becomes: as it was before the entry, or with only what was typed and not put in then."""
    return merge_change(current, event.before, event.after) if event.what is TrackerEventKind.REJECTED else event.before


def restore_item_state(
    session: Session, location: ItemLocation, event: services.ItemEvent, seen_revision: int, now: datetime
) -> ItemState:
    """Itself a change with an entry in the history. Raises EditConflictError, PlanReplacedError."""
    submission_id, key = location.submission_id, location.key
    wanted = restored_change(ItemContent.of(services.get_item_state(session, submission_id, key)), event)
    return services.change_item(
        session, submission_id, key, wanted, seen_revision, now, what=TrackerEventKind.RESTORE, of=location.of
    )


_NUMBER_PATTERN = re.compile(r"[0-9]{1,9}")
_MAX_TRIES = 3
"""After the first try nobody else can write before this transaction ends, so the second one cannot fail in the same way."""


@dataclass(frozen=True, slots=True)
class FormVersion:
    """What a form was drawn from: the number of the submission and the revision of the item. In a form: "2.5"."""

    number: int
    revision: int

    @classmethod
    def read(cls, text: str) -> FormVersion:
        """From a form; what cannot be read was never seen, which can only lead to a conflict, never to a loss."""
        number, _, revision = text.partition(".")
        return cls(*(int(part) if _NUMBER_PATTERN.fullmatch(part) else -1 for part in (number, revision)))

    def __str__(self) -> str:
        return f"{self.number}.{self.revision}"


@dataclass(frozen=True, slots=True)
class ItemLocation:
    """Which item of which submission: its id, its number within the assessment, and the key of the item.

    `of` is the assessment the person was let into: nothing is written into another one's tracker.
    """

    submission_id: int
    number: int
    key: str
    of: uuid.UUID | None = None


class RejectedEditError(EditConflictError):
    """Two people wrote different things into one part. `yours` is `theirs` with yours put in, kept under `event_id`."""

    def __init__(self, theirs: ItemState, yours: ItemContent, event_id: int) -> None:
        super().__init__(theirs)
        self.yours = yours
        self.event_id = event_id


ItemEdit = Callable[[ItemContent], ItemContent]
"""What the form does to an item, whatever else stands in it."""

ItemPart = Callable[[ItemContent], object]


def save_response(
    session: Session, location: ItemLocation, response: ItemContent, version: FormVersion, now: datetime
) -> ItemState:
    """Keep a response: everything of an item but its notes. Raises RejectedEditError, PlanReplacedError."""

    def put(item: ItemContent) -> ItemContent:
        return replace(response, notes=item.notes)

    return _save_part(session, location, put, lambda item: replace(item, notes=()), version, now)


def save_note(
    session: Session, location: ItemLocation, note: EvidenceNote, version: FormVersion, now: datetime
) -> ItemState:
    """A new one (`NEW_NOTE_ID`) or another text of one that is there. Raises RejectedEditError, PlanReplacedError."""
    if note.id == NEW_NOTE_ID:
        return _add_note(session, location, note, version, now)

    def put(item: ItemContent) -> ItemContent:
        others = [other for other in item.notes if other.id != note.id]
        return replace(item, notes=tuple(sorted([*others, note], key=lambda each: each.id)))

    return _save_part(session, location, put, lambda item: _find_note(item, note.id), version, now)


def remove_note(
    session: Session, location: ItemLocation, number: int, version: FormVersion, now: datetime
) -> ItemState:
    """Take a note away. It stays in the history. Raises RejectedEditError, PlanReplacedError."""

    def put(item: ItemContent) -> ItemContent:
        return replace(item, notes=tuple(note for note in item.notes if note.id != number))

    return _save_part(session, location, put, lambda item: _find_note(item, number), version, now)


def mark_done(session: Session, location: ItemLocation, day: str, now: datetime) -> ItemState:
    """On an ISO day. What is closed already, and all else of the item, stays. Raises PlanReplacedError."""
    state = services.get_item_state(session, location.submission_id, location.key)
    for _ in range(_MAX_TRIES):
        if state.is_closed:
            return state
        done = replace(ItemContent.of(state), response=state.response or "accepted", status="done", done_on=day)
        try:
            return services.change_item(
                session, location.submission_id, location.key, done, state.revision, now, of=location.of
            )
        except EditConflictError as meanwhile:
            state = meanwhile.theirs
    return state


def _save_part(
    session: Session, location: ItemLocation, edit: ItemEdit, part: ItemPart, version: FormVersion, now: datetime
) -> ItemState:
    theirs = services.get_item_state(session, location.submission_id, location.key)
    for _ in range(_MAX_TRIES):
        current = ItemContent.of(theirs)
        base = _form_base(session, location, version)
        yours = _apply_edit(current, base, edit)
        if part(yours) == part(current):
            return theirs
        if base is None or part(base) != part(current):
            break
        try:
            return services.change_item(
                session, location.submission_id, location.key, yours, theirs.revision, now, of=location.of
            )
        except EditConflictError as meanwhile:
            theirs = meanwhile.theirs
    raise _conflict(
        session,
        location,
        theirs,
        _apply_edit(ItemContent.of(theirs), _form_base(session, location, version), edit),
        now,
    )


def _add_note(
    session: Session, location: ItemLocation, note: EvidenceNote, version: FormVersion, now: datetime
) -> ItemState:
    theirs = services.get_item_state(session, location.submission_id, location.key)
    for _ in range(_MAX_TRIES):
        base = _form_base(session, location, version)
        if base is not None and _count_equal_notes(ItemContent.of(theirs), note) > _count_equal_notes(base, note):
            return theirs  # the form was sent twice
        more = replace(ItemContent.of(theirs), notes=(*theirs.notes, note))
        try:
            return services.change_item(
                session, location.submission_id, location.key, more, theirs.revision, now, of=location.of
            )
        except EditConflictError as meanwhile:
            theirs = meanwhile.theirs
    raise _conflict(session, location, theirs, replace(ItemContent.of(theirs), notes=(*theirs.notes, note)), now)


def _conflict(
    session: Session, location: ItemLocation, theirs: ItemState, yours: ItemContent, now: datetime
) -> RejectedEditError:
    kept = services.save_rejected_change(session, location.submission_id, location.key, yours, now, of=location.of)
    return RejectedEditError(theirs, yours, kept)


def _apply_edit(current: ItemContent, base: ItemContent | None, edit: ItemEdit) -> ItemContent:
    """The item with what was typed: only that, where it is known what the form was drawn from."""
    return edit(current) if base is None else merge_change(current, base, edit(base))


def _form_base(session: Session, location: ItemLocation, version: FormVersion) -> ItemContent | None:
    """The item as the form showed it; None when it was another submission's, or nobody knows."""
    if version.number != location.number:
        return None
    if version.revision == 0:
        return ItemContent()
    return change_at_revision(session, location.submission_id, location.key, version.revision)


def _find_note(item: ItemContent, number: int) -> EvidenceNote | None:
    return next((note for note in item.notes if note.id == number), None)


def _count_equal_notes(item: ItemContent, note: EvidenceNote) -> int:
    return sum(replace(other, id=NEW_NOTE_ID) == note for other in item.notes)


_BATCH_PATTERN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_MAX_BATCH = 500
"""No plan has so many items: whatever an address asks for, no more is read."""


@dataclass(frozen=True, slots=True)
class ResponseBatch:
    """What was accepted in one go: the first and the last of its entries, by id. In an address: "12-48".

    Nobody else can write into the same tracker meanwhile, so all such entries of a submission in between are of it.
    """

    first: int
    last: int

    @classmethod
    def read(cls, text: str) -> ResponseBatch | None:
        found = _BATCH_PATTERN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def accept_remaining(
    session: Session, submission_id: int, keys: Iterable[str], now: datetime, *, of: uuid.UUID | None = None
) -> None:
    """Say "we will do this" to those of the keys that have no response, with the person and the day the plan proposes.

    All else of an item, such as its notes, stays as it is. `of` is the assessment the person was let into. Raises
    PlanReplacedError when this is not the latest submission of that assessment.
    """
    stored = services.get_tracker_state(session, submission_id)
    for key in keys:
        state = stored.get(key, UNTOUCHED)
        for _ in range(_MAX_TRIES):
            if state.response is not None:
                break
            accepted = replace(ItemContent.of(state), response="accepted")
            try:
                services.change_item(
                    session,
                    submission_id,
                    key,
                    accepted,
                    state.revision,
                    now,
                    what=TrackerEventKind.ACCEPTED_ALL,
                    of=of,
                )
            except EditConflictError as meanwhile:
                state = meanwhile.theirs
            else:
                break


def batch_since(session: Session, submission_id: int, event_id: int) -> ResponseBatch | None:
    """What was accepted in one go after an entry of the history; also by a form that was sent twice."""
    first, last = session.execute(
        select(func.min(TrackedActionEvent.id), func.max(TrackedActionEvent.id)).where(
            TrackedActionEvent.submission_id == submission_id,
            TrackedActionEvent.what == TrackerEventKind.ACCEPTED_ALL,
            TrackedActionEvent.id > event_id,
        )
    ).one()
    return ResponseBatch(first, last) if first else None


def newest_event_id(session: Session, submission_id: int) -> int:
    """The id of the newest entry of a tracker; 0 before the first."""
    newest = select(func.max(TrackedActionEvent.id)).where(TrackedActionEvent.submission_id == submission_id)
    return session.scalar(newest) or 0


def batch_events(session: Session, submission_id: int, batch: ResponseBatch) -> dict[str, services.ItemEvent]:
    """The entries of a batch by the key of their item; empty when this submission has no such batch."""
    rows = session.scalars(
        select(TrackedActionEvent)
        .where(
            TrackedActionEvent.submission_id == submission_id,
            TrackedActionEvent.what == TrackerEventKind.ACCEPTED_ALL,
            TrackedActionEvent.id.between(batch.first, batch.last),
        )
        .order_by(TrackedActionEvent.id)
        .limit(_MAX_BATCH)
    )
    return {row.key: services.item_event_from_row(row) for row in rows}


def undo_batch(
    session: Session, submission_id: int, batch: ResponseBatch, now: datetime, *, of: uuid.UUID | None = None
) -> None:
    """But for items that were changed since. Raises PlanReplacedError: this is not the latest submission."""
    for key, entry in batch_events(session, submission_id, batch).items():
        with suppress(EditConflictError):  # what was changed since stays as it is
            services.change_item(
                session, submission_id, key, entry.before, entry.revision, now, what=TrackerEventKind.RESTORE, of=of
            )
