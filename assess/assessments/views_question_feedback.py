"""The pages on which the person who answers says that a question is hard to understand. Addresses have a number and no id.

There are reasons to pick and no box for words, beside any question: a person in danger could believe that they had told the coordinators,
and a box beside some questions alone would show which ones matter.
"""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from assess.assessments.access import loaded_edition, texts_today
from assess.assessments.question_feedback import REASONS, TooMuchFeedbackError, save_feedback
from assess.assessments.question_parts import question_texts
from assess.core import clock
from assess.core.application import settings_of
from assess.core.db import request_session
from assess.core.forms.fields import ChoiceField
from assess.core.forms.form import read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import START_LIMIT, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.bank import Question, Section
from assess.question_banks.reader import LoadedEdition

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
