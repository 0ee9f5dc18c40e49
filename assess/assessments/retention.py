"""Deletes assessments for good: at the wish of the business, and daily when their retention period is over. Also runs the daily clean-up of other packages."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, delete, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql import Delete

from assess.assessments.assisted_completion import delete_unused_codes as forget_unused_codes
from assess.assessments.events import AssessmentsDeleted
from assess.assessments.models import Assessment, GuestSession
from assess.assessments.question_feedback import delete_old_feedback
from assess.assessments.services import lock_assessment
from assess.core import clock
from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.config import Settings
from assess.core.db import erase_after_commit
from assess.core.events import publishing
from assess.core.jobs.services import JobContext, delete_old_done_jobs
from assess.core.logs import log
from assess.core.post_redirects import delete_stored_pages
from assess.core.rate_limits import delete_expired_counters
from assess.identity.accounts.services import delete_expired_account_data as tidy_accounts
from assess.identity.events import OrganisationDeleted
from assess.identity.models import Organisation
from assess.identity.organisations.services import delete_expired_invitations as forget_invitations

DAYS_PER_MONTH = 30.4375
ENDED_SESSION_DAYS = 2
"""A guest session that is over is kept a little, so that the person who comes back too late is told so and not turned away."""

_BATCH_SIZE = 500
"""Assessments in one statement: databases take so many values and no more."""


@dataclass(frozen=True, slots=True)
class RemovedCounts:
    drafts: int
    submitted: int
    guest_sessions: int


def delete_assessment(session: Session, assessment_id: uuid.UUID) -> None:
    """Delete an assessment and all that belongs to it for good, from this commit. Raises AssessmentUnknownError."""
    assessment = lock_assessment(session, assessment_id)
    with publishing(session, AssessmentsDeleted((assessment.id,), clock.now())):
        session.execute(delete(Assessment).where(Assessment.id == assessment.id))
    erase_after_commit(session)


def delete_expired(session: Session, now: datetime, *, draft_months: int, submission_years: int) -> RemovedCounts:
    """Delete what was kept long enough: drafts nobody touched, assessments long submitted, guest sessions that are over.

    An organisation may have its submissions kept for a shorter time, never for a longer one. It may be run at any time and as
    often as one likes.
    """
    untouched = now - timedelta(days=draft_months * DAYS_PER_MONTH)
    open_ones = (Assessment.version == 1) & Assessment.submitted_at.is_(None)
    removed = RemovedCounts(
        drafts=_delete_assessments(session, now, open_ones, Assessment.changed_at < untouched),
        submitted=sum(
            _delete_assessments(session, now, ~open_ones, Assessment.changed_at < long_ago, whose)
            for long_ago, whose in _retention_limits(session, now, submission_years)
        ),
        guest_sessions=_deleted_rows(
            session, delete(GuestSession).where(GuestSession.until < now - timedelta(days=ENDED_SESSION_DAYS))
        ),
    )
    if removed.drafts or removed.submitted:
        erase_after_commit(session)
    return removed


def on_organisation_deleted(session: Session, event: OrganisationDeleted) -> Generator[None]:
    """The assessments of an organisation go with its row."""
    its_own = select(Assessment.id).where(Assessment.organisation_id == event.organisation_id)
    with publishing(session, AssessmentsDeleted(tuple(session.scalars(its_own)), clock.now())):
        yield


def _delete_assessments(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    found = session.scalars(select(Assessment.id).where(*which)).all()
    number = 0
    for start in range(0, len(found), _BATCH_SIZE):
        some = tuple(found[start : start + _BATCH_SIZE])
        with publishing(session, AssessmentsDeleted(some, now)):
            number += _deleted_rows(session, delete(Assessment).where(Assessment.id.in_(some), *which))
    return number


def _retention_limits(
    session: Session, now: datetime, submission_years: int
) -> Iterator[tuple[datetime, ColumnElement[bool]]]:
    yield now - timedelta(days=submission_years * 12 * DAYS_PER_MONTH), true()
    for years in session.scalars(
        select(Organisation.keep_years).where(Organisation.keep_years < submission_years).distinct()
    ).all():
        of_them = select(Organisation.id).where(Organisation.keep_years == years)
        yield now - timedelta(days=(years or 0) * 12 * DAYS_PER_MONTH), Assessment.organisation_id.in_(of_them)


def _deleted_rows(session: Session, statement: Delete) -> int:
    # nothing of them is read again in this session
    result = session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


def clean_up_daily(context: JobContext) -> None:
    with context.database.writing() as session:
        clean_up(session, context.now(), context.settings)


def clean_up(session: Session, now: datetime, settings: Settings) -> None:
    """Remove what is outdated at this moment. Done at each start too."""
    removed = delete_expired(
        session, now, draft_months=settings.draft_months, submission_years=settings.submission_years
    )
    forget_unused_codes(session, now)
    delete_old_feedback(session, now, months=settings.draft_months)
    delete_expired_counters(session, now)
    delete_stored_pages(session, now)
    forget_invitations(session, now)
    delete_old_done_jobs(session, now)
    tidy_accounts(session, now)
    if removed.drafts or removed.submitted:
        event = NewAuditEvent(
            action="assessment.delete",
            verb="removed",
            who=job_actor("tidy"),
            details={"drafts": removed.drafts, "submitted": removed.submitted},
        )
        append_event(session, AuditKeys.of(settings), event, now)
        log("outdated_removed", number=removed.drafts + removed.submitted)
