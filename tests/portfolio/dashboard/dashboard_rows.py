"""Rows of the picture, made in a line."""

from __future__ import annotations

import uuid
from typing import Any

from assess.portfolio.dashboard import DashboardRow
from assess.suppliers.models import InvitationStatus


def a_row(name: str = "Farm", **facts: Any) -> DashboardRow:
    """A supplier that shares and shows no band, unless the facts say otherwise."""
    usual: dict[str, Any] = {
        "supplier_id": uuid.uuid4(),
        "name": name,
        "sector": "farming",
        "size": None,
        "status": InvitationStatus.SHARED,
        "band": None,
        "answers_outdated": False,
        "weeks_late": None,
        "late_steps": 0,
        "points": 50,
        "unknown": 0,
    }
    return DashboardRow(**{**usual, **facts})
