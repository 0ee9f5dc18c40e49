"""Pages of an organisation: details, members, sites, name, leaving and deleting."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_subject
from assess.core.db import database, request_session
from assess.core.forms.fields import ChoicesField, CodeField, CompanyNumberField
from assess.core.forms.form import Form, is_ticked, read_fields
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import ACCOUNT_PATH, organisation_or_404, require_member, require_person
from assess.identity.accounts.sign_in import accounts_available
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation, Person, Role
from assess.identity.organisations import name_confirmation, name_rules, services

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")


class DetailsForm(Form):
    """Name and number of an organisation."""

    name = name_rules.OrganisationNameField()
    company_number = CompanyNumberField(invalid=name_rules.COMPANY_NUMBER_IF_ANY)


@blueprint.app_template_global("role_words")
def role_words(roles: frozenset[Role]) -> str:
    """What a member does, in words: “Manager; signs off”."""
    first, *more = services.role_labels(roles, services.ROLE_LABELS) or ["Nothing"]
    return "; ".join([first, *map(str.lower, more)])


@blueprint.app_template_global("role_options")
def role_options() -> list[dict[str, str]]:
    return [
        {"value": role.value, "label": services.ROLE_LABELS[role], "hint": services.ROLE_HINTS[role]} for role in Role
    ]


@blueprint.get("")
@requires("organisation.begin", load=require_person)
def show_organisations(user: CurrentUser) -> str:
    with database().reading() as session:
        mine = services.get_organisations(session, list(user.roles))
    return render_template(
        "identity/organisations.html",
        mine=mine,
        who=user,
        note=lambda one: name_confirmation.name_note(one, clock.today()),
        account=ACCOUNT_PATH,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@audited("begun")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.begin", load=require_person)
def add_organisation(user: CurrentUser) -> PageResponse:
    if request.method != "POST":
        return _new_organisation_page({}, {})
    form = DetailsForm().read()
    if form.errors:
        return _new_organisation_page(form.typed, form.errors), 422
    services.enforce_new_organisation_limit(user.id)
    organisation = services.create_organisation(
        request_session(), form["name"], form["company_number"], user.id, clock.now()
    )
    set_audit_subject("organisation", organisation.id)
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation.id), 303)


@blueprint.get("/<uuid:organisation_id>")
@requires("organisation.read", load=require_member)
def show_organisation(user: CurrentUser, organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        manages = user.has(Role.MANAGER, organisation_id)
        return render_template(
            "identity/organisation.html",
            organisation=organisation,
            note=name_confirmation.name_note(organisation, clock.today()),
            who=user,
            manages=manages,
            answers=bool(user.roles[organisation_id] & {Role.MANAGER, Role.RESPONDENT, Role.SIGNER}),
            buys=user.has(Role.BUYER, organisation_id),
            sites=services.list_sites(session, organisation_id),
            members=services.list_members(session, organisation_id),
            invitations=services.open_invitations(session, organisation_id, clock.now()) if manages else [],
            sends_mail=accounts_available(),
            ways=organisation_links(organisation_id),
        )


@blueprint.route("/<uuid:organisation_id>/details", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.manage", check=require_member)
def edit_organisation_details(organisation_id: uuid.UUID) -> PageResponse:
    """Call it otherwise. What confirmed the old name confirms nothing of the new one."""
    if request.method != "POST":
        organisation = organisation_or_404(request_session(), organisation_id)
        typed = {"name": organisation.name, "company_number": organisation.company_number or ""}
        return _details_page(organisation, typed, {})
    form = DetailsForm().read()
    # held, so that a name confirmed at this very moment is not confirmed for what it is called next
    organisation = services.lock_organisation(request_session(), organisation_id) or organisation_or_404(
        request_session(), organisation_id
    )
    if form.errors:
        return _details_page(organisation, form.typed, form.errors), 422
    name_confirmation.rename_organisation(request_session(), organisation, form["name"], clock.now())
    name_confirmation.set_company_number(request_session(), organisation, form["company_number"], clock.now())
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


def organisation_links(organisation_id: uuid.UUID) -> dict[str, str]:
    """Pages of the packages above, by their plain addresses."""
    here = f"/organisations/{organisation_id}"
    return {
        "plans": f"{here}/plans",
        "asked": f"{here}/buyer-requests",
        "export": f"{here}/export",
        "shared": "/shared",
        "suppliers": f"{here}/suppliers",
        "chain": f"{here}/supply-chain-sharing",
    }


def _new_organisation_page(typed: object, errors: Mapping[str, str]) -> str:
    return render_template("identity/organisation_new.html", typed=typed, errors=errors)


def _details_page(organisation: Organisation, typed: object, errors: Mapping[str, str]) -> str:
    return render_template(
        "identity/organisation_details.html",
        organisation=organisation,
        note=name_confirmation.name_note(organisation, clock.today()),
        typed=typed,
        errors=errors,
    )


@blueprint.route("/<uuid:organisation_id>/delete", methods=["GET", "POST"])
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.manage", check=require_member)
def delete_organisation(organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _delete_page(organisation_id)
    organisation = organisation_or_404(request_session(), organisation_id)
    form = read_fields(name=services.TypedAgainField(organisation.name))
    if form.errors:
        return _delete_page(organisation_id, form.typed["name"], form.errors["name"]), 422
    services.delete_organisation(request_session(), organisation)
    return redirect(url_for("organisations.show_organisations"), 303)


def _delete_page(organisation_id: uuid.UUID, typed: str = "", error: str | None = None) -> str:
    return render_template(
        "identity/organisation_delete.html",
        organisation=organisation_or_404(request_session(), organisation_id),
        typed=typed,
        error=error,
        backup_days=settings_of(current_app).backup_days,
        back=url_for("organisations.show_organisation", organisation_id=organisation_id),
        export=organisation_links(organisation_id)["export"],
    )


LAST_MANAGER = "Somebody has to manage the organisation. Make another person a manager first."


@blueprint.route("/<uuid:organisation_id>/people/<uuid:person_id>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.manage", load=require_member)
def edit_member_roles(user: CurrentUser, organisation_id: uuid.UUID, person_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _member_page(user, organisation_id, person_id)
    form = read_fields(roles=ChoicesField(Role, required=services.ROLE_MISSING))
    roles = frozenset(form.values.get("roles", ()))
    if form.errors:
        return _member_page(user, organisation_id, person_id, roles, form.errors["roles"]), 422
    try:
        services.change_roles(request_session(), organisation_id, person_id, roles, clock.now())
    except services.LastManagerError:
        return _member_page(user, organisation_id, person_id, roles, LAST_MANAGER), 422
    except services.BuyerAndStaffError as error:
        return _member_page(user, organisation_id, person_id, roles, str(error)), 422
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


@blueprint.post("/<uuid:organisation_id>/people/<uuid:person_id>/remove")
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("organisation.manage", load=require_member)
def remove_member(user: CurrentUser, organisation_id: uuid.UUID, person_id: uuid.UUID) -> Response | tuple[str, int]:
    """Remove them. From their next request on they open nothing of the organisation."""
    try:
        services.remove_membership(request_session(), organisation_id, person_id, clock.now())
    except services.LastManagerError:
        return _member_page(user, organisation_id, person_id, None, LAST_MANAGER), 422
    if person_id == user.id:
        return redirect(url_for("organisations.show_organisations"), 303)
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id, removed="yes"), 303)


@blueprint.route("/<uuid:organisation_id>/leave", methods=["GET", "POST"])
@audited("left")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.read", load=require_member)
def leave_organisation(user: CurrentUser, organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _leave_page(user, organisation_id)
    try:
        services.remove_membership(request_session(), organisation_id, user.id, clock.now())
    except services.LastManagerError:
        return _leave_page(user, organisation_id, LAST_MANAGER), 422
    return redirect(url_for("organisations.show_organisations"), 303)


def _leave_page(user: CurrentUser, organisation_id: uuid.UUID, error: str | None = None) -> str:
    organisation = organisation_or_404(request_session(), organisation_id)
    manages = user.has(Role.MANAGER, organisation_id)
    return render_template("identity/organisation_leave.html", organisation=organisation, error=error, manages=manages)


def _member_page(
    user: CurrentUser,
    organisation_id: uuid.UUID,
    person_id: uuid.UUID,
    typed: frozenset[Role] | None = None,
    error: str | None = None,
) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        found = next(
            (one for one in services.list_members(session, organisation_id) if one.id == person_id), None
        ) or abort(404)
    return render_template(
        "identity/organisation_member.html",
        organisation=organisation,
        member=found,
        roles=found.roles if typed is None else typed,
        error=error,
        myself=person_id == user.id,
    )


DUPLICATE_SITE = "Enter another name: you have a site of this name."
SITE_IN_USE = "Something belongs to this site, so it cannot be removed. Move it to another site first."


@blueprint.route("/<uuid:organisation_id>/sites/new", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.manage", check=require_member)
def save_new_site(organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _new_site_page(organisation_id)
    form = read_fields(name=name_rules.NameField("the name of the site"))
    typed = form.typed["name"]
    if form.errors:
        return _new_site_page(organisation_id, typed, form.errors["name"]), 422
    try:
        services.lock_organisation(request_session(), organisation_id)  # two at once do not add the same
        services.add_site(request_session(), organisation_id, form["name"], clock.now())
    except services.DuplicateSiteError:
        return _new_site_page(organisation_id, typed, DUPLICATE_SITE), 422
    except services.TooManySitesError:
        return _new_site_page(organisation_id, typed, f"An organisation can have {services.MAX_SITES} sites here."), 422
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


@blueprint.route("/<uuid:organisation_id>/sites/<uuid:site_id>", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.manage", check=require_member)
def edit_site(organisation_id: uuid.UUID, site_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _site_page(organisation_id, site_id)
    form = read_fields(name=name_rules.NameField("the name of the site"))
    typed = form.typed["name"]
    if form.errors:
        return _site_page(organisation_id, site_id, typed, form.errors["name"]), 422
    try:
        services.rename_site(request_session(), organisation_id, site_id, form["name"])
    except services.DuplicateSiteError:
        return _site_page(organisation_id, site_id, typed, DUPLICATE_SITE), 422
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


@blueprint.post("/<uuid:organisation_id>/sites/<uuid:site_id>/remove")
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("organisation.manage", check=require_member)
def delete_site(organisation_id: uuid.UUID, site_id: uuid.UUID) -> Response | tuple[str, int]:
    """Remove it when nothing belongs to it."""
    try:
        services.remove_site(request_session(), organisation_id, site_id)
    except services.SiteInUseError:
        return _site_page(organisation_id, site_id, error=SITE_IN_USE), 422
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


def _new_site_page(organisation_id: uuid.UUID, typed: str = "", error: str | None = None) -> str:
    organisation = organisation_or_404(request_session(), organisation_id)
    return render_template("identity/organisation_site_new.html", organisation=organisation, typed=typed, error=error)


def _site_page(
    organisation_id: uuid.UUID, site_id: uuid.UUID, typed: str | None = None, error: str | None = None
) -> str:
    with database().reading() as session:
        site = services.get_site(session, organisation_id, site_id)
        return render_template(
            "identity/organisation_site.html",
            id=organisation_id,
            place=site,
            typed=site.name if typed is None else typed,
            error=error,
            in_use=services.is_site_in_use(session, site_id),
        )


CONFIRMATION_REQUEST_LIMIT = Limit("ask-name", 3, 86_400)
"""How often an organisation may ask in a day: each time all staff are written to."""
POSTED_CODE_LIMIT = Limit("enter-name-code", 10, 3_600)


@blueprint.get("/<uuid:organisation_id>/name")
@requires("organisation.manage", load=require_member)
def show_organisation_name(user: CurrentUser, organisation_id: uuid.UUID) -> str:
    return _name_page(user, organisation_id)


@blueprint.post("/<uuid:organisation_id>/name/ask")
@audited("asked")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("organisation.manage", load=require_member)
def request_name_confirmation(user: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Ask the staff to look at the name. What it looks like tells nobody anything: every name waits in the same words."""
    enforce_limit(CONFIRMATION_REQUEST_LIMIT, str(organisation_id))
    organisation = services.lock_organisation(request_session(), organisation_id) or organisation_or_404(
        request_session(), organisation_id
    )
    if is_ticked("ours"):
        try:
            name_confirmation.set_proven_domain(organisation, user.email)
        except name_rules.NoOwnDomainError:
            return _name_page(
                user, organisation_id, ours="Anybody can have an address there, so it does not show whose it is."
            ), 422
    try:
        name_confirmation.request_confirmation(
            request_session(), organisation, request_session().get_one(Person, user.id), clock.now()
        )
    except name_confirmation.WrongNameStateError:  # another manager asked, or the staff decided
        return redirect(url_for("organisations.show_organisation_name", organisation_id=organisation_id), 303)
    return redirect(url_for("organisations.show_organisation_name", organisation_id=organisation_id, done="asked"), 303)


