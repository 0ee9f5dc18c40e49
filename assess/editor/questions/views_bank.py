"""One bank of a draft: its title, and its sections and questions in the order of asking."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.editor.changing import MovedOnError
from assess.editor.questions.at_hand import bank_at_hand
from assess.editor.questions.fields import Data
from assess.editor.questions.overview import banks_with, listed
from assess.editor.questions.words import kind_words, sign_words, type_words
from assess.editor.saving import Refused, save_change
from assess.editor.workbench import mark_of
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("bank", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>")
NO_TITLE = "Enter a title, such as “Car washes”."
LONGEST_TITLE = 120
TOO_LONG = f"Shorten the title to {LONGEST_TITLE} letters or fewer."


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_bank(draft_id: uuid.UUID, bank: str) -> str:
    """Every section with its questions."""
    return page_of_bank(draft_id, bank)


def page_of_bank(draft_id: uuid.UUID, bank: str, error: str | None = None) -> str:
    """The page of a bank, with what could not be done."""
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        sections = listed(hand.at_work, hand.before, bank)
        common = [one.spot for one in sections if one.common]
        return render_template(
            "editor/bank.html",
            draft=hand.at_work.draft,
            bank=bank,
            title=hand.title,
            sections=sections,
            shared=banks_with(hand.at_work.shelf, common[0]) if common else [],
            gone=hand.lists.gone,
            kind_words=kind_words,
            type_words=type_words,
            sign_words=sign_words,
            error=error,
        )


@blueprint.get("/title")
@requires("banks.edit", check=permitted_person)
def show_title(draft_id: uuid.UUID, bank: str) -> str:
    """The form for the title."""
    return _title_page(draft_id, bank)


@blueprint.post("/title")
@audited("changed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def rename_bank(who: Caller, draft_id: uuid.UUID, bank: str) -> Response | tuple[str, int]:
    """Call the bank something else."""
    hand = bank_at_hand(session(), draft_id, bank)
    title = " ".join(request.form.get("title", "").split())
    if not title or len(title) > LONGEST_TITLE:
        return _title_page(draft_id, bank, title, TOO_LONG if title else NO_TITLE), 422
    seen = request.form.get("seen", "")

    def edit(data: Data) -> None:
        if mark_of(data.get("title")) != seen:
            raise MovedOnError({"title": data.get("title")})
        data["title"] = title

    sheet = hand.at_work.shelf.at("", bank)
    refused = save_change(hand.at_work.draft, sheet.name if sheet else "", edit, who.id, f"the title of {bank}")
    if refused:
        return _title_page(draft_id, bank, title, title_refused(refused)), 409
    return redirect(url_for("bank.show_bank", draft_id=draft_id, bank=bank), 303)


def title_refused(refused: Refused) -> str:
    """Why a title was not saved; with the title that somebody else gave meanwhile, if that is why."""
    if not refused.moved:
        return refused.words
    return f"Somebody else called it “{(refused.theirs or {}).get('title')}” meanwhile. Which is right?"


def _title_page(draft_id: uuid.UUID, bank: str, typed: str | None = None, error: str | None = None) -> str:
    with database().reading() as look:
        hand = bank_at_hand(look, draft_id, bank)
        return render_template(
            "editor/bank_title.html",
            draft=hand.at_work.draft,
            bank=bank,
            typed=hand.title if typed is None else typed,
            seen=mark_of(hand.title),
            error=error,
        )
