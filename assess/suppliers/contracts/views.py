"""The register of contracts: looked through, taken away as a file, and the contracts of one supplier."""

from __future__ import annotations

import uuid
from collections import defaultdict

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, Limit, by_visit, count, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.suppliers.contracts import views_one  # noqa: F401  # same blueprint
from assess.suppliers.contracts.door import blueprint, by_of
from assess.suppliers.contracts.form import read_details
from assess.suppliers.contracts.keeping import MOST, TooManyContractsError, add, contracts_of, taken_off
from assess.suppliers.contracts.register import NO_TIER, asked_too_little, find, wanted_from, whole
from assess.suppliers.contracts.register_file import as_csv, as_xlsx
from assess.suppliers.contracts.rules import rules
from assess.suppliers.door import supplier_or_404
from assess.suppliers.keeping import shown_as_one

__all__ = ["blueprint"]

EXPORTING = Limit("contracts-file", 60, 3600)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_GAPS = 50
"""How many suppliers that were asked for too little stand on the page at once."""


@blueprint.get("/contracts")
@requires("suppliers.read", check=permitted_member)
def show_contracts(organisation_id: uuid.UUID) -> str:
    """All contracts, or those that fit."""
    said = request.args
    wanted = wanted_from(said.get("tier", ""), said.get("regime", ""), said.get("review", ""), said.get("page", ""))
    texts = rules()
    with database().reading() as look:
        gaps = asked_too_little(look, organisation_id)
        return render_template(
            "suppliers/contracts.html",
            organisation=organisation_or_404(look, organisation_id),
            wanted=wanted,
            found=find(look, organisation_id, wanted, today()),
            gaps=gaps[:MOST_GAPS],
            more_gaps=max(0, len(gaps) - MOST_GAPS),
            texts=texts,
            tiers=[("", "All tiers"), *((one.id, one.name) for one in texts.tiers.values()), (NO_TIER, "No tier yet")],
            regimes=[("", "All rules"), *((one.id, one.short) for one in texts.regimes.values())],
            today=today(),
        )


@blueprint.get("/contracts/register.csv")
@requires("suppliers.read", check=permitted_member)
def csv(organisation_id: uuid.UUID) -> Response:
    """The whole register for any program."""
    count(EXPORTING, str(organisation_id))
    with database().reading() as look:
        return _file(as_csv(whole(look, organisation_id), rules()), "text/csv; charset=utf-8", "csv")


@blueprint.get("/contracts/register.xlsx")
@requires("suppliers.read", check=permitted_member)
def xlsx(organisation_id: uuid.UUID) -> Response:
    """The whole register for a spreadsheet, with typed cells."""
    count(EXPORTING, str(organisation_id))
    with database().reading() as look:
        buyer = organisation_or_404(look, organisation_id).name
        return _file(as_xlsx(whole(look, organisation_id), rules(), buyer, today()), XLSX, "xlsx")


@blueprint.get("/<uuid:supplier_id>/contracts")
@requires("suppliers.read", check=permitted_member)
def show_of_supplier(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """The contracts of one supplier, and those that were taken off."""
    texts = rules()
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        ids = [one.id for one in shown_as_one(look, supplier)]
        return render_template(
            "suppliers/contracts_of_supplier.html",
            organisation=organisation_or_404(look, organisation_id),
            supplier=supplier,
            contracts=contracts_of(look, ids),
            gone=taken_off(look, ids),
            deleted="deleted" in request.args,
            texts=texts,
            today=today(),
        )


@blueprint.get("/<uuid:supplier_id>/contracts/new")
@requires("suppliers.manage", check=permitted_member)
def show_new(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """The form to put one on the register."""
    return _new_page(organisation_id, supplier_id, {}, {})


@blueprint.post("/<uuid:supplier_id>/contracts/new")
@audited("added")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def add_contract(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response | tuple[str, int]:
    """Put it on the register."""
    supplier = supplier_or_404(session(), organisation_id, supplier_id)
    typed = request.form.to_dict()
    read = read_details(typed)
    if read.faults:
        return _new_page(organisation_id, supplier_id, typed, read.faults), 422
    try:
        made = add(session(), supplier, read.values, now(), by=by_of(who))
    except TooManyContractsError:
        full = {"title": f"The register is full: it holds {MOST:,} contracts. Delete one that is no longer needed."}
        return _new_page(organisation_id, supplier_id, typed, full), 422
    address = url_for("contracts.show_part", organisation_id=organisation_id, contract_id=made.id, part="headings")
    return redirect(f"{address}?new=yes", 303)


def _new_page(organisation_id: uuid.UUID, supplier_id: uuid.UUID, typed: dict[str, str], faults: dict[str, str]) -> str:
    return render_template(
        "suppliers/contract_new.html",
        organisation=organisation_or_404(session(), organisation_id),
        supplier=supplier_or_404(session(), organisation_id, supplier_id),
        typed=defaultdict(str, typed),
        faults=faults,
        texts=rules(),
    )


def _file(content: bytes, media_type: str, ending: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="contracts-{today().isoformat()}.{ending}"'
    return response
