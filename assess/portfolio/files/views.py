"""The pages of files to take away: what was ordered and how far it is, ordering, stopping, going on, deleting, and the file itself.

A page of an order looks again by itself and says how far it is in one sentence. It can be closed: the work goes on beside the site.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.clock import Clock, date_at, now, system_clock
from assess.kit.db import database, session
from assess.kit.integers import integer_asked
from assess.kit.limits import Limit, count
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import Person
from assess.plans.printing.standing import ON_ITS_WAY, Standing
from assess.plans.waiting import WORDS
from assess.portfolio.board.filters import read_query
from assess.portfolio.board.words import sentences
from assess.portfolio.files.models import SHEETS, FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.ordering import (
    NobodyFitsError,
    NothingSharedError,
    file_of,
    files_of,
    go_on,
    order_bundle,
    remove,
    standing,
    stop,
)
from assess.portfolio.files.ordering import order_sheet as order_a_sheet
from assess.portfolio.files.packing import packed
from assess.portfolio.files.taking import note_taken
from assess.portfolio.files.wanted import of_data
from assess.portfolio.files.words import KINDS, REASONS, HowFar, bytes_in_words, progress
from assess.suppliers.models import Supplier

blueprint = Blueprint("orders", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/files")

ORDERING = Limit("portfolio-file", 30, 3600)
TAKING = Limit("portfolio-take", 60, 3600)
SECONDS_BETWEEN_AT_FIRST, SECONDS_BETWEEN, AT_FIRST = 2, 6, timedelta(seconds=30)
MOST_LOOKS = 60
"""How often the page looks again by itself: five minutes. Then a person asks. A list is there soon, many plans take their time."""
MOST_NAMED = 500
"""Suppliers named on the page of an order as left out."""

_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOBODY = "No supplier on your list fits that. Choose fewer things at once, or order the plans of all suppliers."
NOTHING = "None of these suppliers shares a plan with you, so there is nothing to print. Ask them first, or chase them."


@dataclass(frozen=True, slots=True)
class Shown:
    """An order as its pages show it. `standing`: waiting, running, again, late, given_up, ready, stopped or removed."""

    file: PortfolioFile
    title: str
    about: Sequence[str]
    by: str
    standing: str
    words: str
    size: str

    @property
    def ordered_on(self) -> date:
        """The day it was ordered."""
        return date_at(self.file.ordered_at)

    @property
    def until(self) -> date:
        """The day on which it is deleted."""
        return date_at(self.file.until)

    @property
    def on_its_way(self) -> bool:
        """Whether it is still being made."""
        return self.standing in ON_ITS_WAY


@blueprint.get("")
@requires("suppliers.read", check=permitted_member)
def show_orders(organisation_id: uuid.UUID) -> str:
    """What was ordered, and the buttons to order more."""
    return _orders(organisation_id)


@blueprint.post("/bundle")
@audited("made")
@requires("suppliers.manage", load=permitted_member)
def order_plans(who: Caller, organisation_id: uuid.UUID) -> Response:
    """Order the plans: of all suppliers, of those that fit a filter of the board, or of those picked there."""
    count(ORDERING, str(organisation_id))
    picked = [_id(value) for value in request.form.getlist("supplier")]
    filter_ = read_query(request.form.get("filter", ""))
    try:
        made = order_bundle(session(), organisation_id, filter_, now(), by=who.id, picked=picked)
    except (NobodyFitsError, NothingSharedError) as error:
        return _refused(organisation_id, NOBODY if isinstance(error, NobodyFitsError) else NOTHING)
    return _to(made)


@blueprint.post("/sheet")
@audited("made")
@requires("suppliers.manage", load=permitted_member)
def order_sheet(who: Caller, organisation_id: uuid.UUID) -> Response:
    """Order the list of suppliers as a spreadsheet."""
    count(ORDERING, str(organisation_id))
    kind = next((one for one in SHEETS if one.value == request.form.get("kind")), FileKind.XLSX)
    filter_ = read_query(request.form.get("filter", ""))
    try:
        made = order_a_sheet(session(), organisation_id, kind, filter_, now(), by=who.id)
    except NobodyFitsError:
        return _refused(organisation_id, NOBODY)
    return _to(made)


@blueprint.get("/<uuid:file_id>")
@requires("suppliers.read", check=permitted_member)
def show_order(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """How far one is. Scripts ask for plain text and get the sentence alone, with 202 while it is being made."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        shown = _shown(look, file_of(look, organisation_id, file_id, now()) or abort(404))
        missing = _missing(look, shown.file)
        failed = any(state is PlanState.FAILED for _name, state in missing)
    if shown.on_its_way and request.accept_mimetypes.best_match(["text/html", "text/plain"]) == "text/plain":
        response = make_response(shown.words, 202)
        response.mimetype = "text/plain"
        response.headers["Retry-After"] = str(_pause(shown.file))
        return response
    here = url_for("orders.show_order", organisation_id=organisation_id, file_id=file_id)
    looked = integer_asked("look", 0)
    return make_response(
        render_template(
            "portfolio/files_order.html",
            organisation=organisation,
            shown=shown,
            missing=[(name, REASONS[state]) for name, state in missing],
            most_named=MOST_NAMED,
            failed=failed,
            here=here,
            pause=_pause(shown.file),
            next_look=f"{here}?look={looked + 1}" if 0 <= looked < MOST_LOOKS else None,
            stop=f"{here}?look={MOST_LOOKS}",
        )
    )


