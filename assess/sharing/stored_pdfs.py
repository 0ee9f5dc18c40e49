"""The PDF of a share: each share has its own, so files tell nothing about other buyers."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.core.clock import uk_date
from assess.core.db import dialect_insert
from assess.core.jobs.services import ORDER_LONG, JobContext, enqueue, latest_job_with_key
from assess.engine.record import canonical_json
from assess.plans.annex import PrintedSignOff
from assess.plans.stored_pdfs import (
    PdfFile,
    PdfStatus,
    log_pdf_errors,
    pdf_status_of_job,
    printed_sign_off,
    render_html_pdf,
)
from assess.sharing.models import ShareGrant, StoredSharePdf
from assess.sharing.services import is_live, share_check_code
from assess.sharing.shared_copy import shared_copy_from_json, shared_copy_html
from assess.sharing.viewing import copy_valid_until, is_latest_submission, with_valid_until

SHARE_PDF_JOB = "print_share"


@dataclass(frozen=True, slots=True)
class SharePdf:
    grant_id: uuid.UUID
    title = "The shared copy (PDF)"
    meanwhile = "You can read the copy on its page."

    def name(self, made_at: datetime) -> str:
        return f"buyer-copy-{uk_date(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> PdfFile | None:
        grant = session.get(ShareGrant, self.grant_id)
        found = session.get(StoredSharePdf, self.grant_id)
        if grant is None or found is None or found.page != page_digest(grant, buyer_sign_off(session, grant)):
            return None
        return PdfFile(found.content, found.digest, found.made_at)

    def standing(self, session: Session, now: datetime) -> PdfStatus:
        grant = session.get(ShareGrant, self.grant_id)
        if grant is None:
            return PdfStatus.NOT_ORDERED
        page = page_digest(grant, buyer_sign_off(session, grant))
        if session.scalar(select(StoredSharePdf.page).where(StoredSharePdf.grant_id == self.grant_id)) == page:
            return PdfStatus.READY
        return pdf_status_of_job(latest_job_with_key(session, self._key(page)), now)

    def order(self, session: Session, now: datetime) -> None:
        grant = session.get(ShareGrant, self.grant_id, with_for_update={"read": True, "key_share": True})
        if grant is None:
            return
        key = self._key(page_digest(grant, buyer_sign_off(session, grant)))
        enqueue(
            session,
            SHARE_PDF_JOB,
            key=key,
            about=grant.assessment_id,
            rank=ORDER_LONG,
            now=now,
            grant_id=self.grant_id.hex,
        )

    def _key(self, page: str) -> str:
        return f"{SHARE_PDF_JOB} {self.grant_id.hex} {page[:32]}"


def buyer_sign_off(session: Session, grant: ShareGrant) -> PrintedSignOff | None:
    """The sign-off a buyer reads of now. It is no part of what was frozen: the business can take it back, and then it is gone here too."""
    return printed_sign_off(session, grant.submission_id, "buyer")


def page_digest(grant: ShareGrant, signed: PrintedSignOff | None = None) -> str:
    """What tells this file from an earlier one of the same share: SHA-256 of all that is printed."""
    printed = [grant.document, copy_valid_until(grant), *([] if signed is None else [signed.on])]
    return hashlib.sha256(canonical_json(printed)).hexdigest()


@dataclass(frozen=True, slots=True)
class PageToPrint:
    page: str
    html: str


def page_to_print(session: Session, grant_id: uuid.UUID, now: datetime) -> PageToPrint | None:
    """What is to be printed now; None when it is there, or nobody may see it any more."""
    grant = session.get(ShareGrant, grant_id)
    if grant is None or not _is_printable(session, grant, now):
        return None
    signed = buyer_sign_off(session, grant)
    page = page_digest(grant, signed)
    if session.scalar(select(StoredSharePdf.page).where(StoredSharePdf.grant_id == grant_id)) == page:
        return None
    submission = session.get_one(Submission, grant.submission_id)
    shared = with_valid_until(shared_copy_from_json(grant.document), copy_valid_until(grant))
    code = share_check_code(session, grant.document)
    return PageToPrint(page, shared_copy_html(shared, submission.record, code, signed))


def save_share_pdf(session: Session, grant_id: uuid.UUID, page: str, content: bytes, now: datetime) -> bool:
    """Store the file. False when it came too late: the share was ended, changed or deleted meanwhile."""
    grant = session.get(ShareGrant, grant_id, with_for_update=True, populate_existing=True)
    if grant is None or not _is_printable(session, grant, now):
        return False
    if page_digest(grant, buyer_sign_off(session, grant)) != page:
        return False
    session.execute(delete(StoredSharePdf).where(StoredSharePdf.grant_id == grant_id, StoredSharePdf.page != page))
    row = {
        "grant_id": grant_id,
        "page": page,
        "digest": hashlib.sha256(content).hexdigest(),
        "content": content,
        "made_at": now,
    }
    session.execute(dialect_insert(session, StoredSharePdf).values(row).on_conflict_do_nothing())
    return True


def _is_printable(session: Session, grant: ShareGrant, now: datetime) -> bool:
    return is_live(grant, now) and is_latest_submission(session, grant)


def render_share_pdf(context: JobContext, *, grant_id: str) -> None:
    """Unless it is there or nobody may see it any more. Raises PdfError: nothing was stored; the job is tried again."""
    of = uuid.UUID(hex=grant_id)
    with context.database.reading() as session:
        wanted = page_to_print(session, of, context.now())
    if wanted is None:
        return
    with log_pdf_errors():
        content = render_html_pdf(wanted.html)
    with context.database.writing() as session:
        save_share_pdf(session, of, wanted.page, content, context.now())
