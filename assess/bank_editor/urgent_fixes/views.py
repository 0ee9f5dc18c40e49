"""Pages: urgent fixes and their second review; changing and blanking contacts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from marshmallow import ValidationError, pre_load, validates_schema
from sqlalchemy.orm import Session

from assess.bank_editor.duties_and_settings.forms import (
    CONTACTS,
    Entry,
    EntryField,
    field_views,
    find_entry,
    read_form,
)
from assess.bank_editor.models import LONGEST_FIX_REASON, LONGEST_SEEN_AT, ContactChange, ContactChangeKind, UrgentFix
from assess.bank_editor.navigation import names_of_people
from assess.bank_editor.urgent_fixes import contacts as urgent_fixes_contacts
from assess.bank_editor.urgent_fixes import services as urgent_fixes_services
from assess.bank_editor.urgent_fixes.services import (
    FixTarget,
    UrgentFixError,
    ValueEdit,
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
from assess.core.db import database, request_session
from assess.core.edit_conflicts import EditConflictError, NotSavedError, save_or_show_again
from assess.core.forms.fields import ChoiceField, TextField, TickField, WebAddressField, web_address
from assess.core.forms.form import Form, FormResult, is_ticked, read_fields, sent_form, sent_text
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser
from assess.identity.permissions import general_relations, relations_allow
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.settings import is_blanked

blueprint = Blueprint("urgent_fixes", __name__, url_prefix="/question-banks")
TARGET_GROUPS = {
    "contacts": "Websites of those to call",
    "settings": "Dates, penalties and other numbers of law",
    "sources": "Links of sources",
    "duties": "Links of duties",
}
NOT_FIXABLE = "This is not among what can be fixed here. Choose from the list, or change it in a draft."


@blueprint.get("/urgent-fixes")
@requires("banks.read", load=require_person)
def show_urgent_fixes(who: CurrentUser) -> str:
    return _urgent_fixes_page(who)


@blueprint.get("/urgent-fixes/new")
@requires("banks.edit", load=require_person)
def show_urgent_fix(who: CurrentUser) -> PageResponse:
    key = request.args.get("what", "")
    with database().reading() as session:
        there = find_fix_target(files_in_force(session), key, clock.today())
    return _urgent_fix_page(key) if there else (_urgent_fixes_page(who, UrgentFixError(NOT_FIXABLE)), 409)


@blueprint.post("/urgent-fixes/new")
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.edit", load=require_person)
def make_urgent_fix(who: CurrentUser) -> PageResponse:
    """Show old and new side by side first; once that was pressed, put it in use."""
    key = sent_text("what")
    form = read_fields(
        reason=TextField(LONGEST_FIX_REASON, required="Say why, in a few words. Whoever looks at it next reads this.")
    )
    now = clock.now()
    with database().reading() as session:
        files = files_in_force(session)
        one = find_fix_target(files, key, clock.today())
        if one is None:
            return _urgent_fixes_page(who, UrgentFixError(NOT_FIXABLE)), 409
        value, why = read_new_value(one, sent_text("value"))
        errors = {**({"value": why} if why else {}), **form.errors}
        conflict = EditConflictError(one.said) if sent_text("seen") != one.said else None
        if errors or conflict:
            return _urgent_fix_page(key, errors=errors, refused=conflict), 422 if errors else 409
        try:  # checked before the first statement that writes: on SQLite that one keeps all others waiting
            urgent_fixes_services.require_reviewed(session, one)
            urgent_fixes_services.preview_fix(files, ValueEdit(one.file, one.steps, one.value, value), now)
        except NotSavedError as refused:
            return _urgent_fix_page(key, refused=refused), 409
    if not is_ticked("confirmed"):
        return _urgent_fix_page(key, new=printed_value(one, value))
    return save_or_show_again(
        lambda: _make_fix(request_session(), one, value, form["reason"], who.id, now),
        lambda refused: _urgent_fix_page(key, refused=refused),
        url_for(".show_urgent_fixes", done=1),
    )


@blueprint.post("/urgent-fixes/<uuid:mend_id>/confirm")
@audited("confirmed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.publish", load=require_person)
def confirm_urgent_fix(who: CurrentUser, mend_id: uuid.UUID) -> PageResponse:
    return _review_fix(who, mend_id, lambda own, row: urgent_fixes_services.accept_fix(own, row, who.id, clock.now()))


@blueprint.route("/urgent-fixes/<uuid:mend_id>/undo", methods=["GET", "POST"])
@audited("undone")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.publish", load=require_person)
def undo_urgent_fix(who: CurrentUser, mend_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _undo_fix_page(mend_id, FormResult({}))
    form = read_fields(why=TextField(LONGEST_FIX_REASON, required="Say why you undo it. Whoever fixed it reads this."))
    if form.errors:
        return _undo_fix_page(mend_id, form), 422
    with (
        database().reading() as session,
        suppress(NotSavedError),
    ):  # told below; worked out before anything is written, as above
        urgent_fixes_services.preview_undo(session, session.get(UrgentFix, mend_id) or abort(404), clock.now())

    def settle(own: Session, row: UrgentFix) -> None:
        urgent_fixes_services.revert_fix(own, row, who.id, clock.now(), form["why"])
        email_fix_undone(own, row, url_for("urgent_fixes.show_urgent_fixes"), settings_of(current_app), clock.now())

    return _review_fix(who, mend_id, settle)


def _review_fix(who: CurrentUser, mend_id: uuid.UUID, settle: Callable[[Session, UrgentFix], None]) -> PageResponse:
    row = request_session().get(UrgentFix, mend_id) or abort(404)
    return save_or_show_again(
        lambda: settle(request_session(), row),
        lambda refused: _urgent_fixes_page(who, refused),
        url_for(".show_urgent_fixes", looked=1),
    )


def _undo_fix_page(mend_id: uuid.UUID, form: FormResult) -> str:
    with database().reading() as session:
        row = session.get(UrgentFix, mend_id) or abort(404)
        return render_template("bank_editor/urgent_fix_undo.html", row=row, form=form)


def _make_fix(own: Session, one: FixTarget, value: object, reason: str, who: uuid.UUID, now: datetime) -> None:
    row = urgent_fixes_services.make_fix(own, one, value, reason, who, now)
    set_audit_subject("mend", row.id)
    email_fix_made(own, row, who, url_for("urgent_fixes.show_urgent_fixes"), settings_of(current_app), now)


def _urgent_fixes_page(who: CurrentUser, refused: NotSavedError | None = None) -> str:
    with database().reading() as session:
        waiting, settled = (
            urgent_fixes_services.unreviewed_fixes(session),
            urgent_fixes_services.reviewed_fixes(session),
        )
        now = clock.now()
        fixes = relations_allow("banks.edit", general_relations(who))
        all_there = fix_targets(files_in_force(session), clock.today()) if fixes else []
        found = sorted(all_there, key=lambda one: list(TARGET_GROUPS).index(one.group))
        return render_template(
            "bank_editor/urgent_fixes.html",
            waiting=[(row, row.overdue(now), row.by_id == who.id) for row in waiting],
            settled=settled,
            groups=[(TARGET_GROUPS[name], list(some)) for name, some in groupby(found, key=lambda one: one.group)],
            people=names_of_people(
                session, {person for row in (*waiting, *settled) for person in (row.by_id, row.looked_by)}
            ),
            refused=refused,
            done="done" in request.args,
            looked="looked" in request.args,
        )


def _urgent_fix_page(
    key: str, *, errors: dict[str, str] | None = None, refused: NotSavedError | None = None, new: str | None = None
) -> str:
    with database().reading() as session:
        return render_template(
            "bank_editor/urgent_fix_preview.html" if new is not None else "bank_editor/urgent_fix.html",
            one=find_fix_target(files_in_force(session), key, clock.today()) or abort(404),
            typed=sent_form(),
            errors=errors or {},
            refused=refused,
            new=new,
        )


_LABELS = {one.path[0]: one.label for one in CONTACTS.fields}
SEEN_ON_WEB, TOLD_BY_PERSON = "web", "person"
NO_SOURCE_URL = (
    "Enter the address of the page that shows it, beginning with https://. A page of this site does not count."
)
NO_CHANGE_REASON = "Say why. Whoever decides reads this."
NOT_CONFIRMED = "Tick that you want this."
_OWN_SOURCE = re.compile(r"questionnaires|contacts\.ya?ml|our (own )?(files|list|pages?|website|site)\b", re.IGNORECASE)


@blueprint.get("/contacts")
@requires("banks.read", load=require_person)
def show_contacts(who: CurrentUser) -> str:
    with database().reading() as session:
        waiting, settled = (
            urgent_fixes_contacts.undecided_changes(session),
            urgent_fixes_contacts.decided_changes(session),
        )
        now, may = clock.now(), general_relations(who)
        return render_template(
            "bank_editor/contacts.html",
            contacts=urgent_fixes_contacts.contacts_by_urgency(files_in_force(session)),
            needed=CONTACTS.kept,
            blanked=lambda one: is_blanked(one.data),
            waiting=[(row, row.overdue(now)) for row in waiting],
            settled=settled,
            people=names_of_people(
                session, {one for row in (*waiting, *settled) for one in (row.by_id, row.decided_by)}
            ),
            alone=not urgent_fixes_contacts.has_second_person(session, who.id),
            may_ask=relations_allow("banks.edit", may),
            may_blank=relations_allow("banks.publish", may),
            done=request.args.get("done"),
        )


@blueprint.route("/contacts/<contact>/change", methods=["GET", "POST"])
@audited("asked")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def request_contact_change(who: CurrentUser, contact: str) -> PageResponse:
    """Show old and new side by side first; once that was pressed, it waits for a second person."""
    if request.method != "POST":
        return _change_page(contact, {}, refused=_why_not_allowed(who, contact))
    with database().reading() as session:
        files = files_in_force(session)
        here = _contact_or_404(session, contact)
        said = read_form(_fields(contact), sent_form(), here.data)
        after = {name: value or None for name, value in said.values.items()}
        form = SourceOfChangeForm().read()
        errors = {**urgent_fixes_contacts.contact_change_errors(files, here, after), **said.errors, **form.errors}
        seen_at = form.values.get("page") or form.values.get("person") or ""
        conflict = EditConflictError(here.data) if sent_text("seen") != here.etag else None
        if not errors and not after and not conflict:
            errors["number"] = "This is what it says already. Change what is wrong."
    if errors or conflict:
        return _change_page(contact, errors, refused=conflict), 422 if errors else 409
    if not is_ticked("confirmed"):
        return _change_page(contact, {}, after=after, seen_at=seen_at)
    return _attempt(
        lambda own: urgent_fixes_contacts.request_change(
            own, _contact_or_404(own, contact), after, seen_at, form["reason"], who.id, clock.now()
        ),
        lambda refused: _change_page(contact, {}, refused=refused),
    )


@blueprint.route("/contacts/<contact>/blank", methods=["GET", "POST"])
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.publish", load=require_person)
def blank_contact(who: CurrentUser, contact: str) -> PageResponse:
    if request.method != "POST":
        barred = _why_not_allowed(who, contact) if urgent_fixes_contacts.is_essential_contact(contact) else None
        return _blank_page(contact, {}, barred)
    form = read_fields(
        reason=TextField(LONGEST_FIX_REASON, required=NO_CHANGE_REASON), sure=TickField(required=NOT_CONFIRMED)
    )
    if form.errors:
        return _blank_page(contact, form.errors), 422
    return _attempt(
        lambda own: urgent_fixes_contacts.blank_now(
            own, _contact_or_404(own, contact), form["reason"], who.id, clock.now()
        ),
        lambda refused: _blank_page(contact, {}, refused),
    )


@blueprint.get("/contacts/requests/<uuid:change_id>")
@requires("banks.read", load=require_person)
def show_contact_request(who: CurrentUser, change_id: uuid.UUID) -> PageResponse:
    return _contact_request_page(who, change_id, {})


@blueprint.post("/contacts/requests/<uuid:change_id>/confirm")
@audited("confirmed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.publish", load=require_person)
def confirm_contact_change(who: CurrentUser, change_id: uuid.UUID) -> PageResponse:
    form = read_fields(looked=TickField(required="Tick that you looked at it where it comes from."))
    if form.errors:
        return _contact_request_page(who, change_id, form.errors), 422
    with database().reading() as session, suppress(NotSavedError):  # told below; worked out before anything is written
        row = _request_or_404(session, change_id)
        if row.kind is ContactChangeKind.CHANGE and row.outcome is None:
            urgent_fixes_contacts.preview_change(files_in_force(session), row, clock.now())
    return _decide_request(
        who, change_id, lambda own, row, now: urgent_fixes_contacts.accept_change(own, row, who.id, now)
    )


@blueprint.post("/contacts/requests/<uuid:change_id>/refuse")
@audited("refused")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.publish", load=require_person)
def refuse_contact_change(who: CurrentUser, change_id: uuid.UUID) -> PageResponse:
    """Refuse it as the second person; of a blanked contact: put it back."""
    with database().reading() as session:
        blanked = _request_or_404(session, change_id).kind is ContactChangeKind.BLANK
    missing = "Say why it is right to show it again." if blanked else "Say why you refuse it. Whoever asked reads this."
    form = read_fields(answer=TextField(LONGEST_FIX_REASON, required=missing))
    if form.errors:
        return _contact_request_page(who, change_id, form.errors), 422
    return _decide_request(
        who, change_id, lambda own, row, now: urgent_fixes_contacts.reject_change(own, row, form["answer"], who.id, now)
    )


def _why_not_allowed(who: CurrentUser, contact: str) -> UrgentFixError | None:
    with database().reading() as session:
        why = urgent_fixes_contacts.why_not_of_two(session, contact, None, who.id, clock.now())
    return UrgentFixError(why) if why else None


def _decide_request(
    who: CurrentUser, change_id: uuid.UUID, settle: Callable[[Session, ContactChange, datetime], None]
) -> PageResponse:
    def settled(own: Session) -> ContactChange:
        row = _request_or_404(own, change_id)
        settle(own, row, clock.now())
        own.refresh(row)
        return row

    return _attempt(settled, lambda refused: _contact_request_page(who, change_id, {}, refused))


def _attempt(act: Callable[[Session], ContactChange], again: Callable[[NotSavedError], str]) -> PageResponse:
    def save() -> ContactChange:
        row = act(request_session())
        set_audit_subject("contact_change", row.id)
        page = url_for("urgent_fixes.show_contact_request", change_id=row.id)
        email_contact_change(request_session(), row, page, settings_of(current_app), clock.now())
        return row

    return save_or_show_again(save, again, lambda row: url_for(".show_contacts", done=row.outcome or row.kind))


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


def _fields(contact: str) -> tuple[EntryField, ...]:
    essential = urgent_fixes_contacts.is_essential_contact(contact)
    changeable = urgent_fixes_contacts.CONTACT_FIELDS if essential else urgent_fixes_contacts.DIALLED
    return tuple(one for one in CONTACTS.fields if one.path[0] in changeable)


def _sides(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    names = sorted(
        after, key=lambda one: (one != "number", list(_LABELS).index(one) if one in _LABELS else len(_LABELS))
    )
    shown = [one for one in names if one in _LABELS and before.get(one) != after[one]]
    return [(_LABELS[one], str(before.get(one) or "nothing"), str(after[one] or "nothing")) for one in shown]


def _change_page(
    contact: str,
    errors: Mapping[str, str],
    *,
    refused: NotSavedError | None = None,
    after: Mapping[str, Any] | None = None,
    seen_at: str = "",
) -> str:
    with database().reading() as session:
        here = _contact_or_404(session, contact)
        if is_blanked(here.data):
            refused = refused or UrgentFixError(urgent_fixes_contacts.BLANKED)
        form_data = sent_form() if request.method == "POST" else None
        return render_template(
            "bank_editor/contact_preview.html" if after is not None else "bank_editor/contact_change.html",
            contact=here,
            rows=field_views(_fields(contact), here.data, form_data=form_data, errors=errors),
            typed=sent_form(),
            errors=dict(errors),
            refused=refused,
            sides=_sides(here.data, after or {}),
            seen_at=seen_at,
            waits=[
                row
                for row in urgent_fixes_contacts.undecided_changes(session)
                if row.contact == contact and row.kind is ContactChangeKind.CHANGE
            ],
        )


def _blank_page(contact: str, errors: Mapping[str, str], refused: NotSavedError | None = None) -> str:
    with database().reading() as session:
        here = _contact_or_404(session, contact)
        instead: Mapping[str, Any] = {}
        try:
            instead = urgent_fixes_contacts.preview_blank(session, here, clock.now())
        except NotSavedError as cannot:
            refused = refused or cannot
        return render_template(
            "bank_editor/contact_blank.html",
            contact=here,
            needed=urgent_fixes_contacts.is_essential_contact(contact),
            sides=_sides(here.data, instead),
            possible=bool(instead),
            errors=dict(errors),
            refused=refused,
            typed=sent_form(),
        )


def _contact_request_page(
    who: CurrentUser, change_id: uuid.UUID, errors: Mapping[str, str], refused: NotSavedError | None = None
) -> str:
    with database().reading() as session:
        row = _request_or_404(session, change_id)
        return render_template(
            "bank_editor/contact_request.html",
            row=row,
            sides=_sides(row.before, row.after),
            blank=row.kind is ContactChangeKind.BLANK,
            needed=urgent_fixes_contacts.is_essential_contact(row.contact),
            own=row.by_id == who.id,
            alone=not urgent_fixes_contacts.has_second_person(session, who.id),
            barred=urgent_fixes_contacts.why_not_of_two(session, row.contact, row, who.id, clock.now()),
            may_decide=relations_allow("banks.publish", general_relations(who)),
            overdue=row.overdue(clock.now()),
            people=names_of_people(session, {row.by_id, row.decided_by}),
            errors=dict(errors),
            refused=refused,
            typed=sent_form(),
        )
