"""Whoever listens hears of a change once, in the same transaction."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from assess.suppliers import telling
from assess.suppliers.telling import listen, tell_changed
from tests.conftest import TODAY


def test_whoever_listens_hears_of_it_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_listeners", [])
    heard = []

    def hear(_session: Session, supplier_id: uuid.UUID, now: datetime) -> None:
        heard.append((supplier_id, now))

    listen(hear)
    listen(hear)
    one = uuid.uuid4()
    tell_changed(session, one, TODAY)
    assert heard == [(one, TODAY)]
