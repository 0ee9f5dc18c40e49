"""How the questions of a bank are answered, as a list, and of one question with what people say of its words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, render_template
from sqlalchemy.orm import Session

from assess.assessments.unclear.keeping import counts_of_notes, notes_on
from assess.banks.editions import EditionUnknownError, latest
from assess.editor.door import at_work_or_404
from assess.editor.files_called import file_called
from assess.editor.use.counting import LEAST, Use, use_of
from assess.editor.use.gathering import MOST, how_it_is_used
from assess.engine.bank import Question
from assess.kit.clock import today
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import permitted_person

blueprint = Blueprint("use", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>")


@dataclass(frozen=True, slots=True)
class Row:
    """One question of the list."""

    question: Question
    use: Use
    notes: int


@blueprint.get("/use")
@requires("banks.read", check=permitted_person)
def show_bank_use(draft_id: uuid.UUID, bank: str) -> str:
    """Every question of the edition in force."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        questions, counts = _in_force(look, bank), how_it_is_used(look, bank, today())
        notes = counts_of_notes(look, today())
    rows = [Row(one, use_of(one, counts.get(one.id)), notes[one.id]) for one in questions.values()]
    return render_template(
        "editor/use_bank.html",
        draft=at_work.draft,
        bank=bank,
        title=file_called(f"{bank}.yaml", at_work.shelf.at("", bank)),
        rows=rows,
        least=LEAST,
        most=MOST,
    )


@blueprint.get("/questions/<question_id>/use")
@requires("banks.read", check=permitted_person)
def show_question_use(draft_id: uuid.UUID, bank: str, question_id: str) -> str:
    """One question, with the notes on it."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        spot = at_work.question(bank, question_id) or abort(404)
        in_force = _in_force(look, bank).get(question_id)
        counts = how_it_is_used(look, bank, today())
        return render_template(
            "editor/use_question.html",
            draft=at_work.draft,
            bank=bank,
            spot=spot,
            question=in_force,
            use=use_of(in_force, counts.get(question_id)) if in_force else None,
            notes=[(_month(note.month), note) for note in notes_on(look, question_id, today())],
            least=LEAST,
            most=MOST,
        )


def _in_force(look: Session, bank: str) -> Mapping[str, Question]:
    """The questions people are asked now. None of a bank that was never published."""
    try:
        return {question.id: question for question in latest(look, bank).edition.questions()}
    except EditionUnknownError:
        return {}


def _month(month: str) -> str:
    """“November 2026” for "2026-11"."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"
