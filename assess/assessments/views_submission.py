"""Check and submit, correct, widen to the full assessment, and the history page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import (
    AssessmentContext,
    areas,
    loaded_edition,
    mark_used,
    may_here,
    open_assessment,
    reference_today,
    settings_today,
)
from assess.assessments.assisted_completion import assistance_for_record
from assess.assessments.edition_upgrade import undo_all_upgrades
from assess.assessments.facts import STORED_GATES, get_facts_state
from assess.assessments.history import get_history
from assess.assessments.ownership import get_unconfirmed_facts
from assess.assessments.purchase_pages import has_services, line_count_text, to_engine_purchases
from assess.assessments.purchases import get_lines
from assess.assessments.queries import remaining_text
from assess.assessments.question_pages import (
    get_contradicted_facts,
    missing_rows,
    reread_rows,
    summary_facts,
    summary_sections,
)
from assess.assessments.services import AlreadySubmittedError, AssessmentContent, EditionChangedError, lock_assessment
from assess.assessments.submissions import (
    NothingSubmittedError,
    build_assessment_record,
    discard_correction,
    enqueue_first_pdfs,
    reopen_assessment,
    submit_assessment,
)
from assess.assessments.unlikely_numbers import get_unlikely_rows
from assess.assessments.views_answers import (
    NEEDED_DETAILS,
    SentDetails,
    lacks_name_or_area,
    name_and_area_fields,
    page_address,
    redirect_to_tasks,
    save_sent_name_and_area,
)
from assess.assessments.views_edition_upgrade import get_upgrade_notice
from assess.assessments.views_start import facts_address
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_verb
from assess.core.db import JsonDict, commit_request, request_session, roll_back_request
from assess.core.forms.fields import IntegerField
from assess.core.forms.form import is_ticked, read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.pagination import query_page
from assess.core.rate_limits import (
    CORRECT,
    SAVE_LIMIT,
    SUBMIT,
    by_session_or_address,
    enforce_expensive_limits,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.engine.record import Operator
from assess.engine.settings import DatedSettings
from assess.identity.current_user import current_user_id

CheckErrors = Sequence[tuple[str, str]]
EDITION_CHANGED = (
    "check",
    "The questions changed while you had this page open. Look over your answers, then submit again.",
)

ASSESSMENT_RULE = "/assessments/<uuid:assessment_id>"

blueprint = Blueprint("submission", __name__)


@blueprint.get(f"{ASSESSMENT_RULE}/check")
@requires("assessment.read", load=open_assessment)
def show_check(context: AssessmentContext) -> str | Response:
    if context.opened.submitted:
        return redirect_to_tasks(context)
    return _check_page(context, [])


@blueprint.post(f"{ASSESSMENT_RULE}/submit")
@audited("submitted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.submit", load=open_assessment)
def submit_answers(context: AssessmentContext, assessment_id: uuid.UUID) -> PageResponse:
    result = url_for("plans.show_result", assessment_id=context.id)
    if context.opened.submitted:
        return redirect(result, 303)
    form = read_fields(edition=IntegerField(), version=IntegerField())
    form_edition_id = form["edition"] or context.opened.edition_id
    if form_edition_id != context.opened.edition_id:
        return _check_page(context, [EDITION_CHANGED]), 409
    details = SentDetails()
    if may_here("assessment.answer"):
        set_audit_verb("saved")  # an event of its own, also where what follows is refused
        with suppress(AlreadySubmittedError):
            details = save_sent_name_and_area(context, needed=True)
        commit_request()
        set_audit_verb("submitted")
        context = open_assessment(assessment_id)
    errors = _check_errors(context, details)
    if errors:
        return _check_page(context, errors, details), 422
    enforce_expensive_limits(SUBMIT, context.id)
    now = clock.now()
    settings = settings_today()
    try:
        made = submit_assessment(
            request_session(),
            context.id,
            lambda content: _build_record(content, settings),
            now,
            version=form["version"] or None,
            edition_id=form_edition_id,
        )
    except EditionChangedError:
        roll_back_request()
        return _check_page(open_assessment(assessment_id), [EDITION_CHANGED]), 409
    enqueue_first_pdfs(request_session(), made.id, now)
    mark_used(context)
    return redirect(result, 303)


def _check_errors(context: AssessmentContext, details: SentDetails) -> CheckErrors:
    errors = list(details.errors.items())
    if not errors and lacks_name_or_area(context):
        errors = list(NEEDED_DETAILS.items())
    if set(context.progress.to_confirm) - context.opened.reworded or get_unconfirmed_facts(context):
        errors.append(("confirm", "Confirm each of the answers you took over from your other self-check."))
    if not is_ticked("reread") and _has_answers_to_reread(context):
        errors.append(("reread", "Read these answers twice, then tick the box."))
    return errors


def _has_answers_to_reread(context: AssessmentContext) -> bool:
    answers = context.progress.visibility.answers
    sections = summary_sections(context.asked_edition, context.opened.confirmed, {}, answers, settings_today().texts)
    return bool(reread_rows(context.asked_edition, sections))


def _build_record(content: AssessmentContent, settings: DatedSettings) -> JsonDict:
    ours = settings_of(current_app)
    return build_assessment_record(
        content,
        loaded_edition(content.edition_id),
        settings,
        operator=Operator(ours.operator, ours.operator_contact or "", ours.operator_complaints or ""),
        today=clock.today(),
        bought=to_engine_purchases(get_lines(request_session(), content.assessment_id), reference_today()),
        assistance=assistance_for_record(request_session(), content.assessment_id),
    )


def _check_page(context: AssessmentContext, errors: CheckErrors, details: SentDetails | None = None) -> str:
    opened, edition = context.opened, context.asked_edition
    settings = settings_today()
    settled = context.progress.visibility.answers
    sections = summary_sections(edition, opened.confirmed, opened.evidence, settled, settings.texts)
    filled_in = summary_sections(edition, opened.answers, {}, settled, settings.texts) if opened.unconfirmed else ()
    unconfirmed = [row for part in filled_in for row in part.rows if row.id in set(context.progress.to_confirm)]
    facts = get_facts_state(edition, opened.confirmed, opened.gates, opened.facts)
    given, derived = summary_facts(edition, facts)
    organisation = opened.organisation
    lines = get_lines(request_session(), context.id)
    reread = reread_rows(edition, sections)
    open_or_reread = {row.id for row in reread} | {row.id for row in unconfirmed}
    return render_template(
        "assessments/check.html",
        id=context.id,
        errors=errors,
        quick=opened.quick,
        back=page_address(context, [page for page in context.progress.pages if context.progress.shows(page)][-1]),
        version=opened.version,
        upgrade=get_upgrade_notice(context),
        left=remaining_text(context.progress),
        missing=[row for row in missing_rows(sections, opened.answers) if row.id not in open_or_reread],
        unanswered=context.progress.questions_left,
        unconfirmed=[row for row in unconfirmed if row.id not in opened.reworded],
        reworded=[row for row in unconfirmed if row.id in opened.reworded],
        edition_id=opened.edition_id,
        unconfirmed_facts=get_unconfirmed_facts(context),
        name_and_area=name_and_area_fields(context, details, hint=False)
        if lacks_name_or_area(context) or errors
        else "",
        identity=[
            ("Name", organisation.get("name")),
            ("Where it is", areas().get(organisation.get("area", ""))),
            ("Postcode", organisation.get("postcode")),
            ("Company number", organisation.get("company_number")),
        ],
        gates=[
            {"ask": gate.ask, "said": "Yes" if opened.gates[stored] else "No"}
            for gate in edition.duty_book.gates
            if (stored := STORED_GATES[gate.id]) in opened.gates
        ],
        given=given,
        derived=derived,
        law_questions=facts.questions_left,
        law_href=facts_address(context),
        contradicted=get_contradicted_facts(edition, facts, sections),
        unlikely=list(get_unlikely_rows(context.full_edition, opened.confirmed, sections)),
        buys=line_count_text(len(lines)) if lines else None,
        buys_work=bool(lines) and has_services(lines, reference_today()),
        pages={
            question.id: page_address(context, page, back="check")
            for page in context.progress.pages
            for question in page.questions
        },
        answered=[
            row for part in sections for row in part.rows if row.id not in open_or_reread and row.id in opened.answers
        ],
        reread=[row for row in reread if row.id not in {one.id for one in unconfirmed}],
        asks_to_reread=bool(reread),
        reread_ticked=is_ticked("reread"),
    )


@blueprint.post(f"{ASSESSMENT_RULE}/correct")
@audited("reopened")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=open_assessment)
def start_correction(context: AssessmentContext) -> Response:
    if context.opened.submitted:
        enforce_expensive_limits(CORRECT, context.id)
    with suppress(NothingSubmittedError):  # it is open already
        reopen_assessment(request_session(), context.id, clock.now())
    mark_used(context)
    if sent_form().get("to") == "law":
        return redirect(facts_address(context), 303)
    return redirect(url_for("submission.show_check", assessment_id=context.id), 303)


@blueprint.post(f"{ASSESSMENT_RULE}/discard-correction")
@audited("kept")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=open_assessment)
def discard_open_correction(context: AssessmentContext) -> Response:
    try:
        if context.opened.version > 1:
            undo_all_upgrades(request_session(), context.id, clock.now())
        discard_correction(request_session(), context.id, clock.now())
    except NothingSubmittedError:
        return redirect_to_tasks(context)
    mark_used(context)
    return redirect(url_for("plans.show_result", assessment_id=context.id), 303)


@blueprint.post(f"{ASSESSMENT_RULE}/full")
@audited("widened")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=open_assessment)
def continue_to_full(context: AssessmentContext) -> Response:
    if context.opened.submitted:
        enforce_expensive_limits(CORRECT, context.id)
        reopen_assessment(request_session(), context.id, clock.now())
    assessment = lock_assessment(request_session(), context.id)
    assessment.quick = False
    assessment.changed_at = clock.now()
    mark_used(context)
    return redirect_to_tasks(context)


@blueprint.get(f"{ASSESSMENT_RULE}/history")
@requires("assessment.read", load=open_assessment)
def show_history(context: AssessmentContext) -> str:
    found = get_history(request_session(), context.id, current_user_id(), query_page())
    return render_template("assessments/history.html", id=context.id, page=found)
