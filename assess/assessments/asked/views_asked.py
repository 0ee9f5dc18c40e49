"""The pages of an invitation, for the browser that opened its link: begin, take what one has, say no, no more mail.

They show nothing of what was answered: whoever has the letter may be the buyer itself.
"""

from __future__ import annotations

import uuid

from flask import abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.answering import start
from assess.assessments.asked.door import Asked, asked_or_404
from assess.assessments.asked.offering import Own, managed_by, organisations_managed, own_assessments
from assess.assessments.asked.showing import about
from assess.assessments.asked.views_landing import blueprint
from assess.assessments.models import Assessment
from assess.assessments.visits import leave as leave_visit
from assess.assessments.visits import open_started
from assess.banks.editions import EditionUnknownError, latest
from assess.help.policies import promises
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.cookies import forget_visit, remember_visit, visit_token
from assess.kit.db import database, session
from assess.kit.limits import SAVING, STARTING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.caller import caller
from assess.suppliers.following import (
    answer_for,
    decline,
    note_finished,
    note_started,
    stop_mail,
    think_again,
)
from assess.suppliers.letters import is_stopped
from assess.suppliers.models import Decline, Status, SupplierInvitation
from assess.suppliers.words import DECLINES

HERE = "/asked/by/<uuid:invitation_id>"
Answer = str | Response | tuple[str, int]


@blueprint.get(HERE)
@requires("invitation.answer", load=asked_or_404)
def show_asked(asked: Asked) -> str:
    """How it stands, and what can be done."""
    invitation = asked.invitation
    with database().reading() as look:
        own = own_assessments(look, invitation, visit_token(), caller(), now())
        return render_template(
            "assessments/asked.html",
            own=own,
            answering=next((one for one in own if one.id == invitation.assessment_id), None),
            reason=DECLINES[invitation.decline] if invitation.decline else None,
            stopped=is_stopped(look, asked.buyer.id, asked.supplier.email, settings_of(current_app).honoured_keys),
            has_address=bool(asked.supplier.email),
            organisations=organisations_managed(look, caller()),
            answers_for=asked.supplier.organisation_id,
            **about(look, invitation, asked.buyer),
        )


@blueprint.get(f"{HERE}/begin")
@requires("invitation.answer", load=asked_or_404)
def show_begin(asked: Asked) -> str:
    """The ten lines that everybody sees before the first question."""
    with database().reading() as look:
        told = about(look, asked.invitation, asked.buyer)
    return render_template("assessments/asked_begin.html", promises=promises(), **told)


@blueprint.post(f"{HERE}/begin")
@audited("begun")
@limited(STARTING)
@requires("invitation.answer", check=asked_or_404)
def begin(invitation_id: uuid.UUID) -> Response:
    """Begin an assessment as it was asked for, and let this browser into it."""
    invitation = _living(invitation_id)
    try:
        edition_id = latest(session(), invitation.sector).id
    except EditionUnknownError:
        abort(404)
    if edition_id is None:
        abort(404)
    moment = now()
    made = start(session(), edition_id, quick=invitation.quick, now=moment)
    note_about("assessment", made.id)
    note_started(session(), invitation, made.id, moment)
    token = open_started(session(), made.id, moment, token=visit_token())
    return remember_visit(make_response(redirect(url_for("links.show_link", assessment_id=made.id), 303)), token)


@blueprint.get(f"{HERE}/take")
@requires("invitation.answer", load=asked_or_404)
def show_take(asked: Asked) -> str:
    """Which of those one has answers it."""
    return _take_page(asked)


@blueprint.post(f"{HERE}/take")
@audited("chosen")
@limited(SAVING, by_visit)
@requires("invitation.answer", load=asked_or_404)
def choose_one(asked: Asked, invitation_id: uuid.UUID) -> Answer:
    """Answer it with an assessment one has. The buyer sees at once whether that is finished, and nothing of it."""
    with database().reading() as look:
        own = own_assessments(look, asked.invitation, visit_token(), caller(), now())
    chosen = next((one for one in own if str(one.id) == request.form.get("assessment") and not one.too_short), None)
    if chosen is None:
        return _take_page(asked, "Choose one of them."), 422
    invitation = _living(invitation_id)
    if invitation.assessment_id != chosen.id:
        _answer_with(invitation, chosen)
    note_about("assessment", chosen.id)
    to = url_for("tasks.show_tasks", assessment_id=chosen.id)
    return redirect(f"{to}share/asked" if chosen.submitted_on else to, 303)


