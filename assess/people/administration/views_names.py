"""Pages of the desks about names of organisations. Coordinators see them and may suspend at once; administrators decide, with proof."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_person
from assess.people.administration.names import (
    HINTS,
    METHODS,
    STATES,
    alike_to,
    find_names,
    history_of,
    known_names,
)
from assess.people.administration.paging import wanted_of
from assess.people.administration.views import LISTING
from assess.people.caller import Caller
from assess.people.models import Desk, Method, NameState, Organisation, Person
from assess.people.organisations.members import lock
from assess.people.organisations.models import LONGEST_WORDS
from assess.people.organisations.names import (
    BelongedError,
    Confirmation,
    EvidenceError,
    NotNowError,
    as_shown,
    belonged,
    confirm,
    confirmed_words,
    domains_of_managers,
    is_limited,
    lift_limit,
    lift_suspension,
    make_code,
    open_code,
    refuse,
    standing_of,
    state_on,
    suspend,
)

blueprint = Blueprint("desk_names", __name__, url_prefix="/desk/names")

NO_REASON = "Say why."
TOO_LONG = f"Say it in {LONGEST_WORDS} characters or fewer."
NO_METHOD = "Choose how you confirmed it."
BELONGED = "You belong to this organisation, or once did. Somebody else has to decide."
CHANGED = "This has changed since you opened the page. Look again."
NOT_NOW = "The name is in another state by now. Look at the page again."
SERVICE = "Assess"
_OFFERED = tuple(HINTS)
Deed = Callable[[Session, Organisation, str, Person], None]


@blueprint.get("")
@limited(LISTING, by_visit)
@requires("names.read", check=permitted_person)
def show_names() -> str:
    """All names, the waiting ones first, how each was confirmed, and which look like another."""
    wanted = wanted_of(request.args.get("q"), request.args.get("page"))
    chosen = request.args.get("state", "")
    state = NameState(chosen) if chosen in set(NameState) else None
    own, moment = _own_names(), today()
    with database().reading() as look:
        found = find_names(look, wanted, state, own, moment, alike=chosen == "alike")
        known = known_names(look, moment)
        rows = [
            (one, STATES[state_on(one, moment)], _how(one), alike_to(one, known, own) if _asks(one) else [])
            for one in found.rows
        ]
    return render_template(
        "people/desk_names.html", rows=rows, found=found, wanted=wanted, chosen=chosen, states=STATES
    )


@blueprint.get("/<uuid:organisation_id>")
@requires("names.read", load=permitted_person)
def show_name(who: Caller, organisation_id: uuid.UUID) -> str:
    """One name: how it stands, what was done about it, what it looks like."""
    return _page(who, organisation_id)


@blueprint.post("/<uuid:organisation_id>/suspend")
@audited("suspended")
@limited(SAVING, by_visit)
@requires("names.suspend", load=permitted_person)
def suspend_name(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Stop at once all that is done under this name."""
    return _done(
        who,
        organisation_id,
        "reason",
        _page,
        lambda to, one, words, by: suspend(to, one, words, by, now()),
        whatever="told" in request.form,
    )


@blueprint.get("/<uuid:organisation_id>/decide")
@requires("names.decide", load=permitted_person)
def show_decide(who: Caller, organisation_id: uuid.UUID) -> str:
    """The forms of an administrator."""
    return _decide_page(who, organisation_id)


