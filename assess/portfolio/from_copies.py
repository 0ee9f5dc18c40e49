"""What the row of a supplier takes from the copies that are shared with the buyer. No database here.

A copy without a band gives nothing but its proposed steps: one that was not rated has bars, goods and a plan, one with advice to be
had first has not, and the board must not tell the two apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assess.plans.shares.document import SharedCopy
from assess.plans.talk.steps import step_key

BANDS = ("low", "medium", "high", "critical")
"""From the least to the most risk."""

Agreed = Mapping[str, date]
"""Key of a step → the date that was agreed with this buyer."""


def has_band(copy: SharedCopy) -> bool:
    """Whether it shows a band."""
    return copy.copy.rating is not None and copy.copy.rating.band in BANDS


def worst_band(copies: Sequence[SharedCopy]) -> str | None:
    """The worst of all copies; None as soon as one of them shows no band, for that one may be the worst."""
    known = [one.copy.rating.band for one in copies if one.copy.rating and has_band(one)]
    return max(known, key=BANDS.index) if known and len(known) == len(copies) else None


def bars_of(copies: Sequence[SharedCopy]) -> dict[str, int]:
    """The bars by name: of several copies the worse."""
    found: dict[str, int] = {}
    for one in copies:
        for bar in one.copy.rating.bars if one.copy.rating and has_band(one) else ():
            found[bar.name] = min(bar.step, found.get(bar.name, bar.step))
    return found


def goods_of(copies: Sequence[SharedCopy]) -> dict[tuple[str, str], str]:
    """Good and place → the word of its risk."""
    return {
        (one.name, one.place): one.word
        for copy in copies
        if has_band(copy)
        for one in (copy.copy.buying.purchases if copy.copy.buying else ())
    }


def duties_of(copies: Sequence[SharedCopy]) -> dict[str, tuple[str, bool]]:
    """The duties with a day: id → title, and whether it is done. One is done only when every copy that shows it says so."""
    found: dict[str, tuple[str, bool]] = {}
    for one in (duty for copy in copies if has_band(copy) for duty in copy.duties or () if duty.counts):
        found[one.id] = (one.title, one.done and found.get(one.id, ("", True))[1])
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is not done. `due`: None at once."""

    do: str
    due: date | None


def shows_plan(copy: SharedCopy) -> bool:
    """Whether it shows the plan beside a band: only then can a step be done or late."""
    return has_band(copy) and copy.plan is not None


def proposed_steps(copy: SharedCopy) -> list[Step]:
    """The steps that were proposed, by date, whatever became of them since."""
    return _by_date(Step(step.do, _day(step.due)) for step in copy.copy.actions)


def open_steps(copy: SharedCopy, agreed: Agreed) -> list[Step]:
    """The steps that are not done, by date: as agreed, else of the plan where it is shared beside a band, else as proposed."""
    if not has_band(copy):
        return proposed_steps(copy)
    planned = copy.copy.actions if copy.plan is None else [step for step in copy.plan if step.stands != "done"]
    return _by_date(Step(step.do, agreed.get(step_key(step.do), _day(step.due))) for step in planned)


def _by_date(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: step.due or date.min)


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)
