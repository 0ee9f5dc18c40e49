"""The job beside the site, run as a worker runs it, with the real press.

What is printed is what hangs on the wall, unless a test is about another copy: one page, a tenth of the work of two.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from assess.assessments.models import Assessment
from assess.assessments.retention import delete_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core import child_process, pdf
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.documents import printing
from assess.core.documents import services as documents_services
from assess.core.jobs.services import get_job_type
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import Job, JobState, StoredPdf
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.copies import Copy
from assess.plans.models import CheckCode
from tests.conftest import TODAY
from tests.plans.action_tracker.conftest import StoredSubmission, keep_record, submit_another
from tests.plans.records import a_record, scenario
from tests.stored_files import document_of, stored_pdf

HOUR = timedelta(hours=1)
Works = Callable[..., int]
ON_THE_WALL = "core_policy"
"""What is poor in the plan below and may hang on a wall."""


@pytest.fixture
def plan(database: Database, now: datetime) -> StoredSubmission:
    """A low farm, submitted, with one thing to do that may hang on a wall: nearly the shortest plan."""
    return keep_record(database, a_record("farming", "farming low", change={ON_THE_WALL: "no"}), now)


@pytest.fixture
def work(database: Database, database_url: str, now: datetime) -> Works:
    """`work(after)` does what is due at that time after now."""
    settings = Settings(env="development", database_url=database_url)
    return lambda after=timedelta(): run_due_jobs(database, settings, lambda: now + after)


def order(database: Database, plan: StoredSubmission, now: datetime, copy: Copy = "wall") -> None:
    with database.writing() as session:
        document_of(session, copy, plan.id, now).enqueue(session, now)


def file_of(database: Database, plan: StoredSubmission, copy: Copy = "wall") -> bytes | None:
    with database.reading() as session:
        return stored_pdf(session, copy, plan.id, TODAY)


def counted(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredPdf)) or 0


def the_job(database: Database) -> Job:
    with database.reading() as session:
        return session.scalars(select(Job)).one()


def test_a_copy_is_printed_once_however_often_it_is_ordered(
    database: Database, plan: StoredSubmission, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    order(database, plan, now)
    order(database, plan, now)
    assert work() == 1
    made = file_of(database, plan)
    assert made is not None
    assert made.startswith(b"%PDF-")
    monkeypatch.setattr(documents_services, "render_pdf", None)  # whoever printed now would stumble
    order(database, plan, now)
    assert work() == 1
    assert file_of(database, plan) == made
    assert the_last(database).state is JobState.DONE


def the_last(database: Database) -> Job:
    with database.reading() as session:
        return session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()


def test_the_register_is_printed_as_it_is_when_the_job_runs(
    database: Database, plan: StoredSubmission, work: Works, now: datetime
) -> None:
    order(database, plan, now, "wall")
    work()
    first = file_of(database, plan, "wall")
    with database.writing() as session:
        change_item(session, plan.id, ON_THE_WALL, ItemContent(response="accepted", status="done"), 0, now)
    assert file_of(database, plan, "wall") is None
    order(database, plan, now, "wall")  # the same key as before: a newer state needs no key of its own to be printed
    work()
    assert first is not None
    assert file_of(database, plan, "wall") is not None
    assert counted(database) == 2


def test_what_is_deleted_before_or_while_it_is_printed_ends_quietly(
    database: Database, plan: StoredSubmission, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = documents_services.render_pdf

    def deletes_first(*given: Any) -> bytes:
        with database.writing() as session:
            session.execute(delete(Assessment))
        return render(*given)

    monkeypatch.setattr(documents_services, "render_pdf", deletes_first)
    order(database, plan, now)
    assert work() == 1
    assert work() == 0
    assert counted(database) == 0


def test_a_file_never_ends_up_with_the_business_that_came_next(
    database: Database, plan: StoredSubmission, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the press works one business deletes everything and another submits: its number must not be the same."""
    came: list[StoredSubmission] = []

    def another_comes(*_given: Any) -> bytes:
        with database.writing() as session:
            delete_assessment(session, plan.assessment_id)
        came.append(submit_another(database, now))
        return b"%PDF of the one that is gone"

    monkeypatch.setattr(documents_services, "render_pdf", another_comes)
    order(database, plan, now, "buyer")
    assert work() == 1
    assert len(came) == 1
    assert counted(database) == 0
    with database.reading() as reader:
        assert stored_pdf(reader, "buyer", came[0].id, now) is None
        assert reader.scalar(select(func.count()).select_from(CheckCode)) == 0
        assert reader.scalar(select(func.count()).select_from(Job)) == 0


