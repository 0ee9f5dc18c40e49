"""Pages of an import: upload form, preview, progress, result, template and rows to repair."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import areas
from assess.core import clock
from assess.core.application import accepts_file, settings_of
from assess.core.audit.requests import add_audit_detail, set_audit_subject
from assess.core.child_process import UploadRefusedError
from assess.core.db import database, request_session
from assess.core.exports import XLSX_MEDIA_TYPE
from assess.core.forms.fields import ChoiceField, FormField, TickField
from assess.core.forms.form import Form, form_of, pressed, sent_file
from assess.core.jobs.services import latest_job_with_key
from assess.core.models import JobState
from assess.core.pages import counted
from assess.core.pagination import Page, last_page, query_page
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation
from assess.question_banks.content_versions import content_in_force
from assess.question_banks.editions import current_editions
from assess.suppliers.forms import EmailPreview, MessageField, due_boxes, preview_emails
from assess.suppliers.models import (
    OUTCOMES_TO_REPAIR,
    ImportOutcome,
    ImportState,
    Supplier,
    SupplierImport,
    SupplierImportRow,
)
from assess.suppliers.send_limits import first_sending_day
from assess.suppliers.services import InvitationDetails, active_invitations
from assess.suppliers.supplier_import import services
from assess.suppliers.supplier_import.columns import LARGEST_FILE
from assess.suppliers.supplier_import.files import read_import_file, repair_csv, template_csv, template_xlsx
from assess.suppliers.supplier_import.validation import ImportContext, check_rows, details_from_json, due_field

ASK, LIST = "ask", "list"
QUICK, FULL = "quick", "full"
SECTOR_IN_FILE = ""
"""The choice of a sector for all that is none: each row names its own."""

DEFAULT_TIME_TO_ANSWER = timedelta(days=28)


def initial_import(today: date) -> dict[str, str]:
    """What stands in the form before anything is typed."""
    due = due_boxes(today + DEFAULT_TIME_TO_ANSWER)
    return {"what": ASK, "sector": SECTOR_IN_FILE, "length": QUICK, "message": "", **due}


def import_form(sectors: Mapping[str, str], today: date, *, asks: bool) -> Form:
    """What is wished. What is not asked needs no date and no message."""
    wishes: dict[str, FormField[Any]] = {
        "what": ChoiceField(
            (ASK, LIST), required="Choose whether to ask the suppliers now or only to put them on your list."
        ),
        "sector": ChoiceField(sectors, invalid="Choose a sector from the list."),
        "in_busy_season": TickField(),
    }
    if asks:
        wishes |= {
            "length": ChoiceField((QUICK, FULL), required="Choose the quick check or the full assessment."),
            "due": due_field(today, required="Enter the last day to answer, like 24 12 2026."),
            "message": MessageField(),
        }
    return form_of(wishes)


def import_options(values: Mapping[str, Any]) -> services.ImportOptions:
    return services.ImportOptions(
        asks=values["what"] == ASK,
        sector=values["sector"],
        quick=values.get("length") == QUICK,
        due=values.get("due"),
        message=values.get("message", ""),
        in_busy_season=values["in_busy_season"],
    )


STATE_LABELS: Mapping[ImportState, str] = {
    ImportState.PREVIEW: "Waits for you to look at it",
    ImportState.CONFIRMED: "Begins in a moment",
    ImportState.RUNNING: "Under way",
    ImportState.DONE: "Done",
    ImportState.CANCELLED: "Stopped",
}

OUTCOME_LABELS: Mapping[ImportOutcome, str] = {
    ImportOutcome.ASKED: "asked",
    ImportOutcome.ADDED: "put on your list, not asked",
    ImportOutcome.ON_LIST: "on your list already, not asked",
    ImportOutcome.ALREADY_ASKED: "asked before, so not asked again",
    ImportOutcome.NO_ADDRESS: "on your list, but there is no email address to ask at",
    ImportOutcome.MAIL_STOPPED: "on your list, but want no more emails from you: ring them",
    ImportOutcome.TAKEN_OFF: "taken off your list by you before, so left as they are",
    ImportOutcome.BAD: "to be repaired",
    ImportOutcome.WAITING: "not worked on yet",
}

NO_ADDRESS_REASON = (
    "Row {number}, email: There is no address to ask at. Fill one in, or leave the row out and ring them."
)
"""The reason beside a row that is given back though nothing in it is wrong."""

VALUES_DELETED = "What this row said is no longer kept."


def repair_reasons(row: SupplierImportRow) -> list[str]:
    if row.outcome is ImportOutcome.NO_ADDRESS:
        return [NO_ADDRESS_REASON.format(number=row.number)]
    return [str(error["says"]) for error in row.faults.get("faults", ())] or [VALUES_DELETED]


def describe_outcomes(counts: services.ImportCounts, *, cancelled: bool) -> list[str]:
    """One line for each outcome that any row had, as a person reads it: “455 suppliers: asked”.

    What has to be repaired are rows: nobody knows yet whether they are suppliers.
    """
    words = {**OUTCOME_LABELS, **({ImportOutcome.WAITING: "not worked on, because you stopped"} if cancelled else {})}
    return [
        f"{counted(counts.by_outcome[outcome], 'row' if outcome is ImportOutcome.BAD else 'supplier')}: {label}"
        for outcome, label in words.items()
        if counts.by_outcome.get(outcome)
    ]


def describe_progress(counts: services.ImportCounts) -> str:
    return f"{counts.worked:,} of {counted(counts.worked + counts.of(ImportOutcome.WAITING), 'supplier')} done."


blueprint = Blueprint("supplier_import", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/import")

FILE_FIELD = "list"
UPLOAD_LIMIT = Limit("supplier-import", 30, 3600)
DAILY_UPLOAD_LIMIT = Limit("supplier-import-day", 100, 86_400)
"""For each buyer: a browser can call itself another with every request. What is read is kept for a week."""
LARGEST_FORM = 3 * 1024 * 1024
"""A file that is a little too large still gets a sentence of its own."""

ROWS_PER_PAGE = 50
POLL_SECONDS = 2


def get_import_context(session: Session) -> ImportContext:
    sectors = {bank: loaded.edition.title for bank, loaded in current_editions(session).items()}
    return ImportContext(sectors, areas(), clock.today())


@blueprint.get("")
@requires("suppliers.manage", check=require_member)
def show_import_form(organisation_id: uuid.UUID) -> str:
    return _import_form_page(organisation_id, initial_import(clock.today()), {})


@blueprint.post("")
@audited("added")
@accepts_file(FILE_FIELD, LARGEST_FORM)
@requires("suppliers.manage", load=require_member)
def add_import(who: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Read a file and keep what it says, for the buyer to look at. Nothing is sent."""
    with database().reading() as session:
        known = get_import_context(session)
    read = import_form(known.sectors, known.today, asks=pressed("what") == ASK).read()
    sent = sent_file(FILE_FIELD)
    if sent is None or read.errors:
        again = "Choose the file again: browsers do not keep it."
        missing = "Choose the file with your suppliers: a workbook (.xlsx) or a CSV file."
        errors = {FILE_FIELD: again if sent else missing, **read.errors}
        return _import_form_page(organisation_id, read.typed, errors), 422
    wishes = import_options(read.values)
    for limit in (UPLOAD_LIMIT, DAILY_UPLOAD_LIMIT):
        enforce_limit(limit, str(organisation_id))
    try:
        table = read_import_file(sent.filename or "", sent.stream.read(LARGEST_FILE + 1))
    except UploadRefusedError as error:
        return _import_form_page(organisation_id, read.typed, {FILE_FIELD: str(error)}), 422
    rows = check_rows(table.rows, table.header, known, asks=wishes.asks, sector=wishes.sector)
    told = {"unknown": list(table.header.unknown), "notes": table.notes}
    made = services.save_import(
        request_session(), organisation_id, sent.filename or "", rows, wishes, told, clock.now(), by=who.id
    )
    set_audit_subject("import", made.id)
    add_audit_detail("lines", len(rows))
    return redirect(_import_url(made), 303)


