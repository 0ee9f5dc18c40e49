"""One draft: what it changes, what is wrong, its history with a way back for each edit, and giving it up."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.drafts.models import LONGEST_WORDS, Draft
from assess.banks.drafts.undoing import undo, undoable
from assess.editor.door import draft_or_404
from assess.editor.files_called import file_called
from assess.editor.listing import names_of_people
from assess.editor.review.gate import words_of
from assess.editor.review.withdrawn import holdings
from assess.editor.workbench import workbench
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller
from assess.people.permissions import allows, general_relations

blueprint = Blueprint("draft", __name__, url_prefix="/banks/drafts/<uuid:draft_id>")
DONE = {"undone": "Undone.", "saved": "Saved in this draft.", "chosen": "Your choice is saved in this draft."}
SINCE = "This part was changed again after that. Undo the later change first."


@blueprint.get("")
@requires("banks.read", load=permitted_person)
def show_draft(who: Caller, draft_id: uuid.UUID) -> str:
    """What it is, what is wrong, and what happened to it."""
    return _page(who, draft_id)


@blueprint.post("/undo/<int:number>")
@audited("undone")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def undo_edit(who: Caller, draft_id: uuid.UUID, number: int) -> Response | tuple[str, int]:
    """Take one edit back."""
    draft = draft_or_404(session(), draft_id)
    try:
        undo(session(), draft, number, who.id, now())
    except keeping.SheetChangedError:
        roll_back_request()
        return _page(who, draft_id, SINCE), 409
    except keeping.DraftError as refused:
        roll_back_request()
        return _page(who, draft_id, str(refused)), 409
    return redirect(url_for("draft.show_draft", draft_id=draft_id, done="undone"), 303)


@blueprint.get("/give-up")
@requires("banks.edit", check=permitted_person)
def show_give_up(draft_id: uuid.UUID) -> str:
    """Ask again before it is let go."""
    with database().reading() as look:
        return render_template("editor/draft_give_up.html", draft=draft_or_404(look, draft_id))


@blueprint.post("/give-up")
@audited("ended")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def end_draft(who: Caller, draft_id: uuid.UUID) -> Response | tuple[str, int]:
    """Let it go."""
    words = request.form.get("words", "").strip()[:LONGEST_WORDS]
    try:
        keeping.give_up(session(), draft_or_404(session(), draft_id), who.id, words, now())
    except keeping.DraftError as refused:
        roll_back_request()
        return _page(who, draft_id, str(refused)), 409
    return redirect(url_for("banks.show_banks"), 303)


def _page(who: Caller, draft_id: uuid.UUID, error: str | None = None) -> str:
    with database().reading() as look:
        draft: Draft = draft_or_404(look, draft_id)
        history = keeping.history_of(look, draft)
        at_work = workbench(look, draft, now()) if draft.stage.open else None
        return render_template(
            "editor/draft.html",
            draft=draft,
            at_work=at_work,
            undecided=[words_of(one) for one in holdings(look, at_work) if one.undecided] if at_work else [],
            banks=[(bank, file_called(f"{bank}.yaml", at_work.shelf.at("", bank))) for bank in at_work.shelf.banks()]
            if at_work
            else [],
            changed=[file_called(name, at_work.shelf.sheets.get(name)) for name in keeping.sheets_of(look, draft)]
            if at_work
            else [],
            second=allows("banks.publish", general_relations(who)) and who.id not in keeping.editors_of(look, draft),
            history=list(reversed(history)),
            undoable=undoable(look, draft),
            people=names_of_people(look, {event.person_id for event in history}),
            error=error,
            done=DONE.get(request.args.get("done", "")) if request.method == "GET" else None,
        )
