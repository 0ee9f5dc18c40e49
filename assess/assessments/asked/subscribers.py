"""What the buyers' lists hear of assessments that answer their requests. The buyer is told of a step, and never what was answered."""

from __future__ import annotations

from collections.abc import Generator

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.events import AssessmentClaimed, AssessmentsDeleted, SubmissionMade
from assess.suppliers.following import answer_for, answered_with, note_finished, note_removed
from assess.suppliers.models import Supplier, SupplierInvitation


def note_submitted(session: Session, event: SubmissionMade) -> None:
    """Every buyer that asked hears that it was submitted, or submitted anew, and no more."""
    for invitation in answered_with(session, event.submission.assessment_id):
        note_finished(session, invitation, event.now)


def note_deleted(session: Session, event: AssessmentsDeleted) -> Generator[None]:
    """Requests that were answered with them stand as before anybody began, or what was shared is over."""
    answered = select(SupplierInvitation.id).where(
        SupplierInvitation.assessment_id.in_(event.ids), SupplierInvitation.ended_at.is_(None)
    )
    asked = session.scalars(answered.order_by(SupplierInvitation.made_at, SupplierInvitation.id)).all()
    yield
    # those of a buyer that is deleted itself are gone by now
    left = (session.get(SupplierInvitation, one, populate_existing=True) for one in asked)
    note_removed(session, [one for one in left if one is not None], event.now)


def take_requests_as_own(session: Session, event: AssessmentClaimed) -> None:
    """Requests that it answers are the organisation's own, unless another one took them as its own before."""
    for invitation in answered_with(session, event.assessment_id):
        if session.get_one(Supplier, invitation.supplier_id).organisation_id is None:
            answer_for(session, invitation, event.organisation_id, event.now)
