"""A workbook sent in: every change is shown first, with what is wrong and what the draft says otherwise by now; then it is saved."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.looking import look_at
from assess.banks.sheets import Found
from assess.editor.door import at_work_or_404
from assess.editor.sheets import proposing
from assess.editor.sheets.merging import Beside, Merged
from assess.editor.sheets.opening import LARGEST_FILE, open_workbook
from assess.editor.sheets.proposing import Proposal, Read
from assess.editor.sheets.saying import rows_missing, said
from assess.editor.sheets.taking_in import origin_of
from assess.editor.workbench import Workbench
from assess.kit.audit.requests import note_detail
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.guards import takes_file
from assess.kit.limits import SAVING, Limit, by_visit, count, limited
from assess.kit.route_permissions import audited, requires
from assess.kit.workbooks.refusing import FileRefusedError
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("spreadsheet", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/spreadsheet")

FILE, PACKED, AWAY, MINE, THEIRS = "workbook", "changes", "take_away", "mine", "theirs"
LARGEST_FORM = LARGEST_FILE + 512 * 1024
READING = Limit("bank-workbook", 60, 3600)
MOST_SHOWN = 300
"""Rows of one table on the page."""
CHOOSE = "Choose which of the two the draft shall say."
MOVED = "Somebody changed the same thing in the draft. Choose below, then save again. Nothing was saved yet."
NOT_WHOLE = "What the workbook would change did not arrive whole. Choose the file again."


@dataclass
class Shown:
    """What the page of changes shows beside the changes themselves."""

    read: Read | None = None
    errors: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    take_away: bool = False


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_spreadsheet(draft_id: uuid.UUID, bank: str) -> str:
    """Take the workbook away, or send it in."""
    return _form(draft_id, bank)


@blueprint.post("")
@audited("sent")
@takes_file(FILE, LARGEST_FORM)
@requires("banks.edit", load=permitted_person)
def send_workbook(who: Caller, draft_id: uuid.UUID, bank: str) -> str | tuple[str, int]:
    """Read a workbook and show what it would change. Nothing is saved."""
    count(READING, str(who.id))
    sent = request.files.get(FILE)
    try:
        name, data = (sent.filename or "", sent.stream.read(LARGEST_FILE + 1)) if sent else ("", b"")
        sheets = open_workbook(name, data)
        origin = origin_of(sheets)
        with database().reading() as look:
            at_work = at_work_or_404(look, draft_id, bank)
            own = at_work.shelf.at("", bank) or abort(404)
            read = proposing.read_proposal(look, sheets, origin, own.name)
            return _changes(look, at_work, bank, read.proposal, Shown(read))
    except FileRefusedError as refused:
        return _form(draft_id, bank, str(refused)), 422


@blueprint.post("/save")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_workbook(who: Caller, draft_id: uuid.UUID, bank: str) -> Response | tuple[str, int]:
    """Save what was shown, with the choices that were made."""
    proposal = proposing.unpacked(request.form.get(PACKED, ""))
    if proposal is None:
        return _form(draft_id, bank, NOT_WHOLE), 422
    shown = Shown(take_away=AWAY in request.form)
    shown.chosen = {name: value for name, value in request.form.items() if name.startswith("conflict-")}
    draft = keeping_draft(draft_id, bank)
    try:
        found = proposing.beside(session(), draft.shelf, bank, proposal, take_away=shown.take_away)
        settled = _settled(found, shown)
        if shown.errors:
            roll_back_request()
            return _again(draft_id, bank, proposal, shown), 422
        note_detail("lines", proposing.save_changes(session(), draft.draft, settled, who.id, now()))
    except (keeping.DraftError, FileRefusedError) as refused:
        roll_back_request()
        shown.errors["changes"] = str(refused)
        return _again(draft_id, bank, proposal, shown), 409
    return redirect(url_for("draft.show_draft", draft_id=draft_id, done="saved"), 303)


def keeping_draft(draft_id: uuid.UUID, bank: str) -> Workbench:
    """The draft, held: nobody else changes it before this request is over."""
    held = at_work_or_404(session(), draft_id, bank)
    keeping.hold(session(), held.draft)
    return at_work_or_404(session(), draft_id, bank)


def _settled(found: Merged, shown: Shown) -> list[Beside]:
    """What will be written. Conflicts nobody chose in are errors of the page."""
    settled = list(found.taken)
    for one in found.conflicts:
        name = conflict_name(one)
        if shown.chosen.get(name) not in {MINE, THEIRS}:
            shown.errors[name] = CHOOSE
        elif shown.chosen[name] == MINE:
            settled.append(one)
    if shown.errors and not shown.chosen:
        shown.errors = {"changes": MOVED, **shown.errors}
    return settled


def conflict_name(one: Beside) -> str:
    """The field of a form in which somebody chooses."""
    return f"conflict-{proposing.mark_of_conflict(one)}"


def _form(draft_id: uuid.UUID, bank: str, error: str | None = None) -> str:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        return render_template("editor/spreadsheet.html", draft=at_work.draft, bank=bank, error=error)


def _again(draft_id: uuid.UUID, bank: str, proposal: Proposal, shown: Shown) -> str:
    with database().reading() as look:
        return _changes(look, at_work_or_404(look, draft_id, bank), bank, proposal, shown)


def _changes(look: Session, at_work: Workbench, bank: str, proposal: Proposal, shown: Shown) -> str:
    found = proposing.beside(look, at_work.shelf, bank, proposal, take_away=shown.take_away)
    errors = dict(shown.errors)
    problems: list[Found] = []
    try:
        texts = proposing.texts_after(at_work.shelf, found.taken)
        before = {(one.file, one.number, one.message) for one in at_work.looked.problems}
        after = look_at(proposing.shelf_after(at_work.shelf, texts), now()).problems
        problems = [one for one in after if (one.file, one.number, one.message) not in before]
    except keeping.DraftError as refused:
        errors.setdefault("changes", str(refused))
    asks = {str(one.data.get("id")): str(one.data.get("ask") or "") for one in at_work.questions_of(bank)}
    names = {one.change.at.file for one in (*found.taken, *found.conflicts)}
    return render_template(
        "editor/spreadsheet_changes.html",
        draft=at_work.draft,
        bank=bank,
        packed=proposing.packed(proposal),
        taken=[said(one, asks) for one in found.taken[:MOST_SHOWN]],
        more=max(0, len(found.taken) - MOST_SHOWN),
        total=len(found.taken),
        conflicts=[(conflict_name(one), said(one, asks)) for one in found.conflicts],
        already=found.already,
        elsewhere=proposing.taken_elsewhere(look, at_work.draft, names),
        faults=shown.read.faults if shown.read else (),
        missing=rows_missing(proposal.missing),
        unknown=shown.read.unknown if shown.read else (),
        problems=problems,
        errors=errors,
        chosen=shown.chosen,
        take_away=shown.take_away,
    )
