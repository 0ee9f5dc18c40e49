"""How many letters go out for one buyer on a day: nobody is to be written to without measure, and no mail server to get a bad name."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.suppliers.models import LetterRation

MOST_A_DAY = 2000
"""Letters and reminders together, for each buyer."""

RATION = f"Letters go to at most {MOST_A_DAY:,} suppliers a day. The others go on the days after."
_KEPT_DAYS = 30


def take_one(session: Session, buyer_id: uuid.UUID, day: date) -> bool:
    """Count one more letter of this buyer on this day. False: it has had all it may have, and nothing may be written."""
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
