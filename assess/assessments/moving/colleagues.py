"""What colleagues said through their links, when the assessment moves: what does not go along is set aside, and asked of them again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import answers_of
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, State
from assess.assessments.moving.carrying import same_question
from assess.engine.bank import Edition
from assess.engine.carry_over import carry_over

SetAside = Sequence[tuple[str, str, str, bool]]
"""Link, question, state before, and whether the answer of the business was still the one that the colleague gave."""


def leave_behind(session: Session, assessment_id: uuid.UUID, old: Edition, new: Edition) -> list[list[object]]:
    """Set aside what they said to questions that are others now. Returns what was set aside, as it is kept (`SetAside`).

    An offer that waits for a decision is set aside too: it answers a question nobody is asked any more.
    """
    said = answers_of(session, assessment_id)
    aside: list[list[object]] = []
    for row in _rows(session, assessment_id):
        if row.question in carry_over(old, new, {row.question: row.value}).kept:
            continue
        stored = said.get(row.question)
        still_hers = stored is not None and stored.revision == row.revision
        aside.append([str(row.delegation_id), row.question, row.state.value, still_hers])
        row.state = State.BEFORE
    session.flush()
    return aside


def take_up_again(session: Session, assessment_id: uuid.UUID, aside: SetAside, old: Edition, new: Edition) -> None:
    """Have stand what was set aside, where they have not said something else since; and set aside what they said to newer questions."""
    said = answers_of(session, assessment_id)
    since: set[tuple[uuid.UUID, str]] = set()
    for row in _rows(session, assessment_id):
        if not same_question(old, new, row.question):
            row.state = State.BEFORE
            since.add((row.delegation_id, row.question))
    session.flush()
    for link, question, state, still_hers in aside:
        whose = (uuid.UUID(link), question)
        found = session.get(DelegatedAnswer, whose)
        if found is None or found.state is not State.BEFORE or whose in since:
            continue
        found.state = State(state)
        if still_hers and question in said:
            found.revision = said[question].revision
    session.flush()


def _rows(session: Session, assessment_id: uuid.UUID) -> Sequence[DelegatedAnswer]:
    links = select(Delegation.id).where(Delegation.assessment_id == assessment_id)
    wanted = select(DelegatedAnswer).where(DelegatedAnswer.delegation_id.in_(links))
    return session.scalars(
        wanted.where(DelegatedAnswer.state != State.BEFORE), execution_options={"populate_existing": True}
    ).all()
