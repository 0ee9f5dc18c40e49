"""The page on which whoever answers says that a question is hard to understand. Its address names the questions, not the answers."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import loaded_edition, texts_of_today
from assess.assessments.careful.asking import ask_about, ticks_in
from assess.assessments.free_words import UnfitWordsError, fit_words
from assess.assessments.question_parts import words_of
from assess.assessments.unclear.keeping import TooManyNotesError, write_down
from assess.assessments.unclear.models import LONGEST_NOTE
from assess.banks.editions import EditionUnknownError
from assess.banks.reader import LoadedEdition
from assess.engine.bank import Section
from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.db import session
from assess.kit.declaring import needs
from assess.kit.limits import STARTING, limited

blueprint = Blueprint("unclear", __name__, url_prefix="/unclear")
NO_QUESTION = "Choose the question."
TOO_MANY = "We have very many notes on this question this month already. Thank you: we will look at it."


@blueprint.get("/<int:edition_id>/<section_id>")
@needs("public.read")
def show_form(edition_id: int, section_id: str) -> str:
    """The questions of a section, and a box."""
    return _page(*_section_or_404(edition_id, section_id), [])


@blueprint.post("/<int:edition_id>/<section_id>")
@needs("public.read")
@limited(STARTING)
def write_note(edition_id: int, section_id: str) -> Response | tuple[str, int]:
    """Keep what was said, and nothing about who said it."""
    loaded, section = _section_or_404(edition_id, section_id)
    question = request.form.get("question", "")
    errors = [] if any(one.id == question for one in section.questions) else [("question", NO_QUESTION)]
    try:
        words = fit_words(request.form.get("words", ""), LONGEST_NOTE)
    except UnfitWordsError as unfit:
        return _page(loaded, section, [*errors, ("words", unfit.sentence)]), 422
    asked = ask_about(words, "words", "Your note", ticks=ticks_in(request.form))
    if asked is not None:
        errors.append(("words", asked.sentence))
    if errors:
        return _page(loaded, section, errors, asked=[asked] if asked else []), 422
    try:
        write_down(session(), loaded.ref.bank, loaded.ref.number, question, words, now())
    except TooManyNotesError:
        return _page(loaded, section, [("words", TOO_MANY)]), 422
    return redirect(url_for("unclear.show_thanks"), 303)


@blueprint.get("/thanks")
@needs("public.read")
def show_thanks() -> str:
    """That it was kept."""
    return render_template("assessments/unclear_thanks.html")


def _section_or_404(edition_id: int, section_id: str) -> tuple[LoadedEdition, Section]:
    try:
        loaded = loaded_edition(edition_id)
    except EditionUnknownError:
        abort(404)
    section = next((one for one in loaded.edition.sections if one.id == section_id), None)
    return loaded, section or abort(404)


def _page(loaded: LoadedEdition, section: Section, errors: list[tuple[str, str]], asked: object = ()) -> str:
    texts = texts_of_today()
    return render_template(
        "assessments/unclear.html",
        title=loaded.edition.title,
        section=section,
        questions=[(one.id, words_of(one, texts).ask) for one in section.questions],
        errors=errors,
        faults=dict(errors),
        typed={name: request.form.get(name, "") for name in ("question", "words")},
        asked=asked,
        ticks=sorted(ticks_in(request.form)),
        longest=LONGEST_NOTE,
        months=settings_of(current_app).draft_months,
    )
