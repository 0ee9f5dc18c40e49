"""The history of every bank: its editions, what each changed, and withdrawing one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.banks.editions import Byline, edition_of, put_back, withdraw
from assess.banks.models import LONGEST_NOTE, Stage
from assess.editor.door import let_in
from assess.editor.review.editions import Kept, all_editions, between, editions_of, starts_with_then
from assess.editor.ways import way_of_banks
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.declaring import needs
from assess.kit.limits import SAVING, by_visit, limited
from assess.people.caller import Caller
from assess.people.permissions import allows, general_relations

blueprint = Blueprint("bank_history", __name__, url_prefix="/banks/history")
way_of_banks(30, "History", "bank_history.show_history")

NO_REASON = "Say why. It stands in the history of the bank for good."
NOT_SURE = "Tick that you want this."
TOO_LONG = f"Shorten this to {LONGEST_NOTE} characters or fewer."


@blueprint.get("")
@needs("banks.read")
def show_history() -> str:
    """Every edition of every bank."""
    let_in()
    with database().reading() as look:
        found = all_editions(look)
        titles = {bank: edition_of(look, kept[0].id).edition.title for bank, kept in found.items()}
    banks = sorted(found.items(), key=lambda one: titles[one[0]])
    return render_template("editor/history.html", banks=banks, titles=titles)


@blueprint.get("/<bank>/<int:number>")
@needs("banks.read")
def show_edition(bank: str, number: int) -> str:
    """One edition: how it came to be, what it changed, and what became of it."""
    return _page(let_in(), bank, number, {})


@blueprint.post("/<bank>/<int:number>/withdraw")
@needs("banks.publish")
@limited(SAVING, by_visit)
def withdraw_edition(bank: str, number: int) -> Response | tuple[str, int]:
    """Let no new assessment begin with it."""
    return _settle(bank, number, Stage.WITHDRAWN)


@blueprint.post("/<bank>/<int:number>/put-back")
@needs("banks.publish")
@limited(SAVING, by_visit)
def put_edition_back(bank: str, number: int) -> Response | tuple[str, int]:
    """Let new assessments begin with it again."""
    return _settle(bank, number, Stage.PUBLISHED)


def _settle(bank: str, number: int, stage: Stage) -> Response | tuple[str, int]:
    who = let_in()
    _kept_or_404(session(), bank, number)
    why = request.form.get("why", "").strip()
    faults = {} if why else {"why": NO_REASON}
    if len(why) > LONGEST_NOTE:
        faults["why"] = TOO_LONG
    if request.form.get("sure") != "yes":
        faults["sure"] = NOT_SURE
    if faults:
        return _page(who, bank, number, faults), 422
    done = withdraw if stage is Stage.WITHDRAWN else put_back
    done(session(), bank, number, now(), Byline(who.id, why))
    return redirect(url_for(".show_edition", bank=bank, number=number), 303)


def _kept_or_404(look: Session, bank: str, number: int) -> tuple[list[Kept], Kept]:
    kept = editions_of(look, bank)
    return kept, next((one for one in kept if one.number == number), None) or abort(404)


def _page(who: Caller, bank: str, number: int, faults: Mapping[str, str]) -> str:
    with database().reading() as look:
        kept, this = _kept_or_404(look, bank, number)
        before, compared = between(look, kept, number)
        return render_template(
            "editor/edition.html",
            this=this,
            title=compared.new.title,
            before=before,
            compared=compared,
            then=starts_with_then(kept, number),
            newer=next((one.number for one in kept if one.in_use), None),
            may_publish=allows("banks.publish", general_relations(who)),
            faults=dict(faults),
            typed={name: request.form.get(name, "") for name in ("why", "sure")},
        )
