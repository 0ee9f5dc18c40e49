"""The supplier's side of an invitation: who may act on it, assessments that can answer it, the form for an external result, and reactions to events of assessments."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import abort, current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assess.assessments.events import AssessmentClaimed, AssessmentsDeleted, SubmissionMade
from assess.assessments.guest_sessions import find_session, open_session, opened_assessments, require_live
from assess.assessments.models import Assessment, GuestSession
from assess.assessments.services import get_business_details
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import log_refusal
from assess.core.clock import uk_date
from assess.core.db import database
from assess.core.errors import ErrorText, error_page
from assess.core.forms.fields import ChoiceField, DateField
from assess.core.forms.form import Form, form_of
from assess.core.route_permissions import request_permission
from assess.core.security import guest_session_token
from assess.identity.access import needs_second_factor
from assess.identity.current_user import CurrentUser, current_user
from assess.identity.models import Organisation, Role
from assess.identity.permissions import ForbiddenError, Relation, authorise
from assess.question_banks.editions import EditionNotFoundError, current_edition
from assess.question_banks.models import EditionRow
from assess.suppliers.contract_forms import FIRST_DAY
from assess.suppliers.emails import get_buyer_identity, government_domain, is_name_invalid
from assess.suppliers.models import ExternalResultScope, Scheme, Supplier, SupplierInvitation, WorkerInterviews
from assess.suppliers.services import (
    invitations_answered_with,
    latest_buyer_name,
    mark_answers_removed,
    mark_submitted,
    set_answering_organisation,
)


def open_invitation(
    session: Session,
    invitation: SupplierInvitation,
    now: datetime,
    *,
    email_event: str | None = None,
    token: str | None = None,
) -> str:
    """Let this browser act on the invitation of a buyer. Returns the token for its cookie. `email_event`: whose link it opened."""
    same = GuestSession.invitation_id == invitation.id
    return open_session(session, now, token, same, invitation_id=invitation.id, outbox_event=email_event)


def opened_email(session: Session, token: str | None, invitation_id: uuid.UUID) -> str | None:
    """The email whose link to this invitation this browser opened; None: another link, or none."""
    guest_session = find_session(session, token, GuestSession.invitation_id == invitation_id)
    return None if guest_session is None else guest_session.outbox_event


BUYER_NOT_CONFIRMED = ErrorText(
    "We can no longer confirm who asked",
    ("You need not answer; nothing you write goes to them.", "What you have answered already stays yours."),
)


@dataclass(frozen=True, slots=True)
class InvitationContext:
    """An invitation as its pages need it: as it was when the page was opened. Anyone who changes it reads it anew."""

    invitation: SupplierInvitation
    supplier: Supplier
    buyer: Organisation


@dataclass(frozen=True, slots=True)
class _InvitationAccess:
    opened: bool

    def relations(self, caller: CurrentUser | None) -> frozenset[Relation]:
        """Staff act for no business by a link."""
        at_desk = caller is not None and caller.staff_role is not None
        return frozenset({Relation.INVITED}) if self.opened and not at_desk else frozenset()


def invitation_or_404(invitation_id: uuid.UUID) -> InvitationContext:
    """The invitation, for the browser that opened its link. For all others 404, as if there were none.

    Raises:
        HTTPException: 404, or 410 when we can no longer confirm who asked.
        GuestSessionEndedError: when this browser had opened it and its time is up.
    """
    with database().reading() as session:
        opened = require_live(
            find_session(session, guest_session_token(), GuestSession.invitation_id == invitation_id), clock.now()
        )
        invitation = session.get(SupplierInvitation, invitation_id) if opened else None
        try:
            authorise(
                current_user(), request_permission(), _InvitationAccess(invitation is not None and invitation.lives)
            )
        except ForbiddenError:
            log_refusal()
            abort(404)
        if invitation is None:
            abort(404)
        supplier = session.get(Supplier, invitation.supplier_id) or abort(404)
        buyer = session.get(Organisation, supplier.buyer_id) or abort(404)
        # a name may be taken back after its emails went
        if is_name_invalid(session, buyer, latest_buyer_name(session, invitation)):
            abort(error_page(410, BUYER_NOT_CONFIRMED))
        return InvitationContext(invitation, supplier, buyer)


@dataclass(frozen=True, slots=True)
class AssessmentChoice:
    """An assessment the person has. `name`: the business, as far as it is known. `too_short`: a quick check, where the full form is asked."""

    id: uuid.UUID
    name: str
    started_on: date
    submitted_on: date | None
    organisation_id: uuid.UUID | None
    too_short: bool


def assessments_to_choose(
    session: Session, invitation: SupplierInvitation, token: str | None, who: CurrentUser | None, now: datetime
) -> list[AssessmentChoice]:
    """Those that may answer this invitation, the latest first. `token`: of the guest session of this browser."""
    wanted = (
        select(Assessment)
        .join(EditionRow, EditionRow.id == Assessment.edition_id)
        .where(EditionRow.bank == invitation.sector)
        .where(
            or_(
                Assessment.id.in_(opened_assessments(session, token, now)) & Assessment.organisation_id.is_(None),
                Assessment.organisation_id.in_(managed_organisation_ids(who)),
            )
        )
        .order_by(Assessment.changed_at.desc(), Assessment.id)
    )
    return [_assessment_choice(session, one, invitation) for one in session.scalars(wanted)]


def managed_organisation_ids(who: CurrentUser | None) -> list[uuid.UUID]:
    """The organisations a person manages, with every step shown that they need. Staff manage none here."""
    if who is None or who.staff_role is not None or (needs_second_factor(who) and not who.second_step):
        return []
    return [organisation_id for organisation_id in who.roles if who.has(Role.MANAGER, organisation_id)]


def managed_organisations(session: Session, who: CurrentUser | None) -> list[tuple[uuid.UUID, str]]:
    wanted = select(Organisation.id, Organisation.name).where(Organisation.id.in_(managed_organisation_ids(who)))
    return [(row.id, row.name) for row in session.execute(wanted.order_by(Organisation.name, Organisation.id))]


def _assessment_choice(session: Session, assessment: Assessment, invitation: SupplierInvitation) -> AssessmentChoice:
    named = get_business_details(session, assessment.id).get("name")
    return AssessmentChoice(
        id=assessment.id,
        name=named.value if named else "Without a name",
        started_on=uk_date(assessment.started_at),
        submitted_on=uk_date(assessment.submitted_at) if assessment.submitted_at else None,
        organisation_id=assessment.organisation_id,
        too_short=assessment.quick and not invitation.quick,
    )


DATE_ERROR = "Enter the date on the result as day, month and year, for example 27 3 2026."
FUTURE_DATE_ERROR = "Enter a date that is not in the future."


def external_result_form(today: date) -> Form:
    return form_of(
        {
            "scheme": ChoiceField(Scheme, required="Choose the scheme."),
            "result_on": DateField(
                required=DATE_ERROR,
                invalid=DATE_ERROR,
                earliest=FIRST_DAY,
                too_early=DATE_ERROR,
                latest=today,
                too_late=FUTURE_DATE_ERROR,
            ),
            "scope": ChoiceField(ExternalResultScope, required="Choose what it looked at."),
            "interviews": ChoiceField(WorkerInterviews, required="Choose yes, no or don’t know."),
        }
    )


def invitation_details(session: Session, invitation: SupplierInvitation, buyer: Organisation) -> dict[str, Any]:
    settings = settings_of(current_app)
    return {
        "asker": get_buyer_identity(buyer, government_domain(session, buyer)),
        "invitation": invitation,
        "title": bank_title(session, invitation.sector),
        "minutes": settings.quick_minutes if invitation.quick else settings.full_minutes,
    }


def bank_title(session: Session, sector: str) -> str:
    """What a bank is called; its id once there is none of that name any more."""
    try:
        return current_edition(session, sector).edition.title
    except EditionNotFoundError:
        return sector


def on_submission_made(session: Session, event: SubmissionMade) -> None:
    """Every buyer that asked hears that it was submitted, or submitted anew, and no more."""
    for invitation in invitations_answered_with(session, event.submission.assessment_id):
        mark_submitted(session, invitation, event.now)


def on_assessments_deleted(session: Session, event: AssessmentsDeleted) -> Generator[None]:
    """Requests that were answered with them stand as before the supplier began, or what was shared is over."""
    answered = select(SupplierInvitation.id).where(
        SupplierInvitation.assessment_id.in_(event.ids), SupplierInvitation.ended_at.is_(None)
    )
    invitation_ids = session.scalars(answered.order_by(SupplierInvitation.made_at, SupplierInvitation.id)).all()
    yield
    # those of a buyer that is deleted itself are gone by now
    left = (session.get(SupplierInvitation, one, populate_existing=True) for one in invitation_ids)
    mark_answers_removed(session, [one for one in left if one is not None], event.now)


def on_assessment_claimed(session: Session, event: AssessmentClaimed) -> None:
    """Requests that it answers are the organisation's own, unless another one took them as its own before."""
    for invitation in invitations_answered_with(session, event.assessment_id):
        if session.get_one(Supplier, invitation.supplier_id).organisation_id is None:
            set_answering_organisation(session, invitation, event.organisation_id, event.now)
