"""Removing for good: at the wish of the business, and when the time to keep something is up.

Everything of an assessment hangs on its row and goes with it: answers, submissions, registers, their histories, stored documents, links and
visits. On SQLite the freed pages are overwritten and the log is emptied, so that the words are not left in the file. Copies
in backups go when the backups do; the pages say so.
"""

from __future__ import annotations

import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, delete, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql import Delete

from assess.assessments.answering import lock
from assess.assessments.events import AssessmentsDeleted
from assess.assessments.models import Assessment, Visit
from assess.kit.clock import now as this_moment
from assess.kit.db import erase_after_commit
from assess.kit.events import publishing
from assess.people.models import Organisation
from assess.people.organisations.events import OrganisationDeleted

DAYS_OF_A_MONTH = 30.4375
DAYS_VISITS_ARE_KEPT = 2
"""A visit that is over is kept a little, so that whoever comes back too late is told so and not turned away."""

_AT_ONCE = 500
"""Assessments in one statement: databases take so many values and no more."""


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
    with publishing(session, AssessmentsDeleted((assessment.id,), this_moment())):
        session.execute(delete(Assessment).where(Assessment.id == assessment.id))
    erase_after_commit(session)


def remove_outdated(session: Session, now: datetime, *, draft_months: int, submission_years: int) -> Removed:
    """Delete what was kept long enough: drafts nobody touched, assessments long submitted, visits that are over.

    An organisation may have its submissions kept for a shorter time, never for a longer one. It may be run at any time and as
    often as one likes.
    """
    untouched = now - timedelta(days=draft_months * DAYS_OF_A_MONTH)
    open_ones = (Assessment.version == 1) & Assessment.submitted_at.is_(None)
    removed = Removed(
        drafts=_remove(session, now, open_ones, Assessment.changed_at < untouched),
        submitted=sum(
            _remove(session, now, ~open_ones, Assessment.changed_at < long_ago, whose)
            for long_ago, whose in _kept_until(session, now, submission_years)
        ),
        visits=_count(session, delete(Visit).where(Visit.until < now - timedelta(days=DAYS_VISITS_ARE_KEPT))),
    )
    if removed.drafts or removed.submitted:
        erase_after_commit(session)
    return removed


def assessments_of_organisation(session: Session, event: OrganisationDeleted) -> Generator[None]:
    """The assessments of an organisation go with its row."""
    its_own = select(Assessment.id).where(Assessment.organisation_id == event.organisation_id)
    with publishing(session, AssessmentsDeleted(tuple(session.scalars(its_own)), this_moment())):
        yield


def _remove(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    """Delete these assessments."""
    found = session.scalars(select(Assessment.id).where(*which)).all()
    number = 0
    for start in range(0, len(found), _AT_ONCE):
        some = tuple(found[start : start + _AT_ONCE])
        with publishing(session, AssessmentsDeleted(some, now)):
            number += _count(session, delete(Assessment).where(Assessment.id.in_(some), *which))
    return number


def _kept_until(
    session: Session, now: datetime, submission_years: int
) -> Iterator[tuple[datetime, ColumnElement[bool]]]:
    """Since when untouched is too long, and of whose assessments."""
    yield now - timedelta(days=submission_years * 12 * DAYS_OF_A_MONTH), true()
    shorter = select(Organisation.keep_years).where(Organisation.keep_years < submission_years).distinct()
    for years in session.scalars(shorter).all():
        of_them = select(Organisation.id).where(Organisation.keep_years == years)
        yield now - timedelta(days=(years or 0) * 12 * DAYS_OF_A_MONTH), Assessment.organisation_id.in_(of_them)


def _count(session: Session, statement: Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0
