"""All places where words that somebody typed are kept, and the one way to take a text out of every one of them.

A package that keeps free text describes its place; `assess/subscriptions.py` lists all of them. Whoever takes words
out takes the same text out of all places, histories included, in one transaction that the database lets pass only while a
redaction is open.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from assess.assessments.answering import lock
from assess.assessments.careful.judged import forget
from assess.assessments.models import Redaction
from assess.engine.own_words import MARK
from assess.kit.db import erase_after_commit
from assess.kit.events import provided


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that is kept. `where`: in words, such as “What you buy”. `earlier`: it stands only in a history or an old plan."""

    text: str
    where: str
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of place: what free texts it keeps of an assessment, and how a text is taken out.

    `take_out` gets the session, the assessment, the text and the moment, and returns how many places it changed.
    """

    name: str
    texts: Callable[[Session, uuid.UUID], Iterable[Kept]]
    take_out: Callable[[Session, uuid.UUID, str, datetime], int]


@dataclass(slots=True)
class Words:
    """One text and all the places where it stands. `mark` tells it in a form without saying it."""

    text: str
    where: list[str] = field(default_factory=list)
    earlier: bool = True

    @property
    def mark(self) -> str:
        """The SHA-256 of the text."""
        return mark_of(self.text)


MOST_LISTED = 2_000
"""Texts of one assessment that its list shows."""


def mark_of(text: str) -> str:
    """What stands for a text where it must not be said: its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def words_of(session: Session, assessment_id: uuid.UUID) -> list[Words]:
    """The free texts of an assessment, those that stand somewhere now first, each once with its places.

    Past `MOST_LISTED` texts no others are added: when some of these are taken out, others take their place.
    """
    found: dict[str, Words] = {}
    for place in provided(Place):
        for kept in place.texts(session, assessment_id):
            if kept.text in {"", MARK} or (kept.text not in found and len(found) >= MOST_LISTED):
                continue
            words = found.setdefault(kept.text, Words(kept.text))
            if kept.where not in words.where:
                words.where.append(kept.where)
            words.earlier = words.earlier and kept.earlier
    return sorted(found.values(), key=lambda words: words.earlier)


def take_out(session: Session, assessment_id: uuid.UUID, text: str, now: datetime) -> int:
    """Take a text out of every place for good, with effect from this commit. Returns how many places held it.

    Whoever calls this forgets what is kept in memory after the commit (`opening.forget_texts`).

    Raises:
        AssessmentUnknownError: when the assessment is not there.
    """
    lock(session, assessment_id)
    redaction = Redaction(assessment_id=assessment_id, began_at=now)
    session.add(redaction)
    session.flush()
    redaction.places = sum(place.take_out(session, assessment_id, text, now) for place in provided(Place))
    forget(session, assessment_id, [text])
    redaction.finished_at = now
    session.flush()
    session.expire_all()
    erase_after_commit(session)
    return redaction.places


def marked_in(session: Session, column: InstrumentedAttribute[str], here: ColumnElement[bool], text: str) -> int:
    """Put the mark where this text stands in a column, in the rows that are meant. Returns how many there were.

    The column is encrypted: which rows hold the text is seen here, and each is changed by itself.
    """
    keys = list(cast("Table", column.class_.__table__).primary_key)
    found = [key for *key, kept in session.execute(select(*keys, column).where(here)) if kept == text]
    for key in found:
        row = (one == value for one, value in zip(keys, key, strict=True))
        session.execute(
            update(column.class_).where(*row).values({column.key: MARK}),
            execution_options={"synchronize_session": False},
        )
    return len(found)


def replaced(value: object, text: str) -> object:
    """The same JSON-able value with the mark wherever this text stands as a whole."""
    if isinstance(value, str):
        return MARK if value == text else value
    if isinstance(value, dict):
        return {key: replaced(part, text) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(part, text) for part in value]
    return value
