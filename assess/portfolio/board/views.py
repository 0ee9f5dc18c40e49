"""The board itself, and the list of those that were taken off it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select

from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.plans.charts import band_shape
from assess.portfolio.board.choices import choices
from assess.portfolio.board.filters import BANDS, NO_BAND, ORDERS, Filter, read
from assess.portfolio.board.listing import Counts, counts, leaf, number
from assess.portfolio.board.saved import saved_of
from assess.portfolio.board.unlisted import number_unlisted
from assess.portfolio.board.words import looked_for, pair_words
from assess.suppliers.models import Status, Supplier
from assess.suppliers.other_results.keeping import undecided
from assess.suppliers.words import SIZES, STATUSES, TIERS, name_of_code

blueprint = Blueprint("board", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")

SHAPES: Mapping[str, Markup] = {band: band_shape(band) for band in BANDS if band != NO_BAND}
MOST_OFF = 500
"""Of those taken off the list so many are shown, the latest first."""


@blueprint.app_template_global("status_words")
def status_words(status: Status) -> str:
    """How it stands, in words."""
    return STATUSES[status]


@blueprint.app_template_filter("code_name")
def code_name(code: str) -> str:
    """A sector or an area, in words."""
    return name_of_code(code)


@blueprint.get("")
@requires("suppliers.read", load=permitted_member)
def show_board(who: Caller, organisation_id: uuid.UUID) -> str:
    """All suppliers, or those that are looked for, a page at a time."""
    moment, wanted = now(), read(request.args)
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        found = counts(look, organisation_id, moment)
        hits = number(look, organisation_id, wanted, moment) if wanted.is_on else found.all
        page = leaf(
            look,
            organisation_id,
            wanted,
            moment,
            after=request.args.get("after"),
            before=request.args.get("before"),
        )
        chosen_from = choices(look, organisation_id, moment)
        saved = saved_of(look, organisation_id, who.id)
        waiting = number_unlisted(look, organisation_id, moment)
        to_decide = undecided(look, organisation_id)
    base = url_for("board.show_board", organisation_id=organisation_id)
    return render_template(
        "portfolio/board.html",
        organisation=organisation,
        base=base,
        wanted=wanted,
        leaf=page,
        hits=hits,
        counts=found,
        lines=_lines(found, base),
        choices=chosen_from,
        saved=saved,
        unlisted=waiting,
        to_decide=to_decide,
        taken_off=_taken_off(wanted, base),
        shapes=SHAPES,
        bands=BANDS,
        orders=ORDERS,
        statuses=STATUSES,
        sizes=SIZES,
        tiers=TIERS,
    )


@blueprint.get("/off-list")
@requires("suppliers.read", check=permitted_member)
def show_off_list(organisation_id: uuid.UUID) -> str:
    """Those that were taken off the list, and a way to put them back."""
    query = select(Supplier.id, Supplier.name, Supplier.archived_at).where(
        Supplier.buyer_id == organisation_id, Supplier.archived_at.is_not(None)
    )
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        rows = look.execute(query.order_by(Supplier.archived_at.desc(), Supplier.id).limit(MOST_OFF + 1)).all()
    return render_template(
        "portfolio/board_off_list.html", organisation=organisation, rows=rows[:MOST_OFF], more=len(rows) > MOST_OFF
    )


def _lines(found: Counts, base: str) -> Sequence[tuple[str, int, str]]:
    """How many stand how: words, number, address. What nobody stands at is left out."""
    rows = [(STATUSES[status], found.by_status.get(status, 0), f"{base}?status={status.value}") for status in Status]
    rows += [("Late", found.late, f"{base}?late=yes"), ("Getting old", found.old, f"{base}?old=yes")]
    return [row for row in rows if row[1]]


def _taken_off(wanted: Filter, base: str) -> Sequence[tuple[str, str]]:
    """Each thing that is looked for in words, and the address of the board without it."""
    found = []
    for key, value in looked_for(wanted):
        rest = [pair for pair in wanted.pairs if pair != (key, value)]
        found.append((pair_words(key, value), f"{base}?{urlencode(rest)}".rstrip("?")))
    return found
