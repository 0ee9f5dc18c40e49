"""Entries that may be the same business: what is proposed, both side by side, putting together, and taking apart."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.integers import page_asked
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.suppliers.door import supplier_or_404
from assess.suppliers.inviting import latest_of
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.merging.keeping import (
    BOTH_STAND,
    MergeRefusedError,
    in_order,
    parts_of,
    proposed,
    put_together,
    take_apart,
    tell_apart,
    why_not,
)
from assess.suppliers.merging.likeness import Reason
from assess.suppliers.models import Supplier

blueprint = Blueprint("merging", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")
PAGE = 20
"""Pairs on one page."""
FOUND = 20
"""Entries that a search shows."""
REASONS = {
    Reason.COMPANY_NUMBER: "the same company number",
    Reason.MAILBOX: "the same e-mail address",
    Reason.NAME: "nearly the same name",
}
CHOOSE = "Choose which entry stands for both."


@blueprint.get("/duplicates")
@requires("suppliers.read", check=permitted_member)
def show_duplicates(organisation_id: uuid.UUID) -> str:
    """The pairs that look the same."""
    page = page_asked()
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        pairs = proposed(look, organisation_id)
        here = pairs[(page - 1) * PAGE : page * PAGE]
        ids = {one for pair in here for one in (pair.one, pair.other)}
        found = {one.id: one for one in look.scalars(select(Supplier).where(Supplier.id.in_(ids)))}
    return render_template(
        "suppliers/merge_proposed.html",
        organisation=organisation,
        pairs=[(found[pair.one], found[pair.other], [REASONS[why] for why in pair.reasons]) for pair in here],
        total=len(pairs),
        page=page,
        more=len(pairs) > page * PAGE,
        done=request.args.get("done", ""),
    )


@blueprint.get("/duplicates/pair")
@requires("suppliers.manage", check=permitted_member)
def show_pair(organisation_id: uuid.UUID) -> str | Response:
    """Two entries side by side, and what to do with them."""
    with database().reading() as look:
        pair = _pair(look, organisation_id, request.args.get("one"), request.args.get("other"))
        if pair is None:
            return _back(organisation_id)
        return _pair_page(look, organisation_id, pair)


@blueprint.post("/duplicates/pair")
@audited("joined")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def join_pair(who: Caller, organisation_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Put them together. The one that was chosen stands for both."""
    pair = _pair(session(), organisation_id, request.form.get("one"), request.form.get("other"))
    if pair is None:
        return _back(organisation_id)
    root = next((one for one in pair if str(one.id) == request.form.get("stands")), None)
    if root is None:
        return _pair_page(session(), organisation_id, pair, CHOOSE), 422
    part = pair[1] if root is pair[0] else pair[0]
    try:
        put_together(session(), part, root, now(), by=who.id)
    except MergeRefusedError as error:
        return _pair_page(session(), organisation_id, pair, str(error)), 422
    note_about("supplier", root.id)
    there = url_for("merging.show_parts", organisation_id=organisation_id, supplier_id=root.id, done="together")
    return redirect(there, 303)


@blueprint.post("/duplicates/apart")
@audited("kept")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def keep_apart(organisation_id: uuid.UUID) -> Response:
    """Say that they are not the same, so that nobody is asked again."""
    pair = _pair(session(), organisation_id, request.form.get("one"), request.form.get("other"))
    if pair is None:
        return _back(organisation_id)
    tell_apart(session(), *pair, now())
    note_about("supplier", pair[0].id)
    return redirect(url_for("merging.show_duplicates", organisation_id=organisation_id, done="apart"), 303)


@blueprint.get("/<uuid:supplier_id>/parts")
@requires("suppliers.manage", check=permitted_member)
def show_parts(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """What is shown together with this entry, and a search for another one."""
    wanted = "".join(one for one in " ".join(request.args.get("q", "")[:200].split()) if one.isprintable())
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        root, *parts = shown_as_one(look, supplier)
        others = _search(look, root, wanted) if wanted else []
    return render_template(
        "suppliers/merge_parts.html",
        organisation=organisation,
        supplier=supplier,
        root=root,
        parts=parts,
        wanted=wanted,
        others=others[:FOUND],
        more=len(others) > FOUND,
        done=request.args.get("done", ""),
    )


@blueprint.post("/<uuid:supplier_id>/parts")
@audited("undone")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def undo_part(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    """Take one part apart again."""
    supplier = supplier_or_404(session(), organisation_id, supplier_id)
    part = _entry(session(), organisation_id, request.form.get("part"))
    here = url_for("merging.show_parts", organisation_id=organisation_id, supplier_id=supplier_id, done="apart")
    if part is not None and part.merged_into in {supplier.id, supplier.merged_into} - {None}:
        take_apart(session(), part, now(), by=who.id)
        note_about("supplier", part.id)
    return redirect(here, 303)


def _pair(
    look: Session, organisation_id: uuid.UUID, one: str | None, other: str | None
) -> tuple[Supplier, Supplier] | None:
    found = [_entry(look, organisation_id, typed) for typed in (one, other)]
    first, second = found
    return None if first is None or second is None or first.id == second.id else (first, second)


def _entry(look: Session, organisation_id: uuid.UUID, typed: str | None) -> Supplier | None:
    try:
        wanted = uuid.UUID(typed or "")
    except ValueError:
        return None
    return look.scalars(select(Supplier).where(Supplier.id == wanted, Supplier.buyer_id == organisation_id)).first()


def _pair_page(
    look: Session, organisation_id: uuid.UUID, pair: tuple[Supplier, Supplier], fault: str | None = None
) -> str:
    part, root = in_order(look, *pair)
    refusal = why_not(look, part, root)
    asked = latest_of(look, [one.id for one in pair])
    return render_template(
        "suppliers/merge_pair.html",
        organisation=organisation_or_404(look, organisation_id),
        pair=pair,
        root=root,
        may_choose=not parts_of(look, root.id),
        refusal=refusal,
        both_stand=refusal == BOTH_STAND,
        asked=asked,
        fault=fault if fault != refusal else None,
    )


def _search(look: Session, root: Supplier, wanted: str) -> list[Supplier]:
    """Other entries of the same list with these words in their name."""
    query = select(Supplier).where(
        Supplier.buyer_id == root.buyer_id,
        Supplier.id != root.id,
        Supplier.archived_at.is_(None),
        Supplier.merged_into.is_(None),
        Supplier.name.icontains(wanted, autoescape=True),
    )
    return list(look.scalars(query.order_by(Supplier.name, Supplier.id).limit(FOUND + 1)))


def _back(organisation_id: uuid.UUID) -> Response:
    return redirect(url_for("merging.show_duplicates", organisation_id=organisation_id, done="gone"), 303)
