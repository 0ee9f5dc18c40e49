"""Pages of the comments on a section or question. Questions that can raise a sign have no comments."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments import comments
from assess.assessments.access import AssessmentContext, mark_used, open_assessment, texts_today
from assess.assessments.delegation import may_be_commented
from assess.assessments.personal_data.services import FreeTextForm, check_personal_data
from assess.assessments.queries import is_shown
from assess.assessments.question_parts import question_texts
from assess.core import clock
from assess.core.db import database, request_session
from assess.core.forms.fields import NOTHING_WRITTEN, ParagraphField, TickField
from assess.core.forms.form import read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.bank import Question, Section
from assess.identity.current_user import current_user

blueprint = Blueprint("comments", __name__, url_prefix="/assessments/<uuid:assessment_id>/comments")


@blueprint.get("/section/<section_id>")
@requires("comment.write", load=open_assessment)
def show_section_comments(context: AssessmentContext, section_id: str) -> str:
    section = context.section_or_404(section_id)
    answers = context.progress.visibility.answers
    questions = [
        question
        for question in section.questions
        if may_be_commented(context.full_edition, question) and is_shown(answers, question.id)
    ]
    with database().reading() as session:
        counts = comments.open_comment_counts(session, context.id)
    texts = texts_today()
    rows = [(question.id, question_texts(question, texts).ask, counts[question.id]) for question in questions]
    return render_template("assessments/comments_section.html", id=context.id, section=section, rows=rows)


@blueprint.route("/<question_id>", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("comment.write", load=open_assessment)
def write_comment(context: AssessmentContext, question_id: str) -> PageResponse:
    section, question = _question_or_404(context, question_id)
    if request.method != "POST":
        return _thread_page(context, section, question, FreeTextForm({"words": "", "for_delegate": ""}))
    sent = read_fields(
        words=ParagraphField(comments.LONGEST_COMMENT, required=NOTHING_WRITTEN), for_delegate=TickField()
    )
    form = check_personal_data(sent, {"words": "Your comment"}, sent_form())
    if form.errors:
        return _thread_page(context, section, question, form), 422
    try:
        comments.add_comment(
            request_session(),
            context.id,
            question.id,
            form["words"],
            _author(context),
            clock.now(),
            for_delegate=form["for_delegate"],
        )
    except comments.TooManyCommentsError as many:
        return _thread_page(context, section, question, form.with_errors({"words": str(many)})), 422
    mark_used(context)
    return redirect(_thread_address(context, question.id), 303)


@blueprint.post("/<question_id>/close")
@audited("settled")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("comment.write", load=open_assessment)
def close_comment_thread(context: AssessmentContext, question_id: str) -> Response:
    _, question = _question_or_404(context, question_id)
    comments.close_thread(request_session(), context.id, question.id, clock.now())
    mark_used(context)
    return redirect(_thread_address(context, question.id), 303)


@blueprint.post("/<question_id>/<uuid:comment_id>/delete")
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("comment.write", load=open_assessment)
def remove_comment(context: AssessmentContext, question_id: str, comment_id: uuid.UUID) -> Response:
    _, question = _question_or_404(context, question_id)
    comments.delete_comment(request_session(), context.id, question.id, comment_id, _author(context))
    mark_used(context)
    return redirect(_thread_address(context, question.id), 303)


def _author(context: AssessmentContext) -> comments.CommentAuthor:
    """Who writes here. Anyone who has no role in the organisation came by a link, and writes as all who hold one."""
    who = current_user()
    return comments.CommentAuthor(
        who.id if who is not None and who.in_organisation(context.opened.organisation_id) else None
    )


def _question_or_404(context: AssessmentContext, question_id: str) -> tuple[Section, Question]:
    found = (
        (section, question)
        for section in context.asked_edition.sections
        for question in section.questions
        if question.id == question_id and may_be_commented(context.full_edition, question)
    )
    return next(found, None) or abort(404)


def _thread_address(context: AssessmentContext, question: str) -> str:
    return url_for("comments.write_comment", assessment_id=context.id, question_id=question)


def _thread_page(
    context: AssessmentContext,
    section: Section,
    question: Question,
    form: FreeTextForm,
) -> str:
    author = _author(context)
    with database().reading() as session:
        thread = comments.get_thread(session, context.id, question.id)
    return render_template(
        "assessments/comments_thread.html",
        id=context.id,
        section=section,
        question=question.id,
        ask=question_texts(question, texts_today()).ask,
        thread=[(comment, author.wrote(comment)) for comment in thread],
        removable=comments.removable_comment_id(thread, author),
        open=any(comment.settled_at is None for comment in thread),
        longest=comments.LONGEST_COMMENT,
        form=form,
    )
