"""Pages to add a new supplier, invite it, remind it, change the due date, create a link and end the invitation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import areas
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_subject, set_audit_verb
from assess.core.db import commit_request, database, request_session
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import current_user_id
from assess.identity.models import NameState, Organisation
from assess.identity.organisations.name_confirmation import get_name_status
from assess.suppliers import forms as suppliers_forms
from assess.suppliers import services
from assess.suppliers.activity_log import log_supplier_event
from assess.suppliers.emails import (
    NO_EMAIL_MESSAGES,
    NoEmailReason,
    create_invitation_link,
    invitation_messages,
    is_name_revoked,
    no_email_reason,
    was_first_email_refused,
)
from assess.suppliers.models import Supplier, SupplierEventType, SupplierInvitation
from assess.suppliers.presenters import DECLINE_LABELS_FOR_BUYER, SIZE_LABELS, STATUS_LABELS
from assess.suppliers.reminders import no_reminder_reason, send_manual_reminder
from assess.suppliers.send_limits import MAX_LINKS_A_DAY, are_emails_paused, get_email_allowance, use_link_quota

blueprint = Blueprint("invite_suppliers", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")
INVITATION_RULE = "/<uuid:supplier_id>/invitation"
DONE_MESSAGES = {
    "added": "It is on your list. You can ask it now, or later.",
    "asked": "It is asked.",
    "reminded": "The reminder is on its way.",
    "moved": "The date is moved. They see the new one when they open the link.",
    "taken_back": "You ask no more. The links in your emails do not work from now on.",
}


@dataclass(frozen=True, slots=True)
class _InvitationState:
    invitation: SupplierInvitation
    stands: str
    declined: str | None
    silent: str | None
    refused: bool
    no_reminder: str | None
    reminder: suppliers_forms.EmailPreview | None


@blueprint.route(INVITATION_RULE, methods=["GET", "POST"])
@audited("invited")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", check=require_member)
def send_invitation(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse | str:
    if request.method != "POST":
        with database().reading() as session:
            supplier = services.supplier_or_404(session, organisation_id, supplier_id)
        return _invitation_page(
            organisation_id,
            supplier_id,
            suppliers_forms.initial_form(supplier.sector),
        )
    parsed = _read_invitation_form()
    if parsed.errors or parsed.ask is None:
        return _invitation_page(organisation_id, supplier_id, parsed), 422
    supplier = services.supplier_or_404(request_session(), organisation_id, supplier_id)
    if supplier.archived_at is not None:
        return _invitation_page(organisation_id, supplier_id, suppliers_forms.InvitationForm(parsed.typed)), 422
    services.invite_supplier(
        request_session(), supplier, parsed.ask, settings_of(current_app), clock.now(), by=current_user_id()
    )
    return _redirect_to_invitation(organisation_id, supplier_id, "asked")


@blueprint.post(f"{INVITATION_RULE}/preview")
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def preview_invitation(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    """Preview the email, or go back to the form. Nothing is kept."""
    parsed = _read_invitation_form()
    if "back" in request.form:
        return _invitation_page(organisation_id, supplier_id, suppliers_forms.InvitationForm(parsed.typed))
    if parsed.errors or parsed.ask is None:
        return _invitation_page(organisation_id, supplier_id, parsed), 422
    with database().reading() as session:
        supplier = services.supplier_or_404(session, organisation_id, supplier_id)
        buyer = organisation_or_404(session, organisation_id)
        reason = no_email_reason(session, supplier, buyer, settings_of(current_app), clock.today())
        previews = suppliers_forms.preview_emails(session, buyer, supplier, parsed.ask, current_user_id())
        titles = suppliers_forms.get_invitation_choices(session).sectors
    return render_template(
        "suppliers/invitation_preview.html",
        organisation=buyer,
        name=supplier.name,
        email=supplier.email,
        ask=parsed.ask,
        title=titles[parsed.ask.sector],
        previews=previews,
        silent=NO_EMAIL_MESSAGES[reason] if reason else None,
        typed=parsed.typed,
        waits=parsed.ask.send_on > clock.today(),
        reminders=suppliers_forms.describe_reminders(parsed.ask),
        to=url_for("invite_suppliers.send_invitation", organisation_id=organisation_id, supplier_id=supplier_id),
        again=url_for("invite_suppliers.preview_invitation", organisation_id=organisation_id, supplier_id=supplier_id),
    )


@blueprint.post(f"{INVITATION_RULE}/due")
@audited("moved")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def move_due_date(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    typed = suppliers_forms.read_form_fields(request.form, ("due_day", "due_month", "due_year"))
    with database().reading() as session:
        supplier = services.supplier_or_404(session, organisation_id, supplier_id)
        found = services.latest_invitations(session, [supplier.id]).get(supplier.id)
    errors: dict[str, str] = {}
    due = None if found is None else suppliers_forms.clean_due_date(typed, max(clock.today(), found.send_on), errors)
    if due is None:
        return _invitation_page(
            organisation_id, supplier_id, suppliers_forms.initial_form(supplier.sector), moved={**typed, **errors}
        ), 422
    invitation = _current_invitation(request_session(), organisation_id, supplier_id)
    if invitation is not None:
        services.change_due_date(request_session(), invitation, due, clock.now(), by=current_user_id())
    return _redirect_to_invitation(organisation_id, supplier_id, "moved")


@blueprint.post(f"{INVITATION_RULE}/remind")
@audited("sent")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def send_reminder_now(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    supplier = services.supplier_or_404(request_session(), organisation_id, supplier_id)
    sent = send_manual_reminder(
        request_session(), supplier.id, settings_of(current_app), clock.now(), by=current_user_id()
    )
    return _redirect_to_invitation(organisation_id, supplier_id, "reminded" if sent else None)


@blueprint.post(f"{INVITATION_RULE}/link")
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def create_link(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    invitation = _current_invitation(request_session(), organisation_id, supplier_id)
    if invitation is None:
        return _redirect_to_invitation(organisation_id, supplier_id, None)
    supplier = services.supplier_or_404(request_session(), organisation_id, supplier_id)
    buyer = organisation_or_404(request_session(), organisation_id)
    status = get_name_status(request_session(), buyer, clock.today())
    why = None
    if is_name_revoked(request_session(), buyer):
        why = NO_EMAIL_MESSAGES[NoEmailReason.TAKEN_BACK]
    elif are_emails_paused(request_session(), buyer.id, status.government_domain):
        why = NO_EMAIL_MESSAGES[NoEmailReason.PAUSED]
    if (
        why is None
        and status.state is not NameState.CONFIRMED
        and not use_link_quota(request_session(), buyer.id, clock.today())
    ):
        why = f"You made {MAX_LINKS_A_DAY} links today. While your name is not confirmed, that is all for a day."
    if why is not None:
        return _invitation_page(
            organisation_id,
            supplier_id,
            suppliers_forms.initial_form(supplier.sector),
            no_link=why,
        ), 422
    link = create_invitation_link(request_session(), invitation, settings_of(current_app).base_url, clock.now())
    log_supplier_event(request_session(), supplier.id, SupplierEventType.LINK_MADE, clock.now(), by=current_user_id())
    commit_request()
    return render_template(
        "suppliers/invitation_link.html",
        organisation=buyer,
        supplier=supplier,
        address=link,
        due=invitation.due,
        **invitation_messages(buyer.name, link),
    )


@blueprint.route(f"{INVITATION_RULE}/end", methods=["GET", "POST"])
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", check=require_member)
def end_invitation(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response | PageResponse:
    if request.method != "POST":
        with database().reading() as session:
            supplier = services.supplier_or_404(session, organisation_id, supplier_id)
            if not services.latest_invitations(session, [supplier.id]):
                return _redirect_to_invitation(organisation_id, supplier_id, None)
            buyer = organisation_or_404(session, organisation_id)
        return render_template("suppliers/end_invitation.html", organisation=buyer, supplier=supplier)
    invitation = _current_invitation(request_session(), organisation_id, supplier_id)
    if invitation is not None:
        services.withdraw_invitation(request_session(), invitation, clock.now(), by=current_user_id())
    return _redirect_to_invitation(organisation_id, supplier_id, "taken_back")


def _current_invitation(
    session: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID
) -> SupplierInvitation | None:
    supplier = services.supplier_or_404(session, organisation_id, supplier_id)
    return services.latest_invitations(session, [supplier.id]).get(supplier.id)


def _read_invitation_form() -> suppliers_forms.InvitationForm:
    typed = suppliers_forms.read_form_fields(request.form, suppliers_forms.INVITATION_FIELDS)
    with database().reading() as session:
        choices = suppliers_forms.get_invitation_choices(session)
    return suppliers_forms.clean_invitation(typed, choices.sectors, suppliers_forms.first_send_date(typed))


def _redirect_to_invitation(organisation_id: uuid.UUID, supplier_id: uuid.UUID, done: str | None) -> Response:
    here = url_for(
        "invite_suppliers.send_invitation", organisation_id=organisation_id, supplier_id=supplier_id, done=done
    )
    return redirect(here, 303)


def _invitation_state(session: Session, supplier: Supplier, buyer: Organisation) -> _InvitationState | None:
    invitation = services.latest_invitations(session, [supplier.id]).get(supplier.id)
    if invitation is None:
        return None
    settings = settings_of(current_app)
    no_reminder = no_reminder_reason(session, supplier, invitation, settings, clock.now())
    reason = no_email_reason(session, supplier, buyer, settings, clock.today())
    return _InvitationState(
        invitation,
        STATUS_LABELS[invitation.status],
        DECLINE_LABELS_FOR_BUYER[invitation.decline] if invitation.decline else None,
        NO_EMAIL_MESSAGES[reason] if reason else None,
        was_first_email_refused(session, invitation),
        no_reminder,
        None if no_reminder else suppliers_forms.preview_reminder(session, buyer, supplier, invitation),
    )


def _invitation_page(
    organisation_id: uuid.UUID,
    supplier_id: uuid.UUID,
    parsed: suppliers_forms.InvitationForm,
    moved: dict[str, str] | None = None,
    no_link: str | None = None,
) -> str:
    with database().reading() as session:
        supplier = services.supplier_or_404(session, organisation_id, supplier_id)
        buyer = organisation_or_404(session, organisation_id)
        asked = _invitation_state(session, supplier, buyer)
        choices = suppliers_forms.get_invitation_choices(session)
        reason = no_email_reason(session, supplier, buyer, settings_of(current_app), clock.today())
        send_limit = get_email_allowance(get_name_status(session, buyer, clock.today()), clock.today())
    return render_template(
        "suppliers/invitation.html",
        organisation=buyer,
        supplier=supplier,
        asked=asked,
        typed=parsed.typed,
        errors=parsed.beside,
        wrong=list(parsed.errors.items()),
        no_link=no_link,
        moved=moved or _date_fields(asked.invitation.due if asked else None),
        sectors=choices.sectors,
        busy=list(choices.busy.values()),
        silent=NO_EMAIL_MESSAGES[reason] if reason else None,
        done=DONE_MESSAGES.get(request.args.get("done", "")) if request.method == "GET" else None,
        ration=send_limit.words,
        today=clock.today(),
    )


def _date_fields(due: date | None) -> dict[str, str]:
    if due is None:
        return {}
    return {"due_day": str(due.day), "due_month": str(due.month), "due_year": str(due.year)}


_BUYER_REASONS = {NoEmailReason.NO_MAIL, NoEmailReason.NOT_CONFIRMED, NoEmailReason.TAKEN_BACK, NoEmailReason.PAUSED}


@blueprint.route("/new", methods=["GET", "POST"])
@audited("invited")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", check=require_member)
def invite_new_supplier(organisation_id: uuid.UUID) -> PageResponse | str:
    if request.method != "POST":
        return _new_supplier_page(
            organisation_id,
            suppliers_forms.initial_form(None),
        )
    only = "only" in request.form
    parsed = _read_new_supplier_form(only=only)
    same = _find_existing(organisation_id, parsed.details)
    if parsed.errors or parsed.details is None or same is not None or (parsed.ask is None and not only):
        return _new_supplier_page(organisation_id, parsed, same), 422
    now, by = clock.now(), current_user_id()
    supplier, _ = services.add_supplier(request_session(), organisation_id, parsed.details, now, by=by)
    set_audit_subject("supplier", supplier.id)
    if parsed.ask is None:
        set_audit_verb("added")
        said = "added"
    else:
        services.invite_supplier(request_session(), supplier, parsed.ask, settings_of(current_app), now, by=by)
        said = "asked"
    to = url_for(
        "invite_suppliers.send_invitation", organisation_id=organisation_id, supplier_id=supplier.id, done=said
    )
    return redirect(to, 303)


@blueprint.post("/new/preview")
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def preview_new_supplier(organisation_id: uuid.UUID) -> PageResponse:
    """Preview the email before it goes, or go back to the form. Nothing is kept."""
    parsed = _read_new_supplier_form()
    if "back" in request.form:
        return _new_supplier_page(organisation_id, suppliers_forms.InvitationForm(parsed.typed))
    same = _find_existing(organisation_id, parsed.details)
    if parsed.errors or parsed.ask is None or parsed.details is None or same is not None:
        return _new_supplier_page(organisation_id, parsed, same), 422
    with database().reading() as session:
        buyer = organisation_or_404(session, organisation_id)
        new = Supplier(
            buyer_id=buyer.id, name=parsed.details.name, email=parsed.details.email, identity=parsed.details.identity
        )
        reason = no_email_reason(session, new, buyer, settings_of(current_app), clock.today())
        previews = suppliers_forms.preview_emails(session, buyer, new, parsed.ask, current_user_id())
        titles = suppliers_forms.get_invitation_choices(session).sectors
    return render_template(
        "suppliers/invitation_preview.html",
        organisation=buyer,
        name=parsed.details.name,
        email=parsed.details.email,
        ask=parsed.ask,
        title=titles[parsed.ask.sector],
        previews=previews,
        silent=NO_EMAIL_MESSAGES[reason] if reason else None,
        typed=parsed.typed,
        waits=parsed.ask.send_on > clock.today(),
        reminders=suppliers_forms.describe_reminders(parsed.ask),
        to=url_for("invite_suppliers.invite_new_supplier", organisation_id=organisation_id),
        again=url_for("invite_suppliers.preview_new_supplier", organisation_id=organisation_id),
    )


def _read_new_supplier_form(*, only: bool = False) -> suppliers_forms.InvitationForm:
    typed = suppliers_forms.read_form_fields(request.form)
    with database().reading() as session:
        choices = suppliers_forms.get_invitation_choices(session)
    who = suppliers_forms.clean_supplier_details(typed, choices.sectors, choices.areas)
    what = (
        suppliers_forms.InvitationForm(typed)
        if only
        else suppliers_forms.clean_invitation(typed, choices.sectors, suppliers_forms.first_send_date(typed))
    )
    return suppliers_forms.InvitationForm(typed, who.details, what.ask, {**who.errors, **what.errors})


def _find_existing(organisation_id: uuid.UUID, details: services.SupplierDetails | None) -> Supplier | None:
    if details is None:
        return None
    with database().reading() as session:
        return services.find_existing_supplier(session, organisation_id, details)


def _new_supplier_page(
    organisation_id: uuid.UUID, parsed: suppliers_forms.InvitationForm, same: Supplier | None = None
) -> str:
    with database().reading() as session:
        buyer = organisation_or_404(session, organisation_id)
        choices = suppliers_forms.get_invitation_choices(session)
        reason = no_email_reason(
            session, Supplier(buyer_id=buyer.id, email="-"), buyer, settings_of(current_app), clock.today()
        )
    return render_template(
        "suppliers/new_supplier.html",
        organisation=buyer,
        typed=parsed.typed,
        errors=parsed.beside,
        wrong=list(parsed.errors.items()),
        same=same,
        sectors=choices.sectors,
        areas=areas(),
        sizes=SIZE_LABELS,
        busy=list(choices.busy.values()),
        silent=NO_EMAIL_MESSAGES[reason] if reason in _BUYER_REASONS else None,
    )
