"""Notes on questions: kept without a trace of who wrote them, shown once their month is over, and removed in time."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from assess.assessments.unclear.models import UnclearNote
from assess.kit.clock import date_at

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "word": "There is a word I do not know",
        "long": "It is too long",
        "answers": "None of the answers fits",
        "meaning": "I do not know what you mean",
    }
)
"""What a note can say."""
MOST_OF_A_MONTH = 50
"""Notes taken on one question in one month: more would not be read."""


class TooManyNotesError(Exception):
    """There are so many notes on this question this month that no more are taken."""


def write_down(session: Session, bank: str, edition: int, question: str, words: str, now: datetime) -> None:
    """Keep one more note. It leaves no event: with its moment beside the browser's, the log would tell who wrote it.

    Raises:
        TooManyNotesError
    """
    month = month_of(date_at(now))
    there = (
        select(func.count())
        .select_from(UnclearNote)
        .where(UnclearNote.question == question, UnclearNote.month == month)
    )
    if (session.scalar(there) or 0) >= MOST_OF_A_MONTH:
        raise TooManyNotesError
    note = {"id": uuid.uuid4(), "bank": bank, "edition": edition, "question": question, "month": month, "words": words}
    session.execute(insert(UnclearNote).values(note).execution_options(keeps_books=True))


def month_of(day: date) -> str:
    """Year and month of a day, "2026-11"."""
    return f"{day:%Y-%m}"


def notes_on(session: Session, question: str, today: date) -> Sequence[UnclearNote]:
    """The notes on a question, the newest month first. This month's wait: who was here this week is too easily known."""
    wanted = select(UnclearNote).where(UnclearNote.question == question, UnclearNote.month < month_of(today))
    return session.scalars(wanted.order_by(UnclearNote.month.desc(), UnclearNote.id)).all()


def counts_of_notes(session: Session, today: date) -> Counter[str]:
    """How many notes there are on each question, this month's left out."""
    wanted = select(UnclearNote.question, func.count()).where(UnclearNote.month < month_of(today))
    found: Counter[str] = Counter()
    for question, count in session.execute(wanted.group_by(UnclearNote.question)):
        found[question] = count
    return found


def forget_old_notes(session: Session, now: datetime, *, months: int) -> None:
    """Remove notes older than so many months."""
    today = date_at(now)
    count = today.year * 12 + today.month - 1 - months
    oldest = f"{count // 12:04d}-{count % 12 + 1:02d}"
    session.execute(delete(UnclearNote).where(UnclearNote.month < oldest).execution_options(keeps_books=True))
