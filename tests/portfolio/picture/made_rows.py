"""Rows of the picture, made in a line."""

from __future__ import annotations

import uuid
from typing import Any

from assess.portfolio.picture.rows import Seen
from assess.suppliers.models import Status


def a_row(name: str = "Farm", **facts: Any) -> Seen:
    """A supplier that shares and shows no band, unless the facts say otherwise."""
    usual: dict[str, Any] = {
        "supplier_id": uuid.uuid4(),
        "name": name,
        "sector": "farming",
        "size": None,
        "status": Status.SHARED,
        "band": None,
        "old": False,
        "weeks_late": None,
        "late_steps": 0,
        "points": 50,
        "unknown": 0,
    }
    return Seen(**{**usual, **facts})
