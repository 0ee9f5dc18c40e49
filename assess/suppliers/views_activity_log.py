"""Pages of the activity log of a supplier: read, print, download as CSV, add a follow-up call or visit."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from flask import Blueprint, make_response, redirect, render_template, request, stream_with_context, url_for
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.audit.requests import set_audit_subject
from assess.core.db import Database, database, request_session
from assess.core.exports import UTF8_BOM, csv_lines
from assess.core.forms.fields import ChoiceField, DateField, ParagraphField, date_as_typed
from assess.core.forms.form import Form, form_of
from assess.core.pages import PageResponse
from assess.core.pagination import paginate, query_page
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation
from assess.suppliers import activity_log
from assess.suppliers.models import Supplier
from assess.suppliers.services import merged_group, supplier_or_404

YEARS_BACK = 3
MOST_LINES = 50


def follow_up_form(today: date) -> Form:
    return form_of(
        {
            "way": ChoiceField(activity_log.FollowUpMethod, required="Choose how you followed it up."),
            "on": DateField(
                required="Enter the day as numbers, like 27 3 2027.",
                earliest=today - timedelta(days=366 * YEARS_BACK),
                too_early=f"Enter a day of the last {YEARS_BACK} years.",
                latest=today,
                too_late="This day is still to come. Enter the day on which you did it.",
            ),
            "agreed": ParagraphField(
                activity_log.MAX_FOLLOW_UP_LENGTH,
                lines=MOST_LINES,
                required="Enter what was agreed, or that nobody could be reached.",
            ),
        }
    )


CSV_TITLES = ("Supplier", "Shown together with", "Reference", "Date", "Moment (UTC)", "What", "Who", "More")
SUPPLIERS_AT_A_TIME = 100


def activity_log_csv(session: Session, supplier: Supplier) -> bytes:
    """The activity log of one supplier and of all that is shown together with it, the oldest first."""
    merged = merged_group(session, supplier)
    lines = activity_log.ActivityDescriber(session, supplier.buyer_id).lines(
        activity_log.get_activity_log(session, [one.id for one in merged])
    )
    return (
        _csv_head()
        + _csv_rows(
            lines, {one.id: one for one in merged}, {one.id: one.name for one in merged if one.merged_into is None}
        )
    ).encode()


def stream_activity_logs(
    database: Database, buyer_id: uuid.UUID, *, at_a_time: int = SUPPLIERS_AT_A_TIME
) -> Iterator[bytes]:
    """The activity logs of all suppliers of this buyer, by name, in pieces. Each piece is read by itself and holds no connection between."""
    yield _csv_head().encode()
    after: tuple[str, uuid.UUID] | None = None
    while True:
        with database.reading() as session:
            wanted = select(Supplier).where(Supplier.buyer_id == buyer_id)
            if after is not None:
                wanted = wanted.where(tuple_(Supplier.name, Supplier.id) > after)
            some = session.scalars(wanted.order_by(Supplier.name, Supplier.id).limit(at_a_time)).all()
            if not some:
                return
            roots = {one.merged_into for one in some} - {None}
            called = {one.id: one.name for one in session.scalars(select(Supplier).where(Supplier.id.in_(roots)))}
            order = {one.id: place for place, one in enumerate(some)}
            events = sorted(
                activity_log.get_activity_log(session, list(order)), key=lambda event: order[event.supplier_id]
            )
            lines = activity_log.ActivityDescriber(session, buyer_id).lines(events)
            text = _csv_rows(lines, {one.id: one for one in some}, called)
            after = (some[-1].name, some[-1].id)
        yield text.encode()


def _csv_head() -> str:
    return UTF8_BOM + csv_lines([CSV_TITLES])


def _csv_rows(
    lines: Iterable[activity_log.ActivityLine], suppliers: dict[uuid.UUID, Supplier], roots: dict[uuid.UUID, str]
) -> str:
    return csv_lines(
        (
            line.entry,
            roots.get(root, "") if (root := suppliers[line.supplier_id].merged_into) else "",
            suppliers[line.supplier_id].reference,
            line.on.isoformat(),
            line.iso,
            line.what,
            line.who,
            line.more,
        )
        for line in lines
    )


blueprint = Blueprint("activity_log", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")
EXPORT_LIMIT = Limit("trail-file", 60, 3600)
ENTRIES_PER_PAGE = 100
FILE_NAME = "trail"


@blueprint.get("/<uuid:supplier_id>/activity-log")
@requires("suppliers.read", check=require_member)
def show_activity_log(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation, supplier, merged, lines = _load_activity_log(session, organisation_id, supplier_id)
    lines.reverse()
    return render_template(
        "suppliers/activity_log.html",
        organisation=organisation,
        supplier=supplier,
        several=len(merged) > 1,
        page=paginate(lines, query_page(), ENTRIES_PER_PAGE),
        noted=request.args.get("noted") == "yes",
    )


@blueprint.get("/<uuid:supplier_id>/activity-log/print")
@requires("suppliers.read", check=require_member)
def show_printable_activity_log(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation, supplier, merged, lines = _load_activity_log(session, organisation_id, supplier_id)
    return render_template(
        "suppliers/activity_log_print.html",
        organisation=organisation,
        supplier=supplier,
        several=len(merged) > 1,
        lines=lines,
        on=clock.today(),
    )


@blueprint.get("/<uuid:supplier_id>/activity-log.csv")
@requires("suppliers.read", check=require_member)
def download_activity_log(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    enforce_limit(EXPORT_LIMIT, str(organisation_id))
    with database().reading() as session:
        content = activity_log_csv(session, supplier_or_404(session, organisation_id, supplier_id))
    return _as_csv_download(make_response(content))


@blueprint.get("/activity-log.csv")
@requires("suppliers.read", check=require_member)
def download_all_activity_logs(organisation_id: uuid.UUID) -> Response:
    enforce_limit(EXPORT_LIMIT, str(organisation_id))
    return _as_csv_download(make_response(stream_with_context(stream_activity_logs(database(), organisation_id))))


@blueprint.route("/<uuid:supplier_id>/follow-ups", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def add_follow_up(who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        with database().reading() as session:
            organisation = organisation_or_404(session, organisation_id)
            supplier = supplier_or_404(session, organisation_id, supplier_id)
        return _follow_up_page(organisation, supplier, {"on": date_as_typed(clock.today())}, {})
    supplier = supplier_or_404(request_session(), organisation_id, supplier_id)
    read = follow_up_form(clock.today()).read()
    if read.errors:
        organisation = organisation_or_404(request_session(), organisation_id)
        return _follow_up_page(organisation, supplier, read.typed, read.errors), 422
    call = activity_log.FollowUp(**read.values)
    activity_log.log_follow_up(request_session(), supplier, call, clock.now(), by=who.id)
    set_audit_subject("supplier", supplier.id)
    there = url_for(
        "activity_log.show_activity_log", organisation_id=organisation_id, supplier_id=supplier_id, noted="yes"
    )
    return redirect(there, 303)


def _follow_up_page(
    organisation: Organisation, supplier: Supplier, typed: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    return render_template(
        "suppliers/follow_up.html",
        organisation=organisation,
        supplier=supplier,
        typed=defaultdict(str, typed),
        errors=errors,
        ways=list(activity_log.FOLLOW_UP_METHODS.items()),
        longest=activity_log.MAX_FOLLOW_UP_LENGTH,
    )


def _load_activity_log(
    session: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID
) -> tuple[Organisation, Supplier, list[Supplier], list[activity_log.ActivityLine]]:
    organisation = organisation_or_404(session, organisation_id)
    merged = list(merged_group(session, supplier_or_404(session, organisation_id, supplier_id)))
    lines = activity_log.ActivityDescriber(session, organisation_id).lines(
        activity_log.get_activity_log(session, [one.id for one in merged])
    )
    return organisation, merged[0], merged, lines


def _as_csv_download(response: Response) -> Response:
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}-{clock.today().isoformat()}.csv"'
    return response