@blueprint.get(f"{HERE}/no")
@requires("invitation.answer", load=asked_or_404)
def show_no(asked: Asked) -> str:
    """Saying no: one choice of a short list."""
    return _no_page(asked)


@blueprint.post(f"{HERE}/no")
@audited("refused")
@limited(SAVING, by_visit)
@requires("invitation.answer", load=asked_or_404)
def reject_it(asked: Asked, invitation_id: uuid.UUID) -> Answer:
    """Say no."""
    why = request.form.get("why", "")
    if why not in set(Decline):
        return _no_page(asked, "Choose one of these."), 422
    invitation = _living(invitation_id)
    if invitation.status not in {Status.SHARED, Status.OTHER_RESULT}:
        decline(session(), invitation, Decline(why), now())
    return _back(invitation_id)


@blueprint.post(f"{HERE}/yes-after-all")
@audited("undone")
@limited(SAVING, by_visit)
@requires("invitation.answer", check=asked_or_404)
def undo_no(invitation_id: uuid.UUID) -> Response:
    """Think again."""
    think_again(session(), _living(invitation_id), now())
    return _back(invitation_id)


@blueprint.post(f"{HERE}/stop")
@audited("stopped")
@limited(SAVING, by_visit)
@requires("invitation.answer", check=asked_or_404)
def stop_here(invitation_id: uuid.UUID) -> Response:
    """No more mail from this buyer."""
    stop_mail(session(), _living(invitation_id), settings_of(current_app).key, now())
    return _back(invitation_id)


@blueprint.post(f"{HERE}/for")
@audited("kept")
@limited(SAVING, by_visit)
@requires("invitation.answer", load=asked_or_404)
def keep_for_organisation(asked: Asked, invitation_id: uuid.UUID) -> Response:
    """Somebody who manages an organisation says that it is the one that was asked; or that it is not."""
    ours = {str(one): one for one in managed_by(caller())}
    chosen = ours.get(request.form.get("organisation", ""))
    taken_back = "none" in request.form and asked.supplier.organisation_id in ours.values()
    if chosen is not None or taken_back:
        answer_for(session(), _living(invitation_id), chosen, now())
    return _back(invitation_id)


@blueprint.post(f"{HERE}/leave")
@audited("left")
@requires("invitation.answer", check=asked_or_404)
def leave() -> Response:
    """End the visit of this browser. Nothing is deleted."""
    leave_visit(session(), visit_token())
    return forget_visit(make_response(redirect(url_for("after.show_goodbye"), 303)))


def _answer_with(invitation: SupplierInvitation, chosen: Own) -> None:
    note_started(session(), invitation, chosen.id, now())
    assessment = session().get(Assessment, chosen.id) or abort(404)
    if assessment.submitted_at is not None or assessment.version > 1:
        note_finished(session(), invitation, now())
    if assessment.organisation_id is not None:
        answer_for(session(), invitation, assessment.organisation_id, now())


def _living(invitation_id: uuid.UUID) -> SupplierInvitation:
    """The same row to be changed, unless the buyer took it back at this very moment."""
    found = session().get(SupplierInvitation, invitation_id, with_for_update=True, populate_existing=True)
    if found is None or not found.lives:
        abort(404)
    return found


def _back(invitation_id: uuid.UUID) -> Response:
    return redirect(url_for("asked.show_asked", invitation_id=invitation_id), 303)


def _take_page(asked: Asked, error: str | None = None) -> str:
    with database().reading() as look:
        own = own_assessments(look, asked.invitation, visit_token(), caller(), now())
        told = about(look, asked.invitation, asked.buyer)
    return render_template("assessments/asked_take.html", own=own, error=error, **told)


def _no_page(asked: Asked, error: str | None = None) -> str:
    with database().reading() as look:
        told = about(look, asked.invitation, asked.buyer)
    return render_template("assessments/asked_no.html", reasons=list(DECLINES.items()), error=error, **told)
