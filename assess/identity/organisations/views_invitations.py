"""Pages to invite a member, and those that an invitation link opens."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import csrf, settings_of
from assess.core.audit.requests import audit_always, set_audit_subject
from assess.core.db import database, request_session
from assess.core.errors import ErrorText, error_page
from assess.core.forms.fields import ChoicesField
from assess.core.forms.form import Form
from assess.core.links import LinkUnknownError
from assess.core.mail.unsubscribe import unsubscribe, unsubscribe_page
from assess.core.pages import PageResponse
from assess.core.rate_limits import (
    OPEN_LINK_LIMIT,
    SAVE_LIMIT,
    by_address,
    by_session_or_address,
    enforce_limit,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.identity.access import (
    ACCOUNT_PATH,
    SIGN_IN_PATH,
    organisation_or_404,
    require_full_sign_in,
    require_member,
    url_with_next,
)
from assess.identity.accounts.services import AccountEmailField
from assess.identity.accounts.sign_in import accounts_available
from assess.identity.current_user import CurrentUser, current_user, reset_current_user
from assess.identity.models import MemberInvitation, NameState, Organisation, Role
from assess.identity.organisations import services
from assess.identity.organisations.name_confirmation import confirmation_sentence, name_note

blueprint = Blueprint("member_invitations", __name__)


class InvitationForm(Form):
    """Whom to invite, and what they may do."""

    email = AccountEmailField()
    roles = ChoicesField(Role, required=services.ROLE_MISSING)


ALREADY_MEMBER = "This person is in the organisation already. Change what they may do on its page."


@blueprint.route("/organisations/<uuid:organisation_id>/invitations/new", methods=["GET", "POST"])
@audited("invited")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.manage", load=require_member)
def send_invitation(user: CurrentUser, organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _invitation_page(organisation_id, "", frozenset({Role.RESPONDENT}))
    if not accounts_available():
        abort(404)
    form = InvitationForm().read()
    typed, roles = form.typed["email"], frozenset(form.values.get("roles", ()))
    if form.errors:
        return _invitation_page(organisation_id, typed, roles, form.errors), 422
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
    if organisation.name_state is NameState.SUSPENDED:
        return _redirect_suspended(organisation_id)
    may_write = services.enforce_invitation_limits(organisation, form["email"], user.id, clock.now())
    settings = settings_of(current_app)
    try:
        services.invite_member(
            request_session(),
            organisation,
            form["email"],
            roles,
            settings.base_url,
            clock.now(),
            secret=settings.key,
            silent=not may_write,
        )
    except services.AlreadyMemberError:
        return _invitation_page(organisation_id, typed, roles, {"email": ALREADY_MEMBER}), 422
    audit_always()  # whether or not a mail goes out
    return redirect(url_for("member_invitations.show_invitation_sent", organisation_id=organisation_id), 303)


@blueprint.get("/organisations/<uuid:organisation_id>/invitations/sent")
@requires("organisation.manage", check=require_member)
def show_invitation_sent(organisation_id: uuid.UUID) -> str:
    """We have written: the same words for every address."""
    organisation = organisation_or_404(request_session(), organisation_id)
    return render_template(
        "identity/organisation_invited.html", organisation=organisation, days=services.INVITATION_DAYS
    )


@blueprint.post("/organisations/<uuid:organisation_id>/invitations/<uuid:invitation_id>/resend")
@audited("invited")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("organisation.manage", load=require_member)
def resend_invitation(user: CurrentUser, organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
    """Write once more. The older link is dead."""
    if not accounts_available():
        abort(404)
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        older = services.get_invitation(session, organisation_id, invitation_id)
    if organisation.name_state is NameState.SUSPENDED:
        return _redirect_suspended(organisation_id)
    may_write = services.enforce_invitation_limits(organisation, older.email, user.id, clock.now())
    audit_always()  # whether or not a mail goes out
    settings = settings_of(current_app)
    services.invite_member(
        request_session(),
        organisation,
        older.email,
        older.as_roles,
        settings.base_url,
        clock.now(),
        secret=settings.key,
        silent=not may_write,
    )
    return redirect(url_for("member_invitations.show_invitation_sent", organisation_id=organisation_id), 303)


@blueprint.post("/organisations/<uuid:organisation_id>/invitations/<uuid:invitation_id>/withdraw")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("organisation.manage", check=require_member)
def withdraw_invitation(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
    services.revoke_invitation(
        request_session(),
        organisation_id,
        services.get_invitation(request_session(), organisation_id, invitation_id),
        clock.now(),
    )
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


def _redirect_suspended(organisation_id: uuid.UUID) -> Response:
    """No mail leaves in a suspended name: the page of the name says why."""
    return redirect(url_for("organisations.show_organisation_name", organisation_id=organisation_id), 303)


def _invitation_page(
    organisation_id: uuid.UUID, email: str, roles: frozenset[Role], errors: Mapping[str, str] | None = None
) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
    return render_template(
        "identity/organisation_invite.html",
        organisation=organisation,
        email=email,
        roles=roles,
        errors=errors or {},
        days=services.INVITATION_DAYS,
        sends_mail=accounts_available(),
    )


INVALID_INVITATION = ErrorText(
    "This invitation does not work",
    (
        "It may have been used, taken back or replaced by a newer one, or it is older than seven days.",
        "Ask whoever invited you to send it again.",
    ),
)
WRONG_EMAIL = "This invitation is for another email address. Sign out, and sign in with the address it was sent to."


@blueprint.route(f"{services.JOIN_PATH}<token>", methods=["GET", "POST"])
@audited("joined")
@requires("link.open")
def join_organisation(token: str) -> PageResponse:
    if request.method != "POST":
        return _join_page(token, *_find_invitation(token))
    user = require_full_sign_in()
    organisation, invitation = _find_invitation(token)
    try:
        joined = services.accept_invitation(request_session(), token, user, clock.now())
    except LinkUnknownError:  # another person was quicker
        request_session().rollback()
        return _invalid_invitation_page()
    except services.WrongEmailError:
        return _join_page(token, organisation, invitation, WRONG_EMAIL), 422
    except services.BuyerAndStaffError as error:
        return _join_page(token, organisation, invitation, str(error)), 422
    reset_current_user()
    set_audit_subject("organisation", joined)
    return redirect(url_for("organisations.show_organisation", organisation_id=joined), 303)


@blueprint.route(f"{services.STOP_INVITATIONS_PATH}<token>", methods=["GET", "POST"])
@audited("stopped")
@requires("link.open")
def stop_invitations(token: str) -> str | Response:
    """Where the last link of the mail leads: one button."""
    if request.method != "POST":
        return unsubscribe_page(services.INVITATION_MAILS, token)
    return unsubscribe(services.INVITATION_MAILS, token)


csrf.exempt(stop_invitations)


def _join_page(token: str, organisation: Organisation, invitation: MemberInvitation, error: str | None = None) -> str:
    user = current_user()
    here = services.JOIN_PATH + token
    if error is None and user is not None and user.email != invitation.email:
        error = WRONG_EMAIL
    return render_template(
        "identity/organisation_join.html",
        organisation=organisation,
        note=name_note(organisation, clock.today()),
        shown_by=confirmation_sentence(organisation, clock.today()),
        roles=invitation.as_roles,
        signed_in=user is not None,
        fits=user is not None and user.email == invitation.email,
        error=error,
        account=ACCOUNT_PATH,
        sign_in=url_with_next(SIGN_IN_PATH, here),
        sign_up=url_with_next("/sign-up", here),
    )


def _find_invitation(token: str) -> tuple[Organisation, MemberInvitation]:
    with database().reading() as session:
        try:
            return services.find_invitation(session, token, clock.now())
        except LinkUnknownError:
            abort(_invalid_invitation_page())


def _invalid_invitation_page() -> Response:
    """Only what is no invitation counts against the caller: it may be a guess."""
    enforce_limit(OPEN_LINK_LIMIT, by_address())
    return error_page(404, INVALID_INVITATION)
