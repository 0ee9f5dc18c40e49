"""How far the business has come with its actions: each one for its box on paper, and all of them in one line.

An action that waits for advice is no item, so it counts nowhere: advice comes first, whatever was typed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assess.plans.actions import Item
from assess.plans.register.options import STATUSES
from assess.plans.register.state import UNTOUCHED

_NOT_DOING = "will_not"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the whole register is: every item counts once."""

    count: int
    done: int
    under_way: int
    not_started: int
    not_doing: int
    not_answered: int

    @property
    def begun(self) -> bool:
        """Whether anything was said to any item."""
        return self.not_answered < self.count

    @property
    def line(self) -> str:
        """The summary in one sentence; parts that are nothing are left out."""
        parts = (
            (self.done, STATUSES["done"].lower()),
            (self.under_way, STATUSES["under_way"].lower()),
            (self.not_started, STATUSES["open"].lower()),
            (self.not_doing, "will not be done"),
            (self.not_answered, "not answered yet"),
        )
        said = [f"{number} {words}" for number, words in parts if number]
        return f"Of {self.count}: {', '.join(said)}." if said else ""


def progress_of(items: Sequence[Item]) -> Progress:
    """The progress of these items."""
    words = [_stage(item) for item in items]
    return Progress(
        len(items), *(words.count(stage) for stage in ("done", "under_way", "not_started", "not_doing", "none"))
    )


def _stage(item: Item) -> str:
    state = item.state
    if state == UNTOUCHED:
        return "none"
    if state.status == "done" or state.response == "already_done":
        return "done"
    if state.response == _NOT_DOING:
        return "not_doing"
    if state.status == "under_way":
        return "under_way"
    return "none" if state.response is None else "not_started"


def is_done(item: Item) -> bool:
    """Whether the box of this item is ticked."""
    return _stage(item) == "done"


def is_touched(item: Item) -> bool:
    """Whether something is to be printed beside this item."""
    return item.state != UNTOUCHED
