"""The duties of a draft: the list by where they hold, and the review of each by a named person on a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.drafts.keeping import shelf_with
from assess.editor.door import at_work_or_404, open_draft_or_404
from assess.editor.law import changes
from assess.editor.law.fields import Field, Kind, read
from assess.editor.law.kinds import DUTIES, EVIDENCE_WORDS, FORCE_WORDS, PLACE_WORDS, STATUS_WORDS, Thing, thing, things
from assess.editor.law.showing import day_in_words, for_whom, form_of, names_at
from assess.editor.saving import Refused, save_change
from assess.kit.clock import today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("duties", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/duties")
AHEAD = "Enter a day that is not in the future."
REVIEW = (
    Field("Who reviewed it", Kind.LINE, ("reviewed_by",), "Their name and what they are, for example: A. Example, solicitor. It is printed.", required=True),
    Field("On which day", Kind.DAY, ("reviewed_on",), "For example 24/11/2026.", required=True),
)  # fmt: skip


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_duties(draft_id: uuid.UUID) -> str:
    """Every duty, by where it holds."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        return render_template(
            "editor/duties.html",
            day_in_words=day_in_words,
            draft=at_work.draft,
            groups=by_place(things(at_work.shelf, DUTIES)),
            force=FORCE_WORDS,
            status=STATUS_WORDS,
            evidence=EVIDENCE_WORDS,
        )


@blueprint.get("/<duty_name>/review")
@requires("banks.edit", check=permitted_person)
def show_review(draft_id: uuid.UUID, duty_name: str) -> str:
    """Ask who reviewed it and when."""
    return _page(draft_id, duty_name)


@blueprint.post("/<duty_name>/review")
@audited("changed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def change_review(who: Caller, draft_id: uuid.UUID, duty_name: str) -> Response | tuple[str, int]:
    """Write down who reviewed it, or that nobody did."""
    draft = open_draft_or_404(draft_id)
    here = thing(shelf_with(session(), draft), DUTIES, duty_name) or abort(404)
    by = on = None
    what = f"the duty “{here.title}”: nobody has reviewed it"
    if "none" not in request.form:
        said = read(REVIEW, request.form)
        errors = dict(said.errors)
        by, on = (str(said.values.get((key,), "")) for key in changes.REVIEW)
        if on > today().isoformat():
            errors["reviewed_on"] = AHEAD
        if errors:
            return _page(draft_id, duty_name, errors=errors), 422
        what = f"the duty “{here.title}”: reviewed by {by}"
    seen = request.form.get("seen", "")
    refused = save_change(
        draft, here.sheet.name, lambda data: changes.review(data, DUTIES, duty_name, seen, by, on), who.id, what
    )
    if refused:
        return _page(draft_id, duty_name, refused=refused), 409
    return redirect(
        url_for("things.show_thing", draft_id=draft_id, kind=DUTIES.name, thing_name=duty_name, saved=1), 303
    )


def by_place(duties: Iterable[Thing]) -> list[tuple[str, list[Thing]]]:
    """The duties by where they hold, in the order of the files."""
    groups: dict[str, list[Thing]] = {}
    for one in duties:
        places = one.data.get("jurisdiction")
        said = (
            ", ".join(PLACE_WORDS.get(str(place), str(place)) for place in places) if isinstance(places, list) else ""
        )
        groups.setdefault(said or "Nowhere", []).append(one)
    return list(groups.items())


def _page(
    draft_id: uuid.UUID, duty_name: str, *, errors: dict[str, str] | None = None, refused: Refused | None = None
) -> str:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        here = thing(at_work.shelf, DUTIES, duty_name) or abort(404)
        return render_template(
            "editor/duty_review.html",
            draft=at_work.draft,
            thing=here,
            rows=form_of(
                REVIEW,
                here.data,
                typed=request.form if request.method == "POST" else None,
                errors=errors,
                theirs=refused.theirs if refused else None,
            ),
            for_whom=for_whom(names_at(at_work), duty_name),
            errors=errors or {},
            refused=refused,
        )
