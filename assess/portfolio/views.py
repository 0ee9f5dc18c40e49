"""Pages of one supplier, contact first, supplier feedback, the dashboard and its summary."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import database, request_session
from assess.core.documents.pdf_progress import RequestedPdf, pdf_progress_response, send_pdf
from assess.core.edit_conflicts import NotSavedError, etag, require_unchanged, save_or_show_again
from assess.core.forms.form import Form, form_of
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.plans import charts as plans_charts
from assess.plans.purchases import BuyerPurchase
from assess.portfolio import charts as portfolio_charts
from assess.portfolio.board.columns import BAND_LABELS, BAND_SHAPES, OPEN_STATUSES
from assess.portfolio.board_projection import AgreedDates, OpenAction, has_plan, list_grants_in_force, open_actions
from assess.portfolio.contact_first import SCORE_PART_LABELS, get_contact_page, get_weights, read_cursor
from assess.portfolio.dashboard import STATUS_GROUPS, get_dashboard
from assess.portfolio.models import BoardRow
from assess.portfolio.supplier_feedback import ANSWER_LABELS, MIN_POOL_SIZE, get_buyer_feedback
from assess.sharing.messages import agreed_dates
from assess.sharing.models import SCOPE_TITLES_FOR_BUYERS, ShareGrant, ShareViewKind
from assess.sharing.shared_copy import SharedCopy, shared_copy_from_json
from assess.sharing.viewing import find_permitted_share, log_share_views, with_current_plan
from assess.suppliers.activity_log import ActivityDescriber, ActivityLine, get_activity_log
from assess.suppliers.external_results import results_of_suppliers
from assess.suppliers.forms import InvitationChoices, get_invitation_choices, supplier_details, supplier_fields
from assess.suppliers.models import ExternalResultState, InvitationStatus, Supplier, SupplierInvitation
from assess.suppliers.presenters import DECLINE_LABELS_FOR_BUYER, SIZE_LABELS, STATUS_HINTS, STATUS_LABELS, code_label
from assess.suppliers.services import (
    SupplierDetails,
    archive_supplier,
    find_existing_supplier,
    latest_invitations,
    merged_group,
    supplier_or_404,
    unarchive_supplier,
    update_supplier,
)


def get_form_data(supplier: Supplier) -> dict[str, str]:
    return {one.name: _as_text(getattr(supplier, one.name)) for one in fields(SupplierDetails)}


def details_form(supplier: Supplier, choices: InvitationChoices) -> Form:
    """What stands there already is taken too, though no bank or area of that name is left."""
    sectors, areas = (
        {**titles, **({code: code_label(code)} if code and code not in titles else {})}
        for titles, code in ((choices.sectors, supplier.sector), (choices.areas, supplier.area))
    )
    return form_of(supplier_fields(sectors, areas))


RECENT_ENTRIES = 5


@dataclass(frozen=True, slots=True)
class SharedCopyView:
    """One copy that is shared. `band`: None for a quick check."""

    grant: ShareGrant
    scope: str
    made_on: str
    valid_until: str
    shared_on: date
    until: date
    band: str | None
    quick: bool
    planned: bool
    """Whether `steps` are those of its plan as it stands now; else as they were proposed."""
    steps: Sequence[OpenAction]
    done: int
    goods: Sequence[BuyerPurchase]


@dataclass(frozen=True, slots=True)
class SupplierOverview:
    """All that stands on it. `status` and everything of a copy: as it is at this moment."""

    supplier: Supplier
    parts: Sequence[Supplier]
    status: InvitationStatus
    late: bool
    invitations: Sequence[SupplierInvitation]
    to_decide: bool
    """It told of a result of another scheme, and nobody has said yet whether that is enough."""
    copies: Sequence[SharedCopyView]
    activity: Sequence[ActivityLine]


def get_supplier_overview(session: Session, supplier: Supplier, now: datetime) -> SupplierOverview:
    """The page of this supplier, with all entries that are shown as one with it."""
    parts = merged_group(session, supplier)
    ids = [one.id for one in parts]
    invitations = sorted(latest_invitations(session, ids).values(), key=lambda one: one.made_at)
    grants = list_grants_in_force(session, ids, now)
    agreed = agreed_dates(session, [one.id for one in grants])
    board_row = session.get(BoardRow, parts[0].id)
    status = board_row.status if board_row is not None else InvitationStatus.NOT_ASKED
    if status is InvitationStatus.SHARED and not grants:
        status = InvitationStatus.SHARE_OVER
    today = uk_date(now)
    # in the order of the whole log: which five they are tells no hour either
    latest = get_activity_log(session, ids)[-RECENT_ENTRIES:]
    return SupplierOverview(
        supplier=supplier,
        parts=[one for one in parts if one.id != supplier.id],
        status=status,
        late=status in OPEN_STATUSES and any(one.due < today and one.status in OPEN_STATUSES for one in invitations),
        invitations=invitations,
        to_decide=any(
            result.state is ExternalResultState.TOLD and invitation.lives
            for result, invitation in results_of_suppliers(session, ids)
        ),
        copies=[
            _shared_copy_view(
                one, with_current_plan(session, one, shared_copy_from_json(one.document)), agreed.get(one.id, {})
            )
            for one in grants
        ],
        activity=ActivityDescriber(session, supplier.buyer_id).lines(latest[::-1]),
    )


def _shared_copy_view(grant: ShareGrant, shared: SharedCopy, agreed: AgreedDates) -> SharedCopyView:
    copy = shared.buyer_copy
    return SharedCopyView(
        grant=grant,
        scope=SCOPE_TITLES_FOR_BUYERS[shared.scope],
        made_on=copy.made_on,
        valid_until=copy.valid_until,
        shared_on=uk_date(grant.frozen_at),
        until=uk_date(grant.until),
        band=copy.band,
        quick=copy.quick,
        planned=has_plan(shared),
        steps=open_actions(shared, agreed),
        done=shared.done,
        goods=copy.purchases.purchases if copy.purchases else (),
    )


blueprint = Blueprint("portfolio", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")


@blueprint.get("/<uuid:supplier_id>")
@requires("suppliers.read", load=require_member)
def show_supplier(who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """How it stands with one supplier. What it shares is looked at here as on the page of the share, and that is noted."""
    now = clock.now()
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        page = get_supplier_overview(session, supplier_or_404(session, organisation_id, supplier_id), now)
    return render_template(
        "portfolio/supplier.html",
        organisation=organisation,
        page=replace(page, copies=_log_views(page.copies, who, now)),
        shapes=BAND_SHAPES,
        bands=BAND_LABELS,
        statuses=STATUS_LABELS,
        hints=STATUS_HINTS,
        declines=DECLINE_LABELS_FOR_BUYER,
        sizes=SIZE_LABELS,
        saved=request.args.get("saved") == "yes",
    )


@blueprint.route("/<uuid:supplier_id>/details", methods=["GET", "POST"])
@audited("changed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def edit_supplier_details(who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    """Save the details. What a colleague saved meanwhile is shown, never written over unseen."""
    if request.method != "POST":
        with database().reading() as session:
            supplier = supplier_or_404(session, organisation_id, supplier_id)
        return _details_page(organisation_id, supplier, get_form_data(supplier), {})
    supplier = supplier_or_404(request_session(), organisation_id, supplier_id)
    with database().reading() as session:
        read = details_form(supplier, get_invitation_choices(session)).read()
    typed, mark = read.typed, read.typed.get("mark")
    if read.errors:
        return _details_page(organisation_id, supplier, typed, read.errors, mark=mark), 422
    details = supplier_details(read.values)
    same = find_existing_supplier(request_session(), organisation_id, details)
    if same is not None and same.id != supplier.id:
        errors = {"name": f"Your list has this supplier already, as “{same.name}”. Give one of them another reference."}
        return _details_page(organisation_id, supplier, typed, errors, mark=mark), 422
    here = url_for("portfolio.show_supplier", organisation_id=organisation_id, supplier_id=supplier_id)
    if get_form_data(supplier) == {name: _as_text(getattr(details, name)) for name in get_form_data(supplier)}:
        return redirect(here, 303)

    def save() -> None:
        require_unchanged(mark, get_form_data(supplier))
        update_supplier(request_session(), supplier, details, clock.now(), by=who.id)

    return save_or_show_again(
        save,
        lambda refused: _details_page(organisation_id, supplier, typed, {}, refused=refused),
        f"{here}?saved=yes",
    )


@blueprint.route("/<uuid:supplier_id>/archive", methods=["GET", "POST"])
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def remove_supplier(who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response | str:
    """Take it off the list, with all that is shown as one with it."""
    if request.method != "POST":
        with database().reading() as session:
            return render_template(
                "portfolio/remove_supplier.html",
                organisation=organisation_or_404(session, organisation_id),
                supplier=supplier_or_404(session, organisation_id, supplier_id),
            )
    for one in merged_group(request_session(), supplier_or_404(request_session(), organisation_id, supplier_id)):
        archive_supplier(request_session(), one, clock.now(), by=who.id)
    return redirect(url_for("portfolio.show_supplier", organisation_id=organisation_id, supplier_id=supplier_id), 303)


@blueprint.post("/<uuid:supplier_id>/restore")
@audited("put back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", load=require_member)
def restore_supplier(who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    """Put it back on the list, with all that is shown as one with it."""
    for one in merged_group(request_session(), supplier_or_404(request_session(), organisation_id, supplier_id)):
        unarchive_supplier(request_session(), one, clock.now(), by=who.id)
    return redirect(url_for("portfolio.show_supplier", organisation_id=organisation_id, supplier_id=supplier_id), 303)


def _log_views(copies: Sequence[SharedCopyView], who: CurrentUser, now: datetime) -> Sequence[SharedCopyView]:
    """These copies with the note that they were looked at. What ended a moment ago is left out."""
    if not copies:
        return ()
    with database().writing() as write:
        found = [find_permitted_share(write, who, one.grant.id, now) for one in copies]
        grants = {grant.id: grant for grant in found if grant is not None}
        log_share_views(write, list(grants.values()), who, ShareViewKind.PAGE, now)
    return [one for one in copies if one.grant.id in grants]


def _details_page(
    organisation_id: uuid.UUID,
    supplier: Supplier,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    mark: str | None = None,
    refused: NotSavedError | None = None,
) -> str:
    saved = get_form_data(supplier)
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
    return render_template(
        "portfolio/supplier_details.html",
        organisation=organisation,
        supplier=supplier,
        typed={name: typed.get(name, "") for name in saved},
        errors=errors,
        mark=mark or etag(saved),
        refused=refused,
        saved=saved,
        sizes=SIZE_LABELS,
        words=code_label,
    )


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


@blueprint.get("/contact-first")
@requires("suppliers.read", check=require_member)
def show_contact_first(organisation_id: uuid.UUID) -> str:
    after = read_cursor(request.args.get("after", ""))
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        page = get_contact_page(session, organisation_id, clock.now(), after)
        weights = get_weights(session, clock.today())
    return render_template(
        "portfolio/contact_first.html",
        organisation=organisation,
        page=page,
        after=after,
        parts=SCORE_PART_LABELS,
        weights=weights,
    )


@blueprint.get("/feedback")
@requires("suppliers.read", check=require_member)
def show_supplier_feedback(organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        feedback = get_buyer_feedback(session, organisation_id)
    return render_template(
        "portfolio/supplier_feedback.html",
        organisation=organisation,
        feedback=feedback,
        answers=ANSWER_LABELS,
        fewest=MIN_POOL_SIZE,
    )


@blueprint.get("/dashboard")
@requires("suppliers.read", check=require_member)
def show_dashboard(organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        dashboard = get_dashboard(session, organisation_id, organisation.name, clock.now())
    return render_template(
        "portfolio/dashboard.html",
        organisation=organisation,
        picture=dashboard,
        bands=BAND_LABELS,
        groups=STATUS_GROUPS,
        shapes=portfolio_charts,
        charts=plans_charts,
    )


@blueprint.get("/dashboard/summary")
@requires("suppliers.read", check=require_member)
def show_summary(organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        dashboard = get_dashboard(session, organisation_id, organisation.name, clock.now())
    return render_template("portfolio/summary_page.html", organisation=organisation, picture=dashboard)


@blueprint.get("/dashboard/summary.pdf", defaults={"names": False})
@blueprint.get("/dashboard/summary-with-names.pdf", defaults={"names": True})
@requires("suppliers.read", check=require_member)
def download_summary(organisation_id: uuid.UUID, *, names: bool) -> Response:
    """The summary to hand out. The tick of the form leads to the one with names."""
    if not names and request.args.get("names") == "1":
        return redirect(url_for("portfolio.download_summary", organisation_id=organisation_id, names=True), 303)
    return send_pdf(_summary(organisation_id, names=names))


@blueprint.get("/dashboard/summary/progress", defaults={"names": False})
@blueprint.get("/dashboard/summary-with-names/progress", defaults={"names": True})
@requires("suppliers.read", check=require_member)
def show_summary_progress(organisation_id: uuid.UUID, *, names: bool) -> Response:
    return pdf_progress_response(_summary(organisation_id, names=names))


@blueprint.post("/dashboard/summary/progress", defaults={"names": False})
@blueprint.post("/dashboard/summary-with-names/progress", defaults={"names": True})
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.read", check=require_member)
def retry_summary(organisation_id: uuid.UUID, *, names: bool) -> Response:
    return pdf_progress_response(_summary(organisation_id, names=names))


def _summary(organisation_id: uuid.UUID, *, names: bool) -> RequestedPdf:
    return RequestedPdf(
        "summary_with_names" if names else "summary",
        organisation_id,
        limit_subject=organisation_id,
        file_url=url_for("portfolio.download_summary", organisation_id=organisation_id, names=names),
        progress_url=url_for("portfolio.show_summary_progress", organisation_id=organisation_id, names=names),
        back_url=url_for("portfolio.show_summary", organisation_id=organisation_id),
    )
