"""The dated activity log of a supplier: write entries and describe them. What a supplier did is shown by day only, so the time of day reveals nothing about other buyers."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.clock import UK_ZONE, uk_date
from assess.core.events import publish
from assess.core.pages import day
from assess.identity.models import Membership, Person
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import DeclineReason, Supplier, SupplierEvent, SupplierEventType
from assess.suppliers.presenters import DECLINE_LABELS_FOR_BUYER

SUPPLIER_EVENT_LABELS: Mapping[SupplierEventType, str] = {
    SupplierEventType.ADDED: "Put on the list",
    SupplierEventType.CHANGED: "Details changed",
    SupplierEventType.ASKED: "Asked to answer",
    SupplierEventType.SENT: "Email sent",
    SupplierEventType.REMINDED: "Reminded by email",
    SupplierEventType.LINK_MADE: "Link made to send by hand",
    SupplierEventType.DUE_CHANGED: "Date moved",
    SupplierEventType.TAKEN_BACK: "Request withdrawn",
    SupplierEventType.OPENED: "The supplier opened the request",
    SupplierEventType.STARTED: "The supplier began to answer",
    SupplierEventType.SUBMITTED: "The supplier finished its answers",
    SupplierEventType.SHARED: "The supplier shared its result",
    SupplierEventType.SHARE_OVER: "What was shared is over",
    SupplierEventType.ANSWERS_REMOVED: "The supplier’s answers were removed",
    SupplierEventType.DECLINED: "The supplier said no",
    SupplierEventType.DECLINE_UNDONE: "The supplier thought again",
    SupplierEventType.MAIL_STOPPED: "The supplier asked for no more email",
    SupplierEventType.EXTERNAL_RESULT_REPORTED: "The supplier told of a result of another scheme",
    SupplierEventType.EXTERNAL_RESULT_ACCEPTED: "Result of another scheme accepted",
    SupplierEventType.EXTERNAL_RESULT_REFUSED: "Result of another scheme not accepted",
    SupplierEventType.RESULT_VIEWED: "Result read",
    SupplierEventType.CALLED: "Followed up",
    SupplierEventType.COMMENTED: "Comment written",
    SupplierEventType.ANSWERED: "The supplier answered a comment or a date",
    SupplierEventType.DATE_AGREED: "Date agreed",
    SupplierEventType.CONTRACT: "Contract entered or changed",
    SupplierEventType.MERGED: "Merged with another entry",
    SupplierEventType.SPLIT: "Split again",
    SupplierEventType.ARCHIVED: "Taken off the list",
    SupplierEventType.UNARCHIVED: "Put back on the list",
}

BUYER_EVENTS = frozenset(
    {
        SupplierEventType.ADDED,
        SupplierEventType.CHANGED,
        SupplierEventType.ASKED,
        SupplierEventType.SENT,
        SupplierEventType.REMINDED,
        SupplierEventType.LINK_MADE,
        SupplierEventType.DUE_CHANGED,
        SupplierEventType.TAKEN_BACK,
        SupplierEventType.EXTERNAL_RESULT_ACCEPTED,
        SupplierEventType.EXTERNAL_RESULT_REFUSED,
        SupplierEventType.RESULT_VIEWED,
        SupplierEventType.CALLED,
        SupplierEventType.CONTRACT,
        SupplierEventType.MERGED,
        SupplierEventType.SPLIT,
        SupplierEventType.ARCHIVED,
        SupplierEventType.UNARCHIVED,
    }
)
"""What only a buyer does, or the service for it. Everything else stands by its day alone, unless a person of the buyer did it."""


def describe_event(event: SupplierEvent) -> str:
    """What this entry says. A decision that was undone, or a result that was taken back, never reads as one that stands."""
    if event.what in {
        SupplierEventType.EXTERNAL_RESULT_ACCEPTED,
        SupplierEventType.EXTERNAL_RESULT_REFUSED,
    } and event.details.get("undone"):
        return "Decision about a result of another scheme undone"
    if event.what is SupplierEventType.EXTERNAL_RESULT_REPORTED and event.details.get("taken_back"):
        return "The supplier withdrew a result of another scheme"
    return SUPPLIER_EVENT_LABELS[event.what]


def log_supplier_event(
    session: Session,
    supplier_id: uuid.UUID,
    what: SupplierEventType,
    now: datetime,
    *,
    by: uuid.UUID | None = None,
    **details: str | int,
) -> None:
    """Add an entry. `by`: who of the buyer did it. `details` never hold what a supplier answered."""
    session.add(SupplierEvent(supplier_id=supplier_id, what=what, at=now, by_person=by, details=dict(details)))
    session.flush()


def get_activity_log(session: Session, supplier_ids: Sequence[uuid.UUID]) -> list[SupplierEvent]:
    """The activity log of a supplier, or of all that are put together as one: the oldest first.

    Of one day, first what keeps its time; then what stands by its day alone, by its kind, which says nothing of the hour.
    """
    query = select(SupplierEvent).where(SupplierEvent.supplier_id.in_(supplier_ids))
    return sorted(session.scalars(query), key=_sort_key)


def shows_time(event: SupplierEvent) -> bool:
    """Whether this entry may be told with its time of day: it is the buyer's own doing."""
    return event.by_person is not None or event.what in BUYER_EVENTS


