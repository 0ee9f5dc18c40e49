"""Pages of the staff area: people, organisations, names of organisations and open invitations."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import add_audit_detail, set_audit_verb
from assess.core.db import database, request_session
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError
from assess.core.forms.fields import ChoiceField, ChoicesField, TextField
from assess.core.forms.form import FormResult, is_ticked, read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.pagination import query_page
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity import administration
from assess.identity.access import organisation_or_404, require_person
from assess.identity.accounts.sessions import end_all_login_sessions
from assess.identity.current_user import CurrentUser
from assess.identity.models import MAX_REASON_LENGTH, NameState, Organisation, Person, StaffRole
from assess.identity.organisations import name_confirmation
from assess.identity.organisations import services as organisation_services

blueprint = Blueprint("administration", __name__, url_prefix="/staff")
"""Where administrators land when they sign in."""

STAFF_LIST_LIMIT = Limit("desk-list", 60, 60)


@blueprint.get("")
@requires("desk.administer", check=require_person)
def show_staff_area() -> str:
    return render_template("identity/staff_area.html")


@blueprint.get("/invitations")
@rate_limited(STAFF_LIST_LIMIT, by_session_or_address)
@requires("desk.administer", check=require_person)
def show_invitations() -> str:
    query = administration.parse_list_query(request.args.get("q"), query_page())
    with database().reading() as session:
        found = administration.find_invitations(session, query, clock.now())
        names = administration.organisation_names(session, found.rows)
    return render_template("identity/staff_invitations.html", found=found, names=names, wanted=query)


@blueprint.post("/organisations/<uuid:organisation_id>/invitations/<uuid:invitation_id>/withdraw")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("desk.administer", check=require_person)
def end_invitation(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
    organisation_services.revoke_invitation(
        request_session(),
        organisation_id,
        organisation_services.get_invitation(request_session(), organisation_id, invitation_id),
        clock.now(),
    )
    return redirect(url_for("administration.show_invitations"), 303)


NO_ROLE = "none"
NOT_YOURSELF = "You cannot do this to your own account. Another administrator can."


@blueprint.get("/people")
@rate_limited(STAFF_LIST_LIMIT, by_session_or_address)
@requires("desk.administer", check=require_person)
def show_people() -> str:
    query = administration.parse_list_query(request.args.get("q"), query_page())
    with database().reading() as session:
        found = administration.find_people(session, query)
    return render_template("identity/staff_people.html", found=found, wanted=query)


@blueprint.get("/people/<uuid:person_id>")
@requires("desk.administer", load=require_person)
def show_person(user: CurrentUser, person_id: uuid.UUID) -> str:
    return _person_page("identity/staff_person.html", user, person_id)


@blueprint.post("/people/<uuid:person_id>/disable")
@audited("disabled")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("desk.administer", load=require_person)
def disable_person(user: CurrentUser, person_id: uuid.UUID) -> Response | tuple[str, int]:
    """Their account opens nothing from the next request on."""
    if user.id == person_id:
        return _person_page("identity/staff_person.html", user, person_id, NOT_YOURSELF), 422
    administration.disable_account(request_session(), person_id, user.id, clock.now())
    return _redirect_to_person(person_id, "disabled")


@blueprint.post("/people/<uuid:person_id>/enable")
@audited("enabled")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("desk.administer", load=require_person)
def enable_person(user: CurrentUser, person_id: uuid.UUID) -> Response:
    administration.enable_account(request_session(), person_id, user.id, clock.now())
    return _redirect_to_person(person_id, "enabled")


@blueprint.post("/people/<uuid:person_id>/sign-out")
@audited("signed out")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("desk.administer", check=require_person)
def sign_person_out(person_id: uuid.UUID) -> Response:
    end_all_login_sessions(request_session(), person_id)
    return _redirect_to_person(person_id, "signed-out")


@blueprint.route("/people/<uuid:person_id>/role", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("desk.administer", load=require_person)
def edit_staff_role(user: CurrentUser, person_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _person_page("identity/staff_role.html", user, person_id)
    form = read_fields(desk=ChoiceField([NO_ROLE, *StaffRole], required="Choose a role, or none."))
    error = form.errors.get("desk") or _change_staff_role(user, person_id, form["desk"])
    return (
        _redirect_to_person(person_id)
        if error is None
        else (_person_page("identity/staff_role.html", user, person_id, error), 422)
    )


def _change_staff_role(user: CurrentUser, person_id: uuid.UUID, chosen: StaffRole | str) -> str | None:
    """Returns why it is refused, if it is."""
    if user.id == person_id:
        return NOT_YOURSELF
    try:
        if not isinstance(chosen, StaffRole):
            administration.remove_staff_role(request_session(), person_id, user.id, clock.now())
            set_audit_verb("ended")
        else:
            administration.give_staff_role(
                request_session(), person_id, chosen, settings_of(current_app), user.id, clock.now()
            )
            set_audit_verb("given")
            add_audit_detail("desk", chosen.value)
    except administration.AccountNotReadyError:
        return "Their address has to be confirmed and their account enabled first."
    except administration.LastAdministratorError:
        return "Somebody has to administer this. Make another person an administrator first."
    except organisation_services.BuyerAndStaffError as error:
        return str(error)
    return None


def _redirect_to_person(person_id: uuid.UUID, done: str | None = None) -> Response:
    return redirect(url_for("administration.show_person", person_id=person_id, done=done), 303)


def _person_page(template: str, user: CurrentUser, person_id: uuid.UUID, error: str | None = None) -> str:
    with database().reading() as session:
        person = administration.get_person_details(session, person_id, clock.now())
    return render_template(template, person=person, myself=user.id == person_id, error=error)


@blueprint.get("/organisations")
@rate_limited(STAFF_LIST_LIMIT, by_session_or_address)
@requires("desk.administer", check=require_person)
def show_organisations() -> str:
    query = administration.parse_list_query(request.args.get("q"), query_page())
    with database().reading() as session:
        found = administration.find_organisations(session, query)
    return render_template(
        "identity/staff_organisations.html",
        found=found,
        wanted=query,
        note=lambda one: name_confirmation.name_note(one, clock.today()),
    )


@blueprint.get("/organisations/<uuid:organisation_id>")
@requires("desk.administer", check=require_person)
def show_organisation(organisation_id: uuid.UUID) -> str:
    return _organisation_page(organisation_id)


ALL_YEARS = "all"
"""As long as the installation says."""


@blueprint.post("/organisations/<uuid:organisation_id>/retention")
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("desk.administer", check=require_person)
def save_retention_years(organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """For how long its submissions are kept. What is older goes with the next tidying."""
    organisation = organisation_or_404(request_session(), organisation_id)
    offered = administration.years_offered(settings_of(current_app).submission_years)
    form = read_fields(years=ChoiceField([ALL_YEARS, *offered], required="Choose for how long."))
    if form.errors:
        return _organisation_page(organisation_id, **form.errors), 422
    organisation.keep_years = None if form["years"] == ALL_YEARS else form["years"]
    return redirect(url_for("administration.show_organisation", organisation_id=organisation_id), 303)


@blueprint.get("/organisations/<uuid:organisation_id>/export.zip")
@requires("desk.administer", check=require_person)
def export_organisation(organisation_id: uuid.UUID) -> Response:
    """Its people, roles, sites and invitations as a file: for a request for data. Its answers only its own managers can take."""
    with database().reading() as session:
        data = organisation_services.organisation_as_data(
            session, organisation_or_404(session, organisation_id), clock.now()
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("organisation.json", json.dumps(data, ensure_ascii=False, indent=2))
    response = make_response(packed.getvalue())
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="organisation-{clock.today().isoformat()}.zip"'
    return response


@blueprint.route("/organisations/<uuid:organisation_id>/delete", methods=["GET", "POST"])
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("desk.administer", check=require_person)
def delete_organisation(organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _delete_organisation_page(organisation_id)
    organisation = organisation_or_404(request_session(), organisation_id)
    form = read_fields(name=organisation_services.TypedAgainField(organisation.name))
    if form.errors:
        return _delete_organisation_page(organisation_id, form.typed["name"], form.errors["name"]), 422
    organisation_services.delete_organisation(request_session(), organisation)
    return redirect(url_for("administration.show_organisations"), 303)


def _organisation_page(organisation_id: uuid.UUID, **errors: str) -> str:
    years = settings_of(current_app).submission_years
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        return render_template(
            "identity/staff_organisation.html",
            organisation=organisation,
            note=name_confirmation.name_note(organisation, clock.today()),
            shown_by=name_confirmation.confirmation_sentence(organisation, clock.today()),
            sites=organisation_services.list_sites(session, organisation_id),
            members=organisation_services.list_members(session, organisation_id),
            invitations=organisation_services.open_invitations(session, organisation_id, clock.now()),
            longest=years,
            years=administration.years_offered(years),
            errors=errors,
        )


def _delete_organisation_page(organisation_id: uuid.UUID, typed: str = "", error: str | None = None) -> str:
    return render_template(
        "identity/organisation_delete.html",
        organisation=organisation_or_404(request_session(), organisation_id),
        typed=typed,
        error=error,
        backup_days=settings_of(current_app).backup_days,
        back=url_for("administration.show_organisation", organisation_id=organisation_id),
        export=None,
    )


_METHODS_OFFERED = tuple(administration.METHOD_HINTS)
NameDecisionFunction = Callable[[Session, Organisation, str, Person], None]


@blueprint.get("/names")
@rate_limited(STAFF_LIST_LIMIT, by_session_or_address)
@requires("names.read", check=require_person)
def show_names() -> str:
    query = administration.parse_list_query(request.args.get("q"), query_page())
    chosen = request.args.get("state", "")
    state = NameState(chosen) if chosen in set(NameState) else None
    own, now = _own_names(), clock.today()
    with database().reading() as session:
        found = administration.find_organisation_names(session, query, state, own, now, alike=chosen == "alike")
        known = administration.known_names(session, now)
        rows = [
            (
                one,
                administration.STATE_LABELS[name_confirmation.name_state_on(one, now)],
                _method_label(one),
                administration.similar_names_to(one, known, own) if one.name_state is NameState.WAITING else [],
            )
            for one in found.rows
        ]
    return render_template(
        "identity/staff_names.html",
        rows=rows,
        found=found,
        wanted=query,
        chosen=chosen,
        states=administration.STATE_LABELS,
    )


@blueprint.get("/names/<uuid:organisation_id>")
@requires("names.read", load=require_person)
def show_name(user: CurrentUser, organisation_id: uuid.UUID) -> str:
    return _name_page(user, organisation_id)


@blueprint.post("/names/<uuid:organisation_id>/suspend")
@audited("suspended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("names.suspend", load=require_person)
def suspend_name(user: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Stop at once all that is done under this name."""
    return _decide_on_name(
        user,
        organisation_id,
        "reason",
        _name_page,
        lambda to, one, words, by: name_confirmation.suspend_organisation_name(to, one, words, by, clock.now()),
        whatever=is_ticked("told"),
    )


