"""Result pages, the what-if page, and the public check-code page."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, open_assessment, settings_today
from assess.assessments.models import Submission
from assess.assessments.sign_off import get_sent_back_event, get_sign_off
from assess.assessments.submissions import NothingSubmittedError, get_submission
from assess.core import clock
from assess.core.db import database, request_session
from assess.core.forms.form import is_ticked, sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.plans import charts
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.check_codes import check_code_of, clean_check_code, find_check_code
from assess.plans.copies import business_record, record_as_of
from assess.plans.first_page import advice_comes_first
from assess.plans.pay_calculator import AGES, pay_calculator
from assess.plans.pay_sums import may_still_be_owed
from assess.plans.plan_page import business_plan
from assess.plans.result_change import result_change_of
from assess.plans.risk_position import risk_position_of
from assess.plans.what_if import what_if_page

blueprint = Blueprint("plans", __name__)


@blueprint.get("/assessments/<uuid:assessment_id>/result")
@requires("plan.read", load=open_assessment)
def show_result(context: AssessmentContext) -> str | Response:
    return _result_page("result", context)


@blueprint.get("/assessments/<uuid:assessment_id>/result/areas")
@requires("plan.read", load=open_assessment)
def show_areas(context: AssessmentContext) -> str | Response:
    return _result_page("areas", context)


@blueprint.get("/assessments/<uuid:assessment_id>/result/keep")
@requires("plan.read", load=open_assessment)
def show_share_and_keep(context: AssessmentContext) -> str | Response:
    return _result_page("keep", context)


@blueprint.get("/assessments/<uuid:assessment_id>/result/points")
@requires("plan.read", load=open_assessment)
def show_points(context: AssessmentContext) -> str | Response:
    return _result_page("points", context)


@blueprint.get("/assessments/<uuid:assessment_id>/result/pay")
@requires("plan.read", load=open_assessment)
def show_pay_sums(context: AssessmentContext) -> str | Response:
    """The pay sums in the business’s own figures; the first page where the result is from before they were kept."""
    return _result_page("pay", context)


@blueprint.route("/pay-calculator", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("public.read")
def show_pay_calculator() -> PageResponse:
    """For anyone, without a self-check. Sent by POST, for an address with what people earn stays in the history of a browser."""
    calculator = pay_calculator(sent_form(), settings_today())
    html = render_template("plans/pay_calculator.html", calculator=calculator, ages=AGES, errors=calculator.errors)
    return (html, 422) if calculator.errors else html


@blueprint.get("/assessments/<uuid:assessment_id>/result/duties")
@requires("plan.read", load=open_assessment)
def show_duties(context: AssessmentContext) -> str | Response:
    return _result_page("duties", context)


@blueprint.get("/assessments/<uuid:assessment_id>/result/purchases")
@requires("plan.read", load=open_assessment)
def show_purchases(context: AssessmentContext) -> str | Response:
    """How risky what the business buys is, and what to ask its suppliers; the first page where it says nothing of that."""
    return _result_page("purchases", context)


def latest_submission(assessment_id: uuid.UUID) -> Submission | None:
    """The latest submission of an assessment, None before the first. The caller has checked who asks."""
    with database().reading() as session:
        try:
            return get_submission(session, assessment_id)
        except NothingSubmittedError:
            return None


def submission_or_tasks(context: AssessmentContext) -> Submission:
    """The latest submission; before the first, the way to the tasks ends the request."""
    return latest_submission(context.id) or abort(
        redirect(url_for("assessments.show_tasks", assessment_id=context.id), 303)
    )


RESULT_TEMPLATES: Mapping[str, str] = {
    "result": "plans/result_page.html",
    "areas": "plans/areas_page.html",
    "keep": "plans/share_and_keep_page.html",
    "points": "plans/points_page.html",
    "pay": "plans/pay_page.html",
    "duties": "plans/duties_page.html",
    "purchases": "plans/purchases_page.html",
}


def _result_page(name: str, context: AssessmentContext, **more: object) -> str | Response:
    submission = submission_or_tasks(context)
    record = submission.record
    day = clock.today().isoformat()
    with database().reading() as session:
        state = get_tracker_state(session, submission.id)
        code = check_code_of(session, submission, "business")
        sign_off = get_sign_off(session, submission.id)
        sent_back = get_sent_back_event(session, context.id)
        earlier = session.scalars(
            select(Submission).where(
                Submission.assessment_id == submission.assessment_id, Submission.number == submission.number - 1
            )
        ).first()
        before = earlier.record if earlier else None
        change = (
            result_change_of(before, record, get_tracker_state(session, earlier.id)) if earlier and before else None
        )
    plan = business_plan(record_as_of(record, day), state, code=code)
    if (name == "purchases" and plan.purchases is None) or (name == "pay" and plan.headline is None):
        return redirect(url_for("plans.show_result", assessment_id=context.id), 303)
    return render_template(
        RESULT_TEMPLATES[name],
        id=context.id,
        page=name,
        plan=plan,
        charts=charts,
        position=risk_position_of(record, before if change else None),
        change=change,
        owed_since=before["made_on"]
        if before
        and may_still_be_owed(business_record(before), business_record(record))
        and not advice_comes_first(record)
        else None,
        sign_off=sign_off,
        sent_back=sent_back,
        previous_engine_date=before["made_on"] if before and before["engine"] != record["engine"] else None,
        correcting=not context.opened.submitted,
        outdated=day > record["valid_until"],
        **more,
    )


CHECK_CODE_LIMIT = Limit("check-code", 30, 60)
INVALID_CODE = (
    "Enter the code as it is printed: 8 letters and numbers, like K7QF-2M9D. It has no vowels, no 0 and no 1."
)


@blueprint.get("/check")
@requires("public.read")
def show_check_code_form() -> PageResponse:
    """The form; a code that was typed leads to its own address."""
    typed = request.args.get("code")
    if typed is None:
        return _check_code_form()
    code = clean_check_code(typed)
    if code is None:
        return _check_code_form(typed, INVALID_CODE), 422
    return redirect(url_for("plans.show_check_code", code=code), 303)


@blueprint.get("/check/<code>")
@rate_limited(CHECK_CODE_LIMIT)
@requires("public.read")
def show_check_code(code: str) -> PageResponse:
    tidy = clean_check_code(code)
    if tidy is None:
        return _check_code_form(code, INVALID_CODE), 422
    if tidy != code:
        return redirect(url_for("plans.show_check_code", code=tidy), 303)
    found = find_check_code(request_session(), tidy)
    day = clock.today().isoformat()
    page = render_template(
        "plans/check_code_result.html", code=tidy, found=found, outdated=found is not None and day > found.valid_until
    )
    return page if found else (page, 404)


def _check_code_form(typed: str = "", error: str | None = None) -> str:
    return render_template("plans/check_code.html", typed=typed[:40], errors=[("code", error)] if error else [])


NOTHING_TICKED = "Tick one step or more, then ask again"


@blueprint.route("/assessments/<uuid:assessment_id>/result/what-if", methods=["GET", "POST"])
@audited("changed")
@requires("plan.read", load=open_assessment)
def show_what_if_outcome(context: AssessmentContext) -> PageResponse:
    """The steps; those that are done are ticked to begin with."""
    if request.method != "POST":
        return _what_if_page(context, None)
    return _what_if_page(context, sent_form().getlist("step"), sent=True, short=is_ticked("short"))


def _what_if_page(
    context: AssessmentContext, ticked: Collection[str] | None, *, sent: bool = False, short: bool = False
) -> PageResponse:
    submission = submission_or_tasks(context)
    record, day = submission.record, clock.today().isoformat()
    with database().reading() as session:
        state = get_tracker_state(session, submission.id)
    found = what_if_page(record, ticked, state)
    if short and found.short:
        found = what_if_page(record, found.short, state)
    errors = [("steps", NOTHING_TICKED)] if sent and found.choices and found.outcome is None else []
    html = render_template(
        "plans/what_if.html",
        id=context.id,
        page="what_if",
        plan=business_plan(record),
        what_if=found,
        errors=errors,
        correcting=not context.opened.submitted,
        outdated=day > record["valid_until"],
    )
    return (html, 422) if errors else html
