"""The checks of a bank: what computes a finding over several answers, listed, changed, added and retired."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.schema import BankShape
from assess.editor.changing import thing_at
from assess.editor.checks.form import (
    EFFORTS,
    ORDER,
    SIGNS,
    TypedCheck,
    faults_in,
    priorities_with,
    read_check,
    typed_check,
    write_check,
)
from assess.editor.checks.rules import rule_in_words
from assess.editor.checks.spots import check_at, checks_of, next_id
from assess.editor.conditions.building import Target, put, save_builder, show_builder
from assess.editor.conditions.subjects import in_words, subjects_of
from assess.editor.door import at_work_or_404
from assess.editor.questions.at_hand import with_actions
from assess.editor.questions.words import HARM_WORDS
from assess.editor.saving import Refused, save_change
from assess.editor.workbench import Spot, Workbench
from assess.engine.indicators import ILO
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("checks", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/checks")
OF_A_BANK = tuple(BankShape().fields)


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_checks(draft_id: uuid.UUID, bank: str) -> str:
    """Every check, with when it is found."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        return render_template(
            "editor/checks.html",
            draft=at_work.draft,
            bank=bank,
            checks=[_said(at_work, bank, spot) for spot in checks_of(at_work, bank)],
        )


@blueprint.get("/new")
@requires("banks.edit", check=permitted_person)
def show_new_check(draft_id: uuid.UUID, bank: str) -> str:
    """An empty form."""
    with database().reading() as look:
        return _form(at_work_or_404(look, draft_id, bank), bank, None, TypedCheck())


@blueprint.post("/new")
@audited("added")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def add_check(who: Caller, draft_id: uuid.UUID, bank: str) -> Response | tuple[str, int]:
    """Put it at the end of the bank's own checks, then go on to its condition."""
    at_work = at_work_or_404(session(), draft_id, bank)
    typed = read_check(request.form)
    faults = faults_in(typed, _owners(at_work))
    if faults:
        return _form(at_work, bank, None, typed, faults), 422
    name = next_id(session(), at_work)

    def edit(data: dict[str, Any]) -> None:
        check: dict[str, Any] = {"id": name}
        write_check(check, typed)
        put(data, "checks", [*data.get("checks", []), check], OF_A_BANK)

    own = at_work.shelf.at("", bank) or abort(404)
    refused = save_change(at_work.draft, own.name, edit, who.id, f"a new check, {name}")
    if refused:
        return _form(at_work, bank, None, typed, refused=refused), 409
    return redirect(
        url_for("checks.show_check_condition", draft_id=draft_id, bank=bank, check_id=name, clause="when"), 303
    )


@blueprint.get("/<check_id>")
@requires("banks.read", check=permitted_person)
def show_check(draft_id: uuid.UUID, bank: str, check_id: str) -> str:
    """Its words, sign and action, and what it rests on."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        spot = check_at(at_work, bank, check_id) or abort(404)
        return _form(at_work, bank, spot, typed_check(spot.data))


@blueprint.post("/<check_id>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_check(who: Caller, draft_id: uuid.UUID, bank: str, check_id: str) -> Response | tuple[str, int]:
    """Save its words, sign and action."""
    at_work = at_work_or_404(session(), draft_id, bank)
    spot = check_at(at_work, bank, check_id) or abort(404)
    typed = read_check(request.form)
    faults = faults_in(typed, _owners(at_work))
    if faults:
        return _form(at_work, bank, spot, typed, faults), 422

    def edit(data: dict[str, Any]) -> None:
        write_check(thing_at(data, spot.path, request.form.get("seen", "")), typed)

    what = f"the check {check_id}: its words, sign or action"
    refused = save_change(at_work.draft, spot.sheet.name, edit, who.id, what)
    if refused:
        return _form(at_work, bank, spot, typed, refused=refused), 409
    return redirect(url_for("checks.show_checks", draft_id=draft_id, bank=bank), 303)


@blueprint.get("/<check_id>/<any(when, unless):clause>")
@requires("banks.read", check=permitted_person)
def show_check_condition(draft_id: uuid.UUID, bank: str, check_id: str, clause: str) -> str:
    """When it is found, or what silences it."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        return show_builder(at_work, bank, _target(at_work, bank, check_id, clause))


@blueprint.post("/<check_id>/<any(when, unless):clause>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_check_condition(
    who: Caller, draft_id: uuid.UUID, bank: str, check_id: str, clause: str
) -> Response | str | tuple[str, int]:
    """Save it, or show the menus with another line."""
    return save_builder(who, draft_id, bank, lambda at_work: _target(at_work, bank, check_id, clause))


