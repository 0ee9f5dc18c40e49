"""All assessments of an organisation as a list, and the printable index of its current plans."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.core import pagination
from assess.core.clock import uk_date
from assess.core.documents.services import DocumentKind, DocumentSpec, Drawing, html_digest
from assess.identity.models import Organisation, Site
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.action_tracker.state import TrackerState
from assess.plans.actions import PlanItem, action_list_of
from assess.plans.check_codes import check_code_of, save_check_code
from assess.plans.copies import Record, business_record
from assess.plans.print_html import render_print_template
from assess.plans.words import BAND_WORDS
from assess.question_banks.editions import load_edition

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class AssessmentRow:
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
        return self.valid_until is not None and today.isoformat() > self.valid_until


@dataclass(frozen=True, slots=True)
class PlanIndexLine:
    """One current plan on the index. Dates are ISO; `band` is the word the business itself sees."""

    submission_id: int
    site: str | None
    sector: str
    made_on: str
    valid_until: str
    band: str
    code: str


@dataclass(frozen=True, slots=True)
class PlanIndex:
    """All current plans of an organisation on an ISO day. `others`: how many self-checks have none."""

    organisation: str
    on: str
    lines: Sequence[PlanIndexLine]
    others: int


def assessment_page(session: Session, organisation_id: uuid.UUID, number: int) -> pagination.Page[AssessmentRow]:
    """A page of the list, by site."""
    total = session.scalar(select(func.count()).where(Assessment.organisation_id == organisation_id)) or 0
    found = pagination.fetch_rows(session, _assessments_query(organisation_id), number, PAGE_SIZE, total=total)
    newest = _latest_submissions(session, [assessment.id for assessment, _ in found.rows])
    return found.with_rows(
        [_assessment_row(session, assessment, site, newest.get(assessment.id)) for assessment, site in found.rows]
    )


def plan_index_of(session: Session, organisation_id: uuid.UUID, name: str, today: date) -> PlanIndex:
    found = session.execute(_assessments_query(organisation_id)).all()
    by_assessment = _latest_submissions(session, [assessment.id for assessment, _ in found])
    lines = [
        PlanIndexLine(
            submission.id,
            site,
            load_edition(session, submission.edition_id).edition.title,
            submission.record["made_on"],
            submission.record["valid_until"],
            BAND_WORDS[submission.band],
            check_code_of(session, submission, "business"),
        )
        for assessment, site in found
        if (submission := by_assessment.get(assessment.id)) is not None
        and today.isoformat() <= submission.record["valid_until"]
    ]
    return PlanIndex(name, today.isoformat(), lines, len(found) - len(lines))


def next_due(record: Record, state: TrackerState) -> str | None:
    """By when the next open step of a plan is due, as an ISO date; what waits for advice is no step yet, and what is for later has no date."""
    items: Sequence[PlanItem] = action_list_of(business_record(record), state).items
    return min((item.due_date for item in items if item.due_date and not item.state.is_closed), default=None)


def _assessments_query(organisation_id: uuid.UUID) -> Select[Assessment, str | None]:
    return (
        select(Assessment, Site.name)
        .outerjoin(Site, Site.id == Assessment.site_id)
        .where(Assessment.organisation_id == organisation_id)
        .order_by(Site.name.is_(None), func.lower(Site.name), Assessment.started_at, Assessment.id)
    )


def _latest_submissions(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Submission]:
    newest = (
        select(Submission.assessment_id, func.max(Submission.number).label("number"))
        .group_by(Submission.assessment_id)
        .subquery()
    )
    is_newest = (newest.c.assessment_id == Submission.assessment_id) & (newest.c.number == Submission.number)
    found = session.scalars(select(Submission).join(newest, is_newest).where(Submission.assessment_id.in_(ids)))
    return {submission.assessment_id: submission for submission in found}


def _assessment_row(
    session: Session, assessment: Assessment, site: str | None, newest: Submission | None
) -> AssessmentRow:
    sector = load_edition(session, assessment.edition_id).edition.title
    begun = uk_date(assessment.started_at).isoformat()
    if newest is None:
        return AssessmentRow(assessment.id, site, sector, begun, correcting=False)
    record = newest.record
    return AssessmentRow(
        assessment.id,
        site,
        sector,
        begun,
        correcting=not assessment.submitted,
        submitted_on=record["made_on"],
        valid_until=record["valid_until"],
        band=BAND_WORDS[newest.band],
        next_due=next_due(record, get_tracker_state(session, newest.id)),
    )


def plan_index_html(index: PlanIndex) -> str:
    """The whole document. The same plans on the same day give the same text."""
    return render_print_template("plans/plan_index_print.html", index=index)


def plan_index_document(session: Session, organisation_id: uuid.UUID, now: datetime) -> DocumentSpec | None:
    """None where no plan is current, or the organisation is gone."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        return None
    index = plan_index_of(session, organisation_id, organisation.name, uk_date(now))
    if not index.lines:
        return None
    html = plan_index_html(index)
    return DocumentSpec(
        key=html_digest(html),
        title="Index of all your plans (PDF)",
        file_name="index-of-plans-{day}.pdf",
        meanwhile="The page has the same list, and your browser can print it.",
        draw=lambda _session: Drawing(html),
        hold=lambda session: session.execute(
            select(Assessment.id)
            .where(Assessment.organisation_id == organisation_id)
            .order_by(Assessment.id)
            .with_for_update(read=True)
        ).all(),
        saved=partial(_save_check_codes, index.lines),
    )


def _save_check_codes(lines: Sequence[PlanIndexLine], session: Session, _now: datetime) -> None:
    """Those that stand on the index. Of what was deleted meanwhile nothing is stored."""
    for line in lines:
        submission = session.get(Submission, line.submission_id, with_for_update={"read": True, "key_share": True})
        if submission is not None:
            save_check_code(session, submission, "business")


PLAN_INDEX = DocumentKind("plan_index", "organisation_id", plan_index_document)
