"""When the suppliers of a sector have no hour to spare. No season is told yet, so a letter may go on any day."""

from __future__ import annotations

from datetime import date


def first_day(sector: str, today: date, *, at_once: bool) -> date:
    """The first day on which a letter may go."""
    _ = sector, at_once
    return today
