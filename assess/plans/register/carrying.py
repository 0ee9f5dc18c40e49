"""What is taken over when corrected answers are submitted: all that was said last of an action that reads the same.

It happens in the transaction that stores the new submission, first of all that hears of it: the package below knows nothing of
registers, and nobody can read the new plan before, nor compute a board from it. An action whose text changed begins afresh,
and so does a duty whose next date is another one: what was done for last year is not done for this.

It is looked for in every plan before, not in the last one alone: an action that had to wait for advice, or that a slip made vanish,
comes back with what was said of it. Meanwhile nothing of it is stored with the plan it waits in, so no copy can tell of it.

Since engine 2 one action may stand for several questions. It takes over what was said under each of them, as long as their answers are what they
were; it is done only where all of them were. So is an action whose words are new while its answer is not. An action of many parts that a buyer is
shown begins afresh for a part that the buyer is shown too, and for no other: the business reads that it is asked for it again.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from assess.assessments.events import SubmissionMade
from assess.assessments.models import Submission
from assess.engine.result import PAPERS
from assess.plans.actions import MERGED
from assess.plans.buyer_view import LANGUAGES_AND_VISAS, buyer_view_of
from assess.plans.register.going_back import place_of
from assess.plans.register.keeping import PAGE, Change, Event, as_data, from_data, history_of, state_of
from assess.plans.register.models import EvidenceRow, RegisterEvent, RegisterItem, What
from assess.plans.register.state import UNTOUCHED, ItemState, RegisterState


@dataclass(frozen=True, slots=True)
class Earlier:
    """What happened to an item before it was taken over: the record it stood in, and of its history there one page, the newest first.

    `last`: the how many-th of that history the first of `events` is.
    """

    record: Mapping[str, Any]
    events: tuple[Event, ...]
    last: int

    @property
    def made_on(self) -> str:
        """The ISO day of those answers."""
        return str(self.record["made_on"])


def carry_over(session: Session, event: SubmissionMade) -> None:
    """Take the register over to a new submission."""
    made, connection = event.submission, session.connection()
    if made.number == 1:
        return
    record = made.record
    actions = {action["question"]: action for action in record["actions"]}
    for source in _last_said(connection, made.assessment_id, made.number, record, texts_of(record).keys()):
        state = state_of(connection, source.id)
        for key, names in source.keys.items():
            asked = actions.get(key, {}).get("questions", (key,))
            whole = names == (key,) or len(names) == len(asked)
            _put(connection, made, key, _together([state[name] for name in names], whole=whole))


def texts_of(record: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What each item of a record asks for, by key: the words of an action; the title and the next date of a duty.

    An action that waits for advice asks for nothing yet, so it is not among them. What a buyer is shown of it is: else a mark that is gone
    would tell of the advice.
    """
    actions: dict[str, tuple[str, ...]] = {
        action["question"]: (action["do"],) for action in record["actions"] if not action["held"]
    }
    if "buyer_view" in record:
        held = {action["question"] for action in record["actions"] if action["held"]}
        actions |= {step.key: (step.do,) for step in buyer_view_of(record, None).steps if step.key in held}
    return actions | {duty["id"]: (duty["title"], str(duty["due"])) for duty in record["duties"]}


def earlier_histories(
    session: Session, submission: Submission, key: str, *, before: int | None = None, most: int = PAGE
) -> list[Earlier]:
    """Where an item was taken over from, the latest first; empty for one that began in this submission.

    Together they hold at most so many entries, all older than the entry `before`: ids grow from plan to plan, so all of
    them are one history.
    """
    found: list[Earlier] = []
    number, at = submission.number, submission.id
    record: Mapping[str, Any] = submission.record
    while (
        most > 0
        and _was_carried(session, at, key)
        and (source := next(_last_said(session, submission.assessment_id, number, record, {key}), None))
    ):
        number, at, record, key = source.number, source.id, source.record, source.keys[key][0]
        events = history_of(session, at, key, before=before, most=most)
        most -= len(events)
        last = place_of(session, at, key, events[0].id) if events else 0
        found.append(Earlier(source.record, tuple(events), last))
    return found


def _was_carried(session: Session, submission_id: int, key: str) -> bool:
    """Whether an item began by being taken over, which is always the first that happens to it."""
    first = session.scalars(
        select(RegisterEvent.what)
        .where(RegisterEvent.submission_id == submission_id, RegisterEvent.key == key)
        .order_by(RegisterEvent.id)
        .limit(1)
    ).first()
    return first is What.CARRIED


def done_before(session: Session, submission_id: int, state: RegisterState) -> frozenset[str]:
    """Items that are done only because they were done in the plan before: nobody has said so of this one."""
    carried = session.execute(
        select(RegisterEvent.key, RegisterEvent.after).where(
            RegisterEvent.submission_id == submission_id, RegisterEvent.what == What.CARRIED
        )
    )
    was = {row.key: from_data(row.after) for row in carried}
    return frozenset(key for key, item in state.items() if key in was and _still_done(Change.of(item), was[key]))


