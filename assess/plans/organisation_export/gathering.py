"""What an organisation takes away: each of its assessments with all that hangs on it, one at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.submitting import latest_id
from assess.banks.models import Edition
from assess.kit.clock import date_at
from assess.kit.db import Document
from assess.people.models import Site
from assess.plans.copies import Copy, business_record
from assess.plans.organisation_export.rows import OF_ASSESSMENT, OF_SUBMISSION, THROUGH, rows_about, rows_through
from assess.plans.printing.models import Rendered
from assess.plans.printing.standing import Standing, order, standing_of

COPY: Copy = "business"


@dataclass(frozen=True, slots=True)
class Listed:
    """One assessment of the organisation. `folder` is the name of its folder in the file."""

    id: uuid.UUID
    folder: str
    sector: str
    site: str | None


def assessments_of(session: Session, organisation_id: uuid.UUID) -> Sequence[Listed]:
    """All of them, the oldest first."""
    rows = session.execute(
        select(Assessment.id, Edition.bank, Site.name)
        .join(Edition, Edition.id == Assessment.edition_id)
        .outerjoin(Site, Site.id == Assessment.site_id)
        .where(Assessment.organisation_id == organisation_id)
        .order_by(Assessment.started_at, Assessment.id)
    )
    return [Listed(key, f"{number:03}-{bank}", bank, site) for number, (key, bank, site) in enumerate(rows, 1)]


def is_still_of(session: Session, assessment_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    """Whether it belongs to the organisation at this moment: it may have gone while the file is on its way."""
    wanted = select(Assessment.id).where(Assessment.id == assessment_id, Assessment.organisation_id == organisation_id)
    return session.scalar(wanted) is not None


def documents_of(session: Session, listed: Listed) -> Iterator[tuple[str, Document]]:
    """The name and content of each JSON file of an assessment.

    Records are those of a business: they name no sign. So their digest is that of the full record, which stays here.
    """
    assessment = session.get_one(Assessment, listed.id)
    head: Document = {
        "id": str(assessment.id),
        "sector": listed.sector,
        "site": listed.site,
        "quick": assessment.quick,
        "started_at": assessment.started_at.isoformat(),
        "changed_at": assessment.changed_at.isoformat(),
        "submitted_at": assessment.submitted_at.isoformat() if assessment.submitted_at else None,
    }
    own = rows_about(session, OF_ASSESSMENT, "assessment_id", listed.id)
    yield "self-check.json", head | own | rows_through(session, THROUGH, listed.id)
    for submission in session.scalars(
        select(Submission).where(Submission.assessment_id == listed.id).order_by(Submission.number)
    ):
        yield (
            f"submission-{submission.number}.json",
            {
                "number": submission.number,
                "made_at": submission.made_at.isoformat(),
                "digest_of_full_record": submission.digest,
                "record": business_record(submission.record),
                "register": rows_about(session, OF_SUBMISSION, "submission_id", submission.id),
            },
        )


def plans_of(session: Session, listed: Listed) -> Iterator[tuple[str, bytes]]:
    """The printed plans of an assessment, as they were printed: name and content. Each is read when its turn comes."""
    keys = session.execute(
        select(Submission.number, Rendered.submission_id, Rendered.state, Rendered.made_at)
        .join(Submission, Submission.id == Rendered.submission_id)
        .where(Submission.assessment_id == listed.id, Rendered.copy == COPY)
        .order_by(Submission.number, Rendered.made_at, Rendered.state)
    ).all()
    for place, (number, submission_id, state, made_at) in enumerate(keys, 1):
        content = session.scalar(
            select(Rendered.content).where(
                Rendered.submission_id == submission_id, Rendered.copy == COPY, Rendered.state == state
            )
        )
        if content is not None:
            yield f"plan-{number}-{date_at(made_at).isoformat()}-{place}.pdf", content


def unprinted(session: Session, listed: Sequence[Listed], now: datetime) -> dict[uuid.UUID, Standing]:
    """Which of these have a plan that is not printed as it stands now, and how far that is."""
    found: dict[uuid.UUID, Standing] = {}
    for one in listed:
        submission_id = latest_id(session, one.id)
        if submission_id is not None:
            standing = standing_of(session, submission_id, COPY, now)
            if standing is not Standing.READY:
                found[one.id] = standing
    return found


def order_unprinted(session: Session, listed: Sequence[Listed], now: datetime) -> int:
    """Have everything printed that is not, by the job that prints plans. Returns how many were missing."""
    missing = unprinted(session, listed, now)
    for assessment_id in missing:
        submission_id = latest_id(session, assessment_id)
        if submission_id is not None:
            order(session, submission_id, COPY, now)
    return len(missing)
