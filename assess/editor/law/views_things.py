"""Contacts, sources, themes, owners and duties one by one: a list, a form for each, a new one, and taking one away."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.drafts.keeping import shelf_with
from assess.editor.door import at_work_or_404, open_draft_or_404
from assess.editor.law import changes
from assess.editor.law.calls import faults_of, faults_of_needed
from assess.editor.law.fields import Field, Kind, put, read
from assess.editor.law.ids import used_before
from assess.editor.law.kinds import CONTACTS, DUTIES, KINDS, Thing, ThingKind, sheets_for, thing, things
from assess.editor.law.showing import day_in_words, for_whom, form_of, like_choices, names_at, steps_under, told_of
from assess.editor.saving import Refused, save_change
from assess.kit.application import settings_of
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("things", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/things")
EVERYBODY = "-everybody"
USED = "This id was used before, so it cannot be used again. Choose another one."
NOT_SERVED = "No business can choose this area yet; your administrator has to add it"
KEPT = "Pages cannot do without this line. Change it instead."


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_all(draft_id: uuid.UUID) -> str:
    """The kinds of lists."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        kinds = [(kind, sum(1 for _ in things(at_work.shelf, kind))) for kind in KINDS.values() if kind is not DUTIES]
        return render_template("editor/things_all.html", draft=at_work.draft, kinds=kinds)


@blueprint.get("/<kind>")
@requires("banks.read", check=permitted_person)
def show_things(draft_id: uuid.UUID, kind: str) -> str:
    """All things of one kind."""
    wanted = _kind_or_404(kind)
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        rows = (
            sorted(things(at_work.shelf, wanted), key=_order)
            if wanted is CONTACTS
            else list(things(at_work.shelf, wanted))
        )
        return render_template(
            "editor/things.html",
            day_in_words=day_in_words,
            draft=at_work.draft,
            kind=wanted,
            things=rows,
            unserved=not_served(str(one.data["area"]) for one in rows if one.data.get("area")),
            not_served=NOT_SERVED,
        )


@blueprint.get("/<kind>/-/new")
@requires("banks.edit", check=permitted_person)
def show_new(draft_id: uuid.UUID, kind: str) -> str:
    """A form for another one."""
    return _new_page(draft_id, _kind_or_404(kind))


@blueprint.post("/<kind>/-/new")
@audited("added")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def add_thing(who: Caller, draft_id: uuid.UUID, kind: str) -> Response | tuple[str, int]:
    """Put another one at the end."""
    wanted = _kind_or_404(kind)
    draft = open_draft_or_404(draft_id)
    shelf = shelf_with(session(), draft)
    sheets = {sheet.name for sheet in sheets_for(shelf, wanted)}
    said = read((_id_field(wanted), *_fields_of(wanted)), request.form)
    errors = dict(said.errors)
    name = str(said.values.get(("id",), ""))
    sheet = request.form.get("sheet", "") if len(sheets) > 1 else next(iter(sheets), "")
    if sheet not in sheets:
        errors["sheet"] = "Choose where it belongs."
    more, fault = (
        _condition(list(things(shelf, wanted)), request.form.get("like", "")) if wanted is DUTIES else ({}, "")
    )
    if fault:
        errors["like"] = fault
    if name and (thing(shelf, wanted, name) or used_before(session(), wanted, frozenset(sheets), name)):
        errors["id"] = USED
    if wanted is CONTACTS:
        errors |= faults_of(_by_key(said.values), [one.data for one in things(shelf, wanted)])
    if errors:
        return _new_page(draft_id, wanted, errors=errors), 422
    refused = save_change(
        draft,
        sheet,
        lambda data: changes.add(data, wanted, name, said.values, more),
        who.id,
        f"a new {wanted.one}: “{_title_in(wanted, said.values)}”",
    )
    if refused:
        return _new_page(draft_id, wanted, refused=refused), 409
    return redirect(url_for("things.show_thing", draft_id=draft_id, kind=kind, thing_name=name), 303)


