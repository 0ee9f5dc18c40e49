"""The talk, for whoever a copy is shared with. It is there for as long as the copy is."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about
from assess.kit.clock import date_at, now
from assess.kit.db import database, session
from assess.kit.errors import error_page
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.accounts.door import signed_in_or_sign_in
from assess.plans.shares.looking import Shown
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.views_room import ANSWERED_AGAIN, NO_LONGER, share_looked_at, share_now
from assess.plans.talk.forms import TalkForm, read_date, read_talk
from assess.plans.talk.keeping import (
    NothingToAnswerError,
    Speaker,
    TalkFullError,
    TalkOverError,
    answer,
    comment,
    propose,
    take_back,
)
from assess.plans.talk.models import LONGEST_WORDS, Side
from assess.plans.talk.pages import page_of
from assess.plans.talk.saying import FULL, MEANWHILE
from assess.plans.talk.steps import steps_of

blueprint = Blueprint("talk", __name__, url_prefix="/shared/<uuid:grant_id>/talk")


@blueprint.get("")
@requires("shared.read", load=share_looked_at)
def show_talk(found: Shown) -> str | Response:
    """What was said, about the whole or about one step. The steps of the copy stand here, so it is a look at it."""
    if found.shared is None:
        return error_page(404, ANSWERED_AGAIN)
    return _page(found, request.args.get("step"), TalkForm())


@blueprint.post("")
@audited("written")
@limited(SAVING, by_visit)
@requires("shared.read", load=share_now)
def comment_on_it(found: Shown, grant_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Write something, propose a date, or both."""
    step = _step_or_404(found)
    form = read_talk(request.form, date_at(now()), may_date=step is not None)
    if form.errors:
        return _page(found, step, form), 422
    grant, who = _grant(found), _speaker()
    try:
        if step is not None and form.due is not None:
            propose(session(), grant, who, step, form.due, form.words, now())
        else:
            comment(session(), grant, who, step, form.words, now())
    except TalkFullError:
        return _page(found, step, FULL.with_typed(form)), 422
    except TalkOverError:
        abort(error_page(404, NO_LONGER))
    note_about("grant", grant_id)
    return _back(grant_id, step)


@blueprint.post("/date")
@audited("decided")
@limited(SAVING, by_visit)
@requires("shared.read", load=share_now)
def decide_date(found: Shown, grant_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Say yes or no to the date the business proposes."""
    step = _step_or_404(found)
    due = read_date(request.form.get("due", ""))
    if step is None or due is None:
        return _page(found, step, MEANWHILE), 422
    try:
        answer(session(), _grant(found), _speaker(), step, due, now(), agrees=request.form.get("says") == "yes")
    except NothingToAnswerError:
        return _page(found, step, MEANWHILE), 422
    except TalkFullError:
        return _page(found, step, FULL), 422
    except TalkOverError:
        abort(error_page(404, NO_LONGER))
    note_about("grant", grant_id)
    return _back(grant_id, step)


@blueprint.post("/<int:number>/take-back")
@audited("taken back")
@limited(SAVING, by_visit)
@requires("shared.read", load=share_now)
def take_it_back(found: Shown, grant_id: uuid.UUID, number: int) -> str | Response | tuple[str, int]:
    """Take one's own word back, in the first minutes."""
    step = _step_or_404(found)
    try:
        gone = take_back(session(), _grant(found), _speaker(), number, now())
    except TalkOverError:
        abort(error_page(404, NO_LONGER))
    if not gone:
        return _page(found, step, MEANWHILE), 422
    note_about("grant", grant_id)
    return _back(grant_id, step)


def _speaker() -> Speaker:
    return Speaker(Side.BUYER, signed_in_or_sign_in().id)


def _grant(found: Shown) -> ShareGrant:
    return session().get(ShareGrant, found.grant.id) or abort(404)


def _step_or_404(found: Shown) -> str | None:
    """The step the form is about; None for the whole."""
    if found.shared is None:
        abort(error_page(404, ANSWERED_AGAIN))
    key = request.form.get("step", "")
    if key and key not in {step.key for step in steps_of(found.shared)}:
        abort(404)
    return key or None


def _back(grant_id: uuid.UUID, step: str | None) -> Response:
    return redirect(url_for("talk.show_talk", grant_id=grant_id, step=step), 303)


def _page(found: Shown, step: str | None, form: TalkForm) -> str:
    if found.shared is None:
        abort(404)
    with database().reading() as look:
        page = page_of(look, found.grant, found.shared, _speaker(), step, now())
    here = url_for("talk.show_talk", grant_id=found.grant.id)
    return render_template(
        "plans/talk_buyer.html",
        page=page,
        form=form,
        talk_address=here,
        back=url_for("shared.show_copy", grant_id=found.grant.id),
        longest=LONGEST_WORDS,
        open=True,
        may_answer=True,
    )
