"""What is wrong with a draft, and what its authors may want to look at again, with the reasons for leaving it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.remarks import idle_waivers, remarked_in_all, rule_called
from assess.banks.sheets import Shelf, shelf_of
from assess.banks.shelves import in_force, texts_of
from assess.editor.door import at_work_or_404
from assess.editor.saving import save_change
from assess.editor.trying.problems import (
    banks_of_sheets,
    by_question,
    changed_in,
    figures_in,
    grouped,
    remarks_of,
    where_of,
)
from assess.editor.trying.waiving import LONGEST_REASON, name_of, take_back, waive
from assess.editor.workbench import Spot, Workbench
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("problems", __name__, url_prefix="/banks/drafts/<uuid:draft_id>")
NO_REASON = "Write in a few words why it may stay as it is."
MOVED_ON = "Somebody changed this question since you opened it. It is shown as it stands now. Save again if your reason is still right."


@blueprint.get("/problems")
@requires("banks.read", check=permitted_person)
def show_problems(draft_id: uuid.UUID) -> str:
    """Everything that was found, and every remark."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        remarks = remarked_in_all(at_work.looked.checked)
        open_ones = [one for one in remarks if one.waived is None]
        state = in_force(look)
        before = Workbench(at_work.draft, shelf_of(texts_of(look, state)) if state else Shelf(), at_work.now)
        changed = changed_in(at_work, before)
        return render_template(
            "editor/trying/problems.html",
            draft=at_work.draft,
            problems=grouped(at_work, at_work.looked.problems),
            warnings=grouped(at_work, at_work.looked.warnings),
            counts=(len(at_work.looked.problems), len(at_work.looked.warnings)),
            ours=by_question(one for one in open_ones if one.question in changed),
            others=by_question(one for one in open_ones if one.question not in changed),
            endangering=[one for one in at_work.guarded if one.words],
            figures_in=figures_in,
            stands_in=lambda one: where_of(at_work.shelf.sheets.get(one.file), one.line, None).words,
            waived=[one for one in remarks if one.waived is not None],
            idle=idle_waivers(at_work.looked.checked),
            unread=[bank for bank, one in at_work.looked.checked.items() if one.edition is None],
            banks=_homes(at_work),
            name_of=name_of,
        )


@blueprint.get("/<bank>/questions/<question_id>/waive/<rule>")
@requires("banks.edit", check=permitted_person)
def show_waive(draft_id: uuid.UUID, bank: str, question_id: str, rule: str) -> str:
    """Ask for the reason, or show it."""
    with database().reading() as look:
        return _waive_page(at_work_or_404(look, draft_id, bank), bank, question_id, rule)


@blueprint.post("/<bank>/questions/<question_id>/waive/<rule>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_waiver(
    who: Caller, draft_id: uuid.UUID, bank: str, question_id: str, rule: str
) -> str | Response | tuple[str, int]:
    """Write the reason into the question, or take it out again."""
    at_work = at_work_or_404(session(), draft_id, bank)
    spot = _spot_or_404(at_work, bank, question_id, rule)
    reason, seen = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON], request.form.get("seen", "")
    back = request.form.get("go") == "back"
    if not back and not reason:
        return _waive_page(at_work, bank, question_id, rule, NO_REASON), 422
    edit = take_back(spot.path, seen, rule) if back else waive(spot.path, seen, rule, reason)
    what = f"the question “{spot.data.get('ask', question_id)}”: {'a waiver taken back' if back else 'a remark waived'}"
    refused = save_change(at_work.draft, spot.sheet.name, edit, who.id, what)
    if refused is None:
        return redirect(url_for("problems.show_problems", draft_id=draft_id, _anchor="remarks"), 303)
    with database().reading() as look:
        here = at_work_or_404(look, draft_id, bank)
        return _waive_page(here, bank, question_id, rule, MOVED_ON if refused.moved else refused.words), 409


def _waive_page(at_work: Workbench, bank: str, question_id: str, rule: str, error: str | None = None) -> str:
    spot = _spot_or_404(at_work, bank, question_id, rule)
    written = spot.data.get("waived")
    reason = written.get(rule, "") if isinstance(written, dict) else ""
    return render_template(
        "editor/trying/waive.html",
        draft=at_work.draft,
        bank=bank,
        spot=spot,
        name=name_of(rule),
        remarks=[one for one in remarks_of(at_work, bank, question_id) if one.remark.rule == rule],
        reason=reason,
        typed=request.form.get("reason", reason),
        error=error,
    )


def _spot_or_404(at_work: Workbench, bank: str, question_id: str, rule: str) -> Spot:
    if rule_called(rule) is None:
        abort(404)
    return at_work.question(bank, question_id) or abort(404)


def _homes(at_work: Workbench) -> dict[str, str]:
    """For each question a bank that asks it."""
    homes = banks_of_sheets(at_work)
    found: dict[str, str] = {}
    for bank in at_work.shelf.banks():
        for spot in at_work.questions_of(bank):
            found.setdefault(str(spot.data.get("id")), homes.get(spot.sheet.name, bank))
    return found
