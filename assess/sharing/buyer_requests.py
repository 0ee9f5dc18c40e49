"""Buyers that asked for an assessment, and what each of them sees."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assess.assessments.access import may_here
from assess.assessments.models import Assessment
from assess.assessments.submissions import latest_submission_id
from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import database
from assess.identity.models import Organisation
from assess.sharing.models import SCOPE_TITLES, ShareGrant, ShareScope
from assess.sharing.services import is_live
from assess.suppliers.emails import BuyerIdentity, get_buyer_identity, government_domain, is_name_invalid
from assess.suppliers.models import InvitationStatus, Supplier, SupplierInvitation
from assess.suppliers.services import invitations_answered_with, latest_buyer_name

BuyerSees = Literal["nothing", "latest", "older"]


@dataclass(frozen=True, slots=True)
class BuyerRequest:
    """One buyer that asked. `sees`: nothing, the latest answers, or that there are newer ones (it was shared before).

    `grant_id` and `until` are of what is shared. `scope` is what was chosen, now or before, so that it can be chosen again.
    """

    invitation_id: uuid.UUID
    assessment_id: uuid.UUID | None
    asker: BuyerIdentity
    supplier_name: str
    due: date
    status: InvitationStatus
    declined_on: date | None
    sees: BuyerSees
    grant_id: uuid.UUID | None
    scope: ShareScope | None
    until: date | None

    @property
    def words(self) -> str:
        return SCOPE_TITLES[self.scope] if self.scope and self.grant_id else ""


def get_buyer_requests(session: Session, assessment_id: uuid.UUID, now: datetime) -> list[BuyerRequest]:
    """The buyers that asked and are answered with this assessment, in the order in which they asked."""
    return [buyer_request_of(session, one, now) for one in invitations_answered_with(session, assessment_id)]


def get_organisation_buyer_requests(session: Session, organisation_id: uuid.UUID, now: datetime) -> list[BuyerRequest]:
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
    return [buyer_request_of(session, invitation, now) for invitation in session.scalars(wanted)]


def find_invitation(session: Session, assessment_id: uuid.UUID, invitation_id: uuid.UUID) -> SupplierInvitation | None:
    """This invitation, if it lives and is answered with this assessment."""
    return next((one for one in invitations_answered_with(session, assessment_id) if one.id == invitation_id), None)


def buyer_request_of(session: Session, invitation: SupplierInvitation, now: datetime) -> BuyerRequest:
    supplier = session.get_one(Supplier, invitation.supplier_id)
    buyer = session.get_one(Organisation, supplier.buyer_id)
    grants = _grants_for_request(session, supplier, invitation.assessment_id)
    latest = latest_submission_id(session, invitation.assessment_id) if invitation.assessment_id else None
    living = [grant for grant in grants if is_live(grant, now)]
    current = next((grant for grant in living if grant.submission_id == latest), None)
    shown = current or (grants[0] if grants else None)
    named = latest_buyer_name(session, invitation)
    asker = get_buyer_identity(buyer, government_domain(session, buyer))
    return BuyerRequest(
        invitation_id=invitation.id,
        assessment_id=invitation.assessment_id,
        asker=replace(asker, name=named or buyer.name, over=is_name_invalid(session, buyer, named)),
        supplier_name=supplier.name,
        due=invitation.due,
        status=invitation.status,
        declined_on=uk_date(invitation.declined_at) if invitation.declined_at else None,
        sees="latest" if current else "older" if living else "nothing",
        grant_id=current.id if current else None,
        scope=shown.scope if shown else None,
        until=uk_date(current.until) if current else None,
    )


def _grants_for_request(session: Session, supplier: Supplier, assessment_id: uuid.UUID | None) -> Sequence[ShareGrant]:
    """What was shared with this buyer because it asked, the latest first."""
    if assessment_id is None:
        return ()
    wanted = select(ShareGrant).where(
        ShareGrant.assessment_id == assessment_id,
        ShareGrant.supplier_id == supplier.id,
        ShareGrant.organisation_id == supplier.buyer_id,
    )
    return session.scalars(wanted.order_by(ShareGrant.made_at.desc(), ShareGrant.id)).all()


def requests_awaiting_share(assessment_id: uuid.UUID) -> list[BuyerRequest]:
    """Those who asked under a name that nobody suspended, have not been told no, and do not see the latest answers. None, where the person may not share."""
    if not may_here("share.manage"):
        return []
    with database().reading() as session:
        rows = get_buyer_requests(session, assessment_id, clock.now())
    over = {InvitationStatus.DECLINED, InvitationStatus.EXTERNAL_RESULT}
    return [row for row in rows if row.sees != "latest" and row.status not in over and not row.asker.over]
