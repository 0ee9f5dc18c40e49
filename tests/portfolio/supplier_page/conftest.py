"""The council of the board's tests."""

from __future__ import annotations

from tests.portfolio.board.conftest import council

__all__ = ["council"]
