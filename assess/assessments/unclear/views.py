"""The pages on which whoever answers says that a question is hard to understand. Addresses have a number and no id.

Beside a question that can raise a sign, or is asked only because of one, there is no box for words: somebody in danger could believe
that they had told somebody. A reason can be picked beside every question.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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
from assess.engine.bank import Question, Section
from assess.engine.record import about_signs
from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.db import session
from assess.kit.declaring import needs
from assess.kit.limits import STARTING, limited

blueprint = Blueprint("unclear", __name__, url_prefix="/unclear")
NO_REASON = "Choose what is hard to understand."
TOO_MANY = "There are very many notes on this question this month already. Thank you."
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "word": "There is a word I do not know",
        "long": "It is too long",
        "answers": "None of the answers fits",
        "meaning": "I do not know what you mean",
    }
)
LONGEST_WORDS = LONGEST_NOTE - max(len(words) for words in REASONS.values()) - 2
"""Words of somebody's own stand behind the reason in the same column."""
_SECTION = "/<int(max=2147483647):edition_id>/<section_id>"


@blueprint.get(_SECTION)
@needs("public.read")
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
@needs("public.read")
def show_form(edition_id: int, section_id: str, number: int) -> str:
    """One question: reasons to choose from, and a box where words can be no story."""
    loaded, section = _section_or_404(edition_id, section_id)
    return _page(loaded, section, number, {})


@blueprint.post(f"{_SECTION}/<int:number>")
@needs("public.read")
@limited(STARTING)
def write_note(edition_id: int, section_id: str, number: int) -> Response | str | tuple[str, int]:
    """Keep what was said, and nothing about who said it."""
    loaded, section = _section_or_404(edition_id, section_id)
    question = _question_or_404(section, number)
    reason = REASONS.get(request.form.get("reason", ""))
    faults = {} if reason else {"reason": NO_REASON}
    typed = request.form.get("words", "") if _takes_words(loaded, question) else ""
    words, asked = "", None
    if typed.strip():
        try:
            words = fit_words(typed, LONGEST_WORDS)
        except UnfitWordsError as unfit:
            return _page(loaded, section, number, {**faults, "words": unfit.sentence}), 422
        asked = ask_about(words, "words", "Your note", ticks=ticks_in(request.form))
        if asked is not None:
            faults["words"] = asked.sentence
    if faults or reason is None:
        return _page(loaded, section, number, faults, asked=[asked] if asked else []), 422
    note = f"{reason}: {words}" if words else reason
    try:
        write_down(session(), loaded.ref.bank, loaded.ref.number, question.id, note, now())
    except TooManyNotesError:
        return _page(loaded, section, number, {"reason": TOO_MANY}), 422
    return redirect(url_for("unclear.show_thanks"), 303)


@blueprint.get("/thanks")
@needs("public.read")
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


def _takes_words(loaded: LoadedEdition, question: Question) -> bool:
    return question.id not in about_signs(loaded.edition)


def _page(loaded: LoadedEdition, section: Section, number: int, faults: Mapping[str, str], asked: object = ()) -> str:
    question = _question_or_404(section, number)
    return render_template(
        "assessments/unclear_one.html",
        title=loaded.edition.title,
        section=section,
        ask=words_of(question, texts_of_today()).ask,
        back=url_for("unclear.show_section", **{**(request.view_args or {}), "number": None}),
        reasons=list(REASONS.items()),
        takes_words=_takes_words(loaded, question),
        faults=faults,
        typed={name: request.form.get(name, "") for name in ("reason", "words")},
        asked=asked,
        ticks=sorted(ticks_in(request.form)),
        longest=LONGEST_WORDS,
        months=settings_of(current_app).draft_months,
    )