@blueprint.post("/<uuid:file_id>/stop")
@audited("stopped")
@requires("suppliers.manage", check=permitted_member)
def stop_order(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Stop one that is being made. What is printed stays printed."""
    found = _locked(organisation_id, file_id)
    stop(found)
    return _to(found)


@blueprint.post("/<uuid:file_id>/again")
@audited("made")
@requires("suppliers.manage", check=permitted_member)
def make_again(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Go on with one that was stopped, given up or removed."""
    count(ORDERING, str(organisation_id))
    found = _locked(organisation_id, file_id)
    go_on(session(), found, now())
    return _to(found)


@blueprint.post("/<uuid:file_id>/delete")
@audited("deleted")
@requires("suppliers.manage", check=permitted_member)
def delete_order(organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Delete one. The plans themselves stay: they can be ordered again at any time."""
    remove(session(), _locked(organisation_id, file_id))
    return redirect(url_for("orders.show_orders", organisation_id=organisation_id), 303)


@blueprint.get("/<uuid:file_id>/download")
@requires("suppliers.read", load=permitted_member)
def take_file(who: Caller, organisation_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """The file itself; before it is ready, its page. A bundle is sent while it is read."""
    with database().reading() as look:
        found = file_of(look, organisation_id, file_id, now()) or abort(404)
    if found.state is not FileState.READY:
        return _to(found)
    count(TAKING, str(organisation_id))
    day = date_at(found.ready_at or now()).isoformat()
    if found.kind is FileKind.BUNDLE:
        clock: Clock = current_app.config.get("CLOCK", system_clock)  # it is sent when this request is over
        response = Response(packed(database(), found.id, who, clock), mimetype="application/zip")
        name = f"plans-{day}.zip"
    else:
        note_taken(database(), found.id, who, now())
        with database().reading() as look:  # it goes as soon as a share in it does
            found = file_of(look, organisation_id, file_id, now()) or abort(404)
            content = found.content
        if content is None:
            return _to(found)
        response = make_response(content)
        response.headers["Content-Type"] = _TYPES[found.kind]
        name = f"suppliers-{day}.{found.kind.value}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pause(file: PortfolioFile) -> int:
    """Seconds until the page looks again."""
    return SECONDS_BETWEEN_AT_FIRST if now() - file.ordered_at < AT_FIRST else SECONDS_BETWEEN


def _orders(organisation_id: uuid.UUID, error: str | None = None) -> str:
    with database().reading() as look:
        return render_template(
            "portfolio/files.html",
            organisation=organisation_or_404(look, organisation_id),
            orders=[_shown(look, file) for file in files_of(look, organisation_id, now())],
            filter=request.values.get("filter", ""),
            about=sentences(read_query(request.values.get("filter", ""))),
            error=error,
        )


def _refused(organisation_id: uuid.UUID, sentence: str) -> Response:
    session().rollback()
    return make_response(_orders(organisation_id, sentence), 422)


def _to(file: PortfolioFile) -> Response:
    return redirect(url_for("orders.show_order", organisation_id=file.buyer_id, file_id=file.id), 303)


def _locked(organisation_id: uuid.UUID, file_id: uuid.UUID) -> PortfolioFile:
    return file_of(session(), organisation_id, file_id, now(), locked=True) or abort(404)


def _id(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return abort(400)


def _shown(look: Session, file: PortfolioFile) -> Shown:
    found = standing(look, file, now())
    state = found.value if file.state is FileState.ORDERED else file.state.value
    far = HowFar(file.done, file.total, file.done_before, now() - file.began_at if file.began_at else None)
    begun = file.kind is FileKind.BUNDLE and (file.began_at is not None)
    words = progress(file.kind, far) if begun or found is Standing.RUNNING else WORDS.get(found, "")
    if begun and found in {Standing.AGAIN, Standing.LATE}:
        words = f"{words} {WORDS[found]}"
    person = look.get(Person, file.by_person) if file.by_person else None
    return Shown(
        file=file,
        title=KINDS[file.kind],
        about=of_data(file.wanted).sentences,
        by=person.shown if person else "",
        standing=state,
        words=words,
        size=bytes_in_words(file.size),
    )


def _missing(look: Session, file: PortfolioFile) -> list[tuple[str, PlanState]]:
    """Which plans are left out as far as is known, by name."""
    wanted = (
        select(Supplier.name, PortfolioFilePlan.state)
        .join(PortfolioFilePlan, PortfolioFilePlan.supplier_id == Supplier.id)
        .where(
            PortfolioFilePlan.file_id == file.id,
            PortfolioFilePlan.state.in_([PlanState.OVER, PlanState.AGAIN, PlanState.FAILED]),
        )
        .order_by(func.lower(Supplier.name), PortfolioFilePlan.number)
    )
    return [(name, state) for name, state in look.execute(wanted)]
