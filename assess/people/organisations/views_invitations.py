"""Pages for inviting somebody into an organisation. They answer alike whatever the address is."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.audit.requests import note_always
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import NameState
from assess.people.organisations.asking import Asked, asked_person, count_invitation, sends_mail
from assess.people.organisations.inviting import (
    DAYS,
    AlreadyInError,
    InvitationUnknownError,
    end,
    fit_invited,
    invitation_of,
    invite,
)
from assess.people.organisations.models import Invitation

blueprint = Blueprint("invitations", __name__, url_prefix="/organisations/<uuid:organisation_id>/invitations")
ALREADY_IN = "This person is in the organisation already. Change what they may do on its page."


@blueprint.get("/new")
@requires("organisation.manage", check=permitted_member)
def show_new(organisation_id: uuid.UUID) -> str:
    """The form to invite somebody."""
    return _page(organisation_id, Asked())


@blueprint.post("/new")
@audited("invited")
@limited(SAVING, by_visit)
@requires("organisation.manage", load=permitted_member)
def invite_one(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Write to them."""
    if not sends_mail():
        abort(404)
    asked = asked_person()
    if asked.faults:
        return _page(organisation_id, asked), 422
    email = fit_invited(asked.email)
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
    if organisation.name_state is NameState.SUSPENDED:
        return _suspended(organisation_id)
    may_write = count_invitation(organisation, email, who.id, now())
    settings = settings_of(current_app)
    try:
        invite(
            session(),
            organisation,
            email,
            asked.roles,
            settings.base_url,
            now(),
            secret=settings.key,
            silent=not may_write,
        )
    except AlreadyInError:
        return _page(organisation_id, asked.but(email=ALREADY_IN)), 422
    note_always()  # whether or not a mail goes out
    return redirect(url_for("invitations.show_sent", organisation_id=organisation_id), 303)


@blueprint.get("/sent")
@requires("organisation.manage", check=permitted_member)
def show_sent(organisation_id: uuid.UUID) -> str:
    """We have written: the same words for every address."""
    organisation = organisation_or_404(session(), organisation_id)
    return render_template("people/organisation_invited.html", organisation=organisation, days=DAYS)


@blueprint.post("/<uuid:invitation_id>/again")
@audited("invited")
@limited(SAVING, by_visit)
@requires("organisation.manage", load=permitted_member)
def invite_again(who: Caller, organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
    """Write once more. The older link is dead."""
    if not sends_mail():
        abort(404)
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        older = _invitation_or_404(organisation_id, invitation_id)
    if organisation.name_state is NameState.SUSPENDED:
        return _suspended(organisation_id)
    may_write = count_invitation(organisation, older.email, who.id, now())
    note_always()  # whether or not a mail goes out
    settings = settings_of(current_app)
    invite(
        session(),
        organisation,
        older.email,
        older.as_roles,
        settings.base_url,
        now(),
        secret=settings.key,
        silent=not may_write,
    )
    return redirect(url_for("invitations.show_sent", organisation_id=organisation_id), 303)


@blueprint.post("/<uuid:invitation_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("organisation.manage", check=permitted_member)
def take_back(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
    """Take it back."""
    try:
        end(session(), organisation_id, invitation_of(session(), organisation_id, invitation_id), now())
    except InvitationUnknownError:
        abort(404)
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


def _suspended(organisation_id: uuid.UUID) -> Response:
    """No mail leaves in a suspended name: the page of the name says why."""
    return redirect(url_for("names.show_name", organisation_id=organisation_id), 303)


def _invitation_or_404(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
    with database().reading() as look:
        try:
            return invitation_of(look, organisation_id, invitation_id)
        except InvitationUnknownError:
            abort(404)


def _page(organisation_id: uuid.UUID, asked: Asked) -> str:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
    return render_template(
        "people/organisation_invite.html", organisation=organisation, asked=asked, days=DAYS, sends_mail=sends_mail()
    )
