"""What is taken over when corrected answers are submitted: everything said about an action that is still the same.

It happens in the transaction that stores the new submission, as part of that one row's insertion: the room below knows nothing of
registers, nobody can read the new plan before, and since a submission is inserted once, so is this. An action whose text changed begins afresh,
and so does a duty whose next date is another one: what was done for last year is not done for this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, event, insert, select
from sqlalchemy.orm import Mapper

from assess.assessments.models import Submission
from assess.plans.register.keeping import Change, as_data, state_of
from assess.plans.register.models import EvidenceRow, RegisterEvent, RegisterItem, What
from assess.plans.register.state import UNTOUCHED, ItemState


def keep_registers() -> None:
    """From now on, in this process, take the register over to each new submission. Saying it again changes nothing."""
    if not event.contains(Submission, "after_insert", _carry_over):
        event.listen(Submission, "after_insert", _carry_over)


def texts_of(record: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What each item of a record asks for, by key: the words of an action; the title and the next date of a duty."""
    actions: dict[str, tuple[str, ...]] = {action["question"]: (action["do"],) for action in record["actions"]}
    return actions | {duty["id"]: (duty["title"], str(duty["due"])) for duty in record["duties"]}


def _carry_over(_mapper: Mapper[Submission], connection: Connection, made: Submission) -> None:
    if made.number == 1:
        return
    earlier = select(Submission.id, Submission.record).where(
        Submission.assessment_id == made.assessment_id, Submission.number < made.number
    )
    before = connection.execute(earlier.order_by(Submission.number.desc()).limit(1)).first()
    state = state_of(connection, before.id) if before else {}
    if before is None or not state:
        return
    old, new = texts_of(before.record), texts_of(made.record)
    for key, item in state.items():
        if key in new and old.get(key) == new[key]:
            _put(connection, made, key, item)


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
