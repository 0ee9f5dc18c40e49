"""Pages: a bank of a draft with its sections and questions, and adding, changing, moving and retiring them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, request, url_for

from assess.bank_editor.conditions import ConditionTarget, available_subjects, condition_page
from assess.bank_editor.cross_checks import dependants_of
from assess.bank_editor.draft_context import Location
from assess.bank_editor.fields import FileData, read_group
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.labels import id_error, prefix_of, proposed_id
from assess.bank_editor.questions import services
from assess.bank_editor.questions.context import banks_with, ids_ever_published, is_common, question_label, section_rows
from assess.bank_editor.questions.fields import (
    action_fields,
    kind_words,
    list_entries,
    row_actions,
    sign_words,
    signs_in_words,
    type_words,
)
from assess.bank_editor.questions.forms import (
    QUESTION_KEY_ORDER,
    PartValues,
    QuestionPart,
    after_row_button,
    apply_part_values,
    find_question_part,
    part_values,
    posted_part_values,
)
from assess.bank_editor.questions.presenters import (
    field_differences,
    issues_by_field,
    issues_elsewhere,
    question_summary,
    row_labels,
    with_form_repairs,
)
from assess.core.edit_conflicts import EditConflictError, etag
from assess.core.forms.fields import TextField
from assess.core.forms.form import is_ticked, pressed, sent_form, sent_text

LONGEST_TITLE = 120

blueprint = Blueprint("bank_questions", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>/<bank>")


@form_page(blueprint, "", get="banks.read")
def show_bank(page: PageRequest) -> FormPage:
    return FormPage(template="bank_editor/bank.html", shows=lambda _: _shown_of_bank(page))


def _shown_of_bank(page: PageRequest) -> Mapping[str, object]:
    context = page.bank_context
    sections = section_rows(context.draft_context, context.in_force, page.bank)
    common = [one.location for one in sections if one.common]
    return {
        "title": context.title,
        "sections": sections,
        "shared": banks_with(context.draft_context.files, common[0]) if common else [],
        "gone": context.lists.gone,
        "kind_words": kind_words,
        "type_words": type_words,
        "sign_words": sign_words,
    }


@form_page(blueprint, "/title", "changed")
def rename_bank(page: PageRequest) -> FormPage:
    own = page.draft_context.files.at("", page.bank) or abort(404)
    title, what = page.bank_context.title, f"the title of {page.bank}"
    return _title_page(page, title, "Car washes", own.name, lambda data: data, what, _bank(page))


@form_page(blueprint, "/sections/<section_id>", "changed")
def edit_section(page: PageRequest, section_id: str) -> FormPage:
    location = page.bank_context.section(section_id)
    title = location.data.get("title")
    return _title_page(
        page,
        title,
        "Pay and hours",
        location.content_file.name,
        lambda data: services.find_section(data, section_id),
        f"the section “{title}”: its title",
        _bank(page, section_id),
        section=location.data,
        shared=_shared(page, location),
    )


def _title_page(
    page: PageRequest,
    title: object,
    example: str,
    file: str,
    find: Callable[[FileData], FileData],
    what: str,
    then: str,
    **shows: object,
) -> FormPage:
    form = page.read(title=TextField(LONGEST_TITLE, required=f"Enter a title, such as “{example}”."))
    return FormPage(
        template="bank_editor/title.html",
        shows={
            "section": None,
            "shared": (),
            "now": title,
            "typed": form.typed.get("title", title),
            "seen": etag(title),
            **shows,
        },
        errors=form.errors,
        save=lambda: page.edit_file(
            file, lambda data: services.set_title(find(data), form["title"], sent_text("seen")), what
        ),
        then=then,
    )


@form_page(blueprint, "/sections/<section_id>/move", "moved", get="")
def move_section(page: PageRequest, section_id: str) -> FormPage:
    location = page.bank_context.section(section_id)
    up = pressed("step") == "up"
    return FormPage(
        template="bank_editor/bank.html",
        shows=lambda _: _shown_of_bank(page),
        save=lambda: page.edit_file(
            location.content_file.name,
            lambda data: services.move_section(data, section_id, up=up),
            f"the section “{location.data.get('title')}”: moved {'up' if up else 'down'}",
        ),
        then=_bank(page, section_id),
    )


@form_page(blueprint, "/sections/<section_id>/retire", "removed")
def remove_section(page: PageRequest, section_id: str) -> FormPage:
    location = page.bank_context.section(section_id)
    title = location.data.get("title")
    return _removal(
        page,
        location,
        list_entries(location.data, "questions"),
        lambda data, seen: services.delete_section(data, section_id, seen),
        f"the section “{title}”: retired",
        heading=f"Retire the section “{title}”",
        back=url_for(".edit_section", draft_id=page.draft_id, bank=page.bank, section_id=section_id),
    )


@form_page(blueprint, "/questions/<question_id>/retire", "removed")
def remove_question(page: PageRequest, question_id: str) -> FormPage:
    location = page.bank_context.question(question_id)
    return _removal(
        page,
        location,
        [location.data],
        lambda data, seen: services.delete_question(data, question_id, seen),
        f"{question_label(location.data)}: retired",
        heading="Retire this question",
        back=_question(page, question_id),
    )


def _removal(
    page: PageRequest,
    location: Location,
    questions: Sequence[Mapping[str, Any]],
    remove: Callable[[FileData, str], None],
    what: str,
    *,
    heading: str,
    back: str,
) -> FormPage:
    """Take these questions out, unless something else rests on them: the page says what."""
    ids = frozenset(str(one.get("id")) for one in questions)
    rests = services.blocking_and_other_references(page.draft_context.files, ids)
    seen = sent_text("seen")
    return FormPage(
        template="bank_editor/question_retire.html",
        shows=lambda _: {
            "heading": heading,
            "questions": questions,
            "rests": rests,
            "shared": _shared(page, location),
            "seen": location.etag,
            "back": back,
        },
        save=None
        if rests[0]
        else lambda: services.remove_with_example_answers(
            page, location.content_file.name, ids, lambda data: remove(data, seen), what
        ),
        status=409 if rests[0] and page.form_data is not None else 200,
        then=_bank(page),
    )


def _shared(page: PageRequest, location: Location) -> list[str]:
    return banks_with(page.draft_context.files, location) if is_common(location) else []


def _bank(page: PageRequest, section_id: str | None = None) -> str:
    return url_for(".show_bank", draft_id=page.draft_id, bank=page.bank, _anchor=section_id)


def _question(page: PageRequest, question_id: str, saved: str | None = None) -> str:
    return url_for(".show_question", draft_id=page.draft_id, bank=page.bank, question_id=question_id, saved=saved)


PARTS_WITH_MEANING = frozenset({"words", "answers", "counts"})
"""Pages on which the question can become another one under the same id."""


@form_page(blueprint, "/questions/<question_id>", get="banks.read")
def show_question(page: PageRequest, question_id: str) -> FormPage:
    location = page.bank_context.question(question_id)
    return FormPage(
        template="bank_editor/question.html",
        shows={
            "question": question_summary(page.bank_context, location),
            "issues": issues_elsewhere(with_form_repairs(page.draft_context.issues_of(location)), None),
            "signs": signs_in_words(location.data),
            "saved": request.args.get("saved") == "yes",
        },
    )


@form_page(blueprint, "/questions/<question_id>/edit/<fields>", "saved")
def edit_question_part(page: PageRequest, question_id: str, fields: str) -> FormPage:
    context, location = page.bank_context, page.bank_context.question(question_id)
    part = find_question_part(location.data, context.lists, fields) or abort(404)
    stands, base, stepped = part_values(part, location.data, context.lists), context.base(question_id), None
    made, errors, refused = dict(location.data), dict[str, str](), None
    if page.form_data is None:
        filled = stands
        has_new_meaning = base is not None and services.has_new_meaning(location.data, base)
    else:
        filled, has_new_meaning = posted_part_values(part, page.form_data), is_ticked("another")
        stepped = after_row_button(filled, pressed("do"))
        # where a row was added, moved or taken away nothing is saved yet, so nothing is compared or checked
        if stepped is None and location.etag != sent_text("seen"):
            refused = EditConflictError(location.data)
        elif stepped is None:
            made, errors = _edited_question(page, location, part, filled, has_new_meaning=has_new_meaning)
    return FormPage(
        template="bank_editor/question_part.html",
        shows=lambda errors: (
            _shown_of_part(page, location, part, stepped or filled)
            | {
                "has_meaning": base is not None and part.id in PARTS_WITH_MEANING,
                "has_new_meaning": has_new_meaning,
                "asks_meaning": "same" in errors,
                "refused_rows": field_differences(part, stands, filled) if page.refused else [],
            }
        ),
        errors=errors,
        refused=refused,
        save=None
        if stepped
        else lambda: page.replace_at(location, made, f"{question_label(location.data)}: {part.title.lower()}"),
        then=_question(page, question_id, saved="yes"),
    )


def _edited_question(
    page: PageRequest, location: Location, part: QuestionPart, filled: PartValues, *, has_new_meaning: bool
) -> tuple[FileData, dict[str, str]]:
    context, data, name = page.bank_context, dict(location.data), str(location.data.get("id"))
    made, errors = apply_part_values(part, filled, data, context.lists, ids_ever_published(page.session).of(name))
    if errors:
        return made, errors
    base, same_meaning = context.base(name), pressed("same")
    if base is not None and part.id in PARTS_WITH_MEANING:
        has_new_meaning = has_new_meaning or same_meaning == "no"
        if services.changed_much(data, made) and not has_new_meaning and same_meaning != "yes":
            return made, {"same": "Say whether it still means the same."}
        made = services.set_meaning(made, base, new_meaning=has_new_meaning)
    return services.normalise_question(data, made), {}


def _shown_of_part(page: PageRequest, location: Location, part: QuestionPart, filled: PartValues) -> dict[str, object]:
    data, owners = location.data, page.bank_context.lists.owners
    issues = with_form_repairs(page.draft_context.issues_of(location)) if page.form_data is None else ()
    return {
        "question": question_summary(page.bank_context, location),
        "part": part,
        "filled": filled,
        "issues": issues_by_field(issues, part),
        "other_issues": issues_elsewhere(issues, part),
        "signs": signs_in_words(data),
        "actions": {key: action_fields(owners, data.get(key), data) for key in part.actions},
        "labels": {rows.key: row_labels(rows, filled.rows.get(rows.key, ()), data) for rows in part.rows},
        "row_actions": {rows.key: row_actions(rows, data, owners) for rows in part.rows},
        "seen": location.etag,
    }


@form_page(blueprint, "/questions/<question_id>/move", "moved")
def move_question(page: PageRequest, question_id: str) -> FormPage:
    location = page.bank_context.question(question_id)
    sections = [one for one in page.draft_context.sections_of(page.bank) if one.content_file == location.content_file]
    here = next(one for one in sections if one.path == location.path[:2])
    step, section = pressed("step"), sent_text("section")
    moves = step in {"up", "down"}

    def edit(data: FileData) -> None:
        if moves:
            services.move_question(data, question_id, up=step == "up")
        else:
            services.move_to_section(data, question_id, section)

    return FormPage(
        template="bank_editor/question_move.html",
        shows=lambda _: {
            "question": question_summary(page.bank_context, location),
            "section": here.data,
            "others": [(str(one.data.get("id")), str(one.data.get("title"))) for one in sections if one != here],
        },
        errors={} if moves or section else {"section": "Choose where to move it."},
        save=lambda: page.edit_file(location.content_file.name, edit, f"{question_label(location.data)}: moved"),
        then=url_for(".move_question", draft_id=page.draft_id, bank=page.bank, question_id=question_id),
    )


@form_page(blueprint, "/add", "added")
def add_question(page: PageRequest) -> FormPage:
    """Propose an id first; with an id, add the question and go to it."""
    copied = page.draft_context.question(page.bank, sent_text("copy") or request.args.get("copy", ""))
    source = copied.data if copied else None
    fields = services.new_question_fields(page.bank_context.lists, copy=copied is not None)
    form_data = sent_form().to_dict(flat=False)
    if page.form_data is None:
        ask = str(source.get("ask")) if source else ""
        form_data = {"section": [request.args.get("section", "")], "ask": [ask]}
    data, errors = read_group(fields, form_data, {}, QUESTION_KEY_ORDER)
    section = sent_text("section")
    title, title_error = TextField(LONGEST_TITLE).read(sent_text("section_title"))
    home = copied.content_file if copied else services.file_for_section(page.draft_context, page.bank, section)
    if source is None and (error := services.matters_error(data)):
        errors.setdefault("matters", error)
    if home is None:
        errors["section"] = "Choose a section."
    if source is None and section in {services.NEW_SECTION, services.NEW_SHARED_SECTION} and not title:
        errors["section_title"] = title_error or "Enter a title for the new section."
    taken = services.taken_ids(page.draft_context.files) | ids_ever_published(page.session).ids
    questions = page.draft_context.questions_of(page.bank)
    prefix = prefix_of(str(one.data.get("id")) for one in questions if one.content_file == home)
    name = sent_text("id").strip()
    if name and (error := id_error(name, taken)):
        errors["id"] = error
    proposed = not name and not errors and page.form_data is not None
    if proposed:
        form_data["id"] = [proposed_id(str(data["ask"]), taken, prefix)]

    def save() -> None:
        section_id = proposed_id(title, {*taken, name}, prefix) if title else ""
        wanted = services.NewQuestion(name, data, title, section_id)
        question = services.copy_question(source, wanted) if source else services.build_question(wanted)
        page.edit_file(
            home.name if home else "",
            lambda data: services.insert_question(data, section, wanted, question, source),
            f"{question_label(question)}: added",
        )

    return FormPage(
        template="bank_editor/question_add.html",
        shows=lambda _: {
            "fields": fields,
            "sections": _section_choices(page),
            "typed": form_data,
            "source": source,
            "proposed": proposed,
        },
        errors=errors,
        save=None if proposed else save,
        then=_question(page, name, saved="yes") if name else "",
    )


def _section_choices(page: PageRequest) -> list[tuple[str, str]]:
    common = any("common" in content_file.raw_data for content_file in page.draft_context.files_of_bank(page.bank))
    return [
        *((str(one.data.get("id")), str(one.data.get("title"))) for one in page.draft_context.sections_of(page.bank)),
        (services.NEW_SECTION, "A new section at the end of this bank"),
        *([(services.NEW_SHARED_SECTION, "A new section that all sectors share")] if common else []),
    ]


@form_page(blueprint, "/questions/<question_id>/condition", "saved")
def edit_condition(page: PageRequest, question_id: str) -> FormPage:
    location = page.bank_context.question(question_id)
    ask = str(location.data.get("ask", question_id))
    target = ConditionTarget(
        location=location,
        key="show_if",
        order=QUESTION_KEY_ORDER,
        subjects=available_subjects(page.draft_context, page.bank, before=question_id),
        heading="When it is asked",
        none="Everybody is asked this question.",
        lead="It is asked when",
        clear="Ask everybody",
        what=f"the question “{ask}”: when it is asked",
        back=_question(page, question_id),
        more={
            "about": ask,
            "dependants": dependants_of(page.draft_context, question_id),
            "shared": location.content_file.name.startswith("common/"),
        },
    )
    return condition_page(page, target)
