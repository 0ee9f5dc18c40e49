"""A hotel that has begun, with a browser that may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def hotel(begin: Callable[..., str]) -> str:
    """The address of its assessment, like "/assessments/…/"; nothing was said yet."""
    return begin("hospitality")


@pytest.fixture
def listed(visit: Any, hotel: str) -> str:
    """The same with three lines: prawns, cleaning, and words no list knows. The page with them is open."""
    visit(f"{hotel}purchases")
    visit.send("/add", own="prawns\ncleaning\nsalad bar things")
    return hotel
