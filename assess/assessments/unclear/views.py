"""The pages on which whoever answers says that a question is hard to understand. Addresses have a number and no id.

There are reasons to pick and no box for words, beside any question: somebody in danger could believe that they had told somebody,
and a box beside some questions alone would show which ones matter.
"""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import loaded_edition, texts_of_today
from assess.assessments.question_parts import words_of
from assess.assessments.unclear.keeping import REASONS, TooManyNotesError, write_down
from assess.banks.editions import EditionUnknownError
from assess.banks.reader import LoadedEdition
from assess.engine.bank import Question, Section
from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.db import session
from assess.kit.limits import STARTING, limited
from assess.kit.route_permissions import audited, requires

blueprint = Blueprint("unclear", __name__, url_prefix="/unclear")
NO_REASON = "Choose what is hard to understand."
TOO_MANY = "There are very many notes on this question this month already. Thank you."
_SECTION = "/<int:edition_id>/<section_id>"


@blueprint.get(_SECTION)
@requires("public.read")
def show_section(edition_id: int, section_id: str) -> str:
    """The questions of a section, to choose one."""
    loaded, section = _section_or_404(edition_id, section_id)
    texts = texts_of_today()
    return render_template(
        "assessments/unclear.html",
        edition_id=edition_id,
        section=section,
        asks=[words_of(one, texts).ask for one in section.questions],
        title=loaded.edition.title,
    )


@blueprint.get(f"{_SECTION}/<int:number>")
@requires("public.read")
def show_form(edition_id: int, section_id: str, number: int) -> str:
    """One question, and reasons to choose from."""
    loaded, section = _section_or_404(edition_id, section_id)
    return _page(loaded, section, number)


@blueprint.post(f"{_SECTION}/<int:number>")
@audited("written")
@limited(STARTING)
@requires("public.read")
def write_note(edition_id: int, section_id: str, number: int) -> Response | str | tuple[str, int]:
    """Keep what was said, and nothing about who said it."""
    loaded, section = _section_or_404(edition_id, section_id)
    question = _question_or_404(section, number)
    reason = REASONS.get(request.form.get("reason", ""))
    if reason is None:
        return _page(loaded, section, number, NO_REASON), 422
    try:
        write_down(session(), loaded.ref.bank, loaded.ref.number, question.id, reason, now())
    except TooManyNotesError:
        return _page(loaded, section, number, TOO_MANY), 422
    return redirect(url_for("unclear.show_thanks"), 303)


@blueprint.get("/thanks")
@requires("public.read")
def show_thanks() -> str:
    """That it was kept, that nobody reads it today, and whom to call."""
    return render_template("assessments/unclear_thanks.html")


def _section_or_404(edition_id: int, section_id: str) -> tuple[LoadedEdition, Section]:
    try:
        loaded = loaded_edition(edition_id)
    except EditionUnknownError:
        abort(404)
    section = next((one for one in loaded.edition.sections if one.id == section_id), None)
    return loaded, section or abort(404)


def _question_or_404(section: Section, number: int) -> Question:
    return section.questions[number - 1] if 0 < number <= len(section.questions) else abort(404)


def _page(loaded: LoadedEdition, section: Section, number: int, fault: str | None = None) -> str:
    question = _question_or_404(section, number)
    return render_template(
        "assessments/unclear_one.html",
        title=loaded.edition.title,
        section=section,
        ask=words_of(question, texts_of_today()).ask,
        back=url_for("unclear.show_section", **{**(request.view_args or {}), "number": None}),
        reasons=list(REASONS.items()),
        fault=fault,
        chosen=request.form.get("reason", ""),
        months=settings_of(current_app).draft_months,
    )
