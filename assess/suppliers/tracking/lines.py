"""What each entry of a trail says, in words: what, when, who of the buyer, and the little that belongs to it."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import HOME, date_at
from assess.kit.pages import day
from assess.people.models import Membership, Person
from assess.suppliers.models import Decline, Supplier, SupplierEvent, What
from assess.suppliers.trail import keeps_time, words_of
from assess.suppliers.words import DECLINES_TOLD

LEFT = "Somebody who has left"
THE_SUPPLIER = "The supplier"
THE_SERVICE = "This service, by itself"

OF_SUPPLIER = frozenset(
    {
        What.OPENED,
        What.STARTED,
        What.SUBMITTED,
        What.SHARED,
        What.DECLINED,
        What.THOUGHT_AGAIN,
        What.MAIL_STOPPED,
        What.OTHER_RESULT_TOLD,
        What.ANSWERED,
    }
)
"""What a supplier does."""
OF_SERVICE = frozenset({What.SENT, What.REMINDED})
"""What comes by itself, unless a person stands beside it."""
OF_NOBODY = frozenset({What.SHARE_OVER, What.ANSWERS_REMOVED})
"""What is told without who did it: a supplier, its time being up, or somebody else. That is not for a buyer to know."""
OF_EITHER = frozenset({What.DATE_AGREED, What.COMMENTED})
"""What a buyer or a supplier does: without a person of the buyer it was the supplier."""


class Way(enum.StrEnum):
    """How a buyer followed something up. A fixed list."""

    CALL = "call"
    EMAIL = "email"
    VISIT = "visit"
    LETTER = "letter"


WAYS: Mapping[Way, str] = {
    Way.CALL: "A phone call",
    Way.EMAIL: "An e-mail",
    Way.VISIT: "A visit",
    Way.LETTER: "A letter",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. `on` is the day in the United Kingdom; `at` the moment in UTC, None where the day alone is told.

    `who` did it, empty where that is not told; `more` is what belongs to it, maybe empty; `entry` is the supplier it is of.
    """

    supplier_id: uuid.UUID
    entry: str
    on: date
    at: datetime | None
    what: str
    who: str
    more: str

    @property
    def time(self) -> str:
        """The time of day in the United Kingdom, like “09:30”; empty where the day alone is told."""
        return f"{self.at.astimezone(HOME):%H:%M}" if self.at else ""

    @property
    def iso(self) -> str:
        """The moment in UTC, to the second, by ISO 8601; empty where the day alone is told."""
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ") if self.at else ""


class Words:
    """Turns entries of one buyer into words. Looks up each person and each other entry once."""

    def __init__(self, session: Session, buyer_id: uuid.UUID) -> None:
        self._session = session
        self._buyer_id = buyer_id
        staff = select(Person).join(Membership, Membership.person_id == Person.id)
        found = session.scalars(staff.where(Membership.organisation_id == buyer_id).distinct())
        self._people = {person.id: person.shown for person in found}

    def lines(self, events: Sequence[SupplierEvent]) -> list[Line]:
        """These entries in words, in their order. All must be of suppliers of this buyer."""
        ids = {event.supplier_id for event in events}
        ids |= {uuid.UUID(event.details["other"]) for event in events if _has_other(event)}
        names = select(Supplier.id, Supplier.name).where(Supplier.id.in_(ids), Supplier.buyer_id == self._buyer_id)
        called = {row.id: row.name for row in self._session.execute(names)}
        return [
            Line(
                event.supplier_id,
                called[event.supplier_id],
                date_at(event.at),
                event.at if keeps_time(event) else None,
                words_of(event),
                self._who(event),
                _more(event, called),
            )
            for event in events
            if event.supplier_id in called
        ]

    def _who(self, event: SupplierEvent) -> str:
        if event.by_person is not None:
            return self._people.get(event.by_person, LEFT)
        if event.what in OF_NOBODY:
            return ""
        if event.what in OF_SUPPLIER | OF_EITHER:
            return THE_SUPPLIER
        return THE_SERVICE if event.what in OF_SERVICE else LEFT


def _more(event: SupplierEvent, called: Mapping[uuid.UUID, str]) -> str:
    said = event.details
    if event.what is What.CALLED:
        way = WAYS[Way(said["way"])]
        on = f"{way} on {day(said['on'])}" if said.get("on") else way
        return f"{on}: {said['agreed']}" if said.get("agreed") else on
    if _has_other(event):
        other = called.get(uuid.UUID(said["other"]))
        return f"With “{other}”" if other else ""
    if said.get("why") in set(Decline):
        return DECLINES_TOLD[Decline(said["why"])]
    return f"Until {day(said['due'])}" if said.get("due") else ""


def _has_other(event: SupplierEvent) -> bool:
    return event.what in {What.MERGED, What.SPLIT} and bool(event.details.get("other"))
