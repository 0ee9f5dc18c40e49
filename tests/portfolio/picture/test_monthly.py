"""The months are kept by the worker, as soon as it runs in a month, with one event and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from assess.kit.audit.models import AuditEvent
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.ordering import defer
from assess.kit.jobs.running import run_waiting
from assess.portfolio.picture import monthly
from assess.portfolio.picture.models import PictureMonth
from tests.portfolio.picture.filled_world import fill_world
from tests.suppliers.makers import a_buyer

NAME = "keep_months"


def test_each_buyer_has_its_month_after_a_round(published: Database, settings: Settings) -> None:
    assert monthly.keep_months
    moment = datetime(2026, 12, 2, 6, tzinfo=UTC)
    with published.writing() as session:
        for name in ("The Council", "The Shop"):
            fill_world(session, a_buyer(session, name))
    for ahead in (0, 0, 40):
        now = moment + timedelta(days=ahead)
        with published.writing() as session:
            defer(session, NAME, now=now)
        assert run_waiting(published, settings, lambda now=now: now) >= 1  # type: ignore[misc]  # the moment of this round
    with published.reading() as look:
        kept = look.execute(select(PictureMonth.month, func.count()).group_by(PictureMonth.month)).all()
        assert sorted((month.isoformat(), number) for month, number in kept) == [("2026-12-01", 2), ("2027-01-01", 2)]
        events = look.scalars(select(AuditEvent).where(AuditEvent.action == "suppliers.manage: kept")).all()
        assert [event.details for event in events] == [{"count": 2}, {"count": 2}]
