"""The pages of comments: the questions of a section, and the thread of one."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, texts_of_today, workspace
from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.comments.keeping import (
    LONGEST_COMMENT,
    Author,
    CommentStaysError,
    TooManyCommentsError,
    last_of,
    open_counts,
    settle,
    take_away,
    thread_of,
    write,
)
from assess.assessments.delegation.offering import may_be_talked_about
from assess.assessments.free_words import UnfitWordsError, fit_words
from assess.assessments.progress import is_shown
from assess.assessments.question_parts import words_of
from assess.assessments.visits import note_use
from assess.engine.bank import Question, Section
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.caller import caller

blueprint = Blueprint("comments", __name__, url_prefix="/assessments/<uuid:assessment_id>/comments")


@blueprint.get("/section/<section_id>")
@requires("comment.write", load=workspace)
def show_section(work: Workspace, section_id: str) -> str:
    """The questions of a section that may be talked about, each with its number of comments."""
    section = work.section_or_404(section_id)
    found = work.progress.settled.found
    questions = [
        question
        for question in section.questions
        if may_be_talked_about(work.full, question) and is_shown(found, question.id)
    ]
    with database().reading() as look:
        counts = open_counts(look, work.id)
    texts = texts_of_today()
    rows = [(question.id, words_of(question, texts).ask, counts[question.id]) for question in questions]
    return render_template("assessments/comments_section.html", id=work.id, section=section, rows=rows)


@blueprint.get("/<question_id>")
@requires("comment.write", load=workspace)
def show_thread(work: Workspace, question_id: str) -> str:
    """What was said about one question."""
    return _page(work, *_question_or_404(work, question_id))


@blueprint.post("/<question_id>")
@audited("added")
@limited(SAVING, by_visit)
@requires("comment.write", load=workspace)
def add(work: Workspace, question_id: str) -> Response | tuple[str, int]:
    """Say something."""
    section, question = _question_or_404(work, question_id)
    typed = request.form.get("words", "")
    for_delegate = "for_delegate" in request.form
    try:
        words = fit_words(typed, LONGEST_COMMENT)
        asked = ask_about(words, "words", "Your comment", ticks=ticks_in(request.form))
        if asked is not None:
            return _page(
                work, section, question, error=asked.sentence, typed=typed, for_delegate=for_delegate, asked=asked
            ), 422
        write(session(), work.id, question.id, words, _author(work), now(), for_delegate=for_delegate)
    except UnfitWordsError as unfit:
        return _page(work, section, question, error=unfit.sentence, typed=typed, for_delegate=for_delegate), 422
    except TooManyCommentsError as full:
        return _page(work, section, question, error=full.sentence, typed=typed, for_delegate=for_delegate), 422
    note_use(session(), visit_token(), work.id, now())
    return redirect(_thread(work, question.id), 303)


@blueprint.post("/<question_id>/settle")
@audited("settled")
@limited(SAVING, by_visit)
@requires("comment.write", load=workspace)
def settle_thread(work: Workspace, question_id: str) -> Response:
    """Close the thread."""
    _, question = _question_or_404(work, question_id)
    settle(session(), work.id, question.id, now())
    note_use(session(), visit_token(), work.id, now())
    return redirect(_thread(work, question.id), 303)


@blueprint.post("/<question_id>/<uuid:comment_id>/delete")
@audited("deleted")
@limited(SAVING, by_visit)
@requires("comment.write", load=workspace)
def delete(work: Workspace, question_id: str, comment_id: uuid.UUID) -> Response:
    """Take one's own last comment away."""
    _, question = _question_or_404(work, question_id)
    try:
        take_away(session(), work.id, question.id, comment_id, _author(work))
    except CommentStaysError:
        abort(404)
    note_use(session(), visit_token(), work.id, now())
    return redirect(_thread(work, question.id), 303)


def _author(work: Workspace) -> Author:
    """Who writes here. Whoever has no role in the organisation came by a link, and writes as all who hold one."""
    who = caller()
    return Author(who.id if who is not None and who.in_organisation(work.opened.organisation_id) else None)


def _question_or_404(work: Workspace, question_id: str) -> tuple[Section, Question]:
    found = (
        (section, question)
        for section in work.edition.sections
        for question in section.questions
        if question.id == question_id and may_be_talked_about(work.full, question)
    )
    return next(found, None) or abort(404)


def _thread(work: Workspace, question: str) -> str:
    return url_for("comments.show_thread", assessment_id=work.id, question_id=question)


def _page(
    work: Workspace,
    section: Section,
    question: Question,
    *,
    error: str | None = None,
    typed: str = "",
    for_delegate: bool = False,
    asked: Asked | None = None,
) -> str:
    author = _author(work)
    with database().reading() as look:
        thread = thread_of(look, work.id, question.id)
    return render_template(
        "assessments/comments_thread.html",
        id=work.id,
        section=section,
        question=question.id,
        ask=words_of(question, texts_of_today()).ask,
        thread=[(comment, author.wrote(comment)) for comment in thread],
        removable=last_of(thread, author),
        open=any(comment.settled_at is None for comment in thread),
        longest=LONGEST_COMMENT,
        error=error,
        typed=typed,
        for_delegate=for_delegate,
        asked=[asked] if asked else [],
        ticks=sorted(ticks_in(request.form)),
    )
