"""What the lists of the editor show: banks with their edition in force, drafts, and what people are called."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft, DraftStage
from assess.banks.editions import published
from assess.banks.models import Edition
from assess.people.models import Person

MOST_CLOSED = 20
"""Drafts that are over and stand on the first page."""
SOMEBODY = "Somebody who has left"
_OPEN = (DraftStage.DRAFT, DraftStage.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class BankNow:
    """A bank and the edition that new assessments begin with."""

    bank: str
    title: str
    number: int
    questions: int
    published_at: datetime


def banks_now(session: Session) -> list[BankNow]:
    """Every bank by title."""
    loaded = published(session)
    ids = [one.id for one in loaded.values()]
    moments = {
        row.id: row.published_at
        for row in session.execute(select(Edition.id, Edition.published_at).where(Edition.id.in_(ids)))
    }
    return [
        BankNow(bank, one.edition.title, one.ref.number, len(tuple(one.edition.questions())), moments[one.id])
        for bank, one in loaded.items()
        if one.id is not None
    ]


def open_drafts(session: Session) -> Sequence[Draft]:
    """Drafts that may still be published, the one changed last first."""
    return session.scalars(select(Draft).where(Draft.stage.in_(_OPEN)).order_by(Draft.changed_at.desc())).all()


def closed_drafts(session: Session) -> Sequence[Draft]:
    """The last ones that were published or given up."""
    wanted = select(Draft).where(Draft.stage.not_in(_OPEN)).order_by(Draft.changed_at.desc()).limit(MOST_CLOSED)
    return session.scalars(wanted).all()


def names_of_people(session: Session, ids: Collection[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """What each of these people is called: their name, or their address when they gave none."""
    rows = session.execute(
        select(Person.id, Person.name, Person.email).where(Person.id.in_([one for one in ids if one]))
    )
    named: dict[uuid.UUID | None, str] = {row.id: row.name or row.email for row in rows}
    return {one: named.get(one, SOMEBODY) for one in ids}
