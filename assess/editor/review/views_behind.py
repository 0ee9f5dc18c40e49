"""What somebody published while a draft was being written: both texts, and for each file which of them the draft goes on with."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft, DraftSheet
from assess.banks.sheets import Sheet
from assess.banks.shelves import in_force, text_at
from assess.editor.door import draft_or_404
from assess.editor.review.comparing import line_by_line
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("behind", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/meanwhile")
CHOOSE = "Choose for each file which text this draft goes on with."
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Both:
    """A file: what was published since the draft took it up, and how the draft's text differs from that. `seen`: its digest in force."""

    name: str
    seen: str
    published: str
    ours: str


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_behind(draft_id: uuid.UUID) -> str:
    """Both texts of each file."""
    return _page(draft_id, {})


@blueprint.post("")
@audited("settled")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def settle_behind(who: Caller, draft_id: uuid.UUID) -> Response | tuple[str, int]:
    """Go on with what was chosen for each file."""
    draft = draft_or_404(session(), draft_id)
    chosen = {name: request.form.get(f"text-{at}") for at, name in enumerate(keeping.behind(session(), draft))}
    if not set(chosen.values()) <= {MINE, THEIRS}:
        roll_back_request()
        return _page(draft_id, {f"text-{at}": CHOOSE for at, one in enumerate(chosen.values()) if one is None}), 422
    try:
        for at, (name, one) in enumerate(chosen.items()):
            seen = request.form.get(f"seen-{at}", "")
            keeping.catch_up(session(), draft, name, who.id, now(), in_force_seen=seen, mine=one == MINE)
    except keeping.DraftError as refused:
        roll_back_request()
        return _page(draft_id, {"text-0": str(refused)}), 409
    return redirect(url_for("changes.show_changes", draft_id=draft_id), 303)


def _page(draft_id: uuid.UUID, faults: Mapping[str, str]) -> str:
    with database().reading() as look:
        draft = draft_or_404(look, draft_id)
        files = both_of(look, draft) if draft.stage.open else []
        return render_template(
            "editor/behind.html",
            draft=draft,
            files=files,
            faults=dict(faults),
            typed={f"text-{at}": request.form.get(f"text-{at}") for at in range(len(files))},
        )


def both_of(session: Session, draft: Draft) -> Sequence[Both]:
    """The files of a draft that were published with another text since."""
    state = in_force(session)
    found = []
    for name in keeping.behind(session, draft):
        own = session.get_one(DraftSheet, (draft.id, name))
        digest = state.sheets.get(name) if state else None
        base, here, ours = (
            None if text is None else Sheet(name, text)
            for text in (text_at(session, own.base), text_at(session, digest), own.content)
        )
        found.append(Both(name, digest or "", line_by_line(base, here), line_by_line(here, ours)))
    return found
