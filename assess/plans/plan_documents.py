"""The copies of a plan as printed documents: what a copy shows of tracker and sign-off, and how it is drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.sign_off import get_sign_off
from assess.assessments.submissions import latest_submission_id, record_etag
from assess.core.clock import uk_date
from assess.core.documents.services import DocumentKind, DocumentSpec, Drawing
from assess.engine.record import canonical_json
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.action_tracker.state import EMPTY_STATE, TrackerState, state_digest
from assess.plans.annex import PrintedSignOff
from assess.plans.check_codes import check_code_of, save_check_code
from assess.plans.copies import COPIES, Copy
from assess.plans.plan_page import state_for_wall_page
from assess.plans.print_html import attached_files, copy_html
from assess.question_banks.editions import load_edition


def state_for_copy(session: Session, submission_id: int, copy: Copy) -> TrackerState:
    """The tracker as this copy shows it now: nothing on a buyer's copy, of the wall what can be read there, else all of it."""
    if copy == "buyer":
        return EMPTY_STATE
    state = get_tracker_state(session, submission_id)
    if copy != "wall" or not state:
        return state
    submission = session.get(Submission, submission_id)
    return EMPTY_STATE if submission is None else state_for_wall_page(submission.record, state)


def pdf_key(state: TrackerState, signed: PrintedSignOff | None) -> str:
    """What tells files of one copy apart: the digest of the tracker; with a sign-off, of both. Empty while there is neither."""
    digest = state_digest(state)
    if signed is None:
        return digest
    return hashlib.sha256(canonical_json({"state": digest, "signed": asdict(signed)})).hexdigest()


PDF_TITLES: Mapping[Copy, str] = {
    "business": "Your whole plan (PDF)",
    "large": "Your whole plan in large print (PDF)",
    "annex": "Every point and source (annex, PDF)",
    "wall": "One page for the wall (PDF)",
    "buyer": "The copy for a buyer (PDF)",
    "coordinator": "The coordinator’s copy (PDF)",
}
PDF_FILE_NAMES: Mapping[Copy, str] = {
    "business": "action-plan",
    "large": "action-plan-large-print",
    "annex": "action-plan-annex",
    "wall": "page-for-the-wall",
    "buyer": "buyer-copy",
    "coordinator": "coordinator-copy",
}
"""What a file is called, before the day it was printed. Neutral on purpose: it shows on shared computers."""


def plan_copy_document(session: Session, submission_id: int, _now: datetime, *, copy: Copy) -> DocumentSpec | None:
    """What this copy shows with the tracker and the sign-off as they are now.

    None when the submission was deleted or is no longer the latest: no page and no buyer's link shows it any more.
    """
    assessment_id = session.scalar(select(Submission.assessment_id).where(Submission.id == submission_id))
    if assessment_id is None or submission_id != latest_submission_id(session, assessment_id):
        return None
    state, signed = state_for_copy(session, submission_id, copy), printed_sign_off(session, submission_id, copy)
    tracked = {} if copy == "buyer" else get_tracker_state(session, submission_id)

    def draw(session: Session) -> Drawing:
        submission = session.get_one(Submission, submission_id)
        code, record = check_code_of(session, submission, copy), submission.record
        edition = load_edition(session, submission.edition_id).edition if copy in {"annex", "buyer"} else None
        html = copy_html(record, copy, state, code, signed, edition)
        return Drawing(html, attached_files(record, copy, state), record_etag(submission))

    return DocumentSpec(
        key=pdf_key(state, signed),
        title=PDF_TITLES[copy],
        file_name=f"{PDF_FILE_NAMES[copy]}-{{day}}.pdf",
        meanwhile="What was answered and saved is safe, and you can read it on the pages.",
        draw=draw,
        source=lambda session: record_etag(session.get_one(Submission, submission_id)),
        # grows with every change of the tracker, and says nothing of it
        revision=str(sum(item.revision for item in tracked.values())),
        assessment_id=assessment_id,
        saved=lambda session, _now: save_check_code(session, session.get_one(Submission, submission_id), copy),
    )


PLAN_COPIES = tuple(DocumentKind(copy, "submission_id", partial(plan_copy_document, copy=copy)) for copy in COPIES)


def printed_sign_off(session: Session, submission_id: int, copy: Copy) -> PrintedSignOff | None:
    """The sign-off as this copy shows it now; None while there is none, and always on the wall and in the annex."""
    found = None if copy in {"annex", "wall"} else get_sign_off(session, submission_id)
    if found is None:
        return None
    day = uk_date(found.signed_at).isoformat()
    named = copy in {"business", "large"} and found.on_paper
    return PrintedSignOff(day, found.name, found.job) if named else PrintedSignOff(day)
