"""One contract: what stands in it, its four parts to fill in, and taking it off the register."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.contracts import ContractRules
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.suppliers.contracts.door import Opened, blueprint, by_of, contract_or_404
from assess.suppliers.contracts.form import (
    BY_TIER,
    Read,
    Typed,
    read_details,
    read_headings,
    read_steps,
    read_tier,
    typed_from,
)
from assess.suppliers.contracts.keeping import (
    FIELDS,
    TIERS,
    By,
    ChangedMeanwhileError,
    change,
    decide,
    delete,
    history_of,
    plain,
)
from assess.suppliers.contracts.models import Contract
from assess.suppliers.contracts.rules import asked_by, proposal_for, rules
from assess.suppliers.contracts.words import DONE, LEVELS, Row, changes, changes_of, pounds

Faults = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a contract that is filled in on one page. `following`: the part that comes next for a new contract, if any."""

    title: str
    read: Callable[[Typed, ContractRules], Read]
    following: str = ""


PARTS: Mapping[str, Part] = {
    "details": Part("Details", lambda typed, _texts: read_details(typed)),
    "headings": Part(
        "The six headings", lambda typed, texts: read_headings(typed, list(texts.characteristics)), "tier"
    ),
    "tier": Part("The tier", lambda typed, texts: read_tier(typed, lambda tier: asked_by(tier, texts)), "steps"),
    "steps": Part("What you did", lambda typed, _texts: read_steps(typed)),
}


@blueprint.get("/contracts/<uuid:contract_id>")
@requires("suppliers.read", check=permitted_member)
def show_contract(organisation_id: uuid.UUID, contract_id: uuid.UUID) -> str:
    """Everything about one contract, with its history."""
    texts = rules()
    with database().reading() as look:
        found = contract_or_404(look, organisation_id, contract_id)
        contract = found.contract
        proposal = proposal_for(contract, texts)
        return render_template(
            "suppliers/contract.html",
            organisation=organisation_or_404(look, organisation_id),
            supplier=found.supplier,
            contract=contract,
            proposal=proposal,
            higher=contract.tier is not None
            and TIERS.index(proposal.tier) > TIERS.index(contract.proposed or contract.tier),
            levels={level.value: words for level, words in LEVELS.items()},
            history=[(event, DONE[event.what], changes_of(event, texts)) for event in history_of(look, contract)],
            value=pounds(contract.value_gbp),
            saved=request.args.get("saved", "") in PARTS,
            texts=texts,
            today=today(),
        )


@blueprint.get("/contracts/<uuid:contract_id>/<part>")
@requires("suppliers.manage", check=permitted_member)
def show_part(organisation_id: uuid.UUID, contract_id: uuid.UUID, part: str) -> str:
    """One part to fill in."""
    _known(part)
    with database().reading() as look:
        found = contract_or_404(look, organisation_id, contract_id)
        return _part_page(found, part, _typed(found.contract), {}, found.contract.revision)


@blueprint.post("/contracts/<uuid:contract_id>/<part>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def save_part(who: Caller, organisation_id: uuid.UUID, contract_id: uuid.UUID, part: str) -> Response | tuple[str, int]:
    """Save it, unless somebody else changed the same meanwhile: then both are shown and nothing is lost."""
    known = _known(part)
    found = contract_or_404(session(), organisation_id, contract_id)
    typed, texts = request.form.to_dict(), rules()
    seen = _revision(typed.get("revision", ""), found.contract.revision)
    read = known.read(typed, texts)
    if read.faults:
        return _part_page(found, part, typed, read.faults, seen), 422
    try:
        _save(found.contract, part, read.values, seen, by_of(who), texts)
    except ChangedMeanwhileError as error:
        said = {name: plain(error.mine[name]) for name in error.theirs}
        rows = changes({name: plain(value) for name, value in error.theirs.items()}, said, texts)
        typed |= {name: "" for name in typed if name.startswith(("level_", "note_"))}
        typed |= typed_from(error.mine, lambda tier: asked_by(tier, texts))
        return _part_page(found, part, typed, {}, error.revision, rows=rows), 409
    if typed.get("new") and known.following:
        to = url_for(
            "contracts.show_part",
            organisation_id=organisation_id,
            contract_id=contract_id,
            part=known.following,
            new="yes",
        )
    else:
        to = url_for("contracts.show_contract", organisation_id=organisation_id, contract_id=contract_id, saved=part)
    return redirect(to, 303)


@blueprint.get("/contracts/<uuid:contract_id>/delete")
@requires("suppliers.manage", check=permitted_member)
def show_delete(organisation_id: uuid.UUID, contract_id: uuid.UUID) -> str:
    """The question before it is taken off."""
    with database().reading() as look:
        return _delete_page(contract_or_404(look, organisation_id, contract_id))


@blueprint.post("/contracts/<uuid:contract_id>/delete")
@audited("deleted")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def delete_contract(who: Caller, organisation_id: uuid.UUID, contract_id: uuid.UUID) -> Response | tuple[str, int]:
    """Take it off the register. Its history stays."""
    found = contract_or_404(session(), organisation_id, contract_id)
    if request.form.get("sure") != "yes":
        return _delete_page(found, "Tick the box if you are sure."), 422
    supplier_id = found.supplier.id
    delete(session(), found.contract, now(), by=by_of(who))
    address = url_for(
        "contracts.show_of_supplier", organisation_id=organisation_id, supplier_id=supplier_id, deleted="yes"
    )
    return redirect(address, 303)


def _save(contract: Contract, part: str, values: dict[str, Any], seen: int, by: By, texts: ContractRules) -> None:
    if part == "tier":
        decide(session(), contract.id, values, proposal_for(contract, texts).tier, seen, now(), by=by)
    else:
        change(session(), contract.id, values, seen, now(), by=by)


def _known(part: str) -> Part:
    return PARTS.get(part) or abort(404)


def _revision(said: str, newest: int) -> int:
    """The revision that was on the page. Whoever sends none saw the first."""
    return min(int(said), newest) if said.isascii() and said.isdecimal() and len(said) <= len(str(newest)) + 1 else 1


def _typed(contract: Contract) -> dict[str, str]:
    texts = rules()
    return typed_from({name: getattr(contract, name) for name in FIELDS}, lambda tier: asked_by(tier, texts))


def _part_page(
    found: Opened, part: str, typed: Typed, faults: Faults, revision: int, *, rows: list[Row] | None = None
) -> str:
    texts = rules()
    return render_template(
        "suppliers/contract_part.html",
        organisation=organisation_or_404(session(), found.supplier.buyer_id),
        supplier=found.supplier,
        contract=found.contract,
        part=part,
        title=PARTS[part].title,
        typed=defaultdict(str, typed),
        faults=faults,
        revision=revision,
        rows=rows,
        new=typed.get("new") or request.args.get("new"),
        proposal=proposal_for(found.contract, texts),
        levels=[(level.value, words) for level, words in LEVELS.items()],
        by_tier=BY_TIER,
        texts=texts,
    )


def _delete_page(found: Opened, error: str | None = None) -> str:
    return render_template(
        "suppliers/contract_delete.html",
        organisation=organisation_or_404(session(), found.supplier.buyer_id),
        supplier=found.supplier,
        contract=found.contract,
        error=error,
    )
