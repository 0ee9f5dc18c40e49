"""What becomes of an answer a colleague gives: it is saved where nothing else was said, and waits as an offer where something was.

What is hers stays hers to change until somebody else changes it. Nothing is ever written over without the business having seen both.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import (
    AlreadySubmittedError,
    OtherEditionError,
    Stored,
    answers_of,
    lock,
    save_answers,
    save_evidence,
)
from assess.assessments.delegation.keeping import note_event, works
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, State, What
from assess.assessments.links import LinkUnknownError
from assess.engine.bank import Value

_HERS = frozenset({State.SAVED, State.TAKEN})


@dataclass(frozen=True, slots=True)
class Decision:
    """What the business decided about one offer. `against` is the revision of its own answer that was on the page."""

    delegation_id: uuid.UUID
    question: str
    take: bool
    against: int


def hers_of(session: Session, delegation_id: uuid.UUID) -> dict[str, DelegatedAnswer]:
    """What the colleague has said through this link, by question, without what she said to questions that changed since."""
    found = session.scalars(
        select(DelegatedAnswer)
        .where(DelegatedAnswer.delegation_id == delegation_id, DelegatedAnswer.state != State.BEFORE)
        .execution_options(populate_existing=True)
    )
    return {row.question: row for row in found}


def keep(
    session: Session,
    delegation: Delegation,
    changes: Mapping[str, Value | None],
    proof: Collection[str],
    now: datetime,
    *,
    edition_id: int | None = None,
) -> None:
    """Keep what a colleague has sent. None takes back what she said before. `proof`: she says that proof is at hand.

    `edition_id` is the edition her page was drawn from, where it says so.

    Raises:
        AlreadySubmittedError: when the answers are closed; nothing is kept.
        OtherEditionError: when the questions are others by now; nothing is kept.
        LinkUnknownError: when the link was ended meanwhile.
    """
    assessment = lock(session, delegation.assessment_id)
    session.refresh(delegation)
    if not works(delegation, now):
        raise LinkUnknownError
    if assessment.submitted:
        raise AlreadySubmittedError
    if edition_id is not None and edition_id != assessment.edition_id:
        raise OtherEditionError
    said = answers_of(session, assessment.id)
    hers = hers_of(session, delegation.id)
    changed = [
        question
        for question in sorted(changes)
        if _keep_one(session, delegation, question, changes[question], said.get(question), hers.get(question), now)
    ]
    given = hers_of(session, delegation.id)
    for question, row in given.items():
        if question in changes:
            row.proof = question in proof
    noted = {question for question in proof if question in given and given[question].state is not State.OFFERED}
    # a tick is only ever added: whoever noted proof before knew of some
    save_evidence(session, assessment.id, noted, noted, now)
    if changed:
        note_event(session, delegation.id, What.ANSWERED, now, count=len(changed))
    session.flush()


def _keep_one(
    session: Session,
    delegation: Delegation,
    question: str,
    value: Value | None,
    said: Stored[Value] | None,
    row: DelegatedAnswer | None,
    now: datetime,
) -> bool:
    """Keep one answer; returns whether she says something new."""
    if (row.value if row is not None else None) == value and _is_same_kind(row, value):
        return False
    mine = said is not None and row is not None and row.state in _HERS and row.revision == said.revision
    if value is None:
        if mine and said is not None:
            save_answers(session, delegation.assessment_id, {question: None}, {question: said.revision}, now)
        session.delete(row)
        session.flush()
        return True
    state, revision = _settle(session, delegation.assessment_id, question, value, said, mine=mine, now=now)
    if row is None:
        row = session.get(DelegatedAnswer, (delegation.id, question))  # one she gave before the question changed
    if row is None:
        row = DelegatedAnswer(delegation_id=delegation.id, question=question, proof=False)
        session.add(row)
    row.value, row.state, row.revision, row.changed_at = value, state, revision, now
    session.flush()
    return True


def _is_same_kind(row: DelegatedAnswer | None, value: object) -> bool:
    """Whether equal is alike: true is not 1."""
    return isinstance(row.value if row is not None else None, bool) == isinstance(value, bool)


def _settle(
    session: Session,
    assessment_id: uuid.UUID,
    question: str,
    value: Value,
    said: Stored[Value] | None,
    *,
    mine: bool,
    now: datetime,
) -> tuple[State, int]:
    if said is not None and not mine:
        return (State.SAME if said.value == value else State.OFFERED), said.revision
    save_answers(session, assessment_id, {question: value}, {question: 0 if said is None else said.revision}, now)
    return State.SAVED, answers_of(session, assessment_id)[question].revision


def decide(session: Session, assessment_id: uuid.UUID, decisions: Collection[Decision], now: datetime) -> int:
    """Take or leave offers. Returns how many are left open because the answer of the business has changed since the page was drawn.

    Raises:
        AlreadySubmittedError: when the answers are closed and one is to be taken; nothing is changed.
    """
    assessment = lock(session, assessment_id)
    if assessment.submitted and any(decision.take for decision in decisions):
        raise AlreadySubmittedError
    changed_since = 0
    counted: dict[tuple[uuid.UUID, What], int] = {}
    for decision in decisions:
        row = session.get(
            DelegatedAnswer, (decision.delegation_id, decision.question), with_for_update=True, populate_existing=True
        )
        whose = session.get(Delegation, decision.delegation_id)
        if row is None or whose is None or whose.assessment_id != assessment_id or row.state is not State.OFFERED:
            continue
        if decision.take and not _take(session, assessment_id, row, decision.against, now):
            changed_since += 1
            continue
        row.state = State.TAKEN if decision.take else State.LEFT
        what = What.TAKEN if decision.take else What.LEFT
        counted[decision.delegation_id, what] = counted.get((decision.delegation_id, what), 0) + 1
    for (delegation_id, what), count in counted.items():
        note_event(session, delegation_id, what, now, count=count)
    session.flush()
    return changed_since


def _take(session: Session, assessment_id: uuid.UUID, row: DelegatedAnswer, against: int, now: datetime) -> bool:
    saved = save_answers(session, assessment_id, {row.question: row.value}, {row.question: against}, now)
    if saved.conflicts:
        return False
    row.revision = answers_of(session, assessment_id)[row.question].revision
    if row.proof:
        save_evidence(session, assessment_id, {row.question}, {row.question}, now)
    return True
