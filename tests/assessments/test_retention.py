from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.assessments.guest_sessions import LONGEST_SESSION, open_started_assessment
from assess.assessments.links import make_buyer_link, make_resume_link
from assess.assessments.models import (
    Answer,
    AnswerEvent,
    Assessment,
    BuyerLink,
    GuestSession,
    PurchaseEvent,
    PurchaseLine,
    ResumeLink,
    Submission,
)
from assess.assessments.purchases import LineChange, add_lines, save_lines
from assess.assessments.retention import clean_up, delete_assessment, delete_expired
from assess.assessments.services import AssessmentUnknownError, save_answers, start_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.config import Settings
from assess.core.db import Base, Database
from assess.core.encryption import use_keys
from assess.core.jobs.services import all_schedules, get_job_type
from assess.core.jobs.worker import enqueue_due, run_due_jobs
from assess.core.rate_limits import RateCounter
from assess.question_banks.models import EditionRow
from tests.decrypted_rows import NoKeys
from tests.identity.accounts_factory import an_organisation

pytestmark = pytest.mark.both_databases

CANARY = "the foreman keeps their passports in a blue tin"
RECORD = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "text": CANARY,
    "actions": [],
    "duties": [],
}
DAY = timedelta(days=1)


def fill(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    save_answers(session, assessment_id, {"q": CANARY, "r": CANARY * 200}, {}, now)
    save_answers(session, assessment_id, {"q": "changed"}, {"q": 1}, now)
    (line,) = add_lines(session, assessment_id, [CANARY], 0, now)
    save_lines(session, assessment_id, {line: LineChange(1, {"supplier": CANARY, "removed": True})}, now)
    make_buyer_link(session, submit_assessment(session, assessment_id, lambda _said: RECORD, now), now, note=CANARY)
    make_resume_link(session, assessment_id, now)
    open_started_assessment(session, assessment_id, now)


def rows(session: Session) -> dict[str, int]:
    """How many rows there are in every table in which something of an assessment can stand."""
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in {"verification_secret", "data_key", "edition", "edition_event", "rate_counter"}
    }


