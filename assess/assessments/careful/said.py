"""The places where people write to each other: comments, what is given to a colleague and comes back, asking for a sign-off."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assess.assessments.careful.kept import free_questions, free_texts
from assess.assessments.careful.places import Kept, Place, marked_in, replaced
from assess.assessments.comments.models import Comment
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, DelegationEvent, State
from assess.assessments.signing.models import SignEvent, SignOff, SignRequest

COMMENTS, GIVEN, ANSWERED, SIGNING = "Comments", "Parts you gave to colleagues", "Answers of colleagues", "Sign-off"
_PAST = frozenset({State.SAME, State.LEFT, State.TAKEN})
"""Of these answers the business has made up its mind."""

Column = InstrumentedAttribute[str]
Columns = tuple[tuple[Column, bool], ...]
"""Columns with a text in each row, and whether it is a history."""

_COMMENTS: Columns = ((Comment.words, False),)
_DELEGATIONS: Columns = ((Delegation.note, False), (Delegation.asked, False), (DelegationEvent.words, True))
_SIGN_OFFS: Columns = ((SignRequest.note, False), (SignOff.job, False), (SignEvent.words, True))


def _mine(column: Column, assessment_id: uuid.UUID) -> ColumnElement[bool]:
    """The rows of this assessment in the table of the column."""
    table: Any = column.class_
    if table is DelegationEvent:
        links = select(Delegation.id).where(Delegation.assessment_id == assessment_id)
        return DelegationEvent.delegation_id.in_(links)
    whose: ColumnElement[bool] = table.assessment_id == assessment_id
    return whose


def columns_in_view(name: str, where: str, columns: Columns) -> Place:
    """A place made of whole columns of text, in tables that belong to an assessment."""

    def texts(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
        for column, earlier in columns:
            for text in session.scalars(select(column).where(_mine(column, assessment_id))):
                yield Kept(text, where, earlier=earlier)

    def take_out(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
        return sum(marked_in(session, column, _mine(column, assessment_id), text) for column, _earlier in columns)

    return Place(name, texts, take_out)


def _answered(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    questions = free_questions(session, assessment_id)
    for row in _answers(session, assessment_id):
        if row.question in questions:
            for text in free_texts(questions[row.question], row.value):
                yield Kept(text, ANSWERED, earlier=row.state in _PAST)


def _out_of_answered(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    """The revision of the row stays behind that of the answer, so an open form of the colleague can only offer the words again."""
    questions = free_questions(session, assessment_id)
    count = 0
    for row in _answers(session, assessment_id):
        if row.question in questions and (cleaned := replaced(row.value, text)) != row.value:
            row.value, row.changed_at = cleaned, now
            count += 1
    session.flush()
    return count


def _answers(session: Session, assessment_id: uuid.UUID) -> list[DelegatedAnswer]:
    links = select(Delegation.id).where(Delegation.assessment_id == assessment_id)
    wanted = select(DelegatedAnswer).where(DelegatedAnswer.delegation_id.in_(links))
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


PLACES = (
    columns_in_view("comments", COMMENTS, _COMMENTS),
    columns_in_view("delegations", GIVEN, _DELEGATIONS),
    Place("answers of colleagues", _answered, _out_of_answered),
    columns_in_view("sign-offs", SIGNING, _SIGN_OFFS),
)
