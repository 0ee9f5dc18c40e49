"""When duties and actions fall due: deadlines by calendar rules, and actions spread over 30-day windows by how much work fits into each."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from assess.engine.bank import Deadline
from assess.engine.points import add_up
from assess.engine.result import PlannedAction

MONTHS_AFTER_YEAR_END = "months_after_fye"
FIXED_DAY_OF_THE_YEAR = "fixed_annual"


def last_day_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, clamped to a short month: 31 August and 6 months is 28 or 29 February.

    This is the rule `safe`: it can only be early, never late.
    """
    years, month = divmod(day.month - 1 + months, 12)
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


def next_annual_day(day: date, month_day: str) -> date:
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
        return None if counted_from is None else next_annual_day(counted_from, deadline.month_day)
    return None


def needs_year_end(deadline: Deadline) -> bool:
    return deadline.kind == MONTHS_AFTER_YEAR_END or (
        deadline.kind == FIXED_DAY_OF_THE_YEAR and deadline.after_year_end
    )


WINDOW_DAYS = 30
MAX_WINDOWS = 12
FIRST_WINDOW_ACTIONS, FIRST_WINDOW_DAYS, LATER_WINDOW_DAYS = 10, 5.0, 5.0
"""Actions and days of work of the firm in the first window, and days of each owner in a later one."""
ORDINARY_WINDOW_ACTIONS, ORDINARY_WINDOW_DAYS = 5, 3.0
"""The capacity of ordinary actions: places and days of the firm in the first window, days of each owner in a later one."""
_TOLERANCE = 1e-9

DueDays = Mapping[str, int | None]
"""The id an action is tracked under to the days in which it falls due; None is later."""


class Capacity(NamedTuple):
    """How much may be planned: places and days of the first window, days of each owner in a later one."""

    places: int
    first_days: float
    later_days: float


ORDINARY_CAPACITY = Capacity(ORDINARY_WINDOW_ACTIONS, ORDINARY_WINDOW_DAYS, ORDINARY_WINDOW_DAYS)
FULL_CAPACITY = Capacity(FIRST_WINDOW_ACTIONS, FIRST_WINDOW_DAYS, LATER_WINDOW_DAYS)


class WindowPlanner:
    def __init__(self, capacity: Capacity) -> None:
        self._capacity = capacity
        self._places = 0
        self._days: dict[tuple[int, str], float] = {}

    def note(self, action: PlannedAction, due: int | None, capacity: Capacity | None = None) -> None:
        """Count an action whose date is settled already, within `capacity` where that is another."""
        if due is not None:
            last = window_of(due)
            capacity = capacity or self._capacity
            self._take(action, max(1, last - _windows_for(action, capacity) + 1), last, capacity)

    def place(self, action: PlannedAction) -> int | None:
        """The days in which an action falls due: its own where it fits, else the end of the first window where it does."""
        own = window_of(action.priority_days)
        for last in range(own, MAX_WINDOWS + 1):
            first = last - _windows_for(action, self._capacity) + 1
            if first >= 1 and self._fits(action, first, last):
                self._take(action, first, last, self._capacity)
                return action.priority_days if first == last == own else last * WINDOW_DAYS
        return None

    def _fits(self, action: PlannedAction, first: int, last: int) -> bool:
        if first == 1 and self._places >= self._capacity.places:
            return False
        spans = range(first, last + 1)
        if len(spans) > 1:
            # it takes whole windows of its owner, so they must be free
            return all(self._taken(window, action.owner) < _TOLERANCE for window in spans)
        return self._taken(first, action.owner) + action.effort_days <= _limit(self._capacity, first) + _TOLERANCE

    def _taken(self, window: int, owner: str) -> float:
        if window == 1:
            # the first window is shared by the whole firm, each later one is its owner's
            return add_up(days for (one, _), days in self._days.items() if one == 1)
        return self._days.get((window, owner), 0.0)

    def _take(self, action: PlannedAction, first: int, last: int, capacity: Capacity) -> None:
        self._places += first == 1
        spans = range(first, last + 1)
        for window in spans:
            days = action.effort_days if len(spans) == 1 else _limit(capacity, window)
            key = window, action.owner
            self._days[key] = self._days.get(key, 0.0) + days


def _windows_for(action: PlannedAction, capacity: Capacity) -> int:
    """How many windows it takes: what is longer than its owner has in one takes whole ones."""
    return max(1, math.ceil(action.effort_days / capacity.later_days - _TOLERANCE))


def _limit(capacity: Capacity, window: int) -> float:
    return capacity.first_days if window == 1 else capacity.later_days


def window_of(days: int) -> int:
    """The window, from 1, in which so many days end."""
    return max(1, math.ceil(days / WINDOW_DAYS))


def assign_due_days(
    ordered: Iterable[PlannedAction], capacity: Capacity, settled: DueDays | None = None
) -> dict[str, int | None]:
    """The due days of all actions, given in their order. `settled` are those of ordinary actions, planned before within their own capacity."""
    actions = list(ordered)
    calendar = WindowPlanner(capacity)
    due: dict[str, int | None] = {}
    for action in actions:
        if action.pressing:
            due[action.tracking_id] = action.priority_days
            # what is pressing takes of the whole, and nothing of the capacity of ordinary actions (docs/rules.md 4.5)
            if capacity != ORDINARY_CAPACITY:
                calendar.note(action, action.priority_days)
    for action in actions:
        if settled is not None and action.tracking_id not in due and action.tracking_id in settled:
            due[action.tracking_id] = settled[action.tracking_id]
            calendar.note(action, settled[action.tracking_id], ORDINARY_CAPACITY)
    for action in actions:
        if action.tracking_id not in due:
            due[action.tracking_id] = calendar.place(action)
    return due
