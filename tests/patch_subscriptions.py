"""Another list of who reacts to what, for one test."""

from __future__ import annotations

import pytest

from assess.core import events as core_events
from assess.core.events import Registration


def list_instead(monkeypatch: pytest.MonkeyPatch, *entries: Registration) -> None:
    """Until the test ends these stand in the place of what is listed for the same classes."""
    found = core_events._installed or {}
    monkeypatch.setattr(core_events, "_installed", {**found, **{entry.kind: entry.listed for entry in entries}})
