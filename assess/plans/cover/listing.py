"""All assessments of an organisation as its list shows them, and those whose plan is current as its cover does."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assess.assessments.access import loaded_edition
from assess.assessments.models import Assessment, Submission
from assess.kit.clock import date_at
from assess.people.models import Site
from assess.plans.actions import Item, register_of
from assess.plans.check_code.codes import code_of
from assess.plans.copies import Record, business_record
from assess.plans.register.keeping import state_of
from assess.plans.register.state import RegisterState
from assess.plans.words import BANDS

Columns = TypeVarTuple("Columns")
PAGE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One assessment. Dates are ISO. `submitted_on` to `next_due` are None before the first submission.

    `correcting`: a new version is being prepared. `next_due`: by when the next open step is due; None too when none is open.
    """

    id: uuid.UUID
    site: str | None
    sector: str
    begun_on: str
    correcting: bool
    submitted_on: str | None = None
    valid_until: str | None = None
    band: str | None = None
    next_due: str | None = None

    def is_over(self, today: date) -> bool:
        """Whether its plan is older than a year."""
        return self.valid_until is not None and today.isoformat() > self.valid_until


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list. `number` and `pages` count from 1."""

    rows: Sequence[Listed]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One current plan on the cover. Dates are ISO; `band` is the word the business itself sees."""

    submission_id: int
    site: str | None
    sector: str
    made_on: str
    valid_until: str
    band: str
    code: str


@dataclass(frozen=True, slots=True)
class Cover:
    """All current plans of an organisation on an ISO day. `others`: how many self-checks have none."""

    organisation: str
    on: str
    lines: Sequence[CoverLine]
    others: int


def list_page(session: Session, organisation_id: uuid.UUID, number: int) -> ListPage:
    """A page of the list, by site. A number beyond the last page is the last."""
    total = session.scalar(select(func.count()).where(Assessment.organisation_id == organisation_id)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, number), pages)
    found = session.execute(_of(organisation_id).limit(PAGE).offset((page - 1) * PAGE)).all()
    newest = _newest(session, [assessment.id for assessment, _ in found])
    rows = [_listed(session, assessment, site, newest.get(assessment.id)) for assessment, site in found]
    return ListPage(rows, page, pages, total)


def cover_of(session: Session, organisation_id: uuid.UUID, name: str, today: date) -> Cover:
    """The cover as it is today."""
    found = session.execute(_of(organisation_id)).all()
    by_assessment = _newest(session, [assessment.id for assessment, _ in found])
    lines = [
        CoverLine(
            submission.id,
            site,
            loaded_edition(submission.edition_id).edition.title,
            submission.record["made_on"],
            submission.record["valid_until"],
            BANDS[submission.band],
            code_of(session, submission, "business"),
        )
        for assessment, site in found
        if (submission := by_assessment.get(assessment.id)) is not None
        and today.isoformat() <= submission.record["valid_until"]
    ]
    return Cover(name, today.isoformat(), lines, len(found) - len(lines))


def next_due(record: Record, state: RegisterState) -> str | None:
    """By when the next open step of a plan is due, as an ISO date; what waits for advice is no step yet, and what is for later has no date."""
    items: Sequence[Item] = register_of(business_record(record), state).items
    return min((item.due_date for item in items if item.due_date and not item.state.settled), default=None)


def _of(organisation_id: uuid.UUID) -> Select[Assessment, str | None]:
    return (
        select(Assessment, Site.name)
        .outerjoin(Site, Site.id == Assessment.site_id)
        .where(Assessment.organisation_id == organisation_id)
        .order_by(Site.name.is_(None), func.lower(Site.name), Assessment.started_at, Assessment.id)
    )


def _latest(wanted: Select[*Columns]) -> Select[*Columns]:
    """The same of the newest submission of each assessment alone."""
    newest = (
        select(Submission.assessment_id, func.max(Submission.number).label("number"))
        .group_by(Submission.assessment_id)
        .subquery()
    )
    return wanted.join(
        newest, (newest.c.assessment_id == Submission.assessment_id) & (newest.c.number == Submission.number)
    )


def _newest(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Submission]:
    found = session.scalars(_latest(select(Submission)).where(Submission.assessment_id.in_(ids)))
    return {submission.assessment_id: submission for submission in found}


def _listed(session: Session, assessment: Assessment, site: str | None, newest: Submission | None) -> Listed:
    sector = loaded_edition(assessment.edition_id).edition.title
    begun = _day(assessment.started_at)
    if newest is None:
        return Listed(assessment.id, site, sector, begun, correcting=False)
    record = newest.record
    return Listed(
        assessment.id,
        site,
        sector,
        begun,
        correcting=not assessment.submitted,
        submitted_on=record["made_on"],
        valid_until=record["valid_until"],
        band=BANDS[newest.band],
        next_due=next_due(record, state_of(session, newest.id)),
    )


def _day(moment: datetime) -> str:
    return date_at(moment).isoformat()
