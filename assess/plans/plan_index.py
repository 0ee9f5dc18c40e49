"""All assessments of an organisation as a list, and the printable index of its current plans."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assess.assessments.access import loaded_edition
from assess.assessments.models import Assessment, Submission
from assess.core.clock import uk_date
from assess.core.db import dialect_insert
from assess.core.jobs.services import ORDER_LONG, JobContext, enqueue, latest_job_with_key
from assess.identity.models import Organisation, Site
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.action_tracker.state import TrackerState
from assess.plans.actions import PlanItem, action_list_of
from assess.plans.check_codes import check_code_of, save_check_code
from assess.plans.copies import Record, business_record
from assess.plans.models import StoredPlanIndexPdf
from assess.plans.pages import render_print_template
from assess.plans.stored_pdfs import (
    PdfFile,
    PdfStatus,
    html_digest,
    log_pdf_errors,
    pdf_status_of_job,
    render_html_pdf,
)
from assess.plans.words import BAND_WORDS


def get_plan_index_pdf(session: Session, organisation_id: uuid.UUID, html: str) -> PdfFile | None:
    found = session.get(StoredPlanIndexPdf, organisation_id)
    if found is None or found.text != html_digest(html):
        return None
    return PdfFile(found.content, hashlib.sha256(found.content).hexdigest(), found.made_at)


def has_plan_index_pdf(session: Session, organisation_id: uuid.UUID, html: str) -> bool:
    text = select(StoredPlanIndexPdf.text).where(StoredPlanIndexPdf.organisation_id == organisation_id)
    return session.scalar(text) == html_digest(html)


def save_plan_index_pdf(
    session: Session,
    organisation_id: uuid.UUID,
    html: str,
    content: bytes,
    lines: Iterable[PlanIndexLine],
    now: datetime,
) -> None:
    """Store the file in the place of the one before, and the codes that stand on it. Of what was deleted nothing is stored."""
    # held until the end of this transaction, so that nobody deletes it before the file hangs on it
    held = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(read=True, key_share=True)
    if session.scalar(held) is None:
        return
    row = {"text": html_digest(html), "content": content, "made_at": now}
    stored = dialect_insert(session, StoredPlanIndexPdf).values(organisation_id=organisation_id, **row)
    session.execute(
        stored.on_conflict_do_update(
            index_elements=["organisation_id"], set_={name: stored.excluded[name] for name in row}
        )
    )
    for line in lines:
        submission = session.get(Submission, line.submission_id, with_for_update={"read": True, "key_share": True})
        if submission is not None:
            save_check_code(session, submission, "business")


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
class AssessmentPage:
    rows: Sequence[AssessmentRow]
    number: int
    pages: int
    total: int


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


def assessment_page(session: Session, organisation_id: uuid.UUID, number: int) -> AssessmentPage:
    """A page of the list, by site. A number beyond the last page is the last."""
    total = session.scalar(select(func.count()).where(Assessment.organisation_id == organisation_id)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, number), pages)
    found = session.execute(_assessments_query(organisation_id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    newest = _latest_submissions(session, [assessment.id for assessment, _ in found])
    rows = [_assessment_row(session, assessment, site, newest.get(assessment.id)) for assessment, site in found]
    return AssessmentPage(rows, page, pages, total)


def plan_index_of(session: Session, organisation_id: uuid.UUID, name: str, today: date) -> PlanIndex:
    found = session.execute(_assessments_query(organisation_id)).all()
    by_assessment = _latest_submissions(session, [assessment.id for assessment, _ in found])
    lines = [
        PlanIndexLine(
            submission.id,
            site,
            loaded_edition(submission.edition_id).edition.title,
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
    return min((item.due_date for item in items if item.due_date and not item.state.settled), default=None)


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
    sector = loaded_edition(assessment.edition_id).edition.title
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


def render_plan_index_pdf(context: JobContext, *, organisation: str) -> None:
    """Print the index as it is at this moment, unless that file is there. Of an organisation that is gone nothing is printed.

    Raises PdfError: nothing was stored; the job is tried again.
    """
    organisation_id = uuid.UUID(organisation)
    with context.database.reading() as session:
        found = session.get(Organisation, organisation_id)
        if found is None:
            return
        index = plan_index_of(session, organisation_id, found.name, uk_date(context.now()))
        html = plan_index_html(index)
        if not index.lines or has_plan_index_pdf(session, organisation_id, html):
            return
    with log_pdf_errors():
        content = render_html_pdf(html)
    with context.database.writing() as session:
        # a plan that was deleted or moved meanwhile must not stand on an index
        if plan_index_html(plan_index_of(session, organisation_id, found.name, uk_date(context.now()))) == html:
            save_plan_index_pdf(session, organisation_id, html, content, index.lines, context.now())


PLAN_INDEX_JOB = "print_cover"


@dataclass(frozen=True)
class PlanIndexPdf:
    organisation_id: uuid.UUID
    index: PlanIndex
    title = "Index of all your plans (PDF)"
    meanwhile = "The page has the same list, and your browser can print it."

    @cached_property
    def html(self) -> str:
        return plan_index_html(self.index)

    def name(self, made_at: datetime) -> str:
        return f"index-of-plans-{uk_date(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> PdfFile | None:
        return get_plan_index_pdf(session, self.organisation_id, self.html)

    def standing(self, session: Session, now: datetime) -> PdfStatus:
        if has_plan_index_pdf(session, self.organisation_id, self.html):
            return PdfStatus.READY
        return pdf_status_of_job(latest_job_with_key(session, self.key), now)

    def order(self, session: Session, now: datetime) -> None:
        enqueue(session, PLAN_INDEX_JOB, key=self.key, rank=ORDER_LONG, now=now, organisation=self.organisation_id.hex)

    @property
    def key(self) -> str:
        """What may not be printed twice at the same time."""
        return f"{PLAN_INDEX_JOB} {self.organisation_id.hex} {html_digest(self.html)}"
