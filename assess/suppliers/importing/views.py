"""The pages of an import: the form, what was read before anything is done, the progress, and what came of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.banks.editions import published
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about, note_detail
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.guards import takes_file
from assess.kit.integers import page_asked
from assess.kit.jobs.models import JobState
from assess.kit.jobs.ordering import latest_with_key
from assess.kit.limits import SAVING, Limit, by_visit, count, limited
from assess.kit.route_permissions import audited, requires
from assess.kit.workbooks.refusing import FileRefusedError
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import Organisation
from assess.suppliers.asking.pages import Shown, letters_shown
from assess.suppliers.busy_seasons import first_day
from assess.suppliers.importing.cells import Known
from assess.suppliers.importing.checking import check, from_values
from assess.suppliers.importing.form import Typed, read_form
from assess.suppliers.importing.keeping import (
    WORKING,
    TooLateError,
    confirm,
    count_rows,
    discard,
    has_what_to_repair,
    import_of,
    imports_of,
    rows_of,
    stop,
    store,
)
from assess.suppliers.importing.models import Outcome, State, SupplierImport
from assess.suppliers.importing.permitted import why_not
from assess.suppliers.importing.placing import details_of, filled, found_for
from assess.suppliers.importing.reading import read_file
from assess.suppliers.importing.refusing import LARGEST_FILE
from assess.suppliers.importing.words import OF_STATE, outcome_lines, progress_words, reasons_of
from assess.suppliers.inviting import Ask, living
from assess.suppliers.models import Supplier

blueprint = Blueprint("importing", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/import")

FILE = "list"
READING = Limit("supplier-import", 30, 3600)
READING_ALL_DAY = Limit("supplier-import-day", 100, 86_400)
"""For each buyer: a browser can call itself another with every request. What is read is kept for a week."""
LARGEST_FORM = 3 * 1024 * 1024
"""A file that is a little too large still gets a sentence of its own."""

ON_A_PAGE = 50
PAUSE = 2
"""Seconds between two looks at the progress."""

NO_FILE = "Choose the file with your suppliers: a workbook (.xlsx) or a CSV file."
AGAIN = "Choose the file again: browsers do not keep it."


def known_today(look: Session) -> Known:
    """What rows are held against today."""
    sectors = {bank: loaded.edition.title for bank, loaded in published(look).items()}
    return Known(sectors, settings_of(current_app).areas, today())


@blueprint.get("")
@requires("suppliers.manage", check=permitted_member)
def show_import(organisation_id: uuid.UUID) -> str:
    """The form, and what came of earlier files."""
    return _form(organisation_id, Typed.at_first(today()), {})


@blueprint.post("")
@audited("added")
@takes_file(FILE, LARGEST_FORM)
@requires("suppliers.manage", load=permitted_member)
def add_import(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Read a file and keep what it says, for somebody to look at. Nothing is sent."""
    typed = Typed.of(request.form)
    with database().reading() as look:
        known = known_today(look)
    wishes, faults = read_form(typed, known.sectors, known.today)
    sent = request.files.get(FILE)
    if sent is None or not sent.filename:
        faults[FILE] = NO_FILE
    if wishes is None or sent is None or faults:
        return _form(organisation_id, typed, {FILE: AGAIN, **faults}), 422
    for limit in (READING, READING_ALL_DAY):
        count(limit, str(organisation_id))
    try:
        table = read_file(sent.filename or "", sent.stream.read(LARGEST_FILE + 1))
    except FileRefusedError as error:
        return _form(organisation_id, typed, {FILE: str(error)}), 422
    rows = check(table.rows, table.header, known, asks=wishes.asks, sector=wishes.sector)
    told = {"unknown": list(table.header.unknown), "notes": table.notes}
    made = store(session(), organisation_id, sent.filename or "", rows, wishes, told, now(), by=who.id)
    note_about("import", made.id)
    note_detail("lines", len(rows))
    return redirect(_address(made), 303)