@blueprint.get("/<uuid:import_id>")
@requires("suppliers.manage", check=require_member)
def show_one_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> str:
    return _import_page(organisation_id, import_id)


@blueprint.get("/<uuid:import_id>/progress")
@requires("suppliers.manage", check=require_member)
def show_import_progress(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """How far it is in one line, for the script that asks; the page itself for everybody else, and once it is done."""
    with database().reading() as session:
        one = services.get_import(session, organisation_id, import_id) or abort(404)
        if (
            one.state not in {ImportState.CONFIRMED, ImportState.RUNNING}
            or request.headers.get("Accept") != "text/plain"
        ):
            return redirect(_import_url(one), 303)
        response = make_response(describe_progress(services.count_rows(session, one)), 202)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Retry-After"] = str(POLL_SECONDS)
    return response


@blueprint.post("/<uuid:import_id>/confirm")
@audited("confirmed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def confirm_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response | tuple[str, int]:
    one = _locked_import(organisation_id, import_id)
    try:
        services.start_import(request_session(), one, clock.now(), clock.today())
    except services.DueDatePassedError as error:
        return _import_page(organisation_id, import_id, str(error)), 422
    return redirect(_import_url(one), 303)


@blueprint.post("/<uuid:import_id>/discard")
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def delete_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    services.discard_import(request_session(), _locked_import(organisation_id, import_id))
    return redirect(url_for("supplier_import.show_import_form", organisation_id=organisation_id), 303)


@blueprint.post("/<uuid:import_id>/cancel")
@audited("stopped")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def stop_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    one = _locked_import(organisation_id, import_id)
    services.cancel_import(request_session(), one, clock.now())
    return redirect(_import_url(one), 303)


def _import_url(one: SupplierImport) -> str:
    return url_for("supplier_import.show_one_import", organisation_id=one.buyer_id, import_id=one.id)


def _locked_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> SupplierImport:
    return services.get_import(request_session(), organisation_id, import_id, lock=True) or abort(404)


def _import_form_page(organisation_id: uuid.UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        return render_template(
            "suppliers/import_form.html",
            organisation=organisation,
            typed=defaultdict(str, typed),
            errors=errors,
            sectors=list(get_import_context(session).sectors.items()),
            why_not=services.no_email_warning(session, organisation, settings_of(current_app), clock.today()),
            earlier=[
                (one, STATE_LABELS[one.state], services.count_rows(session, one))
                for one in services.list_imports(session, organisation_id)
            ],
        )


def _import_page(organisation_id: uuid.UUID, import_id: uuid.UUID, error: str | None = None) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        one = services.get_import(session, organisation_id, import_id) or abort(404)
        counts = services.count_rows(session, one)
        under_way = one.state in {ImportState.CONFIRMED, ImportState.RUNNING}
        job = latest_job_with_key(session, f"{services.IMPORT_JOB}:{one.id}") if under_way else None
        is_preview = one.state is ImportState.PREVIEW
        shown = [ImportOutcome.BAD, ImportOutcome.WAITING if is_preview else ImportOutcome.NO_ADDRESS]
        total = counts.of(*shown)
        number = min(query_page(), last_page(total, ROWS_PER_PAGE))
        first = (number - 1) * ROWS_PER_PAGE
        bad = services.list_import_rows(session, one.id, shown[:1], first=first, most=ROWS_PER_PAGE)
        good = services.list_import_rows(
            session,
            one.id,
            shown[1:],
            first=max(0, first - counts.bad),
            most=max(0, min(ROWS_PER_PAGE, first + ROWS_PER_PAGE - counts.bad)),
        )
        reason = (
            services.no_email_warning(session, organisation, settings_of(current_app), clock.today())
            if one.asks
            else None
        )
        return render_template(
            "suppliers/import_preview.html" if is_preview else "suppliers/import_outcome.html",
            organisation=organisation,
            one=one,
            counts=counts,
            bad=[*bad, *([] if is_preview else good)],
            good=good if is_preview else [],
            reasons_of=repair_reasons,
            page=Page([*bad, *good], number, first + ROWS_PER_PAGE < total, total, ROWS_PER_PAGE),
            sectors={bank: loaded.edition.title for bank, loaded in current_editions(session).items()},
            why_not=reason,
            previews=_preview_emails(session, organisation, one) if is_preview and one.asks and reason is None else [],
            error=error,
            under_way=under_way,
            pause=POLL_SECONDS,
            progress=describe_progress(counts),
            stuck=under_way and (job is None or job.state is JobState.FAILED),
            lines=describe_outcomes(counts, cancelled=one.state is ImportState.CANCELLED),
            repairable=services.has_rows_to_repair(session, one.id),
        )


def _preview_emails(session: Session, buyer: Organisation, one: SupplierImport) -> list[EmailPreview]:
    for row in services.list_import_rows(session, one.id, [ImportOutcome.WAITING], most=ROWS_PER_PAGE):
        details, due = details_from_json(row.values)
        there = services.find_listed_supplier(session, buyer.id, details)
        whole = services.fill_blanks(services.get_supplier_details(there), details) if there else details
        sector, day = details.sector or (there.sector if there else None), due or one.due
        if not whole.email or sector is None or day is None or (there and active_invitations(session, there.id)):
            continue
        ask = InvitationDetails(
            sector,
            one.quick,
            day,
            one.message,
            first_sending_day(content_in_force(), sector, clock.today(), at_once=one.in_busy_season),
        )
        supplier = Supplier(
            id=there.id if there else None,
            buyer_id=buyer.id,
            name=whole.name,
            email=whole.email,
            identity=whole.identity,
        )
        return preview_emails(session, buyer, supplier, ask, one.by_person)
    return []


CSV_TYPE = "text/csv; charset=utf-8"


@blueprint.get("/template.csv")
@requires("suppliers.manage", check=require_member)
def download_template_csv() -> Response:
    with database().reading() as session:
        return _download(template_csv(get_import_context(session)), CSV_TYPE, "suppliers-template.csv")


@blueprint.get("/template.xlsx")
@requires("suppliers.manage", check=require_member)
def download_template_xlsx() -> Response:
    with database().reading() as session:
        return _download(template_xlsx(get_import_context(session)), XLSX_MEDIA_TYPE, "suppliers-template.xlsx")


@blueprint.get("/<uuid:import_id>/rows-to-repair.csv")
@requires("suppliers.manage", check=require_member)
def download_rows_to_repair(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    with database().reading() as session:
        one = services.get_import(session, organisation_id, import_id) or abort(404)
        rows = [
            (row.number, row.values, repair_reasons(row))
            for row in services.list_import_rows(session, one.id, OUTCOMES_TO_REPAIR)
            if row.values
        ]
    return _download(repair_csv(rows), CSV_TYPE, "suppliers-to-repair.csv")


def _download(content: bytes, media_type: str, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
