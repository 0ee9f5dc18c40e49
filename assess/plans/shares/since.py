"""What changed: in the plan since it was shared, and between two copies that were shared with the same recipient.

Both sides are shared copies, so neither can hold more than a buyer may see. Where urgent advice is open on either side nothing is
compared: a band that is gone, or a step that came, would tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assess.plans.copies import BuyerBar, BuyerCopy
from assess.plans.shares.document import SharedCopy


@dataclass(frozen=True, slots=True)
class Progressed:
    """What became of the plan since it was shared. `moved`: steps and their new ISO date, None at once."""

    count: int
    done_then: int
    done_now: int
    moved: tuple[tuple[str, str | None], ...]

    @property
    def anything(self) -> bool:
        """Whether anything changed."""
        return self.done_then != self.done_now or bool(self.moved)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads otherwise now."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How a copy differs from the one shared before, which was made on an ISO date."""

    made_on: str
    result: tuple[Change, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether they differ in anything a buyer sees."""
        return bool(self.result or self.new or self.gone)


def progressed(then: SharedCopy, current: SharedCopy) -> Progressed | None:
    """What became of the plan; None where the share does not show the plan."""
    if then.plan is None or current.plan is None:
        return None
    before = {action.do: action.due for action in then.plan}
    moved = tuple(
        (action.do, action.due) for action in current.plan if action.do in before and before[action.do] != action.due
    )
    return Progressed(len(current.plan), then.done, current.done, moved)


def difference(before: BuyerCopy, after: BuyerCopy) -> Difference | None:
    """Band, bars and ordinary steps; None while either copy gives no result."""
    if before.rating is None or after.rating is None:
        return None
    result = [] if before.rating.band == after.rating.band else [("Result", before.rating.word, after.rating.word)]
    bars = _by_name(before.rating.bars)
    result += [
        (bar.name, bars[bar.name], bar.words)
        for bar in after.rating.bars
        if bar.name in bars and bars[bar.name] != bar.words
    ]
    had = dict.fromkeys(action.do for action in before.actions)
    has = dict.fromkeys(action.do for action in after.actions)
    return Difference(
        made_on=before.made_on,
        result=tuple(Change(*row) for row in result),
        new=tuple(do for do in has if do not in had),
        gone=tuple(do for do in had if do not in has),
    )


def _by_name(bars: Iterable[BuyerBar]) -> dict[str, str]:
    return {bar.name: bar.words for bar in bars}
