"""Pages: urgent fixes and their second review; changing and blanking contacts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, current_app, request, url_for
from marshmallow import ValidationError, pre_load, validates_schema
from sqlalchemy.orm import Session

from assess.bank_editor.duties_and_settings.forms import CONTACTS, Entry, find_entry
from assess.bank_editor.fields import Field, read_group
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.models import LONGEST_FIX_REASON, LONGEST_SEEN_AT, ContactChange, ContactChangeKind, UrgentFix
from assess.bank_editor.navigation import names_of_people
from assess.bank_editor.urgent_fixes import contacts, services
from assess.bank_editor.urgent_fixes.services import (
    UrgentFixError,
    edit_of_value,
    email_contact_change,
    email_fix_made,
    email_fix_undone,
    find_fix_target,
    fix_targets,
    printed_value,
    read_new_value,
)
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_subject
from assess.core.db import request_session
from assess.core.edit_conflicts import EditConflictError, NotSavedError
from assess.core.forms.fields import ChoiceField, TextField, TickField, WebAddressField, web_address
from assess.core.forms.form import Form, FormResult, is_ticked, sent_form, sent_text
from assess.identity.permissions import general_relations, relations_allow
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.settings import is_blanked

blueprint = Blueprint("urgent_fixes", __name__, url_prefix="/question-banks")
second_person_page = partial(form_page, blueprint, post="banks.publish", looks_first=True)
TARGET_GROUPS = {
    "contacts": "Websites of those to call",
    "settings": "Dates, penalties and other numbers of law",
    "sources": "Links of sources",
    "duties": "Links of duties",
}
NOT_FIXABLE = "This is not among what can be fixed here. Choose from the list, or change it in a draft."


@form_page(blueprint, "/urgent-fixes", get="banks.read")
def show_urgent_fixes(page: PageRequest) -> FormPage:
    return _all_fixes(page)


@form_page(blueprint, "/urgent-fixes/new")
def show_urgent_fix(page: PageRequest) -> FormPage:
    return _fix_page(page, request.args.get("what", ""))


@form_page(blueprint, "/urgent-fixes/new", "changed", get="", looks_first=True)
def make_urgent_fix(page: PageRequest) -> FormPage:
    """Show old and new side by side first; once that was pressed, put it in use."""
    return _fix_page(page, sent_text("what"))


def _fix_page(page: PageRequest, key: str) -> FormPage:
    files, now = files_in_force(page.session), clock.now()
    one = find_fix_target(files, key, clock.today())
    if one is None:
        return _all_fixes(page, UrgentFixError(NOT_FIXABLE))
    form = page.read(
        reason=TextField(LONGEST_FIX_REASON, required="Say why, in a few words. Whoever looks at it next reads this.")
    )
    value, why = read_new_value(one, sent_text("value"))
    errors = {**({"value": why} if why else {}), **form.errors}
    refused: NotSavedError | None = None
    if sent_text("seen") != one.said:
        refused = EditConflictError(one.said)
    elif not errors and not page.refused:
        try:  # checked before the first statement that writes: on SQLite that one keeps all others waiting
            services.require_reviewed(page.session, one)
            services.preview_fix(files, edit_of_value(one.file, one.steps, one.value, value), now)
        except NotSavedError as why_not:
            refused = why_not
    sure = is_ticked("confirmed")

    def save() -> None:
        session = request_session()
        row = services.make_fix(session, one, value, form["reason"], page.who.id, now)
        set_audit_subject("mend", row.id)
        email_fix_made(session, row, page.who.id, url_for(".show_urgent_fixes"), settings_of(current_app), now)

    good = page.form_data is not None and not (errors or refused or page.refused or sure)
    return FormPage(
        template="bank_editor/urgent_fix_preview.html" if good else "bank_editor/urgent_fix.html",
        shows={"one": one, "typed": sent_form(), "new": printed_value(one, value) if good else None},
        errors=errors,
        refused=refused,
        save=save if sure else None,
        then=url_for(".show_urgent_fixes", done=1),
    )


@form_page(blueprint, "/urgent-fixes/<uuid:mend_id>/confirm", "confirmed", get="", post="banks.publish")
def confirm_urgent_fix(page: PageRequest, mend_id: uuid.UUID) -> FormPage:
    row = _fix_or_404(page.session, mend_id)
    return _all_fixes(page, save=lambda: services.accept_fix(page.session, row, page.who.id, clock.now()))


@second_person_page("/urgent-fixes/<uuid:mend_id>/undo", "undone", get="banks.publish")
def undo_urgent_fix(page: PageRequest, mend_id: uuid.UUID) -> FormPage:
    row = _fix_or_404(page.session, mend_id)
    form = page.read(why=TextField(LONGEST_FIX_REASON, required="Say why you undo it. Whoever fixed it reads this."))
    if page.form_data is None or form.errors:
        return FormPage(
            template="bank_editor/urgent_fix_undo.html",
            shows={"row": row, "typed": form.typed.get("why", "")},
            errors=form.errors,
        )
    if page.refused is None:
        with suppress(NotSavedError):  # told below; worked out before anything is written, as above
            services.preview_undo(page.session, row, clock.now())

    def save() -> None:
        session, now = request_session(), clock.now()
        again = _fix_or_404(session, mend_id)
        services.revert_fix(session, again, page.who.id, now, form["why"])
        email_fix_undone(session, again, url_for(".show_urgent_fixes"), settings_of(current_app), now)

    return _all_fixes(page, save=save)


def _fix_or_404(session: Session, mend_id: uuid.UUID) -> UrgentFix:
    return session.get(UrgentFix, mend_id) or abort(404)


def _all_fixes(
    page: PageRequest, refused: NotSavedError | None = None, *, save: Callable[[], object] | None = None
) -> FormPage:
    def shows(_: Mapping[str, str]) -> Mapping[str, object]:
        session, now = page.session, clock.now()
        waiting, settled = services.unreviewed_fixes(session), services.reviewed_fixes(session)
        may_fix = relations_allow("banks.edit", general_relations(page.who))
        all_there = fix_targets(files_in_force(session), clock.today()) if may_fix else []
        found = sorted(all_there, key=lambda one: list(TARGET_GROUPS).index(one.group))
        return {
            "waiting": [(row, row.overdue(now), row.by_id == page.who.id) for row in waiting],
            "settled": settled,
            "groups": [(TARGET_GROUPS[name], list(some)) for name, some in groupby(found, key=lambda one: one.group)],
            "people": names_of_people(
                session, {person for row in (*waiting, *settled) for person in (row.by_id, row.looked_by)}
            ),
            "done": "done" in request.args,
            "looked": "looked" in request.args,
            "refused": page.refused or refused,
        }

    return FormPage(
        template="bank_editor/urgent_fixes.html",
        shows=shows,
        refused=refused,
        save=save,
        status=409 if refused else 200,
        then=url_for(".show_urgent_fixes", looked=1),
    )


SEEN_ON_WEB, TOLD_BY_PERSON = "web", "person"
NO_SOURCE_URL = (
    "Enter the address of the page that shows it, beginning with https://. A page of this site does not count."
)
NO_CHANGE_REASON = "Say why. Whoever decides reads this."
NOT_CONFIRMED = "Tick that you want this."
_OWN_SOURCE = re.compile(r"questionnaires|contacts\.ya?ml|our (own )?(files|list|pages?|website|site)\b", re.IGNORECASE)


@form_page(blueprint, "/contacts", get="banks.read")
def show_contacts(page: PageRequest) -> FormPage:
    session, now, may = page.session, clock.now(), general_relations(page.who)
    waiting, settled = contacts.undecided_changes(session), contacts.decided_changes(session)
    return FormPage(
        template="bank_editor/contacts.html",
        shows={
            "contacts": contacts.contacts_by_urgency(files_in_force(session)),
            "needed": CONTACTS.kept,
            "blanked": lambda one: is_blanked(one.data),
            "waiting": [(row, row.overdue(now)) for row in waiting],
            "settled": settled,
            "people": names_of_people(
                session, {one for row in (*waiting, *settled) for one in (row.by_id, row.decided_by)}
            ),
            "alone": not contacts.has_second_person(session, page.who.id),
            "may_ask": relations_allow("banks.edit", may),
            "may_blank": relations_allow("banks.publish", may),
            "done": request.args.get("done"),
        },
    )


@form_page(blueprint, "/contacts/<contact>/change", "asked", looks_first=True)
def request_contact_change(page: PageRequest, contact: str) -> FormPage:
    """Show old and new side by side first; once that was pressed, it waits for a second person."""
    session, here, fields = page.session, _contact_or_404(page.session, contact), _fields(contact)
    typed = page.values_in(fields, here.data)
    made, wrong = read_group(fields, typed, here.data, CONTACTS.order)
    form = FormResult({}) if page.form_data is None else SourceOfChangeForm().read()
    after = {one.name: made.get(one.name) for one in fields if made.get(one.name) != here.data.get(one.name)}
    errors = {**contacts.contact_change_errors(files_in_force(session), here, after), **wrong, **form.errors}
    seen_at = form.values.get("page") or form.values.get("person") or ""
    conflict = EditConflictError(here.data) if sent_text("seen") != here.etag else None
    if not errors and not after and not conflict:
        errors["number"] = "This is what it says already. Change what is wrong."
    sure = is_ticked("confirmed")
    good = page.form_data is not None and not (errors or conflict or page.refused or sure)
    why_not = page.refused or _why_not_allowed(page, contact)
    if is_blanked(here.data):
        why_not = why_not or UrgentFixError(contacts.BLANKED)
    return FormPage(
        template="bank_editor/contact_preview.html" if good else "bank_editor/contact_change.html",
        shows=lambda _: {
            "contact": here,
            "fields": fields,
            "values": typed,
            "typed": sent_form(),
            "refused": why_not,
            "sides": _sides(here.data, after),
            "seen_at": seen_at,
            "waits": [
                row
                for row in contacts.undecided_changes(session)
                if row.contact == contact and row.kind is ContactChangeKind.CHANGE
            ],
        },
        errors=errors,
        refused=conflict,
        save=_told(
            lambda own: contacts.request_change(
                own, _contact_or_404(own, contact), after, seen_at, form["reason"], page.who.id, clock.now()
            )
        )
        if sure
        else None,
        then=_contacts_after,
    )


@second_person_page("/contacts/<contact>/blank", "removed", get="banks.publish")
def blank_contact(page: PageRequest, contact: str) -> FormPage:
    here, needed = _contact_or_404(page.session, contact), contacts.is_essential_contact(contact)
    form = page.read(
        reason=TextField(LONGEST_FIX_REASON, required=NO_CHANGE_REASON), sure=TickField(required=NOT_CONFIRMED)
    )

    def shows(_: Mapping[str, str]) -> Mapping[str, object]:
        refused, instead = page.refused or (_why_not_allowed(page, contact) if needed else None), dict[str, object]()
        try:
            instead |= contacts.preview_blank(page.session, here, clock.now())
        except NotSavedError as cannot:
            refused = refused or cannot
        return {
            "contact": here,
            "needed": needed,
            "sides": _sides(here.data, instead),
            "possible": bool(instead),
            "refused": refused,
            "typed": sent_form(),
        }

    return FormPage(
        template="bank_editor/contact_blank.html",
        shows=shows,
        errors=form.errors,
        save=_told(
            lambda own: contacts.blank_now(own, _contact_or_404(own, contact), form["reason"], page.who.id, clock.now())
        ),
        then=_contacts_after,
    )


@form_page(blueprint, "/contacts/requests/<uuid:change_id>", get="banks.read")
def show_contact_request(page: PageRequest, change_id: uuid.UUID) -> FormPage:
    return _decision(page, change_id)


@second_person_page("/contacts/requests/<uuid:change_id>/confirm", "confirmed", get="")
def confirm_contact_change(page: PageRequest, change_id: uuid.UUID) -> FormPage:
    form = page.read(looked=TickField(required="Tick that you looked at it where it comes from."))
    row = _request_or_404(page.session, change_id)
    if not (form.errors or page.refused) and row.kind is ContactChangeKind.CHANGE and row.outcome is None:
        with suppress(NotSavedError):  # told below; worked out before anything is written
            contacts.preview_change(files_in_force(page.session), row, clock.now())
    return _decision(
        page,
        change_id,
        lambda own, again: contacts.accept_change(own, again, page.who.id, clock.now()),
        errors=form.errors,
    )


@second_person_page("/contacts/requests/<uuid:change_id>/refuse", "refused", get="")
def refuse_contact_change(page: PageRequest, change_id: uuid.UUID) -> FormPage:
    """Refuse it as the second person; of a blanked contact: put it back."""
    blanked = _request_or_404(page.session, change_id).kind is ContactChangeKind.BLANK
    missing = "Say why it is right to show it again." if blanked else "Say why you refuse it. Whoever asked reads this."
    form = page.read(answer=TextField(LONGEST_FIX_REASON, required=missing))
    return _decision(
        page,
        change_id,
        lambda own, again: contacts.reject_change(own, again, form["answer"], page.who.id, clock.now()),
        errors=form.errors,
    )


def _decision(
    page: PageRequest,
    change_id: uuid.UUID,
    settle: Callable[[Session, ContactChange], None] | None = None,
    errors: Mapping[str, str] | None = None,
) -> FormPage:
    """The page of what a second person decides, after what they decided."""
    session, who, row = page.session, page.who, _request_or_404(page.session, change_id)

    def settled(own: Session) -> ContactChange:
        again = _request_or_404(own, change_id)
        if settle:
            settle(own, again)
        own.refresh(again)
        return again

    return FormPage(
        template="bank_editor/contact_request.html",
        shows=lambda _: {
            "row": row,
            "sides": _sides(row.before, row.after),
            "blank": row.kind is ContactChangeKind.BLANK,
            "needed": contacts.is_essential_contact(row.contact),
            "own": row.by_id == who.id,
            "alone": not contacts.has_second_person(session, who.id),
            "barred": contacts.why_not_of_two(session, row.contact, row, who.id, clock.now()),
            "may_decide": relations_allow("banks.publish", general_relations(who)),
            "overdue": row.overdue(clock.now()),
            "people": names_of_people(session, {row.by_id, row.decided_by}),
            "typed": sent_form(),
        },
        errors=errors or {},
        save=_told(settled),
        then=_contacts_after,
    )


def _told(act: Callable[[Session], ContactChange]) -> Callable[[], ContactChange]:
    """Do it, and tell everybody who looks after the banks."""

    def save() -> ContactChange:
        session = request_session()
        row = act(session)
        set_audit_subject("contact_change", row.id)
        address = url_for(".show_contact_request", change_id=row.id)
        email_contact_change(session, row, address, settings_of(current_app), clock.now())
        return row

    return save


def _contacts_after(row: ContactChange) -> str:
    return url_for(".show_contacts", done=row.outcome or row.kind)


def _why_not_allowed(page: PageRequest, contact: str) -> UrgentFixError | None:
    """Why the page is only looked at; once something is sent, saving says so."""
    if page.form_data is not None:
        return None
    why = contacts.why_not_of_two(page.session, contact, None, page.who.id, clock.now())
    return UrgentFixError(why) if why else None


class SourceOfChangeForm(Form):
    """Where the new values were seen: a web page of another organisation, or a person. What only our own files say does not count."""

    where = ChoiceField((SEEN_ON_WEB, TOLD_BY_PERSON), required="Choose where you saw it.")
    page = WebAddressField(invalid=NO_SOURCE_URL)
    person = TextField(LONGEST_SEEN_AT)
    reason = TextField(LONGEST_FIX_REASON, required=NO_CHANGE_REASON)

    @pre_load
    def only_the_chosen(self, sent: dict[str, Any], **_: object) -> dict[str, Any]:
        """What stands in the box that was not chosen says nothing."""
        return sent | {"person" if sent["where"] == SEEN_ON_WEB else "page": ""}

    @validates_schema(skip_on_field_errors=False)
    def seen_elsewhere(self, found: dict[str, Any], **_: object) -> None:
        where, page, person = found.get("where"), found.get("page", ""), found.get("person", "")
        site = web_address(page)
        unfit = site is None or site.host in settings_of(current_app).hosts or len(page) > LONGEST_SEEN_AT
        if where == SEEN_ON_WEB and unfit:
            raise ValidationError(NO_SOURCE_URL, "page")
        if where == TOLD_BY_PERSON and (not person or _OWN_SOURCE.search(person)):
            raise ValidationError("Say who told you, where they work, and on which day.", "person")


def _request_or_404(session: Session, change_id: uuid.UUID) -> ContactChange:
    return session.get(ContactChange, change_id) or abort(404)


def _contact_or_404(session: Session, contact: str) -> Entry:
    return find_entry(files_in_force(session), CONTACTS, contact) or abort(404)


def _fields(contact: str) -> tuple[Field, ...]:
    essential = contacts.is_essential_contact(contact)
    changeable = contacts.CONTACT_FIELDS if essential else contacts.DIALLED
    return tuple(one for one in CONTACTS.fields if one.name in changeable)


def _sides(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    order = dict.fromkeys(("number", *(one.name for one in CONTACTS.fields)))
    return contacts.sides_in_words((one for one in order if one in after), before, after)