def test_nothing_of_it_is_left_in_any_table(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        fill(session, begun, now)
    with database.reading() as session:
        filled = rows(session)
    assert all(
        filled[table.__tablename__]
        for table in (
            Assessment,
            Answer,
            AnswerEvent,
            PurchaseLine,
            PurchaseEvent,
            Submission,
            ResumeLink,
            BuyerLink,
            GuestSession,
        )
    )
    with database.writing() as session:
        delete_assessment(session, begun)
    with database.reading() as session:
        assert set(rows(session).values()) == {0}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_its_words_are_not_left_in_the_file_or_its_log(
    database: Database, database_url: str, begun: uuid.UUID, now: datetime
) -> None:
    use_keys(database.engine, NoKeys())  # the files are searched for words
    file = Path(str(make_url(database_url).database))

    def found() -> list[str]:
        return [path.name for path in file.parent.glob(f"{file.name}*") if CANARY.encode() in path.read_bytes()]

    with database.writing() as session:
        fill(session, begun, now)
    assert found(), "the words never were in the file: this would prove nothing"
    with database.writing() as session:
        delete_assessment(session, begun)
    assert found() == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_words_that_a_reader_held_in_the_log_go_with_the_next_write(
    database: Database, impatient: Database, database_url: str, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    use_keys(database.engine, NoKeys())  # the files are searched for words
    file = Path(str(make_url(database_url).database))

    def found() -> list[str]:
        return [path.name for path in file.parent.glob(f"{file.name}*") if CANARY.encode() in path.read_bytes()]

    with database.writing() as session:
        fill(session, begun, now)
    with database.reading() as look:
        rows(look)
        with impatient.writing() as session:
            delete_assessment(session, begun)
        assert found(), "nobody held the log: this would prove nothing"
    with database.writing() as session:
        save_answers(session, another, {"core_people_peak": 3}, {}, now)
    assert found() == []


def test_what_is_not_there_cannot_be_deleted(session: Session, begun: uuid.UUID) -> None:
    delete_assessment(session, begun)
    with pytest.raises(AssessmentUnknownError):
        delete_assessment(session, begun)


def test_another_assessment_stays_whole(session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime) -> None:
    fill(session, another, now)
    before = rows(session)
    fill(session, begun, now)
    delete_assessment(session, begun)
    assert rows(session) == before | {"assessment": 1}


def test_what_was_kept_long_enough_goes_and_the_rest_stays(session: Session, edition_id: int, now: datetime) -> None:
    def make(touched: datetime, *, submitted: bool, correcting: bool = False) -> uuid.UUID:
        made = start_assessment(session, edition_id, quick=False, now=touched).id
        if submitted:
            submit_assessment(session, made, lambda _said: RECORD, touched)
        if correcting:
            reopen_assessment(session, made, touched)
        return made

    old_draft = make(now - 549 * DAY, submitted=False)
    draft = make(now - 546 * DAY, submitted=False)
    old_plan = make(now - 1097 * DAY, submitted=True)
    old_correction = make(now - 1097 * DAY, submitted=True, correcting=True)
    plan = make(now - 1094 * DAY, submitted=True)
    correction = make(now - 600 * DAY, submitted=True, correcting=True)
    removed = delete_expired(session, now, draft_months=18, submission_years=3)
    left = set(session.scalars(select(Assessment.id)))
    assert left == {draft, plan, correction}
    assert not left & {old_draft, old_plan, old_correction}
    assert (removed.drafts, removed.submitted) == (1, 2)
    again = delete_expired(session, now, draft_months=18, submission_years=3)
    assert (again.drafts, again.submitted, again.guest_sessions) == (0, 0, 0)


def test_an_organisation_has_its_submissions_kept_for_a_shorter_time_and_never_longer(
    session: Session, edition_id: int, now: datetime
) -> None:
    def make(years: int | None, age: int, *, submitted: bool = True) -> uuid.UUID:
        organisation = an_organisation(session, f"Kept {years}")
        organisation.keep_years = years
        made = start_assessment(session, edition_id, quick=False, now=now - age * DAY)
        made.organisation_id = organisation.id
        if submitted:
            submit_assessment(session, made.id, lambda _said: RECORD, now - age * DAY)
        return made.id

    stays = {
        make(None, 1094),
        make(1, 364),
        make(2, 729),
        make(7, 1094),
        make(1, 366, submitted=False),  # drafts have a time of their own
    }
    for years, age in ((None, 1097), (1, 366), (2, 732), (7, 1097)):
        make(years, age)
    removed = delete_expired(session, now, draft_months=18, submission_years=3)
    assert set(session.scalars(select(Assessment.id))) == stays
    assert removed.submitted == 4


def test_visits_that_are_over_are_forgotten_after_two_days(session: Session, begun: uuid.UUID, now: datetime) -> None:
    open_started_assessment(session, begun, now)
    assert (
        delete_expired(session, now + LONGEST_SESSION + 2 * DAY, draft_months=18, submission_years=3).guest_sessions
        == 0
    )
    assert (
        delete_expired(
            session, now + LONGEST_SESSION + 2 * DAY + timedelta(seconds=1), draft_months=18, submission_years=3
        ).guest_sessions
        == 1
    )


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_removed_for_its_age_leaves_no_words_either(
    database: Database, database_url: str, begun: uuid.UUID, now: datetime
) -> None:
    file = Path(str(make_url(database_url).database))
    with database.writing() as session:
        fill(session, begun, now)
    with database.writing() as session:
        delete_expired(session, now + 2000 * DAY, draft_months=18, submission_years=3)
    assert all(CANARY.encode() not in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


@pytest.fixture
def stored(app: Flask) -> Database:
    found: Database = app.extensions["assess.database"]
    return found


def number_of(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_worker_tidies_up_each_day(stored: Database, settings: Settings, now: datetime) -> None:
    load_jobs()
    tidying = [table for table in all_schedules() if table.name == "tidy"]
    assert tidying
    with stored.writing() as session:
        start_assessment(session, session.scalars(select(EditionRow.id)).first() or 0, quick=False, now=now)
        session.add(RateCounter(key="x", count=1, until=now))
    later = now + timedelta(days=30.5 * 19)
    for moment, left in ((now, 1), (later, 0)):
        with stored.writing() as session:
            enqueue_due(session, tidying, moment)  # what else is due each day is not its business
        assert run_due_jobs(stored, settings, lambda now=moment: now) == 1
        assert number_of(stored, Assessment) == left
    assert number_of(stored, RateCounter) == 0
    assert get_job_type("tidy").seconds > 0


def test_what_was_removed_is_logged_as_a_number(
    stored: Database, settings: Settings, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    with stored.writing() as session:
        start_assessment(session, session.scalars(select(EditionRow.id)).first() or 0, quick=False, now=now)
    with stored.writing() as session:
        clean_up(session, now, settings)
    assert capsys.readouterr().out == ""
    with stored.writing() as session:
        clean_up(session, now + timedelta(days=600), settings)
    assert '"event": "outdated_removed", "number": 1' in capsys.readouterr().out
