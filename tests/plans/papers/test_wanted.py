from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, update

from assess.kit.db import Database
from assess.kit.jobs.models import Job, JobState
from assess.plans.papers.kept import keep
from assess.plans.papers.wanted import PaperPdf
from assess.plans.printing.standing import Standing
from tests.plans.papers.shelf_of_papers import PAPERS, paper_called

WANTED = PaperPdf(paper_called("time_sheet"))


def standing(database: Database, now: datetime, wanted: PaperPdf = WANTED) -> Standing:
    with database.reading() as look:
        return wanted.standing(look, now)


def order(database: Database, now: datetime) -> None:
    with database.writing() as session:
        WANTED.order(session, now)


def test_a_paper_is_ordered_once_for_all_who_wait_and_then_it_is_there(database: Database, now: datetime) -> None:
    assert standing(database, now) is Standing.NOT_ORDERED
    order(database, now)
    order(database, now)
    assert standing(database, now) is Standing.WAITING
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(Job)) == 1
        assert WANTED.kept(look) is None
    with database.writing() as session:
        keep(session, WANTED.html, b"file", now)
    assert standing(database, now) is Standing.READY
    changed = PaperPdf(replace(WANTED.paper, title="Time sheet for two weeks"))
    assert standing(database, now, changed) is Standing.NOT_ORDERED


def test_one_that_was_given_up_can_be_ordered_again(database: Database, now: datetime) -> None:
    order(database, now)
    with database.writing() as session:
        session.execute(update(Job).values(state=JobState.SET_ASIDE))
    assert standing(database, now) is Standing.GIVEN_UP
    order(database, now)
    assert standing(database, now) is Standing.WAITING


def test_each_paper_has_a_name_and_a_key_of_its_own(now: datetime) -> None:
    assert WANTED.title == "Time sheet for one week (PDF)"
    assert WANTED.name(now) == "time-sheet.pdf"
    assert "Word file" in WANTED.meanwhile
    keys = {PaperPdf(paper).key for paper in PAPERS}
    assert len(keys) == len(PAPERS)
    assert max(map(len, keys)) < 100
