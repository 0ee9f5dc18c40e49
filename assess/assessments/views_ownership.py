"""Pages to save an assessment to an account, transfer it, copy it for another site or sector, and start one for an organisation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from assess.assessments import ownership
from assess.assessments.access import AssessmentContext, open_assessment
from assess.assessments.guest_sessions import mark_session_used, open_started_assessment
from assess.assessments.models import Assessment
from assess.assessments.services import BusinessDetail, save_business_details, start_assessment
from assess.assessments.views_answers import redirect_to_tasks
from assess.assessments.views_start import LENGTHS, NO_LENGTH, get_ownership_info, minutes_by_length
from assess.core import clock
from assess.core.audit.requests import set_audit_subject
from assess.core.db import database, request_session, roll_back_request
from assess.core.forms.fields import LONGEST_TYPED, ChoiceField
from assess.core.forms.form import is_ticked, read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, START_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.core.security import guest_session_token, set_guest_cookie
from assess.identity.access import require_full_sign_in, require_member
from assess.identity.accounts.sign_in import accounts_available
from assess.identity.current_user import CurrentUser, current_user
from assess.identity.models import Organisation, Site
from assess.identity.organisations.name_rules import OrganisationNameField
from assess.identity.organisations.services import create_organisation, enforce_new_organisation_limit
from assess.identity.organisations.services import list_sites as sites_in
from assess.question_banks.editions import current_editions
from assess.question_banks.reader import LoadedEdition

blueprint = Blueprint("ownership", __name__)
SAME_PLACE, OTHER_PLACE = "same", "other"
NO_BANK = "Choose what is done there."


@blueprint.route("/assessments/<uuid:assessment_id>/copy", methods=["GET", "POST"])
@audited("begun")
@rate_limited(START_LIMIT, forms=True)
@requires("assessment.again", load=open_assessment)
def copy_assessment(context: AssessmentContext) -> PageResponse:
    if request.method != "POST":
        return _copy_page(context)
    with database().reading() as session:
        editions = current_editions(session)
    organisation_id, site_id = _organisation_and_site(context)
    form = read_fields(
        bank=ChoiceField(editions, required=NO_BANK),
        place=ChoiceField(
            (SAME_PLACE, OTHER_PLACE),
            required="" if organisation_id is not None else "Choose whether it is at the same place.",
        ),
    )
    typed, errors = None, dict(form.errors)
    if organisation_id is not None:
        typed = ownership.read_site_form(sent_form(), sites_in(request_session(), organisation_id))
        errors |= typed.errors
    if errors:
        return _copy_page(context, typed, errors), 422
    place, same_place = typed.place if typed else None, form["place"] == SAME_PLACE
    made = _start_copy(context, editions[form["bank"]], organisation_id, site_id, place, same_place=same_place)
    response = redirect(url_for("resume_links.show_resume_links", assessment_id=made.id), 303)
    if organisation_id is not None:
        return redirect(url_for("assessments.show_tasks", assessment_id=made.id), 303)
    token = open_started_assessment(request_session(), made.id, clock.now(), token=guest_session_token())
    mark_session_used(request_session(), token, context.id, clock.now())
    return set_guest_cookie(make_response(response), token)


def _start_copy(
    context: AssessmentContext,
    target: LoadedEdition,
    organisation_id: uuid.UUID | None,
    site_id: uuid.UUID | None,
    place: ownership.SiteChoice | None,
    *,
    same_place: bool,
) -> Assessment:
    now = clock.now()
    if organisation_id is None or place is None:
        chosen, same = None, same_place
    else:
        chosen = ownership.get_or_add_site(request_session(), organisation_id, place, now)
        same = chosen is not None and chosen == site_id
    copied = ownership.get_copied_answers(context, target.edition, same_place=same)
    made = ownership.start_copy(request_session(), target, copied, now, quick=context.opened.quick)
    made.organisation_id, made.site_id = organisation_id, chosen
    request_session().flush()
    set_audit_subject("assessment", made.id)  # what was begun, and not what it began from
    if organisation_id is not None:
        set_audit_subject("organisation", organisation_id)
    return made


def _organisation_and_site(context: AssessmentContext) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The organisation the second one will belong to, and the site of the first; None for the person who only holds it by a link."""
    with database().reading() as session:
        found = session.get(Assessment, context.id)
    who = current_user()
    if found is None or found.organisation_id is None or who is None:
        return None, None
    return (
        (found.organisation_id, found.site_id)
        if who.roles.get(found.organisation_id, frozenset()) & ownership.CLAIMING_ROLES
        else (None, None)
    )


def _copy_page(
    context: AssessmentContext, typed: ownership.SiteForm | None = None, errors: Mapping[str, str] | None = None
) -> str:
    organisation_id, _ = _organisation_and_site(context)
    sites: list[Site] = []
    with database().reading() as session:
        editions = current_editions(session)
        if organisation_id is not None:
            sites = list(sites_in(session, organisation_id))
    here = context.ref.bank
    banks = sorted(editions.items(), key=lambda one: one[0] != here)
    return render_template(
        "assessments/copy.html",
        id=context.id,
        banks=[(bank, loaded.edition.title) for bank, loaded in banks],
        bank=sent_form().get("bank"),
        kept=organisation_id is not None,
        sites=sites,
        at=typed.site if typed else None,
        site_name=typed.name if typed else "",
        place=sent_form().get("place"),
        errors=dict(errors or {}),
    )