@blueprint.get("/<check_id>/retire")
@requires("banks.edit", check=permitted_person)
def show_retire_check(draft_id: uuid.UUID, bank: str, check_id: str) -> str:
    """Ask again before it goes."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        return _retire(at_work, bank, check_at(at_work, bank, check_id) or abort(404))


@blueprint.post("/<check_id>/retire")
@audited("removed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def remove_check(who: Caller, draft_id: uuid.UUID, bank: str, check_id: str) -> Response | tuple[str, int]:
    """Take it out of the bank. Results that have it keep it."""
    at_work = at_work_or_404(session(), draft_id, bank)
    spot = check_at(at_work, bank, check_id) or abort(404)

    def edit(data: dict[str, Any]) -> None:
        thing_at(data, spot.path, request.form.get("seen", ""))
        del data["checks"][spot.path[-1]]
        if not data["checks"]:
            del data["checks"]

    refused = save_change(at_work.draft, spot.sheet.name, edit, who.id, f"the check {check_id}: retired")
    if refused:
        return _retire(at_work, bank, spot, refused), 409
    return redirect(url_for("checks.show_checks", draft_id=draft_id, bank=bank), 303)


def _said(at_work: Workbench, bank: str, spot: Spot) -> dict[str, Any]:
    """A check as the list says it."""
    data, subjects = spot.data, subjects_of(at_work, bank)
    rule = data.get("rule")
    return {
        "id": str(data.get("id", "")),
        "says": str(data.get("says", "")),
        "sign": data.get("sign"),
        "rule": rule_in_words(str(rule), data.get("inputs"), subjects) if rule else "",
        "when": in_words(data.get("when"), subjects, ""),
        "unless": in_words(data.get("unless"), subjects, ""),
        "shared": spot.sheet.name.startswith("common/"),
        "told": [one.found.message for one in at_work.told_of(spot)],
    }


def _owners(at_work: Workbench) -> Mapping[str, str]:
    sheet = at_work.shelf.at("", "owners")
    owners = sheet.written.get("owners") if sheet else None
    return {str(name): str(words) for name, words in owners.items()} if isinstance(owners, dict) else {}


def _form(
    at_work: Workbench,
    bank: str,
    spot: Spot | None,
    typed: TypedCheck,
    faults: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    theirs = refused.theirs if refused else None
    return render_template(
        "editor/check.html",
        draft=at_work.draft,
        bank=bank,
        check=_said(at_work, bank, spot) if spot else None,
        seen=spot.seen if spot else "",
        typed=typed,
        theirs=typed_check(theirs) if theirs else None,
        faults=faults or {},
        refused=refused,
        signs=SIGNS,
        priorities=priorities_with(typed.priority),
        efforts=EFFORTS,
        owners=_owners(at_work),
        indicators=ILO,
        harms=[("", "As what it is about"), *((str(number), words) for number, words in HARM_WORDS.items())],
        named=_named(at_work, bank, typed.same_as),
    )


def _named(at_work: Workbench, bank: str, held: str) -> list[tuple[str, str]]:
    """The questions whose action can be printed for the check too. One that the file names stays to be seen, whatever it is."""
    known = with_actions(one.data for one in at_work.questions_of(bank))
    return [("", "It has its own"), *({**({held: held} if held else {}), **known}).items()]


def _retire(at_work: Workbench, bank: str, spot: Spot, refused: Refused | None = None) -> str:
    return render_template(
        "editor/check_retire.html",
        draft=at_work.draft,
        bank=bank,
        check=_said(at_work, bank, spot),
        seen=spot.seen,
        refused=refused,
    )


def _target(at_work: Workbench, bank: str, check_id: str, clause: str) -> Target:
    spot = check_at(at_work, bank, check_id) or abort(404)
    found = clause == "when"
    if found and "rule" in spot.data and "when" not in spot.data:
        abort(404)  # what a rule looks at is the rule's alone
    return Target(
        spot=spot,
        key=clause,
        order=ORDER,
        subjects=subjects_of(at_work, bank),
        heading="When it is found" if found else "When it is left out",
        none="It is never found yet. Build a condition." if found else "Nothing leaves it out.",
        lead="It is found when" if found else "It is left out when",
        clear="Take the condition away",
        what=f"the check {check_id}: {'when it is found' if found else 'when it is left out'}",
        back=url_for("checks.show_check", draft_id=at_work.draft.id, bank=bank, check_id=check_id),
        more={"about": str(spot.data.get("says", check_id)), "shared": spot.sheet.name.startswith("common/")},
    )
