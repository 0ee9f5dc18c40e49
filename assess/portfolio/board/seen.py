"""What counts at this moment: as expressions of the database, so that sorting, filtering, counting and showing can never differ.

What came from a share is gone the moment it is over, whether or not anybody has worked out the row anew since.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    type_coerce,
)

from assess.kit.clock import date_at
from assess.portfolio.board.filters import Order
from assess.portfolio.board.paging import Key
from assess.portfolio.models import Standing
from assess.suppliers.models import Status

OPEN = (Status.INVITED, Status.OPENED, Status.STARTED, Status.SUBMITTED)
"""A supplier that was asked, has had its letter and has not shared yet: it can be late, and be reminded."""
OLD_DAYS = 30
"""A share that ends within so many days is getting old."""
FIRST, FAR = date(1, 1, 1), date(9999, 12, 31)
_RISK = {"high": 0, "medium": 2, "low": 3}
_UNKNOWN_RISK = 1
"""What shows no band may be the worst: it stands before medium."""
_LEAST = -(2**31) + 1
"""Before every number: what is not told may be much."""


class Seen:
    """The columns of the board as they count at one moment."""

    def __init__(self, now: datetime) -> None:
        """As of this moment."""
        self.now, self.today = now, date_at(now)
        self.shown: ColumnElement[bool] = func.coalesce(Standing.shown_until > now, literal_column("0 = 1", Boolean))
        over = and_(Standing.status == Status.SHARED, ~self.shown)
        kind = Standing.status.type
        self.status: ColumnElement[Status] = type_coerce(
            case((over, literal(Status.SHARE_OVER.value)), else_=type_coerce(Standing.status, String())), kind
        )
        self.band = self._while_shown(Standing.band)
        self.quick = func.coalesce(self._while_shown(Standing.quick), literal_column("0 = 1", Boolean))
        self.answered_on = self._while_shown(Standing.answered_on)
        self.good_until = self._while_shown(Standing.good_until)
        self.shown_until = self._while_shown(Standing.shown_until)
        self.open_steps = self._while_shown(Standing.open_steps)
        self.next_step_due = self._while_shown(Standing.next_step_due)
        self.late: ColumnElement[bool] = and_(Standing.due < self.today, Standing.status.in_(OPEN))
        soon = now + timedelta(days=OLD_DAYS)
        self.old: ColumnElement[bool] = and_(
            Standing.shown_until > now, or_(Standing.shown_until <= soon, Standing.good_until < self.today)
        )

    def key(self, order: Order) -> Key:
        """What the list is sorted by: never NULL, and what is unknown always at the same end."""
        first: dict[Order, tuple[Any, ...]] = {
            Order.NAME: (),
            Order.STATUS: (self._status_rank(),),
            Order.DUE: (type_coerce(func.coalesce(Standing.due, FAR), Date()),),
            Order.BAND: (case(_RISK, value=self.band, else_=_UNKNOWN_RISK),),
            Order.SPEND: (func.coalesce(-Standing.spend_gbp, _LEAST),),
            Order.CALL: (self._call_rank(),),
            Order.ANSWERED: (type_coerce(func.coalesce(self.answered_on, FIRST), Date()),),
        }
        last: tuple[Any, ...] = (Standing.sort_name, Standing.supplier_id)
        return Key((*first[order], *last), down=order is Order.ANSWERED)

    def _while_shown(self, column: Any) -> ColumnElement[Any]:  # noqa: ANN401  # a column of any kind
        return case((Standing.shown_until > self.now, column))

    def _status_rank(self) -> ColumnElement[int]:
        ranks = {status.value: rank for rank, status in enumerate(Status)}
        over = and_(Standing.status == Status.SHARED, ~self.shown)
        plain = case(ranks, value=type_coerce(Standing.status, String()), else_=len(ranks))
        return type_coerce(case((over, ranks[Status.SHARE_OVER]), else_=plain), Integer())

    def _call_rank(self) -> ColumnElement[int]:
        """The points rest on what was shared: once that is over nobody knows, and the row stands first until it is worked out anew."""
        return type_coerce(case((Standing.shown_until <= self.now, _LEAST), else_=-Standing.call_points), Integer())