def _still_done(now: Change, was: Change) -> bool:
    done = was.status == "done" or was.response == "already_done"
    return done and (now.response, now.status, now.done_on) == (was.response, was.status, was.done_on)


@dataclass(frozen=True, slots=True)
class _Source:
    """A submission, and for each key of which it holds what was said last, the keys it was said under there."""

    id: int
    number: int
    record: Mapping[str, Any]
    keys: Mapping[str, tuple[str, ...]]


def _last_said(
    look: Session | Connection,
    assessment_id: uuid.UUID,
    before: int,
    record: Mapping[str, Any],
    wanted: Collection[str],
) -> Iterator[_Source]:
    """For each of these keys of a record the newest submission before this number that asked for the same and in which something was said of it."""
    actions = {action["question"]: action for action in record["actions"]}
    names = {name for key in wanted for name in (key, *actions.get(key, {}).get("questions", ()))}
    touched: dict[tuple[int, int], set[str]] = {}
    for row in look.execute(
        select(Submission.id, Submission.number, RegisterItem.key)
        .join(RegisterItem, RegisterItem.submission_id == Submission.id)
        .where(Submission.assessment_id == assessment_id, Submission.number < before, RegisterItem.key.in_(list(names)))
        .order_by(Submission.number.desc())
    ):
        touched.setdefault((row.id, row.number), set()).add(row.key)
    open_ = set(wanted)
    for (name, number), said in touched.items():
        if not open_ or not any(said & {key, *actions.get(key, {}).get("questions", ())} for key in open_):
            continue
        old = look.execute(select(Submission.record).where(Submission.id == name)).scalar_one()
        found = {key: tuple(one for one in sources_of(key, record, old) if one in said) for key in sorted(open_)}
        keys = {key: names for key, names in found.items() if names}
        open_ -= keys.keys()
        if keys:
            yield _Source(name, number, old, keys)


def sources_of(key: str, record: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys under which an earlier record asked for what this key of a record asks for; none where it did not."""
    wanted, was = texts_of(record), texts_of(before)
    action = next((one for one in record["actions"] if one["question"] == key), None)
    if action is None or record["engine"] == 1:
        return (key,) if key in was and was[key] == wanted.get(key) else ()
    old = {one["question"]: one for one in before["actions"]}
    same = key in was and was[key] == wanted.get(key)
    if same and (key not in MERGED or key not in old or _told_of(action, record) <= _questions(old[key])):
        return (key,)
    now, then = _answers(record), _answers(before)
    return tuple(
        name
        for name in action["questions"]
        if name in old
        and not old[name]["held"]
        and now.get(name) == then.get(name)
        and (key != PAPERS or old[name]["find_out"])
    )


def _told_of(action: Mapping[str, Any], record: Mapping[str, Any]) -> set[str]:
    """Of an action of many parts those that a buyer is shown, else all: a part that no buyer sees must not undo what one was shown as done."""
    shown = {part["question"] for row in record["buyer_view"]["actions"] for part in row["parts"]}
    return (_questions(action) & shown) - LANGUAGES_AND_VISAS or _questions(action)


def _questions(action: Mapping[str, Any]) -> set[str]:
    return set(action.get("questions", (action["question"],)))


def _answers(record: Mapping[str, Any]) -> dict[str, Any]:
    return {question["id"]: question["answer"] for section in record["sections"] for question in section["questions"]}


def _together(states: Sequence[ItemState], *, whole: bool) -> ItemState:
    """What was said of several as what is said of one: that of the least settled, with the proof of all and the first day on which it was done.

    `whole`: something was said of all that it stands for. Else it is not done yet.
    """
    first = min(states, key=lambda state: state.settled)
    notes = [note for state in states for note in state.notes]
    if len(states) > 1:
        days = [state.done_on for state in states if state.done_on]
        numbered = tuple(replace(note, id=number) for number, note in enumerate(notes, 1))
        first = replace(first, notes=numbered, done_on=min(days, default=None) if first.is_done else first.done_on)
    if whole or not first.settled:
        return first
    return replace(first, response=None, reason="", reason_text="", status="under_way", done_on=None)


def _put(connection: Connection, made: Submission, key: str, item: ItemState) -> None:
    here = {"submission_id": made.id, "key": key}
    plain = asdict(replace(item, notes=(), revision=1))
    del plain["notes"]
    last = max((note.id for note in item.notes), default=0)
    connection.execute(insert(RegisterItem).values(**here, **plain, notes_made=last, changed_at=made.made_at))
    for note in item.notes:
        row = asdict(note)
        connection.execute(insert(EvidenceRow).values(**here, number=row.pop("id"), **row))
    connection.execute(
        insert(RegisterEvent).values(
            **here,
            revision=1,
            what=What.CARRIED,
            before=as_data(Change.of(UNTOUCHED)),
            after=as_data(Change.of(item)),
            at=made.made_at,
        )
    )
