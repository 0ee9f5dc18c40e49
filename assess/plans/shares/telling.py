"""Who hears that a shared plan has changed: every buyer that is shown the plan and keeps a list with this supplier on it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.events import SubmissionMade
from assess.assessments.models import Submission
from assess.banks.editions import edition_of
from assess.kit.events import publish
from assess.plans.buyer_view import buyer_view_of
from assess.plans.events import PlanChanged
from assess.plans.shares.duties import shareable_duties
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import ORDER, Scope
from assess.suppliers.events import SupplierChanged

_SHOWS_THE_PLAN = tuple(scope for scope in ORDER if scope.shows(Scope.PLAN))


def tell_of_submission(session: Session, event: SubmissionMade) -> None:
    """What was shared before shows nothing any more, also where the request it came from is over: the buyer asked anew, or never asked."""
    shown = select(ShareGrant.supplier_id).where(
        ShareGrant.assessment_id == event.submission.assessment_id, ShareGrant.supplier_id.is_not(None)
    )
    for supplier_id in session.scalars(shown.distinct()).all():
        if supplier_id is not None:
            publish(session, SupplierChanged(supplier_id, event.now))


def tell_of_plan(session: Session, event: PlanChanged) -> None:
    """Tell the buyers of a change to an item that they are shown.

    A short copy hears nothing, and nobody hears of an item that no copy shows: even that something changed would tell of it.
    """
    wanted = select(ShareGrant.supplier_id).where(
        ShareGrant.submission_id == event.submission_id,
        ShareGrant.supplier_id.is_not(None),
        ShareGrant.scope.in_(_SHOWS_THE_PLAN),
        ShareGrant.accepted_at.is_not(None),
        ShareGrant.ended_at.is_(None),
        ShareGrant.until > event.now,
    )
    heard = session.scalars(wanted.distinct()).all()
    for supplier_id in heard if heard and _is_shown(session, event.submission_id, event.key) else ():
        if supplier_id is not None:
            publish(session, SupplierChanged(supplier_id, event.now))


def _is_shown(session: Session, submission_id: int, key: str) -> bool:
    submission = session.get_one(Submission, submission_id)
    edition = edition_of(session, submission.edition_id).edition
    steps = buyer_view_of(submission.record, edition).steps
    return key in {step.key for step in steps} | shareable_duties(edition.duty_book)
