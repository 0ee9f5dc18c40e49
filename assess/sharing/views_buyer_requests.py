"""Pages for the business: who asked, a preview of the copy, and sharing it with the buyer that asked."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, loaded_edition, mark_used, open_assessment
from assess.assessments.services import lock_assessment
from assess.assessments.submissions import NothingSubmittedError, get_submission
from assess.assessments.views_answers import redirect_to_tasks
from assess.core import clock
from assess.core.audit.requests import add_audit_detail, set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import database, request_session, roll_back_request
from assess.core.forms.form import FormResult, sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.identity.models import Role
from assess.plans import charts
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.first_page import help_contacts_of
from assess.plans.plan_documents import printed_sign_off
from assess.plans.views import latest_submission, submission_or_tasks
from assess.sharing.models import SCOPE_HINTS, SCOPE_TITLES, ShareScope
from assess.sharing.services import (
    BUYER_DAY_CHOICES,
    BuyerRequest,
    NameSuspendedError,
    ShareOverError,
    buyer_request_of,
    find_invitation,
    get_buyer_requests,
    get_organisation_buyer_requests,
    share_check_code,
    share_with_buyer,
)
from assess.sharing.shared_copy import make_shared_copy, shared_copy_from_json, shared_copy_to_json
from assess.sharing.viewing import with_valid_until
from assess.sharing.views_business import count_new_share, read_share_choice

blueprint = Blueprint("buyer_requests", __name__)


@blueprint.get("/organisations/<uuid:organisation_id>/buyer-requests")
@requires("organisation.answers", load=require_member)
def show_organisation_requests(who: CurrentUser, organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        rows = get_organisation_buyer_requests(session, organisation_id, clock.now())
    return render_template(
        "sharing/organisation_buyer_requests.html",
        organisation=organisation,
        rows=rows,
        manages=who.has(Role.MANAGER, organisation_id),
    )


BUYER_DEFAULT_DAYS = 365
"""What the form proposes: through the year of the plan."""


@blueprint.get("/assessments/<uuid:assessment_id>/share/buyer-requests")
@requires("share.manage", load=open_assessment)
def show_requests(context: AssessmentContext) -> PageResponse:
    with database().reading() as session:
        rows = get_buyer_requests(session, context.id, clock.now())
    return render_template(
        "sharing/buyer_requests.html",
        id=context.id,
        rows=rows,
        submitted=latest_submission(context.id) is not None,
        titles=SCOPE_TITLES,
    )


@blueprint.get("/assessments/<uuid:assessment_id>/share/buyer-requests/<uuid:invitation_id>")
@requires("share.manage", load=open_assessment)
def show_request(context: AssessmentContext, invitation_id: uuid.UUID) -> PageResponse:
    return _request_page(context, invitation_id, None)


@blueprint.get("/assessments/<uuid:assessment_id>/share/buyer-requests/<uuid:invitation_id>/preview")
@requires("share.manage", load=open_assessment)
def show_copy_preview(context: AssessmentContext, invitation_id: uuid.UUID) -> PageResponse:
    """Exactly what this buyer would see. `scope` and `days` of the address are the choice; a wrong one leads back to the form."""
    row = _request_or_404(context, invitation_id)
    if row.asker.over:
        return redirect(url_for("buyer_requests.show_requests", assessment_id=context.id), 303)
    submission = submission_or_tasks(context)
    form = read_share_choice(request.args, BUYER_DAY_CHOICES)
    if form.errors:
        return _request_page(context, invitation_id, form), 422
    edition = loaded_edition(submission.edition_id).edition
    with database().reading() as session:
        state = get_tracker_state(session, submission.id)
        # as it would be frozen: nothing is shown here that is not stored there
        document = shared_copy_to_json(make_shared_copy(submission.record, edition, state, form["scope"]))
        code = share_check_code(session, document)
        signed = printed_sign_off(session, submission.id, "buyer")
    shared = shared_copy_from_json(document)
    until = min(uk_date(clock.now() + timedelta(days=form["days"])).isoformat(), shared.buyer_copy.valid_until)
    return render_template(
        "sharing/buyer_request_preview.html",
        id=context.id,
        row=row,
        form=form,
        days=form["days"],
        scope=SCOPE_TITLES[form["scope"]],
        shared=with_valid_until(shared, until),
        help=help_contacts_of(submission.record),
        charts=charts,
        signed=signed,
        code=code,
    )


@blueprint.post("/assessments/<uuid:assessment_id>/share/buyer-requests/<uuid:invitation_id>")
@audited("shared")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("share.manage", load=open_assessment)
def share_with_requester(context: AssessmentContext, invitation_id: uuid.UUID) -> PageResponse:
    _request_or_404(context, invitation_id)
    form = read_share_choice(sent_form(), BUYER_DAY_CHOICES)
    if form.errors:
        return _request_page(context, invitation_id, form), 422
    count_new_share(context.id)
    now = clock.now()
    lock_assessment(request_session(), context.id)  # two presses at once share once
    invitation = find_invitation(request_session(), context.id, invitation_id) or abort(404)
    # a no, or the buyer who takes it back, at this very moment comes before it or after it, never into it
    request_session().refresh(invitation, with_for_update=True)
    if not invitation.lives:
        abort(404)
    there = buyer_request_of(request_session(), invitation, now).grant_id
    if there is not None:
        return redirect(url_for("shares.edit_share", assessment_id=context.id, grant_id=there), 303)
    try:
        submission = get_submission(request_session(), context.id)
        grant = share_with_buyer(request_session(), submission, invitation, form["scope"], form["days"], now)
    except NameSuspendedError:
        roll_back_request()
        return redirect(url_for("buyer_requests.show_requests", assessment_id=context.id), 303)
    except (NothingSubmittedError, ShareOverError):
        roll_back_request()
        return redirect_to_tasks(context)
    set_audit_subject("grant", grant.id)
    add_audit_detail("scope", form["scope"].value)
    add_audit_detail("days", form["days"])
    mark_used(context)
    return redirect(url_for("buyer_requests.show_requests", assessment_id=context.id, shared=invitation_id), 303)


def _request_or_404(context: AssessmentContext, invitation_id: uuid.UUID) -> BuyerRequest:
    with database().reading() as session:
        return buyer_request_of(session, find_invitation(session, context.id, invitation_id) or abort(404), clock.now())


def _request_page(context: AssessmentContext, invitation_id: uuid.UUID, form: FormResult | None) -> str | Response:
    row = _request_or_404(context, invitation_id)
    if row.asker.over:
        return redirect(url_for("buyer_requests.show_requests", assessment_id=context.id), 303)
    if row.grant_id is not None:
        return redirect(url_for("shares.edit_share", assessment_id=context.id, grant_id=row.grant_id), 303)
    submission_or_tasks(context)
    return render_template(
        "sharing/buyer_request.html",
        id=context.id,
        row=row,
        form=form or FormResult({"scope": (row.scope or ShareScope.BUYER_COPY).value, "days": str(BUYER_DEFAULT_DAYS)}),
        scopes=SCOPE_TITLES,
        hints=SCOPE_HINTS,
        days=BUYER_DAY_CHOICES,
    )
