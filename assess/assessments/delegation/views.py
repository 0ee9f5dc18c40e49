"""The pages on which a business gives a part to a colleague, and sees what became of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, texts_of_today, workspace
from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.delegation.access import part_of
from assess.assessments.delegation.answers import hers_of
from assess.assessments.delegation.checking import answers_shown, came_in_from
from assess.assessments.delegation.keeping import (
    DAYS,
    LONGEST_WORDS,
    USUAL_DAYS,
    TooManyError,
    Wanted,
    delegation_of,
    delegations_of,
    end,
    history_of,
    make,
    offers_of,
    send_back,
    standing_of,
    works,
)
from assess.assessments.delegation.models import Delegation, DelegationEvent
from assess.assessments.delegation.offering import goes_alone, ordinary_questions
from assess.assessments.free_words import UnfitWordsError, fit_words
from assess.assessments.links import LONGEST_NOTE, LinkUnknownError
from assess.assessments.progress import is_shown
from assess.assessments.question_parts import words_of
from assess.assessments.views_links import messages
from assess.assessments.visits import note_use
from assess.engine.bank import Question, Section
from assess.kit.application import public_address
from assess.kit.audit.requests import note_about, note_detail
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires

SUBJECT = "A few questions for you"
"""Neutral on purpose: it shows on locked screens and in lists of mail."""

blueprint = Blueprint("delegation", __name__, url_prefix="/assessments/<uuid:assessment_id>/delegation")


@blueprint.get("")
@requires("delegation.manage", load=workspace)
def show_all(work: Workspace) -> str:
    """Which parts can be given away, and what became of those that were."""
    moment = now()
    with database().reading() as look:
        made = delegations_of(look, work.id)
        came_in = came_in_from(look, work.id)
        offers = len(offers_of(look, work.id))
    return render_template(
        "assessments/delegation.html",
        id=work.id,
        submitted=work.opened.submitted,
        parts=_parts(work),
        made=[(one, title_of(work, one), standing_of(one, moment).value, came_in.get(one.id, 0)) for one in made],
        offers=offers,
    )


@blueprint.get("/section/<section_id>")
@requires("delegation.manage", load=workspace)
def show_section(work: Workspace, section_id: str) -> str:
    """What goes with this section, what stays, and the form that makes the link."""
    return _section_page(work, work.section_or_404(section_id))


@blueprint.post("/section/<section_id>")
@audited("given")
@limited(SAVING, by_visit)
@requires("delegation.manage", load=workspace)
def give_section(work: Workspace, section_id: str) -> str | tuple[str, int]:
    """Make the link for a section and show it, once."""
    section = work.section_or_404(section_id)
    if part_of(work.full, work.edition, section.id, None) is None:
        abort(404)
    note = " ".join(request.form.get("note", "")[:1000].split())[:LONGEST_NOTE]
    asked = ask_about(note, "note", "Whom is it for?", ticks=ticks_in(request.form))
    if asked is not None:
        return _section_page(work, section, asked=asked), 422
    wanted = Wanted(section.id, None, note, _days())
    return _made(work, wanted) or (_section_page(work, section, too_many=True), 422)


@blueprint.get("/question/<question_id>")
@requires("delegation.manage", load=workspace)
def show_question(work: Workspace, question_id: str) -> str:
    """What it means to give this one question away, and the form that makes the link."""
    return _question_page(work, *_question_or_404(work, question_id))


@blueprint.post("/question/<question_id>")
@audited("given")
@limited(SAVING, by_visit)
@requires("delegation.manage", load=workspace)
def give_question(work: Workspace, question_id: str) -> str | tuple[str, int]:
    """Make the link for one question and show it, once."""
    section, question = _question_or_404(work, question_id)
    if "sure" not in request.form:
        sentence = "Tick the box to say that this person may know what is asked."
        return _question_page(work, section, question, error=sentence), 422
    wanted = Wanted(section.id, question.id, "", _days())
    return _made(work, wanted) or (_question_page(work, section, question, too_many=True), 422)


@blueprint.get("/<uuid:delegation_id>")
@requires("delegation.manage", load=workspace)
def show_one(work: Workspace, delegation_id: uuid.UUID) -> str:
    """How it stands with one, and all that happened to it."""
    return _one_page(work, _one_or_404(work, delegation_id))


@blueprint.post("/<uuid:delegation_id>/back")
@audited("sent back")
@limited(SAVING, by_visit)
@requires("delegation.manage", load=workspace)
def back(work: Workspace, delegation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Send it back with changes asked for."""
    one = _one_or_404(work, delegation_id)
    typed = request.form.get("words", "")
    try:
        words = "" if one.question is not None else fit_words(typed, LONGEST_WORDS)
        asked = ask_about(words, "words", "What should be changed?", ticks=ticks_in(request.form))
        if asked is not None:
            return _one_page(work, one, error=asked.sentence, typed=typed, asked=asked), 422
        send_back(session(), work.id, one.id, words, now())
    except UnfitWordsError as unfit:
        return _one_page(work, one, error=unfit.sentence, typed=typed), 422
    except LinkUnknownError:  # its time was up, or it was ended meanwhile: the page says so
        return redirect(_address(work, one.id), 303)
    note_use(session(), visit_token(), work.id, now())
    return redirect(_address(work, one.id), 303)


