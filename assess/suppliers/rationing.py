"""How many letters go out for one buyer: nobody is to be written to without measure, least of all in a name that nobody has confirmed."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.clock import HOME
from assess.kit.limits import RateCounter
from assess.people.models import NameState
from assess.people.organisations.names import NEW_FOR, NameStanding
from assess.suppliers.models import LetterRation

MOST_A_DAY = 2000
"""Letters and reminders together, for each buyer whose name has been confirmed for a while."""
MOST_A_DAY_WHILE_NEW = 100
MOST_A_DAY_WHILE_WAITING = 10
MOST_WHILE_WAITING = 30
"""In all, while a government domain is all that shows who asks."""

MOST_TO_A_MAILBOX = 5
"""The same to one mailbox: a firm with several sites may read all its mail there, and a list may name one stranger a thousand times.

From each buyer whose name is confirmed; from all others together."""

MOST_LINKS_A_DAY = 20
"""Links to send by hand, of a buyer whose name is not confirmed."""
_KEPT_DAYS = 30
_COUNTED_DAYS = 396
"""For how long a letter of a name that waited counts among those in all: as long as letters are kept."""


@dataclass(frozen=True, slots=True)
class Ration:
    """Letters a day, and in all; None: no end."""

    a_day: int
    in_all: int | None = None

    @property
    def words(self) -> str:
        """What a buyer is told of it."""
        ends = (
            ""
            if self.in_all is None
            else f", and to {self.in_all} in all until your name is confirmed, counted together for all who ask from your domain"
        )
        return (
            f"Letters go to at most {self.a_day:,} suppliers a day, one to each{ends}. At most {MOST_TO_A_MAILBOX} a day go to one mailbox. "
            "The others go on the days after."
        )


def ration_of(standing: NameStanding, today: date) -> Ration:
    """What a name that stands so may send."""
    if standing.state is NameState.WAITING and standing.government_domain:
        return Ration(MOST_A_DAY_WHILE_WAITING, None if standing.lifted else MOST_WHILE_WAITING)
    if standing.state is not NameState.CONFIRMED:
        return Ration(0, 0)
    is_new = standing.since is not None and today < standing.since + NEW_FOR and not standing.lifted
    return Ration(MOST_A_DAY_WHILE_NEW if is_new else MOST_A_DAY)


def shared_by(standing: NameStanding, person_id: uuid.UUID | None) -> tuple[str, ...]:
    """With whom a name that waits shares its ration, over all organisations: its domain, and the person who asks. Else nobody."""
    if standing.government_domain is None:
        return ()
    person = () if person_id is None else (f"person {person_id.hex}",)
    return (f"domain {standing.government_domain}", *person)


@dataclass(frozen=True, slots=True)
class _Count:
    """Something that may be done `most` times until the end of a day."""

    key: str
    most: int
    until: date


def take_one(
    session: Session, buyer_id: uuid.UUID, mark: str, day: date, ration: Ration, shared: tuple[str, ...] = ()
) -> bool:
    """Count one more letter of this buyer to this mailbox on this day. False: it has had all it may have, and nothing may be written.

    `mark`: what is kept of a mailbox in place of its address. `shared`: as `shared_by` has it.
    """
    if ration.a_day < 1:
        return False
    whose = "buyers that wait" if shared else buyer_id.hex
    counts = [_count_of_day(f"letters of {whose} to {mark}", day, MOST_TO_A_MAILBOX)]
    for one in shared:
        counts.append(_count_of_day(f"letters while waiting of {one}", day, ration.a_day))
        if ration.in_all is not None:
            until = day + timedelta(days=_COUNTED_DAYS)
            counts.append(_Count(f"letters while waiting of {one} in all", ration.in_all, until))
    # looked at first, so that what cannot go takes nothing from anybody else
    if not all(_has_room(session, count) for count in counts):
        return False
    return all(_take(session, count) for count in counts) and _take_for_buyer(session, buyer_id, day, ration)


def take_link(session: Session, buyer_id: uuid.UUID, day: date) -> bool:
    """Count one more link to send by hand, of a buyer whose name is not confirmed. False: there were enough today."""
    return _take(session, _count_of_day(f"links by hand of {buyer_id.hex}", day, MOST_LINKS_A_DAY))


def _count_of_day(what: str, day: date, most: int) -> _Count:
    return _Count(f"{what} on {day.isoformat()}", most, day + timedelta(days=1))


def _has_room(session: Session, count: _Count) -> bool:
    return (session.scalar(select(RateCounter.count).where(RateCounter.key == _hash(count))) or 0) < count.most


def _take(session: Session, count: _Count) -> bool:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    until = datetime.combine(count.until, time(), HOME)
    counted = (
        insert(RateCounter)
        .values(key=_hash(count), count=1, until=until)
        .on_conflict_do_update(
            index_elements=["key"], set_={"count": RateCounter.count + 1}, where=RateCounter.count < count.most
        )
    )
    return session.scalars(counted.returning(RateCounter.count)).first() is not None


def _hash(count: _Count) -> str:
    return hashlib.sha256(count.key.encode()).hexdigest()


def _take_for_buyer(session: Session, buyer_id: uuid.UUID, day: date, ration: Ration) -> bool:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(LetterRation).values(buyer_id=buyer_id, day=day, emails=1)
    counted = row.on_conflict_do_update(
        index_elements=["buyer_id", "day"],
        set_={"emails": LetterRation.emails + 1},
        where=LetterRation.emails < ration.a_day,
    )
    return session.scalars(counted.returning(LetterRation.emails)).first() is not None


def forget_rations(session: Session, today: date) -> None:
    """Delete the counts of days long past."""
    session.execute(delete(LetterRation).where(LetterRation.day < today - timedelta(days=_KEPT_DAYS)))
