"""Pages of bulk exports: list, order, progress, stop, resume, delete, download."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import query_integer
from assess.core.clock import Clock, system_clock, uk_date
from assess.core.db import database, request_session
from assess.core.documents.pdf_progress import PDF_STATUS_TEXTS
from assess.core.documents.services import IN_PROGRESS, PdfStatus
from assess.core.exports import XLSX_MEDIA_TYPE
from assess.core.forms.fields import ChoiceField, UuidField
from assess.core.forms.form import read_fields, sent_form, sent_text
from assess.core.rate_limits import Limit, enforce_limit
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.identity.models import Person
from assess.portfolio.board.columns import describe_filter, filter_from_query
from assess.portfolio.bulk_exports import services
from assess.portfolio.bulk_exports.bundle import stream_bundle
from assess.portfolio.bulk_exports.services import order_spreadsheet as order_a_sheet
from assess.portfolio.bulk_exports.tables import log_download
from assess.portfolio.models import SPREADSHEET_KINDS, FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.suppliers.models import Supplier

blueprint = Blueprint("bulk_exports", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/exports")

ORDER_LIMIT = Limit("portfolio-file", 30, 3600)
DOWNLOAD_LIMIT = Limit("portfolio-take", 60, 3600)
SECONDS_BETWEEN_AT_FIRST, SECONDS_BETWEEN, AT_FIRST = 2, 6, timedelta(seconds=30)
MAX_REFRESHES = 60
"""How often the page reloads by itself: five minutes. Then a person asks. A list is there soon, many plans take their time."""
MAX_NAMED = 500
"""Suppliers named on the page of an order as left out."""

_MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: XLSX_MEDIA_TYPE,
}
NO_SUPPLIER_MATCHES = (
    "No supplier on your list fits that. Choose fewer things at once, or order the plans of all suppliers."
)


@dataclass(frozen=True, slots=True)
class ExportView:
    """An order as its pages show it. `status`: waiting, running, again, late, given_up, ready, stopped or removed."""

    file: PortfolioFile
    title: str
    about: Sequence[str]
    by: str
    status: str
    words: str
    size: str

    @property
    def ordered_on(self) -> date:
        return uk_date(self.file.ordered_at)

    @property
    def until(self) -> date:
        return uk_date(self.file.until)

    @property
    def on_its_way(self) -> bool:
        return self.status in IN_PROGRESS


@blueprint.get("")
@requires("suppliers.read", check=require_member)
def show_exports(organisation_id: uuid.UUID) -> str:
    return _exports_page(organisation_id)


@blueprint.post("/bundle")
@audited("made")
@requires("suppliers.manage", load=require_member)
def order_plan_bundle(who: CurrentUser, organisation_id: uuid.UUID) -> Response:
    """Order the plans: of all suppliers, of those that fit a filter of the board, or of those picked there."""
    enforce_limit(ORDER_LIMIT, str(organisation_id))
    picked = [_parse_id(value) for value in sent_form().getlist("supplier")]
    filter_ = filter_from_query(sent_form().get("filter", ""))
    try:
        made = services.order_bundle(request_session(), organisation_id, filter_, clock.now(), by=who.id, picked=picked)
    except (services.NoSupplierMatchesError, services.NothingSharedError) as error:
        return _refuse(
            organisation_id,
            NO_SUPPLIER_MATCHES
            if isinstance(error, services.NoSupplierMatchesError)
            else "None of these suppliers shares a plan with you, so there is nothing to print. Ask them first, or chase them.",
        )
    return _redirect_to_export(made)


@blueprint.post("/spreadsheet")
@audited("made")
@requires("suppliers.manage", load=require_member)
def order_supplier_spreadsheet(who: CurrentUser, organisation_id: uuid.UUID) -> Response:
    enforce_limit(ORDER_LIMIT, str(organisation_id))
    kind = read_fields(kind=ChoiceField(SPREADSHEET_KINDS)).values.get("kind") or FileKind.XLSX
    filter_ = filter_from_query(sent_form().get("filter", ""))
    try:
        made = order_a_sheet(request_session(), organisation_id, kind, filter_, clock.now(), by=who.id)
    except services.NoSupplierMatchesError:
        return _refuse(organisation_id, NO_SUPPLIER_MATCHES)
    return _redirect_to_export(made)


@blueprint.get("/<uuid:file_id>")
@requires("suppliers.read", check=require_member)
def show_export(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """How far one is. Scripts ask for plain text and get the sentence alone, with 202 while it is being made."""
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        shown = _export_view(session, services.get_file(session, organisation_id, file_id, clock.now()) or abort(404))
        missing = _list_missing_plans(session, shown.file)
        failed = any(state is PlanState.FAILED for _name, state in missing)
    if shown.on_its_way and request.accept_mimetypes.best_match(["text/html", "text/plain"]) == "text/plain":
        response = make_response(shown.words, 202)
        response.mimetype = "text/plain"
        response.headers["Retry-After"] = str(_refresh_seconds(shown.file))
        return response
    here = url_for("bulk_exports.show_export", organisation_id=organisation_id, file_id=file_id)
    polls = query_integer("poll", 0)
    return make_response(
        render_template(
            "portfolio/bulk_export.html",
            organisation=organisation,
            shown=shown,
            missing=[(name, services.MISSING_PLAN_REASONS[state]) for name, state in missing],
            most_named=MAX_NAMED,
            failed=failed,
            here=here,
            pause=_refresh_seconds(shown.file),
            next_poll=f"{here}?poll={polls + 1}" if 0 <= polls < MAX_REFRESHES else None,
            stop=f"{here}?poll={MAX_REFRESHES}",
        )
    )


@blueprint.post("/<uuid:file_id>/stop")
@audited("stopped")
@requires("suppliers.manage", check=require_member)
def stop_export(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Stop one that is being made. What is printed stays printed."""
    found = _locked_file(organisation_id, file_id)
    services.stop_file(found)
    return _redirect_to_export(found)


