"""A draft that holds what was withdrawn: keep it or leave it out; and a draft begun to take a withdrawn text back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.drafts.models import LONGEST_TITLE
from assess.banks.editions import unsettled
from assess.banks.sheets import Sheet
from assess.editor.door import at_work_or_404
from assess.editor.review.comparing import line_by_line
from assess.editor.review.withdrawn import Holding, holding_of, holdings, keep, leave_out
from assess.editor.workbench import Workbench
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("withdrawn", __name__, url_prefix="/banks")
KEEP, LEAVE_OUT = "keep", "leave_out"
MINE, BEFORE = "mine", "before"
CHOOSE = "Choose whether this draft keeps it or leaves it out."
CHOOSE_TEXT = "Choose which text this draft has here."
Answer = Response | str | tuple[str, int]


@blueprint.get("/drafts/<uuid:draft_id>/withdrawn")
@requires("banks.read", check=permitted_person)
def show_withdrawn(draft_id: uuid.UUID) -> str:
    """What was withdrawn and is in this draft, and how it would be without."""
    return _page(draft_id, {})


@blueprint.post("/drafts/<uuid:draft_id>/withdrawn")
@audited("chosen")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def choose_withdrawn(who: Caller, draft_id: uuid.UUID) -> Answer:
    """Keep it, or set the files back."""
    faults: dict[str, str] = {}
    chosen: list[tuple[Holding, str]] = []
    try:
        at_work = at_work_or_404(session(), draft_id)
        for one in _to_choose(at_work):
            field = f"choice-{one.withdrawn.event_id}"
            said = request.form.get(field)
            if said == KEEP or (said == LEAVE_OUT and one.instead is not None):
                chosen.append((one, said))
            else:
                faults[field] = CHOOSE
            if said == LEAVE_OUT:
                faults |= {
                    f"clash-{one.withdrawn.event_id}-{at}": CHOOSE_TEXT
                    for at, _ in enumerate(one.clashes)
                    if request.form.get(f"clash-{one.withdrawn.event_id}-{at}") not in {MINE, BEFORE}
                }
        if faults:
            roll_back_request()
            return _page(draft_id, faults), 422
        for one, said in chosen:
            if said == KEEP:
                keep(session(), at_work.draft, one, who.id, now())
                continue
            mine = [
                clash.key
                for at, clash in enumerate(one.clashes)
                if request.form[f"clash-{one.withdrawn.event_id}-{at}"] == MINE
            ]
            # read anew: what was left out before may stand in the same files
            shelf = keeping.shelf_with(session(), at_work.draft)
            again = holding_of(session(), shelf, one.withdrawn, mine)
            leave_out(session(), at_work.draft, again, who.id, now())
    except keeping.DraftError as refused:
        roll_back_request()
        return _page(draft_id, {"withdrawn": str(refused)}), 409
    return redirect(url_for("draft.show_draft", draft_id=draft_id, done="chosen"), 303)


@blueprint.post("/history/<bank>/<int:number>/take-back")
@audited("begun")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def begin_taking_back(who: Caller, bank: str, number: int) -> Answer:
    """Begin a draft without what this edition brought; where something later changed it too, ask first which text it has."""
    one = next((one for one in unsettled(session()) if (one.bank, one.number) == (bank, number)), None) or abort(404)
    try:
        draft = keeping.begin(session(), "", who.id, now())
        held = holding_of(session(), keeping.shelf_with(session(), draft), one)
        draft.title = f"Take back edition {number} of “{held.title}”"[:LONGEST_TITLE]
        if not held.clashes:
            leave_out(session(), draft, held, who.id, now())
        else:
            keeping.note_choice(
                session(), draft, one.event_id, who.id, now(), keep=False, what=f"begun without edition {number}"
            )
    except keeping.DraftError as refused:
        roll_back_request()
        other = getattr(refused, "draft_id", None)
        return render_template("editor/take_back_refused.html", bank=bank, number=number, why=refused, other=other), 409
    note_about("draft", draft.id)
    page = "withdrawn.show_withdrawn" if held.clashes else "draft.show_draft"
    return redirect(url_for(page, draft_id=draft.id), 303)


def _to_choose(at_work: Workbench) -> list[Holding]:
    """What has to be chosen; in a draft that was begun to take a text back, also where nothing is left but places changed twice."""
    look = session()
    begun = {
        event.details["withdrawal"]
        for event in keeping.history_of(look, at_work.draft)
        if event.details.get("keep") is False
    }
    found = holdings(look, at_work)
    known = {one.withdrawn.event_id for one in found}
    more = [holding_of(look, at_work.shelf, one) for one in unsettled(look) if one.event_id in begun - known]
    return [one for one in (*found, *more) if one.holds or (one.clashes and one.withdrawn.event_id in begun)]


def _page(draft_id: uuid.UUID, faults: Mapping[str, str]) -> str:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        rows = []
        for one in _to_choose(at_work):
            lines = [
                (name, line_by_line(at_work.shelf.sheets.get(name), None if text is None else Sheet(name, text)))
                for name, text in one.files.items()
            ]
            rows.append((one, lines))
        return render_template(
            "editor/withdrawn.html", draft=at_work.draft, rows=rows, faults=dict(faults), typed=request.form
        )
