"""The PDF of a share: each share has its own, so files tell nothing about other buyers."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.core.documents.services import DocumentKind, Drawing, Page
from assess.engine.record import canonical_json
from assess.plans.annex import PrintedSignOff
from assess.plans.stored_pdfs import printed_sign_off
from assess.sharing.models import ShareGrant
from assess.sharing.services import is_live, share_check_code
from assess.sharing.shared_copy import shared_copy_from_json, shared_copy_html
from assess.sharing.viewing import copy_valid_until, is_latest_submission, with_valid_until


def buyer_sign_off(session: Session, grant: ShareGrant) -> PrintedSignOff | None:
    """The sign-off a buyer reads of now. It is no part of what was frozen: the business can take it back, and then it is gone here too."""
    return printed_sign_off(session, grant.submission_id, "buyer")


def page_digest(grant: ShareGrant, signed: PrintedSignOff | None = None) -> str:
    """What tells this file from an earlier one of the same share: SHA-256 of all that is printed."""
    printed = [grant.document, copy_valid_until(grant), *([] if signed is None else [signed.on])]
    return hashlib.sha256(canonical_json(printed)).hexdigest()


def share_page(session: Session, grant_id: uuid.UUID, now: datetime) -> Page | None:
    """None once nobody may see it any more: the share is over or deleted, or the business has answered again."""
    grant = session.get(ShareGrant, grant_id, populate_existing=True)
    if grant is None or not is_live(grant, now) or not is_latest_submission(session, grant):
        return None
    signed = buyer_sign_off(session, grant)

    def draw(session: Session) -> Drawing:
        submission = session.get_one(Submission, grant.submission_id)
        shared = with_valid_until(shared_copy_from_json(grant.document), copy_valid_until(grant))
        code = share_check_code(session, grant.document)
        return Drawing(shared_copy_html(shared, submission.record, code, signed))

    return Page(
        key=page_digest(grant, signed),
        title="The shared copy (PDF)",
        file_name="buyer-copy-{day}.pdf",
        meanwhile="You can read the copy on its page.",
        draw=draw,
        assessment_id=grant.assessment_id,
    )


SHARED_COPY = DocumentKind("share", "grant_id", share_page)
