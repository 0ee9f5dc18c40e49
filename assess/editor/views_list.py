"""The first page of the editor: every bank, the drafts that are open, and how to begin another."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.drafts.keeping import begin
from assess.banks.drafts.models import LONGEST_TITLE
from assess.banks.editions import edition_of, unsettled, waiting_for_second
from assess.editor.from_release import names_brought
from assess.editor.listing import banks_now, closed_drafts, names_of_people, open_drafts
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("banks", __name__, url_prefix="/banks")
NO_TITLE = "Give it a title, such as “Clearer question about pay”."


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_banks() -> str:
    """Every bank with its edition, and the drafts."""
    return _page()


@blueprint.post("")
@audited("begun")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def begin_draft(who: Caller) -> Response | tuple[str, int]:
    """Begin a draft, and go to it."""
    title = " ".join(request.form.get("title", "").split())
    if not title:
        return _page(error=NO_TITLE), 422
    if len(title) > LONGEST_TITLE:
        return _page(error=f"The title may have {LONGEST_TITLE} characters at most.", typed=title), 422
    draft = begin(session(), title, who.id, now())
    note_about("draft", draft.id)
    return redirect(url_for("draft.show_draft", draft_id=draft.id), 303)


def _page(error: str | None = None, typed: str = "") -> str:
    with database().reading() as look:
        opened, closed = open_drafts(look), closed_drafts(look)
        return render_template(
            "editor/banks.html",
            banks=banks_now(look),
            opened=opened,
            closed=closed,
            stopped=waiting_for_second(look),
            withdrawn=[(one, edition_of(look, one.edition_id).edition.title) for one in unsettled(look)],
            brought=names_brought(look),
            people=names_of_people(look, {one.author_id for one in opened}),
            error=error,
            typed=typed,
        )