def test_what_is_no_longer_the_latest_is_not_printed(
    database: Database, plan: StoredSubmission, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_services, "render_pdf", lambda *_given: pytest.fail("nobody is shown it any more"))
    order(database, plan, now)
    with database.writing() as session:
        reopen_assessment(session, plan.assessment_id, now)
        submit_assessment(session, plan.assessment_id, lambda _said: scenario("farming", "farming low"), now)
    work()
    assert the_job(database).state is JobState.DONE


def test_a_register_that_moves_on_while_it_is_printed_leaves_no_outdated_file(
    database: Database, plan: StoredSubmission, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = documents_services.render_pdf

    def changes_first(*given: Any) -> bytes:
        with database.writing() as session:
            change_item(session, plan.id, ON_THE_WALL, ItemContent(response="accepted", status="done"), 0, now)
        return render(*given)

    monkeypatch.setattr(documents_services, "render_pdf", changes_first)
    order(database, plan, now, "wall")
    work()
    assert the_job(database).state is JobState.DONE
    assert counted(database) == 0


class Crash(BaseException):
    """What a process that is killed looks like from inside: nothing is written down any more."""


def test_after_a_crash_in_the_middle_it_is_printed_again(
    database: Database, plan: StoredSubmission, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_given: Any) -> bytes:
        raise Crash

    order(database, plan, now)
    with monkeypatch.context() as broken:
        broken.setattr(documents_services, "render_pdf", crash)
        with pytest.raises(Crash):
            work()
    assert the_job(database).state is JobState.RUNNING
    assert counted(database) == 0
    assert work(HOUR) == 1
    assert the_job(database).state is JobState.DONE
    assert counted(database) == 1


@pytest.mark.parametrize(
    ("backend", "limit"),
    [("sqlite", "memory"), ("postgresql", "time"), ("sqlite", "broken")],
    indirect=["backend"],
)
def test_what_goes_over_a_limit_or_cannot_be_printed_is_set_aside_after_three_tries(
    database: Database, work: Works, now: datetime, monkeypatch: pytest.MonkeyPatch, limit: str, tmp_path: Path
) -> None:
    record = scenario("farming", "farming low")
    if limit == "broken":
        del record["strengths"]
    if limit == "time":
        record["sections"] *= 30
    if limit == "memory":
        monkeypatch.setattr(
            child_process, "child_environment", with_less_memory(child_process.child_environment, tmp_path)
        )
    if limit == "time":
        monkeypatch.setattr(
            documents_services, "render_pdf", partial(printing.render_pdf, timeouts=printing.RenderTimeouts(5, 1))
        )
    plan = keep_record(database, record, now)
    order(database, plan, now, "business")
    assert [work(hour * HOUR) for hour in range(4)] == [1, 1, 1, 0]
    found = the_job(database)
    assert (found.state, found.attempts, found.error) == (
        JobState.FAILED,
        3,
        "KeyError" if limit == "broken" else "PdfRenderError",
    )
    assert counted(database) == 0


def with_less_memory(environment: Callable[..., dict[str, str]], folder: Path) -> Callable[..., dict[str, str]]:
    """What the press is told, and an eighth of the memory it may use: its own limit would take a minute to reach."""
    most = pdf.PDF_LIMITS.memory_bytes // 8
    less = f"import resource\nresource.setrlimit(resource.RLIMIT_AS, ({most}, {most}))\n"
    (folder / "sitecustomize.py").write_text(less, encoding="utf-8")

    def told() -> dict[str, str]:
        given = environment()
        return {**given, "PYTHONPATH": f"{folder}{os.pathsep}{given['PYTHONPATH']}"}

    return told


def test_the_job_may_take_as_long_as_the_renderer_can_and_a_little_more() -> None:
    kind = get_job_type("print_document")
    assert printing.MAX_RENDER_SECONDS < kind.seconds <= printing.MAX_RENDER_SECONDS + 30
    assert kind.attempts == 3
    assert printing.DEFAULT_TIMEOUTS.printing > pdf.PDF_LIMITS.cpu_seconds
