"""A new question for a bank: from its words, or from a copy of one that is there."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.editor.changing import MovedOnError
from assess.editor.naming import fault_of_id, prefix_of, proposed_id
from assess.editor.questions.adding import (
    IN_ALL,
    NEW,
    Wanted,
    copied,
    fault_of_matters,
    fields_of,
    made_of,
    sheet_for,
    taken_ids,
)
from assess.editor.questions.at_hand import BankAtHand, bank_at_hand, called
from assess.editor.questions.fields import Data, fields_read
from assess.editor.questions.parts import ORDER
from assess.editor.questions.placing import add_question as put_question
from assess.editor.questions.placing import add_section as put_section
from assess.editor.questions.used import used_before
from assess.editor.saving import save_change
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("bank_add", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/add")
NO_SECTION = "Choose a section."
NO_TITLE = "Enter a title for the new section."
TAKEN_MEANWHILE = "Somebody else used this id meanwhile. Choose another."


@blueprint.get("")
@requires("banks.edit", check=permitted_person)
def show_add(draft_id: uuid.UUID, bank: str) -> str:
    """The form, empty or with the words of the question to copy."""
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        source = hand.at_work.question(bank, request.args.get("copy", ""))
        typed = {"section": [request.args.get("section", "")], "ask": [str(source.data.get("ask"))] if source else [""]}
        return _form(hand, typed, {}, source.data if source else None)


@blueprint.post("")
@audited("added")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def add_question(who: Caller, draft_id: uuid.UUID, bank: str) -> Response | tuple[str, int]:
    """Propose an id first; with an id, add the question and go to it."""
    hand = bank_at_hand(session(), draft_id, bank)
    typed = {name: request.form.getlist(name) for name in request.form}
    source = hand.at_work.question(bank, request.form.get("copy", ""))
    data, errors = fields_read(fields_of(hand.lists, copy=source is not None), typed, {}, ORDER)
    fault = fault_of_matters(data) if source is None else None
    if fault and "matters" not in errors:
        errors["matters"] = fault
    section, title = request.form.get("section", ""), " ".join(request.form.get("section_title", "").split())
    sheet = source.sheet if source else sheet_for(hand.at_work, bank, section)
    if sheet is None:
        errors["section"] = NO_SECTION
    if section in {NEW, IN_ALL} and not title and source is None:
        errors["section_title"] = NO_TITLE
    taken = taken_ids(hand.at_work.shelf) | used_before(session()).ids
    prefix = prefix_of([str(one.data.get("id")) for one in hand.at_work.questions_of(bank) if one.sheet == sheet])
    name = request.form.get("id", "").strip()
    fault = fault_of_id(name, taken) if name else None
    if fault:
        errors["id"] = fault
    if errors or sheet is None:
        return _form(hand, typed, errors, source.data if source else None), 422
    if not name:
        typed["id"] = [proposed_id(str(data["ask"]), taken, prefix)]
        return _form(hand, typed, {}, source.data if source else None, proposed=True), 200
    wanted = Wanted(name, data, title, proposed_id(title, {*taken, name}, prefix) if title else "")
    question = copied(source.data, wanted) if source else made_of(wanted)
    edit = _edit(section, wanted, question, source.data if source else None)
    refused = save_change(hand.at_work.draft, sheet.name, edit, who.id, f"{called(question)}: added")
    if refused:
        said = {"id": TAKEN_MEANWHILE} if refused.moved else {"ask": refused.words}
        return _form_anew(draft_id, bank, typed, said), 409
    return redirect(url_for("question.show_question", draft_id=draft_id, bank=bank, question_id=name, saved="yes"), 303)


def _edit(section: str, wanted: Wanted, question: Data, source: Any) -> Any:  # noqa: ANN401  # the values of a file
    def edit(sheet: Data) -> None:
        if wanted.id in {str(one.get("id")) for part in sheet["sections"] for one in part["questions"]}:
            raise MovedOnError(None)
        if source is not None:
            home = next(
                part["id"]
                for part in sheet["sections"]
                if any(one.get("id") == source["id"] for one in part["questions"])
            )
            put_question(sheet, home, question, after=source["id"])
        elif section in {NEW, IN_ALL}:
            put_section(sheet, {"id": wanted.section_id, "title": wanted.section_title, "questions": [question]})
        else:
            put_question(sheet, section, question)

    return edit


def _form_anew(draft_id: uuid.UUID, bank: str, typed: dict[str, list[str]], errors: dict[str, str]) -> str:
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        source = hand.at_work.question(bank, next(iter(typed.get("copy", ())), ""))
        return _form(hand, typed, errors, source.data if source else None)


def _form(
    hand: BankAtHand,
    typed: dict[str, list[str]],
    errors: dict[str, str],
    source: Any,  # noqa: ANN401  # the values of a question
    *,
    proposed: bool = False,
) -> str:
    sections = [(str(one.data.get("id")), str(one.data.get("title"))) for one in hand.at_work.sections_of(hand.bank)]
    common = any("common" in sheet.written for sheet in hand.at_work.sheets_of(hand.bank))
    return render_template(
        "editor/question_add.html",
        draft=hand.at_work.draft,
        bank=hand.bank,
        fields=fields_of(hand.lists, copy=source is not None),
        sections=[
            *sections,
            (NEW, "A new section at the end of this bank"),
            *([(IN_ALL, "A new section that all sectors share")] if common else []),
        ],
        typed=typed,
        errors=errors,
        source=source,
        proposed=proposed,
    )
