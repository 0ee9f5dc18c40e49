"""Pages for duplicate suppliers: proposed pairs, compare, merge, split."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.audit.requests import set_audit_subject
from assess.core.db import database, request_session
from assess.core.forms.fields import UuidField
from assess.core.forms.form import read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.pagination import paginate, query_page
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.suppliers import duplicates
from assess.suppliers.models import Supplier
from assess.suppliers.services import latest_invitations, merged_group, supplier_or_404

blueprint = Blueprint("supplier_duplicates", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")
PAIRS_PER_PAGE = 20
MAX_SEARCH_RESULTS = 20
REASON_LABELS = {
    duplicates.DuplicateReason.COMPANY_NUMBER: "the same company number",
    duplicates.DuplicateReason.MAILBOX: "the same email address",
    duplicates.DuplicateReason.NAME: "nearly the same name",
}


@blueprint.get("/duplicates")
@requires("suppliers.read", check=require_member)
def show_duplicates(organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        page = paginate(duplicates.find_duplicates(session, organisation_id), query_page(), PAIRS_PER_PAGE)
        ids = {one for pair in page.rows for one in (pair.one, pair.other)}
        found = {one.id: one for one in session.scalars(select(Supplier).where(Supplier.id.in_(ids)))}
    return render_template(
        "suppliers/duplicates.html",
        organisation=organisation,
        pairs=[
            (found[pair.one], found[pair.other], [REASON_LABELS[why] for why in pair.reasons]) for pair in page.rows
        ],
        page=page,
        done=request.args.get("done", ""),
    )


@blueprint.route("/duplicates/pair", methods=["GET", "POST"])
@audited("joined")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def merge_pair(who: CurrentUser, organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        with database().reading() as session:
            pair = _read_pair(session, organisation_id, request.args)
            if pair is None:
                return _redirect_to_duplicates(organisation_id)
            return _pair_page(session, organisation_id, pair)
    pair = _read_pair(request_session(), organisation_id, sent_form())
    if pair is None:
        return _redirect_to_duplicates(organisation_id)
    stands = read_fields(stands=UuidField())["stands"]
    root = next((one for one in pair if one.id == stands), None)
    if root is None:
        return _pair_page(request_session(), organisation_id, pair, "Choose which entry stands for both."), 422
    part = pair[1] if root is pair[0] else pair[0]
    try:
        duplicates.merge_suppliers(request_session(), part, root, clock.now(), by=who.id)
    except duplicates.MergeError as error:
        return _pair_page(request_session(), organisation_id, pair, str(error)), 422
    set_audit_subject("supplier", root.id)
    there = url_for(
        "supplier_duplicates.split_entry", organisation_id=organisation_id, supplier_id=root.id, done="together"
    )
    return redirect(there, 303)


@blueprint.post("/duplicates/not-duplicate")
@audited("kept")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", check=require_member)
def mark_pair_different(organisation_id: uuid.UUID) -> Response:
    pair = _read_pair(request_session(), organisation_id, sent_form())
    if pair is None:
        return _redirect_to_duplicates(organisation_id)
    duplicates.mark_not_duplicate(request_session(), *pair, clock.now())
    set_audit_subject("supplier", pair[0].id)
    return redirect(url_for("supplier_duplicates.show_duplicates", organisation_id=organisation_id, done="apart"), 303)


@blueprint.route("/<uuid:supplier_id>/merged", methods=["GET", "POST"])
@audited("undone")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def split_entry(who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response | str:
    if request.method != "POST":
        wanted = "".join(one for one in " ".join(request.args.get("q", "")[:200].split()) if one.isprintable())
        with database().reading() as session:
            organisation = organisation_or_404(session, organisation_id)
            supplier = supplier_or_404(session, organisation_id, supplier_id)
            root, *parts = merged_group(session, supplier)
            others = _search_suppliers(session, root, wanted) if wanted else []
        return render_template(
            "suppliers/merged_entries.html",
            organisation=organisation,
            supplier=supplier,
            root=root,
            parts=parts,
            wanted=wanted,
            others=others[:MAX_SEARCH_RESULTS],
            more=len(others) > MAX_SEARCH_RESULTS,
            done=request.args.get("done", ""),
        )
    supplier = supplier_or_404(request_session(), organisation_id, supplier_id)
    part = _read_entry(request_session(), organisation_id, sent_form().get("part", ""))
    if part is not None and part.merged_into in {supplier.id, supplier.merged_into} - {None}:
        duplicates.split_supplier(request_session(), part, clock.now(), by=who.id)
        set_audit_subject("supplier", part.id)
    return redirect(
        url_for(
            "supplier_duplicates.split_entry", organisation_id=organisation_id, supplier_id=supplier_id, done="apart"
        ),
        303,
    )


def _read_pair(
    session: Session, organisation_id: uuid.UUID, sent: Mapping[str, str]
) -> tuple[Supplier, Supplier] | None:
    first, second = [_read_entry(session, organisation_id, sent.get(name, "")) for name in ("one", "other")]
    return None if first is None or second is None or first.id == second.id else (first, second)


def _read_entry(session: Session, organisation_id: uuid.UUID, typed: str) -> Supplier | None:
    wanted, _ = UuidField().read(typed)
    return session.scalars(select(Supplier).where(Supplier.id == wanted, Supplier.buyer_id == organisation_id)).first()


def _pair_page(
    session: Session, organisation_id: uuid.UUID, pair: tuple[Supplier, Supplier], error: str | None = None
) -> str:
    part, root = duplicates.order_pair(session, *pair)
    refusal = duplicates.merge_refusal(session, part, root)
    return render_template(
        "suppliers/duplicate_pair.html",
        organisation=organisation_or_404(session, organisation_id),
        pair=pair,
        root=root,
        may_choose=not duplicates.list_merged_entries(session, root.id),
        refusal=refusal,
        both_stand=refusal == duplicates.BOTH_HAVE_ENTRIES,
        asked=latest_invitations(session, [one.id for one in pair]),
        fault=error if error != refusal else None,
    )


def _search_suppliers(session: Session, root: Supplier, wanted: str) -> list[Supplier]:
    query = select(Supplier).where(
        Supplier.buyer_id == root.buyer_id,
        Supplier.id != root.id,
        Supplier.archived_at.is_(None),
        Supplier.merged_into.is_(None),
        Supplier.name.icontains(wanted, autoescape=True),
    )
    return list(session.scalars(query.order_by(Supplier.name, Supplier.id).limit(MAX_SEARCH_RESULTS + 1)))


def _redirect_to_duplicates(organisation_id: uuid.UUID) -> Response:
    return redirect(url_for("supplier_duplicates.show_duplicates", organisation_id=organisation_id, done="gone"), 303)
