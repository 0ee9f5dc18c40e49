"""Going back: an item as it was before an entry of its history, or with what was offered there put in."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from assess.plans.register.keeping import Change, Event, change, history_of, item_of
from assess.plans.register.merging import put_in
from assess.plans.register.models import What
from assess.plans.register.state import ItemState


class UnknownEventError(Exception):
    """This item has no such entry in its history."""


def event_of(session: Session, submission_id: int, key: str, event_id: int) -> Event:
    """One entry of an item's history.

    Raises:
        UnknownEventError
    """
    event = next((event for event in history_of(session, submission_id, key) if event.id == event_id), None)
    if event is None:
        raise UnknownEventError
    return event


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
