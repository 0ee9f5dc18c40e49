"""The one-page wall version for staff: ordinary open actions and the helpline; no score, no names, no code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.plans.action_tracker.state import EMPTY_STATE, UNTOUCHED, ItemState, TrackerState
from assess.plans.actions import PlanItem, action_list_of, notification_safe_items
from assess.plans.copies import business_record
from assess.plans.first_page import HelpContacts, help_contacts_of

MAX_ACTIONS = 5
"""So many actions fit on one page in large type, and people can keep so many in mind."""

_TYPE_SIZES = ((420, 18), (770, 16), (math.inf, 13))
"""Characters of all actions together, and the points at which they fit beside a long name of a business. Tried out with each bank."""


@dataclass(frozen=True, slots=True)
class WallLine:
    do: str
    due: str


@dataclass(frozen=True, slots=True)
class WallPage:
    """All that hangs on the wall. `more` counts the open actions that might hang there and found no place."""

    organisation: str
    made_on: str
    lines: tuple[WallLine, ...]
    more: int
    help: HelpContacts

    @property
    def points(self) -> int:
        """The size of the actions in points: the largest at which all of them fit on the page."""
        length = sum(len(line.do) for line in self.lines)
        return next(size for most, size in _TYPE_SIZES if length <= most)


def wall_page_of(record: Mapping[str, Any], state: TrackerState = EMPTY_STATE) -> WallPage:
    """The wall version of a record: the ordinary open actions that fall due first, then as they are asked.

    Never by what they bring: a score knows of every answer.
    """
    open_ones = [item for item in _displayable_actions(record, state) if item.due_date and not item.state.is_closed]
    ordered = sorted(open_ones, key=lambda item: (item.due_date or "", item.question_number or 0))
    return WallPage(
        organisation=record["organisation"]["name"],
        made_on=record["made_on"],
        lines=tuple(WallLine(item.name, item.due_date or "") for item in ordered[:MAX_ACTIONS]),
        more=max(0, len(ordered) - MAX_ACTIONS),
        help=help_contacts_of(record),
    )


def state_for_wall_page(record: Mapping[str, Any], state: TrackerState) -> TrackerState:
    """As much of the state as the wall shows; it gives the same page as the whole state."""
    shown = {
        item.state_key: ItemState(status="done") if item.state.is_closed else ItemState(due=item.state.due)
        for item in _displayable_actions(record, state)
    }
    return {key: item for key, item in shown.items() if item != UNTOUCHED}


def _displayable_actions(record: Mapping[str, Any], state: TrackerState) -> list[PlanItem]:
    """Actions alone: a duty has its day from the law, and is no step for those who pass."""
    shown = notification_safe_items(action_list_of(business_record(record), state), record)
    return [item for item in shown if item.what == "action"]
