"""One question of a draft: what it is in short, and a short page for each part of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.editor.questions.actions import action_fields
from assess.editor.questions.at_hand import BankAtHand, bank_at_hand, called
from assess.editor.questions.comparing import both
from assess.editor.questions.fields import TICKED, Data
from assess.editor.questions.filling import Filled, after_step, filled_of, typed_in, written
from assess.editor.questions.parts import Part, part_of
from assess.editor.questions.placing import question_in
from assess.editor.questions.reading import labels_of, reading_of
from assess.editor.questions.rows import WAS, row_actions
from assess.editor.questions.settling import changed_much, means_another, settled, with_meaning
from assess.editor.questions.telling import beside, elsewhere, for_fields
from assess.editor.questions.used import used_before
from assess.editor.questions.words import signs_said
from assess.editor.saving import Refused, save_change
from assess.editor.workbench import Spot
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("question", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/questions/<question_id>")
HAVE_MEANING = frozenset({"words", "answers", "counts"})
"""Pages on which the question can become another one under the same id."""
STILL_THE_SAME = "Say whether it still means the same."
MOVED = "Somebody else changed this question since you opened it. Nothing you typed is lost: look at both, then save."
GONE = "Somebody else took this question out since you opened it. What you typed stands below."


@dataclass(frozen=True)
class Again:
    """Why a page is shown again, with all that was typed."""

    filled: Filled
    errors: dict[str, str]
    another: bool
    asks_meaning: bool = False
    conflict: bool = False


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_question(draft_id: uuid.UUID, bank: str, question_id: str) -> str:
    """The question as it stands in the draft."""
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        spot = hand.question_or_404(question_id)
        return render_template(
            "editor/question.html",
            draft=hand.at_work.draft,
            bank=bank,
            question=reading_of(hand, spot),
            told=elsewhere(for_fields(hand.at_work.told_of(spot)), None),
            signs=signs_said(spot.data),
            saved=request.args.get("saved") == "yes",
        )


@blueprint.get("/parts/<fields>")
@requires("banks.edit", check=permitted_person)
def show_part(draft_id: uuid.UUID, bank: str, question_id: str, fields: str) -> str:
    """The form of one part."""
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        spot = hand.question_or_404(question_id)
        return _form(hand, spot, part_of(spot.data, hand.lists, fields) or abort(404), None)


@blueprint.post("/parts/<fields>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_part(who: Caller, draft_id: uuid.UUID, bank: str, question_id: str, fields: str) -> Response | tuple[str, int]:
    """Save one part, or add, move or take out a row and show the form again."""
    hand = bank_at_hand(session(), draft_id, bank)
    spot = hand.at_work.question(bank, question_id)
    if spot is None:
        return _gone(hand)
    page = part_of(spot.data, hand.lists, fields) or abort(404)
    filled, another = typed_in(page, request.form), request.form.get("another") == "yes"
    stepped = after_step(filled, request.form.get("do", ""))
    if stepped is not None:
        return _form(hand, spot, page, Again(stepped, {}, another)), 200
    if spot.seen != request.form.get("seen", ""):
        return _form(hand, spot, page, Again(filled, {}, another, conflict=True)), 409
    made = _made(hand, spot, page, filled, another=another)
    if isinstance(made, Again):
        return _form(hand, spot, page, made), 422
    refused = _saved(hand, spot, page, made, who.id)
    if refused is not None:
        again = Again(filled, {} if refused.moved else {"do": refused.words}, another, conflict=refused.moved)
        return _form_anew(draft_id, bank, question_id, page, again), 409
    address = url_for("question.show_question", draft_id=draft_id, bank=bank, question_id=question_id, saved="yes")
    return redirect(address, 303)


def _made(hand: BankAtHand, spot: Spot, page: Part, filled: Filled, *, another: bool) -> Data | Again:
    """The question as it is to be, or why the form has to be shown again."""
    data, name = dict(spot.data), str(spot.data.get("id"))
    made, errors = written(page, filled, data, hand.lists, used_before(session()).of(name))
    if errors:
        return Again(filled, errors, another)
    base, same = hand.base(name), request.form.get("same")
    if base is not None and page.id in HAVE_MEANING:
        another = another or same == "no"
        if changed_much(data, made) and not another and same != "yes":
            return Again(filled, {"same": STILL_THE_SAME}, another, asks_meaning=True)
        made = with_meaning(made, base, another=another)
    return settled(data, made)


def _saved(hand: BankAtHand, spot: Spot, page: Part, made: Data, person_id: uuid.UUID) -> Refused | None:
    """Write it, unless somebody was faster between our look and our turn."""

    def edit(sheet: Data) -> None:
        there = question_in(sheet, str(spot.data.get("id")), spot.seen)
        there.clear()
        there.update(made)

    what = f"{called(spot.data)}: {page.title.lower()}"
    return save_change(hand.at_work.draft, spot.sheet.name, edit, person_id, what)


def _form_anew(draft_id: uuid.UUID, bank: str, question_id: str, page: Part, again: Again) -> str:
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        spot = hand.at_work.question(bank, question_id)
        return _gone(hand)[0] if spot is None else _form(hand, spot, page, again)


def _form(hand: BankAtHand, spot: Spot, page: Part, again: Again | None) -> str:
    """The form of a part: as the file has it, or again with all that was typed."""
    stands = filled_of(page, spot.data, hand.lists)
    base = hand.base(str(spot.data.get("id")))
    filled = again.filled if again else stands
    told = for_fields(hand.at_work.told_of(spot)) if again is None else ()
    return render_template(
        "editor/question_part.html",
        draft=hand.at_work.draft,
        bank=hand.bank,
        question=reading_of(hand, spot),
        part=page,
        filled=filled,
        errors=again.errors if again else {},
        told=beside(told, page),
        told_here_list=elsewhere(told, page),
        has_meaning=base is not None and page.id in HAVE_MEANING,
        another=again.another if again else base is not None and means_another(spot.data, base),
        asks_meaning=again is not None and again.asks_meaning,
        conflict=MOVED if again and again.conflict else None,
        differing=both(page, stands, again.filled) if again and again.conflict else [],
        signs=signs_said(spot.data),
        actions={key: action_fields(hand.lists.owners, spot.data.get(key), spot.data) for key in page.actions},
        labels={rows.key: labels_of(rows, filled.rows.get(rows.key, ()), spot.data) for rows in page.rows},
        row_actions={rows.key: row_actions(rows, spot.data, hand.lists.owners) for rows in page.rows},
        seen=spot.seen,
    )


def _gone(hand: BankAtHand) -> tuple[str, int]:
    """Somebody took the question out: what was typed is shown, so that it can be copied."""
    ours = {"csrf_token", "seen", "do", "another", "same"}
    names = [name for name in request.form if name not in ours and not name.endswith(f"-{WAS}")]
    said = [value for name in names for value in request.form.getlist(name) if value.strip() not in {"", TICKED}]
    return render_template(
        "editor/question_gone.html", draft=hand.at_work.draft, bank=hand.bank, typed=said, words=GONE
    ), 409
