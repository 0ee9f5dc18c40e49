from __future__ import annotations

from datetime import datetime

import pytest

from assess.kit.db import Database
from assess.kit.mail.models import Outgoing

pytestmark = pytest.mark.both_databases


def test_a_mail_waits_until_it_went_or_was_ended(database: Database, waiting: int, now: datetime) -> None:
    with database.reading() as session:
        row = session.get(Outgoing, waiting)
    assert row is not None
    assert row.waits
    row.sent_at = now
    assert not row.waits
    row.sent_at, row.ended_at = None, now
    assert not row.waits


def test_a_blank_mail_knows_only_what_and_when(database: Database, waiting: int) -> None:
    with database.writing() as session:
        row = session.get(Outgoing, waiting)
        assert row is not None
        row.blank()
    with database.reading() as session:
        kept = session.get(Outgoing, waiting)
    assert kept is not None
    assert (kept.to_address, kept.subject, kept.body, kept.stop) == ("", "", "", "")
    assert kept.event
    assert kept.made_at
