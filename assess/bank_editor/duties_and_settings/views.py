"""Pages: duties and their review, dated settings with their values, and the other lists entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, abort, current_app, request, url_for

from assess.bank_editor.draft_context import FileData
from assess.bank_editor.duties_and_settings import forms, services
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.labels import IdField, grouped
from assess.core import clock
from assess.core.application import settings_of
from assess.core.edit_conflicts import NotSavedError, still_there
from assess.core.forms.fields import ChoiceField, IsoDateField
from assess.core.forms.form import FormResult, is_ticked, sent_form, sent_text

blueprint = Blueprint("duties_and_settings", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>")


def review_fields() -> tuple[forms.EntryField, ...]:
    day = IsoDateField(latest=clock.today(), too_late="Enter a day that is not in the future.")
    return (
        forms.EntryField("Who reviewed it", forms.LINE(), ("reviewed_by",), "Their name and what they are, for example: A. Example, solicitor. It is printed.", required=True),
        forms.EntryField("On which day", day, ("reviewed_on",), "For example 24/11/2026.", required=True),
    )  # fmt: skip


@form_page(blueprint, "/duties", get="banks.read")
def show_duties(page: PageRequest) -> FormPage:
    return FormPage(
        template="bank_editor/duties.html",
        shows={
            "groups": duties_by_jurisdiction(forms.entries_of_kind(page.draft_context.files, forms.DUTIES)),
            "force": forms.FORCE_WORDS,
            "status": forms.STATUS_WORDS,
            "evidence": forms.EVIDENCE_WORDS,
        },
    )


def duties_by_jurisdiction(duties: Iterable[forms.Entry]) -> dict[str, list[forms.Entry]]:
    return grouped((_places_in_words(one.data.get("jurisdiction")), one) for one in duties)


def _places_in_words(places: object) -> str:
    codes = map(str, places) if isinstance(places, list) else ()
    return ", ".join(forms.PLACE_WORDS.get(code, code) for code in codes) or "Nowhere"


@form_page(blueprint, "/duties/<duty_name>/review", "changed")
def edit_duty_review(page: PageRequest, duty_name: str) -> FormPage:
    here = still_there(forms.find_entry(page.draft_context.files, forms.DUTIES, duty_name))
    nobody = is_ticked("none")
    said = FormResult({}) if nobody else forms.read_form(review_fields(), page.form_data)

    def save() -> None:
        by, on = (said.values.get(key) for key in services.REVIEW_KEYS)
        page.edit_file(
            here.content_file.name,
            lambda data: services.set_review(data, forms.DUTIES, duty_name, sent_text("seen"), by, on),
            f"the duty “{here.title}”: {f'reviewed by {by}' if by else 'nobody has reviewed it'}",
        )

    return FormPage(
        template="bank_editor/duty_review.html",
        shows=lambda errors: {
            "thing": here,
            "rows": forms.field_views(
                review_fields(), here.data, form_data=page.form_data, errors=errors, theirs=page.theirs
            ),
            "for_whom": forms.duty_condition_in_words(forms.names_in_draft(page.draft_context), duty_name),
        },
        errors=said.errors,
        save=save,
        then=url_for(".edit_entry", draft_id=page.draft_id, kind=forms.DUTIES.name, thing_name=duty_name, saved=1),
    )


@form_page(blueprint, "/settings", get="banks.read")
def show_settings(page: PageRequest) -> FormPage:
    day = clock.today()
    # rates and dates of law change most often; numbers of our own judgement come after them
    listed = sorted(
        services.all_dated_settings(page.draft_context.files),
        key=lambda one: (services.is_own_judgement(one.id), one.unit is None),
    )
    rows = [(one, one.now(day), services.is_recheck_overdue(one.now(day), day)) for one in listed]
    return FormPage(template="bank_editor/settings.html", shows={"rows": rows})


@form_page(blueprint, "/settings/<setting_name>", "added", get="banks.read")
def edit_setting(page: PageRequest, setting_name: str) -> FormPage:
    day = clock.today()
    here = still_there(services.find_dated_setting(page.draft_context.files, setting_name))
    fields = forms.new_value_fields(here.rows[-1] if here.rows else {}, here.unit)
    row, errors = forms.read_value(fields, page.form_data, dict(here.data))
    now = here.now(day)
    return FormPage(
        template="bank_editor/setting.html",
        shows=lambda errors: {
            "setting": here,
            "now": now,
            "late": services.is_recheck_overdue(now, day),
            "issues": [issue.found.message for issue in page.draft_context.issues_of(here)],
            "rows": forms.field_views(
                fields, {"checked": day.strftime("%d/%m/%Y")}, form_data=page.form_data, errors=errors
            ),
            "saved": "saved" in request.args,
        },
        errors=errors,
        save=lambda: page.edit_file(
            here.content_file.name,
            lambda data: forms.add_value(data, setting_name, sent_text("seen"), row),
            f"“{here.label}”: a value from {row['from']}",
        ),
        then=url_for(".edit_setting", draft_id=page.draft_id, setting_name=setting_name, saved=1),
    )


@form_page(blueprint, "/settings/<setting_name>/<begins>", "changed")
def edit_source_check(page: PageRequest, setting_name: str, begins: str) -> FormPage:
    here = still_there(services.find_dated_setting(page.draft_context.files, setting_name))
    row = still_there(next((one for one in here.rows if one.get("from") == begins), None))
    said, errors = forms.read_source(page.form_data)
    return FormPage(
        template="bank_editor/setting_source_check.html",
        shows=lambda errors: {
            "setting": here,
            "row": row,
            "rows": forms.field_views(forms.SOURCE_FIELDS, row, form_data=page.form_data, errors=errors),
        },
        errors=errors,
        save=lambda: page.edit_file(
            here.content_file.name,
            lambda data: forms.set_source_check(data, setting_name, sent_text("seen"), begins, said),
            f"“{here.label}”: the source of the value from {begins}",
        ),
        then=url_for(".edit_setting", draft_id=page.draft_id, setting_name=setting_name, saved=1),
    )


CONDITION_EVERYBODY = "-everybody"
AREA_NOT_SERVED = "No business can choose this area yet; your administrator has to add it"


@form_page(blueprint, "/contacts-and-sources", get="banks.read")
def show_entry_kinds(page: PageRequest) -> FormPage:
    kinds = [
        (kind, sum(1 for _ in forms.entries_of_kind(page.draft_context.files, kind)))
        for kind in forms.ENTRY_KINDS.values()
        if kind is not forms.DUTIES
    ]
    return FormPage(template="bank_editor/entry_kinds.html", shows={"kinds": kinds})


@form_page(blueprint, "/contacts-and-sources/<kind>", get="banks.read")
def show_entries(page: PageRequest, kind: str) -> FormPage:
    wanted = _kind_or_404(kind)
    rows = list(forms.entries_of_kind(page.draft_context.files, wanted))
    if wanted is forms.CONTACTS:
        rows.sort(key=_sort_key)
    return FormPage(
        template="bank_editor/entries.html",
        shows={
            "kind": wanted,
            "things": rows,
            "unserved": unserved_areas(str(one.data["area"]) for one in rows if one.data.get("area")),
            "not_served": AREA_NOT_SERVED,
        },
    )


@form_page(blueprint, "/contacts-and-sources/<kind>/-/new", "added")
def add_entry(page: PageRequest, kind: str) -> FormPage:
    wanted, files = _kind_or_404(kind), page.draft_context.files
    others = list(forms.entries_of_kind(files, wanted))
    file_names = [content_file.name for content_file in forms.files_of_kind(files, wanted)]
    file_name = sent_text("sheet") if len(file_names) > 1 else next(iter(file_names), "")
    fields = (_id_field(wanted), *_entry_fields(wanted))
    said = forms.read_form(fields, page.form_data)
    name = said.values.get("id", "")
    more, error = _condition_like(others, sent_text("like")) if wanted is forms.DUTIES else ({}, "")
    errors = dict(said.errors)
    if file_name not in file_names:
        errors["sheet"] = "Choose where it belongs."
    if error:
        errors["like"] = error
    if name and (
        any(one.id == name for one in others)
        or services.is_id_used_before(page.session, wanted, frozenset(file_names), name)
    ):
        errors["id"] = "This id was used before, so it cannot be used again. Choose another one."
    if wanted is forms.CONTACTS:
        given = {name: value for name, value in said.values.items() if value not in (None, "")}
        errors = services.contact_errors(given, [one.data for one in others]) | errors
    return FormPage(
        template="bank_editor/entry_new.html",
        shows=lambda errors: {
            "kind": wanted,
            "rows": forms.field_views(fields, {}, form_data=page.form_data, errors=errors),
            "file_names": file_names,
            "like": [(one.id, one.title) for one in others] if wanted is forms.DUTIES else [],
            "chosen_form": sent_form(),
            "back": _entries(page, wanted),
            "everybody": CONDITION_EVERYBODY,
        },
        errors=errors,
        save=lambda: page.edit_file(
            file_name,
            lambda data: services.insert_entry(data, wanted, name, said.values, more),
            f"a new {wanted.one}: “{said.values.get(wanted.title) or ''}”",
        ),
        then=lambda _: url_for(".edit_entry", draft_id=page.draft_id, kind=kind, thing_name=name),
    )


@form_page(blueprint, "/contacts-and-sources/<kind>/<thing_name>", "changed", get="banks.read")
def edit_entry(page: PageRequest, kind: str, thing_name: str) -> FormPage:
    wanted, files = _kind_or_404(kind), page.draft_context.files
    here = still_there(forms.find_entry(files, wanted, thing_name))
    others = [one for one in forms.entries_of_kind(files, wanted) if one.id != thing_name]
    fields = _entry_fields(wanted, here.data)
    said = forms.read_form(fields, page.form_data, here.data)
    errors = dict(said.errors)
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

    def shows(errors: Mapping[str, str]) -> Mapping[str, object]:
        beside, whole = forms.issues_of_entry(page.draft_context, here) if page.form_data is None else ({}, [])
        names = forms.names_in_draft(page.draft_context) if wanted is forms.DUTIES else None
        return {
            "kind": wanted,
            "thing": here,
            "rows": forms.field_views(
                fields,
                here.data,
                form_data=page.form_data,
                errors=errors or beside,
                theirs=page.theirs,
                under=forms.step_conditions(names, thing_name),
            ),
            "whole": whole,
            "for_whom": forms.duty_condition_in_words(names, thing_name),
            "like": [(one.id, one.title) for one in others] if wanted is forms.DUTIES else [],
            "liked": sent_text("like"),
            "errors": errors or beside,
            "back": _entries(page, wanted),
            "saved": "saved" in request.args,
            "everybody": CONDITION_EVERYBODY,
        }

    return FormPage(
        template="bank_editor/entry.html",
        shows=shows,
        errors=errors,
        save=lambda: page.edit_file(
            here.content_file.name,
            lambda data: services.update_entry(data, wanted, thing_name, sent_text("seen"), said.values, more),
            f"the {wanted.one} “{here.title}”",
        ),
        then=url_for(".edit_entry", draft_id=page.draft_id, kind=kind, thing_name=thing_name, saved=1),
    )


@form_page(blueprint, "/contacts-and-sources/<kind>/<thing_name>/remove", "removed")
def remove_entry(page: PageRequest, kind: str, thing_name: str) -> FormPage:
    wanted = _kind_or_404(kind)
    here = still_there(forms.find_entry(page.draft_context.files, wanted, thing_name))
    kept = thing_name in wanted.kept
    return FormPage(
        template="bank_editor/entry_remove.html",
        shows={
            "kind": wanted,
            "thing": here,
            "kept": kept,
            "back": url_for(".edit_entry", draft_id=page.draft_id, kind=kind, thing_name=thing_name),
        },
        refused=NotSavedError("Pages cannot do without this line. Change it instead.") if kept else None,
        save=lambda: page.edit_file(
            here.content_file.name,
            lambda data: services.delete_entry(data, wanted, thing_name, sent_text("seen")),
            f"the {wanted.one} “{here.title}”: taken away",
        ),
        then=_entries(page, wanted),
    )


def _kind_or_404(kind: str) -> forms.EntryKind:
    return forms.ENTRY_KINDS.get(kind) or abort(404)


def _entries(page: PageRequest, kind: forms.EntryKind) -> str:
    if kind is forms.DUTIES:
        return url_for(".show_duties", draft_id=page.draft_id)
    return url_for(".show_entries", draft_id=page.draft_id, kind=kind.name)


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
