from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from assess.kit.jobs.models import Job
from assess.plans.cover.kept import keep
from assess.plans.cover.listing import cover_of
from assess.plans.cover.wanted import PRINT, CoverPdf
from assess.plans.printing.standing import Standing
from tests.people.persons import database_of
from tests.plans.cover.firms import Firm


def test_a_cover_is_ordered_once_and_then_it_is_there(app: Flask, firm: Firm, now: datetime) -> None:
    database, mine = database_of(app), firm.organisation.id
    with app.app_context(), database.reading() as look:
        wanted = CoverPdf(mine, cover_of(look, mine, "Fen Edge Group", now.date()))
        tomorrow = CoverPdf(mine, cover_of(look, mine, "Fen Edge Group", now.date() + timedelta(days=1)))
        assert wanted.standing(look, now) is Standing.NOT_ORDERED
    with database.writing() as session:
        wanted.order(session, now)
        wanted.order(session, now)
        assert session.scalar(select(func.count()).where(Job.name == PRINT)) == 1
        assert wanted.standing(session, now) is Standing.WAITING
        keep(session, mine, wanted.html, b"file", (), now)
    with database.reading() as look:
        assert wanted.standing(look, now) is Standing.READY
        assert wanted.kept(look) is not None
        assert tomorrow.standing(look, now) is Standing.NOT_ORDERED
    assert wanted.name(now) == "cover-of-plans-2026-11-24.pdf"
