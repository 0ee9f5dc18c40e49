"""Notes that a question is hard to understand: what the person who answers says to those who look after the questions.

A note hangs on nothing: not on an assessment, a browser or a day. It must never be kept so that it leads to the person who wrote it.
Begin with `save_feedback`.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from assess.assessments.models import QuestionFeedback
from assess.core.clock import uk_date

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "word": "There is a word I do not know",
        "long": "It is too long",
        "answers": "None of the answers fits",
        "meaning": "I do not know what you mean",
    }
)
MAX_FEEDBACK_PER_MONTH = 50
"""Notes taken on one question in one month: more would not be read."""


class TooMuchFeedbackError(Exception):
    """There are so many notes on this question this month that no more are taken."""


def save_feedback(session: Session, bank: str, edition: int, question: str, words: str, now: datetime) -> None:
    """Keep one more note. No event: its moment would tell who wrote it. Raises TooMuchFeedbackError."""
    month = month_text(uk_date(now))
    there = (
        select(func.count())
        .select_from(QuestionFeedback)
        .where(QuestionFeedback.question == question, QuestionFeedback.month == month)
    )
    if (session.scalar(there) or 0) >= MAX_FEEDBACK_PER_MONTH:
        raise TooMuchFeedbackError
    note = {"id": uuid.uuid4(), "bank": bank, "edition": edition, "question": question, "month": month, "words": words}
    session.execute(insert(QuestionFeedback).values(note).execution_options(not_audited=True))


def month_text(day: date) -> str:
    """Year and month of a day, "2026-11"."""
    return f"{day:%Y-%m}"


def get_feedback(session: Session, question: str, today: date) -> Sequence[QuestionFeedback]:
    """The notes on a question, the newest month first. This month's wait: who was here this week is too easily known."""
    return session.scalars(
        select(QuestionFeedback)
        .where(QuestionFeedback.question == question, QuestionFeedback.month < month_text(today))
        .order_by(QuestionFeedback.month.desc(), QuestionFeedback.id)
    ).all()


def feedback_counts(session: Session, today: date) -> Counter[str]:
    wanted = select(QuestionFeedback.question, func.count()).where(QuestionFeedback.month < month_text(today))
    found: Counter[str] = Counter()
    for question, count in session.execute(wanted.group_by(QuestionFeedback.question)):
        found[question] = count
    return found


def delete_old_feedback(session: Session, now: datetime, *, months: int) -> None:
    today = uk_date(now)
    count = today.year * 12 + today.month - 1 - months
    oldest = f"{count // 12:04d}-{count % 12 + 1:02d}"
    session.execute(delete(QuestionFeedback).where(QuestionFeedback.month < oldest).execution_options(not_audited=True))