@blueprint.post("/<uuid:file_id>/resume")
@audited("made")
@requires("suppliers.manage", check=require_member)
def resume_export(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Go on with one that was stopped, given up or removed."""
    enforce_limit(ORDER_LIMIT, str(organisation_id))
    found = _locked_file(organisation_id, file_id)
    services.resume_file(request_session(), found, clock.now())
    return _redirect_to_export(found)


@blueprint.post("/<uuid:file_id>/delete")
@audited("deleted")
@requires("suppliers.manage", check=require_member)
def delete_export(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Delete one. The plans themselves stay: they can be ordered again at any time."""
    services.delete_file(request_session(), _locked_file(organisation_id, file_id))
    return redirect(url_for("bulk_exports.show_exports", organisation_id=organisation_id), 303)


@blueprint.get("/<uuid:file_id>/download")
@requires("suppliers.read", load=require_member)
def download_export(who: CurrentUser, organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """The file itself; before it is ready, its page. A bundle is sent while it is read."""
    with database().reading() as session:
        found = services.get_file(session, organisation_id, file_id, clock.now()) or abort(404)
    if found.state is not FileState.READY:
        return _redirect_to_export(found)
    enforce_limit(DOWNLOAD_LIMIT, str(organisation_id))
    day = uk_date(found.ready_at or clock.now()).isoformat()
    if found.kind is FileKind.BUNDLE:
        clock_after: Clock = current_app.config.get("CLOCK", system_clock)  # it is sent when this request is over
        response = Response(stream_bundle(database(), found.id, who, clock_after), mimetype="application/zip")
        name = f"plans-{day}.zip"
    else:
        log_download(database(), found.id, who, clock.now())
        with database().reading() as session:  # it goes as soon as a share in it does
            found = services.get_file(session, organisation_id, file_id, clock.now()) or abort(404)
            content = found.content
        if content is None:
            return _redirect_to_export(found)
        response = make_response(content)
        response.headers["Content-Type"] = _MEDIA_TYPES[found.kind]
        name = f"suppliers-{day}.{found.kind.value}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refresh_seconds(file: PortfolioFile) -> int:
    return SECONDS_BETWEEN_AT_FIRST if clock.now() - file.ordered_at < AT_FIRST else SECONDS_BETWEEN


def _exports_page(organisation_id: uuid.UUID, error: str | None = None) -> str:
    wanted = sent_text("filter") or request.args.get("filter", "")
    with database().reading() as session:
        return render_template(
            "portfolio/bulk_exports.html",
            organisation=organisation_or_404(session, organisation_id),
            orders=[_export_view(session, file) for file in services.list_files(session, organisation_id, clock.now())],
            filter=wanted,
            about=describe_filter(filter_from_query(wanted)),
            error=error,
        )


def _refuse(organisation_id: uuid.UUID, sentence: str) -> Response:
    request_session().rollback()
    return make_response(_exports_page(organisation_id, sentence), 422)


def _redirect_to_export(file: PortfolioFile) -> Response:
    return redirect(url_for("bulk_exports.show_export", organisation_id=file.buyer_id, file_id=file.id), 303)


def _locked_file(organisation_id: uuid.UUID, file_id: uuid.UUID) -> PortfolioFile:
    return services.get_file(request_session(), organisation_id, file_id, clock.now(), locked=True) or abort(404)


def _parse_id(typed: str) -> uuid.UUID:
    return UuidField().read(typed)[0] or abort(400)


def _export_view(session: Session, file: PortfolioFile) -> ExportView:
    found = services.get_file_status(session, file, clock.now())
    state = found.value if file.state is FileState.ORDERED else file.state.value
    far = services.ExportProgress(
        file.done, file.total, file.done_before, clock.now() - file.began_at if file.began_at else None
    )
    begun = file.kind is FileKind.BUNDLE and (file.began_at is not None)
    words = (
        services.describe_progress(file.kind, far)
        if begun or found is PdfStatus.RUNNING
        else PDF_STATUS_TEXTS.get(found, "")
    )
    if begun and found in {PdfStatus.RETRYING, PdfStatus.LATE}:
        words = f"{words} {PDF_STATUS_TEXTS[found]}"
    person = session.get(Person, file.by_person) if file.by_person else None
    return ExportView(
        file=file,
        title=services.FILE_KIND_LABELS[file.kind],
        about=services.export_request_from_json(file.wanted).sentences,
        by=person.shown if person else "",
        status=state,
        words=words,
        size=services.format_file_size(file.size),
    )


def _list_missing_plans(session: Session, file: PortfolioFile) -> list[tuple[str, PlanState]]:
    wanted = (
        select(Supplier.name, PortfolioFilePlan.state)
        .join(PortfolioFilePlan, PortfolioFilePlan.supplier_id == Supplier.id)
        .where(
            PortfolioFilePlan.file_id == file.id,
            PortfolioFilePlan.state.in_([PlanState.OVER, PlanState.ANSWERED_AGAIN, PlanState.FAILED]),
        )
        .order_by(func.lower(Supplier.name), PortfolioFilePlan.number)
    )
    return [(name, state) for name, state in session.execute(wanted)]
