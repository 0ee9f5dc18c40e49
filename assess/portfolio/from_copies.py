"""What the row of a supplier takes from the copies that are shared with the buyer. No database here.

A copy of a quick check shows no band, no exposure and no bars; everything else is in it as in any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assess.plans.shares.document import SharedCopy
from assess.plans.talk.steps import steps_of

BANDS = ("low", "medium", "high")
"""From the least to the most risk."""

AT_ONCE_DAYS = 7
"""What was to be begun at once is late after so many days."""

Agreed = Mapping[str, date]
"""Key of a step → the date that was agreed with this buyer."""


def worst_band(copies: Sequence[SharedCopy]) -> str | None:
    """The worst of all copies; None as soon as one of them shows no band, for that one may be the worst."""
    known = [one.copy.band for one in copies if one.copy.band]
    return max(known, key=BANDS.index) if known and len(known) == len(copies) else None


def bars_of(copies: Sequence[SharedCopy]) -> dict[str, int]:
    """The bars by name: of several copies the worse."""
    found: dict[str, int] = {}
    for bar in (bar for one in copies for bar in one.copy.bars):
        found[bar.name] = min(bar.step, found.get(bar.name, bar.step))
    return found


def goods_of(copies: Sequence[SharedCopy]) -> dict[tuple[str, str], str]:
    """Good and place → the word of its risk."""
    bought = (one for copy in copies for one in (copy.copy.buying.purchases if copy.copy.buying else ()))
    return {(one.name, one.place): one.word for one in bought}


def duties_of(copies: Sequence[SharedCopy]) -> dict[str, tuple[str, bool]]:
    """The duties with a day: id → title, and whether it is done. One is done only when every copy that shows it says so."""
    found: dict[str, tuple[str, bool]] = {}
    for one in (duty for copy in copies for duty in copy.duties or () if duty.counts):
        found[one.id] = (one.title, one.done and found.get(one.id, ("", True))[1])
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is not done. `due`: None later. `late_from`: from which day on it is late, where the plan is shared."""

    do: str
    due: date | None
    at_once: bool = False
    late_from: date | None = None


def shows_plan(copy: SharedCopy) -> bool:
    """Whether it shows the plan: only then can a step be done or late."""
    return copy.plan is not None


def open_steps(copy: SharedCopy, agreed: Agreed) -> list[Step]:
    """The steps that are not done, by date: as agreed, else of the plan where it is shared, else as proposed."""
    found = []
    for one in steps_of(copy):
        if one.done:
            continue
        at_once = one.at_once and one.key not in agreed
        due = agreed.get(one.key, None if one.due is None else date.fromisoformat(one.due))
        late = None if due is None or copy.plan is None else due + timedelta(days=1 + AT_ONCE_DAYS * at_once)
        found.append(Step(one.do, due, at_once, late))
    return sorted(found, key=lambda step: step.due or date.max)
