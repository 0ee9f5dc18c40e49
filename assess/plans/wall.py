"""The wall version: one page for a packhouse, a kitchen or a cabin, to be read from two steps away.

The reader may be watched, and so may whoever hung it up. So it holds ordinary actions and the helpline only: no score, no
band, nobody's name, and no code of the record, which would differ with the signs (decisions.md 7.5).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.plans.actions import Item, register_of
from assess.plans.copies import business_record
from assess.plans.first_page import Help, help_of
from assess.plans.register.state import NOTHING_YET, UNTOUCHED, ItemState, RegisterState
from assess.plans.unasked import shown_unasked

MOST = 5
"""So many actions fit on one page in large type, and people can keep so many in mind."""

_SIZES = ((420, 18), (770, 16), (math.inf, 13))
"""Letters of all actions together, and the points at which they fit beside a long name of a business. Tried out with each bank."""


@dataclass(frozen=True, slots=True)
class WallLine:
    """What is to be done and the ISO date it is to be done by."""

    do: str
    due: str


@dataclass(frozen=True, slots=True)
class Wall:
    """All that hangs on the wall. `more` counts the open actions that might hang there and found no place."""

    organisation: str
    made_on: str
    lines: tuple[WallLine, ...]
    more: int
    help: Help

    @property
    def points(self) -> int:
        """The size of the actions in points: the largest at which all of them fit on the page."""
        letters = sum(len(line.do) for line in self.lines)
        return next(size for most, size in _SIZES if letters <= most)


def wall_of(record: Mapping[str, Any], state: RegisterState = NOTHING_YET) -> Wall:
    """The wall version of a record: the ordinary open actions that fall due first, then as they are asked.

    Never by what they bring: a score knows of every answer.
    """
    open_ones = [item for item in _that_may_hang(record, state) if item.due_date and not item.state.settled]
    ordered = sorted(open_ones, key=_when)
    return Wall(
        organisation=record["organisation"]["name"],
        made_on=record["made_on"],
        lines=tuple(WallLine(item.name, item.due_date or "") for item in ordered[:MOST]),
        more=max(0, len(ordered) - MOST),
        help=help_of(record),
    )


def state_on_wall(record: Mapping[str, Any], state: RegisterState) -> RegisterState:
    """As much of the state as the wall shows: which of its actions are settled, and the days chosen for the others.

    It gives the same page as the whole state.
    """
    shown = {
        item.state_key: ItemState(status="done") if item.state.settled else ItemState(due=item.state.due)
        for item in _that_may_hang(record, state)
    }
    return {key: seen for key, seen in shown.items() if seen != UNTOUCHED}


def _that_may_hang(record: Mapping[str, Any], state: RegisterState) -> list[Item]:
    """Actions alone: a duty has its day from the law, and is no step for those who pass."""
    shown = shown_unasked(register_of(business_record(record), state), record)
    return [item for item in shown if item.what == "action"]


def _when(item: Item) -> tuple[str, int]:
    return item.due_date or "", item.question or 0
