"""Who hears that a shared plan has changed: every buyer that is shown the plan and keeps a list with this supplier on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import ORDER, Scope
from assess.suppliers.telling import tell_changed

_SHOWS_THE_PLAN = tuple(scope for scope in ORDER if scope.shows(Scope.PLAN))


def tell_of_plan(session: Session, submission_id: int, now: datetime) -> None:
    """Say that a date of this plan was changed, or that something of it is done or is not any more. A short copy hears nothing."""
    wanted = select(ShareGrant.supplier_id).where(
        ShareGrant.submission_id == submission_id,
        ShareGrant.supplier_id.is_not(None),
        ShareGrant.scope.in_(_SHOWS_THE_PLAN),
        ShareGrant.accepted_at.is_not(None),
        ShareGrant.ended_at.is_(None),
        ShareGrant.until > now,
    )
    for supplier_id in session.scalars(wanted.distinct()).all():
        if supplier_id is not None:
            tell_changed(session, supplier_id, now)
