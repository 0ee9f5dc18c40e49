"""The pages on which a business sees what newer questions would change, moves to them or stays, and goes back."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, loaded_edition, texts_of_today, workspace
from assess.assessments.answering import AlreadySubmittedError, OtherEditionError
from assess.assessments.moving.comparing import Kind, compare
from assess.assessments.moving.keeping import (
    NothingToUndoError,
    last_move,
    move,
    newer_than,
    undo,
    what_goes_back,
)
from assess.assessments.question_parts import words_of
from assess.assessments.typed import revision_in
from assess.assessments.visits import note_use
from assess.engine.bank import Edition
from assess.engine.quick import quick_edition
from assess.engine.record import resting_on_signs
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires

blueprint = Blueprint("moving", __name__, url_prefix="/assessments/<uuid:assessment_id>/newer-questions")
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires("assessment.answer", load=workspace)
def show_changes(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """What would change, before anything does."""
    return _changes_page(work) or _to_tasks(assessment_id)


@blueprint.post("")
@audited("moved")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def move_on(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """Go on to the newer questions that the page told of, and to no others."""
    newer = newer_than(session(), work.opened.edition_id)
    if newer is None or work.opened.submitted:
        return _to_tasks(assessment_id)  # somebody else has moved it, or sent it in
    if revision_in(request.form, "to") != newer.edition_id:
        page = _changes_page(work, others=True)
        return _to_tasks(assessment_id) if page is None else (page, 409)
    try:
        move(session(), work.id, work.opened.edition_id, newer.edition_id, now())
    except (AlreadySubmittedError, OtherEditionError):
        roll_back_request()
        return _to_tasks(assessment_id)
    note_use(session(), visit_token(), work.id, now())
    return _to_tasks(assessment_id)


@blueprint.get("/back")
@requires("assessment.answer", load=workspace)
def show_back(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """What going back means, before anything happens."""
    return _back_page(work) or _to_tasks(assessment_id)


@blueprint.post("/back")
@audited("put back")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def go_back(work: Workspace, assessment_id: uuid.UUID) -> Answer:
    """Go back to the earlier questions, with the answers as they were."""
    try:
        undo(session(), work.id, uuid.UUID(request.form.get("move", "")), now())
    except (AlreadySubmittedError, NothingToUndoError, ValueError):
        roll_back_request()
        return _to_tasks(assessment_id)
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    return _to_tasks(assessment_id)


def _to_tasks(assessment_id: uuid.UUID) -> Response:
    return redirect(url_for("tasks.show_tasks", assessment_id=assessment_id), 303)


def _changes_page(work: Workspace, *, others: bool = False) -> str | None:
    """None when there is nothing to move to. `others`: even newer ones came while the page was open."""
    newer = newer_than(session(), work.opened.edition_id)
    if newer is None or work.opened.submitted:
        return None
    new = _asked(work, loaded_edition(newer.edition_id).edition)
    found = compare(work.edition, new, texts_of_today())
    asked = {question.id for question in work.edition.questions()}
    answered = asked & work.opened.confirmed.keys()
    return render_template(
        "assessments/newer_questions.html",
        id=work.id,
        to=newer.edition_id,
        withdrawn=newer.withdrawn,
        others=others,
        groups={kind.value: found.of_kind[kind] for kind in Kind},
        answered=len(answered),
        along=len(answered & found.as_they_are),
    )


def _back_page(work: Workspace) -> str | None:
    """None when there is nothing to go back to."""
    one = last_move(session(), work.id)
    if one is None:
        return None
    texts = texts_of_today()
    lost = set(what_goes_back(session(), one).lost)
    resting = resting_on_signs(work.full)  # that one of these was asked would tell another answer
    return render_template(
        "assessments/earlier_questions.html",
        id=work.id,
        move=one.id,
        moved_on=date_at(one.moved_at),
        lost=[words_of(question, texts).ask for question in work.full.questions() if question.id in lost - resting],
        more=len(lost & resting),
    )


def _asked(work: Workspace, edition: Edition) -> Edition:
    return quick_edition(edition) if work.opened.quick else edition