@blueprint.route("/organisations/<uuid:organisation_id>/start", methods=["GET", "POST"])
@audited("begun")
@rate_limited(START_LIMIT, forms=True)
@requires("assessment.again", check=require_member)
def start_for_organisation(organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _start_page(organisation_id)
    with database().reading() as session:
        editions = current_editions(session)
    form = read_fields(bank=ChoiceField(editions, required=NO_BANK), length=ChoiceField(LENGTHS, required=NO_LENGTH))
    typed = ownership.read_site_form(sent_form(), sites_in(request_session(), organisation_id))
    errors = {**typed.errors, **form.errors}
    target = editions.get(form.values.get("bank", ""))
    if errors or target is None or target.id is None:
        return _start_page(organisation_id, typed, errors), 422
    now = clock.now()
    made = start_assessment(request_session(), target.id, quick=form["length"] == "quick", now=now)
    organisation = request_session().get(Organisation, organisation_id) or abort(404)
    set_audit_subject("assessment", made.id)
    made.organisation_id = organisation.id
    made.site_id = ownership.get_or_add_site(request_session(), organisation.id, typed.place, now)
    known: dict[BusinessDetail, str | None] = {"name": organisation.name}
    if organisation.company_number:
        known["company_number"] = organisation.company_number
    save_business_details(request_session(), made.id, known, {}, now)
    return redirect(url_for("assessments.show_tasks", assessment_id=made.id), 303)


def _start_page(
    organisation_id: uuid.UUID, typed: ownership.SiteForm | None = None, errors: Mapping[str, str] | None = None
) -> str:
    with database().reading() as session:
        organisation = session.get(Organisation, organisation_id) or abort(404)
        editions = current_editions(session)
        sites = sites_in(session, organisation_id)
    minutes = minutes_by_length(editions)
    return render_template(
        "assessments/start_for_organisation.html",
        organisation=organisation,
        banks=[(bank, loaded.edition.title) for bank, loaded in editions.items()],
        bank=sent_form().get("bank"),
        lengths=[
            ("quick", f"Quick check, about {minutes['quick']} minutes"),
            ("full", f"Full assessment, about {minutes['full']} minutes"),
        ],
        length=sent_form().get("length"),
        sites=sites,
        at=typed.site if typed else None,
        site_name=typed.name if typed else "",
        errors=dict(errors or {}),
    )


@dataclass(frozen=True, slots=True)
class _OrganisationChoice:
    """Which organisation: one of mine, or a new one (None)."""

    organisation: Organisation | None


@blueprint.app_template_global("accounts_offered")
def accounts_offered() -> bool:
    """Whether this installation sends mail: without it nobody can have an account."""
    return accounts_available()


@blueprint.route("/assessments/<uuid:assessment_id>/save-to-account", methods=["GET", "POST"])
@audited("claimed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.claim", load=open_assessment)
def save_to_account(context: AssessmentContext) -> PageResponse:
    """Keep it. The second to do so is told that it is kept already."""
    who = require_full_sign_in()
    if request.method != "POST":
        organisations = ownership.organisations_with_role(request_session(), who, ownership.CLAIMING_ROLES)
        chosen = _choose_organisation_or_new(
            organisations, request.args.get("to", "" if organisations else ownership.NEW)
        )
        if chosen is None:
            error = "Choose whose self-check this is." if "asked" in request.args else None
            return _which_page(context, organisations, error)
        return _save_to_account_page(context, chosen)
    with database().reading() as session:
        organisations = ownership.organisations_with_role(session, who, ownership.CLAIMING_ROLES)
    chosen = _choose_organisation_or_new(organisations, sent_form().get("to", ""))
    if chosen is None:
        return _which_page(context, organisations, "Choose whose self-check this is."), 422
    name, errors = _read_organisation_name(chosen)
    typed = ownership.read_site_form(sent_form(), _sites_of_choice(chosen))
    errors |= typed.errors
    if errors:
        return _save_to_account_page(context, chosen, typed, errors), 422
    if chosen.organisation is None:
        enforce_new_organisation_limit(who.id)
    try:
        _claim(context, who, chosen, name, typed)
    except ownership.AlreadyClaimedError:
        roll_back_request()
        return render_template("assessments/save_to_account_already.html", id=context.id), 409
    except ownership.NotPermittedError:
        roll_back_request()
        return _save_to_account_page(context, chosen, typed, {"site": "Choose which place this is about."}), 422
    if is_ticked("end_links"):
        ownership.end_links_and_sessions(request_session(), context.id, clock.now())
    return make_response(redirect(url_for("assessments.show_tasks", assessment_id=context.id), 303))


def _claim(
    context: AssessmentContext, who: CurrentUser, chosen: _OrganisationChoice, name: str, typed: ownership.SiteForm
) -> None:
    organisation = chosen.organisation
    if organisation is None:
        number = context.opened.organisation.get("company_number")
        organisation = create_organisation(request_session(), name, number, who.id, clock.now())
    ownership.claim_assessment(request_session(), context.id, organisation.id, typed.place, clock.now())
    set_audit_subject("organisation", organisation.id)


def _choose_organisation_or_new(organisations: Sequence[Organisation], to: str) -> _OrganisationChoice | None:
    if to == ownership.NEW:
        return _OrganisationChoice(None)
    found = next((one for one in organisations if str(one.id) == to), None)
    return None if found is None else _OrganisationChoice(found)


def _sites_of_choice(chosen: _OrganisationChoice) -> list[Site]:
    if chosen.organisation is None:
        return []
    with database().reading() as session:
        return list(sites_in(session, chosen.organisation.id))


def _read_organisation_name(chosen: _OrganisationChoice) -> tuple[str, dict[str, str]]:
    if chosen.organisation is not None:
        return chosen.organisation.name, {}
    form = read_fields(name=OrganisationNameField("the name of your organisation"))
    return form.values.get("name", ""), dict(form.errors)


def _which_page(context: AssessmentContext, organisations: Sequence[Organisation], error: str | None) -> str:
    return render_template(
        "assessments/save_to_account_choose.html",
        id=context.id,
        choices=[(str(one.id), one.name) for one in organisations]
        + [(ownership.NEW, "Another one, that is not here yet")],
        error=error,
    )


def _save_to_account_page(
    context: AssessmentContext,
    chosen: _OrganisationChoice,
    typed: ownership.SiteForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    organisation = chosen.organisation
    said = context.opened.organisation
    return render_template(
        "assessments/save_to_account.html",
        id=context.id,
        to=ownership.NEW if organisation is None else str(organisation.id),
        organisation=organisation.name if organisation else None,
        name=sent_form().get("name", said.get("name", ""))[:LONGEST_TYPED],
        sites=_sites_of_choice(chosen),
        at=typed.site if typed else None,
        site_name=typed.name if typed else said.get("postcode", ""),
        links=len(ownership.working_resume_links(request_session(), context.id)),
        end_links=is_ticked("end_links"),
        errors=dict(errors or {}),
    )


@blueprint.route("/assessments/<uuid:assessment_id>/transfer", methods=["GET", "POST"])
@audited("moved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.manage", load=open_assessment)
def transfer(context: AssessmentContext) -> PageResponse:
    """Move it. Going to another organisation needs a tick, for its people see the answers from then on."""
    who = require_full_sign_in()
    if request.method != "POST":
        organisations = ownership.organisations_with_role(request_session(), who, ownership.MANAGING_ROLES)
        chosen = _choose_organisation(organisations, request.args.get("to"))
        if chosen is None:
            error = "Choose to which organisation." if "asked" in request.args else None
            return render_template(
                "assessments/transfer_choose.html",
                id=context.id,
                choices=[(str(one.id), one.name) for one in organisations],
                error=error,
            )
        return _transfer_page(context, chosen)
    chosen = _choose_organisation(
        ownership.organisations_with_role(request_session(), who, ownership.MANAGING_ROLES), sent_form().get("to")
    )
    if chosen is None:
        abort(404)
    typed = ownership.read_site_form(sent_form(), sites_in(request_session(), chosen.id))
    errors = dict(typed.errors)
    if _is_elsewhere(context, chosen) and not is_ticked("sure"):
        errors["sure"] = "Tick the box to say that you want to move it."
    if errors:
        return _transfer_page(context, chosen, typed, errors), 422
    try:
        ownership.transfer_assessment(request_session(), context.id, chosen.id, typed.place, clock.now())
        set_audit_subject("organisation", chosen.id)
    except ownership.NotPermittedError:
        roll_back_request()
        return _transfer_page(context, chosen, typed, {"site": "Choose which place this is about."}), 422
    return redirect_to_tasks(context)


def _choose_organisation(organisations: Sequence[Organisation], to: str | None) -> Organisation | None:
    if to is None and len(organisations) == 1:
        return organisations[0]
    return next((one for one in organisations if str(one.id) == to), None)


def _is_elsewhere(context: AssessmentContext, chosen: Organisation) -> bool:
    return get_ownership_info(context).plans != chosen.id


def _transfer_page(
    context: AssessmentContext,
    chosen: Organisation,
    typed: ownership.SiteForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    sites: Sequence[Site] = sites_in(request_session(), chosen.id)
    return render_template(
        "assessments/transfer.html",
        id=context.id,
        kept=get_ownership_info(context),
        to=chosen,
        elsewhere=_is_elsewhere(context, chosen),
        sites=sites,
        at=typed.site if typed else None,
        site_name=typed.name if typed else "",
        errors=dict(errors or {}),
    )
