"""The page on which a business decides between what it had answered and what a colleague did."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, texts_of_today, workspace
from assess.assessments.answering import AlreadySubmittedError
from assess.assessments.delegation.answers import Decision, decide
from assess.assessments.delegation.keeping import offers_of
from assess.assessments.delegation.models import DelegatedAnswer, Delegation
from assess.assessments.models import Part
from assess.assessments.question_parts import words_of
from assess.assessments.typed import revision_in
from assess.assessments.visits import note_use
from assess.engine.bank import Question
from assess.engine.wording import answer_text
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires

TAKE, LEAVE = "theirs", "ours"
ANSWER = Part.ANSWER.value

blueprint = Blueprint("offers", __name__, url_prefix="/assessments/<uuid:assessment_id>/delegation/answers")


@dataclass(frozen=True, slots=True)
class Offer:
    """One question with both answers in words. `name` begins the fields of it in the form."""

    name: str
    ask: str
    ours: Sequence[str]
    theirs: Sequence[str]
    whose: str
    on: object
    against: int


@blueprint.get("")
@requires("delegation.manage", load=workspace)
def show_offers(work: Workspace) -> str:
    """Both texts of each answer that waits."""
    return _page(work)


@blueprint.post("")
@audited("decided")
@limited(SAVING, by_visit)
@requires("delegation.manage", load=workspace)
def decide_offers(work: Workspace, assessment_id: uuid.UUID) -> Response | tuple[str, int]:
    """Take or leave those that were decided; the others wait on."""
    decisions = _decisions(work)
    try:
        since = decide(session(), work.id, decisions, now())
    except AlreadySubmittedError:
        roll_back_request()
        return _page(workspace(assessment_id), closed=True), 409
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    if since:
        return _page(workspace(assessment_id), changed_since=True), 409
    if not decisions:
        return _page(work, nothing=True), 422
    return redirect(url_for("delegation.show_all", assessment_id=work.id), 303)


def _decisions(work: Workspace) -> list[Decision]:
    with database().reading() as look:
        offers = offers_of(look, work.id)
    found = []
    for delegation, answer in offers:
        name = _name(delegation, answer)
        picked = request.form.get(f"{name}.pick", "")
        if picked in {TAKE, LEAVE}:
            against = revision_in(request.form, f"{name}.against")
            found.append(Decision(delegation.id, answer.question, picked == TAKE, against))
    return found


def _name(delegation: Delegation, answer: DelegatedAnswer) -> str:
    return f"{answer.question}-{delegation.id.hex}"


def _page(work: Workspace, *, closed: bool = False, changed_since: bool = False, nothing: bool = False) -> str:
    with database().reading() as look:
        found = offers_of(look, work.id)
    questions = {question.id: question for question in work.full.questions()}
    offers = [
        _offer(work, delegation, answer, questions[answer.question])
        for delegation, answer in found
        if answer.question in questions
    ]
    return render_template(
        "assessments/delegation_offers.html",
        id=work.id,
        offers=offers,
        submitted=work.opened.submitted,
        closed=closed,
        changed_since=changed_since,
        nothing=nothing and bool(offers),
    )


def _offer(work: Workspace, delegation: Delegation, answer: DelegatedAnswer, question: Question) -> Offer:
    return Offer(
        name=_name(delegation, answer),
        ask=words_of(question, texts_of_today()).ask,
        ours=_lines(question, work.opened.said[ANSWER].get(question.id)),
        theirs=_lines(question, answer.value),
        whose=delegation.note,
        on=date_at(answer.changed_at),
        against=work.opened.revisions[ANSWER].get(question.id, 0),
    )


def _lines(question: Question, value: object) -> list[str]:
    said = answer_text(question, cast("str | None", value))
    return said if isinstance(said, list) else [said]
