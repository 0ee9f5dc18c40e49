"""What colleagues answered, for whoever answers for the business to look at: how much, which questions, and in which words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.access import Workspace, texts_of_today
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, State
from assess.assessments.question_parts import words_of
from assess.engine.wording import answer_text

NOTES: Mapping[State, str] = {
    State.SAVED: "",
    State.SAME: "The same was there already.",
    State.OFFERED: "Something else was there. You decide.",
    State.TAKEN: "You took it.",
    State.LEFT: "You kept the other answer.",
    State.BEFORE: "The question changed since.",
}


@dataclass(frozen=True, slots=True)
class ColleagueAnswer:
    """One question and what a colleague said to it, in words. `note`: what became of it, empty when it is simply there."""

    ask: str
    lines: Sequence[str]
    note: str


def came_in_from(session: Session, assessment_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many answers came from colleagues, by delegation. Those without any are left out."""
    found = session.execute(
        select(Delegation.id, func.count())
        .join(DelegatedAnswer, DelegatedAnswer.delegation_id == Delegation.id)
        .where(Delegation.assessment_id == assessment_id, DelegatedAnswer.state != State.BEFORE)
        .group_by(Delegation.id)
    )
    return {row[0]: row[1] for row in found}


def answers_shown(work: Workspace, hers: Mapping[str, DelegatedAnswer]) -> list[ColleagueAnswer]:
    """Her answers in the order of the questions."""
    texts = texts_of_today()
    rows = []
    for question in work.full.questions():
        answer = hers.get(question.id)
        if answer is None:
            continue
        said = answer_text(question, cast("str | None", answer.value))
        lines = said if isinstance(said, list) else [said]
        rows.append(ColleagueAnswer(words_of(question, texts).ask, lines, NOTES[answer.state]))
    return rows
