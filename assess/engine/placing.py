"""When each action falls due: no more at once than a firm can do (decisions.md 9.4, 9.12.1 and 9.12.33).

Windows of 30 days from the day of the answers. What is pressing keeps its own days and is never pushed out. Ordinary actions take their share
first and know nothing of the others; the others take what is left. An action that does not fit waits for a later window, and one that fits in none
of twelve has no date.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from assess.engine.result import PlannedAction

WINDOW_DAYS = 30
WINDOWS = 12
FIRST_PLACES, FIRST_DAYS, LATER_DAYS = 10, 5.0, 5.0
"""Actions and days of work of the firm in the first window, and days of each owner in a later one."""
ORDINARY_PLACES, ORDINARY_DAYS = 5, 3.0
"""The share of ordinary actions: places and days of the firm in the first window, days of each owner in a later one."""
_HAIR = 1e-9

Due = Mapping[str, int | None]
"""The id an action is tracked under to the days in which it falls due; None is later."""


class Share(NamedTuple):
    """How much may be planned: places and days of the first window, days of each owner in a later one."""

    places: int
    first_days: float
    later_days: float


ORDINARY = Share(ORDINARY_PLACES, ORDINARY_DAYS, ORDINARY_DAYS)
EVERYTHING = Share(FIRST_PLACES, FIRST_DAYS, LATER_DAYS)


class Calendar:
    """What is planned so far, within one share."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._places = 0
        self._days: dict[tuple[int, str], float] = {}

    def note(self, action: PlannedAction, due: int | None, share: Share | None = None) -> None:
        """Count an action whose date is settled already, within `share` where that is another."""
        if due is not None:
            last = window_of(due)
            share = share or self._share
            self._take(action, max(1, last - _windows_for(action, share) + 1), last, share)

    def place(self, action: PlannedAction) -> int | None:
        """The days in which an action falls due: its own where it fits, else the end of the first window where it does."""
        own = window_of(action.days)
        for last in range(own, WINDOWS + 1):
            first = last - _windows_for(action, self._share) + 1
            if first >= 1 and self._fits(action, first, last):
                self._take(action, first, last, self._share)
                return action.days if first == last == own else last * WINDOW_DAYS
        return None

    def _fits(self, action: PlannedAction, first: int, last: int) -> bool:
        if first == 1 and self._places >= self._share.places:
            return False
        spans = range(first, last + 1)
        if len(spans) > 1:
            return all(self._taken(window, action.owner) < _HAIR for window in spans)
        return self._taken(first, action.owner) + action.effort_days <= _limit(self._share, first) + _HAIR

    def _taken(self, window: int, owner: str) -> float:
        if window == 1:
            return sum(days for (one, _), days in self._days.items() if one == 1)
        return self._days.get((window, owner), 0.0)

    def _take(self, action: PlannedAction, first: int, last: int, share: Share) -> None:
        self._places += first == 1
        spans = range(first, last + 1)
        for window in spans:
            days = action.effort_days if len(spans) == 1 else _limit(share, window)
            key = window, action.owner
            self._days[key] = self._days.get(key, 0.0) + days


def _windows_for(action: PlannedAction, share: Share) -> int:
    """How many windows it takes: what is longer than a share takes whole shares."""
    return max(1, math.ceil(action.effort_days / share.later_days - _HAIR))


def _limit(share: Share, window: int) -> float:
    return share.first_days if window == 1 else share.later_days


def window_of(days: int) -> int:
    """The window, from 1, in which so many days end."""
    return max(1, math.ceil(days / WINDOW_DAYS))


def place_all(ordered: Iterable[PlannedAction], share: Share, settled: Due | None = None) -> dict[str, int | None]:
    """The due days of all actions, given in their order. `settled` are those of ordinary actions, planned before within their own share.

    What is pressing takes of the whole, and nothing of the share of ordinary actions (decisions.md 9.12.33).
    """
    actions = list(ordered)
    calendar = Calendar(share)
    due: dict[str, int | None] = {}
    for action in actions:
        if action.pressing:
            due[action.question] = action.days
            if share != ORDINARY:
                calendar.note(action, action.days)
    for action in actions:
        if settled is not None and action.question not in due and action.question in settled:
            due[action.question] = settled[action.question]
            calendar.note(action, settled[action.question], ORDINARY)
    for action in actions:
        if action.question not in due:
            due[action.question] = calendar.place(action)
    return due
