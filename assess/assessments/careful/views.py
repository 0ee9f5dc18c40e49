"""The page of all words that somebody typed, and taking some of them out for good. No address says which."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.careful.finding import in_words
from assess.assessments.careful.judged import findings_of
from assess.assessments.careful.places import MOST_LISTED, Words, take_out, words_of
from assess.assessments.opening import forget_texts
from assess.assessments.visits import note_use
from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.integers import page_asked
from assess.kit.limits import SAVING, Limit, by_visit, limited
from assess.kit.route_permissions import audited, requires

blueprint = Blueprint("careful", __name__, url_prefix="/assessments/<uuid:assessment_id>/words")


PAGE = 50
"""Texts on one page of the list."""
LISTING = Limit("words", 60, 60)


@blueprint.get("")
@limited(LISTING, by_visit)
@requires("words.redact", load=workspace)
def show_words(work: Workspace) -> str:
    """Everything that was typed freely and is kept, and a button beside each."""
    return _list_page(work)


@blueprint.post("")
@audited("asked")
@limited(SAVING, by_visit)
@requires("words.redact", load=workspace)
def ask(work: Workspace) -> str | tuple[str, int]:
    """What goes and what stays, before anything happens."""
    words = _chosen(work.id)
    if words is None:
        return _list_page(work, gone=True), 422
    return render_template(
        "assessments/careful_confirm.html",
        id=work.id,
        words=words,
        was_submitted=work.opened.submitted or work.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
    )


@blueprint.post("/out")
@audited("taken out")
@limited(SAVING, by_visit)
@requires("words.redact", load=workspace)
def take(work: Workspace) -> Response | tuple[str, int]:
    """Take the words out for good. Pressing twice is pressing once."""
    words = _chosen(work.id)
    if words is not None:
        take_out(session(), work.id, words.text, now())
        note_use(session(), visit_token(), work.id, now())
        commit_request()
        forget_texts()
    return redirect(url_for("careful.show_words", assessment_id=work.id, done="yes", _anchor="done"), 303)


def _chosen(assessment_id: uuid.UUID) -> Words | None:
    mark = request.form.get("words", "")
    with database().reading() as look:  # nobody waits to save while all words are looked through
        return next((words for words in words_of(look, assessment_id) if words.mark == mark), None)


def _list_page(work: Workspace, *, gone: bool = False) -> str:
    with database().reading() as look:
        found = words_of(look, work.id)
    pages = max(1, -(-len(found) // PAGE))
    page = min(page_asked(), pages)
    here = found[(page - 1) * PAGE : page * PAGE]
    judged = findings_of(work.id, [words.text for words in here])
    return render_template(
        "assessments/careful_words.html",
        id=work.id,
        rows=[(words, in_words(judged[words.text]) if words.text in judged else None) for words in here],
        page=page,
        pages=pages,
        total=len(found),
        full=len(found) >= MOST_LISTED,
        done="done" in request.args,
        gone=gone,
    )
