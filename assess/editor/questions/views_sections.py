"""One section of a bank: its title, its place, and taking it out."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.editor.questions.at_hand import BankAtHand, bank_at_hand
from assess.editor.questions.fields import Data
from assess.editor.questions.overview import banks_with, is_common
from assess.editor.questions.placing import move_section as moved_section
from assess.editor.questions.placing import rename_section as renamed_section
from assess.editor.questions.placing import retire_section
from assess.editor.questions.retiring import blocking, resting_on, without_answers
from assess.editor.questions.rows import entries_of
from assess.editor.questions.views_bank import LONGEST_TITLE, TOO_LONG, page_of_bank, title_refused
from assess.editor.saving import save_change
from assess.editor.workbench import Spot, mark_of
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("bank_section", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/sections/<section_id>")
NO_TITLE = "Enter a title, such as “Pay and hours”."


@blueprint.get("")
@requires("banks.edit", check=permitted_person)
def show_section(draft_id: uuid.UUID, bank: str, section_id: str) -> str:
    """Its title in a form, and what else can be done with it."""
    return _page(draft_id, bank, section_id)


@blueprint.post("")
@audited("changed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def rename_section(who: Caller, draft_id: uuid.UUID, bank: str, section_id: str) -> Response | tuple[str, int]:
    """Call it something else."""
    hand, spot = _at_hand(draft_id, bank, section_id)
    title, seen = " ".join(request.form.get("title", "").split()), request.form.get("seen", "")
    if not title or len(title) > LONGEST_TITLE:
        return _page(draft_id, bank, section_id, title, TOO_LONG if title else NO_TITLE), 422

    def edit(data: Data) -> None:
        renamed_section(data, section_id, title, seen)

    what = f"the section “{spot.data.get('title')}”: its title"
    refused = save_change(hand.at_work.draft, spot.sheet.name, edit, who.id, what)
    if refused:
        return _page(draft_id, bank, section_id, title, title_refused(refused)), 409
    return _to_bank(draft_id, bank, section_id)


@blueprint.post("/move")
@audited("moved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def move_section(who: Caller, draft_id: uuid.UUID, bank: str, section_id: str) -> Response | tuple[str, int]:
    """One place up or down."""
    hand, spot = _at_hand(draft_id, bank, section_id)
    up = request.form.get("step") == "up"
    what = f"the section “{spot.data.get('title')}”: moved {'up' if up else 'down'}"
    draft = hand.at_work.draft
    refused = save_change(draft, spot.sheet.name, lambda data: moved_section(data, section_id, up=up), who.id, what)
    return (page_of_bank(draft_id, bank, refused.words), 409) if refused else _to_bank(draft_id, bank, section_id)


@blueprint.get("/retire")
@requires("banks.edit", check=permitted_person)
def show_retire(draft_id: uuid.UUID, bank: str, section_id: str) -> str:
    """Ask again, and say what rests on its questions."""
    return _retire_page(draft_id, bank, section_id)


@blueprint.post("/retire")
@audited("removed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def remove_section(who: Caller, draft_id: uuid.UUID, bank: str, section_id: str) -> Response | tuple[str, int]:
    """Take it out with all its questions."""
    hand, spot = _at_hand(draft_id, bank, section_id)
    ids, seen = _ids(spot), request.form.get("seen", "")
    if blocking(hand.at_work.shelf, ids) or spot.seen != seen:
        return _retire_page(draft_id, bank, section_id, moved=spot.seen != seen), 409

    def edit(data: Data) -> None:
        retire_section(data, section_id)

    refused = without_answers(hand, spot, ids, edit, who.id, f"the section “{spot.data.get('title')}”: retired")
    if refused:
        return page_of_bank(draft_id, bank, refused.words), 409
    return redirect(url_for("bank.show_bank", draft_id=draft_id, bank=bank), 303)


def _at_hand(draft_id: uuid.UUID, bank: str, section_id: str) -> tuple[BankAtHand, Spot]:
    hand = bank_at_hand(session(), draft_id, bank)
    return hand, hand.at_work.section(bank, section_id) or abort(404)


def _to_bank(draft_id: uuid.UUID, bank: str, section_id: str) -> Response:
    return redirect(url_for("bank.show_bank", draft_id=draft_id, bank=bank, _anchor=section_id), 303)


def _ids(spot: Spot) -> frozenset[str]:
    return frozenset(str(one.get("id")) for one in entries_of(spot.data, "questions"))


def _page(draft_id: uuid.UUID, bank: str, section_id: str, typed: str | None = None, error: str | None = None) -> str:
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        spot = hand.at_work.section(bank, section_id) or abort(404)
        title = spot.data.get("title")
        return render_template(
            "editor/section.html",
            draft=hand.at_work.draft,
            bank=bank,
            section=spot.data,
            typed=title if typed is None else typed,
            seen=mark_of(title),
            shared=banks_with(hand.at_work.shelf, spot) if is_common(spot) else [],
            error=error,
        )


def _retire_page(draft_id: uuid.UUID, bank: str, section_id: str, *, moved: bool = False) -> str:
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        spot = hand.at_work.section(bank, section_id) or abort(404)
        return render_template(
            "editor/retire.html",
            draft=hand.at_work.draft,
            bank=bank,
            heading=f"Retire the section “{spot.data.get('title')}”",
            questions=entries_of(spot.data, "questions"),
            rests=resting_on(hand.at_work.shelf, _ids(spot)),
            shared=banks_with(hand.at_work.shelf, spot) if is_common(spot) else [],
            seen=spot.seen,
            moved=moved,
            back=url_for("bank_section.show_section", draft_id=draft_id, bank=bank, section_id=section_id),
        )
