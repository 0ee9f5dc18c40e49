from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from assess.kit.db import Database
from assess.kit.jobs.models import Job
from assess.plans.printing.standing import Standing
from assess.portfolio.picture.gathering import picture_of
from assess.portfolio.picture.kept import keep
from assess.portfolio.picture.wanted import PRINT, SummaryPdf
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier


def test_a_summary_is_ordered_once_and_then_it_is_there(published: Database) -> None:
    with published.writing() as session:
        mine = a_buyer(session, "The Council")
        a_supplier(session, mine, "Late farm")
        wanted, named = (
            SummaryPdf(mine.id, picture_of(session, mine.id, mine.name, TODAY), names) for names in (False, True)
        )
        tomorrow = SummaryPdf(mine.id, picture_of(session, mine.id, mine.name, TODAY + timedelta(days=1)), names=False)
        assert wanted.standing(session, TODAY) is Standing.NOT_ORDERED
        wanted.order(session, TODAY)
        wanted.order(session, TODAY)
        named.order(session, TODAY)
        assert session.scalar(select(func.count()).where(Job.name == PRINT)) == 2
        assert wanted.standing(session, TODAY) is Standing.WAITING
        keep(session, mine.id, wanted.html, b"file", TODAY, names=False)
        assert wanted.standing(session, TODAY) is Standing.READY
        assert wanted.kept(session) is not None
        assert named.kept(session) is None
        assert tomorrow.standing(session, TODAY) is Standing.NOT_ORDERED
    assert wanted.name(TODAY) == "summary-for-the-board-2026-11-24.pdf"
    assert wanted.title
    assert wanted.meanwhile
