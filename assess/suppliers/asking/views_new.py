"""One new supplier: who it is, what it is asked, a look at the letter, and only then anything is kept."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about, note_verb
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import caller_id
from assess.suppliers.asking.pages import areas, choices, letters_shown, proposed, reminder_words, send_on
from assess.suppliers.asking.reading import Read, read_ask, read_details, typed_of
from assess.suppliers.inviting import invite
from assess.suppliers.keeping import Details, add, find_same
from assess.suppliers.letter_words import SAYS, Silence
from assess.suppliers.letters import silence
from assess.suppliers.models import Supplier
from assess.suppliers.words import SIZES

blueprint = Blueprint("asking", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")
_OF_BUYER = {Silence.NO_MAIL, Silence.NOT_CONFIRMED, Silence.TAKEN_BACK, Silence.PAUSED}
Answer = str | Response | tuple[str, int]


@blueprint.get("/new")
@requires("suppliers.manage", check=permitted_member)
def show_new(organisation_id: uuid.UUID) -> str:
    """The form."""
    return _form(organisation_id, Read(typed_of(proposed(None))))


@blueprint.post("/new/look")
@audited("changed")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def look_at_new(organisation_id: uuid.UUID) -> Answer:
    """A look at the letter before it goes, or back to the form. Nothing is kept."""
    read = _read()
    if "back" in request.form:
        return _form(organisation_id, Read(read.typed))
    same = _same(organisation_id, read.details)
    if read.faults or read.ask is None or read.details is None or same is not None:
        return _form(organisation_id, read, same), 422
    with database().reading() as look:
        buyer = organisation_or_404(look, organisation_id)
        new = Supplier(
            buyer_id=buyer.id, name=read.details.name, email=read.details.email, identity=read.details.identity
        )
        because = silence(look, new, buyer, settings_of(current_app), today())
        letters = letters_shown(look, buyer, new, read.ask, caller_id())
        titles = choices(look).sectors
    return render_template(
        "suppliers/ask_look.html",
        organisation=buyer,
        name=read.details.name,
        email=read.details.email,
        ask=read.ask,
        title=titles[read.ask.sector],
        letters=letters,
        silent=SAYS[because] if because else None,
        typed=read.typed,
        waits=read.ask.send_on > today(),
        reminders=reminder_words(read.ask),
        to=url_for("asking.invite_new", organisation_id=organisation_id),
        again=url_for("asking.look_at_new", organisation_id=organisation_id),
    )


@blueprint.post("/new")
@audited("invited")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def invite_new(organisation_id: uuid.UUID) -> Answer:
    """Put it on the list, and ask it; or the first alone."""
    only = "only" in request.form
    read = _read(only=only)
    same = _same(organisation_id, read.details)
    if read.faults or read.details is None or same is not None or (read.ask is None and not only):
        return _form(organisation_id, read, same), 422
    moment, by = now(), caller_id()
    supplier, _ = add(session(), organisation_id, read.details, moment, by=by)
    note_about("supplier", supplier.id)
    if read.ask is None:
        note_verb("added")
        said = "added"
    else:
        invite(session(), supplier, read.ask, settings_of(current_app), moment, by=by)
        said = "asked"
    to = url_for("asking.show_ask", organisation_id=organisation_id, supplier_id=supplier.id, done=said)
    return redirect(to, 303)


def _read(*, only: bool = False) -> Read:
    typed = typed_of(request.form)
    with database().reading() as look:
        can = choices(look)
    who = read_details(typed, can.sectors, can.areas)
    what = Read(typed) if only else read_ask(typed, can.sectors, send_on(typed))
    return Read(typed, who.details, what.ask, {**who.faults, **what.faults})


def _same(organisation_id: uuid.UUID, details: Details | None) -> Supplier | None:
    if details is None:
        return None
    with database().reading() as look:
        return find_same(look, organisation_id, details)


def _form(organisation_id: uuid.UUID, read: Read, same: Supplier | None = None) -> str:
    with database().reading() as look:
        buyer = organisation_or_404(look, organisation_id)
        can = choices(look)
        because = silence(look, Supplier(buyer_id=buyer.id, email="-"), buyer, settings_of(current_app), today())
    return render_template(
        "suppliers/ask_new.html",
        organisation=buyer,
        typed=read.typed,
        faults=read.beside,
        wrong=list(read.faults.items()),
        same=same,
        sectors=can.sectors,
        areas=areas(),
        sizes=SIZES,
        busy=list(can.busy.values()),
        silent=SAYS[because] if because in _OF_BUYER else None,
    )