@blueprint.get("/<kind>/<thing_name>")
@requires("banks.read", check=permitted_person)
def show_thing(draft_id: uuid.UUID, kind: str, thing_name: str) -> str:
    """One thing with its fields."""
    return _page(draft_id, _kind_or_404(kind), thing_name)


@blueprint.post("/<kind>/<thing_name>")
@audited("changed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def change_thing(who: Caller, draft_id: uuid.UUID, kind: str, thing_name: str) -> Response | tuple[str, int]:
    """Give it the words that were typed."""
    wanted = _kind_or_404(kind)
    draft = open_draft_or_404(draft_id)
    shelf = shelf_with(session(), draft)
    here = thing(shelf, wanted, thing_name) or abort(404)
    said = read(_fields_of(wanted, here.data), request.form, here.data)
    errors = dict(said.errors)
    others = [one for one in things(shelf, wanted) if one.id != thing_name]
    if wanted is CONTACTS:
        after = dict(here.data)
        put(after, wanted.fields, said.values)
        errors |= faults_of(after, [one.data for one in others])
        if thing_name in wanted.kept:
            errors |= faults_of_needed(after, here.data)
    more, fault = _condition(others, request.form["like"]) if request.form.get("like") else ({}, "")
    if fault:
        errors["like"] = fault
    if errors:
        return _page(draft_id, wanted, thing_name, errors=errors), 422
    seen = request.form.get("seen", "")
    refused = save_change(
        draft,
        here.sheet.name,
        lambda data: changes.change(data, wanted, thing_name, seen, said.values, more),
        who.id,
        f"the {wanted.one} “{here.title}”",
    )
    if refused:
        return _page(draft_id, wanted, thing_name, refused=refused), 409
    return redirect(url_for("things.show_thing", draft_id=draft_id, kind=kind, thing_name=thing_name, saved=1), 303)


@blueprint.get("/<kind>/<thing_name>/remove")
@requires("banks.edit", check=permitted_person)
def show_remove(draft_id: uuid.UUID, kind: str, thing_name: str) -> str:
    """Ask again before it goes."""
    return _remove_page(draft_id, _kind_or_404(kind), thing_name)


@blueprint.post("/<kind>/<thing_name>/remove")
@audited("removed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def remove_thing(who: Caller, draft_id: uuid.UUID, kind: str, thing_name: str) -> Response | tuple[str, int]:
    """Take it away."""
    wanted = _kind_or_404(kind)
    draft = open_draft_or_404(draft_id)
    here = thing(shelf_with(session(), draft), wanted, thing_name) or abort(404)
    if thing_name in wanted.kept:
        return _remove_page(draft_id, wanted, thing_name, KEPT), 409
    seen = request.form.get("seen", "")
    refused = save_change(
        draft,
        here.sheet.name,
        lambda data: changes.take_away(data, wanted, thing_name, seen),
        who.id,
        f"the {wanted.one} “{here.title}”: taken away",
    )
    if refused:
        return _remove_page(draft_id, wanted, thing_name, refused.words), 409
    return redirect(_list_of(draft_id, wanted), 303)


def _kind_or_404(kind: str) -> ThingKind:
    return KINDS.get(kind) or abort(404)


def _list_of(draft_id: uuid.UUID, kind: ThingKind) -> str:
    if kind is DUTIES:
        return url_for("duties.show_duties", draft_id=draft_id)
    return url_for("things.show_things", draft_id=draft_id, kind=kind.name)


def _order(one: Thing) -> tuple[float, str]:
    order = one.data.get("order")
    return (float(order) if isinstance(order, (int, float)) else 0.0, one.id)


def _fields_of(kind: ThingKind, data: Mapping[str, object] | None = None) -> tuple[Field, ...]:
    """The fields of a kind. The area of a contact is one of those served here, or the one it has."""
    if kind is not CONTACTS:
        return kind.fields
    has = (data or {}).get("area")
    areas = list(dict.fromkeys([*settings_of(current_app).areas, *([str(has)] if has else [])]))
    choices = [
        (one, one.replace("_", " ").title() + (f". {NOT_SERVED}" if one in not_served(areas) else "")) for one in areas
    ]
    return tuple(
        replace(one, kind=Kind.CHOICE, choices=choices) if one.path == ("area",) else one for one in kind.fields
    )


def not_served(areas: Iterable[str]) -> frozenset[str]:
    """Those of these areas that no business can choose."""
    return frozenset(areas) - frozenset(settings_of(current_app).areas)


def _id_field(kind: ThingKind) -> Field:
    hint = (
        "For example S140."
        if kind.id_kind is Kind.CAPITAL_ID
        else "Small letters, digits and _. For example advice_line."
    )
    return Field("Short name", kind.id_kind, ("id",), f"{hint} It never changes.", required=True)


def _by_key(values: changes.Values) -> dict[str, object]:
    return {path[-1]: value for path, value in values.items() if value is not None}


def _title_in(kind: ThingKind, values: changes.Values) -> object:
    return values.get((kind.title,)) or ""


def _condition(others: list[Thing], like: str) -> tuple[changes.Data, str]:
    """The condition of another duty, or “always”."""
    if like == EVERYBODY:
        return {"when": "always"}, ""
    for one in others:
        if one.id == like and "when" in one.data:
            return {"when": one.data["when"]}, ""
    return {}, "Choose whom it is for. You can change the condition later."


def _page(
    draft_id: uuid.UUID,
    kind: ThingKind,
    thing_name: str,
    *,
    errors: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        here = thing(at_work.shelf, kind, thing_name) or abort(404)
        typed = request.form if request.method == "POST" else None
        beside, whole = told_of(at_work, here) if typed is None else ({}, [])
        names = names_at(at_work) if kind is DUTIES else None
        theirs = refused.theirs if refused else None
        rows = form_of(
            _fields_of(kind, here.data),
            here.data,
            typed=typed,
            errors=errors or beside,
            theirs=theirs,
            under=steps_under(names, thing_name),
        )
        return render_template(
            "editor/thing.html",
            day_in_words=day_in_words,
            draft=at_work.draft,
            kind=kind,
            thing=here,
            rows=rows,
            whole=whole,
            for_whom=for_whom(names, thing_name),
            like=like_choices(at_work, kind, thing_name) if kind is DUTIES else [],
            liked=request.form.get("like", ""),
            errors=errors or beside,
            refused=refused,
            back=_list_of(draft_id, kind),
            saved="saved" in request.args,
            everybody=EVERYBODY,
        )


def _new_page(
    draft_id: uuid.UUID,
    kind: ThingKind,
    *,
    errors: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        typed = request.form if request.method == "POST" else None
        return render_template(
            "editor/thing_new.html",
            draft=at_work.draft,
            kind=kind,
            rows=form_of((_id_field(kind), *_fields_of(kind)), {}, typed=typed, errors=errors),
            sheets=[sheet.name for sheet in sheets_for(at_work.shelf, kind)],
            like=like_choices(at_work, kind) if kind is DUTIES else [],
            chosen_form=request.form,
            errors=errors or {},
            refused=refused,
            back=_list_of(draft_id, kind),
            everybody=EVERYBODY,
        )


def _remove_page(draft_id: uuid.UUID, kind: ThingKind, thing_name: str, error: str | None = None) -> str:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        here = thing(at_work.shelf, kind, thing_name) or abort(404)
        return render_template(
            "editor/thing_remove.html",
            draft=at_work.draft,
            kind=kind,
            thing=here,
            error=error,
            kept=thing_name in kind.kept,
            back=url_for("things.show_thing", draft_id=draft_id, kind=kind.name, thing_name=thing_name),
        )
