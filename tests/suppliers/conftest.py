"""A database with the banks published, open for the work of a buyer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assess.core.db import Database
from tests.conftest import PATIENCE_MS


@pytest.fixture
def published(banks_url: str) -> Iterator[Database]:
    """Tables, and the banks of the house published in them."""
    opened = Database(banks_url, patience_ms=PATIENCE_MS)
    yield opened
    opened.close()
