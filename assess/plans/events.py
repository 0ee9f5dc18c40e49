"""What plans publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assess.kit.events import Event


@dataclass(frozen=True, slots=True)
class PlanChanged(Event):
    """Of an item of a plan the date was changed, or whether it is done: all that a buyer sees of a plan after it was shared."""

    submission_id: int
    key: str
    now: datetime
