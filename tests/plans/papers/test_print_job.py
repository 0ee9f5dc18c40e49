"""Papers printed beside the site, run as a worker runs it, with the real press where a file is looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.claiming import due_jobs
from assess.kit.jobs.models import Job, JobState
from assess.kit.jobs.ordering import defer
from assess.kit.jobs.registry import kind_of, timetables
from assess.kit.jobs.running import run_waiting
from assess.plans.papers import print_job
from assess.plans.papers.models import PaperFile
from assess.plans.papers.print_job import APART
from assess.plans.papers.wanted import PaperPdf
from assess.plans.printing import render as rendering
from assess.plans.printing.render import PrintingFailedError
from tests.plans.papers.shelf_of_papers import IDS, paper_called, printed

Works = Callable[..., int]
WANTED = PaperPdf(paper_called("time_sheet"))


@pytest.fixture
def work(database: Database, database_url: str, now: datetime) -> Works:
    """`work(after)` does what is due at that time after now."""
    settings = Settings(env="development", database_url=database_url)
    return lambda after=timedelta(): run_waiting(database, settings, lambda: now + after)


def order(database: Database, name: str, now: datetime, **arguments: str) -> None:
    with database.writing() as session:
        defer(session, name, now=now, **arguments)


def files(database: Database) -> int:
    with database.reading() as look:
        return look.scalar(select(func.count()).select_from(PaperFile)) or 0


def jobs(database: Database, state: JobState) -> int:
    with database.reading() as look:
        found = look.scalar(select(func.count()).where(Job.name == "print_paper", Job.state == state))
        return found or 0


def test_a_paper_is_printed_once_however_often_it_is_ordered(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    order(database, "print_paper", now, paper="time_sheet")
    assert work() == 1
    with database.reading() as look:
        found = WANTED.kept(look)
    assert found is not None
    assert found.content == printed("time_sheet")
    monkeypatch.setattr(print_job, "render_page", None)  # whoever printed now would stumble
    order(database, "print_paper", now, paper="time_sheet")
    assert work() == 1
    assert jobs(database, JobState.DONE) == 2
    assert files(database) == 1


def test_a_paper_that_is_no_longer_there_is_left_alone(database: Database, work: Works, now: datetime) -> None:
    order(database, "print_paper", now, paper="gone")
    assert work() == 1
    assert jobs(database, JobState.DONE) == 1
    assert files(database) == 0


def test_whatever_is_missing_is_printed_ahead_one_by_one(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "render_page", str.encode)
    order(database, "print_papers", now)
    assert work() == 2, "the round itself and the first paper"
    assert work(APART) == 1, "the others leave room for what somebody waits for"
    assert work(len(IDS) * APART) == len(IDS) - 2
    assert files(database) == len(IDS)
    order(database, "print_papers", now)
    assert work(timedelta(days=1)) == 1, "nothing is missing"


def test_whoever_asks_for_a_paper_does_not_stand_in_that_line(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "render_page", str.encode)
    order(database, "print_papers", now)
    work()
    last = PaperPdf(paper_called(IDS[-1]))
    with database.writing() as session:
        last.order(session, now)
    assert work() == 1
    with database.reading() as look:
        assert last.kept(look) is not None


def test_what_nobody_waits_for_stands_last_even_when_all_of_it_is_overdue(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "render_page", str.encode)
    order(database, "print_papers", now)
    work()
    with database.writing() as session:
        PaperPdf(paper_called(IDS[-1])).order(session, now + timedelta(hours=1))
        due = session.scalars(due_jobs(now + timedelta(hours=2))).all()
    assert len(due) == len(IDS), "one was printed and one is ordered twice"
    assert not str(due[0].key).startswith("ahead")
    assert all(str(job.key).startswith("ahead") for job in due[1:])


def test_what_cannot_be_printed_is_set_aside_and_not_ordered_anew_each_day(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_html: str) -> bytes:
        raise PrintingFailedError

    monkeypatch.setattr(print_job, "render_page", failing)
    order(database, "print_papers", now)
    for hour in range(4):
        work(timedelta(hours=hour))
    assert jobs(database, JobState.SET_ASIDE) == len(IDS)
    assert files(database) == 0
    order(database, "print_papers", now)
    assert work(timedelta(days=1)) == 1
    monkeypatch.setattr(print_job, "render_page", str.encode)
    order(database, "print_paper", now, paper="time_sheet")
    assert work(timedelta(days=1)) == 1
    assert files(database) == 1


def test_it_is_due_as_soon_as_new_rates_begin_and_has_the_time_the_press_may_take() -> None:
    (table,) = [one for one in timetables() if one.name == "print_papers"]
    assert table.at is not None
    assert table.at.hour == 0
    assert rendering.LONGEST < kind_of("print_paper").seconds <= rendering.LONGEST + 30
