"""Removing for good: at the wish of the business, and when the time to keep something is up.

Everything of an assessment hangs on its row and goes with it: answers, submissions, registers, their histories, stored documents, links and
visits. On SQLite the freed pages are overwritten and the log is emptied, so that the words are not left in the file. Copies
in backups go when the backups do; the pages say so.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session
from sqlalchemy.sql import Delete

from assess.assessments.answering import lock
from assess.assessments.models import Assessment, Visit
from assess.kit.db import erase_after_commit

DAYS_OF_A_MONTH = 30.4375
DAYS_VISITS_ARE_KEPT = 2
"""A visit that is over is kept a little, so that whoever comes back too late is told so and not turned away."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows went because their time was up."""

    drafts: int
    submitted: int
    visits: int


def delete_assessment(session: Session, assessment_id: uuid.UUID) -> None:
    """Delete an assessment and everything that belongs to it, for good, with effect from this commit.

    Raises:
        AssessmentUnknownError: when it is not there.
    """
    assessment = lock(session, assessment_id)
    session.execute(delete(Assessment).where(Assessment.id == assessment.id))
    erase_after_commit(session)


def remove_outdated(session: Session, now: datetime, *, draft_months: int, submission_years: int) -> Removed:
    """Delete what was kept long enough: drafts nobody touched, assessments long submitted, visits that are over.

    It may be run at any time and as often as one likes.
    """
    untouched = now - timedelta(days=draft_months * DAYS_OF_A_MONTH)
    long_ago = now - timedelta(days=submission_years * 12 * DAYS_OF_A_MONTH)
    open_ones = (Assessment.version == 1) & Assessment.submitted_at.is_(None)
    removed = Removed(
        drafts=_count(session, delete(Assessment).where(open_ones, Assessment.changed_at < untouched)),
        submitted=_count(session, delete(Assessment).where(~open_ones, Assessment.changed_at < long_ago)),
        visits=_count(session, delete(Visit).where(Visit.until < now - timedelta(days=DAYS_VISITS_ARE_KEPT))),
    )
    if removed.drafts or removed.submitted:
        erase_after_commit(session)
    return removed


def _count(session: Session, statement: Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0
