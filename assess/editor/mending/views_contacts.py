"""Contacts: what waits for a second person, asking for a change of one, and blanking one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.banks.settings import is_blanked
from assess.editor.law.fields import Field, Wrong, address, read
from assess.editor.law.kinds import CONTACTS, Thing, thing
from assess.editor.law.showing import form_of
from assess.editor.listing import names_of_people
from assess.editor.mending import contacts
from assess.editor.mending.keeping import MendError, shelf_in_force
from assess.editor.mending.models import LONGEST_REASON, LONGEST_SEEN, ContactChange, ContactDeed
from assess.editor.mending.telling import tell_of_contact
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller
from assess.people.permissions import allows, general_relations

blueprint = Blueprint("contacts", __name__, url_prefix="/banks/contacts")

Answer = Response | str | tuple[str, int]
_LABELS = {one.path[0]: one.label for one in CONTACTS.fields}
WEB, PERSON = "web", "person"
NO_SOURCE = "Choose where you saw it."
NO_ADDRESS = "Enter the address of the page that shows it, beginning with https://. A page of this site does not count."
NO_PERSON = "Say who told you, where they work, and on which day."
NO_REASON = "Say why. Whoever decides reads this."
NO_ANSWER = "Say why you refuse it. Whoever asked reads this."
NO_ANSWER_BACK = "Say why it is right to show it again."
NOT_LOOKED = "Tick that you looked at it where it comes from."
NOT_SURE = "Tick that you want this."
AT_ONCE = "Somebody else put other files in use at the same moment. Try it again."
_OUR_FILES = re.compile(r"questionnaires|contacts\.ya?ml|our (own )?(files|list|pages?|website|site)\b", re.IGNORECASE)


@blueprint.get("")
@requires("banks.read", load=permitted_person)
def show_contacts(who: Caller) -> str:
    """All contacts in use, what waits for a second person, and what was decided."""
    with database().reading() as look:
        waiting, settled = contacts.undecided(look), contacts.decided(look)
        moment, may = now(), general_relations(who)
        return render_template(
            "editor/contacts.html",
            contacts=contacts.contacts_in(shelf_in_force(look)),
            needed=CONTACTS.kept,
            blanked=lambda one: is_blanked(one.data),
            waiting=[(row, row.overdue(moment)) for row in waiting],
            settled=settled,
            people=names_of_people(look, {one for row in (*waiting, *settled) for one in (row.by_id, row.decided_by)}),
            alone=not contacts.has_second_person(look, who.id),
            may_ask=allows("banks.edit", may),
            may_blank=allows("banks.publish", may),
            done=request.args.get("done"),
        )


@blueprint.get("/<contact>/change")
@requires("banks.edit", load=permitted_person)
def show_change(who: Caller, contact: str) -> Answer:
    """Ask for the new values, and where they were seen."""
    return _change_page(contact, {}, refused=_barred(who, contact))


@blueprint.post("/<contact>/change")
@audited("asked")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def ask_change(who: Caller, contact: str) -> Answer:
    """Show old and new side by side first; once that was pressed, it waits for a second person."""
    with database().reading() as look:
        shelf = shelf_in_force(look)
        here = _contact_or_404(look, contact)
        said = read(_fields(contact), request.form, here.data)
        after = {path[0]: value for path, value in said.values.items()}
        errors = {**contacts.faults_of_change(shelf, here, after), **said.errors}
        seen_at, reason = _seen_at(errors), _typed("reason", LONGEST_REASON)
        if not reason:
            errors["reason"] = NO_REASON
        if request.form.get("seen") != here.seen:
            errors["number"] = "Somebody else changed this contact meanwhile. Look at it again."
        if not errors and not after:
            errors["number"] = "This is what it says already. Change what is wrong."
    if errors:
        return _change_page(contact, errors), 422
    if "confirmed" not in request.form:
        return _change_page(contact, {}, after=after, seen_at=seen_at)
    return _done(
        lambda own: contacts.ask(own, _contact_or_404(own, contact), after, seen_at, reason, who.id, now()),
        lambda refused: (_change_page(contact, {}, refused=refused), 409),
    )


@blueprint.get("/<contact>/blank")
@requires("banks.publish", load=permitted_person)
def show_blank(who: Caller, contact: str) -> Answer:
    """Ask again, and show what will stand in its place."""
    barred = _barred(who, contact) if contacts.is_needed(contact) else None
    return _blank_page(contact, {}, barred)


@blueprint.post("/<contact>/blank")
@audited("removed")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def blank_contact(who: Caller, contact: str) -> Answer:
    """Take it away at once."""
    reason = _typed("reason", LONGEST_REASON)
    faults = {} if reason else {"reason": NO_REASON}
    if request.form.get("sure") != "yes":
        faults["sure"] = NOT_SURE
    if faults:
        return _blank_page(contact, faults), 422
    return _done(
        lambda own: contacts.blank(own, _contact_or_404(own, contact), reason, who.id, now()),
        lambda refused: (_blank_page(contact, {}, refused), 409),
    )


@blueprint.get("/asked/<uuid:change_id>")
@requires("banks.read", load=permitted_person)
def show_asked(who: Caller, change_id: uuid.UUID) -> Answer:
    """Old and new beside each other, for the second person."""
    return _asked_page(who, change_id, {})


@blueprint.post("/asked/<uuid:change_id>/confirm")
@audited("confirmed")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def confirm_change(who: Caller, change_id: uuid.UUID) -> Answer:
    """Say as the second person that it is right."""
    if request.form.get("looked") != "yes":
        return _asked_page(who, change_id, {"looked": NOT_LOOKED}), 422
    with database().reading() as look, suppress(MendError):  # told below; worked out before anything is written
        row = _row_or_404(look, change_id)
        if row.kind is ContactDeed.CHANGE and row.outcome is None:
            contacts.would_be_changed(shelf_in_force(look), row, now())
    return _decided(who, change_id, lambda own, row, moment: contacts.confirm(own, row, who.id, moment))


@blueprint.post("/asked/<uuid:change_id>/refuse")
@audited("refused")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def refuse_change(who: Caller, change_id: uuid.UUID) -> Answer:
    """Refuse it as the second person; of a blanked contact: put it back."""
    why = _typed("answer", LONGEST_REASON)
    if not why:
        with database().reading() as look:
            blanked = _row_or_404(look, change_id).kind is ContactDeed.BLANK
        return _asked_page(who, change_id, {"answer": NO_ANSWER_BACK if blanked else NO_ANSWER}), 422
    return _decided(who, change_id, lambda own, row, moment: contacts.refuse(own, row, why, who.id, moment))


def _barred(who: Caller, contact: str) -> MendError | None:
    """Why somebody may not be one of two."""
    with database().reading() as look:
        why = contacts.why_not_of_two(look, contact, None, who.id, now())
    return MendError(why) if why else None


def _decided(who: Caller, change_id: uuid.UUID, settle: Callable[[Session, ContactChange, datetime], None]) -> Answer:
    def settled(own: Session) -> ContactChange:
        row = _row_or_404(own, change_id)
        settle(own, row, now())
        own.refresh(row)
        return row

    return _done(settled, lambda refused: (_asked_page(who, change_id, {}, refused), 409))


def _done(act: Callable[[Session], ContactChange], again: Callable[[MendError], tuple[str, int]]) -> Answer:
    try:
        row = act(session())
    except MendError as refused:
        roll_back_request()
        return again(refused)
    except IntegrityError:  # another shelf took the number
        roll_back_request()
        return again(MendError(AT_ONCE))
    note_about("contact_change", row.id)
    page = url_for(".show_asked", change_id=row.id)
    tell_of_contact(session(), row, page, settings_of(current_app), now())
    return redirect(url_for(".show_contacts", done=row.outcome or row.kind), 303)


def _seen_at(errors: dict[str, str]) -> str:
    """Where the new values were seen: a web page of somebody else, or a person. What only our own files say does not count."""
    where = request.form.get("where")
    if where == WEB:
        page = address(request.form.get("page", ""))
        base = settings_of(current_app).base_url
        own = base.removeprefix("https://").removeprefix("http://")
        if isinstance(page, Wrong) or page.removeprefix("https://").startswith(own) or len(page) > LONGEST_SEEN:
            errors["page"] = NO_ADDRESS
            return ""
        return page
    if where == PERSON:
        person = _typed("person", LONGEST_SEEN)
        if not person or _OUR_FILES.search(person):
            errors["person"] = NO_PERSON
        return person
    errors["where"] = NO_SOURCE
    return ""


def _typed(name: str, longest: int) -> str:
    return " ".join(request.form.get(name, "").split())[:longest]


def _row_or_404(look: Session, change_id: uuid.UUID) -> ContactChange:
    return look.get(ContactChange, change_id) or abort(404)


def _contact_or_404(look: Session, contact: str) -> Thing:
    return thing(shelf_in_force(look), CONTACTS, contact) or abort(404)


def _fields(contact: str) -> tuple[Field, ...]:
    return tuple(one for one in CONTACTS.fields if one.path[0] in contacts.fields_of(contact))


def _sides(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each field that differs with what stands there and what is to stand there; the number first."""
    names = sorted(
        after, key=lambda one: (one != "number", list(_LABELS).index(one) if one in _LABELS else len(_LABELS))
    )
    shown = [one for one in names if one in _LABELS and before.get(one) != after[one]]
    return [(_LABELS[one], str(before.get(one) or "nothing"), str(after[one] or "nothing")) for one in shown]


