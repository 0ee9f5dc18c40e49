"""Carries tracker states over to a new submission where the action is still the same; the history goes along."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from assess.assessments.events import SubmissionMade
from assess.assessments.models import Submission
from assess.engine.result import PAPERS_ACTION
from assess.plans.action_tracker.edits import item_event_number
from assess.plans.action_tracker.services import (
    HISTORY_PAGE_SIZE,
    ItemEvent,
    change_from_json,
    change_to_json,
    get_item_history,
    get_tracker_state,
)
from assess.plans.action_tracker.state import UNTOUCHED, ItemContent, ItemState, TrackerState
from assess.plans.actions import merged_as
from assess.plans.buyer_view import LANGUAGES_AND_VISAS, buyer_view_of
from assess.plans.models import TrackedAction, TrackedActionEvent, TrackedActionEvidence, TrackerEventKind
from assess.plans.words import questions_of


@dataclass(frozen=True, slots=True)
class EarlierHistory:
    """What happened to an item before it was taken over: the record it stood in, and of its history there one page, the newest first.

    `last`: the how many-th of that history the first of `events` is.
    """

    record: Mapping[str, Any]
    events: tuple[ItemEvent, ...]
    last: int

    @property
    def made_on(self) -> str:
        return str(self.record["made_on"])


def carry_over_tracker(session: Session, event: SubmissionMade) -> None:
    made, connection = event.submission, session.connection()
    if made.number == 1:
        return
    record = made.record
    actions = {action["question"]: action for action in record["actions"]}
    for source in _latest_sources(connection, made.assessment_id, made.number, record, item_texts(record).keys()):
        state = get_tracker_state(connection, source.id)
        for key, names in source.keys.items():
            questions = actions.get(key, {}).get("questions", (key,))
            whole = names == (key,) or len(names) == len(questions)
            _insert_carried_item(connection, made, key, _combined_state([state[name] for name in names], whole=whole))


def item_texts(record: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What each item of a record asks for, by key: the words of an action; the title and the next date of a duty.

    An action that waits for advice asks for nothing yet, so it is not among them. What a buyer is shown of it is: else a mark that is gone
    would tell of the advice.
    """
    actions: dict[str, tuple[str, ...]] = {
        action["question"]: (action["do"],) for action in record["actions"] if not action["held"]
    }
    if "buyer_view" in record:
        held = {action["question"] for action in record["actions"] if action["held"]}
        actions |= {step.key: (step.do,) for step in buyer_view_of(record, None).actions if step.key in held}
    return actions | {duty["id"]: (duty["title"], str(duty["due"])) for duty in record["duties"]}


def earlier_histories(
    session: Session, submission: Submission, key: str, *, before: int | None = None, most: int = HISTORY_PAGE_SIZE
) -> list[EarlierHistory]:
    """Where an item was taken over from, the latest first; empty for one that began in this submission.

    Together they hold at most so many entries, all older than the entry `before`: ids grow from plan to plan, so all of
    them are one history.
    """
    found: list[EarlierHistory] = []
    number, at = submission.number, submission.id
    record: Mapping[str, Any] = submission.record
    while (
        most > 0
        and _was_carried(session, at, key)
        and (source := next(_latest_sources(session, submission.assessment_id, number, record, {key}), None))
    ):
        number, at, record, key = source.number, source.id, source.record, source.keys[key][0]
        events = get_item_history(session, at, key, before=before, most=most)
        most -= len(events)
        last = item_event_number(session, at, key, events[0].id) if events else 0
        found.append(EarlierHistory(source.record, tuple(events), last))
    return found


def _was_carried(session: Session, submission_id: int, key: str) -> bool:
    """Whether an item began by being taken over, which is always the first that happens to it."""
    first = session.scalars(
        select(TrackedActionEvent.what)
        .where(TrackedActionEvent.submission_id == submission_id, TrackedActionEvent.key == key)
        .order_by(TrackedActionEvent.id)
        .limit(1)
    ).first()
    return first is TrackerEventKind.CARRIED


def done_in_earlier_plan(session: Session, submission_id: int, state: TrackerState) -> frozenset[str]:
    """Items that are done only because they were done in the plan before: nobody has said so of this one."""
    carried = session.execute(
        select(TrackedActionEvent.key, TrackedActionEvent.after).where(
            TrackedActionEvent.submission_id == submission_id, TrackedActionEvent.what == TrackerEventKind.CARRIED
        )
    )
    was = {row.key: change_from_json(row.after) for row in carried}
    return frozenset(key for key, item in state.items() if key in was and _still_done(ItemContent.of(item), was[key]))


def _still_done(now: ItemContent, was: ItemContent) -> bool:
    done = was.status == "done" or was.response == "already_done"
    return done and (now.response, now.status, now.done_on) == (was.response, was.status, was.done_on)


