from __future__ import annotations

from sqlalchemy import select

from assess.kit.audit.models import AuditEvent
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.ordering import defer
from assess.kit.jobs.running import run_waiting
from assess.portfolio.pressure import monthly
from assess.portfolio.pressure.keeping import go_round, seen_by
from tests.portfolio.pressure.test_keeping import DECEMBER, JANUARY, NOVEMBER, five
from tests.suppliers.makers import a_buyer

assert monthly  # it defines the job


def test_the_job_makes_each_buyers_picture_once_a_month(published: Database, settings: Settings) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        go_round(session, council.id, NOVEMBER)
        five(session, council)
        council_id, shop_id = council.id, shop.id
    for moment in (DECEMBER, DECEMBER, JANUARY):
        with published.writing() as session:
            defer(session, "pool_pressure", now=moment)
        run_waiting(published, settings, lambda moment=moment: moment)
    with published.reading() as look:
        assert seen_by(look, council_id).picture
        assert seen_by(look, shop_id).picture is None
        events = look.scalars(select(AuditEvent.action).where(AuditEvent.action == "suppliers.manage: made")).all()
    assert len(events) == 1, "only a round that changed something is noted"
