"""Check and submit, correct, widen to the full assessment, leave, delete; links to come back with; and the history page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import (
    Workspace,
    areas,
    commit_and_mark_used,
    loaded_edition,
    mark_used,
    reference_today,
    settings_today,
    workspace,
)
from assess.assessments.assisted_completion import assistance_for_record
from assess.assessments.edition_upgrade import undo_all_upgrades
from assess.assessments.fields import integer_in
from assess.assessments.forms import STORED_GATES, get_facts_state
from assess.assessments.guest_sessions import (
    end_guest_session,
    end_other_sessions,
    mark_session_used,
    open_resume_link,
)
from assess.assessments.history import get_history
from assess.assessments.links import (
    InvalidPinError,
    PinNeededError,
    WrongPinError,
    check_pin,
    end_resume_link,
    find_resume_link,
    make_resume_link,
    mark_resume_link_opened,
    resume_links,
)
from assess.assessments.models import Assessment, ResumeLink
from assess.assessments.ownership import get_unconfirmed_facts
from assess.assessments.purchase_presenters import has_services, line_count_text, to_engine_purchases
from assess.assessments.purchases import get_lines
from assess.assessments.queries import clear_answer_cache, remaining_text
from assess.assessments.question_pages import (
    checked_facts,
    checked_sections,
    get_contradicted_facts,
    missing_rows,
    reread_rows,
)
from assess.assessments.retention import delete_assessment
from assess.assessments.services import (
    AssessmentContent,
    EditionChangedError,
    NothingSubmittedError,
    build_assessment_record,
    discard_correction,
    enqueue_first_pdfs,
    lock_assessment,
    reopen_assessment,
    submit_assessment,
)
from assess.assessments.views_answers import redirect_to_tasks
from assess.assessments.views_start import REQUIRED_DETAILS, facts_address
from assess.core import clock
from assess.core.application import absolute_url, settings_of
from assess.core.audit.requests import audit_always, set_audit_subject
from assess.core.db import JsonDict, database, request_session, roll_back_request
from assess.core.pages import PageResponse
from assess.core.pagination import query_page
from assess.core.rate_limits import (
    CORRECT,
    OPEN_LINK_LIMIT,
    PIN_DAY_LIMIT,
    PIN_LIMIT,
    SAVE_LIMIT,
    SUBMIT,
    by_session_or_address,
    enforce_expensive_limits,
    enforce_limit,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.core.security import clear_guest_cookie, guest_session_token, set_guest_cookie
from assess.engine.record import Operator
from assess.engine.scoring import score
from assess.engine.settings import DatedSettings
from assess.identity.current_user import current_user_id

CheckErrors = Sequence[tuple[str, str]]
EDITION_CHANGED = (
    "stand",
    "The questions changed while you had this page open. Look over your answers, then submit again.",
)

blueprint = Blueprint("assessment_management", __name__)


@blueprint.get("/assessments/<uuid:assessment_id>/check")
@requires("assessment.read", load=workspace)
def show_check(work: Workspace) -> str | Response:
    if work.opened.submitted:
        return redirect_to_tasks(work)
    return _check_page(work, [])


@blueprint.post("/assessments/<uuid:assessment_id>/submit")
@audited("submitted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.submit", load=workspace)
def submit_answers(work: Workspace, assessment_id: uuid.UUID) -> PageResponse:
    result = url_for("plans.show_result", assessment_id=work.id)
    if work.opened.submitted:
        return redirect(result, 303)
    form_edition_id = integer_in(request.form, "edition") or work.opened.edition_id
    if form_edition_id != work.opened.edition_id:
        return _check_page(work, [EDITION_CHANGED]), 409
    errors = _check_errors(work)
    if errors:
        return _check_page(work, errors), 422
    enforce_expensive_limits(SUBMIT, work.id)
    now = clock.now()
    settings = settings_today()
    version = integer_in(request.form, "version") or None
    try:
        made = submit_assessment(
            request_session(),
            work.id,
            lambda content: _build_record(content, settings),
            now,
            version=version,
            edition_id=form_edition_id,
        )
    except EditionChangedError:
        roll_back_request()
        return _check_page(workspace(assessment_id), [EDITION_CHANGED]), 409
    enqueue_first_pdfs(request_session(), made.id, now)
    mark_session_used(request_session(), guest_session_token(), work.id, now)
    return redirect(result, 303)


def _check_errors(work: Workspace) -> CheckErrors:
    errors = []
    if any(part not in work.opened.organisation for part in REQUIRED_DETAILS):
        errors.append(("about", "Give the name of the business and where it is: both stand on the plan."))
    if set(work.progress.to_confirm) - work.opened.reworded or get_unconfirmed_facts(work):
        errors.append(("confirm", "Confirm each of the answers you took over from your other self-check."))
    if "reread" not in request.form and _has_answers_to_reread(work):
        errors.append(("reread", "Read these answers again, then tick the box."))
    return errors


def _has_answers_to_reread(work: Workspace) -> bool:
    answers = work.progress.visibility.answers
    sections = checked_sections(work.edition, work.opened.confirmed, {}, answers, settings_today().texts)
    return bool(reread_rows(work.edition, sections))


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


def _check_page(work: Workspace, errors: CheckErrors) -> str:
    opened, edition = work.opened, work.edition
    settings = settings_today()
    shown = work.progress.visibility.answers
    sections = checked_sections(edition, opened.confirmed, opened.evidence, shown, settings.texts)
    filled_in = checked_sections(edition, opened.answers, {}, shown, settings.texts) if opened.unconfirmed else ()
    unconfirmed = [row for part in filled_in for row in part.rows if row.id in set(work.progress.to_confirm)]
    facts = get_facts_state(edition, opened.confirmed, opened.gates, opened.facts)
    given, derived = checked_facts(edition, facts)
    result = score(work.full, opened.confirmed, settings.scoring, quick=opened.quick)
    organisation = opened.organisation
    lines = get_lines(request_session(), work.id)
    return render_template(
        "assessments/check.html",
        id=work.id,
        errors=errors,
        quick=opened.quick,
        version=opened.version,
        left=remaining_text(work.progress),
        missing=missing_rows(sections, opened.answers),
        unconfirmed=[row for row in unconfirmed if row.id not in opened.reworded],
        reworded=[row for row in unconfirmed if row.id in opened.reworded],
        edition_id=opened.edition_id,
        unconfirmed_facts=get_unconfirmed_facts(work),
        low=result.low,
        high=result.high,
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
        law_questions=facts.left,
        law_href=facts_address(work),
        contradicted=get_contradicted_facts(edition, facts, sections),
        buys=line_count_text(len(lines)) if lines else None,
        buys_work=bool(lines) and has_services(lines, reference_today()),
        sections=sections,
        reread=reread_rows(edition, sections),
    )


ASSESSMENT_RULE = "/assessments/<uuid:assessment_id>"


@blueprint.post(f"{ASSESSMENT_RULE}/correct")
@audited("reopened")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=workspace)
def start_correction(work: Workspace) -> Response:
    if work.opened.submitted:
        enforce_expensive_limits(CORRECT, work.id)
    with suppress(NothingSubmittedError):  # it is open already
        reopen_assessment(request_session(), work.id, clock.now())
    mark_used(work)
    return redirect_to_tasks(work)


@blueprint.post("/assessments/<uuid:assessment_id>/discard-correction")
@audited("kept")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=workspace)
def keep_submitted_plan(work: Workspace) -> Response:
    try:
        if work.opened.version > 1:
            undo_all_upgrades(request_session(), work.id, clock.now())
        discard_correction(request_session(), work.id, clock.now())
    except NothingSubmittedError:
        return redirect_to_tasks(work)
    mark_used(work)
    return redirect(url_for("plans.show_result", assessment_id=work.id), 303)


@blueprint.post(f"{ASSESSMENT_RULE}/full")
@audited("widened")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=workspace)
def continue_to_full(work: Workspace) -> Response:
    if work.opened.submitted:
        enforce_expensive_limits(CORRECT, work.id)
        reopen_assessment(request_session(), work.id, clock.now())
    assessment = lock_assessment(request_session(), work.id)
    assessment.quick = False
    assessment.changed_at = clock.now()
    mark_used(work)
    return redirect_to_tasks(work)


@blueprint.route(f"{ASSESSMENT_RULE}/leave", methods=["GET", "POST"])
@audited("left")
@requires("visit.leave", load=workspace)
def leave_assessment(work: Workspace) -> Response | str:
    """End the guest session of this browser. Nothing is deleted. Where no way leads back, that is said first."""
    if request.method != "POST":
        return render_template("assessments/leave.html", id=work.id, months=_months_kept(work))
    way_back = work.opened.organisation_id is not None or bool(resume_links(request_session(), work.id))
    if not way_back and "for_good" not in request.form:
        return redirect(url_for("assessment_management.leave_assessment", assessment_id=work.id), 303)
    end_guest_session(request_session(), guest_session_token())
    left = None if way_back else "for-good"
    return clear_guest_cookie(make_response(redirect(url_for("assessment_management.show_goodbye", left=left), 303)))


@blueprint.route(f"{ASSESSMENT_RULE}/delete", methods=["GET", "POST"])
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.delete", load=workspace)
def delete_everything(work: Workspace) -> PageResponse:
    if request.method != "POST":
        return _delete_page(work)
    if "sure" not in request.form:
        return _delete_page(work, "Tick the box to say that you want all of it deleted."), 422
    delete_assessment(request_session(), work.id)
    clear_answer_cache()
    return redirect(url_for("assessment_management.show_goodbye", deleted="yes"), 303)


@blueprint.get("/goodbye")
@requires("public.read")
def show_goodbye() -> str:
    """The last page: what is gone, what is still there. It says nothing about who was here."""
    return render_template(
        "assessments/goodbye.html",
        deleted=request.args.get("deleted") == "yes",
        for_good=request.args.get("left") == "for-good",
        backup_days=settings_of(current_app).backup_days,
    )


def _months_kept(work: Workspace) -> int:
    settings = settings_of(current_app)
    sent = work.opened.submitted or work.opened.version > 1
    return 12 * settings.submission_years if sent else settings.draft_months


def _delete_page(work: Workspace, error: str | None = None) -> str:
    return render_template(
        "assessments/delete.html",
        id=work.id,
        name=work.opened.organisation.get("name"),
        was_submitted=work.opened.submitted or work.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
        error=error,
    )


LINK_RULE = "/assessments/<uuid:assessment_id>/link"


@blueprint.get(LINK_RULE)
@requires("assessment.links", load=workspace)
def show_resume_links(work: Workspace) -> str:
    return _resume_links_page(work)


@blueprint.post(LINK_RULE)
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=workspace)
def add_resume_link(work: Workspace) -> str | tuple[str, int]:
    """Make a link and show it. It is in no other place, so this page is its only sight."""
    pin = request.form.get("pin", "").strip() or None
    try:
        link = make_resume_link(request_session(), work.id, clock.now(), pin=pin, made_by=current_user_id())
    except InvalidPinError:
        return _resume_links_page(work, error="Enter 4 to 8 digits, or leave the PIN out."), 422
    commit_and_mark_used(work)
    address = absolute_url(current_app, url_for("assessment_management.show_resume", token=link.token))
    return render_template(
        "assessments/resume_link_new.html",
        id=work.id,
        address=address,
        has_pin=pin is not None,
        # neutral on purpose: it shows on locked screens and in lists of mail
        **link_messages("Your link to your business self-check", address),
    )


@blueprint.post(f"{LINK_RULE}/<uuid:link_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=workspace)
def end_link(work: Workspace, link_id: uuid.UUID) -> Response:
    """End one link. This browser stays inside."""
    end_resume_link(request_session(), work.id, link_id, clock.now(), keep=guest_session_token())
    return redirect(url_for("assessment_management.show_resume_links", assessment_id=work.id), 303)


@blueprint.post("/assessments/<uuid:assessment_id>/link/end-other-devices")
@audited("left")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=workspace)
def end_other_devices(work: Workspace) -> Response:
    """End every other browser, that of the person who began included. Links go on working."""
    end_other_sessions(request_session(), work.id, guest_session_token(), clock.now())
    audit_always()  # the history must not tell whether there was another
    return redirect(url_for("assessment_management.show_resume_links", assessment_id=work.id, done="others"), 303)


@blueprint.get("/r/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_resume(token: str) -> str:
    """Where a kept link leads: a button, so that nothing is opened by a preview of the link."""
    return _resume_page(_find_link(token))


@blueprint.post("/r/<token>")
@audited("opened")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def resume(token: str) -> PageResponse:
    link = _find_link(token)

    def count_try() -> None:
        enforce_limit(PIN_LIMIT, str(link.id))
        enforce_limit(PIN_DAY_LIMIT, str(link.id))

    try:
        check_pin(link, request.form.get("pin"), count_try)
    except PinNeededError:
        return _resume_page(link, "Enter the PIN you chose for this link."), 422
    except WrongPinError:
        return _resume_page(link, "This is not the PIN of this link. Check it and try again."), 422
    opened = mark_resume_link_opened(request_session(), link.id, clock.now())
    set_audit_subject("assessment", opened.assessment_id)
    set_audit_subject("link", opened.id)
    fresh = open_resume_link(request_session(), opened, clock.now(), token=guest_session_token())
    assessment = request_session().get(Assessment, opened.assessment_id)
    # the person who has submitted comes back to work through the plan, not to answer
    page = (
        "action_tracker.show_tracker" if assessment is not None and assessment.submitted else "assessments.show_tasks"
    )
    return set_guest_cookie(make_response(redirect(url_for(page, assessment_id=opened.assessment_id), 303)), fresh)


def link_messages(subject: str, address: str) -> dict[str, str]:
    """The same words for a text message, a mail and a share sheet: `text`, `sms`, `mail`."""
    text = f"{subject}: {address}"
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(subject, safe='')}&body={quote(text, safe='')}",
    }


def _find_link(token: str) -> ResumeLink:
    with database().reading() as session:
        return find_resume_link(session, token)


def _resume_page(link: ResumeLink, error: str | None = None) -> str:
    return render_template("assessments/resume.html", has_pin=link.pin_hash is not None, error=error)


def _resume_links_page(work: Workspace, error: str | None = None) -> str:
    with database().reading() as session:
        links = resume_links(session, work.id)
    return render_template(
        "assessments/resume_links.html", id=work.id, links=links, error=error, done=request.args.get("done")
    )


@blueprint.get("/assessments/<uuid:assessment_id>/history")
@requires("assessment.read", load=workspace)
def show_history(work: Workspace) -> str:
    found = get_history(request_session(), work.id, current_user_id(), query_page())
    return render_template("assessments/history.html", id=work.id, page=found)