@dataclass(frozen=True, slots=True)
class _CarrySource:
    """A submission, and for each key of which it holds what was said last, the keys it was said under there."""

    id: int
    number: int
    record: Mapping[str, Any]
    keys: Mapping[str, tuple[str, ...]]


def _latest_sources(
    session: Session | Connection,
    assessment_id: uuid.UUID,
    before: int,
    record: Mapping[str, Any],
    wanted: Collection[str],
) -> Iterator[_CarrySource]:
    """For each of these keys of a record the newest submission before this number that asked for the same and in which something was said of it."""
    actions = {action["question"]: action for action in record["actions"]}
    names = {name for key in wanted for name in (key, *actions.get(key, {}).get("questions", ()))}
    touched: dict[tuple[int, int], set[str]] = {}
    for row in session.execute(
        select(Submission.id, Submission.number, TrackedAction.key)
        .join(TrackedAction, TrackedAction.submission_id == Submission.id)
        .where(
            Submission.assessment_id == assessment_id, Submission.number < before, TrackedAction.key.in_(list(names))
        )
        .order_by(Submission.number.desc())
    ):
        touched.setdefault((row.id, row.number), set()).add(row.key)
    open_ = set(wanted)
    for (name, number), stored in touched.items():
        if not open_ or not any(stored & {key, *actions.get(key, {}).get("questions", ())} for key in open_):
            continue
        # records are large: only those are read of which a key is still open
        old = session.execute(select(Submission.record).where(Submission.id == name)).scalar_one()
        found = {key: tuple(one for one in source_keys(key, record, old) if one in stored) for key in sorted(open_)}
        keys = {key: names for key, names in found.items() if names}
        open_ -= keys.keys()  # the newest one counts
        if keys:
            yield _CarrySource(name, number, old, keys)


def source_keys(key: str, record: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys under which an earlier record asked for what this key of a record asks for; none where it did not."""
    wanted, was = item_texts(record), item_texts(before)
    action = next((one for one in record["actions"] if one["question"] == key), None)
    if action is None or record["engine"] == 1:
        return (key,) if key in was and was[key] == wanted.get(key) else ()
    old = {one["question"]: one for one in before["actions"]}
    same = key in was and was[key] == wanted.get(key)
    if same and (
        not merged_as(action, record) or key not in old or _visible_parts(action, record) <= _action_questions(old[key])
    ):
        return (key,)
    now, then = _answers_by_question(record), _answers_by_question(before)
    return tuple(
        name
        for name in action["questions"]
        if name in old
        and not old[name]["held"]
        and now.get(name) == then.get(name)  # another answer makes another task of it
        and (merged_as(action, record) != PAPERS_ACTION or old[name]["find_out"])
    )


def _visible_parts(action: Mapping[str, Any], record: Mapping[str, Any]) -> set[str]:
    """Of an action of many parts those that a buyer is shown, else all: a part that no buyer sees must not undo what one was shown as done."""
    shown = {part["question"] for row in record["buyer_view"]["actions"] for part in row["parts"]}
    return (_action_questions(action) & shown) - LANGUAGES_AND_VISAS or _action_questions(action)


def _action_questions(action: Mapping[str, Any]) -> set[str]:
    return set(action.get("questions", (action["question"],)))


def _answers_by_question(record: Mapping[str, Any]) -> dict[str, Any]:
    return {question["id"]: question["answer"] for question in questions_of(record)}


def _combined_state(states: Sequence[ItemState], *, whole: bool) -> ItemState:
    """What was said of several as what is said of one: that of the first that is not closed, with the proof of all and the first day on which it was done.

    `whole`: something was said of all that it stands for. Else it is not done yet.
    """
    first = min(states, key=lambda state: state.is_closed)
    notes = [note for state in states for note in state.notes]
    if len(states) > 1:
        days = [state.done_on for state in states if state.done_on]
        numbered = tuple(replace(note, id=number) for number, note in enumerate(notes, 1))
        first = replace(first, notes=numbered, done_on=min(days, default=None) if first.is_done else first.done_on)
    if whole or not first.is_closed:
        return first
    return replace(first, response=None, reason="", reason_text="", status="under_way", done_on=None)


def _insert_carried_item(connection: Connection, made: Submission, key: str, item: ItemState) -> None:
    here = {"submission_id": made.id, "key": key}
    plain = asdict(replace(item, notes=(), revision=1))
    del plain["notes"]
    last = max((note.id for note in item.notes), default=0)
    connection.execute(insert(TrackedAction).values(**here, **plain, notes_made=last, changed_at=made.made_at))
    for note in item.notes:
        row = asdict(note)
        connection.execute(insert(TrackedActionEvidence).values(**here, number=row.pop("id"), **row))
    connection.execute(
        insert(TrackedActionEvent).values(
            **here,
            revision=1,
            what=TrackerEventKind.CARRIED,
            before=change_to_json(ItemContent.of(UNTOUCHED)),
            after=change_to_json(ItemContent.of(item)),
            at=made.made_at,
        )
    )
