"""How many letters go out for one buyer on a day: nobody is to be written to without measure, and no mail server to get a bad name."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.clock import HOME
from assess.kit.limits import RateCounter
from assess.suppliers.models import LetterRation

MOST_A_DAY = 2000
"""Letters and reminders together, for each buyer."""

MOST_TO_A_MAILBOX = 5
"""The same to one mailbox: a firm with several sites may read all its mail there, and a list may name one stranger a thousand times."""

RATION = (
    f"Letters go to at most {MOST_A_DAY:,} suppliers a day, one to each, and at most {MOST_TO_A_MAILBOX} to one mailbox. "
    "The others go on the days after."
)
_KEPT_DAYS = 30


def take_one(session: Session, buyer_id: uuid.UUID, mark: str, day: date) -> bool:
    """Count one more letter of this buyer to this mailbox on this day. False: it has had all it may have, and nothing may be written.

    `mark`: what is kept of a mailbox in place of its address.
    """
    return _take_for_mailbox(session, buyer_id, mark, day) and _take_for_buyer(session, buyer_id, day)


def _take_for_mailbox(session: Session, buyer_id: uuid.UUID, mark: str, day: date) -> bool:
    """Counted for each buyer by itself: how often another one writes must not be told by a letter that waits."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    key = hashlib.sha256(f"letters of {buyer_id.hex} to {mark} on {day.isoformat()}".encode()).hexdigest()
    until = datetime.combine(day + timedelta(days=1), time(), HOME)
    counted = (
        insert(RateCounter)
        .values(key=key, count=1, until=until)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"count": RateCounter.count + 1},
            where=RateCounter.count < MOST_TO_A_MAILBOX,
        )
    )
    return session.scalars(counted.returning(RateCounter.count)).first() is not None


def _take_for_buyer(session: Session, buyer_id: uuid.UUID, day: date) -> bool:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(LetterRation).values(buyer_id=buyer_id, day=day, letters=1)
    counted = row.on_conflict_do_update(
        index_elements=["buyer_id", "day"],
        set_={"letters": LetterRation.letters + 1},
        where=LetterRation.letters < MOST_A_DAY,
    )
    return session.scalars(counted.returning(LetterRation.letters)).first() is not None


def forget_rations(session: Session, today: date) -> None:
    """Delete the counts of days long past."""
    session.execute(delete(LetterRation).where(LetterRation.day < today - timedelta(days=_KEPT_DAYS)))
