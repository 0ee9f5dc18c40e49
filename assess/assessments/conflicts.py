"""Two people, one answer: which conflicts are real, and the page that shows both texts to decide for one.

A person who did not touch an answer does not want to hear that a colleague did; so a conflict counts only when the form says
something else than the page showed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from sqlalchemy.orm import Session

from assess.assessments.answering import Conflict
from assess.assessments.models import Part
from assess.assessments.opening import value_at
from assess.assessments.section_form import Posted
from assess.assessments.typed import fields_of
from assess.engine.bank import Question


@dataclass(frozen=True, slots=True)
class Disputed:
    """One answer that two people gave differently, in words."""

    conflict: Conflict
    question: Question
    ask: str
    yours: Sequence[str]
    theirs: Sequence[str]


def real_conflicts(
    session: Session, assessment_id: uuid.UUID, part: Part, found: Sequence[Conflict], seen: Mapping[str, int]
) -> list[Conflict]:
    """The conflicts in which the form says something else than the page showed. In the others theirs stands, as it should."""
    return [
        conflict
        for conflict in found
        if value_at(session, assessment_id, part, conflict.question, seen.get(conflict.question, 0)) != conflict.yours
    ]


def conflict_page(disputed: Sequence[Disputed], posted: Posted, *, back: str | None) -> str:
    """Both texts of each answer.

    What was typed goes along, so that choosing it needs no typing again; `back` is where
    the person came from.
    """
    return render_template(
        "assessments/conflict.html",
        back=back,
        conflicts=[
            {
                "id": one.question.id,
                "ask": one.ask,
                "yours": one.yours,
                "theirs": one.theirs,
                "revision": one.conflict.revision,
                "seen": posted.seen[one.question.id],
                "fields": fields_of(one.question, posted.typed[one.question.id]),
            }
            for one in disputed
        ],
    )
