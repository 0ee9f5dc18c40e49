"""A question of a bank moves up, down or to another section, or is taken out."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.editor.questions.at_hand import bank_at_hand, called
from assess.editor.questions.fields import Data
from assess.editor.questions.overview import banks_with, is_common
from assess.editor.questions.placing import move_question as moved_question
from assess.editor.questions.placing import move_to_section, retire_question
from assess.editor.questions.reading import reading_of
from assess.editor.questions.retiring import blocking, resting_on, without_answers
from assess.editor.questions.views_bank import page_of_bank
from assess.editor.saving import save_change
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint(
    "question_place", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/questions/<question_id>"
)
CHOOSE = "Choose where to move it."


@blueprint.get("/move")
@requires("banks.edit", check=permitted_person)
def show_move(draft_id: uuid.UUID, bank: str, question_id: str) -> str:
    """Where it stands, and where it may go."""
    return _move_page(draft_id, bank, question_id)


@blueprint.post("/move")
@audited("moved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def move_question(who: Caller, draft_id: uuid.UUID, bank: str, question_id: str) -> Response | tuple[str, int]:
    """Up, down, or into another section of its file."""
    hand = bank_at_hand(session(), draft_id, bank)
    spot = hand.question_or_404(question_id)
    step, section = request.form.get("step", ""), request.form.get("section", "")
    if step not in {"up", "down"} and not section:
        return _move_page(draft_id, bank, question_id, CHOOSE), 422

    def edit(data: Data) -> None:
        if step in {"up", "down"}:
            moved_question(data, question_id, up=step == "up")
        else:
            move_to_section(data, question_id, section)

    refused = save_change(hand.at_work.draft, spot.sheet.name, edit, who.id, f"{called(spot.data)}: moved")
    if refused:
        return _move_page(draft_id, bank, question_id, refused.words), 409
    return redirect(url_for("question_place.show_move", draft_id=draft_id, bank=bank, question_id=question_id), 303)


@blueprint.get("/retire")
@requires("banks.edit", check=permitted_person)
def show_retire(draft_id: uuid.UUID, bank: str, question_id: str) -> str:
    """Ask again, and say what rests on it."""
    return _retire_page(draft_id, bank, question_id)


@blueprint.post("/retire")
@audited("removed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def remove_question(who: Caller, draft_id: uuid.UUID, bank: str, question_id: str) -> Response | tuple[str, int]:
    """Take it out."""
    hand = bank_at_hand(session(), draft_id, bank)
    spot, seen = hand.question_or_404(question_id), request.form.get("seen", "")
    ids = frozenset({question_id})
    if blocking(hand.at_work.shelf, ids) or spot.seen != seen:
        return _retire_page(draft_id, bank, question_id, moved=spot.seen != seen), 409

    def edit(data: Data) -> None:
        retire_question(data, question_id, seen)

    refused = without_answers(hand, spot, ids, edit, who.id, f"{called(spot.data)}: retired")
    if refused and refused.moved:
        return _retire_page(draft_id, bank, question_id, moved=True), 409
    if refused:
        return page_of_bank(draft_id, bank, refused.words), 409
    return redirect(url_for("bank.show_bank", draft_id=draft_id, bank=bank), 303)


def _move_page(draft_id: uuid.UUID, bank: str, question_id: str, error: str | None = None) -> str:
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        spot = hand.question_or_404(question_id)
        sections = [one for one in hand.at_work.sections_of(bank) if one.sheet == spot.sheet]
        here = next(one for one in sections if one.path == spot.path[:2])
        return render_template(
            "editor/question_move.html",
            draft=hand.at_work.draft,
            bank=bank,
            question=reading_of(hand, spot),
            section=here.data,
            others=[(str(one.data.get("id")), str(one.data.get("title"))) for one in sections if one != here],
            error=error,
        )


def _retire_page(draft_id: uuid.UUID, bank: str, question_id: str, *, moved: bool = False) -> str:
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        spot = hand.question_or_404(question_id)
        return render_template(
            "editor/retire.html",
            draft=hand.at_work.draft,
            bank=bank,
            heading="Retire this question",
            questions=[spot.data],
            rests=resting_on(hand.at_work.shelf, frozenset({question_id})),
            shared=banks_with(hand.at_work.shelf, spot) if is_common(spot) else [],
            seen=spot.seen,
            moved=moved,
            back=url_for("question.show_question", draft_id=draft_id, bank=bank, question_id=question_id),
        )
