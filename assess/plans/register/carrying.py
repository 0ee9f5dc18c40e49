"""What is taken over when corrected answers are submitted: all that was said last of an action that reads the same.

It happens in the transaction that stores the new submission, as part of that one row's insertion: the room below knows nothing of
registers, nobody can read the new plan before, and since a submission is inserted once, so is this. An action whose text changed begins afresh,
and so does a duty whose next date is another one: what was done for last year is not done for this.

It is looked for in every plan before, not in the last one alone: an action that had to wait for advice, or that a slip made vanish,
comes back with what was said of it. Meanwhile nothing of it is stored with the plan it waits in, so no copy can tell of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, event, insert, select
from sqlalchemy.orm import Mapper, Session

from assess.assessments.models import Submission
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


def keep_registers() -> None:
    """From now on, in this process, take the register over to each new submission. Saying it again changes nothing."""
    if not event.contains(Submission, "after_insert", _carry_over):
        event.listen(Submission, "after_insert", _carry_over)


def texts_of(record: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What each item of a record asks for, by key: the words of an action; the title and the next date of a duty.

    An action that waits for advice asks for nothing yet, so it is not among them.
    """
    actions: dict[str, tuple[str, ...]] = {
        action["question"]: (action["do"],) for action in record["actions"] if not action["held"]
    }
    return actions | {duty["id"]: (duty["title"], str(duty["due"])) for duty in record["duties"]}


def earlier_histories(
    session: Session, submission: Submission, key: str, *, before: int | None = None, most: int = PAGE
) -> list[Earlier]:
    """Where an item was taken over from, the latest first; empty for one that began in this submission.

    Together they hold at most so many entries, all older than the entry `before`: ids grow from plan to plan, so all of
    them are one history.
    """
    found: list[Earlier] = []
    wanted = {name: text for name, text in texts_of(submission.record).items() if name == key}
    number, at = submission.number, submission.id
    while (
        most > 0
        and _was_carried(session, at, key)
        and (source := next(_last_said(session, submission.assessment_id, number, wanted), None))
    ):
        number, at = source.number, source.id
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
    """A submission, and the keys of which it holds what was said last."""

    id: int
    number: int
    record: Mapping[str, Any]
    keys: frozenset[str]


def _last_said(
    look: Session | Connection, assessment_id: uuid.UUID, before: int, wanted: Mapping[str, tuple[str, ...]]
) -> Iterator[_Source]:
    """For each key the newest submission before this number in which it read as wanted and something was said of it."""
    touched: dict[tuple[int, int], set[str]] = {}
    for row in look.execute(
        select(Submission.id, Submission.number, RegisterItem.key)
        .join(RegisterItem, RegisterItem.submission_id == Submission.id)
        .where(
            Submission.assessment_id == assessment_id, Submission.number < before, RegisterItem.key.in_(list(wanted))
        )
        .order_by(Submission.number.desc())
    ):
        touched.setdefault((row.id, row.number), set()).add(row.key)
    open_ = set(wanted)
    for (name, number), said in touched.items():
        if asked := said & open_:
            record = look.execute(select(Submission.record).where(Submission.id == name)).scalar_one()
            texts = texts_of(record)
            same = frozenset(key for key in asked if texts.get(key) == wanted[key])
            open_ -= same
            if same:
                yield _Source(name, number, record, same)


def _carry_over(_mapper: Mapper[Submission], connection: Connection, made: Submission) -> None:
    if made.number == 1:
        return
    for source in _last_said(connection, made.assessment_id, made.number, texts_of(made.record)):
        state = state_of(connection, source.id)
        for key in source.keys:
            _put(connection, made, key, state[key])


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
