"""Pages: duties and their review, dated settings with their values, and the other lists entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, abort, current_app, request, url_for

from assess.bank_editor.duties_and_settings import forms, services
from assess.bank_editor.fields import Control, Field, FileData, FormGroup, form_values, read_group
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.labels import IdField, grouped
from assess.core import clock
from assess.core.application import settings_of
from assess.core.edit_conflicts import NotSavedError, still_there
from assess.core.forms.fields import IsoDateField
from assess.core.forms.form import is_ticked, sent_text

blueprint = Blueprint("duties_and_settings", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>")


def review_fields() -> tuple[Field, ...]:
    day = IsoDateField(latest=clock.today(), too_late="Enter a day that is not in the future.")
    return (
        forms.entry_field("reviewed_by", "Who reviewed it", "Their name and what they are, for example: A. Example, solicitor. It is printed.", required=True),
        forms.entry_field("reviewed_on", "On which day", "For example 24/11/2026.", Control.DATE, reader=day, required=True),
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
    fields, nobody = review_fields(), is_ticked("none")
    typed = page.values_in(fields, here.data)
    said, errors = ({}, {}) if nobody else read_group(fields, typed, {}, services.REVIEW_KEYS)
    by, on = (said.get(key) for key in services.REVIEW_KEYS)
    return FormPage(
        template="bank_editor/duty_review.html",
        shows=lambda _: {
            "thing": here,
            "fields": fields,
            "typed": typed,
            "theirs": _theirs(page, fields, forms.DUTIES),
            "for_whom": forms.duty_condition_in_words(forms.names_in_draft(page.draft_context), duty_name),
        },
        errors=errors,
        save=lambda: page.edit_at(
            here,
            lambda duty: services.set_review(duty, by, on),
            f"the duty “{here.title}”: {f'reviewed by {by}' if by else 'nobody has reviewed it'}",
        ),
        then=url_for(".edit_entry", draft_id=page.draft_id, kind=forms.DUTIES.name, thing_name=duty_name, saved=1),
    )


def _theirs(page: PageRequest, fields: Sequence[Field], kind: forms.EntryKind) -> FormGroup:
    """What somebody else made of it meanwhile, field by field."""
    return form_values(fields, kind.with_words(page.theirs)) if page.theirs is not None else {}


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
    typed = page.values_in(fields, {"checked": day.isoformat()})
    row, errors = forms.read_value(fields, typed, here.data)
    now = here.now(day)
    return FormPage(
        template="bank_editor/setting.html",
        shows=lambda _: {
            "setting": here,
            "now": now,
            "late": services.is_recheck_overdue(now, day),
            "issues": [issue.found.message for issue in page.draft_context.issues_of(here)],
            "fields": fields,
            "typed": typed,
            "saved": "saved" in request.args,
        },
        errors=errors,
        save=lambda: page.edit_at(
            here, lambda setting: forms.add_value(setting, row), f"“{here.label}”: a value from {row['from']}"
        ),
        then=url_for(".edit_setting", draft_id=page.draft_id, setting_name=setting_name, saved=1),
    )


@form_page(blueprint, "/settings/<setting_name>/<begins>", "changed")
def edit_source_check(page: PageRequest, setting_name: str, begins: str) -> FormPage:
    here = still_there(services.find_dated_setting(page.draft_context.files, setting_name))
    row = still_there(next((one for one in here.rows if one.get("from") == begins), None))
    typed = page.values_in(forms.SOURCE_FIELDS, row)
    said, errors = forms.read_source(typed)
    return FormPage(
        template="bank_editor/setting_source_check.html",
        shows={"setting": here, "row": row, "fields": forms.SOURCE_FIELDS, "typed": typed},
        errors=errors,
        save=lambda: page.edit_at(
            here,
            lambda setting: forms.set_source_check(setting, begins, said),
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
    fields = (_id_field(wanted), *_entry_fields(wanted))
    typed = page.values_in(fields, {})
    made, errors = read_group(fields, typed, {}, ("id", *wanted.order))
    shown, file_name = fields, next(iter(file_names), "")
    if len(file_names) > 1:
        file_name = sent_text("sheet")
        shown = (
            Field("sheet", Control.SELECT, "Which file it belongs to", choices=tuple((one, one) for one in file_names)),
            *shown,
        )
    if file_name not in file_names:
        errors["sheet"] = "Choose where it belongs."
    if wanted is forms.DUTIES:
        says = "Take over the condition of another duty. A condition of its own is written later, on the page with the text."
        shown = (*shown, _condition_field("Who is it for?", says, others))
        condition, error = _condition_like(others, sent_text("like"))
        made |= condition
        errors |= {"like": error} if error else {}
    name = made.get("id", "")
    if name and (
        any(one.id == name for one in others)
        or services.is_id_used_before(page.session, wanted, frozenset(file_names), name)
    ):
        errors["id"] = "This id was used before, so it cannot be used again. Choose another one."
    if wanted is forms.CONTACTS:
        errors = services.contact_errors(made, [one.data for one in others]) | errors
    return FormPage(
        template="bank_editor/entry_new.html",
        shows={"kind": wanted, "fields": shown, "typed": typed, "back": _entries(page, wanted)},
        errors=errors,
        save=lambda: page.edit_file(
            file_name,
            lambda data: services.insert_entry(data, wanted, made),
            f"a new {wanted.one}: “{made.get(wanted.title) or ''}”",
        ),
        then=lambda _: url_for(".edit_entry", draft_id=page.draft_id, kind=kind, thing_name=name),
    )


@form_page(blueprint, "/contacts-and-sources/<kind>/<thing_name>", "changed", get="banks.read")
def edit_entry(page: PageRequest, kind: str, thing_name: str) -> FormPage:
    wanted, files = _kind_or_404(kind), page.draft_context.files
    here = still_there(forms.find_entry(files, wanted, thing_name))
    others = [one for one in forms.entries_of_kind(files, wanted) if one.id != thing_name]
    fields = _entry_fields(wanted, here.data)
    typed = page.values_in(fields, here.data)
    made, errors = read_group(fields, typed, here.data, wanted.order)
    if wanted is forms.CONTACTS:
        judged = services.contact_errors(made, [one.data for one in others])
        if thing_name in wanted.kept:
            judged |= services.essential_contact_errors(made, here.data)
        errors = judged | errors
    more, error = _condition_like(others, sent_text("like")) if sent_text("like") else ({}, "")
    errors |= {"like": error} if error else {}
    what = f"the {wanted.one} “{here.title}”"

    def save() -> None:
        if wanted.bare:
            text = str(made[wanted.title])
            page.edit_file(
                here.content_file.name,
                lambda data: services.replace_text(data, here, sent_text("seen"), text),
                what,
            )
        else:
            page.replace_at(here, services.edited_entry(wanted, here.data, made, more), what)

    def shows(errors: Mapping[str, str]) -> Mapping[str, object]:
        beside, whole = forms.issues_of_entry(page.draft_context, here) if page.form_data is None else ({}, [])
        shown, names = fields, None
        if wanted is forms.DUTIES:
            names = forms.names_in_draft(page.draft_context)
            says = (
                "Take over the condition of another duty. A condition of its own is written on the page with the text."
            )
            like = _condition_field("Change who it is for", says, others, "Leave it as it is")
            shown = (*fields, like)
        return {
            "kind": wanted,
            "thing": here,
            "fields": shown,
            "typed": typed,
            "theirs": _theirs(page, fields, wanted),
            "under": forms.step_conditions(names, thing_name),
            "whole": whole,
            "for_whom": forms.duty_condition_in_words(names, thing_name),
            "errors": errors or beside,
            "back": _entries(page, wanted),
            "saved": "saved" in request.args,
        }

    return FormPage(
        template="bank_editor/entry.html",
        shows=shows,
        errors=errors,
        save=save,
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
            lambda data: services.delete_entry(data, here, sent_text("seen")),
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


def _entry_fields(kind: forms.EntryKind, data: Mapping[str, object] | None = None) -> tuple[Field, ...]:
    """The fields of a kind. The area of a contact is one of those served here, or the one it has."""
    if kind is not forms.CONTACTS:
        return kind.fields
    has = (data or {}).get("area")
    areas = list(dict.fromkeys([*settings_of(current_app).areas, *([str(has)] if has else [])]))
    unserved = unserved_areas(areas)
    choices = [
        (one, one.replace("_", " ").title() + (f". {AREA_NOT_SERVED}" if one in unserved else "")) for one in areas
    ]
    return tuple(
        replace(one, control=Control.SELECT, choices=(("", "None"), *choices)) if one.name == "area" else one
        for one in kind.fields
    )


def unserved_areas(areas: Iterable[str]) -> frozenset[str]:
    """Those of these areas that no business can choose."""
    return frozenset(areas) - frozenset(settings_of(current_app).areas)


def _id_field(kind: forms.EntryKind) -> Field:
    hint = "For example S140." if kind.capital_ids else "Small letters, digits and _. For example advice_line."
    return forms.entry_field(
        "id",
        "Short name",
        f"{hint} It never changes.",
        Control.SHORT,
        reader=IdField(capitals=kind.capital_ids),
        required=True,
    )


def _condition_field(label: str, hint: str, others: Iterable[forms.Entry], otherwise: str = "") -> Field:
    choices = {"": otherwise} if otherwise else {}
    choices |= {CONDITION_EVERYBODY: "everybody"} | {one.id: one.title for one in others}
    return Field("like", Control.SELECT, label, hint, tuple(choices.items()), optional=bool(otherwise))


def _condition_like(others: list[forms.Entry], like: str) -> tuple[FileData, str]:
    if like == CONDITION_EVERYBODY:
        return {"when": "always"}, ""
    for one in others:
        if one.id == like and "when" in one.data:
            return {"when": one.data["when"]}, ""
    return {}, "Choose whom it is for. You can change the condition later."
