"""The list of all free text of an assessment and redacting some of it; and warnings on a page of questions. No address says which text is meant."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, commit_and_mark_used, workspace
from assess.assessments.forms import PostedSection
from assess.assessments.personal_data.detector import findings_text
from assess.assessments.personal_data.services import (
    MAX_LISTED_TEXTS,
    FreeText,
    PersonalDataWarning,
    free_texts_of_answer,
    get_findings,
    get_free_texts,
    redact_text,
    warn_of_personal_data,
)
from assess.assessments.queries import clear_answer_cache
from assess.core import clock
from assess.core.application import settings_of
from assess.core.db import database, request_session
from assess.core.pagination import paginate, query_page
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.bank import Question
from assess.engine.free_text import takes_free_text


def warn_in_section(
    posted: PostedSection, questions: Iterable[Question], stored: Mapping[str, object], ticks: Collection[str]
) -> list[PersonalDataWarning]:
    """What to ask about the texts of a posted page. An answer with such a text leaves `changes` and gets a sentence in `errors`.

    `stored` are the answers kept so far, by question.
    """
    asked: list[PersonalDataWarning] = []
    for question in questions:
        if posted.changes.get(question.id) is None or not takes_free_text(question):
            continue
        known = set(free_texts_of_answer(question, stored.get(question.id)))
        found = list(_warnings_for_question(question, posted, known, ticks))
        if not found:
            continue
        asked += [one for _row, _column, one in found]
        del posted.changes[question.id]
        if question.type == "table":
            cells: dict[int, dict[str, list[str]]] = {}
            for row, column, one in found:
                cells.setdefault(row, {})[column] = [one.sentence]
            posted.errors[question.id] = cells
        else:
            posted.errors[question.id] = [one.sentence for _row, _column, one in found]
    return asked


def _warnings_for_question(
    question: Question, posted: PostedSection, known: Collection[str], ticks: Collection[str]
) -> Iterator[tuple[int, str, PersonalDataWarning]]:
    if question.type == "text":
        one = warn_of_personal_data(
            str(posted.changes[question.id]), question.id, question.ask, ticks=ticks, stored=known
        )
        if one is not None:
            yield 0, "", one
        return
    for number, row in enumerate(posted.typed[question.id].rows):
        for column in question.columns:
            if column.type != "text":
                continue
            box, label = f"{question.id}-{number}-{column.id}", f"{column.label} (row {number + 1})"
            one = warn_of_personal_data(" ".join(row.get(column.id, "").split()), box, label, ticks=ticks, stored=known)
            if one is not None:
                yield number, column.id, one


blueprint = Blueprint("personal_data", __name__, url_prefix="/assessments/<uuid:assessment_id>/free-text")

TEXTS_PER_PAGE = 50
LISTING_LIMIT = Limit("words", 60, 60)


@blueprint.get("")
@rate_limited(LISTING_LIMIT, by_session_or_address)
@requires("words.redact", load=workspace)
def show_free_texts(work: Workspace) -> str:
    return _list_page(work)


@blueprint.post("")
@audited("asked")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("words.redact", load=workspace)
def confirm_redaction(work: Workspace) -> str | tuple[str, int]:
    words = _chosen_text(work.id)
    if words is None:
        return _list_page(work, gone=True), 422
    return render_template(
        "assessments/free_text_redact.html",
        id=work.id,
        words=words,
        was_submitted=work.opened.submitted or work.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
    )


@blueprint.post("/redact")
@audited("taken out")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("words.redact", load=workspace)
def redact(work: Workspace) -> Response | tuple[str, int]:
    """Take the words out for good. Pressing twice is pressing once."""
    words = _chosen_text(work.id)
    if words is not None:
        redact_text(request_session(), work.id, words.text, clock.now())
        commit_and_mark_used(work)
        clear_answer_cache()
    return redirect(url_for("personal_data.show_free_texts", assessment_id=work.id, done="yes", _anchor="done"), 303)


def _chosen_text(assessment_id: uuid.UUID) -> FreeText | None:
    mark = request.form.get("words", "")
    with database().reading() as session:  # nobody waits to save while all words are looked through
        return next((words for words in get_free_texts(session, assessment_id) if words.mark == mark), None)


def _list_page(work: Workspace, *, gone: bool = False) -> str:
    with database().reading() as session:
        found = get_free_texts(session, work.id)
    page = paginate(found, query_page(), TEXTS_PER_PAGE)
    judged = get_findings(work.id, [words.text for words in page.rows])
    return render_template(
        "assessments/free_text.html",
        id=work.id,
        rows=[(words, findings_text(judged[words.text]) if words.text in judged else None) for words in page.rows],
        page=page,
        full=len(found) >= MAX_LISTED_TEXTS,
        done="done" in request.args,
        gone=gone,
    )
