"""Pages: duties and their review, dated settings with their values, and the other lists entry by entry."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, abort, current_app, render_template, request, url_for

from assess.bank_editor.draft_context import (
    FileData,
    edit_draft_file_in_request,
    open_draft_or_404,
    reading_draft,
)
from assess.bank_editor.duties_and_settings import forms, services
from assess.bank_editor.labels import IdField
from assess.core import clock
from assess.core.application import settings_of
from assess.core.db import request_session
from assess.core.edit_conflicts import NotSavedError, save_or_show_again, still_there
from assess.core.forms.fields import ChoiceField, IsoDateField
from assess.core.forms.form import is_ticked, sent_form, sent_text
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser
from assess.question_banks.drafts import files_with_draft

blueprint = Blueprint("duties_and_settings", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>")


def review_fields() -> tuple[forms.EntryField, ...]:
    day = IsoDateField(latest=clock.today(), too_late="Enter a day that is not in the future.")
    return (
        forms.EntryField("Who reviewed it", forms.LINE(), ("reviewed_by",), "Their name and what they are, for example: A. Example, solicitor. It is printed.", required=True),
        forms.EntryField("On which day", day, ("reviewed_on",), "For example 24/11/2026.", required=True),
    )  # fmt: skip


@blueprint.get("/duties")
@requires("banks.read", check=require_person)
def show_duties(draft_id: uuid.UUID) -> str:
    with reading_draft(draft_id) as (_, draft_context):
        return render_template(
            "bank_editor/duties.html",
            day_in_words=forms.date_in_words,
            draft=draft_context.draft,
            groups=duties_by_jurisdiction(forms.entries_of_kind(draft_context.files, forms.DUTIES)),
            force=forms.FORCE_WORDS,
            status=forms.STATUS_WORDS,
            evidence=forms.EVIDENCE_WORDS,
        )


@blueprint.route("/duties/<duty_name>/review", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def edit_duty_review(who: CurrentUser, draft_id: uuid.UUID, duty_name: str) -> PageResponse:
    if request.method != "POST":
        return _duty_review_page(draft_id, duty_name)
    draft = open_draft_or_404(draft_id)
    here = still_there(forms.find_entry(files_with_draft(request_session(), draft), forms.DUTIES, duty_name))
    by = on = None
    what = f"the duty “{here.title}”: nobody has reviewed it"
    if not is_ticked("none"):
        said = forms.read_form(review_fields(), sent_form())
        if said.errors:
            return _duty_review_page(draft_id, duty_name, errors=said.errors), 422
        by, on = (said[key] for key in services.REVIEW_KEYS)
        what = f"the duty “{here.title}”: reviewed by {by}"
    seen = sent_text("seen")
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft,
            here.content_file.name,
            lambda data: services.set_review(data, forms.DUTIES, duty_name, seen, by, on),
            who.id,
            what,
        ),
        lambda refused: _duty_review_page(draft_id, duty_name, refused=refused),
        url_for(".edit_entry", draft_id=draft_id, kind=forms.DUTIES.name, thing_name=duty_name, saved=1),
    )


def duties_by_jurisdiction(duties: Iterable[forms.Entry]) -> list[tuple[str, list[forms.Entry]]]:
    groups: dict[str, list[forms.Entry]] = {}
    for one in duties:
        places = one.data.get("jurisdiction")
        said = (
            ", ".join(forms.PLACE_WORDS.get(str(place), str(place)) for place in places)
            if isinstance(places, list)
            else ""
        )
        groups.setdefault(said or "Nowhere", []).append(one)
    return list(groups.items())


def _duty_review_page(
    draft_id: uuid.UUID,
    duty_name: str,
    *,
    errors: Mapping[str, str] | None = None,
    refused: NotSavedError | None = None,
) -> str:
    with reading_draft(draft_id) as (_, draft_context):
        here = still_there(forms.find_entry(draft_context.files, forms.DUTIES, duty_name))
        return render_template(
            "bank_editor/duty_review.html",
            draft=draft_context.draft,
            thing=here,
            rows=forms.field_views(
                review_fields(),
                here.data,
                form_data=sent_form() if request.method == "POST" else None,
                errors=errors,
                theirs=refused.theirs if refused else None,
            ),
            for_whom=forms.duty_condition_in_words(forms.names_in_draft(draft_context), duty_name),
            errors=errors or {},
            refused=refused,
        )


@blueprint.get("/settings")
@requires("banks.read", check=require_person)
def show_settings(draft_id: uuid.UUID) -> str:
    day = clock.today()
    with reading_draft(draft_id) as (_, draft_context):
        # rates and dates of law change most often; numbers of our own judgement come after them
        listed = sorted(
            services.all_dated_settings(draft_context.files),
            key=lambda one: (services.is_own_judgement(one.id), one.unit is None),
        )
        rows = [(one, one.now(day), services.is_recheck_overdue(one.now(day), day)) for one in listed]
        return render_template(
            "bank_editor/settings.html", day_in_words=forms.date_in_words, draft=draft_context.draft, rows=rows
        )


@blueprint.route("/settings/<setting_name>", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="banks.read", post="banks.edit", load=require_person)
def edit_setting(who: CurrentUser, draft_id: uuid.UUID, setting_name: str) -> PageResponse:
    if request.method != "POST":
        return _setting_page(draft_id, setting_name)
    draft = open_draft_or_404(draft_id)
    here = still_there(services.find_dated_setting(files_with_draft(request_session(), draft), setting_name))
    fields = forms.new_value_fields(here.rows[-1] if here.rows else {}, here.unit)
    row, errors = forms.read_value(fields, sent_form(), dict(here.data))
    if errors:
        return _setting_page(draft_id, setting_name, errors=errors), 422
    seen = sent_text("seen")
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft,
            here.content_file.name,
            lambda data: forms.add_value(data, setting_name, seen, row),
            who.id,
            f"“{here.label}”: a value from {row['from']}",
        ),
        lambda refused: _setting_page(draft_id, setting_name, refused=refused),
        url_for(".edit_setting", draft_id=draft_id, setting_name=setting_name, saved=1),
    )


@blueprint.route("/settings/<setting_name>/<begins>", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def edit_source_check(who: CurrentUser, draft_id: uuid.UUID, setting_name: str, begins: str) -> PageResponse:
    if request.method != "POST":
        return _source_check_page(draft_id, setting_name, begins)
    draft = open_draft_or_404(draft_id)
    here = still_there(services.find_dated_setting(files_with_draft(request_session(), draft), setting_name))
    said, errors = forms.read_source(sent_form())
    if errors:
        return _source_check_page(draft_id, setting_name, begins, errors=errors), 422
    seen = sent_text("seen")
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft,
            here.content_file.name,
            lambda data: forms.set_source_check(data, setting_name, seen, begins, said),
            who.id,
            f"“{here.label}”: the source of the value from {begins}",
        ),
        lambda refused: _source_check_page(draft_id, setting_name, begins, refused=refused),
        url_for(".edit_setting", draft_id=draft_id, setting_name=setting_name, saved=1),
    )


def _setting_page(
    draft_id: uuid.UUID,
    setting_name: str,
    *,
    errors: dict[str, str] | None = None,
    refused: NotSavedError | None = None,
) -> str:
    day = clock.today()
    with reading_draft(draft_id) as (_, draft_context):
        here = still_there(services.find_dated_setting(draft_context.files, setting_name))
        last = here.rows[-1] if here.rows else {}
        form_data = sent_form() if request.method == "POST" else None
        begun = {"checked": day.strftime("%d/%m/%Y")}
        now = here.now(day)
        return render_template(
            "bank_editor/setting.html",
            day_in_words=forms.date_in_words,
            draft=draft_context.draft,
            setting=here,
            now=now,
            late=services.is_recheck_overdue(now, day),
            issues=[issue.found.message for issue in draft_context.issues_of(here)],
            rows=forms.field_views(forms.new_value_fields(last, here.unit), begun, form_data=form_data, errors=errors),
            errors=errors or {},
            refused=refused,
            saved="saved" in request.args,
        )


def _source_check_page(
    draft_id: uuid.UUID,
    setting_name: str,
    begins: str,
    *,
    errors: dict[str, str] | None = None,
    refused: NotSavedError | None = None,
) -> str:
    with reading_draft(draft_id) as (_, draft_context):
        here = still_there(services.find_dated_setting(draft_context.files, setting_name))
        row = still_there(next((one for one in here.rows if one.get("from") == begins), None))
        return render_template(
            "bank_editor/setting_source_check.html",
            day_in_words=forms.date_in_words,
            draft=draft_context.draft,
            setting=here,
            row=row,
            rows=forms.field_views(
                forms.SOURCE_FIELDS, row, form_data=sent_form() if request.method == "POST" else None, errors=errors
            ),
            errors=errors or {},
            refused=refused,
        )


CONDITION_EVERYBODY = "-everybody"
AREA_NOT_SERVED = "No business can choose this area yet; your administrator has to add it"


@blueprint.get("/contacts-and-sources")
@requires("banks.read", check=require_person)
def show_entry_kinds(draft_id: uuid.UUID) -> str:
    with reading_draft(draft_id) as (_, draft_context):
        kinds = [
            (kind, sum(1 for _ in forms.entries_of_kind(draft_context.files, kind)))
            for kind in forms.ENTRY_KINDS.values()
            if kind is not forms.DUTIES
        ]
        return render_template("bank_editor/entry_kinds.html", draft=draft_context.draft, kinds=kinds)


@blueprint.get("/contacts-and-sources/<kind>")
@requires("banks.read", check=require_person)
def show_entries(draft_id: uuid.UUID, kind: str) -> str:
    wanted = _kind_or_404(kind)
    with reading_draft(draft_id) as (_, draft_context):
        rows = (
            sorted(forms.entries_of_kind(draft_context.files, wanted), key=_sort_key)
            if wanted is forms.CONTACTS
            else list(forms.entries_of_kind(draft_context.files, wanted))
        )
        return render_template(
            "bank_editor/entries.html",
            day_in_words=forms.date_in_words,
            draft=draft_context.draft,
            kind=wanted,
            things=rows,
            unserved=unserved_areas(str(one.data["area"]) for one in rows if one.data.get("area")),
            not_served=AREA_NOT_SERVED,
        )


@blueprint.route("/contacts-and-sources/<kind>/-/new", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def add_entry(who: CurrentUser, draft_id: uuid.UUID, kind: str) -> PageResponse:
    if request.method != "POST":
        return _new_entry_page(draft_id, _kind_or_404(kind))
    wanted = _kind_or_404(kind)
    draft = open_draft_or_404(draft_id)
    files = files_with_draft(request_session(), draft)
    file_names = {content_file.name for content_file in forms.files_of_kind(files, wanted)}
    said = forms.read_form((_id_field(wanted), *_entry_fields(wanted)), sent_form())
    errors = dict(said.errors)
    name = said.values.get("id", "")
    file_name = sent_text("sheet") if len(file_names) > 1 else next(iter(file_names), "")
    if file_name not in file_names:
        errors["sheet"] = "Choose where it belongs."
    more, error = (
        _condition_like(list(forms.entries_of_kind(files, wanted)), sent_text("like"))
        if wanted is forms.DUTIES
        else ({}, "")
    )
    if error:
        errors["like"] = error
    if name and (
        forms.find_entry(files, wanted, name)
        or services.is_id_used_before(request_session(), wanted, frozenset(file_names), name)
    ):
        errors["id"] = "This id was used before, so it cannot be used again. Choose another one."
    if wanted is forms.CONTACTS:
        given = {name: value for name, value in said.values.items() if value not in (None, "")}
        errors = services.contact_errors(given, [one.data for one in forms.entries_of_kind(files, wanted)]) | errors
    if errors:
        return _new_entry_page(draft_id, wanted, errors=errors), 422
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft,
            file_name,
            lambda data: services.insert_entry(data, wanted, name, said.values, more),
            who.id,
            f"a new {wanted.one}: “{said.values.get(wanted.title) or ''}”",
        ),
        lambda refused: _new_entry_page(draft_id, wanted, refused=refused),
        url_for(".edit_entry", draft_id=draft_id, kind=kind, thing_name=name),
    )


@blueprint.route("/contacts-and-sources/<kind>/<thing_name>", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="banks.read", post="banks.edit", load=require_person)
def edit_entry(who: CurrentUser, draft_id: uuid.UUID, kind: str, thing_name: str) -> PageResponse:
    if request.method != "POST":
        return _entry_page(draft_id, _kind_or_404(kind), thing_name)
    wanted = _kind_or_404(kind)
    draft = open_draft_or_404(draft_id)
    files = files_with_draft(request_session(), draft)
    here = still_there(forms.find_entry(files, wanted, thing_name))
    said = forms.read_form(_entry_fields(wanted, here.data), sent_form(), here.data)
    errors = dict(said.errors)
    others = [one for one in forms.entries_of_kind(files, wanted) if one.id != thing_name]
    if wanted is forms.CONTACTS:
        after = dict(here.data)
        forms.apply_values(after, wanted.fields, said.values)
        judged = services.contact_errors(after, [one.data for one in others])
        if thing_name in wanted.kept:
            judged |= services.essential_contact_errors(after, here.data)
        errors = judged | errors
    more, error = _condition_like(others, sent_text("like")) if sent_text("like") else ({}, "")
    if error:
        errors["like"] = error
    if errors:
        return _entry_page(draft_id, wanted, thing_name, errors=errors), 422
    seen = sent_text("seen")
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft,
            here.content_file.name,
            lambda data: services.update_entry(data, wanted, thing_name, seen, said.values, more),
            who.id,
            f"the {wanted.one} “{here.title}”",
        ),
        lambda refused: _entry_page(draft_id, wanted, thing_name, refused=refused),
        url_for(".edit_entry", draft_id=draft_id, kind=kind, thing_name=thing_name, saved=1),
    )


@blueprint.route("/contacts-and-sources/<kind>/<thing_name>/remove", methods=["GET", "POST"])
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def remove_entry(who: CurrentUser, draft_id: uuid.UUID, kind: str, thing_name: str) -> PageResponse:
    if request.method != "POST":
        return _remove_entry_page(draft_id, _kind_or_404(kind), thing_name)
    wanted = _kind_or_404(kind)
    draft = open_draft_or_404(draft_id)
    here = forms.find_entry(files_with_draft(request_session(), draft), wanted, thing_name) or abort(404)
    if thing_name in wanted.kept:
        return _remove_entry_page(
            draft_id, wanted, thing_name, NotSavedError("Pages cannot do without this line. Change it instead.")
        ), 409
    seen = sent_text("seen")
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft,
            here.content_file.name,
            lambda data: services.delete_entry(data, wanted, thing_name, seen),
            who.id,
            f"the {wanted.one} “{here.title}”: taken away",
        ),
        lambda refused: _remove_entry_page(draft_id, wanted, thing_name, refused),
        _entries(draft_id, wanted),
    )


def _kind_or_404(kind: str) -> forms.EntryKind:
    return forms.ENTRY_KINDS.get(kind) or abort(404)


def _entries(draft_id: uuid.UUID, kind: forms.EntryKind) -> str:
    if kind is forms.DUTIES:
        return url_for("duties_and_settings.show_duties", draft_id=draft_id)
    return url_for("duties_and_settings.show_entries", draft_id=draft_id, kind=kind.name)


def _sort_key(one: forms.Entry) -> tuple[float, str]:
    order = one.data.get("order")
    return (float(order) if isinstance(order, (int, float)) else 0.0, one.id)


def _entry_fields(kind: forms.EntryKind, data: Mapping[str, object] | None = None) -> tuple[forms.EntryField, ...]:
    """The fields of a kind. The area of a contact is one of those served here, or the one it has."""
    if kind is not forms.CONTACTS:
        return kind.fields
    has = (data or {}).get("area")
    areas = list(dict.fromkeys([*settings_of(current_app).areas, *([str(has)] if has else [])]))
    choices = [
        (one, one.replace("_", " ").title() + (f". {AREA_NOT_SERVED}" if one in unserved_areas(areas) else ""))
        for one in areas
    ]
    return tuple(
        replace(one, form_field=ChoiceField(areas), choices=choices) if one.path == ("area",) else one
        for one in kind.fields
    )


def unserved_areas(areas: Iterable[str]) -> frozenset[str]:
    """Those of these areas that no business can choose."""
    return frozenset(areas) - frozenset(settings_of(current_app).areas)


def _id_field(kind: forms.EntryKind) -> forms.EntryField:
    hint = "For example S140." if kind.capital_ids else "Small letters, digits and _. For example advice_line."
    return forms.EntryField(
        "Short name", IdField(capitals=kind.capital_ids), ("id",), f"{hint} It never changes.", required=True
    )


def _condition_like(others: list[forms.Entry], like: str) -> tuple[FileData, str]:
    if like == CONDITION_EVERYBODY:
        return {"when": "always"}, ""
    for one in others:
        if one.id == like and "when" in one.data:
            return {"when": one.data["when"]}, ""
    return {}, "Choose whom it is for. You can change the condition later."


def _entry_page(
    draft_id: uuid.UUID,
    kind: forms.EntryKind,
    thing_name: str,
    *,
    errors: dict[str, str] | None = None,
    refused: NotSavedError | None = None,
) -> str:
    with reading_draft(draft_id) as (_, draft_context):
        here = still_there(forms.find_entry(draft_context.files, kind, thing_name))
        form_data = sent_form() if request.method == "POST" else None
        beside, whole = forms.issues_of_entry(draft_context, here) if form_data is None else ({}, [])
        names = forms.names_in_draft(draft_context) if kind is forms.DUTIES else None
        return render_template(
            "bank_editor/entry.html",
            day_in_words=forms.date_in_words,
            draft=draft_context.draft,
            kind=kind,
            thing=here,
            rows=forms.field_views(
                _entry_fields(kind, here.data),
                here.data,
                form_data=form_data,
                errors=errors or beside,
                theirs=refused.theirs if refused else None,
                under=forms.step_conditions(names, thing_name),
            ),
            whole=whole,
            for_whom=forms.duty_condition_in_words(names, thing_name),
            like=forms.same_condition_choices(draft_context, kind, thing_name) if kind is forms.DUTIES else [],
            liked=sent_text("like"),
            errors=errors or beside,
            refused=refused,
            back=_entries(draft_id, kind),
            saved="saved" in request.args,
            everybody=CONDITION_EVERYBODY,
        )


def _new_entry_page(
    draft_id: uuid.UUID,
    kind: forms.EntryKind,
    *,
    errors: dict[str, str] | None = None,
    refused: NotSavedError | None = None,
) -> str:
    with reading_draft(draft_id) as (_, draft_context):
        form_data = sent_form() if request.method == "POST" else None
        return render_template(
            "bank_editor/entry_new.html",
            draft=draft_context.draft,
            kind=kind,
            rows=forms.field_views((_id_field(kind), *_entry_fields(kind)), {}, form_data=form_data, errors=errors),
            file_names=[content_file.name for content_file in forms.files_of_kind(draft_context.files, kind)],
            like=forms.same_condition_choices(draft_context, kind) if kind is forms.DUTIES else [],
            chosen_form=sent_form(),
            errors=errors or {},
            refused=refused,
            back=_entries(draft_id, kind),
            everybody=CONDITION_EVERYBODY,
        )


def _remove_entry_page(
    draft_id: uuid.UUID, kind: forms.EntryKind, thing_name: str, refused: NotSavedError | None = None
) -> str:
    with reading_draft(draft_id) as (_, draft_context):
        return render_template(
            "bank_editor/entry_remove.html",
            draft=draft_context.draft,
            kind=kind,
            thing=still_there(forms.find_entry(draft_context.files, kind, thing_name)),
            refused=refused,
            kept=thing_name in kind.kept,
            back=url_for("duties_and_settings.edit_entry", draft_id=draft_id, kind=kind.name, thing_name=thing_name),
        )
