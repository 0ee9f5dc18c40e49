"""The pages on which the person who answers says that a question is hard to understand. Addresses have a number and no id.

There are reasons to pick and no box for words, beside any question: a person in danger could believe that they had told the coordinators,
and a box beside some questions alone would show which ones matter.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from assess.assessments.access import loaded_edition, texts_today
from assess.assessments.models import QuestionFeedback
from assess.assessments.question_parts import question_texts
from assess.core import clock
from assess.core.application import settings_of
from assess.core.clock import uk_date
from assess.core.db import request_session
from assess.core.forms.fields import ChoiceField
from assess.core.forms.form import read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import START_LIMIT, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.bank import Question, Section
from assess.question_banks.reader import LoadedEdition

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "word": "There is a word I do not know",
        "long": "It is too long",
        "answers": "None of the answers fits",
        "meaning": "I do not know what you mean",
    }
)
MAX_FEEDBACK_PER_MONTH = 50
"""Notes taken on one question in one month: more would not be read."""


class TooMuchFeedbackError(Exception):
    """There are so many notes on this question this month that no more are taken."""


def save_feedback(session: Session, bank: str, edition: int, question: str, words: str, now: datetime) -> None:
    """Keep one more note. No event: its moment would tell who wrote it. Raises TooMuchFeedbackError."""
    month = month_text(uk_date(now))
    there = (
        select(func.count())
        .select_from(QuestionFeedback)
        .where(QuestionFeedback.question == question, QuestionFeedback.month == month)
    )
    if (session.scalar(there) or 0) >= MAX_FEEDBACK_PER_MONTH:
        raise TooMuchFeedbackError
    note = {"id": uuid.uuid4(), "bank": bank, "edition": edition, "question": question, "month": month, "words": words}
    session.execute(insert(QuestionFeedback).values(note).execution_options(not_audited=True))


def month_text(day: date) -> str:
    """Year and month of a day, "2026-11"."""
    return f"{day:%Y-%m}"


def get_feedback(session: Session, question: str, today: date) -> Sequence[QuestionFeedback]:
    """The notes on a question, the newest month first. This month's wait: who was here this week is too easily known."""
    return session.scalars(
        select(QuestionFeedback)
        .where(QuestionFeedback.question == question, QuestionFeedback.month < month_text(today))
        .order_by(QuestionFeedback.month.desc(), QuestionFeedback.id)
    ).all()


def feedback_counts(session: Session, today: date) -> Counter[str]:
    wanted = select(QuestionFeedback.question, func.count()).where(QuestionFeedback.month < month_text(today))
    found: Counter[str] = Counter()
    for question, count in session.execute(wanted.group_by(QuestionFeedback.question)):
        found[question] = count
    return found


def delete_old_feedback(session: Session, now: datetime, *, months: int) -> None:
    today = uk_date(now)
    count = today.year * 12 + today.month - 1 - months
    oldest = f"{count // 12:04d}-{count % 12 + 1:02d}"
    session.execute(delete(QuestionFeedback).where(QuestionFeedback.month < oldest).execution_options(not_audited=True))


blueprint = Blueprint("question_feedback", __name__, url_prefix="/question-feedback")
_SECTION_RULE = "/<int:edition_id>/<section_id>"


@blueprint.get(_SECTION_RULE)
@requires("public.read")
def show_feedback_questions(edition_id: int, section_id: str) -> str:
    loaded, section = _section_or_404(edition_id, section_id)
    texts = texts_today()
    return render_template(
        "assessments/question_feedback_choose.html",
        edition_id=edition_id,
        section=section,
        asks=[question_texts(one, texts).ask for one in section.questions],
        title=loaded.edition.title,
    )


@blueprint.route(f"{_SECTION_RULE}/<int:number>", methods=["GET", "POST"])
@audited("written")
@rate_limited(START_LIMIT, forms=True)
@requires("public.read")
def send_feedback(edition_id: int, section_id: str, number: int) -> PageResponse:
    loaded, section = _section_or_404(edition_id, section_id)
    if request.method != "POST":
        return _feedback_page(loaded, section, number)
    question = _question_by_number_or_404(section, number)
    form = read_fields(reason=ChoiceField(REASONS, required="Choose what is hard to understand."))
    if form.errors:
        return _feedback_page(loaded, section, number, form.errors["reason"]), 422
    reason = REASONS[form["reason"]]
    try:
        save_feedback(request_session(), loaded.ref.bank, loaded.ref.number, question.id, reason, clock.now())
    except TooMuchFeedbackError:
        return _feedback_page(
            loaded, section, number, "There are very many notes on this question this month already. Thank you."
        ), 422
    return redirect(url_for("question_feedback.show_feedback_thanks"), 303)


@blueprint.get("/thanks")
@requires("public.read")
def show_feedback_thanks() -> str:
    return render_template("assessments/question_feedback_thanks.html")


def _section_or_404(edition_id: int, section_id: str) -> tuple[LoadedEdition, Section]:
    loaded = loaded_edition(edition_id)
    section = next((one for one in loaded.edition.sections if one.id == section_id), None)
    return loaded, section or abort(404)


def _question_by_number_or_404(section: Section, number: int) -> Question:
    return section.questions[number - 1] if 0 < number <= len(section.questions) else abort(404)


def _feedback_page(loaded: LoadedEdition, section: Section, number: int, error: str | None = None) -> str:
    question = _question_by_number_or_404(section, number)
    return render_template(
        "assessments/question_feedback.html",
        title=loaded.edition.title,
        section=section,
        ask=question_texts(question, texts_today()).ask,
        back=url_for("question_feedback.show_feedback_questions", **{**(request.view_args or {}), "number": None}),
        reasons=list(REASONS.items()),
        fault=error,
        chosen=sent_form().get("reason", ""),
        months=settings_of(current_app).draft_months,
    )
