"""Pages a supplier opens from a buyer's email: accept, use existing answers, decline, unsubscribe, external result, consent to be named. Opening a link changes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.guest_sessions import end_guest_session as leave_visit
from assess.assessments.guest_sessions import open_started_assessment
from assess.assessments.models import Assessment
from assess.assessments.services import start_assessment
from assess.core import clock
from assess.core.application import csrf, settings_of
from assess.core.audit.requests import set_audit_subject
from assess.core.db import database, request_session
from assess.core.errors import ErrorText, error_page
from assess.core.forms.fields import ChoiceField, UuidField, YesNoField, sentences_of
from assess.core.forms.form import is_ticked, read_fields
from assess.core.links import LinkUnknownError
from assess.core.mail.unsubscribe import require_one_click
from assess.core.pages import PageResponse
from assess.core.rate_limits import (
    OPEN_LINK_LIMIT,
    SAVE_LIMIT,
    START_LIMIT,
    Limit,
    by_session_or_address,
    enforce_limit,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.core.security import clear_guest_cookie, guest_session_token, set_guest_cookie
from assess.identity.current_user import current_user
from assess.identity.models import Organisation
from assess.identity.organisations.name_confirmation import name_note
from assess.identity.organisations.name_rules import name_error
from assess.public.views import retention_periods
from assess.question_banks.editions import current_edition
from assess.suppliers import external_results, presenters, services, supplier_invitations
from assess.suppliers.contracts import load_contract_rules
from assess.suppliers.emails import is_name_invalid, is_unsubscribed, was_email_sent
from assess.suppliers.models import DeclineReason, ExternalResult, InvitationStatus, Supplier, SupplierInvitation
from assess.suppliers.supply_chain import confirmed_name, get_naming_consent, set_naming_consent

INVITATION_RULE = "/supplier-invitations/answer/<uuid:invitation_id>"

blueprint = Blueprint("supplier_invitations", __name__)


@blueprint.get(INVITATION_RULE)
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def show_invitation(context: supplier_invitations.InvitationContext) -> str:
    invitation = context.invitation
    with database().reading() as session:
        own = supplier_invitations.assessments_to_choose(
            session, invitation, guest_session_token(), current_user(), clock.now()
        )
        return render_template(
            "suppliers/supplier_invitation.html",
            own=own,
            answering=next((one for one in own if one.id == invitation.assessment_id), None),
            reason=presenters.DECLINE_LABELS[invitation.decline] if invitation.decline else None,
            stopped=is_unsubscribed(
                session, context.buyer.id, context.supplier.email, settings_of(current_app).honoured_keys
            ),
            has_address=bool(context.supplier.email),
            organisations=supplier_invitations.managed_organisations(session, current_user()),
            answers_for=context.supplier.organisation_id,
            **supplier_invitations.invitation_details(session, invitation, context.buyer),
        )


@blueprint.get(f"{INVITATION_RULE}/begin")
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def show_begin_page(context: supplier_invitations.InvitationContext) -> str:
    with database().reading() as session:
        details = supplier_invitations.invitation_details(session, context.invitation, context.buyer)
    return render_template("suppliers/supplier_invitation_begin.html", promises=retention_periods(), **details)


@blueprint.post(f"{INVITATION_RULE}/begin")
@audited("begun")
@rate_limited(START_LIMIT)
@requires("invitation.answer", check=supplier_invitations.invitation_or_404)
def begin_assessment(invitation_id: uuid.UUID) -> Response:
    invitation = _lock_living_invitation(invitation_id)
    edition_id = current_edition(request_session(), invitation.sector).id
    if edition_id is None:
        abort(404)
    now = clock.now()
    made = start_assessment(request_session(), edition_id, quick=invitation.quick, now=now)
    set_audit_subject("assessment", made.id)
    services.mark_started(request_session(), invitation, made.id, now)
    token = open_started_assessment(request_session(), made.id, now, token=guest_session_token())
    return set_guest_cookie(
        make_response(redirect(url_for("resume_links.show_resume_links", assessment_id=made.id), 303)), token
    )


@blueprint.route(f"{INVITATION_RULE}/existing", methods=["GET", "POST"])
@audited("chosen")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def answer_with_existing(
    context: supplier_invitations.InvitationContext, invitation_id: uuid.UUID
) -> PageResponse | str:
    """Answer it with an assessment one has. The buyer sees at once whether that is finished, and nothing of it."""
    if request.method != "POST":
        return _existing_assessments_page(context)
    with database().reading() as session:
        own = supplier_invitations.assessments_to_choose(
            session, context.invitation, guest_session_token(), current_user(), clock.now()
        )
    wanted = read_fields(assessment=UuidField())["assessment"]
    chosen = next((one for one in own if one.id == wanted and not one.too_short), None)
    if chosen is None:
        return _existing_assessments_page(context, "Choose one of them."), 422
    invitation = _lock_living_invitation(invitation_id)
    if invitation.assessment_id != chosen.id:
        services.mark_started(request_session(), invitation, chosen.id, clock.now())
        assessment = request_session().get(Assessment, chosen.id) or abort(404)
        if assessment.submitted_at is not None or assessment.version > 1:
            services.mark_submitted(request_session(), invitation, clock.now())
        if assessment.organisation_id is not None:
            services.set_answering_organisation(request_session(), invitation, assessment.organisation_id, clock.now())
    set_audit_subject("assessment", chosen.id)
    to = url_for("assessments.show_tasks", assessment_id=chosen.id)
    return redirect(f"{to}share/buyer-requests" if chosen.submitted_on else to, 303)


@blueprint.route(f"{INVITATION_RULE}/decline", methods=["GET", "POST"])
@audited("refused")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def refuse_invitation(context: supplier_invitations.InvitationContext, invitation_id: uuid.UUID) -> PageResponse | str:
    if request.method != "POST":
        return _decline_page(context)
    read = read_fields(why=ChoiceField(DeclineReason, required="Choose one of these."))
    if read.errors:
        return _decline_page(context, read.errors["why"]), 422
    invitation = _lock_living_invitation(invitation_id)
    if invitation.status not in {InvitationStatus.SHARED, InvitationStatus.EXTERNAL_RESULT}:
        services.decline_invitation(request_session(), invitation, read["why"], clock.now())
    return _redirect_to_invitation(invitation_id)


@blueprint.post(f"{INVITATION_RULE}/undo-decline")
@audited("undone")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("invitation.answer", check=supplier_invitations.invitation_or_404)
def undo_refusal(invitation_id: uuid.UUID) -> Response:
    services.undo_decline(request_session(), _lock_living_invitation(invitation_id), clock.now())
    return _redirect_to_invitation(invitation_id)


@blueprint.post(f"{INVITATION_RULE}/unsubscribe")
@audited("stopped")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("invitation.answer", check=supplier_invitations.invitation_or_404)
def stop_emails(invitation_id: uuid.UUID) -> Response:
    services.unsubscribe_from_buyer(
        request_session(), _lock_living_invitation(invitation_id), settings_of(current_app).key, clock.now()
    )
    return _redirect_to_invitation(invitation_id)


@blueprint.post(f"{INVITATION_RULE}/organisation")
@audited("kept")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def assign_to_organisation(context: supplier_invitations.InvitationContext, invitation_id: uuid.UUID) -> Response:
    ours = supplier_invitations.managed_organisation_ids(current_user())
    wanted = read_fields(organisation=UuidField())["organisation"]
    chosen = wanted if wanted in ours else None
    taken_back = is_ticked("none") and context.supplier.organisation_id in ours
    if chosen is not None or taken_back:
        services.set_answering_organisation(
            request_session(), _lock_living_invitation(invitation_id), chosen, clock.now()
        )
    return _redirect_to_invitation(invitation_id)


@blueprint.post(f"{INVITATION_RULE}/leave")
@audited("left")
@requires("invitation.answer", check=supplier_invitations.invitation_or_404)
def leave_invitation() -> Response:
    leave_visit(request_session(), guest_session_token())
    return clear_guest_cookie(make_response(redirect(url_for("resume_links.show_goodbye"), 303)))


def _lock_living_invitation(invitation_id: uuid.UUID) -> SupplierInvitation:
    found = request_session().get(SupplierInvitation, invitation_id, with_for_update=True, populate_existing=True)
    if found is None or not found.lives:
        abort(404)
    return found


def _redirect_to_invitation(invitation_id: uuid.UUID) -> Response:
    return redirect(url_for("supplier_invitations.show_invitation", invitation_id=invitation_id), 303)


def _existing_assessments_page(context: supplier_invitations.InvitationContext, error: str | None = None) -> str:
    with database().reading() as session:
        own = supplier_invitations.assessments_to_choose(
            session, context.invitation, guest_session_token(), current_user(), clock.now()
        )
        details = supplier_invitations.invitation_details(session, context.invitation, context.buyer)
    return render_template("suppliers/supplier_invitation_existing.html", own=own, error=error, **details)


def _decline_page(context: supplier_invitations.InvitationContext, error: str | None = None) -> str:
    with database().reading() as session:
        details = supplier_invitations.invitation_details(session, context.invitation, context.buyer)
    return render_template(
        "suppliers/supplier_invitation_decline.html",
        reasons=list(presenters.DECLINE_LABELS.items()),
        error=error,
        **details,
    )


NOT_A_MANAGER = (
    "An organisation answers this request. Sign in as somebody who manages it, open the email again, and say yes then."
)
LINK_NOT_EMAILED = (
    "We sent this link to nobody, so we cannot tell that it reached you. Open the link in an email that we sent to you, and say yes then. "
    "Or sign in, open this request again, keep it with your organisation, and say yes there under “What your customers see of your suppliers”."
)


@blueprint.route(f"{INVITATION_RULE}/naming", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def edit_naming_consent(context: supplier_invitations.InvitationContext, invitation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        with database().reading() as session:
            consent = get_naming_consent(session, context.supplier)
            may = None if consent is None else "yes" if consent.may else "no"
            return _naming_consent_page(session, context, may, consent.name if consent else "", {})
    read = read_fields(naming=YesNoField(required="Choose yes or no.", invalid="Choose yes or no."))
    naming, name = read.typed.get("naming", ""), read.typed.get("name", "")
    if read.errors:
        return _naming_consent_page(request_session(), context, None, name, read.errors), 422
    why_not = _consent_refusal(request_session(), context)
    if read["naming"] and why_not is not None:
        return _naming_consent_page(request_session(), context, naming, name, {"naming": why_not}), 422
    try:
        set_naming_consent(
            request_session(),
            request_session().get_one(Supplier, context.supplier.id),
            name,
            clock.now(),
            may=read["naming"],
        )
    except ValidationError as refusal:
        return _naming_consent_page(
            request_session(), context, naming, name, {"name": " ".join(sentences_of(refusal))}
        ), 422
    set_audit_subject("invitation", invitation_id)
    return redirect(url_for("supplier_invitations.edit_naming_consent", invitation_id=invitation_id, saved="yes"), 303)


def _consent_refusal(session: Session, context: supplier_invitations.InvitationContext) -> str | None:
    """Why a yes is not theirs to say; None: it is. The buyer can make itself links. A no is always taken."""
    if context.supplier.organisation_id is not None:
        return (
            None
            if context.supplier.organisation_id in supplier_invitations.managed_organisation_ids(current_user())
            else NOT_A_MANAGER
        )
    event = supplier_invitations.opened_email(session, guest_session_token(), context.invitation.id)
    return None if event is not None and was_email_sent(session, event) else LINK_NOT_EMAILED


def _naming_consent_page(
    session: Session,
    context: supplier_invitations.InvitationContext,
    may: str | None,
    name: str,
    errors: Mapping[str, str],
) -> str:
    why_not = _consent_refusal(session, context)
    return render_template(
        "suppliers/supplier_naming_consent.html",
        context=context,
        note=name_note(context.buyer, clock.today()),
        may=may,
        name=name,
        fixed=confirmed_name(session, context.supplier.organisation_id) if why_not is None else None,
        by_hand=why_not if why_not == LINK_NOT_EMAILED else None,
        errors=errors,
        saved=request.args.get("saved") == "yes",
    )


UNSUBSCRIBE_LIMIT = Limit("asked-stop", 30, 60)
"""For each token that is one, never for a machine that calls: one machine of a mail company presses for all its people."""

NO_EMAILS_TO_STOP = ErrorText(
    "No email comes from this link",
    (
        "What it was about is deleted, or a part of the address is missing.",
        "If emails still come, open the link at the foot of the newest one.",
    ),
)


@blueprint.get("/supplier-invitations/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_invitation_link(token: str) -> str | Response:
    """Who asks, what, by when, what they see, and a button. A preview of the link opens nothing."""
    with database().reading() as session:
        invitation = services.get_invitation_by_token(session, token)
        supplier, buyer = _supplier_and_buyer(session, invitation)
        if is_name_invalid(session, buyer, services.buyer_name_of_link(session, token)):
            return error_page(410, supplier_invitations.BUYER_NOT_CONFIRMED)
        details = supplier_invitations.invitation_details(session, invitation, buyer)
    # its buyer typed it, and whoever opens this may not know them: a name is printed, a message is not
    called = supplier.name if name_error(supplier.name) is None else None
    return render_template("suppliers/supplier_invitation_link.html", called=called, link=token, **details)


@blueprint.post("/supplier-invitations/<token>")
@audited("opened")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def open_invitation_link(token: str) -> Response:
    """Let this browser act on the invitation. From now on the buyer sees that it was opened."""
    invitation = services.get_invitation_by_token(request_session(), token)
    set_audit_subject("invitation", invitation.id)
    if is_name_invalid(
        request_session(),
        _supplier_and_buyer(request_session(), invitation)[1],
        services.buyer_name_of_link(request_session(), token),
    ):
        return error_page(410, supplier_invitations.BUYER_NOT_CONFIRMED)
    services.mark_opened(request_session(), invitation, clock.now())
    fresh = supplier_invitations.open_invitation(
        request_session(),
        invitation,
        clock.now(),
        email_event=services.email_of_link(request_session(), token),
        token=guest_session_token(),
    )
    to = url_for("supplier_invitations.show_invitation", invitation_id=invitation.id)
    return set_guest_cookie(make_response(redirect(to, 303)), fresh)


@blueprint.post("/supplier-invitations/<token>/unknown-sender")
@audited("refused")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def report_unknown_sender(token: str) -> str:
    """The reader does not know who asks: no more mail comes, and enough of them stop the emails of that buyer."""
    invitation = services.get_invitation_by_token(request_session(), token)
    set_audit_subject("invitation", invitation.id)
    named = _buyer_name(request_session(), token, invitation)
    services.report_unknown_buyer(request_session(), invitation, settings_of(current_app), clock.now())
    return render_template("suppliers/unknown_sender_reported.html", buyer=named)


@blueprint.get("/supplier-invitations/unsubscribe/<token>")
@requires("link.open")
def show_unsubscribe(token: str) -> str | Response:
    with database().reading() as session:
        try:
            invitation = services.get_invitation_by_token(session, token, stops=True)
        except LinkUnknownError:
            return error_page(404, NO_EMAILS_TO_STOP)
        supplier, buyer = _supplier_and_buyer(session, invitation)
        stopped = is_unsubscribed(session, buyer.id, supplier.email, settings_of(current_app).honoured_keys)
        named = _buyer_name(session, token, invitation)
    return render_template("suppliers/supplier_unsubscribe.html", buyer=named, stopped=stopped)


@blueprint.post("/supplier-invitations/unsubscribe/<token>")
@audited("stopped")
@requires("link.open")
def unsubscribe_by_link(token: str) -> str | Response:
    """Stop at once. The token is all it takes: a mail program that sends this has no form of ours.

    The answer is a page and no redirect, because programs that press the button do not follow one (RFC 8058, 3.1).
    """
    require_one_click()
    with database().reading() as session:
        try:
            found = services.get_invitation_by_token(session, token, stops=True)
        except LinkUnknownError:
            return error_page(404, NO_EMAILS_TO_STOP)
        named = _buyer_name(session, token, found)
    enforce_limit(UNSUBSCRIBE_LIMIT, token)
    set_audit_subject("invitation", found.id)
    invitation = request_session().get(SupplierInvitation, found.id)
    if invitation is not None:  # deleted at this very moment: then no mail comes either
        services.unsubscribe_from_buyer(request_session(), invitation, settings_of(current_app).key, clock.now())
    return render_template("suppliers/supplier_unsubscribe.html", buyer=named, stopped=True)


def _buyer_name(session: Session, token: str, invitation: SupplierInvitation) -> str:
    """The name that stood in the email, whatever the buyer is called by now."""
    return services.buyer_name_of_link(session, token) or _supplier_and_buyer(session, invitation)[1].name


def _supplier_and_buyer(session: Session, invitation: SupplierInvitation) -> tuple[Supplier, Organisation]:
    supplier = session.get_one(Supplier, invitation.supplier_id)
    return supplier, session.get_one(Organisation, supplier.buyer_id)


csrf.exempt(unsubscribe_by_link)


@blueprint.route(f"{INVITATION_RULE}/external-result", methods=["GET", "POST"])
@audited("sent")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def send_external_result(context: supplier_invitations.InvitationContext, invitation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _external_result_page(context, {}, {})
    read = supplier_invitations.external_result_form(clock.today()).read()
    if read.errors:
        return _external_result_page(context, read.typed, read.errors), 422
    try:
        external_results.report_result(
            request_session(),
            request_session().get_one(SupplierInvitation, context.invitation.id),
            external_results.ReportedResult(**read.values),
            clock.now(),
        )
    except external_results.AlreadyAcceptedError:
        return _external_result_page(
            context,
            read.typed,
            {"scheme": "The buyer has accepted this one already. To tell it anew, withdraw it first."},
        ), 422
    return redirect(url_for("supplier_invitations.send_external_result", invitation_id=invitation_id, told="yes"), 303)


@blueprint.post(f"{INVITATION_RULE}/external-result/<uuid:result_id>/withdraw")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("invitation.answer", load=supplier_invitations.invitation_or_404)
def remove_external_result(
    context: supplier_invitations.InvitationContext, invitation_id: uuid.UUID, result_id: uuid.UUID
) -> Response:
    result = request_session().get(ExternalResult, result_id)
    if result is None or result.invitation_id != context.invitation.id:
        abort(404)
    external_results.withdraw_external_result(request_session(), result, clock.now())
    return redirect(url_for("supplier_invitations.send_external_result", invitation_id=invitation_id, gone="yes"), 303)


def _external_result_page(
    context: supplier_invitations.InvitationContext, typed: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    texts, day = load_contract_rules(), clock.today()
    with database().reading() as session:
        return render_template(
            "suppliers/supplier_external_result.html",
            id=context.invitation.id,
            buyer=context.buyer.name,
            note=name_note(context.buyer, day),
            results=[
                (
                    one,
                    texts.schemes[one.scheme.value],
                    external_results.is_result_old(one.result_on, texts.schemes[one.scheme.value].months, day),
                )
                for one in external_results.results_of_invitation(session, context.invitation.id)
            ],
            typed=defaultdict(str, typed),
            errors=errors,
            saved="told" in request.args,
            gone="gone" in request.args,
            schemes=[(one.id, one.name) for one in texts.schemes.values()],
            scopes=[(one.value, words) for one, words in presenters.SCOPE_LABELS.items()],
            interviews=[(one.value, words) for one, words in presenters.INTERVIEW_LABELS.items()],
            words={
                "scope": presenters.SCOPE_LABELS,
                "interviews": presenters.INTERVIEW_LABELS,
                "refusal": presenters.REFUSAL_LABELS,
            },
            today=day,
        )
