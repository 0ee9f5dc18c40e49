"""Pages: a bank of a draft with its sections and questions, and adding, changing, moving and retiring them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from assess.bank_editor.conditions import ConditionTarget, available_subjects, save_builder, show_builder
from assess.bank_editor.cross_checks import dependants_of
from assess.bank_editor.draft_context import DraftContext, Location, edit_draft_file_in_request, reading_draft
from assess.bank_editor.labels import id_error, prefix_of, proposed_id
from assess.bank_editor.questions import services
from assess.bank_editor.questions.context import (
    BankContext,
    banks_with,
    ids_ever_published,
    is_common,
    load_bank_context,
    question_label,
    reading_bank,
    section_rows,
)
from assess.bank_editor.questions.fields import (
    FileData,
    action_fields,
    kind_words,
    list_entries,
    read_group,
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
from assess.core.db import request_session
from assess.core.edit_conflicts import EditConflictError, NotSavedError, etag, save_or_show_again, still_there
from assess.core.forms.fields import TextField
from assess.core.forms.form import FormResult, is_ticked, pressed, read_fields, sent_form, sent_text
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser

LONGEST_TITLE = 120
NOTHING_SENT = FormResult({})

blueprint = Blueprint("bank_questions", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>/<bank>")


@blueprint.get("")
@requires("banks.read", check=require_person)
def show_bank(draft_id: uuid.UUID, bank: str) -> str:
    return bank_page(draft_id, bank)


def bank_page(draft_id: uuid.UUID, bank: str, refused: NotSavedError | None = None) -> str:
    with reading_bank(draft_id, bank) as context:
        sections = section_rows(context.draft_context, context.in_force, bank)
        common = [one.location for one in sections if one.common]
        return render_template(
            "bank_editor/bank.html",
            draft=context.draft_context.draft,
            bank=bank,
            title=context.title,
            sections=sections,
            shared=banks_with(context.draft_context.files, common[0]) if common else [],
            gone=context.lists.gone,
            kind_words=kind_words,
            type_words=type_words,
            sign_words=sign_words,
            refused=refused,
        )


@blueprint.route("/title", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def rename_bank(who: CurrentUser, draft_id: uuid.UUID, bank: str) -> PageResponse:
    if request.method != "POST":
        return _bank_title_page(draft_id, bank)
    context = load_bank_context(request_session(), draft_id, bank)
    form = read_fields(title=TextField(LONGEST_TITLE, required="Enter a title, such as “Car washes”."))
    if form.errors:
        return _bank_title_page(draft_id, bank, form), 422
    content_file = context.draft_context.files.at("", bank)
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            context.draft_context.draft,
            content_file.name if content_file else "",
            lambda data: services.set_title(data, form["title"], sent_text("seen")),
            who.id,
            f"the title of {bank}",
        ),
        lambda refused: _bank_title_page(draft_id, bank, form, refused=refused),
        url_for(".show_bank", draft_id=draft_id, bank=bank),
    )


def _bank_title_page(
    draft_id: uuid.UUID, bank: str, form: FormResult = NOTHING_SENT, *, refused: NotSavedError | None = None
) -> str:
    with reading_bank(draft_id, bank) as context:
        return render_template(
            "bank_editor/bank_title.html",
            draft=context.draft_context.draft,
            bank=bank,
            typed=form.typed.get("title", context.title),
            seen=etag(context.title),
            error=form.errors.get("title"),
            refused=refused,
            now=context.title,
        )


@blueprint.route("/sections/<section_id>", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def edit_section(who: CurrentUser, draft_id: uuid.UUID, bank: str, section_id: str) -> PageResponse:
    if request.method != "POST":
        return _section_page(draft_id, bank, section_id)
    context, location = _section_context(draft_id, bank, section_id)
    form = read_fields(title=TextField(LONGEST_TITLE, required="Enter a title, such as “Pay and hours”."))
    if form.errors:
        return _section_page(draft_id, bank, section_id, form), 422
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            context.draft_context.draft,
            location.content_file.name,
            lambda data: services.rename_section(data, section_id, form["title"], sent_text("seen")),
            who.id,
            f"the section “{location.data.get('title')}”: its title",
        ),
        lambda refused: _section_page(draft_id, bank, section_id, form, refused=refused),
        _section_address(draft_id, bank, section_id),
    )


@blueprint.post("/sections/<section_id>/move")
@audited("moved")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.edit", load=require_person)
def move_section(who: CurrentUser, draft_id: uuid.UUID, bank: str, section_id: str) -> PageResponse:
    context, location = _section_context(draft_id, bank, section_id)
    up = pressed("step") == "up"
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            context.draft_context.draft,
            location.content_file.name,
            lambda data: services.move_section(data, section_id, up=up),
            who.id,
            f"the section “{location.data.get('title')}”: moved {'up' if up else 'down'}",
        ),
        lambda refused: bank_page(draft_id, bank, refused),
        _section_address(draft_id, bank, section_id),
    )


@blueprint.route("/sections/<section_id>/retire", methods=["GET", "POST"])
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def remove_section(who: CurrentUser, draft_id: uuid.UUID, bank: str, section_id: str) -> PageResponse:
    if request.method != "POST":
        return _remove_section_page(draft_id, bank, section_id)
    context, location = _section_context(draft_id, bank, section_id)
    return _retire(
        who,
        context,
        location,
        _question_ids(location),
        lambda data, seen: services.delete_section(data, section_id, seen),
        f"the section “{location.data.get('title')}”: retired",
        lambda refused: _remove_section_page(draft_id, bank, section_id, refused=refused),
    )


def _retire(
    who: CurrentUser,
    context: BankContext,
    location: Location,
    ids: frozenset[str],
    retire: Callable[[FileData, str], None],
    what: str,
    again: Callable[[NotSavedError | None], str],
) -> PageResponse:
    """Take these questions out, unless something else rests on them: the page says what."""
    if services.has_blocking_references(context.draft_context.files, ids):
        return again(None), 409
    seen = sent_text("seen")
    return save_or_show_again(
        lambda: services.remove_with_example_answers(
            context, location, ids, lambda data: retire(data, seen), who.id, what
        ),
        again,
        url_for(".show_bank", draft_id=context.draft_context.draft.id, bank=context.bank),
    )


def _section_context(draft_id: uuid.UUID, bank: str, section_id: str) -> tuple[BankContext, Location]:
    context = load_bank_context(request_session(), draft_id, bank)
    return context, still_there(context.draft_context.section(bank, section_id))


def _section_address(draft_id: uuid.UUID, bank: str, section_id: str) -> str:
    return url_for(".show_bank", draft_id=draft_id, bank=bank, _anchor=section_id)


def _question_ids(location: Location) -> frozenset[str]:
    return frozenset(str(one.get("id")) for one in list_entries(location.data, "questions"))


def _section_page(
    draft_id: uuid.UUID,
    bank: str,
    section_id: str,
    form: FormResult = NOTHING_SENT,
    *,
    refused: NotSavedError | None = None,
) -> str:
    with reading_bank(draft_id, bank) as context:
        location = still_there(context.draft_context.section(bank, section_id))
        title = location.data.get("title")
        return render_template(
            "bank_editor/section.html",
            draft=context.draft_context.draft,
            bank=bank,
            section=location.data,
            typed=form.typed.get("title", title),
            seen=etag(title),
            shared=banks_with(context.draft_context.files, location) if is_common(location) else [],
            error=form.errors.get("title"),
            refused=refused,
        )


def _remove_section_page(
    draft_id: uuid.UUID, bank: str, section_id: str, *, refused: NotSavedError | None = None
) -> str:
    with reading_bank(draft_id, bank) as context:
        location = still_there(context.draft_context.section(bank, section_id))
        return render_template(
            "bank_editor/question_retire.html",
            draft=context.draft_context.draft,
            bank=bank,
            heading=f"Retire the section “{location.data.get('title')}”",
            questions=list_entries(location.data, "questions"),
            rests=services.blocking_and_other_references(context.draft_context.files, _question_ids(location)),
            shared=banks_with(context.draft_context.files, location) if is_common(location) else [],
            seen=location.etag,
            refused=refused,
            back=url_for("bank_questions.edit_section", draft_id=draft_id, bank=bank, section_id=section_id),
        )


PARTS_WITH_MEANING = frozenset({"words", "answers", "counts"})
"""Pages on which the question can become another one under the same id."""


@dataclass(frozen=True)
class PartFormState:
    filled: PartValues
    errors: dict[str, str]
    has_new_meaning: bool
    asks_meaning: bool = False
    refused: NotSavedError | None = None


@blueprint.get("/questions/<question_id>")
@requires("banks.read", check=require_person)
def show_question(draft_id: uuid.UUID, bank: str, question_id: str) -> str:
    with reading_bank(draft_id, bank) as context:
        location = context.question_or_404(question_id)
        return render_template(
            "bank_editor/question.html",
            draft=context.draft_context.draft,
            bank=bank,
            question=question_summary(context, location),
            issues=issues_elsewhere(with_form_repairs(context.draft_context.issues_of(location)), None),
            signs=signs_in_words(location.data),
            saved=request.args.get("saved") == "yes",
        )


@blueprint.route("/questions/<question_id>/edit/<fields>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def edit_question_part(who: CurrentUser, draft_id: uuid.UUID, bank: str, question_id: str, fields: str) -> PageResponse:
    if request.method != "POST":
        with reading_bank(draft_id, bank) as context:
            shown = context.question_or_404(question_id)
            return _part_page(context, shown, find_question_part(shown.data, context.lists, fields) or abort(404), None)
    context = load_bank_context(request_session(), draft_id, bank)
    location = still_there(context.draft_context.question(bank, question_id))
    part = find_question_part(location.data, context.lists, fields) or abort(404)
    filled, has_new_meaning = posted_part_values(part, sent_form()), is_ticked("another")
    stepped = after_row_button(filled, pressed("do"))
    if stepped is not None:
        # a row was added, moved or taken away: nothing is saved yet, so nothing is compared or checked
        return _part_page(context, location, part, PartFormState(stepped, {}, has_new_meaning)), 200
    if location.etag != sent_text("seen"):
        conflict = EditConflictError(location.data)
        return _part_page(context, location, part, PartFormState(filled, {}, has_new_meaning, refused=conflict)), 409
    made = _edited_question(context, location, part, filled, has_new_meaning=has_new_meaning)
    if isinstance(made, PartFormState):
        return _part_page(context, location, part, made), 422
    return save_or_show_again(
        lambda: _save_question(context, location, part, made, who.id),
        lambda refused: _part_page_again(
            draft_id, bank, question_id, part, PartFormState(filled, {}, has_new_meaning, refused=refused)
        ),
        url_for("bank_questions.show_question", draft_id=draft_id, bank=bank, question_id=question_id, saved="yes"),
    )


def _edited_question(
    context: BankContext, location: Location, part: QuestionPart, filled: PartValues, *, has_new_meaning: bool
) -> FileData | PartFormState:
    data, name = dict(location.data), str(location.data.get("id"))
    made, errors = apply_part_values(part, filled, data, context.lists, ids_ever_published(request_session()).of(name))
    if errors:
        return PartFormState(filled, errors, has_new_meaning)
    base, same_meaning = context.base(name), pressed("same")
    if base is not None and part.id in PARTS_WITH_MEANING:
        has_new_meaning = has_new_meaning or same_meaning == "no"
        if services.changed_much(data, made) and not has_new_meaning and same_meaning != "yes":
            return PartFormState(
                filled, {"same": "Say whether it still means the same."}, has_new_meaning, asks_meaning=True
            )
        made = services.set_meaning(made, base, new_meaning=has_new_meaning)
    return services.normalise_question(data, made)


def _save_question(
    context: BankContext, location: Location, part: QuestionPart, made: FileData, person_id: uuid.UUID
) -> None:
    def edit(data: FileData) -> None:
        # looked up and compared again: another editor may have been faster between our reading and our lock
        there = services.find_question(data, str(location.data.get("id")), location.etag)
        there.clear()
        there.update(made)

    what = f"{question_label(location.data)}: {part.title.lower()}"
    edit_draft_file_in_request(context.draft_context.draft, location.content_file.name, edit, person_id, what)


def _part_page_again(draft_id: uuid.UUID, bank: str, question_id: str, part: QuestionPart, again: PartFormState) -> str:
    with reading_bank(draft_id, bank) as context:  # read again: the page shows what the other editor made of it
        return _part_page(context, still_there(context.draft_context.question(bank, question_id)), part, again)


def _part_page(context: BankContext, location: Location, part: QuestionPart, again: PartFormState | None) -> str:
    stands = part_values(part, location.data, context.lists)
    base = context.base(str(location.data.get("id")))
    filled = again.filled if again else stands
    issues = with_form_repairs(context.draft_context.issues_of(location)) if again is None else ()
    return render_template(
        "bank_editor/question_part.html",
        draft=context.draft_context.draft,
        bank=context.bank,
        question=question_summary(context, location),
        part=part,
        filled=filled,
        errors=again.errors if again else {},
        issues=issues_by_field(issues, part),
        other_issues=issues_elsewhere(issues, part),
        has_meaning=base is not None and part.id in PARTS_WITH_MEANING,
        has_new_meaning=again.has_new_meaning
        if again
        else base is not None and services.has_new_meaning(location.data, base),
        asks_meaning=again is not None and again.asks_meaning,
        refused=again.refused if again else None,
        differing=field_differences(part, stands, again.filled) if again and again.refused else [],
        signs=signs_in_words(location.data),
        actions={
            key: action_fields(context.lists.owners, location.data.get(key), location.data) for key in part.actions
        },
        labels={rows.key: row_labels(rows, filled.rows.get(rows.key, ()), location.data) for rows in part.rows},
        row_actions={rows.key: row_actions(rows, location.data, context.lists.owners) for rows in part.rows},
        seen=location.etag,
    )


@blueprint.route("/questions/<question_id>/move", methods=["GET", "POST"])
@audited("moved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def move_question(who: CurrentUser, draft_id: uuid.UUID, bank: str, question_id: str) -> PageResponse:
    if request.method != "POST":
        return _move_question_page(draft_id, bank, question_id)
    context = load_bank_context(request_session(), draft_id, bank)
    location = context.question_or_404(question_id)
    step, section = pressed("step"), sent_text("section")
    if step not in {"up", "down"} and not section:
        return _move_question_page(draft_id, bank, question_id, "Choose where to move it."), 422

    def edit(data: FileData) -> None:
        if step in {"up", "down"}:
            services.move_question(data, question_id, up=step == "up")
        else:
            services.move_to_section(data, question_id, section)

    what = f"{question_label(location.data)}: moved"
    return save_or_show_again(
        lambda: edit_draft_file_in_request(context.draft_context.draft, location.content_file.name, edit, who.id, what),
        lambda refused: _move_question_page(draft_id, bank, question_id, refused=refused),
        url_for(".move_question", draft_id=draft_id, bank=bank, question_id=question_id),
    )


@blueprint.route("/questions/<question_id>/retire", methods=["GET", "POST"])
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def remove_question(who: CurrentUser, draft_id: uuid.UUID, bank: str, question_id: str) -> PageResponse:
    if request.method != "POST":
        return _remove_question_page(draft_id, bank, question_id)
    context = load_bank_context(request_session(), draft_id, bank)
    location = context.question_or_404(question_id)
    return _retire(
        who,
        context,
        location,
        frozenset({question_id}),
        lambda data, seen: services.delete_question(data, question_id, seen),
        f"{question_label(location.data)}: retired",
        lambda refused: _remove_question_page(draft_id, bank, question_id, refused=refused),
    )


def _move_question_page(
    draft_id: uuid.UUID,
    bank: str,
    question_id: str,
    error: str | None = None,
    *,
    refused: NotSavedError | None = None,
) -> str:
    with reading_bank(draft_id, bank) as context:
        location = context.question_or_404(question_id)
        sections = [one for one in context.draft_context.sections_of(bank) if one.content_file == location.content_file]
        here = next(one for one in sections if one.path == location.path[:2])
        return render_template(
            "bank_editor/question_move.html",
            draft=context.draft_context.draft,
            bank=bank,
            question=question_summary(context, location),
            section=here.data,
            others=[(str(one.data.get("id")), str(one.data.get("title"))) for one in sections if one != here],
            error=error,
            refused=refused,
        )


def _remove_question_page(
    draft_id: uuid.UUID, bank: str, question_id: str, *, refused: NotSavedError | None = None
) -> str:
    with reading_bank(draft_id, bank) as context:
        location = context.question_or_404(question_id)
        return render_template(
            "bank_editor/question_retire.html",
            draft=context.draft_context.draft,
            bank=bank,
            heading="Retire this question",
            questions=[location.data],
            rests=services.blocking_and_other_references(context.draft_context.files, frozenset({question_id})),
            shared=banks_with(context.draft_context.files, location) if is_common(location) else [],
            seen=location.etag,
            refused=refused,
            back=url_for("bank_questions.show_question", draft_id=draft_id, bank=bank, question_id=question_id),
        )


@blueprint.route("/add", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def add_question(who: CurrentUser, draft_id: uuid.UUID, bank: str) -> PageResponse:
    """Propose an id first; with an id, add the question and go to it."""
    if request.method != "POST":
        with reading_bank(draft_id, bank) as context:
            source = context.draft_context.question(bank, request.args.get("copy", ""))
            form_data = {
                "section": [request.args.get("section", "")],
                "ask": [str(source.data.get("ask"))] if source else [""],
            }
            return _add_page(context, form_data, {}, source.data if source else None)
    context = load_bank_context(request_session(), draft_id, bank)
    form_data = sent_form().to_dict(flat=False)
    source = context.draft_context.question(bank, sent_text("copy"))
    data, errors = read_group(
        services.new_question_fields(context.lists, copy=source is not None), form_data, {}, QUESTION_KEY_ORDER
    )
    error = services.matters_error(data) if source is None else None
    if error and "matters" not in errors:
        errors["matters"] = error
    section, (title, title_error) = (
        sent_text("section"),
        TextField(LONGEST_TITLE).read(sent_text("section_title")),
    )
    content_file = source.content_file if source else services.file_for_section(context.draft_context, bank, section)
    if content_file is None:
        errors["section"] = "Choose a section."
    if section in {services.NEW_SECTION, services.NEW_SHARED_SECTION} and not title and source is None:
        errors["section_title"] = title_error or "Enter a title for the new section."
    taken = services.taken_ids(context.draft_context.files) | ids_ever_published(request_session()).ids
    prefix = prefix_of(
        [
            str(one.data.get("id"))
            for one in context.draft_context.questions_of(bank)
            if one.content_file == content_file
        ]
    )
    name = sent_text("id").strip()
    error = id_error(name, taken) if name else None
    if error:
        errors["id"] = error
    if errors or content_file is None:
        return _add_page(context, form_data, errors, source.data if source else None), 422
    if not name:
        form_data["id"] = [proposed_id(str(data["ask"]), taken, prefix)]
        return _add_page(context, form_data, {}, source.data if source else None, proposed=True), 200
    wanted = services.NewQuestion(name, data, title, proposed_id(title, {*taken, name}, prefix) if title else "")
    question = services.copy_question(source.data, wanted) if source else services.build_question(wanted)
    edit = _insert_question(section, wanted, question, source.data if source else None)
    home, what = content_file.name, f"{question_label(question)}: added"
    return save_or_show_again(
        lambda: edit_draft_file_in_request(context.draft_context.draft, home, edit, who.id, what),
        lambda refused: _add_page_again(draft_id, bank, form_data, refused),
        url_for(".show_question", draft_id=draft_id, bank=bank, question_id=name, saved="yes"),
    )


def _insert_question(section: str, wanted: services.NewQuestion, question: FileData, source: Any) -> Any:  # noqa: ANN401  # the values of a file
    def edit(data: FileData) -> None:
        if wanted.id in {str(one.get("id")) for part in data["sections"] for one in part["questions"]}:
            raise EditConflictError(words=services.ID_TAKEN)
        if source is not None:
            home = next(
                part["id"]
                for part in data["sections"]
                if any(one.get("id") == source["id"] for one in part["questions"])
            )
            services.add_question(data, home, question, after=source["id"])
        elif section in {services.NEW_SECTION, services.NEW_SHARED_SECTION}:
            services.add_section(
                data, {"id": wanted.section_id, "title": wanted.section_title, "questions": [question]}
            )
        else:
            services.add_question(data, section, question)

    return edit


def _add_page_again(draft_id: uuid.UUID, bank: str, form_data: dict[str, list[str]], refused: NotSavedError) -> str:
    with reading_bank(draft_id, bank) as context:
        source = context.draft_context.question(bank, next(iter(form_data.get("copy", ())), ""))
        return _add_page(context, form_data, {}, source.data if source else None, refused=refused)


def _add_page(
    context: BankContext,
    form_data: dict[str, list[str]],
    errors: dict[str, str],
    source: Any,  # noqa: ANN401  # the values of a question
    *,
    proposed: bool = False,
    refused: NotSavedError | None = None,
) -> str:
    sections = [
        (str(one.data.get("id")), str(one.data.get("title"))) for one in context.draft_context.sections_of(context.bank)
    ]
    common = any(
        "common" in content_file.raw_data for content_file in context.draft_context.files_of_bank(context.bank)
    )
    return render_template(
        "bank_editor/question_add.html",
        draft=context.draft_context.draft,
        bank=context.bank,
        fields=services.new_question_fields(context.lists, copy=source is not None),
        sections=[
            *sections,
            (services.NEW_SECTION, "A new section at the end of this bank"),
            *([(services.NEW_SHARED_SECTION, "A new section that all sectors share")] if common else []),
        ],
        typed=form_data,
        errors=errors,
        source=source,
        proposed=proposed,
        refused=refused,
    )


@blueprint.route("/questions/<question_id>/condition", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def edit_condition(who: CurrentUser, draft_id: uuid.UUID, bank: str, question_id: str) -> PageResponse:
    if request.method != "POST":
        with reading_draft(draft_id, bank) as (_, draft_context):
            return show_builder(draft_context, bank, _question_condition_target(draft_context, bank, question_id))
    return save_builder(
        who, draft_id, bank, lambda draft_context: _question_condition_target(draft_context, bank, question_id)
    )


def _question_condition_target(draft_context: DraftContext, bank: str, question_id: str) -> ConditionTarget:
    location = draft_context.question(bank, question_id) or abort(404)
    ask = str(location.data.get("ask", question_id))
    return ConditionTarget(
        location=location,
        key="show_if",
        order=QUESTION_KEY_ORDER,
        subjects=available_subjects(draft_context, bank, before=question_id),
        heading="When it is asked",
        none="Everybody is asked this question.",
        lead="It is asked when",
        clear="Ask everybody",
        what=f"the question “{ask}”: when it is asked",
        back=url_for(
            "bank_questions.show_question", draft_id=draft_context.draft.id, bank=bank, question_id=question_id
        ),
        more={
            "about": ask,
            "dependants": dependants_of(draft_context, question_id),
            "shared": location.content_file.name.startswith("common/"),
        },
    )
