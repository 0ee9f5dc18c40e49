"""The printed summary: HTML, stored PDF and print job. A stored PDF is served only while its page is unchanged."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.clock import uk_date
from assess.core.db import dialect_insert
from assess.core.jobs.services import ORDER_LONG, JobContext, enqueue, latest_job_with_key
from assess.core.logs import log
from assess.identity.models import Organisation
from assess.plans.pages import render_print_template
from assess.plans.stored_pdfs import (
    PdfFile,
    PdfRenderError,
    PdfStatus,
    PdfWorkerBusyError,
    PdfWorkerUnavailableError,
    pdf_status_of_job,
    render_html_pdf,
)
from assess.portfolio import charts as portfolio_charts
from assess.portfolio.contact_first import SCORE_PART_LABELS, sector_label
from assess.portfolio.dashboard import DASHBOARD_BAND_LABELS, STATUS_GROUPS, Dashboard, get_dashboard
from assess.portfolio.models import SummaryFile


def page_digest(html: str) -> str:
    """What tells this summary from others: the SHA-256 of its page in hexadecimal."""
    return hashlib.sha256(html.encode()).hexdigest()


def get_summary_pdf(session: Session, buyer_id: uuid.UUID, html: str, *, names: bool) -> PdfFile | None:
    """The stored file, if it is the one of this page."""
    found = session.get(SummaryFile, (buyer_id, names))
    if found is None or found.text != page_digest(html):
        return None
    return PdfFile(found.content, hashlib.sha256(found.content).hexdigest(), found.made_at)


def has_summary_pdf(session: Session, buyer_id: uuid.UUID, html: str, *, names: bool) -> bool:
    """Whether the file of this page is there, without reading it."""
    text = select(SummaryFile.text).where(SummaryFile.buyer_id == buyer_id, SummaryFile.names.is_(names))
    return session.scalar(text) == page_digest(html)


def save_summary_pdf(
    session: Session, buyer_id: uuid.UUID, html: str, content: bytes, now: datetime, *, names: bool
) -> None:
    """Store the file in the place of the one before. Of a buyer that is gone nothing is stored."""
    # held until the end of this transaction, so that nobody deletes it before the file hangs on it
    locked = select(Organisation.id).where(Organisation.id == buyer_id).with_for_update(read=True, key_share=True)
    if session.scalar(locked) is None:
        return
    row = {"text": page_digest(html), "content": content, "made_at": now}
    stored = dialect_insert(session, SummaryFile).values(buyer_id=buyer_id, names=names, **row)
    session.execute(
        stored.on_conflict_do_update(
            index_elements=["buyer_id", "names"], set_={name: stored.excluded[name] for name in row}
        )
    )


def summary_html(dashboard: Dashboard, *, names: bool) -> str:
    """The whole document. `names`: with the names of those to call first. The same picture gives the same text."""
    return render_print_template(
        "portfolio/summary_pdf.html",
        picture=dashboard,
        names=names,
        bands=DASHBOARD_BAND_LABELS,
        groups=STATUS_GROUPS,
        parts_of=SCORE_PART_LABELS,
        sector_name=sector_label,
        shapes=portfolio_charts,
    )


def print_summary(context: JobContext, *, buyer: str, names: bool) -> None:
    """Print the summary as it is at this moment, unless that file is there. Of a buyer that is gone nothing is printed.

    Raises:
        PdfWorkerBusyError, PdfWorkerUnavailableError, PdfRenderError: nothing was stored; the job is tried again.
    """
    buyer_id = uuid.UUID(buyer)
    with context.database.reading() as look:
        found = look.get(Organisation, buyer_id)
        if found is None:
            return
        dashboard = get_dashboard(look, buyer_id, found.name, context.now())
        html = summary_html(dashboard, names=names)
        if not dashboard.total or has_summary_pdf(look, buyer_id, html, names=names):
            return
    try:
        content = render_html_pdf(html)
    except (PdfWorkerBusyError, PdfWorkerUnavailableError, PdfRenderError) as error:
        # the sentence is ours; for a machine that lacks something it says what
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise
    with context.database.writing() as session:
        # a business that ended a share meanwhile must not be counted on a file
        if summary_html(get_dashboard(session, buyer_id, found.name, context.now()), names=names) == html:
            save_summary_pdf(session, buyer_id, html, content, context.now(), names=names)


PRINT_SUMMARY_JOB = "print_summary"


@dataclass(frozen=True)
class SummaryPdf:
    buyer_id: uuid.UUID
    picture: Dashboard
    names: bool

    @cached_property
    def html(self) -> str:
        return summary_html(self.picture, names=self.names)

    @property
    def title(self) -> str:
        return "Summary for your board (PDF)"

    @property
    def meanwhile(self) -> str:
        return "The overview has the same numbers, and your browser can print it."

    def name(self, made_at: datetime) -> str:
        """A neutral name and the day."""
        return f"summary-for-the-board-{uk_date(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> PdfFile | None:
        return get_summary_pdf(session, self.buyer_id, self.html, names=self.names)

    def standing(self, session: Session, now: datetime) -> PdfStatus:
        if has_summary_pdf(session, self.buyer_id, self.html, names=self.names):
            return PdfStatus.READY
        return pdf_status_of_job(latest_job_with_key(session, self.key), now)

    def order(self, session: Session, now: datetime) -> None:
        enqueue(
            session,
            PRINT_SUMMARY_JOB,
            key=self.key,
            rank=ORDER_LONG,
            now=now,
            buyer=self.buyer_id.hex,
            names=self.names,
        )

    @property
    def key(self) -> str:
        """What may not be printed twice at the same time."""
        return f"{PRINT_SUMMARY_JOB} {self.buyer_id.hex} {page_digest(self.html)}"