def _change_page(
    contact: str,
    errors: Mapping[str, str],
    *,
    refused: MendError | None = None,
    after: Mapping[str, Any] | None = None,
    seen_at: str = "",
) -> str:
    with database().reading() as look:
        here = _contact_or_404(look, contact)
        if is_blanked(here.data):
            refused = refused or MendError(contacts.BLANKED)
        typed = request.form if request.method == "POST" else None
        return render_template(
            "editor/contact_look.html" if after is not None else "editor/contact_change.html",
            contact=here,
            rows=form_of(_fields(contact), here.data, typed=typed, errors=errors),
            typed=request.form,
            errors=dict(errors),
            refused=refused,
            sides=_sides(here.data, after or {}),
            seen_at=seen_at,
            waits=[
                row for row in contacts.undecided(look) if row.contact == contact and row.kind is ContactDeed.CHANGE
            ],
        )


def _blank_page(contact: str, faults: Mapping[str, str], refused: MendError | None = None) -> str:
    with database().reading() as look:
        here = _contact_or_404(look, contact)
        instead: Mapping[str, Any] = {}
        try:
            instead = contacts.would_be_blank(look, here, now())
        except MendError as cannot:
            refused = refused or cannot
        return render_template(
            "editor/contact_blank.html",
            contact=here,
            needed=contacts.is_needed(contact),
            sides=_sides(here.data, instead),
            possible=bool(instead),
            faults=dict(faults),
            refused=refused,
            typed=request.form,
        )


def _asked_page(who: Caller, change_id: uuid.UUID, faults: Mapping[str, str], refused: MendError | None = None) -> str:
    with database().reading() as look:
        row = _row_or_404(look, change_id)
        return render_template(
            "editor/contact_asked.html",
            row=row,
            sides=_sides(row.before, row.after),
            blank=row.kind is ContactDeed.BLANK,
            needed=contacts.is_needed(row.contact),
            own=row.by_id == who.id,
            alone=not contacts.has_second_person(look, who.id),
            barred=contacts.why_not_of_two(look, row.contact, row, who.id, now()),
            may_decide=allows("banks.publish", general_relations(who)),
            overdue=row.overdue(now()),
            people=names_of_people(look, {row.by_id, row.decided_by}),
            faults=dict(faults),
            refused=refused,
            typed=request.form,
        )
