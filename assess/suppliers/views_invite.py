"""Pages to add a new supplier, invite it, remind it, change the due date, create a link and end the invitation."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import areas
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_subject, set_audit_verb
from assess.core.db import commit_request, database, request_session
from assess.core.forms.fields import ChoiceField, TickField
from assess.core.forms.form import FormResult, is_ticked, read_fields
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
CARRIED_FIELDS = frozenset(one.name for one in fields(services.SupplierDetails)) | {
    "length",
    "due_day",
    "due_month",
    "due_year",
    "message",
    "at_once",
}
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
        return _invitation_page(organisation_id, supplier_id, suppliers_forms.initial_invitation(supplier.sector))
    read, ask = _read_invitation()
    if ask is None:
        return _invitation_page(organisation_id, supplier_id, read.typed, read.errors), 422
    supplier = services.supplier_or_404(request_session(), organisation_id, supplier_id)
    if supplier.archived_at is not None:
        return _invitation_page(organisation_id, supplier_id, read.typed), 422
    services.invite_supplier(
        request_session(), supplier, ask, settings_of(current_app), clock.now(), by=current_user_id()
    )
    return _redirect_to_invitation(organisation_id, supplier_id, "asked")


@blueprint.post(f"{INVITATION_RULE}/preview")
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def preview_invitation(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    """Preview the email, or go back to the form. Nothing is kept."""
    read, ask = _read_invitation()
    if is_ticked("back"):
        return _invitation_page(organisation_id, supplier_id, read.typed)
    if ask is None:
        return _invitation_page(organisation_id, supplier_id, read.typed, read.errors), 422
    with database().reading() as session:
        supplier = services.supplier_or_404(session, organisation_id, supplier_id)
    return _preview_page(
        organisation_id,
        supplier,
        ask,
        read.typed,
        to=url_for("invite_suppliers.send_invitation", organisation_id=organisation_id, supplier_id=supplier_id),
        again=url_for("invite_suppliers.preview_invitation", organisation_id=organisation_id, supplier_id=supplier_id),
    )


@blueprint.post(f"{INVITATION_RULE}/due")
@audited("moved")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def move_due_date(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    with database().reading() as session:
        supplier = services.supplier_or_404(session, organisation_id, supplier_id)
        found = services.latest_invitations(session, [supplier.id]).get(supplier.id)
    send_on = clock.today() if found is None else max(clock.today(), found.send_on)
    read = read_fields(due=suppliers_forms.due_field(send_on))
    if found is None or read.errors:
        return _invitation_page(
            organisation_id,
            supplier_id,
            suppliers_forms.initial_invitation(supplier.sector),
            moved={**read.typed, **read.errors},
        ), 422
    invitation = _current_invitation(request_session(), organisation_id, supplier_id)
    if invitation is not None:
        services.change_due_date(request_session(), invitation, read["due"], clock.now(), by=current_user_id())
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
            suppliers_forms.initial_invitation(supplier.sector),
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


def _read_invitation() -> tuple[FormResult, services.InvitationDetails | None]:
    """What is asked; None where something in it is wrong."""
    with database().reading() as session:
        choices = suppliers_forms.get_invitation_choices(session)
    when = read_fields(sector=ChoiceField(choices.sectors), at_once=TickField())
    send_on = suppliers_forms.first_send_date(when.values)
    read = read_fields(**suppliers_forms.invitation_fields(choices.sectors, send_on))
    return read, None if read.errors else suppliers_forms.invitation_details(read.values, send_on)


def _preview_page(
    organisation_id: uuid.UUID,
    supplier: Supplier,
    ask: services.InvitationDetails,
    typed: Mapping[str, str],
    *,
    to: str,
    again: str,
) -> str:
    """`to`: where it is asked; `again`: where the form is shown again. Both get what was typed by hidden fields."""
    with database().reading() as session:
        buyer = organisation_or_404(session, organisation_id)
        reason = no_email_reason(session, supplier, buyer, settings_of(current_app), clock.today())
        previews = suppliers_forms.preview_emails(session, buyer, supplier, ask, current_user_id())
        titles = suppliers_forms.get_invitation_choices(session).sectors
    return render_template(
        "suppliers/invitation_preview.html",
        organisation=buyer,
        name=supplier.name,
        email=supplier.email,
        ask=ask,
        title=titles[ask.sector],
        previews=previews,
        silent=NO_EMAIL_MESSAGES[reason] if reason else None,
        typed={name: text for name, text in typed.items() if name in CARRIED_FIELDS},
        waits=ask.send_on > clock.today(),
        reminders=suppliers_forms.describe_reminders(ask),
        to=to,
        again=again,
    )


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
    typed: Mapping[str, str],
    errors: Mapping[str, str] = MappingProxyType({}),
    moved: Mapping[str, str] | None = None,
    no_link: str | None = None,
) -> str:
    with database().reading() as session:
        supplier = services.supplier_or_404(session, organisation_id, supplier_id)
        buyer = organisation_or_404(session, organisation_id)
        current = _invitation_state(session, supplier, buyer)
        choices = suppliers_forms.get_invitation_choices(session)
        reason = no_email_reason(session, supplier, buyer, settings_of(current_app), clock.today())
        send_limit = get_email_allowance(get_name_status(session, buyer, clock.today()), clock.today())
    return render_template(
        "suppliers/invitation.html",
        organisation=buyer,
        supplier=supplier,
        current=current,
        typed=defaultdict(str, typed),
        errors=defaultdict(str, errors),
        wrong=list(errors.items()),
        no_link=no_link,
        moved=moved or (suppliers_forms.due_boxes(current.invitation.due) if current else {}),
        sectors=choices.sectors,
        busy=list(choices.busy.values()),
        silent=NO_EMAIL_MESSAGES[reason] if reason else None,
        done=DONE_MESSAGES.get(request.args.get("done", "")) if request.method == "GET" else None,
        ration=send_limit.words,
        today=clock.today(),
    )


_BUYER_REASONS = {NoEmailReason.NO_MAIL, NoEmailReason.NOT_CONFIRMED, NoEmailReason.TAKEN_BACK, NoEmailReason.PAUSED}


@blueprint.route("/new", methods=["GET", "POST"])
@audited("invited")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", check=require_member)
def invite_new_supplier(organisation_id: uuid.UUID) -> PageResponse | str:
    if request.method != "POST":
        return _new_supplier_page(organisation_id, suppliers_forms.initial_invitation(None))
    only = is_ticked("only")
    read, details, ask = _read_new_supplier(only=only)
    same = _find_existing(organisation_id, details)
    if details is None or same is not None or (ask is None and not only):
        return _new_supplier_page(organisation_id, read.typed, read.errors, same), 422
    now, by = clock.now(), current_user_id()
    supplier, _ = services.add_supplier(request_session(), organisation_id, details, now, by=by)
    set_audit_subject("supplier", supplier.id)
    if ask is None:
        set_audit_verb("added")
    else:
        services.invite_supplier(request_session(), supplier, ask, settings_of(current_app), now, by=by)
    return _redirect_to_invitation(organisation_id, supplier.id, "asked" if ask else "added")


@blueprint.post("/new/preview")
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def preview_new_supplier(organisation_id: uuid.UUID) -> PageResponse:
    """Preview the email before it goes, or go back to the form. Nothing is kept."""
    read, details, ask = _read_new_supplier()
    if is_ticked("back"):
        return _new_supplier_page(organisation_id, read.typed)
    same = _find_existing(organisation_id, details)
    if ask is None or details is None or same is not None:
        return _new_supplier_page(organisation_id, read.typed, read.errors, same), 422
    new = Supplier(buyer_id=organisation_id, name=details.name, email=details.email, identity=details.identity)
    return _preview_page(
        organisation_id,
        new,
        ask,
        read.typed,
        to=url_for("invite_suppliers.invite_new_supplier", organisation_id=organisation_id),
        again=url_for("invite_suppliers.preview_new_supplier", organisation_id=organisation_id),
    )


def _read_new_supplier(
    *, only: bool = False
) -> tuple[FormResult, services.SupplierDetails | None, services.InvitationDetails | None]:
    """Who it is and, unless it is only put on the list, what is asked; None for either in which something is wrong."""
    with database().reading() as session:
        choices = suppliers_forms.get_invitation_choices(session)
    who = read_fields(**suppliers_forms.supplier_fields(choices.sectors, choices.areas))
    details = None if who.errors else suppliers_forms.supplier_details(who.values)
    if only:
        return who, details, None
    what, ask = _read_invitation()
    return who.with_errors(what.errors), details, ask


def _find_existing(organisation_id: uuid.UUID, details: services.SupplierDetails | None) -> Supplier | None:
    if details is None:
        return None
    with database().reading() as session:
        return services.find_existing_supplier(session, organisation_id, details)


def _new_supplier_page(
    organisation_id: uuid.UUID,
    typed: Mapping[str, str],
    errors: Mapping[str, str] = MappingProxyType({}),
    same: Supplier | None = None,
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
        typed=defaultdict(str, typed),
        errors=defaultdict(str, errors),
        wrong=list(errors.items()),
        same=same,
        sectors=choices.sectors,
        areas=areas(),
        sizes=SIZE_LABELS,
        busy=list(choices.busy.values()),
        silent=NO_EMAIL_MESSAGES[reason] if reason in _BUYER_REASONS else None,
    )
