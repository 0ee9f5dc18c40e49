"""Files to take away: PDFs of the plan with their progress page, action exports, document templates, calendar, plan index and the export of an organisation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, mark_used_and_commit, open_assessment
from assess.assessments.submissions import NothingSubmittedError, latest_submission_id
from assess.core import clock
from assess.core.application import absolute_url
from assess.core.db import database, request_session
from assess.core.documents.pdf_progress import RequestedPdf, pdf_progress_response, send_pdf
from assess.core.documents.services import IN_PROGRESS, PdfStatus
from assess.core.exports import DOCX_MEDIA_TYPE
from assess.core.links import LinkUnknownError
from assess.core.pagination import query_page
from assess.core.rate_limits import (
    OPEN_LINK_LIMIT,
    SAVE_LIMIT,
    Limit,
    by_address,
    by_session_or_address,
    enforce_limit,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.identity.models import Role
from assess.plans import calendar
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.copies import Copy
from assess.plans.document_templates import (
    document_template_docx,
    document_template_slug,
    find_document_template,
    templates_for_question,
    templates_for_sector,
)
from assess.plans.exports import EXPORT_FORMATS
from assess.plans.organisation_export import enqueue_missing_pdfs, exported_assessments, missing_pdfs, stream_export
from assess.plans.plan_index import assessment_page, plan_index_of
from assess.plans.plan_page import business_plan
from assess.plans.views import submission_or_tasks
from assess.question_banks.document_templates import DocumentTemplate

EXPORT_LIMIT = Limit("export", 60, 3600)
EXPORT_FILE_NAME = "actions"
"""What a file is called, before its date. Neutral on purpose: it shows on shared computers."""

blueprint = Blueprint("plan_downloads", __name__)

COPY_SLUGS: Mapping[Copy, str] = {
    "business": "plan",
    "large": "plan-large-print",
    "annex": "plan-annex",
    "wall": "plan-for-the-wall",
    "buyer": "buyer-copy",
}
"""The copies a business can take, by the slug in their address."""
_DOWNLOAD_VIEWS: Mapping[Copy, str] = {
    "business": "plan_downloads.download_plan",
    "large": "plan_downloads.download_large_print_plan",
    "annex": "plan_downloads.download_annex",
    "wall": "plan_downloads.download_wall_page",
    "buyer": "plan_downloads.download_buyer_copy",
}


@blueprint.get("/assessments/<uuid:assessment_id>/plan.pdf")
@requires("plan.files", load=open_assessment)
def download_plan(context: AssessmentContext) -> Response:
    return send_pdf(_plan_pdf(context, "business"))


@blueprint.get("/assessments/<uuid:assessment_id>/plan-large-print.pdf")
@requires("plan.files", load=open_assessment)
def download_large_print_plan(context: AssessmentContext) -> Response:
    return send_pdf(_plan_pdf(context, "large"))


@blueprint.get("/assessments/<uuid:assessment_id>/plan-annex.pdf")
@requires("plan.files", load=open_assessment)
def download_annex(context: AssessmentContext) -> Response:
    return send_pdf(_plan_pdf(context, "annex"))


@blueprint.get("/assessments/<uuid:assessment_id>/plan-for-the-wall.pdf")
@requires("plan.files", load=open_assessment)
def download_wall_page(context: AssessmentContext) -> Response:
    return send_pdf(_plan_pdf(context, "wall"))


@blueprint.get("/assessments/<uuid:assessment_id>/buyer-copy.pdf")
@requires("plan.files", load=open_assessment)
def download_buyer_copy(context: AssessmentContext) -> Response:
    """What a buyer would get, for the business to see first."""
    return send_pdf(_plan_pdf(context, "buyer"))


@blueprint.route("/assessments/<uuid:assessment_id>/pdf-progress/<name>", methods=["GET", "POST"])
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("plan.files", load=open_assessment)
def show_plan_pdf_progress(context: AssessmentContext, name: str) -> Response:
    copy = next((copy for copy, slug in COPY_SLUGS.items() if slug == name), None)
    return pdf_progress_response(_plan_pdf(context, copy or abort(404)))


def _plan_pdf(context: AssessmentContext, copy: Copy) -> RequestedPdf:
    """The copy as somebody asks for it; before the first submission, the way to the tasks ends the request."""
    tasks = url_for("assessments.show_tasks", assessment_id=context.id)
    with database().reading() as session:
        submission_id = latest_submission_id(session, context.id) or abort(redirect(tasks, 303))
    return RequestedPdf(
        copy,
        submission_id,
        limit_subject=context.id,
        file_url=url_for(_DOWNLOAD_VIEWS[copy], assessment_id=context.id),
        progress_url=url_for("plan_downloads.show_plan_pdf_progress", assessment_id=context.id, name=COPY_SLUGS[copy]),
        back_url=url_for("plans.show_result", assessment_id=context.id),
    )


@requires("plan.files", load=open_assessment)
def download_actions(context: AssessmentContext, ending: str) -> Response:
    submission = submission_or_tasks(context)
    enforce_limit(EXPORT_LIMIT, by_session_or_address())
    with database().reading() as session:
        state = get_tracker_state(session, submission.id)
    export_format = EXPORT_FORMATS[ending]
    # made anew each time: 5 ms for a sheet and 50 ms for Word is less than keeping and ageing copies would cost
    response = make_response(export_format.make(business_plan(submission.record, state)))
    response.headers["Content-Type"] = export_format.media_type
    name = f"{EXPORT_FILE_NAME}-{clock.today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


for ending in EXPORT_FORMATS:
    blueprint.add_url_rule(
        f"/assessments/<uuid:assessment_id>/actions.{ending}",
        view_func=download_actions,
        defaults={"ending": ending},
    )
blueprint.add_app_template_global(lambda: EXPORT_FORMATS, "export_formats")


blueprint.add_app_template_global(templates_for_question, "document_templates_for")


@blueprint.get("/assessments/<uuid:assessment_id>/document-templates")
@requires("plan.files", load=open_assessment)
def show_document_templates(context: AssessmentContext) -> str:
    submission = submission_or_tasks(context)
    groups = templates_for_sector(submission.record["edition"]["bank"], clock.today())
    return render_template("plans/document_templates.html", id=context.id, groups=groups)


@blueprint.get("/assessments/<uuid:assessment_id>/document-templates/<address>.docx")
@requires("plan.files", check=open_assessment)
def download_document_template_docx(address: str) -> Response:
    paper = _document_template_or_404(address)
    response = make_response(document_template_docx(paper))
    response.headers["Content-Type"] = DOCX_MEDIA_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{document_template_slug(paper)}.docx"'
    return response


@blueprint.get("/assessments/<uuid:assessment_id>/document-templates/<address>.pdf")
@requires("plan.files", check=open_assessment)
def download_document_template_pdf(assessment_id: uuid.UUID, address: str) -> Response:
    return send_pdf(_document_template_pdf(assessment_id, address))


@blueprint.route("/assessments/<uuid:assessment_id>/document-templates/<address>/pdf-progress", methods=["GET", "POST"])
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("plan.files", check=open_assessment)
def show_document_template_pdf_progress(assessment_id: uuid.UUID, address: str) -> Response:
    return pdf_progress_response(_document_template_pdf(assessment_id, address))


def _document_template_pdf(assessment_id: uuid.UUID, address: str) -> RequestedPdf:
    return RequestedPdf(
        "template",
        _document_template_or_404(address).id,
        limit_subject=assessment_id,
        file_url=url_for("plan_downloads.download_document_template_pdf", assessment_id=assessment_id, address=address),
        progress_url=url_for(
            "plan_downloads.show_document_template_pdf_progress", assessment_id=assessment_id, address=address
        ),
        back_url=url_for("plan_downloads.show_document_templates", assessment_id=assessment_id),
    )


def _document_template_or_404(address: str) -> DocumentTemplate:
    return find_document_template(address, clock.today()) or abort(404)


CALENDAR_URL = "/assessments/<uuid:assessment_id>/calendar"
FETCH_CALENDAR_LIMIT = Limit("calendar", 60, 3600)
"""How often one address may be fetched. Programs come once an hour at most, and a few devices may share one."""

CALENDAR_FILE_NAME = "actions.ics"


@blueprint.get(CALENDAR_URL)
@requires("reminder.manage", load=open_assessment)
def show_calendar(context: AssessmentContext) -> str:
    submission = submission_or_tasks(context)
    with database().reading() as session:
        feed = calendar.active_feed(session, context.id)
        entries = calendar.submission_entries(session, submission)
    return render_template("plans/calendar.html", id=context.id, feed=feed, count=len(calendar.open_entries(entries)))


@blueprint.post(CALENDAR_URL)
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("reminder.manage", load=open_assessment)
def create_calendar_address(context: AssessmentContext) -> str:
    """Make an address, end the one before and show the new one, once."""
    submission_or_tasks(context)
    token = calendar.create_feed(request_session(), context.id, clock.now())
    mark_used_and_commit(context)
    address = absolute_url(current_app, url_for("plan_downloads.serve_calendar_feed", token=token))
    subscribe = urlsplit(address)._replace(scheme="webcal").geturl()
    return render_template("plans/calendar_created.html", id=context.id, address=address, subscribe=subscribe)


@blueprint.post(f"{CALENDAR_URL}/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("reminder.manage", load=open_assessment)
def end_calendar_address(context: AssessmentContext) -> Response:
    calendar.end_feed(request_session(), context.id, clock.now())
    return redirect(url_for("plan_downloads.show_calendar", assessment_id=context.id), 303)


@blueprint.get(f"{CALENDAR_URL}/{CALENDAR_FILE_NAME}")
@requires("reminder.manage", load=open_assessment)
def download_calendar(context: AssessmentContext) -> Response:
    """What is still to come as a file, to put into a calendar once."""
    submission = submission_or_tasks(context)
    enforce_limit(FETCH_CALENDAR_LIMIT, by_session_or_address())
    with database().reading() as session:
        content = calendar.entries_to_ics(calendar.open_entries(calendar.submission_entries(session, submission)))
    return _ics_response(content, "attachment")


@blueprint.get("/c/<token>.ics")
@requires("link.open")
def serve_calendar_feed(token: str) -> Response:
    """What calendar programs fetch. No cookie is asked for or set, and the answer is kept by nobody on the way.

    Programs keep what they fetched all the same; ending the address stops them at their next try.
    """
    with database().reading() as session:
        try:
            found = calendar.find_feed(session, token)
        except LinkUnknownError:
            found = None
    if found is None:
        enforce_limit(OPEN_LINK_LIMIT, by_address())
        abort(404)
    # many programs come by the same few addresses, so these are not counted
    enforce_limit(FETCH_CALENDAR_LIMIT, str(found.id))
    with database().reading() as session:
        try:
            content = calendar.entries_to_ics(calendar.feed_entries(session, found))
        except NothingSubmittedError:
            abort(404)
    with database().writing() as write:
        calendar.log_fetch(write, found.id, clock.now())
    return _ics_response(content, "inline")


def _ics_response(content: bytes, how: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'{how}; filename="{CALENDAR_FILE_NAME}"'
    return response


@blueprint.get("/organisations/<uuid:organisation_id>/plans")
@requires("organisation.answers", load=require_member)
def show_plans(who: CurrentUser, organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        page = assessment_page(session, organisation_id, query_page())
    return render_template(
        "plans/organisation_plans.html",
        organisation=organisation,
        page=page,
        today=clock.today(),
        may_fill=bool(who.roles.get(organisation_id, frozenset()) & {Role.MANAGER, Role.RESPONDENT}),
    )


@blueprint.get("/organisations/<uuid:organisation_id>/plan-index")
@requires("organisation.answers", check=require_member)
def show_plan_index(organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        name = organisation_or_404(session, organisation_id).name
        index = plan_index_of(session, organisation_id, name, clock.today())
    return render_template("plans/plan_index.html", id=organisation_id, index=index)


@blueprint.get("/organisations/<uuid:organisation_id>/plan-index.pdf")
@requires("organisation.answers", check=require_member)
def download_plan_index(organisation_id: uuid.UUID) -> Response:
    return send_pdf(_plan_index_pdf(organisation_id))


@blueprint.route("/organisations/<uuid:organisation_id>/plan-index/pdf-progress", methods=["GET", "POST"])
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("organisation.answers", check=require_member)
def show_plan_index_pdf_progress(organisation_id: uuid.UUID) -> Response:
    return pdf_progress_response(_plan_index_pdf(organisation_id))


def _plan_index_pdf(organisation_id: uuid.UUID) -> RequestedPdf:
    return RequestedPdf(
        "plan_index",
        organisation_id,
        limit_subject=organisation_id,
        file_url=url_for("plan_downloads.download_plan_index", organisation_id=organisation_id),
        progress_url=url_for("plan_downloads.show_plan_index_pdf_progress", organisation_id=organisation_id),
        back_url=url_for("plan_downloads.show_plan_index", organisation_id=organisation_id),
    )


EXPORT_ORGANISATION_LIMIT = Limit("organisation-export", 20, 3600)
CREATE_PDFS_LIMIT = Limit("organisation-print", 10, 3600)


@blueprint.route("/organisations/<uuid:organisation_id>/export", methods=["GET", "POST"])
@audited("made")
@requires("organisation.manage", check=require_member)
def export_page(organisation_id: uuid.UUID) -> Response | str:
    if request.method != "POST":
        with database().reading() as session:
            organisation = organisation_or_404(session, organisation_id)
            listed = exported_assessments(session, organisation_id)
            missing = missing_pdfs(session, listed, clock.now())
        under_way = sum(status in IN_PROGRESS for status in missing.values())
        return render_template(
            "plans/organisation_export.html",
            organisation=organisation,
            count=len(listed),
            missing=len(missing),
            under_way=under_way,
            given_up=sum(status is PdfStatus.GIVEN_UP for status in missing.values()),
            to_order=len(missing) - under_way,
        )
    enforce_limit(CREATE_PDFS_LIMIT, str(organisation_id))
    enqueue_missing_pdfs(request_session(), exported_assessments(request_session(), organisation_id), clock.now())
    return redirect(url_for("plan_downloads.export_page", organisation_id=organisation_id), 303)


@blueprint.get("/organisations/<uuid:organisation_id>/export.zip")
@requires("organisation.manage", check=require_member)
def download_organisation_export(organisation_id: uuid.UUID) -> Response:
    enforce_limit(EXPORT_ORGANISATION_LIMIT, str(organisation_id))
    with database().reading() as session:
        organisation_or_404(session, organisation_id)
    response = FlaskResponse(stream_export(database(), organisation_id, clock.now()), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="organisation-{clock.today().isoformat()}.zip"'
    return response
