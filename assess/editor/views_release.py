"""What the release brings: files that were changed here and have another text beside the code."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.drafts.keeping import DraftError
from assess.editor.from_release import begin_with_release, brought, names_brought
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("release", __name__, url_prefix="/banks/release")
NONE_CHOSEN = "Tick the files whose text you want to take over."


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_release() -> str:
    """Each file with how the texts differ."""
    return _page()


@blueprint.post("")
@audited("begun")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def begin_from_release(who: Caller) -> Response | tuple[str, int]:
    """Begin a draft that takes these texts, and go to it."""
    wanted = [name for name in names_brought(session()) if name in request.form.getlist("files")]
    if not wanted:
        return _page(NONE_CHOSEN), 422
    try:
        draft = begin_with_release(session(), wanted, who.id, now())
    except DraftError as refused:
        roll_back_request()
        return _page(str(refused), wanted), 409
    note_about("draft", draft.id)
    return redirect(url_for("draft.show_draft", draft_id=draft.id), 303)


def _page(error: str | None = None, chosen: list[str] | None = None) -> str:
    with database().reading() as look:
        return render_template("editor/release.html", files=brought(look), error=error, chosen=chosen or [])