@blueprint.post("/<uuid:organisation_id>/confirm")
@audited("confirmed")
@limited(SAVING, by_visit)
@requires("names.decide", load=permitted_person)
def confirm_name(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Confirm name, domains and number, with what shows it."""
    chosen = request.form.get("how", "")
    domains = tuple(dict.fromkeys(request.form.getlist("domains")))
    run_by = settings_of(current_app).operator

    def act(to: Session, one: Organisation, words: str, by: Person) -> None:
        if chosen not in _OFFERED:
            raise EvidenceError("how", NO_METHOD)
        confirm(to, one, Confirmation(Method(chosen), words, domains, by, run_by), now())

    return _done(who, organisation_id, "words", _decide_page, act)


@blueprint.post("/<uuid:organisation_id>/refuse")
@audited("refused")
@limited(SAVING, by_visit)
@requires("names.decide", load=permitted_person)
def refuse_name(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Say no. The organisation reads the reason."""
    return _done(who, organisation_id, "no", _decide_page, lambda to, one, words, by: refuse(to, one, words, by, now()))


@blueprint.post("/<uuid:organisation_id>/lift")
@audited("lifted")
@limited(SAVING, by_visit)
@requires("names.decide", load=permitted_person)
def lift_name(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """End a suspension."""
    return _done(
        who,
        organisation_id,
        "lift",
        _decide_page,
        lambda to, one, words, by: lift_suspension(to, one, words, by, now()),
    )


@blueprint.post("/<uuid:organisation_id>/limit")
@audited("lifted")
@limited(SAVING, by_visit)
@requires("names.decide", load=permitted_person)
def lift_name_limit(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Lift the limit of the first 14 days."""
    return _done(
        who, organisation_id, "limit", _decide_page, lambda to, one, words, by: lift_limit(to, one, words, by, now())
    )


@blueprint.post("/<uuid:organisation_id>/code")
@audited("made")
@limited(SAVING, by_visit)
@requires("names.decide", load=permitted_person)
def make_name_code(who: Caller, organisation_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """A code for a letter to the registered office. It is shown this once."""
    organisation = _locked(organisation_id)
    if _has_changed(organisation):
        session().rollback()
        return _decide_page(who, organisation_id, make=CHANGED), 422
    try:
        code = make_code(session(), organisation, now())
    except EvidenceError as error:
        return _decide_page(who, organisation_id, make=str(error)), 422
    return render_template("people/desk_name_code.html", organisation=organisation, code=code)


def _done(
    who: Caller, organisation_id: uuid.UUID, field: str, page: Callable[..., str], act: Deed, *, whatever: bool = False
) -> Response | tuple[str, int]:
    """Do it with the words of this field, or say what keeps it from being done.

    `whatever`: do it even if it is not as it was shown. Nobody who goes on changing a name keeps it from being suspended.
    """
    words = " ".join(request.form.get(field, "").split())
    organisation, by = _locked(organisation_id), session().get_one(Person, who.id)
    if _has_changed(organisation) and not whatever:
        fault = (field, CHANGED)
    elif not words or len(words) > LONGEST_WORDS:
        fault = (field, TOO_LONG if words else NO_REASON)
    else:
        try:
            act(session(), organisation, words, by)
        except EvidenceError as error:
            fault = (error.field, str(error))
        except BelongedError:
            fault = (field, BELONGED)
        except NotNowError:
            fault = (field, NOT_NOW)
        else:
            return redirect(url_for("desk_names.show_name", organisation_id=organisation_id), 303)
    session().rollback()
    return page(who, organisation_id, **{fault[0]: fault[1]}), 422


def _has_changed(organisation: Organisation) -> bool:
    """Whether the organisation, which is held, is not as the page showed it that was sent."""
    return request.form.get("seen") != as_shown(session(), organisation, today())


def _locked(organisation_id: uuid.UUID) -> Organisation:
    return lock(session(), organisation_id) or organisation_or_404(session(), organisation_id)


def _own_names() -> tuple[str, ...]:
    settings = settings_of(current_app)
    return tuple(name for name in (settings.operator_name, SERVICE) if name)


def _asks(organisation: Organisation) -> bool:
    return organisation.name_state is NameState.WAITING


def _how(organisation: Organisation) -> str:
    how = organisation.name_how
    return METHODS[how] if how is not None and organisation.name_state is NameState.CONFIRMED else ""


def _page(who: Caller, organisation_id: uuid.UUID, **faults: str) -> str:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        standing = standing_of(look, organisation, today())
        return render_template(
            "people/desk_name.html",
            organisation=organisation,
            standing=standing,
            state=STATES[standing.state],
            how=_how(organisation),
            shown_by=confirmed_words(organisation, today()),
            proven=sorted(domains_of_managers(look, organisation_id)),
            alike=alike_to(organisation, known_names(look, today()), _own_names()),
            history=history_of(look, organisation),
            methods=METHODS,
            told=CHANGED in faults.values(),
            decides=who.desk is Desk.ADMINISTRATOR,
            faults=faults,
            seen=as_shown(look, organisation, today()),
        )


def _decide_page(who: Caller, organisation_id: uuid.UUID, **faults: str) -> str:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        return render_template(
            "people/desk_name_decide.html",
            organisation=organisation,
            standing=standing_of(look, organisation, today()),
            limited=is_limited(organisation, today()),
            proven=sorted(domains_of_managers(look, organisation_id)),
            code=open_code(look, organisation, now()),
            belongs=belonged(look, organisation, look.get_one(Person, who.id)),
            methods=[{"value": one.value, "label": METHODS[one], "hint": HINTS[one]} for one in _OFFERED],
            typed=request.form,
            chosen=request.form.getlist("domains"),
            faults=faults,
            seen=as_shown(look, organisation, today()),
        )
