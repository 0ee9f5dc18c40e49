"""Pages of the board: list, archived suppliers, bulk actions, saved filters, unlisted shares."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import add_audit_detail
from assess.core.db import database, request_session
from assess.core.errors import ErrorText, error_page
from assess.core.forms.fields import DateField, IntegerField, UuidField
from assess.core.forms.form import pressed, read_fields, sent_form
from assess.core.jobs.services import enqueue
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.identity.organisations.name_confirmation import get_name_status
from assess.portfolio.board import bulk_actions, services
from assess.portfolio.board.bulk_actions import BULK_ACTION_JOB, Selection, SelectionCounts
from assess.portfolio.board.columns import (
    FILTERS,
    FORM_SELECTS,
    ORDERS,
    PAGE_COLUMNS,
    active_pairs,
    describe_pair,
    filter_from_query,
    read_filter,
)
from assess.portfolio.models import BulkAction, BulkActionKind
from assess.suppliers.emails import NO_EMAIL_MESSAGES, no_email_reason_for_buyer
from assess.suppliers.external_results import suppliers_with_undecided_results
from assess.suppliers.forms import preview_first_reminder
from assess.suppliers.models import InvitationStatus, Supplier
from assess.suppliers.presenters import STATUS_LABELS, code_label
from assess.suppliers.send_limits import MAX_EMAILS_TO_A_MAILBOX, get_email_allowance

blueprint = Blueprint("board", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")
blueprint.add_app_template_filter(code_label, "code_name")

MAX_ARCHIVED = 500
"""Of those taken off the list so many are shown, the latest first."""


@blueprint.get("")
@requires("suppliers.read", load=require_member)
def show_board(who: CurrentUser, organisation_id: uuid.UUID) -> str:
    now, wanted = clock.now(), read_filter(request.args)
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        found = services.count_by_status(session, organisation_id, now)
        match_count = services.count_matching(session, organisation_id, wanted, now) if wanted.is_on else found.all
        page = services.get_board_page(
            session,
            organisation_id,
            wanted,
            now,
            after=request.args.get("after"),
            before=request.args.get("before"),
        )
        chosen_from = services.get_filter_choices(session, organisation_id, now)
        saved = services.list_saved_filters(session, organisation_id, who.id)
        waiting = services.count_unlisted_shares(session, organisation_id, now)
        to_decide = suppliers_with_undecided_results(session, organisation_id)
    base = url_for("board.show_board", organisation_id=organisation_id)
    rows = [
        (STATUS_LABELS[status], found.by_status.get(status, 0), f"{base}?status={status.value}")
        for status in InvitationStatus
    ]
    rows += [("Late", found.late, f"{base}?late=yes"), ("Expires soon", found.expires_soon, f"{base}?old=yes")]
    without = []  # each thing that is looked for, and the address of the board without it
    for key, value in active_pairs(wanted):
        rest = [pair for pair in wanted.pairs if pair != (key, value)]
        without.append((describe_pair(key, value), f"{base}?{urlencode(rest)}".rstrip("?")))
    return render_template(
        "portfolio/board.html",
        organisation=organisation,
        base=base,
        wanted=wanted,
        page=page,
        match_count=match_count,
        counts=found,
        status_counts=[row for row in rows if row[1]],
        choices=chosen_from,
        saved=saved,
        unlisted=waiting,
        to_decide=to_decide,
        active_filters=without,
        columns=PAGE_COLUMNS,
        filters=FILTERS,
        selects=FORM_SELECTS,
        orders=[(order.value, sorting.label) for order, sorting in ORDERS.items()],
    )


@blueprint.get("/archived")
@requires("suppliers.read", check=require_member)
def show_archived(organisation_id: uuid.UUID) -> str:
    query = select(Supplier.id, Supplier.name, Supplier.archived_at).where(
        Supplier.buyer_id == organisation_id, Supplier.archived_at.is_not(None)
    )
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        rows = session.execute(query.order_by(Supplier.archived_at.desc(), Supplier.id).limit(MAX_ARCHIVED + 1)).all()
    return render_template(
        "portfolio/board_archived.html",
        organisation=organisation,
        rows=rows[:MAX_ARCHIVED],
        more=len(rows) > MAX_ARCHIVED,
    )


BULK_ACTION_LIMIT = Limit("bulk-act", 60, 3600)
"""For each buyer: each keeps a row for every supplier of it for three months."""
BUNDLE = "bundle"
MAX_TICKED = 500
MAX_DAYS_AHEAD = 366
REFRESH_SECONDS = 3
BULK_ACTION_TITLES: Mapping[str, str] = {
    BulkActionKind.REMIND: "Remind them now",
    BulkActionKind.MOVE_DUE: "Move the due date",
    BulkActionKind.ARCHIVE: "Take them off the list",
    BulkActionKind.RESTORE: "Put them back on the list",
    BUNDLE: "Put their plans into a bundle",
}
NO_ACTION_CHOSEN = ErrorText(
    "Choose what to do",
    (
        "This address does not say what to do with which suppliers.",
        "Go back to your suppliers, tick some, and choose there.",
    ),
)
NOTHING_SELECTED = "Tick at least one supplier, or choose all that match."


@dataclass(frozen=True, slots=True)
class BulkActionRequest:
    """What a buyer wants to do with which suppliers. `query`: the filter it came from."""

    kind: str
    chosen: Selection
    query: str

    @property
    def with_all(self) -> bool:
        return self.chosen.all_of is not None


@blueprint.route("/bulk-actions", methods=["GET", "POST"])
@audited("begun")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="suppliers.read", post="suppliers.manage", load=require_member)
def begin_bulk_action(who: CurrentUser, organisation_id: uuid.UUID) -> PageResponse:
    """Do it: a few at once, many in the background."""
    if request.method != "POST":
        return _confirm_page(organisation_id, _read_request(request.args), {})
    enforce_limit(BULK_ACTION_LIMIT, str(organisation_id))
    action = _read_request(sent_form())
    if action.kind == BUNDLE:
        abort(error_page(422, NO_ACTION_CHOSEN))
    moves = action.kind == BulkActionKind.MOVE_DUE
    read = read_fields(number=IntegerField(), **({"due": due_field(clock.today())} if moves else {}))
    errors = dict(read.errors)
    found = _count_selected(request_session(), organisation_id, action)
    if action.with_all and read["number"] != found.all:
        errors["confirm"] = f"The list has changed meanwhile: now {found.all:,} match. Look again before you confirm."
    if errors or not found.all:
        return _confirm_page(organisation_id, action, errors or {"confirm": NOTHING_SELECTED}, typed=read.typed)
    bulk_action = bulk_actions.create_bulk_action(
        request_session(),
        organisation_id,
        BulkActionKind(action.kind),
        read.values.get("due"),
        action.chosen,
        clock.now(),
        by=who.id,
    )
    add_audit_detail("count", found.all)
    _run_or_enqueue(request_session(), bulk_action)
    return redirect(url_for("board.show_bulk_action", organisation_id=organisation_id, act_id=bulk_action.id), 303)


@blueprint.get("/bulk-actions/<uuid:act_id>")
@requires("suppliers.read", check=require_member)
def show_bulk_action(organisation_id: uuid.UUID, act_id: uuid.UUID) -> str:
    with database().reading() as session:
        bulk_action = _bulk_action_or_404(session, organisation_id, act_id)
        return render_template(
            "portfolio/bulk_action.html",
            organisation=organisation_or_404(session, organisation_id),
            bulk_action=bulk_action,
            title=BULK_ACTION_TITLES[bulk_action.kind],
            progress=bulk_actions.get_progress(session, bulk_action),
            can_undo=bulk_actions.can_undo(bulk_action),
            seconds=REFRESH_SECONDS,
        )


@blueprint.post("/bulk-actions/<uuid:act_id>/undo")
@audited("undone")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def undo_bulk_action(organisation_id: uuid.UUID, act_id: uuid.UUID) -> Response:
    """Undo it, as far as nobody changed it again since."""
    bulk_action = _bulk_action_or_404(request_session(), organisation_id, act_id, locked=True)
    if bulk_actions.can_undo(bulk_action):
        bulk_actions.request_undo(bulk_action, clock.now())
        _run_or_enqueue(request_session(), bulk_action)
    return redirect(url_for("board.show_bulk_action", organisation_id=organisation_id, act_id=bulk_action.id), 303)


def due_field(today: date) -> DateField:
    """A new date: from tomorrow on, within a year."""
    return DateField(
        required=f"Enter the new date as day, month and year, like {_example_date(today)}.",
        earliest=today + timedelta(days=1),
        too_early="Enter a date after today.",
        latest=today + timedelta(days=MAX_DAYS_AHEAD),
        too_late="Enter a date within a year from today.",
    )


def _example_date(day: date) -> str:
    soon = day + timedelta(days=30)
    return f"{soon.day} {soon.month} {soon.year}"


def _run_or_enqueue(opened: Session, bulk_action: BulkAction) -> None:
    if bulk_actions.get_progress(opened, bulk_action).total > bulk_actions.MAX_IMMEDIATE:
        enqueue(
            opened,
            BULK_ACTION_JOB,
            key=f"{BULK_ACTION_JOB} {bulk_action.id.hex}",
            now=clock.now(),
            act_id=str(bulk_action.id),
        )
        return
    while bulk_actions.process_next_items(opened, bulk_action, settings_of(current_app), clock.now()):
        pass


def _read_request(sent: MultiDict[str, str]) -> BulkActionRequest:
    kind = sent.get("kind", "")
    if kind not in BULK_ACTION_TITLES:
        abort(error_page(422, NO_ACTION_CHOSEN))
    query = filter_from_query(sent.get("filter", "")).query
    if sent.get("which") == "all" and kind != BulkActionKind.RESTORE:
        return BulkActionRequest(kind, Selection(all_of=filter_from_query(query)), query)
    ids = []
    for typed in sent.getlist("supplier")[:MAX_TICKED]:
        one, _ = UuidField().read(typed)
        ids.append(one or abort(error_page(422, NO_ACTION_CHOSEN)))
    return BulkActionRequest(kind, Selection(tuple(dict.fromkeys(ids))), query)


def _count_selected(session: Session, organisation_id: uuid.UUID, action: BulkActionRequest) -> SelectionCounts:
    if action.kind == BulkActionKind.RESTORE:
        return SelectionCounts(bulk_actions.count_archived(session, organisation_id, action.chosen.ids), 0, 0)
    return bulk_actions.count_selection(session, organisation_id, action.chosen, clock.now())


def _confirm_page(
    organisation_id: uuid.UUID,
    action: BulkActionRequest,
    errors: Mapping[str, str],
    typed: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    settings = settings_of(current_app)
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        found = _count_selected(session, organisation_id, action)
        reason = no_email_reason_for_buyer(session, organisation, settings, clock.today())
        send_limit = get_email_allowance(get_name_status(session, organisation, clock.today()), clock.today())
        reached = (
            bulk_actions.find_remindable(session, organisation_id, action.chosen, settings, clock.now())
            if action.kind == BulkActionKind.REMIND
            else frozenset()
        )
        email_preview = preview_first_reminder(session, organisation, reached)
    page = render_template(
        "portfolio/bulk_action_confirm.html",
        organisation=organisation,
        action=action,
        title=BULK_ACTION_TITLES[action.kind],
        numbers=found,
        reached=len(reached),
        email_preview=email_preview,
        most_a_day=send_limit.a_day,
        most_to_a_mailbox=MAX_EMAILS_TO_A_MAILBOX,
        no_email_reason=NO_EMAIL_MESSAGES[reason] if reason else None,
        errors=errors or ({} if found.all else {"confirm": NOTHING_SELECTED}),
        typed=typed or {},
        example=_example_date(clock.today()),
        at_once=bulk_actions.MAX_IMMEDIATE,
    )
    return page, 422 if errors else 200


def _bulk_action_or_404(
    session: Session, organisation_id: uuid.UUID, act_id: uuid.UUID, *, locked: bool = False
) -> BulkAction:
    wanted = select(BulkAction).where(BulkAction.id == act_id, BulkAction.buyer_id == organisation_id)
    return session.scalars(wanted.with_for_update() if locked else wanted).first() or abort(404)


@blueprint.post("/filters")
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", load=require_member)
def save_filter(who: CurrentUser, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    wanted, name = filter_from_query(sent_form().get("filter", "")), sent_form().get("name", "")
    back = url_for("board.show_board", organisation_id=organisation_id) + "?" + wanted.query
    try:
        services.store_filter(request_session(), organisation_id, who.id, name, wanted, clock.now())
    except services.FilterError as fault:
        with database().reading() as session:
            organisation = organisation_or_404(session, organisation_id)
        page = render_template(
            "portfolio/save_filter.html",
            organisation=organisation,
            wanted=wanted,
            name=name,
            fault=str(fault),
            back=back,
        )
        return page, 422
    return redirect(back, 303)


@blueprint.post("/filters/<uuid:filter_id>/delete")
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", load=require_member)
def delete_filter(who: CurrentUser, organisation_id: uuid.UUID, filter_id: uuid.UUID) -> Response:
    if not services.remove_filter(request_session(), organisation_id, who.id, filter_id):
        abort(404)
    return redirect(url_for("board.show_board", organisation_id=organisation_id), 303)


@blueprint.get("/unlisted")
@requires("suppliers.read", check=require_member)
def show_unlisted(organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        return render_template(
            "portfolio/unlisted_shares.html",
            organisation=organisation_or_404(session, organisation_id),
            rows=services.list_unlisted_shares(session, organisation_id, clock.now()),
        )


@blueprint.route("/unlisted/<uuid:unlisted_id>", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="suppliers.read", post="suppliers.manage", load=require_member)
def add_unlisted(who: CurrentUser, organisation_id: uuid.UUID, unlisted_id: uuid.UUID) -> PageResponse:
    """Put it on the list, or to an entry that is there."""
    if request.method != "POST":
        return _unlisted_share_page(organisation_id, unlisted_id, None)
    entry = read_fields(to=UuidField())["to"]
    if entry is None and pressed("to") != "new":
        return _unlisted_share_page(organisation_id, unlisted_id, "Choose where it belongs."), 422
    supplier = services.add_share_to_list(
        request_session(), organisation_id, unlisted_id, entry, clock.now(), by=who.id
    )
    return redirect(url_for("portfolio.show_supplier", organisation_id=organisation_id, supplier_id=supplier.id), 303)


def _unlisted_share_page(organisation_id: uuid.UUID, grant_id: uuid.UUID, error: str | None) -> str:
    with database().reading() as session:
        row = services.get_unlisted_share(session, organisation_id, grant_id, clock.now())
        return render_template(
            "portfolio/unlisted_share.html",
            organisation=organisation_or_404(session, organisation_id),
            row=row,
            alike=services.list_suppliers_named(session, organisation_id, row.name),
            fault=error,
        )