@blueprint.post("/<uuid:organisation_id>/name/code")
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("organisation.manage", load=require_member)
def save_posted_code(user: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    enforce_limit(POSTED_CODE_LIMIT, str(organisation_id))
    organisation = services.lock_organisation(request_session(), organisation_id) or organisation_or_404(
        request_session(), organisation_id
    )
    code = read_fields(code=CodeField())["code"]
    if not name_confirmation.enter_posted_code(request_session(), organisation, code, clock.now()):
        # the try is counted, whatever else becomes of this request
        return _name_page(
            user, organisation_id, code="This is not the code of our last letter. Check it, or ask us for a new letter."
        ), 422
    return redirect(url_for("organisations.show_organisation_name", organisation_id=organisation_id, done="code"), 303)


def _name_page(user: CurrentUser, organisation_id: uuid.UUID, **errors: str) -> str:
    try:
        domain = name_rules.own_domain(user.email)
    except name_rules.NoOwnDomainError:
        domain = None
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        return render_template(
            "identity/organisation_name.html",
            organisation=organisation,
            name_status=name_confirmation.get_name_status(session, organisation, clock.today()),
            limited=name_confirmation.is_limited(organisation, clock.today()),
            shown_by=name_confirmation.confirmation_sentence(organisation, clock.today()),
            decision=name_confirmation.get_latest_name_event(session, organisation),
            code=name_confirmation.get_posted_code(session, organisation, clock.now()),
            domain=domain,
            of_government=domain is not None and name_rules.is_government_domain(domain),
            years=name_confirmation.CONFIRMATION_YEARS,
            undone_days=name_confirmation.REINSTATE_WITHIN.days,
            operator=settings_of(current_app).operator,
            contact=settings_of(current_app).operator_contact,
            errors=errors,
        )