@blueprint.get("/names/<uuid:organisation_id>/decide")
@requires("names.decide", load=require_person)
def show_name_decision(user: CurrentUser, organisation_id: uuid.UUID) -> str:
    return _name_decision_page(user, organisation_id)


@blueprint.post("/names/<uuid:organisation_id>/confirm")
@audited("confirmed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("names.decide", load=require_person)
def confirm_name(user: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    form = read_fields(
        domains=ChoicesField(
            name_confirmation.manager_domains(request_session(), organisation_id),
            invalid=name_confirmation.NOT_THEIR_DOMAIN,
        ),
        how=ChoiceField(_METHODS_OFFERED, required="Choose how you confirmed it."),
        words=_reason_field(),
    )
    run_by = settings_of(current_app).operator

    def act(to: Session, one: Organisation, words: str, by: Person) -> None:
        said = name_confirmation.NameConfirmation(form["how"], words, tuple(form["domains"]), by, run_by)
        name_confirmation.confirm_organisation_name(to, one, said, clock.now())

    return _decide_on_name(user, organisation_id, "words", _name_decision_page, act, form=form)


@blueprint.post("/names/<uuid:organisation_id>/refuse")
@audited("refused")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("names.decide", load=require_person)
def refuse_name(user: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Say no. The organisation reads the reason."""
    return _decide_on_name(
        user,
        organisation_id,
        "no",
        _name_decision_page,
        lambda to, one, words, by: name_confirmation.refuse_organisation_name(to, one, words, by, clock.now()),
    )


@blueprint.post("/names/<uuid:organisation_id>/lift-suspension")
@audited("lifted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("names.decide", load=require_person)
def lift_name_suspension(user: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    return _decide_on_name(
        user,
        organisation_id,
        "lift",
        _name_decision_page,
        lambda to, one, words, by: name_confirmation.lift_suspension(to, one, words, by, clock.now()),
    )


@blueprint.post("/names/<uuid:organisation_id>/lift-limit")
@audited("lifted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("names.decide", load=require_person)
def lift_name_limit(user: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    return _decide_on_name(
        user,
        organisation_id,
        "limit",
        _name_decision_page,
        lambda to, one, words, by: name_confirmation.lift_limit(to, one, words, by, clock.now()),
    )


@blueprint.post("/names/<uuid:organisation_id>/code")
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("names.decide", load=require_person)
def make_name_code(user: CurrentUser, organisation_id: uuid.UUID) -> PageResponse:
    """A code for a letter to the registered office. It is shown this once."""
    organisation = _lock_organisation(organisation_id)
    conflict = _conflict_about(organisation)
    if conflict:
        request_session().rollback()
        return _name_decision_page(user, organisation_id, refused=conflict), conflict.status
    try:
        code = name_confirmation.make_posted_code(request_session(), organisation, clock.now())
    except name_confirmation.MissingEvidenceError as error:
        return _name_decision_page(user, organisation_id, make=str(error)), 422
    return render_template("identity/staff_name_code.html", organisation=organisation, code=code)


def _decide_on_name(
    user: CurrentUser,
    organisation_id: uuid.UUID,
    field: str,
    page: Callable[..., str],
    act: NameDecisionFunction,
    *,
    form: FormResult | None = None,
    whatever: bool = False,
) -> Response | tuple[str, int]:
    """Do it with the words of this field, or say what keeps it from being done. `form`: where more than words is asked.

    `whatever`: do it even if it is not as it was shown. Nobody who goes on changing a name keeps it from being suspended.
    """
    sent = form or read_fields(**{field: _reason_field()})
    organisation, by = _lock_organisation(organisation_id), request_session().get_one(Person, user.id)
    conflict = None if whatever else _conflict_about(organisation)
    if conflict:
        request_session().rollback()
        return page(user, organisation_id, refused=conflict), conflict.status
    errors = sent.errors
    if not errors:
        try:
            act(request_session(), organisation, sent[field], by)
        except name_confirmation.MissingEvidenceError as error:
            errors = {error.field: str(error)}
        except name_confirmation.FormerMemberError:
            errors = {field: "You belong to this organisation, or once did. Somebody else has to decide."}
        except name_confirmation.WrongNameStateError:
            errors = {field: "The name is in another state by now. Look at the page again."}
        else:
            return redirect(url_for("administration.show_name", organisation_id=organisation_id), 303)
    request_session().rollback()
    return page(user, organisation_id, **errors), 422  # drawn from what is stored


def _reason_field() -> TextField:
    return TextField(MAX_REASON_LENGTH, required="Say why.")


def _conflict_about(organisation: Organisation) -> EditConflictError | None:
    """Set when the organisation, which is held, is not as the page showed it that was sent."""
    seen = sent_form().get("seen")
    if seen == name_confirmation.name_decision_digest(request_session(), organisation, clock.today()):
        return None
    conflict = EditConflictError(words=LOOK_AGAIN)
    if seen is None:
        conflict.status = 422  # a form without its mark is none that we made
    return conflict


def _lock_organisation(organisation_id: uuid.UUID) -> Organisation:
    return organisation_services.lock_organisation(request_session(), organisation_id) or organisation_or_404(
        request_session(), organisation_id
    )


def _own_names() -> tuple[str, ...]:
    return tuple(name for name in (settings_of(current_app).operator_name, "Assess") if name)


def _method_label(organisation: Organisation) -> str:
    how = organisation.name_how
    return (
        administration.METHOD_LABELS[how] if how is not None and organisation.name_state is NameState.CONFIRMED else ""
    )


def _name_page(
    user: CurrentUser, organisation_id: uuid.UUID, *, refused: EditConflictError | None = None, **errors: str
) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        status = name_confirmation.get_name_status(session, organisation, clock.today())
        return render_template(
            "identity/staff_name.html",
            organisation=organisation,
            name_status=status,
            state=administration.STATE_LABELS[status.state],
            how=_method_label(organisation),
            shown_by=name_confirmation.confirmation_sentence(organisation, clock.today()),
            proven=sorted(name_confirmation.manager_domains(session, organisation_id)),
            alike=administration.similar_names_to(
                organisation, administration.known_names(session, clock.today()), _own_names()
            ),
            history=administration.name_history(session, organisation),
            methods=administration.METHOD_LABELS,
            typed=sent_form(),
            told=refused is not None,
            decides=user.staff_role is StaffRole.ADMINISTRATOR,
            errors=errors,
            refused=refused,
            seen=name_confirmation.name_decision_digest(session, organisation, clock.today()),
        )


def _name_decision_page(
    user: CurrentUser, organisation_id: uuid.UUID, *, refused: EditConflictError | None = None, **errors: str
) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        return render_template(
            "identity/staff_name_decision.html",
            organisation=organisation,
            name_status=name_confirmation.get_name_status(session, organisation, clock.today()),
            limited=name_confirmation.is_limited(organisation, clock.today()),
            proven=sorted(name_confirmation.manager_domains(session, organisation_id)),
            code=name_confirmation.get_posted_code(session, organisation, clock.now()),
            belongs=name_confirmation.ever_belonged(session, organisation, session.get_one(Person, user.id)),
            methods=[
                {
                    "value": one.value,
                    "label": administration.METHOD_LABELS[one],
                    "hint": administration.METHOD_HINTS[one],
                }
                for one in _METHODS_OFFERED
            ],
            typed=sent_form(),
            chosen=sent_form().getlist("domains"),
            errors=errors,
            refused=refused,
            seen=name_confirmation.name_decision_digest(session, organisation, clock.today()),
        )
