"""When duties fall due: sums with dates, today given as an argument.

The rules are those of obligations.md 6 and decisions.md 8 "Dates". A year end stands for itself: it never rolls forward to
a year the business did not name. Only two kinds of deadline have a date that can be worked out from it; the others wait for
an event nobody told us of, and have none.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal

from assess.engine.bank import Deadline

MONTHS_AFTER_YEAR_END = "months_after_fye"
FIXED_DAY_OF_THE_YEAR = "fixed_annual"

_MONTHS_A_YEAR = 12


def last_day_of_month(day: date) -> date:
    """The last day of the month that `day` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, clamped to a short month: 31 August and 6 months is 28 or 29 February.

    This is the rule `safe`: it can only be early, never late.
    """
    years, month = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, last_day_of_month(first).day))


def months_after(year_end: date, months: int, rule: Literal["safe", "end_of_month"]) -> date:
    """The day `months` after a year end.

    `end_of_month`: a year that ends on the last day of its month gives a period that ends on the last day of the target
    month (30 June and 6 months is 31 December), as Companies Act 2006 s.443 counts. `safe` as in `add_months`.
    """
    same_day = add_months(year_end, months)
    if rule == "end_of_month" and year_end == last_day_of_month(year_end):
        return last_day_of_month(same_day)
    return same_day


def next_after(day: date, month_day: str) -> date:
    """The first such day of the year, written "05-31", later than `day`."""
    month, of_month = (int(part) for part in month_day.split("-"))
    this_year = date(day.year, month, of_month)
    return this_year if this_year > day else date(day.year + 1, month, of_month)


def due_on(deadline: Deadline, year_end: date | None, today: date, *, traded: bool) -> date | None:
    """The day a deadline falls on, None when it has no day or the year end it counts from is not known.

    `traded`: whether the shares of the company are traded, which shortens the time for accounts.
    """
    if deadline.kind == MONTHS_AFTER_YEAR_END and year_end is not None:
        months = deadline.n_if_traded if traded and deadline.n_if_traded is not None else deadline.n
        return None if months is None else months_after(year_end, months, deadline.month_rule or "safe")
    if deadline.kind == FIXED_DAY_OF_THE_YEAR and deadline.month_day is not None:
        counted_from = year_end if deadline.after_year_end else today
        return None if counted_from is None else next_after(counted_from, deadline.month_day)
    return None


def needs_year_end(deadline: Deadline) -> bool:
    """Whether the day of this deadline is counted from the year end."""
    return deadline.kind == MONTHS_AFTER_YEAR_END or (
        deadline.kind == FIXED_DAY_OF_THE_YEAR and deadline.after_year_end
    )
