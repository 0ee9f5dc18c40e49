"""The list of all free text of an assessment and redacting some of it. No address says which text is meant."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, mark_used_and_commit, open_assessment
from assess.assessments.personal_data.detector import findings_text
from assess.assessments.personal_data.services import (
    MAX_LISTED_TEXTS,
    FreeText,
    get_findings,
    get_free_texts,
    redact_text,
)
from assess.assessments.queries import clear_answer_cache
from assess.core import clock
from assess.core.application import settings_of
from assess.core.db import database, request_session
from assess.core.forms.form import sent_form
from assess.core.pagination import paginate, query_page
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires

blueprint = Blueprint("personal_data", __name__, url_prefix="/assessments/<uuid:assessment_id>/free-text")

TEXTS_PER_PAGE = 50
LISTING_LIMIT = Limit("words", 60, 60)


@blueprint.get("")
@rate_limited(LISTING_LIMIT, by_session_or_address)
@requires("words.redact", load=open_assessment)
def show_free_texts(context: AssessmentContext) -> str:
    return _list_page(context)


@blueprint.post("")
@audited("asked")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("words.redact", load=open_assessment)
def ask_before_redaction(context: AssessmentContext) -> str | tuple[str, int]:
    words = _chosen_text(context.id)
    if words is None:
        return _list_page(context, gone=True), 422
    return render_template(
        "assessments/free_text_redact.html",
        id=context.id,
        words=words,
        was_submitted=context.opened.submitted or context.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
    )


@blueprint.post("/redact")
@audited("taken out")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("words.redact", load=open_assessment)
def redact(context: AssessmentContext) -> Response | tuple[str, int]:
    """Take the words out for good. Pressing twice is pressing once."""
    words = _chosen_text(context.id)
    if words is not None:
        redact_text(request_session(), context.id, words.text, clock.now())
        mark_used_and_commit(context)
        clear_answer_cache()
    return redirect(url_for("personal_data.show_free_texts", assessment_id=context.id, done="yes", _anchor="done"), 303)


def _chosen_text(assessment_id: uuid.UUID) -> FreeText | None:
    mark = sent_form().get("words", "")
    with database().reading() as session:  # nobody waits to save while all words are looked through
        return next((words for words in get_free_texts(session, assessment_id) if words.mark == mark), None)


def _list_page(context: AssessmentContext, *, gone: bool = False) -> str:
    with database().reading() as session:
        found = get_free_texts(session, context.id)
    page = paginate(found, query_page(), TEXTS_PER_PAGE)
    judged = get_findings(context.id, [words.text for words in page.rows])
    return render_template(
        "assessments/free_text.html",
        id=context.id,
        rows=[(words, findings_text(judged[words.text]) if words.text in judged else None) for words in page.rows],
        page=page,
        full=len(found) >= MAX_LISTED_TEXTS,
        done="done" in request.args,
        gone=gone,
    )
