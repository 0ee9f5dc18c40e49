"""Moving an assessment to a newer edition, and back. Each is one transaction under the lock of the assessment.

What was said stays in the history of answers; the move holds at which revision each answer stood, so that going back finds it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, aliased

from assess.assessments.answering import AlreadySubmittedError, OtherEditionError, lock, put_in_place
from assess.assessments.models import Answer, AnswerEvent, Assessment, Part
from assess.assessments.moving.carrying import Back, Said, go_back, go_on, same_question
from assess.assessments.moving.colleagues import leave_behind, take_up_again
from assess.assessments.moving.models import EditionMove
from assess.assessments.owning.models import Because, ToConfirm
from assess.banks.editions import edition_of, waiting_for_second
from assess.banks.models import Edition as Row
from assess.banks.models import Stage
from assess.engine.bank import Edition
from assess.kit.db import Document

_MOVES = (Part.ANSWER, Part.EVIDENCE, Part.FACT)
"""The parts that hang on an edition."""


class NothingToUndoError(Exception):
    """There is no such move that can be undone, or no more."""


@dataclass(frozen=True, slots=True)
class Newer:
    """The newest published edition of a bank. `withdrawn`: the one of the assessment is not given to others any more."""

    edition_id: int
    withdrawn: bool


def newer_than(look: Session, edition_id: int) -> Newer | None:
    """The newest published edition of the same bank, where it is newer than this one."""
    here, there = aliased(Row), aliased(Row)
    bank = look.scalar(select(Row.bank).where(Row.id == edition_id))
    above = waiting_for_second(look).get(bank or "", 0)
    found = look.execute(
        select(there.id, here.stage)
        .join(here, here.bank == there.bank)
        .where(here.id == edition_id, there.number > here.number, there.number > above)
        .where(there.stage == Stage.PUBLISHED)
        .order_by(there.number.desc())
        .limit(1)
    ).first()
    return None if found is None else Newer(found[0], found[1] is Stage.WITHDRAWN)


def move(session: Session, assessment_id: uuid.UUID, from_id: int, to_id: int, now: datetime) -> bool:
    """Go on to a newer edition. Returns whether this did it: False when somebody else has done the same already.

    Raises:
        AssessmentUnknownError
        AlreadySubmittedError: what is submitted is never moved.
        OtherEditionError: when it has neither of these editions.
    """
    assessment = lock(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    if assessment.edition_id == to_id:
        return False
    if assessment.edition_id != from_id:
        raise OtherEditionError
    old, new = edition_of(session, from_id).edition, edition_of(session, to_id).edition
    before = said_now(session, assessment_id)
    after = go_on(old, new, before)
    noted: Document = {
        "said": _revisions(session, assessment_id),
        "waiting": {Part.ANSWER.value: dict(before.waiting), Part.FACT.value: dict(before.waiting_facts)},
        "colleagues": leave_behind(session, assessment_id, old, new),
    }
    changed = [name for name, because in after.waiting.items() if because is Because.CHANGED]
    _have_stand(session, assessment_id, before, after, changed, now)
    session.add(
        EditionMove(
            assessment_id=assessment_id,
            version=assessment.version,
            from_edition_id=from_id,
            to_edition_id=to_id,
            before=noted,
            moved_at=now,
        )
    )
    assessment.edition_id, assessment.changed_at = to_id, now
    session.flush()
    return True


def last_move(session: Session, assessment_id: uuid.UUID) -> EditionMove | None:
    """The move that can be undone just now: the one to the edition it has, since it was submitted last. None when there is none."""
    return session.scalars(
        select(EditionMove)
        .join(Assessment, Assessment.id == EditionMove.assessment_id)
        .where(
            EditionMove.assessment_id == assessment_id,
            EditionMove.undone_at.is_(None),
            EditionMove.version == Assessment.version,
            EditionMove.to_edition_id == Assessment.edition_id,
            Assessment.submitted_at.is_(None),
        )
    ).first()


def what_goes_back(session: Session, one: EditionMove) -> Back:
    """What would stand if this move were undone now."""
    old, new = _editions(session, one)
    return go_back(old, new, _said_before(session, one), said_now(session, one.assessment_id))


def undo(session: Session, assessment_id: uuid.UUID, move_id: uuid.UUID, now: datetime) -> None:
    """Go back to the edition before this move.

    Raises:
        AssessmentUnknownError
        AlreadySubmittedError: what is submitted is never moved.
        NothingToUndoError: when it is not the last move, or was undone already.
    """
    assessment = lock(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    one = last_move(session, assessment_id)
    if one is None or one.id != move_id:
        raise NothingToUndoError
    _undo(session, assessment, one, now)


def undo_all(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """Go back over every move since it was submitted last, for a correction that is given up."""
    assessment = lock(session, assessment_id)
    while (one := last_move(session, assessment_id)) is not None:
        _undo(session, assessment, one, now)


def _undo(session: Session, assessment: Assessment, one: EditionMove, now: datetime) -> None:
    old, new = _editions(session, one)
    standing, back = said_now(session, assessment.id), what_goes_back(session, one).said
    other = [name for name in back.answers if name in standing.answers and not same_question(old, new, name)]
    _have_stand(session, assessment.id, standing, back, other, now)
    take_up_again(session, assessment.id, one.before["colleagues"], old, new)
    assessment.edition_id, assessment.changed_at = one.from_edition_id, now
    one.undone_at = now
    session.flush()


def said_now(session: Session, assessment_id: uuid.UUID) -> Said:
    """All that hangs on the questions, as it stands."""
    values: dict[Part, dict[str, Any]] = {part: {} for part in _MOVES}
    for part, name, value in session.execute(
        select(Answer.part, Answer.question, Answer.value).where(
            Answer.assessment_id == assessment_id, Answer.part.in_(_MOVES)
        )
    ):
        values[part][name] = value
    waits: dict[Part, dict[str, Because]] = {part: {} for part in Part}
    for one in session.scalars(select(ToConfirm).where(ToConfirm.assessment_id == assessment_id)):
        waits[one.part][one.question] = one.because
    return Said(values[Part.ANSWER], values[Part.EVIDENCE], values[Part.FACT], waits[Part.ANSWER], waits[Part.FACT])


def _revisions(session: Session, assessment_id: uuid.UUID) -> Document:
    found: Document = {part.value: {} for part in _MOVES}
    for part, name, revision in session.execute(
        select(Answer.part, Answer.question, Answer.revision).where(
            Answer.assessment_id == assessment_id, Answer.part.in_(_MOVES)
        )
    ):
        found[part.value][name] = revision
    return found


def _said_before(session: Session, one: EditionMove) -> Said:
    """What stood before a move, in its words of today: what was taken out for good since stays out."""
    wanted = one.before["said"]
    values: dict[Part, dict[str, Any]] = {part: {} for part in _MOVES}
    for part, name, revision, after in session.execute(
        select(AnswerEvent.part, AnswerEvent.question, AnswerEvent.revision, AnswerEvent.after).where(
            AnswerEvent.assessment_id == one.assessment_id, AnswerEvent.part.in_(_MOVES)
        )
    ):
        if wanted[part.value].get(name) == revision:
            values[part][name] = after
    waits = {
        part: {name: Because(because) for name, because in one.before["waiting"][part.value].items()}
        for part in (Part.ANSWER, Part.FACT)
    }
    return Said(values[Part.ANSWER], values[Part.EVIDENCE], values[Part.FACT], waits[Part.ANSWER], waits[Part.FACT])


def _have_stand(
    session: Session, assessment_id: uuid.UUID, before: Said, after: Said, renewed: Collection[str], now: datetime
) -> None:
    """Write what differs. `renewed` are answers to another question under the same name."""
    parts: tuple[tuple[Part, Mapping[str, Any], Mapping[str, Any], Collection[str]], ...] = (
        (Part.ANSWER, before.answers, after.answers, renewed),
        (Part.EVIDENCE, before.proof, after.proof, ()),
        (Part.FACT, before.facts, after.facts, ()),
    )
    for part, was, becomes, again in parts:
        changes = {name: becomes.get(name) for name in {*was, *becomes} if was.get(name) != becomes.get(name)}
        changes |= {name: becomes[name] for name in again}
        put_in_place(session, assessment_id, part, changes, now, renewed=again)
    _have_wait(session, assessment_id, Part.ANSWER, after.waiting)
    _have_wait(session, assessment_id, Part.FACT, after.waiting_facts)


def _have_wait(session: Session, assessment_id: uuid.UUID, part: Part, waits: Mapping[str, Because]) -> None:
    mine = (ToConfirm.assessment_id == assessment_id) & (ToConfirm.part == part)
    session.execute(delete(ToConfirm).where(mine), execution_options={"synchronize_session": False})
    rows = [
        {"assessment_id": assessment_id, "part": part, "question": name, "because": because}
        for name, because in waits.items()
    ]
    if rows:
        session.execute(insert(ToConfirm), rows)


def _editions(session: Session, one: EditionMove) -> tuple[Edition, Edition]:
    old, new = edition_of(session, one.from_edition_id), edition_of(session, one.to_edition_id)
    return old.edition, new.edition
