"""The talk about one share, for the business. It is one voice: no page of the buyer says who of it wrote.

Whoever may read the answers may read this; only who may share may answer. When the share is over it stays to be read.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, may_here, workspace
from assess.assessments.models import Submission
from assess.assessments.visits import note_use
from assess.kit.audit.requests import note_about
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.caller import caller
from assess.plans.register.keeping import PlanReplacedError
from assess.plans.shares.document import thaw
from assess.plans.shares.granting import GrantUnknownError, grant_of
from assess.plans.shares.models import ShareGrant
from assess.plans.talk.forms import TalkForm, read_date, read_talk
from assess.plans.talk.keeping import (
    NothingToAnswerError,
    Speaker,
    TalkFullError,
    TalkOverError,
    answer,
    comment,
    is_open,
    mark_read,
    new_in,
    propose,
    said_in,
    take_back,
)
from assess.plans.talk.models import LONGEST_WORDS, Side
from assess.plans.talk.pages import page_of
from assess.plans.talk.planning import can_be_set, set_in_plan
from assess.plans.talk.rules import dates_of
from assess.plans.talk.saying import FULL, MEANWHILE, OVER
from assess.plans.talk.steps import steps_of

blueprint = Blueprint(
    "talk_business", __name__, url_prefix="/assessments/<uuid:assessment_id>/share/<uuid:grant_id>/talk"
)


@blueprint.get("")
@requires("comment.write", load=workspace)
def show_talk(work: Workspace, grant_id: uuid.UUID) -> str:
    """What was said, about the whole or about one step. Whoever may answer has read it then."""
    with database().reading() as look:
        grant = _grant_or_404(look, work, grant_id)
        unread = may_here("share.manage") and grant.id in new_in(look, work.id)
    shown = _page(work, grant, request.args.get("step"), TalkForm())
    if unread:
        with database().writing() as write:
            mark_read(write, grant_id)
    return shown


@blueprint.post("")
@audited("written")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def comment_on_it(work: Workspace, grant_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Write something, propose a date, or both."""
    grant = _grant_or_404(session(), work, grant_id)
    step = _step_or_404(grant)
    form = read_talk(request.form, date_at(now()), may_date=step is not None)
    if form.errors:
        return _page(work, grant, step, form), 422
    try:
        if step is not None and form.due is not None:
            propose(session(), grant, _speaker(), step, form.due, form.words, now())
        else:
            comment(session(), grant, _speaker(), step, form.words, now())
    except TalkFullError:
        return _page(work, grant, step, FULL.with_typed(form)), 422
    except TalkOverError:
        return _page(work, grant, step, OVER.with_typed(form)), 422
    return _done(work, grant_id, step)


@blueprint.post("/date")
@audited("decided")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def decide_date(work: Workspace, grant_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Say yes or no to the date the buyer proposes. The plan stays as it is until the business says so."""
    grant = _grant_or_404(session(), work, grant_id)
    step = _step_or_404(grant)
    due = read_date(request.form.get("due", ""))
    if step is None or due is None:
        return _page(work, grant, step, MEANWHILE), 422
    try:
        answer(session(), grant, _speaker(), step, due, now(), agrees=request.form.get("says") == "yes")
    except NothingToAnswerError:
        return _page(work, grant, step, MEANWHILE), 422
    except TalkFullError:
        return _page(work, grant, step, FULL), 422
    except TalkOverError:
        return _page(work, grant, step, OVER), 422
    return _done(work, grant_id, step)


@blueprint.post("/plan")
@audited("changed")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def set_it_in_plan(work: Workspace, grant_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Put the agreed date into the business's own plan: it was asked, and said yes."""
    grant = _grant_or_404(session(), work, grant_id)
    step = _step_or_404(grant)
    agreed = dates_of(said_in(session(), grant.id), step).agreed if step else None
    submission = session().get_one(Submission, grant.submission_id)
    try:
        done = step is not None and agreed is not None and set_in_plan(session(), submission, step, agreed, now())
    except PlanReplacedError:
        return _page(work, grant, step, OVER), 422
    if not done:
        return _page(work, grant, step, MEANWHILE), 422
    return _done(work, grant_id, step)


@blueprint.post("/<int:number>/take-back")
@audited("taken back")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def take_it_back(work: Workspace, grant_id: uuid.UUID, number: int) -> str | Response | tuple[str, int]:
    """Take one's own word back, in the first minutes."""
    grant = _grant_or_404(session(), work, grant_id)
    step = _step_or_404(grant)
    try:
        gone = take_back(session(), grant, _speaker(), number, now())
    except TalkOverError:
        return _page(work, grant, step, OVER), 422
    return _done(work, grant_id, step) if gone else (_page(work, grant, step, MEANWHILE), 422)


def _speaker() -> Speaker:
    who = caller()
    return Speaker(Side.BUSINESS, who.id if who is not None else None)


def _grant_or_404(look: Session, work: Workspace, grant_id: uuid.UUID) -> ShareGrant:
    try:
        return grant_of(look, work.id, grant_id)
    except GrantUnknownError:
        abort(404)


def _step_or_404(grant: ShareGrant) -> str | None:
    key = request.form.get("step", "")
    if key and key not in {step.key for step in steps_of(thaw(grant.document))}:
        abort(404)
    return key or None


def _done(work: Workspace, grant_id: uuid.UUID, step: str | None) -> Response:
    note_about("grant", grant_id)
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("talk_business.show_talk", assessment_id=work.id, grant_id=grant_id, step=step), 303)


def _page(work: Workspace, grant: ShareGrant, step: str | None, form: TalkForm) -> str:
    with database().reading() as look:
        page = page_of(look, grant, thaw(grant.document), _speaker(), step, now())
        opened = is_open(look, grant, now())
        submission = look.get(Submission, grant.submission_id)
        agreed = page.dates.agreed
        settable = (
            opened
            and page.step is not None
            and agreed is not None
            and submission is not None
            and can_be_set(look, submission, page.step.key, agreed)
        )
    return render_template(
        "plans/talk_business.html",
        id=work.id,
        page=page,
        form=form,
        talk_address=url_for("talk_business.show_talk", assessment_id=work.id, grant_id=grant.id),
        longest=LONGEST_WORDS,
        open=opened,
        may_answer=opened and may_here("share.manage"),
        settable=settable,
    )