@blueprint.get("/<uuid:import_id>")
@requires("suppliers.manage", check=permitted_member)
def show_one(organisation_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """What was read, how far it is, or what came of it."""
    return _one(organisation_id, import_id)


@blueprint.get("/<uuid:import_id>/progress")
@requires("suppliers.manage", check=permitted_member)
def show_progress(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """How far it is in one line, for the script that asks; the page itself for everybody else, and once it is done."""
    with database().reading() as look:
        one = import_of(look, organisation_id, import_id) or abort(404)
        if one.state not in {State.CONFIRMED, State.RUNNING} or request.headers.get("Accept") != "text/plain":
            return redirect(_address(one), 303)
        response = make_response(progress_words(count_rows(look, one)), 202)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Retry-After"] = str(PAUSE)
    return response


@blueprint.post("/<uuid:import_id>/confirm")
@audited("confirmed")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def confirm_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response | tuple[str, int]:
    """Put the good rows on the list and ask them, or go on where it stopped."""
    one = _locked(organisation_id, import_id)
    try:
        confirm(session(), one, now(), today())
    except TooLateError as error:
        return _one(organisation_id, import_id, str(error)), 422
    return redirect(_address(one), 303)


@blueprint.post("/<uuid:import_id>/discard")
@audited("deleted")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def delete_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """Throw away what was read."""
    discard(session(), _locked(organisation_id, import_id))
    return redirect(url_for("importing.show_import", organisation_id=organisation_id), 303)


@blueprint.post("/<uuid:import_id>/cancel")
@audited("stopped")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def stop_import(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """Do no more of it."""
    one = _locked(organisation_id, import_id)
    stop(session(), one, now())
    return redirect(_address(one), 303)


def _address(one: SupplierImport) -> str:
    return url_for("importing.show_one", organisation_id=one.buyer_id, import_id=one.id)


def _locked(organisation_id: uuid.UUID, import_id: uuid.UUID) -> SupplierImport:
    return import_of(session(), organisation_id, import_id, lock=True) or abort(404)


def _form(organisation_id: uuid.UUID, typed: Typed, faults: dict[str, str]) -> str:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        known = known_today(look)
        return render_template(
            "suppliers/import.html",
            organisation=organisation,
            typed=typed,
            faults=faults,
            sectors=list(known.sectors.items()),
            why_not=why_not(look, organisation, settings_of(current_app), today()),
            earlier=[(one, OF_STATE[one.state], count_rows(look, one)) for one in imports_of(look, organisation_id)],
        )


def _one(organisation_id: uuid.UUID, import_id: uuid.UUID, error: str | None = None) -> str:
    """The page of one import. `error`: why it could not be confirmed."""
    page = page_asked()
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        one = import_of(look, organisation_id, import_id) or abort(404)
        counts = count_rows(look, one)
        under_way = one.state in {State.CONFIRMED, State.RUNNING}
        job = latest_with_key(look, f"{WORKING}:{one.id}") if under_way else None
        shown = [Outcome.BAD, Outcome.WAITING] if one.state is State.PREVIEW else [Outcome.BAD, Outcome.NO_ADDRESS]
        first = (page - 1) * ON_A_PAGE
        bad = rows_of(look, one.id, shown[:1], first=first, most=ON_A_PAGE)
        good = rows_of(
            look,
            one.id,
            shown[1:],
            first=max(0, first - counts.bad),
            most=max(0, min(ON_A_PAGE, first + ON_A_PAGE - counts.bad)),
        )
        total = counts.of(*shown)
        because = why_not(look, organisation, settings_of(current_app), today()) if one.asks else None
        is_preview = one.state is State.PREVIEW
        if page > 1 and first >= total:
            abort(404)
        return render_template(
            "suppliers/import_preview.html" if one.state is State.PREVIEW else "suppliers/import_outcome.html",
            organisation=organisation,
            one=one,
            counts=counts,
            bad=[*bad, *([] if one.state is State.PREVIEW else good)],
            good=good if one.state is State.PREVIEW else [],
            reasons_of=reasons_of,
            page=page,
            pages=max(1, -(-total // ON_A_PAGE)),
            sectors={bank: loaded.edition.title for bank, loaded in published(look).items()},
            why_not=because,
            letters=_letters(look, organisation, one) if is_preview and one.asks and because is None else [],
            error=error,
            under_way=under_way,
            pause=PAUSE,
            progress=progress_words(counts),
            stuck=under_way and (job is None or job.state is JobState.SET_ASIDE),
            lines=outcome_lines(counts, cancelled=one.state is State.CANCELLED),
            repairable=has_what_to_repair(look, one.id),
        )


def _letters(look: Session, buyer: Organisation, one: SupplierImport) -> list[Shown]:
    """The letter and the reminders as the first supplier that is asked would get them."""
    for row in rows_of(look, one.id, [Outcome.WAITING], most=ON_A_PAGE):
        details, due = from_values(row.values)
        there = found_for(look, buyer.id, details)
        whole = filled(details_of(there), details) if there else details
        sector, day = details.sector or (there.sector if there else None), due or one.due
        if not whole.email or sector is None or day is None or (there and living(look, there.id)):
            continue
        ask = Ask(sector, one.quick, day, one.message, first_day(sector, today(), at_once=one.in_busy_season))
        supplier = Supplier(
            id=there.id if there else None,
            buyer_id=buyer.id,
            name=whole.name,
            email=whole.email,
            identity=whole.identity,
        )
        return letters_shown(look, buyer, supplier, ask, one.by_person)
    return []
