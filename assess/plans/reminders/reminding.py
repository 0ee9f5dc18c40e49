"""What a reminder tells on a day: ordinary things to do whose date comes near, and that answers grow old.

Only what may show itself unasked is looked at. Nothing here depends on what any other answer was: the order is that of dates and of the
questionnaire, never that of the plan, whose order knows of gains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from assess.plans.actions import Item, Register
from assess.plans.unasked import shown_unasked

STAGES: Mapping[Literal["action", "duty", "year"], Sequence[int]] = MappingProxyType(
    {"action": (14, 1), "duty": (30, 14, 1), "year": (30,)}
)
"""Days before a date on which it is told of. What came nearer without a look, or is over already, is told of at the next one."""

_YEAR = ":year"
"""What `told` calls the age of the answers. No question, check or duty is called so."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do, and its ISO date."""

    do: str
    due: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told on one day. `ages_on` is the ISO date on which the answers are a year old, if that is near or over.

    `told` is what will have been told then, for the next look.
    """

    coming: tuple[Line, ...]
    overdue: tuple[Line, ...]
    ages_on: str | None
    told: Mapping[str, Any]


def notice_on(register: Register, record: Mapping[str, Any], told: Mapping[str, Any], today: date) -> Notice | None:
    """What is to be told today; None while nothing new has come near.

    `record` is that of the submission the register was drawn from. `told` is what earlier notices told: for each key [ISO date, days before it].
    """
    valid_until = record["valid_until"]
    items = [item for item in shown_unasked(register, record) if not item.state.settled]
    near = {item.key: (item, due, stage) for item in items for due, stage in _reached(item, today)}
    stages: dict[str, list[Any]] = {key: [due, stage] for key, (_, due, stage) in near.items()}
    year = _stage(valid_until, "year", today)
    if year is not None:
        stages[_YEAR] = [valid_until, year]
    if all(_was_told(told.get(key), stage) for key, stage in stages.items()):
        return None
    lines = sorted(near.values(), key=lambda found: (found[1], found[0].question or 0, found[0].key))
    return Notice(
        coming=tuple(Line(item.name, due) for item, due, _ in lines if not _is_late(item, today)),
        overdue=tuple(Line(item.name, due) for item, due, _ in lines if _is_late(item, today)),
        ages_on=valid_until if year is not None else None,
        told=stages,
    )


def _is_late(item: Item, today: date) -> bool:
    return item.late_after is not None and item.late_after < today.isoformat()


def _reached(item: Item, today: date) -> list[tuple[str, int]]:
    """The date of an item and its stage, in a list of one; empty while it is far off or has no date."""
    due = item.due_date
    stage = None if due is None else _stage(due, item.what, today)
    return [] if due is None or stage is None else [(due, stage)]


def _stage(due: str, what: Literal["action", "duty", "year"], today: date) -> int | None:
    left = (date.fromisoformat(due) - today).days
    return min((days for days in STAGES[what] if left <= days), default=None)


def _was_told(before: Sequence[Any] | None, stage: Sequence[Any]) -> bool:
    return before is not None and before[0] == stage[0] and before[1] <= stage[1]