@blueprint.post("/<uuid:delegation_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("delegation.manage", load=workspace)
def end_link(work: Workspace, delegation_id: uuid.UUID) -> Response:
    """End one link, at once. What was answered stays."""
    try:
        end(session(), work.id, delegation_id, now())
    except LinkUnknownError:
        abort(404)
    note_use(session(), visit_token(), work.id, now())
    return redirect(_address(work, delegation_id), 303)


def title_of(work: Workspace, one: Delegation) -> str:
    """What was given, in words."""
    section = next((part for part in work.full.sections if part.id == one.section), None)
    if section is None:
        return "A part"
    if one.question is None:
        return section.title
    question = next((question for question in section.questions if question.id == one.question), None)
    return "One question" if question is None else f"One question: {words_of(question, texts_of_today()).ask}"


def _days() -> int:
    given = request.form.get("days", USUAL_DAYS, type=int)
    return given if given in DAYS else USUAL_DAYS


def _address(work: Workspace, delegation_id: uuid.UUID) -> str:
    return url_for("delegation.show_one", assessment_id=work.id, delegation_id=delegation_id)


def _parts(work: Workspace) -> list[tuple[str, str, int, int]]:
    """The sections shown now: id, title, how many of their questions go with them and how many only by themselves."""
    found = work.progress.settled.found
    rows = []
    for section in work.edition.sections:
        shown = [question for question in section.questions if is_shown(found, question.id)]
        together = [question for question in ordinary_questions(work.full, section) if question in shown]
        alone = [question for question in shown if goes_alone(work.full, question)]
        if together or alone:
            rows.append((section.id, section.title, len(together), len(alone)))
    return rows


def _question_or_404(work: Workspace, question_id: str) -> tuple[Section, Question]:
    seen = work.progress.settled.found
    found = (
        (section, question)
        for section in work.edition.sections
        for question in section.questions
        if question.id == question_id and goes_alone(work.full, question) and is_shown(seen, question.id)
    )
    return next(found, None) or abort(404)


def _one_or_404(work: Workspace, delegation_id: uuid.UUID) -> Delegation:
    with database().reading() as look:
        try:
            return delegation_of(look, work.id, delegation_id)
        except LinkUnknownError:
            abort(404)


def _made(work: Workspace, wanted: Wanted) -> str | None:
    """The page with the new link, or None when there are too many already."""
    try:
        link = make(session(), work.id, wanted, now())
    except TooManyError:
        return None
    note_about("delegation", link.id)
    note_detail("days", wanted.days)
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    address = public_address(current_app, url_for("colleague.show_landing", token=link.token))
    return render_template(
        "assessments/delegation_made.html",
        id=work.id,
        link=link.id,
        address=address,
        days=wanted.days,
        **messages(SUBJECT, address),
    )


def _asks(questions: list[Question]) -> list[tuple[str, str]]:
    texts = texts_of_today()
    return [(question.id, words_of(question, texts).ask) for question in questions]


def _section_page(work: Workspace, section: Section, *, too_many: bool = False, asked: Asked | None = None) -> str:
    found = work.progress.settled.found
    shown = [question for question in section.questions if is_shown(found, question.id)]
    ordinary = ordinary_questions(work.full, section)
    return render_template(
        "assessments/delegation_section.html",
        id=work.id,
        section=section,
        together=_asks([question for question in shown if question in ordinary]),
        alone=_asks([question for question in shown if goes_alone(work.full, question)]),
        submitted=work.opened.submitted,
        days=DAYS,
        usual=USUAL_DAYS,
        too_many=too_many,
        note=request.form.get("note", "")[:1000],
        error=asked.sentence if asked else None,
        asked=[asked] if asked else [],
        ticks=sorted(ticks_in(request.form)),
    )


def _question_page(
    work: Workspace, section: Section, question: Question, *, error: str | None = None, too_many: bool = False
) -> str:
    return render_template(
        "assessments/delegation_question.html",
        id=work.id,
        section=section,
        ask=words_of(question, texts_of_today()).ask,
        submitted=work.opened.submitted,
        days=DAYS,
        usual=USUAL_DAYS,
        error=error,
        too_many=too_many,
    )


def _one_page(
    work: Workspace, one: Delegation, *, error: str | None = None, typed: str = "", asked: Asked | None = None
) -> str:
    moment = now()
    with database().reading() as look:
        history = history_of(look, DelegationEvent.delegation_id == one.id)
        answers = hers_of(look, one.id)
        offers = sum(whose.id == one.id for whose, _ in offers_of(look, work.id))
    return render_template(
        "assessments/delegation_one.html",
        id=work.id,
        one=one,
        title=title_of(work, one),
        standing=standing_of(one, moment).value,
        works=works(one, moment),
        until=date_at(one.until),
        history=[(event, date_at(event.at)) for event in history],
        offers=offers,
        answers=answers_shown(work, answers),
        submitted=work.opened.submitted,
        longest=LONGEST_WORDS,
        error=error,
        typed=typed,
        asked=[asked] if asked else [],
        ticks=sorted(ticks_in(request.form)),
    )
