"""For the business: everybody who asked, a look at what one of them would see, and sharing it in one step. One by one, never by itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, loaded_edition, workspace
from assess.assessments.answering import lock
from assess.assessments.models import Submission
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.assessments.visits import note_use
from assess.kit.audit.requests import note_about, note_detail
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.plans import charts
from assess.plans.asked.standing import WhoAsked, asked_of, row_of, who_asked
from assess.plans.first_page import help_of
from assess.plans.register.keeping import state_of
from assess.plans.shares.coding import code_of_share
from assess.plans.shares.document import SharedCopy, freeze, shared_copy, thaw
from assess.plans.shares.forms import ShareForm, read_choice
from assess.plans.shares.granting import DAYS_FOR_A_BUYER, GrantOverError, NameSuspendedError, give_to_buyer
from assess.plans.shares.looking import presented
from assess.plans.shares.scopes import HINTS, TITLES, Scope
from assess.plans.shares.views_business import HERE, count_giving, to_tasks
from assess.plans.sign_off import Signed
from assess.plans.signing.shown import signed_shown

blueprint = Blueprint("share_asked", __name__, url_prefix=f"{HERE}/asked")
Answer = str | Response | tuple[str | Response, int]
USUAL = 365
"""What the form proposes: through the year of the plan."""


@blueprint.get("")
@requires("share.manage", load=workspace)
def show_all(work: Workspace) -> Answer:
    """Everybody who asked, and what each of them sees."""
    with database().reading() as look:
        rows = who_asked(look, work.id, now())
    return render_template(
        "plans/asked_all.html", id=work.id, rows=rows, submitted=_submission(work) is not None, titles=TITLES
    )


@blueprint.get("/<uuid:invitation_id>")
@requires("share.manage", load=workspace)
def show_one(work: Workspace, invitation_id: uuid.UUID) -> Answer:
    """How much, and for how long."""
    return _form_page(work, invitation_id, None)


@blueprint.get("/<uuid:invitation_id>/look")
@requires("share.manage", load=workspace)
def show_copy(work: Workspace, invitation_id: uuid.UUID) -> Answer:
    """Exactly what this buyer would see. `scope` and `days` of the address are the choice; a wrong one leads back to the form."""
    row = _row_or_404(work, invitation_id)
    submission = _submission(work)
    if row.asker.over:
        return redirect(url_for("share_asked.show_all", assessment_id=work.id), 303)
    if submission is None:
        return to_tasks(work)
    form = read_choice(request.args, DAYS_FOR_A_BUYER)
    if form.choice is None:
        return _form_page(work, invitation_id, form), 422
    seen = _look(submission, form.choice.scope)
    until = min(date_at(now() + timedelta(days=form.choice.days)).isoformat(), seen.copy.copy.valid_until)
    return render_template(
        "plans/asked_look.html",
        id=work.id,
        row=row,
        form=form,
        days=form.choice.days,
        scope=TITLES[form.choice.scope],
        shared=presented(seen.copy, until),
        help=help_of(submission.record),
        charts=charts,
        signed=seen.signed,
        code=seen.code,
    )


@blueprint.post("/<uuid:invitation_id>")
@audited("shared")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def share_one(work: Workspace, invitation_id: uuid.UUID) -> Answer:
    """Share the latest submission with the buyer that asked."""
    _row_or_404(work, invitation_id)
    form = read_choice(request.form, DAYS_FOR_A_BUYER)
    if form.choice is None:
        return _form_page(work, invitation_id, form), 422
    count_giving(work.id)
    moment = now()
    lock(session(), work.id)  # two presses at once share once
    invitation = asked_of(session(), work.id, invitation_id) or abort(404)
    # a no, or the buyer who takes it back, at this very moment comes before it or after it, never into it
    session().refresh(invitation, with_for_update=True)
    if not invitation.lives:
        abort(404)
    there = row_of(session(), invitation, moment).grant_id
    if there is not None:
        return redirect(url_for("share_one.show_grant", assessment_id=work.id, grant_id=there), 303)
    try:
        submission = submission_of(session(), work.id)
        grant = give_to_buyer(session(), submission, invitation, form.choice.scope, form.choice.days, moment)
    except NameSuspendedError:
        roll_back_request()
        return redirect(url_for("share_asked.show_all", assessment_id=work.id), 303)
    except (NothingSubmittedError, GrantOverError):
        roll_back_request()
        return to_tasks(work)
    note_about("grant", grant.id)
    note_detail("scope", form.choice.scope.value)
    note_detail("days", form.choice.days)
    note_use(session(), visit_token(), work.id, moment)
    return redirect(url_for("share_asked.show_all", assessment_id=work.id, shared=invitation_id), 303)


def _row_or_404(work: Workspace, invitation_id: uuid.UUID) -> WhoAsked:
    with database().reading() as look:
        invitation = asked_of(look, work.id, invitation_id) or abort(404)
        return row_of(look, invitation, now())


def _submission(work: Workspace) -> Submission | None:
    with database().reading() as look:
        try:
            return submission_of(look, work.id)
        except NothingSubmittedError:
            return None


def _form_page(work: Workspace, invitation_id: uuid.UUID, form: ShareForm | None) -> str | Response:
    row = _row_or_404(work, invitation_id)
    if row.asker.over:
        return redirect(url_for("share_asked.show_all", assessment_id=work.id), 303)
    if row.grant_id is not None:
        return redirect(url_for("share_one.show_grant", assessment_id=work.id, grant_id=row.grant_id), 303)
    if _submission(work) is None:
        return to_tasks(work)
    proposed = ShareForm(scope=(row.scope or Scope.BUYER_COPY).value, days=str(USUAL))
    return render_template(
        "plans/asked_one.html",
        id=work.id,
        row=row,
        form=form or proposed,
        scopes=TITLES,
        hints=HINTS,
        days=DAYS_FOR_A_BUYER,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """The copy as it would be frozen, its check code, and the sign-off that shows beside it."""

    copy: SharedCopy
    code: str
    signed: Signed | None


def _look(submission: Submission, scope: Scope) -> _Look:
    edition = loaded_edition(submission.edition_id).edition
    with database().reading() as look:
        state = state_of(look, submission.id)
        made = freeze(shared_copy(submission.record, edition, state, scope))
        return _Look(thaw(made), code_of_share(look, made), signed_shown(look, submission.id, "buyer"))
