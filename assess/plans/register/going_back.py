"""Going back: an item as it was before an entry of its history, or with what was offered there put in.

A history has no end, so whoever wants one entry of it asks the database for that one.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from assess.plans.register.keeping import Change, Event, change, event_from, from_data, history_of, item_of
from assess.plans.register.merging import put_in
from assess.plans.register.models import RegisterEvent, RegisterItem, What
from assess.plans.register.state import ItemState


class UnknownEventError(Exception):
    """This item has no such entry in its history."""


def event_of(session: Session, submission_id: int, key: str, event_id: int) -> Event:
    """One entry of an item's history.

    Raises:
        UnknownEventError
    """
    row = session.scalars(
        select(RegisterEvent).where(
            RegisterEvent.id == event_id, RegisterEvent.submission_id == submission_id, RegisterEvent.key == key
        )
    ).one_or_none()
    if row is None:
        raise UnknownEventError
    return event_from(row)


def newest_of(session: Session, submission_id: int, key: str) -> Event | None:
    """The newest entry of an item's history."""
    return next(iter(history_of(session, submission_id, key, most=1)), None)


def place_of(session: Session, submission_id: int, key: str, event_id: int) -> int:
    """The how many-th entry of its history this one is."""
    upto = select(func.count()).where(
        RegisterEvent.submission_id == submission_id, RegisterEvent.key == key, RegisterEvent.id <= event_id
    )
    return session.scalars(upto).one()


def said_at(session: Session, submission_id: int, key: str, revision: int) -> Change | None:
    """The item as it was at a revision; None when it never had that one."""
    offered = literal(What.OFFERED, RegisterEvent.what.type, literal_execute=True)  # written out, else no index fits it
    row = session.scalars(
        select(RegisterEvent).where(
            RegisterEvent.submission_id == submission_id,
            RegisterEvent.key == key,
            RegisterEvent.revision == revision,
            RegisterEvent.what != offered,
        )
    ).one_or_none()
    return from_data(row.after) if row else None


def had_note(session: Session, submission_id: int, key: str, number: int) -> bool:
    """Whether a note of this number was ever made of the item, be it here or in a plan it was taken over from."""
    made = session.scalars(
        select(RegisterItem.notes_made).where(RegisterItem.submission_id == submission_id, RegisterItem.key == key)
    ).one_or_none()
    return 0 < number <= (made or 0)


def gone_back(there: Change, event: Event) -> Change:
    """What an item that is `there` becomes: as it was before the entry, or with only what was typed and not put in then."""
    return put_in(there, event.before, event.after) if event.what is What.OFFERED else event.before


def put_back(
    session: Session,
    submission_id: int,
    key: str,
    event: Event,
    seen_revision: int,
    now: datetime,
    *,
    of: uuid.UUID | None = None,
) -> ItemState:
    """Go back by an entry of this item's history. Itself a change with an entry in the history.

    Raises:
        ChangedMeanwhileError, PlanReplacedError
    """
    wanted = gone_back(Change.of(item_of(session, submission_id, key)), event)
    return change(session, submission_id, key, wanted, seen_revision, now, what=What.PUT_BACK, of=of)
