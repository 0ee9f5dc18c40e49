"""Pages: download a bank as a workbook, upload one, review its changes and save them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.bank_editor.draft_context import DraftContext, draft_context_or_404, reading_draft
from assess.bank_editor.spreadsheet import import_diff
from assess.bank_editor.spreadsheet.workbook import bank_as_workbook
from assess.core import clock
from assess.core.application import accepts_file
from assess.core.audit.requests import add_audit_detail
from assess.core.child_process import UploadRefusedError
from assess.core.db import database, request_session, roll_back_request
from assess.core.edit_conflicts import NotSavedError, etag
from assess.core.exports import XLSX_MEDIA_TYPE
from assess.core.forms.form import is_ticked, sent_file, sent_form, sent_text
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser
from assess.question_banks import drafts
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.editions import current_editions
from assess.question_banks.files import FileProblem
from assess.question_banks.validation import check_files_cached

blueprint = Blueprint("bank_spreadsheets", __name__, url_prefix="/question-banks")


@blueprint.get("/spreadsheets")
@requires("banks.read", check=require_person)
def show_spreadsheets() -> str:
    with database().reading() as session:
        banks = [(bank, one.edition.title, one.ref.number) for bank, one in current_editions(session).items()]
    return render_template("bank_editor/spreadsheets.html", banks=banks)


@blueprint.get("/spreadsheets/<bank>")
@requires("banks.read", check=require_person)
def download_bank_workbook(bank: str) -> Response:
    with database().reading() as session:
        loaded = current_editions(session).get(bank) or abort(404)
        files = files_in_force(session)
        title = f"{loaded.edition.title}, edition {loaded.ref.number}"
    return _xlsx_response(
        bank_as_workbook(files, bank, title, loaded.edition), f"{bank}-edition-{loaded.ref.number}.xlsx"
    )


@blueprint.get("/drafts/<uuid:draft_id>/<bank>/spreadsheet/workbook")
@requires("banks.read", check=require_person)
def download_draft_workbook(draft_id: uuid.UUID, bank: str) -> Response:
    with reading_draft(draft_id, bank) as (_, draft_context):
        title = f"{bank}, draft: {draft_context.draft.title}"
    return _xlsx_response(
        bank_as_workbook(draft_context.files, bank, title, draft_context.report.banks[bank].edition),
        f"{bank}-draft.xlsx",
    )


def _xlsx_response(content: bytes, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = XLSX_MEDIA_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


FILE_FIELD, PACKED_FIELD, TAKE_AWAY_FIELD, MINE, THEIRS = "workbook", "changes", "take_away", "mine", "theirs"
LARGEST_FORM = import_diff.LARGEST_FILE + 512 * 1024
MAX_CHANGES_SHOWN = 300
DRAFT_CHANGED = "Somebody changed the same thing in the draft. Choose below, then save again. Nothing was saved yet."
INCOMPLETE_FORM = "What the workbook would change did not arrive whole. Choose the file again."


@dataclass
class ImportPageState:
    read: import_diff.ReadWorkbook | None = None
    errors: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    take_away: bool = False


@blueprint.get("/drafts/<uuid:draft_id>/<bank>/spreadsheet")
@requires("banks.read", check=require_person)
def show_spreadsheet(draft_id: uuid.UUID, bank: str) -> str:
    return _upload_page(draft_id, bank)


@blueprint.post("/drafts/<uuid:draft_id>/<bank>/spreadsheet")
@audited("sent")
@accepts_file(FILE_FIELD, LARGEST_FORM)
@requires("banks.edit", load=require_person)
def upload_workbook(who: CurrentUser, draft_id: uuid.UUID, bank: str) -> str | tuple[str, int]:
    """Read a workbook and show what it would change. Nothing is saved."""
    enforce_limit(Limit("bank-workbook", 60, 3600), str(who.id))
    sent = sent_file(FILE_FIELD)
    try:
        name, data = (sent.filename or "", sent.stream.read(import_diff.LARGEST_FILE + 1)) if sent else ("", b"")
        sheets = import_diff.open_workbook(name, data)
        origin = import_diff.workbook_origin(sheets)
        with reading_draft(draft_id, bank) as (session, draft_context):
            own = draft_context.files.at("", bank) or abort(404)
            read = import_diff.propose_changes(session, sheets, origin, own.name)
            return _changes_page(session, draft_context, bank, read.proposal, ImportPageState(read))
    except UploadRefusedError as refused:
        return _upload_page(draft_id, bank, str(refused)), 422


@blueprint.post("/drafts/<uuid:draft_id>/<bank>/spreadsheet/save")
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.edit", load=require_person)
def save_workbook_changes(who: CurrentUser, draft_id: uuid.UUID, bank: str) -> Response | tuple[str, int]:
    proposal = import_diff.unpack_proposal(sent_text(PACKED_FIELD))
    if proposal is None:
        return _upload_page(draft_id, bank, INCOMPLETE_FORM), 422
    shown = ImportPageState(take_away=is_ticked(TAKE_AWAY_FIELD))
    shown.chosen = {name: value for name, value in sent_form().items() if name.startswith("conflict-")}
    # held: nobody else changes it before this request is over
    drafts.lock_draft(request_session(), draft_context_or_404(request_session(), draft_id, bank).draft)
    draft = draft_context_or_404(request_session(), draft_id, bank)
    try:
        found = import_diff.compare_with_draft(
            request_session(), draft.files, bank, proposal, take_away=shown.take_away
        )
        settled = _changes_to_save(found, shown)
        if shown.errors:
            roll_back_request()
            return _proposal_page(draft_id, bank, proposal, shown), 422
        add_audit_detail(
            "lines", import_diff.save_changes(request_session(), draft.draft, settled, who.id, clock.now())
        )
    except (NotSavedError, UploadRefusedError) as refused:
        roll_back_request()
        shown.errors["changes"] = str(refused)
        return _proposal_page(draft_id, bank, proposal, shown), 409
    return redirect(url_for("bank_editor.show_draft", draft_id=draft_id, done="saved"), 303)


def _changes_to_save(found: import_diff.MergeResult, shown: ImportPageState) -> list[import_diff.ComparedChange]:
    """What will be written. Conflicts nobody chose in are errors of the page."""
    settled = list(found.taken)
    for one in found.conflicts:
        name = conflict_field_name(one)
        if shown.chosen.get(name) not in {MINE, THEIRS}:
            shown.errors[name] = "Choose which of the two the draft shall say."
        elif shown.chosen[name] == MINE:
            settled.append(one)
    if shown.errors and not shown.chosen:
        shown.errors = {"changes": DRAFT_CHANGED, **shown.errors}
    return settled


def conflict_field_name(one: import_diff.ComparedChange) -> str:
    """What a choice is sent back by: another one as soon as the draft says something else there."""
    return f"conflict-{etag([*one.change.at, '' if one.now is import_diff.REMOVED else [one.now]])}"


def _upload_page(draft_id: uuid.UUID, bank: str, error: str | None = None) -> str:
    with reading_draft(draft_id, bank) as (_, draft_context):
        return render_template("bank_editor/spreadsheet.html", draft=draft_context.draft, bank=bank, error=error)


def _proposal_page(draft_id: uuid.UUID, bank: str, proposal: import_diff.ChangeProposal, shown: ImportPageState) -> str:
    with database().reading() as session:
        return _changes_page(session, draft_context_or_404(session, draft_id, bank), bank, proposal, shown)


def _changes_page(
    session: Session,
    draft_context: DraftContext,
    bank: str,
    proposal: import_diff.ChangeProposal,
    shown: ImportPageState,
) -> str:
    found = import_diff.compare_with_draft(session, draft_context.files, bank, proposal, take_away=shown.take_away)
    errors = dict(shown.errors)
    problems: list[FileProblem] = []
    try:
        texts = import_diff.texts_after(draft_context.files, found.taken)
        before = {(one.file, one.number, one.message) for one in draft_context.report.errors}
        after = check_files_cached(import_diff.files_after(draft_context.files, texts), clock.now()).errors
        problems = [one for one in after if (one.file, one.number, one.message) not in before]
    except NotSavedError as refused:
        errors.setdefault("changes", str(refused))
    asks = {str(one.data.get("id")): str(one.data.get("ask") or "") for one in draft_context.questions_of(bank)}
    names = {one.change.at.file for one in (*found.taken, *found.conflicts)}
    return render_template(
        "bank_editor/spreadsheet_changes.html",
        draft=draft_context.draft,
        bank=bank,
        packed=import_diff.pack_proposal(proposal),
        taken=[import_diff.change_in_words(one, asks) for one in found.taken[:MAX_CHANGES_SHOWN]],
        more=max(0, len(found.taken) - MAX_CHANGES_SHOWN),
        total=len(found.taken),
        conflicts=[(conflict_field_name(one), import_diff.change_in_words(one, asks)) for one in found.conflicts],
        already=found.already,
        elsewhere=import_diff.files_in_other_drafts(session, draft_context.draft, names),
        workbook_errors=shown.read.errors if shown.read else (),
        missing=import_diff.missing_rows_in_words(proposal.missing),
        unknown=shown.read.unknown if shown.read else (),
        problems=problems,
        errors=errors,
        chosen=shown.chosen,
        take_away=shown.take_away,
    )
