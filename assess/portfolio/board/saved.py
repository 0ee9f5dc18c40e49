"""Filters that a person saved for a buyer: nobody else sees them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.portfolio.board.filters import LONGEST_QUERY, Filter
from assess.portfolio.board.models import LONGEST_FILTER_NAME, SavedFilter

MOST = 30
"""Of one person for one buyer."""


class FilterUnfitError(ValueError):
    """It cannot be saved; the sentence says why."""


def saved_of(session: Session, buyer_id: uuid.UUID, person_id: uuid.UUID) -> Sequence[SavedFilter]:
    """What this person saved for this buyer, by name."""
    mine = select(SavedFilter).where(SavedFilter.buyer_id == buyer_id, SavedFilter.person_id == person_id)
    return session.scalars(mine.order_by(SavedFilter.name, SavedFilter.id)).all()


def save(session: Session, buyer_id: uuid.UUID, person_id: uuid.UUID, name: str, what: Filter, now: datetime) -> None:
    """Save it under this name. What was saved under it before is replaced.

    Raises:
        FilterUnfitError
    """
    plain = " ".join(name.split())
    if not plain or not plain.isprintable():
        raise FilterUnfitError("Enter a name for the filter.")
    if len(plain) > LONGEST_FILTER_NAME:
        raise FilterUnfitError(f"Enter a name of {LONGEST_FILTER_NAME} characters or fewer.")
    if len(what.query) > LONGEST_QUERY:
        raise FilterUnfitError("This filter is too long to be saved. Choose fewer things.")
    mine = (SavedFilter.buyer_id == buyer_id, SavedFilter.person_id == person_id)
    found = session.scalars(select(SavedFilter).where(*mine, SavedFilter.name == plain)).first()
    if found is not None:
        found.query = what.query
        return
    if (session.scalar(select(func.count()).select_from(SavedFilter).where(*mine)) or 0) >= MOST:
        raise FilterUnfitError(f"You have {MOST} saved filters. Delete one first.")
    session.add(SavedFilter(buyer_id=buyer_id, person_id=person_id, name=plain, query=what.query, made_at=now))
    session.flush()


def forget(session: Session, buyer_id: uuid.UUID, person_id: uuid.UUID, filter_id: uuid.UUID) -> bool:
    """Delete one of one's own. Returns whether it was there."""
    mine = delete(SavedFilter).where(
        SavedFilter.id == filter_id, SavedFilter.buyer_id == buyer_id, SavedFilter.person_id == person_id
    )
    return bool(session.scalars(mine.returning(SavedFilter.id)).all())
