"""Events that plans publish, and the page parts that other packages fill in on plan pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assess.core.events import Event, PagePart


@dataclass(frozen=True, slots=True)
class PlanChanged(Event):
    """Of an item of a plan the date was changed, or whether it is done: all that a buyer sees of a plan after it was shared."""

    submission_id: int
    key: str
    now: datetime


REQUESTS_AWAITING_SHARE: PagePart[[uuid.UUID], Sequence[object]] = PagePart("requests_awaiting_share")
"""The buyers that asked for this assessment and do not see the latest answers. None, where the person may not share."""
