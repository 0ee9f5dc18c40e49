"""Who asked for an assessment, or asked an organisation, and what each of them sees: for the business alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment
from assess.assessments.submitting import latest_id
from assess.kit.clock import date_at
from assess.people.models import Organisation
from assess.plans.shares.granting import lives
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import TITLES, Scope
from assess.suppliers.asker import Asker, asker_of, government_domain, is_over
from assess.suppliers.following import answered_with, last_named
from assess.suppliers.models import Status, Supplier, SupplierInvitation

Sees = Literal["nothing", "latest", "older"]


@dataclass(frozen=True, slots=True)
class WhoAsked:
    """One buyer that asked. `sees`: nothing, the latest answers, or that there are newer ones (it was shared before).

    `grant_id` and `until` are of what is shared. `scope` is what was chosen, now or before, so that it can be chosen again.
    """

    invitation_id: uuid.UUID
    assessment_id: uuid.UUID | None
    asker: Asker
    supplier_name: str
    due: date
    status: Status
    declined_on: date | None
    sees: Sees
    grant_id: uuid.UUID | None
    scope: Scope | None
    until: date | None

    @property
    def words(self) -> str:
        """How much is shown; empty when nothing is."""
        return TITLES[self.scope] if self.scope and self.grant_id else ""


def who_asked(session: Session, assessment_id: uuid.UUID, now: datetime) -> list[WhoAsked]:
    """The buyers that asked and are answered with this assessment, in the order in which they asked."""
    return [_row(session, invitation, now) for invitation in answered_with(session, assessment_id)]


def who_asked_organisation(session: Session, organisation_id: uuid.UUID, now: datetime) -> list[WhoAsked]:
    """The buyers whose request this organisation took as its own, or answers with an assessment of its own."""
    wanted = (
        select(SupplierInvitation)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .outerjoin(Assessment, Assessment.id == SupplierInvitation.assessment_id)
        .where(
            SupplierInvitation.ended_at.is_(None),
            or_(Supplier.organisation_id == organisation_id, Assessment.organisation_id == organisation_id),
        )
        .order_by(SupplierInvitation.made_at, SupplierInvitation.id)
    )
    return [_row(session, invitation, now) for invitation in session.scalars(wanted)]


def asked_of(session: Session, assessment_id: uuid.UUID, invitation_id: uuid.UUID) -> SupplierInvitation | None:
    """This invitation, if it lives and is answered with this assessment."""
    return next((one for one in answered_with(session, assessment_id) if one.id == invitation_id), None)


def row_of(session: Session, invitation: SupplierInvitation, now: datetime) -> WhoAsked:
    """How it stands with one."""
    return _row(session, invitation, now)


def _row(session: Session, invitation: SupplierInvitation, now: datetime) -> WhoAsked:
    supplier = session.get_one(Supplier, invitation.supplier_id)
    buyer = session.get_one(Organisation, supplier.buyer_id)
    grants = _grants(session, supplier, invitation.assessment_id)
    latest = latest_id(session, invitation.assessment_id) if invitation.assessment_id else None
    living = [grant for grant in grants if lives(grant, now)]
    current = next((grant for grant in living if grant.submission_id == latest), None)
    shown = current or (grants[0] if grants else None)
    return WhoAsked(
        invitation_id=invitation.id,
        assessment_id=invitation.assessment_id,
        asker=_asker(session, buyer, invitation),
        supplier_name=supplier.name,
        due=invitation.due,
        status=invitation.status,
        declined_on=date_at(invitation.declined_at) if invitation.declined_at else None,
        sees="latest" if current else "older" if living else "nothing",
        grant_id=current.id if current else None,
        scope=shown.scope if shown else None,
        until=date_at(current.until) if current else None,
    )


def _asker(session: Session, buyer: Organisation, invitation: SupplierInvitation) -> Asker:
    """Who asked, by the name that stood in the letter."""
    named = last_named(session, invitation)
    asker = asker_of(buyer, government_domain(session, buyer))
    return replace(asker, name=named or buyer.name, over=is_over(session, buyer, named))


def _grants(session: Session, supplier: Supplier, assessment_id: uuid.UUID | None) -> Sequence[ShareGrant]:
    """What was shared with this buyer because it asked, the latest first."""
    if assessment_id is None:
        return ()
    wanted = select(ShareGrant).where(
        ShareGrant.assessment_id == assessment_id,
        ShareGrant.supplier_id == supplier.id,
        ShareGrant.organisation_id == supplier.buyer_id,
    )
    return session.scalars(wanted.order_by(ShareGrant.made_at.desc(), ShareGrant.id)).all()
