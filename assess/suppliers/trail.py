"""The dated trail of one supplier: what a buyer shows when it is asked whether everybody was asked, chased and followed up.

A supplier was told that its buyer learns on which days it did something. So what is not the buyer's own doing stands by its day
alone, and neither a time nor the order of a day gives the hour back: two acts in one second would tell of another buyer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.suppliers.models import SupplierEvent, What

WORDS: Mapping[What, str] = {
    What.ADDED: "Put on the list",
    What.CHANGED: "Details changed",
    What.ASKED: "Asked to answer",
    What.SENT: "Letter sent by e-mail",
    What.REMINDED: "Reminded by e-mail",
    What.LINK_MADE: "Link made to send by hand",
    What.DUE_MOVED: "Date moved",
    What.TAKEN_BACK: "Request taken back",
    What.OPENED: "The supplier opened the request",
    What.STARTED: "The supplier began to answer",
    What.SUBMITTED: "The supplier finished its answers",
    What.SHARED: "The supplier shared its result",
    What.SHARE_OVER: "What was shared is over",
    What.ANSWERS_REMOVED: "The supplier’s answers were removed",
    What.DECLINED: "The supplier said no",
    What.THOUGHT_AGAIN: "The supplier thought again",
    What.MAIL_STOPPED: "The supplier asked for no more e-mail",
    What.OTHER_RESULT_TOLD: "The supplier told of a result of another scheme",
    What.OTHER_RESULT_TAKEN: "Result of another scheme accepted",
    What.OTHER_RESULT_REFUSED: "Result of another scheme not accepted",
    What.LOOKED: "Result read",
    What.CALLED: "Followed up",
    What.COMMENTED: "Comment written",
    What.ANSWERED: "The supplier answered a comment or a date",
    What.DATE_AGREED: "Date agreed",
    What.CONTRACT: "Contract entered or changed",
    What.MERGED: "Put together with another entry",
    What.SPLIT: "Taken apart again",
    What.ARCHIVED: "Taken off the list",
    What.TAKEN_UP_AGAIN: "Put back on the list",
}
"""What each entry says."""

OF_BUYER = frozenset(
    {
        What.ADDED,
        What.CHANGED,
        What.ASKED,
        What.SENT,
        What.REMINDED,
        What.LINK_MADE,
        What.DUE_MOVED,
        What.TAKEN_BACK,
        What.OTHER_RESULT_TAKEN,
        What.OTHER_RESULT_REFUSED,
        What.LOOKED,
        What.CALLED,
        What.CONTRACT,
        What.MERGED,
        What.SPLIT,
        What.ARCHIVED,
        What.TAKEN_UP_AGAIN,
    }
)
"""What only a buyer does, or the service for it. Everything else stands by its day alone, unless a person of the buyer did it."""
_KINDS = tuple(What)


def words_of(event: SupplierEvent) -> str:
    """What this entry says. A decision that was undone, or a result that was taken back, never reads as one that stands."""
    if event.what in {What.OTHER_RESULT_TAKEN, What.OTHER_RESULT_REFUSED} and event.details.get("undone"):
        return "Decision about a result of another scheme undone"
    if event.what is What.OTHER_RESULT_TOLD and event.details.get("taken_back"):
        return "The supplier took back a result of another scheme"
    return WORDS[event.what]


def write(
    session: Session,
    supplier_id: uuid.UUID,
    what: What,
    now: datetime,
    *,
    by: uuid.UUID | None = None,
    **details: str | int,
) -> None:
    """Add an entry. `by`: who of the buyer did it. `details` never hold what a supplier answered."""
    session.add(SupplierEvent(supplier_id=supplier_id, what=what, at=now, by_person=by, details=dict(details)))
    session.flush()


def trail_of(session: Session, supplier_ids: Sequence[uuid.UUID]) -> list[SupplierEvent]:
    """The trail of a supplier, or of all that are put together as one: the oldest first.

    Of one day, first what keeps its time; then what stands by its day alone, by its kind, which says nothing of the hour.
    """
    wanted = select(SupplierEvent).where(SupplierEvent.supplier_id.in_(supplier_ids))
    return sorted(session.scalars(wanted), key=_place)


def keeps_time(event: SupplierEvent) -> bool:
    """Whether this entry may be told with its time of day: it is the buyer's own doing."""
    return event.by_person is not None or event.what in OF_BUYER


def _place(event: SupplierEvent) -> tuple[date, bool, int, str, datetime, int]:
    on, timed = date_at(event.at), keeps_time(event)
    kind, of = (0, "") if timed else (_KINDS.index(event.what), event.supplier_id.hex)
    return on, not timed, kind, of, event.at, event.id