def _sort_key(event: SupplierEvent) -> tuple[date, bool, int, str, datetime, int]:
    on, timed = uk_date(event.at), shows_time(event)
    kind, of = (0, "") if timed else (tuple(SupplierEventType).index(event.what), event.supplier_id.hex)
    return on, not timed, kind, of, event.at, event.id


MAX_FOLLOW_UP_LENGTH = 500
"""Characters of what was agreed."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    way: FollowUpMethod
    on: date
    agreed: str


def log_follow_up(session: Session, supplier: Supplier, call: FollowUp, now: datetime, *, by: uuid.UUID) -> None:
    log_supplier_event(
        session,
        supplier.id,
        SupplierEventType.CALLED,
        now,
        by=by,
        way=call.way.value,
        on=call.on.isoformat(),
        agreed=call.agreed[:MAX_FOLLOW_UP_LENGTH],
    )
    publish(session, SupplierChanged(supplier.id, now))


def log_result_viewed(
    session: Session, supplier_ids: Collection[uuid.UUID], person_id: uuid.UUID, now: datetime
) -> None:
    """Write down that a member of the buyer read what these suppliers shared: once for each supplier, person and day."""
    query = sorted(set(supplier_ids))
    # of two at once the second one sees the first
    session.execute(select(Supplier.id).where(Supplier.id.in_(query)).order_by(Supplier.id).with_for_update())
    today = select(SupplierEvent.supplier_id).where(
        SupplierEvent.supplier_id.in_(query),
        SupplierEvent.what == SupplierEventType.RESULT_VIEWED,
        SupplierEvent.by_person == person_id,
        SupplierEvent.at >= datetime.combine(uk_date(now), time(), UK_ZONE),
    )
    there = set(session.scalars(today))
    for supplier_id in query:
        if supplier_id not in there:
            log_supplier_event(session, supplier_id, SupplierEventType.RESULT_VIEWED, now, by=person_id)


FORMER_MEMBER = "Somebody who has left"
THE_SUPPLIER = "The supplier"
THE_SERVICE = "This service, by itself"

SUPPLIER_EVENTS = frozenset(
    {
        SupplierEventType.OPENED,
        SupplierEventType.STARTED,
        SupplierEventType.SUBMITTED,
        SupplierEventType.SHARED,
        SupplierEventType.DECLINED,
        SupplierEventType.DECLINE_UNDONE,
        SupplierEventType.MAIL_STOPPED,
        SupplierEventType.EXTERNAL_RESULT_REPORTED,
        SupplierEventType.ANSWERED,
    }
)
SERVICE_EVENTS = frozenset({SupplierEventType.SENT, SupplierEventType.REMINDED})
"""What comes by itself, unless a person stands beside it."""
ACTORLESS_EVENTS = frozenset({SupplierEventType.SHARE_OVER, SupplierEventType.ANSWERS_REMOVED})
"""What is told without who did it: a supplier, its time being up, or another person. That is not for a buyer to know."""
SHARED_EVENTS = frozenset({SupplierEventType.DATE_AGREED, SupplierEventType.COMMENTED})
"""What a buyer or a supplier does: without a person of the buyer it was the supplier."""


class FollowUpMethod(enum.StrEnum):
    CALL = "call"
    EMAIL = "email"
    VISIT = "visit"
    LETTER = "letter"


FOLLOW_UP_METHODS: Mapping[FollowUpMethod, str] = {
    FollowUpMethod.CALL: "A phone call",
    FollowUpMethod.EMAIL: "An email",
    FollowUpMethod.VISIT: "A visit",
    FollowUpMethod.LETTER: "A letter",
}


@dataclass(frozen=True, slots=True)
class ActivityLine:
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
        return f"{self.at.astimezone(UK_ZONE):%H:%M}" if self.at else ""

    @property
    def iso(self) -> str:
        """The moment in UTC, to the second, by ISO 8601; empty where the day alone is told."""
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ") if self.at else ""


class ActivityDescriber:
    """Turns entries of one buyer into words. Looks up each person and each other entry once."""

    def __init__(self, session: Session, buyer_id: uuid.UUID) -> None:
        self._session = session
        self._buyer_id = buyer_id
        staff = select(Person).join(Membership, Membership.person_id == Person.id)
        found = session.scalars(staff.where(Membership.organisation_id == buyer_id).distinct())
        self._people = {person.id: person.shown for person in found}

    def lines(self, events: Sequence[SupplierEvent]) -> list[ActivityLine]:
        ids = {event.supplier_id for event in events}
        ids |= {uuid.UUID(event.details["other"]) for event in events if _names_other_supplier(event)}
        names = select(Supplier.id, Supplier.name).where(Supplier.id.in_(ids), Supplier.buyer_id == self._buyer_id)
        called = {row.id: row.name for row in self._session.execute(names)}
        return [
            ActivityLine(
                event.supplier_id,
                called[event.supplier_id],
                uk_date(event.at),
                event.at if shows_time(event) else None,
                describe_event(event),
                self._who(event),
                _event_details(event, called),
            )
            for event in events
            if event.supplier_id in called
        ]

    def _who(self, event: SupplierEvent) -> str:
        if event.by_person is not None:
            return self._people.get(event.by_person, FORMER_MEMBER)
        if event.what in ACTORLESS_EVENTS:
            return ""
        if event.what in SUPPLIER_EVENTS | SHARED_EVENTS:
            return THE_SUPPLIER
        return THE_SERVICE if event.what in SERVICE_EVENTS else FORMER_MEMBER


def _event_details(event: SupplierEvent, called: Mapping[uuid.UUID, str]) -> str:
    details = event.details
    if event.what is SupplierEventType.CALLED:
        way = FOLLOW_UP_METHODS[FollowUpMethod(details["way"])]
        on = f"{way} on {day(details['on'])}" if details.get("on") else way
        return f"{on}: {details['agreed']}" if details.get("agreed") else on
    if _names_other_supplier(event):
        other = called.get(uuid.UUID(details["other"]))
        return f"With “{other}”" if other else ""
    if details.get("why") in set(DeclineReason):
        return DECLINE_LABELS_FOR_BUYER[DeclineReason(details["why"])]
    return f"Until {day(details['due'])}" if details.get("due") else ""


def _names_other_supplier(event: SupplierEvent) -> bool:
    return event.what in {SupplierEventType.MERGED, SupplierEventType.SPLIT} and bool(event.details.get("other"))
