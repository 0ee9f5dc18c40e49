"""The files of a draft as text: for whoever likes to write whole pages at once, and for what no other page can change."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.sheets import unreadable
from assess.banks.shelves import digest_of_bytes
from assess.editor.door import at_work_or_404, draft_or_404
from assess.editor.files_called import file_called
from assess.editor.trying.texts import Line, around, as_kept, how_they_differ
from assess.editor.workbench import workbench
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.integers import integer_asked
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("texts", __name__, url_prefix="/banks/drafts/<uuid:draft_id>")
MOST_TOLD = 50
"""Problems of a file that are told with their lines; the rest is counted."""


@blueprint.get("/texts")
@requires("banks.read", check=permitted_person)
def show_texts(draft_id: uuid.UUID) -> str:
    """Every file: whether the draft changes it, and how much is wrong with it."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        told = [one.file for one in (*at_work.looked.problems, *at_work.looked.warnings)]
        changed = keeping.sheets_of(look, at_work.draft)
        rows = [
            (name, file_called(name, sheet), name in changed, told.count(name))
            for name, sheet in sorted(at_work.shelf.sheets.items(), key=lambda one: (one[0].count("/"), one[0]))
        ]
        return render_template("editor/trying/texts.html", draft=at_work.draft, rows=rows)


@blueprint.get("/texts/<path:sheet>")
@requires("banks.read", check=permitted_person)
def show_text(draft_id: uuid.UUID, sheet: str) -> str:
    """One file, with what is wrong in it."""
    return _page(draft_id, sheet)


@blueprint.post("/texts/<path:sheet>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_text(who: Caller, draft_id: uuid.UUID, sheet: str) -> str | Response | tuple[str, int]:
    """Keep the text, unless it cannot be read or somebody else changed it meanwhile."""
    typed = as_kept(request.form.get("text", ""))
    fault = unreadable(sheet, typed)  # before the first statement: reading a text takes up to a second
    if fault:
        return _page(draft_id, sheet, typed=typed, error=f"Line {fault.line}: {fault.message}", line=fault.line), 422
    draft = draft_or_404(session(), draft_id)
    keeping.hold(session(), draft)
    here = keeping.sheet_of(session(), draft, sheet)
    if here is None:
        abort(404)
    if digest_of_bytes(here) != request.form.get("seen"):
        roll_back_request()
        if here == typed:
            return redirect(url_for("texts.show_text", draft_id=draft_id, sheet=sheet), 303)
        return _page(draft_id, sheet, typed=typed, theirs=here), 409
    try:
        if here != typed:
            what = f"the text of {sheet}"
            keeping.save(session(), draft, sheet, typed, who.id, now(), seen=here, what=what)
    except keeping.DraftError as refused:
        roll_back_request()
        return _page(draft_id, sheet, typed=typed, error=str(refused)), 409
    return redirect(url_for("texts.show_text", draft_id=draft_id, sheet=sheet, saved="yes"), 303)


@blueprint.get("/files/<path:sheet>")
@requires("banks.read", check=permitted_person)
def download_file(draft_id: uuid.UUID, sheet: str) -> Response:
    """The file as it stands in the draft."""
    with database().reading() as look:
        content = keeping.sheet_of(look, draft_or_404(look, draft_id), sheet)
    if content is None:
        abort(404)
    found = FlaskResponse(content, mimetype="text/csv" if sheet.endswith(".csv") else "application/yaml")
    found.headers.set("Content-Disposition", "attachment", filename=sheet.rpartition("/")[2])
    return found


def _page(
    draft_id: uuid.UUID,
    name: str,
    *,
    typed: bytes | None = None,
    error: str | None = None,
    line: int | None = None,
    theirs: bytes | None = None,
) -> str:
    with database().reading() as look:
        if typed is None:
            at_work = at_work_or_404(look, draft_id)
        else:  # whatever became of the draft meanwhile, what was typed is shown again
            at_work = workbench(look, draft_or_404(look, draft_id), now())
        sheet = at_work.shelf.sheets.get(name) or abort(404)
        here = sheet.content if isinstance(sheet.content, bytes) else b""
        text = (here if typed is None else typed).decode("utf-8-sig", "replace")
        told = [one for one in (*at_work.looked.problems, *at_work.looked.warnings) if one.file == name]
        seen = digest_of_bytes(here if theirs is None else theirs)
        if typed is not None and theirs is None:
            seen = request.form.get("seen", "")
        wanted = line or integer_asked("line", 0)
        mine = text if theirs is not None else ""
        differing: tuple[Line, ...] = (
            how_they_differ((theirs or b"").decode("utf-8-sig", "replace"), mine) if mine else ()
        )
        return render_template(
            "editor/trying/text.html",
            draft=at_work.draft,
            name=name,
            text=text,
            seen=seen,
            told=[(one, around(sheet.text, one.line)) for one in told[:MOST_TOLD]] if typed is None else [],
            more=max(0, len(told) - MOST_TOLD) if typed is None else 0,
            wanted=around(text, wanted) if wanted else (),
            wanted_line=wanted,
            differing=differing,
            saved="saved" in request.args and typed is None,
            error=error,
        )
