"""Mending something at once: what to choose from, old and new side by side, and the second look of somebody else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import groupby

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.editor.law.fields import Wrong
from assess.editor.listing import names_of_people
from assess.editor.mending import keeping
from assess.editor.mending.keeping import Correction, MendError
from assess.editor.mending.models import LONGEST_REASON, Mend
from assess.editor.mending.targets import Target, printed, read_new, target, targets
from assess.editor.mending.telling import tell_of_mend, tell_of_undoing
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about
from assess.kit.clock import now, today
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller
from assess.people.permissions import allows, general_relations

blueprint = Blueprint("mends", __name__, url_prefix="/banks/mend")
GROUPS = {
    "contacts": "Websites of those to call",
    "settings": "Dates, penalties and other numbers of law",
    "sources": "Links of sources",
    "duties": "Links of duties",
}
NO_UNDO_REASON = "Say why you undo it. Whoever mended it reads this."
NO_REASON = "Say why, in a few words. Whoever looks at it next reads this."
NOT_HERE = "This is not among what can be mended at once. Choose from the list, or change it in a draft."
AT_ONCE = "Somebody put other files in use at the same moment. Try it again."

Answer = Response | str | tuple[str, int]


@blueprint.get("")
@requires("banks.read", load=permitted_person)
def show_mends(who: Caller) -> str:
    """What waits for a second look, what there is to mend, and what was mended before."""
    return _list_page(who)


@blueprint.get("/one")
@requires("banks.edit", load=permitted_person)
def show_mend(who: Caller) -> Answer:
    """Ask for the right value."""
    key = request.args.get("what", "")
    with database().reading() as look:
        there = target(keeping.shelf_in_force(look), key, today())
    return _page(key) if there else (_list_page(who, MendError(NOT_HERE)), 409)


@blueprint.post("/one")
@audited("changed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def change_at_once(who: Caller) -> Answer:
    """Show old and new side by side first; once that was pressed, put it in use."""
    key = request.form.get("what", "")
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    moment = now()
    with database().reading() as look:
        shelf = keeping.shelf_in_force(look)
        one = target(shelf, key, today())
        if one is None:
            return _list_page(who, MendError(NOT_HERE)), 409
        value = read_new(one, request.form.get("value", ""))
        errors = {"value": value.why} if isinstance(value, Wrong) else {}
        if not reason:
            errors["reason"] = NO_REASON
        if request.form.get("seen") != one.said:
            errors["value"] = "Somebody else changed this meanwhile. What it says now stands above."
        if errors:
            return _page(key, errors=errors), 422
        try:  # checked before the first statement that writes: on SQLite that one keeps all others waiting
            keeping.see_was_looked_at(look, one)
            keeping.would_be(shelf, Correction(one.sheet, one.steps, one.value, value), moment)
        except MendError as refused:
            return _page(key, refused=refused), 409
    if "confirmed" not in request.form:
        return _page(key, new=printed(one, value))
    refused_because = _tried(lambda own: _mend(own, one, value, reason, who.id, moment))
    if refused_because:
        return _page(key, refused=refused_because), 409
    return redirect(url_for("mends.show_mends", done=1), 303)


@blueprint.post("/<uuid:mend_id>/confirm")
@audited("confirmed")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def confirm_mend(who: Caller, mend_id: uuid.UUID) -> Answer:
    """Say that it is right."""
    return _looked(who, mend_id, lambda own, row: keeping.confirm(own, row, who.id, now()))


@blueprint.get("/<uuid:mend_id>/undo")
@requires("banks.publish", check=permitted_person)
def show_undo(mend_id: uuid.UUID) -> Answer:
    """Ask why before it is undone."""
    return _undo_page(mend_id, None)


@blueprint.post("/<uuid:mend_id>/undo")
@audited("undone")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def undo_mend(who: Caller, mend_id: uuid.UUID) -> Answer:
    """Put back what stood there, and tell whoever mended it why."""
    why = " ".join(request.form.get("why", "").split())[:LONGEST_REASON]
    if not why:
        return _undo_page(mend_id, NO_UNDO_REASON), 422
    with (
        database().reading() as look,
        suppress(MendError),
    ):  # told below; worked out before anything is written, as above
        keeping.way_back(look, look.get(Mend, mend_id) or abort(404), now())

    def settle(own: Session, row: Mend) -> None:
        keeping.undo(own, row, who.id, now(), why)
        tell_of_undoing(own, row, url_for("mends.show_mends"), settings_of(current_app), now())

    return _looked(who, mend_id, settle)


def _looked(who: Caller, mend_id: uuid.UUID, settle: Callable[[Session, Mend], None]) -> Answer:
    row = session().get(Mend, mend_id) or abort(404)
    refused = _tried(lambda own: settle(own, row))
    if refused:
        return _list_page(who, refused), 409
    return redirect(url_for("mends.show_mends", looked=1), 303)


def _undo_page(mend_id: uuid.UUID, error: str | None) -> str:
    with database().reading() as look:
        row = look.get(Mend, mend_id) or abort(404)
        return render_template("editor/mend_undo.html", row=row, error=error)


def _mend(own: Session, one: Target, value: object, reason: str, who: uuid.UUID, moment: datetime) -> None:
    row = keeping.mend(own, one, value, reason, who, moment)
    note_about("mend", row.id)
    tell_of_mend(own, row, who, url_for("mends.show_mends"), settings_of(current_app), moment)


def _tried(act: Callable[[Session], None]) -> MendError | None:
    try:
        act(session())
    except MendError as refused:
        roll_back_request()
        return refused
    except IntegrityError:  # another shelf took the number
        roll_back_request()
        return MendError(AT_ONCE)
    return None


def _list_page(who: Caller, refused: MendError | None = None) -> str:
    with database().reading() as look:
        waiting, settled = keeping.waiting(look), keeping.settled(look)
        moment = now()
        mends = allows("banks.edit", general_relations(who))
        all_there = targets(keeping.shelf_in_force(look), today()) if mends else []
        found = sorted(all_there, key=lambda one: list(GROUPS).index(one.group))
        return render_template(
            "editor/mends.html",
            waiting=[(row, row.overdue(moment), row.by_id == who.id) for row in waiting],
            settled=settled,
            groups=[(GROUPS[name], list(some)) for name, some in groupby(found, key=lambda one: one.group)],
            people=names_of_people(
                look, {person for row in (*waiting, *settled) for person in (row.by_id, row.looked_by)}
            ),
            refused=refused,
            done="done" in request.args,
            looked="looked" in request.args,
        )


def _page(
    key: str, *, errors: dict[str, str] | None = None, refused: MendError | None = None, new: str | None = None
) -> str:
    with database().reading() as look:
        one = target(keeping.shelf_in_force(look), key, today()) or abort(404)
        return render_template(
            "editor/mend_look.html" if new is not None else "editor/mend.html",
            one=one,
            typed=request.form,
            errors=errors or {},
            refused=refused,
            new=new,
        )
