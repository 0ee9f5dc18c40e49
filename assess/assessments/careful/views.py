"""The page of all words that somebody typed, and taking some of them out for good. No address says which."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import workspace
from assess.assessments.careful import kept, said  # noqa: F401  # their places are known once they are read
from assess.assessments.careful.finding import details_in, in_words
from assess.assessments.careful.places import Words, take_out, words_of
from assess.assessments.opening import forget_texts
from assess.assessments.visits import note_use
from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.declaring import needs
from assess.kit.limits import SAVING, by_visit, limited

blueprint = Blueprint("careful", __name__, url_prefix="/assessments/<uuid:assessment_id>/words")


@blueprint.get("")
@needs("words.redact")
def show_words(assessment_id: uuid.UUID) -> str:
    """Everything that was typed freely and is kept, and a button beside each."""
    return _list_page(assessment_id)


@blueprint.post("")
@needs("words.redact")
@limited(SAVING, by_visit)
def ask(assessment_id: uuid.UUID) -> str | tuple[str, int]:
    """What goes and what stays, before anything happens."""
    work = workspace(assessment_id)
    words = _chosen(work.id)
    if words is None:
        return _list_page(assessment_id, gone=True), 422
    return render_template(
        "assessments/careful_confirm.html",
        id=work.id,
        words=words,
        was_submitted=work.opened.submitted or work.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
    )


@blueprint.post("/out")
@needs("words.redact")
@limited(SAVING, by_visit)
def take(assessment_id: uuid.UUID) -> Response | tuple[str, int]:
    """Take the words out for good. Pressing twice is pressing once."""
    work = workspace(assessment_id)
    words = _chosen(work.id)
    if words is not None:
        take_out(session(), work.id, words.text, now())
        note_use(session(), visit_token(), work.id, now())
        commit_request()
        forget_texts()
    return redirect(url_for("careful.show_words", assessment_id=work.id, done="yes", _anchor="done"), 303)


def _chosen(assessment_id: uuid.UUID) -> Words | None:
    mark = request.form.get("words", "")
    return next((words for words in words_of(session(), assessment_id) if words.mark == mark), None)


def _list_page(assessment_id: uuid.UUID, *, gone: bool = False) -> str:
    work = workspace(assessment_id)
    with database().reading() as look:
        found = words_of(look, work.id)
    return render_template(
        "assessments/careful_words.html",
        id=work.id,
        rows=[(words, in_words(details_in(words.text))) for words in found],
        done="done" in request.args,
        gone=gone,
    )
