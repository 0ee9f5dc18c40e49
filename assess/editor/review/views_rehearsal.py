"""Trying a draft on past submissions: ordering it, how far it is, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.editor.door import at_work_or_404
from assess.editor.review.figures import BANDS, SHOWN_FROM, STEP, Figures, figures_of, from_data
from assess.editor.review.gate import Case
from assess.editor.review.going_along import LOST, brand_new, what_becomes
from assess.editor.review.rehearsals import MOST_A_DAY, Standing, TooOftenError, basis_of, job_of, order
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.integers import integer_asked
from assess.kit.jobs.models import JobState
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("rehearsal", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/rehearsal")

PAUSE = 2
"""Seconds between two looks at the progress."""
MOST_LOOKS = 60
TOO_OFTEN = (
    f"This bank was rehearsed {MOST_A_DAY} times since this time yesterday. Many rehearsals together could tell what one business answered, "
    "so no more are made now. Try again tomorrow."
)
BAND_WORDS: Mapping[str, str] = {
    "low": "low", "medium": "medium", "high": "high", "critical": "act now", "not_rated": "not rated",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One changed bank as the page shows it. What goes with the texts of both editions is known before anybody is counted."""

    standing: Standing
    figures: Figures
    under_way: bool
    failed: bool
    asks: Mapping[str, str]
    left: Sequence[str]
    doubtful: Sequence[str]
    new: Sequence[str]


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_rehearsal(draft_id: uuid.UUID) -> Response:
    """How each changed bank stands. Scripts ask for plain text and get how far it is, with 202 while it is being worked on."""
    return _page(draft_id)


@blueprint.post("")
@audited("begun")
@limited(SAVING, by_visit)
@requires("banks.read", load=permitted_person)
def start_rehearsal(who: Caller, draft_id: uuid.UUID) -> Response:
    """Order it for every changed bank that needs one."""
    at_work = at_work_or_404(session(), draft_id)
    try:
        for one in Case(session(), at_work, now()).rehearsals:
            if one.wanted:
                basis = basis_of(one.change, at_work.shelf, now())
                order(session(), at_work.draft, one, basis, who.id, now())
    except TooOftenError:
        roll_back_request()
        return _page(draft_id, TOO_OFTEN)
    return redirect(url_for(".show_rehearsal", draft_id=draft_id), 303)


def _page(draft_id: uuid.UUID, refused: str = "") -> Response:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        shown = shown_of(look, Case(look, at_work, now()).rehearsals)
    under_way = [one for one in shown if one.under_way]
    words = progress(under_way)
    if under_way and request.accept_mimetypes.best_match(["text/html", "text/plain"]) == "text/plain":
        response = make_response(words, 202)
        response.mimetype = "text/plain"
        response.headers["Retry-After"] = str(PAUSE)
        return response
    here, looked = url_for(".show_rehearsal", draft_id=draft_id), integer_asked("look", 0)
    page = render_template(
        "editor/rehearsal.html",
        draft=at_work.draft,
        shown=shown,
        words=words,
        under_way=bool(under_way),
        wanted=any(one.standing.wanted and not one.under_way for one in shown),
        refused=refused,
        this_page=here,
        pause=PAUSE,
        next_look=f"{here}?look={looked + 1}" if 0 <= looked < MOST_LOOKS else None,
        stop=f"{here}?look={MOST_LOOKS}",
        **words_of_page(),
    )
    return make_response(page, 429 if refused else 200)


def words_of_page() -> Mapping[str, object]:
    """What the tables of a rehearsal need beside the figures."""
    return {"bands": BANDS, "band_words": BAND_WORDS, "shown_from": SHOWN_FROM, "step": STEP}


def shown_of(look: Session, standings: Sequence[Standing]) -> list[Shown]:
    """Each changed bank as a page shows it."""
    return [_shown(look, one) for one in standings]


def _shown(look: Session, one: Standing) -> Shown:
    last, old, new = one.last, one.change.old, one.change.new
    job = job_of(look, last) if last is not None and last.ended_at is None and not one.danger else None
    becomes = what_becomes(old.edition, new) if old else {}
    before = old.edition.questions() if old else ()
    asks = {question.id: question.ask for question in (*before, *new.questions())}
    return Shown(
        standing=one,
        figures=figures_of(from_data(last.counts if last is not None and one.holds else {})),
        under_way=job is not None and job.state in {JobState.WAITING, JobState.RUNNING},
        failed=job is not None and job.state is JobState.SET_ASIDE,
        asks=asks,
        left=[asks[name] for name, reason in becomes.items() if reason in LOST],
        doubtful=[asks[name] for name, reason in becomes.items() if reason not in LOST],
        new=[question.ask for question in brand_new(old.edition, new)] if old else [],
    )


def progress(under_way: Sequence[Shown]) -> str:
    """How far it is, in one sentence."""
    found = [one.standing.last for one in under_way if one.standing.last is not None]
    done, total = sum(one.counted for one in found), sum(one.total for one in found)
    return f"{done:,} of {total:,} submissions are done." if done else "It is about to begin."
