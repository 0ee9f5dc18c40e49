"""What changed: in the plan since it was shared, and between two copies that were shared with the same recipient.

Both sides are shared copies, so neither can hold more than a buyer may see, and two that a buyer cannot tell apart never differ here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assess.plans.buyer_view import BuyerBar
from assess.plans.copies import BuyerAction, BuyerCopy
from assess.plans.shares.document import SharedCopy

QUICK = "Quick check done"
"""What stands for a result in the copy of a quick check."""


@dataclass(frozen=True, slots=True)
class Progressed:
    """What became of the plan since it was shared. `moved`: steps and their new ISO date, None later."""

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
    """How a copy, made on the ISO date `again_on`, differs from the one shared before, made on `before_on`.

    Every difference begins with the first date, whether or not anything that a buyer sees is another.
    """

    again_on: str
    before_on: str
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


def difference(before: BuyerCopy, after: BuyerCopy) -> Difference:
    """Band, exposure, bars and steps."""
    bars = _by_name(before.bars)
    rows = [
        ("Result", before.word or QUICK, after.word or QUICK),
        ("Exposure", before.exposure_word, after.exposure_word),
        *((bar.name, bars.get(bar.name), bar.words) for bar in after.bars),
    ]
    had, has = _steps(before.actions), _steps(after.actions)
    return Difference(
        again_on=after.made_on,
        before_on=before.made_on,
        result=tuple(Change(what, was, now) for what, was, now in rows if was and now and was != now),
        new=tuple(do for do in has if do not in had),
        gone=tuple(do for do in had if do not in has),
    )


def _by_name(bars: Iterable[BuyerBar]) -> dict[str, str]:
    return {bar.name: bar.words for bar in bars}


def _steps(actions: Iterable[BuyerAction]) -> dict[str, None]:
    return dict.fromkeys(action.do for action in actions)
