"""The settings of busy seasons: in which months the suppliers of a sector should not be asked. They never enter a score or a plan."""

from __future__ import annotations

from typing import Any

PREFIX = "busy_season_"
"""How the id of such a setting begins; the sector follows."""

MEMBERS = ("first_month", "last_month")
_MONTHS = range(1, 13)


def is_season(name: str) -> bool:
    """Whether this is the id of such a setting."""
    return name.startswith(PREFIX)


def fault_in(value: Any) -> str:  # noqa: ANN401  # whatever was written
    """What is wrong with one of these settings; nothing if it can be used."""
    if not isinstance(value, dict) or sorted(value) != sorted(MEMBERS):
        return f"must be a group of numbers with exactly these members: {', '.join(MEMBERS)}"
    return "" if all(part in _MONTHS for part in value.values()) else "must hold months from 1 to 12"
