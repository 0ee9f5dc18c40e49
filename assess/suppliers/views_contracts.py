"""Pages of the contract register: search, download, create, edit part by part, delete."""

from __future__ import annotations

import io
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import xlsxwriter
from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import database, request_session
from assess.core.edit_conflicts import NotSavedError, save_or_show_again
from assess.core.exports import XLSX_MEDIA_TYPE, XLSX_OPTIONS, Cell, csv_file, strip_invalid_xml, write_cell
from assess.core.forms.fields import IntegerField
from assess.core.forms.form import Form, pressed
from assess.core.pages import PageResponse
from assess.core.pagination import query_page
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.question_banks.contracts import ContractRules
from assess.suppliers import contract_forms, contracts
from assess.suppliers.models import Contract, HeadingLevel, Supplier
from assess.suppliers.services import merged_group, supplier_or_404

_A4 = 9
_WIDTHS = {"text": 24, "date": 12, "number": 14, "long": 44}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the file. `kind`: text, long (text that takes room), number or date."""

    title: str
    kind: str = "text"


def export_columns(texts: ContractRules) -> tuple[ExportColumn, ...]:
    headings = [
        column
        for one in texts.characteristics.values()
        for column in (ExportColumn(one.name), ExportColumn(f"{one.name}: note", "long"))
    ]
    return (
        ExportColumn("Supplier"),
        ExportColumn("Your reference of the supplier"),
        ExportColumn("Contract"),
        ExportColumn("Reference"),
        ExportColumn("Value in pounds", "number"),
        ExportColumn("First day", "date"),
        ExportColumn("Last day", "date"),
        ExportColumn("Rules"),
        *headings,
        ExportColumn("Proposed tier now"),
        ExportColumn("Why it is proposed", "long"),
        ExportColumn("Tier"),
        ExportColumn("Reason", "long"),
        ExportColumn("Proposed when decided"),
        ExportColumn("Decided by"),
        ExportColumn("Decided on", "date"),
        ExportColumn("Asked of the supplier"),
        ExportColumn("Why it is asked", "long"),
        ExportColumn("Steps in design", "long"),
        ExportColumn("Steps in terms", "long"),
        ExportColumn("Steps in management", "long"),
        ExportColumn("Review on", "date"),
        ExportColumn("Last changed on", "date"),
    )


def export_row(entry: contracts.ContractEntry, texts: ContractRules) -> tuple[Cell, ...]:
    contract, supplier = entry
    proposal = contracts.get_tier_proposal(contract, texts)
    headings = [
        text
        for name in texts.characteristics
        for text in (
            contract_forms.LEVEL_LABELS[HeadingLevel(contract.levels.get(name, HeadingLevel.NOT_KNOWN))],
            str(contract.notes.get(name, "")),
        )
    ]
    return (
        supplier.name,
        supplier.reference,
        contract.title,
        contract.reference,
        contract.value_gbp,
        contract.starts,
        contract.ends,
        texts.regimes[contract.regime.value].short,
        *headings,
        texts.tiers[proposal.tier.value].name,
        proposal.because,
        texts.tiers[contract.tier.value].name if contract.tier else "Not decided yet",
        contract.tier_reason,
        texts.tiers[contract.proposed.value].name if contract.proposed else "",
        contract.decided_by,
        uk_date(contract.decided_at) if contract.decided_at else None,
        texts.asks[contract.asks.value] if contract.asks else "",
        contract.asks_reason,
        contract.design,
        contract.terms,
        contract.management,
        contract.review_on,
        uk_date(contract.changed_at),
    )


def contracts_csv(entries: Sequence[contracts.ContractEntry], texts: ContractRules) -> bytes:
    """UTF-8 with a byte order mark, every cell in quotes, dates as 2026-11-24."""
    return csv_file([column.title for column in export_columns(texts)], (export_row(entry, texts) for entry in entries))


def contracts_xlsx(
    entries: Sequence[contracts.ContractEntry], texts: ContractRules, buyer: str, made_on: date
) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(XLSX_OPTIONS))
    book.set_properties({"title": "Register of contracts", "created": datetime.combine(made_on, time())})
    top = {"valign": "top", "align": "left", "text_wrap": True, "bottom": 1}
    formats = {
        "text": book.add_format({**top, "num_format": "@"}),
        "date": book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        "number": book.add_format({**top, "num_format": "#,##0"}),
        "header": book.add_format({**top, "bold": True}),
    }
    formats["long"] = formats["text"]
    sheet = book.add_worksheet("Contracts")
    for place, column in enumerate(export_columns(texts)):
        sheet.set_column(place, place, _WIDTHS[column.kind])
        sheet.write_string(0, place, column.title, formats["header"])
    for line, entry in enumerate(entries, 1):
        for place, (column, cell) in enumerate(zip(export_columns(texts), export_row(entry, texts), strict=True)):
            write_cell(sheet, line, place, column.kind, cell, formats[column.kind])
    if entries:
        sheet.autofilter(0, 0, len(entries), len(export_columns(texts)) - 1)
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    about = book.add_worksheet("About")
    about.set_column(0, 0, 100)
    for line, sentence in enumerate(about_export(texts, buyer, made_on, len(entries))):
        about.write_string(line, 0, strip_invalid_xml(sentence), formats["text"])
    book.close()
    return file.getvalue()


def about_export(texts: ContractRules, buyer: str, made_on: date, count: int) -> list[str]:
    rules = [
        " ".join(part for part in (f"{one.name}: {one.says}", one.not_confirmed or "") if part)
        for one in texts.regimes.values()
    ]
    return [
        f"Contracts of {buyer}: {count}. Made on {made_on.isoformat()}.",
        "What people at this organisation wrote and decided. Not a finding about a supplier. Not for selection or exclusion.",
        texts.own_proposal,
        texts.not_known,
        *rules,
        f"Sources looked at on {texts.reviewed}, to be looked at again by {texts.review_by}.",
    ]


blueprint = Blueprint("contracts", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")


@dataclass(frozen=True, slots=True)
class ContractWithSupplier:
    contract: Contract
    supplier: Supplier


def contract_or_404(session: Session, organisation_id: uuid.UUID, contract_id: uuid.UUID) -> ContractWithSupplier:
    """This contract of this buyer. Another buyer's looks like one that is not there."""
    query = select(Contract, Supplier).join(Supplier, Supplier.id == Contract.supplier_id)
    row = session.execute(query.where(Contract.id == contract_id, Supplier.buyer_id == organisation_id)).first()
    return ContractWithSupplier(row[0], row[1]) if row is not None else abort(404)


def changed_by(who: CurrentUser) -> contracts.ChangedBy:
    """Who acts, with the name that is kept: their own, or their address when they gave none."""
    return contracts.ChangedBy(who.id, who.name or who.email)


EXPORT_LIMIT = Limit("contracts-file", 60, 3600)
MAX_GAPS = 50


@blueprint.get("/contracts")
@requires("suppliers.read", check=require_member)
def show_contracts(organisation_id: uuid.UUID) -> str:
    tier, regime, review = (request.args.get(name, "") for name in ("tier", "regime", "review"))
    wanted = contracts.read_contract_filter(tier, regime, review, query_page())
    texts = contracts.load_contract_rules()
    with database().reading() as session:
        gaps = contracts.find_request_gaps(session, organisation_id)
        return render_template(
            "suppliers/contracts.html",
            organisation=organisation_or_404(session, organisation_id),
            wanted=wanted,
            found=contracts.find_contracts(session, organisation_id, wanted, clock.today()),
            gaps=gaps[:MAX_GAPS],
            more_gaps=max(0, len(gaps) - MAX_GAPS),
            texts=texts,
            tiers=[
                ("", "All tiers"),
                *((one.id, one.name) for one in texts.tiers.values()),
                (contracts.NO_TIER, "No tier yet"),
            ],
            regimes=[("", "All rules"), *((one.id, one.short) for one in texts.regimes.values())],
            today=clock.today(),
        )


@blueprint.get("/contracts/register.csv")
@requires("suppliers.read", check=require_member)
def download_contracts_csv(organisation_id: uuid.UUID) -> Response:
    enforce_limit(EXPORT_LIMIT, str(organisation_id))
    with database().reading() as session:
        return _download(
            contracts_csv(contracts.list_all_contracts(session, organisation_id), contracts.load_contract_rules()),
            "text/csv; charset=utf-8",
            "csv",
        )


@blueprint.get("/contracts/register.xlsx")
@requires("suppliers.read", check=require_member)
def download_contracts_xlsx(organisation_id: uuid.UUID) -> Response:
    enforce_limit(EXPORT_LIMIT, str(organisation_id))
    with database().reading() as session:
        buyer = organisation_or_404(session, organisation_id).name
        return _download(
            contracts_xlsx(
                contracts.list_all_contracts(session, organisation_id),
                contracts.load_contract_rules(),
                buyer,
                clock.today(),
            ),
            XLSX_MEDIA_TYPE,
            "xlsx",
        )


@blueprint.get("/<uuid:supplier_id>/contracts")
@requires("suppliers.read", check=require_member)
def show_supplier_contracts(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    texts = contracts.load_contract_rules()
    with database().reading() as session:
        supplier = supplier_or_404(session, organisation_id, supplier_id)
        ids = [one.id for one in merged_group(session, supplier)]
        return render_template(
            "suppliers/supplier_contracts.html",
            organisation=organisation_or_404(session, organisation_id),
            supplier=supplier,
            contracts=contracts.list_contracts(session, ids),
            gone=contracts.list_deleted_contracts(session, ids),
            deleted="deleted" in request.args,
            texts=texts,
            today=clock.today(),
        )


@blueprint.route("/<uuid:supplier_id>/contracts/new", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def add_contract(who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _new_contract_page(organisation_id, supplier_id, {}, {})
    supplier = supplier_or_404(request_session(), organisation_id, supplier_id)
    read = contract_forms.ContractDetailsForm().read()
    if read.errors:
        return _new_contract_page(organisation_id, supplier_id, read.typed, read.errors), 422
    try:
        made = contracts.create_contract(request_session(), supplier, read.values, clock.now(), by=changed_by(who))
    except contracts.TooManyContractsError:
        full = {
            "title": f"The register is full: it holds {contracts.MAX_CONTRACTS:,} contracts. Delete one that is no longer needed."
        }
        return _new_contract_page(organisation_id, supplier_id, read.typed, full), 422
    address = url_for(
        "contracts.edit_contract_part", organisation_id=organisation_id, contract_id=made.id, part="headings"
    )
    return redirect(f"{address}?new=yes", 303)


def _new_contract_page(
    organisation_id: uuid.UUID, supplier_id: uuid.UUID, typed: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    return render_template(
        "suppliers/new_contract.html",
        organisation=organisation_or_404(request_session(), organisation_id),
        supplier=supplier_or_404(request_session(), organisation_id, supplier_id),
        typed=defaultdict(str, typed),
        errors=errors,
        texts=contracts.load_contract_rules(),
    )


def _download(content: bytes, media_type: str, ending: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="contracts-{clock.today().isoformat()}.{ending}"'
    return response


@dataclass(frozen=True, slots=True)
class ContractPart:
    title: str
    form: Callable[[ContractRules], Form]
    following: str = ""


CONTRACT_PARTS: Mapping[str, ContractPart] = {
    "details": ContractPart("Details", lambda _texts: contract_forms.ContractDetailsForm()),
    "headings": ContractPart(
        "The six headings", lambda texts: contract_forms.HeadingsForm.of(list(texts.characteristics)), "tier"
    ),
    "tier": ContractPart(
        "The tier",
        lambda texts: contract_forms.TierForm(lambda tier: contracts.default_request_level(tier, texts)),
        "steps",
    ),
    "steps": ContractPart("What you did", lambda _texts: contract_forms.StepsForm()),
}


@blueprint.get("/contracts/<uuid:contract_id>")
@requires("suppliers.read", check=require_member)
def show_contract(organisation_id: uuid.UUID, contract_id: uuid.UUID) -> str:
    texts = contracts.load_contract_rules()
    with database().reading() as session:
        found = contract_or_404(session, organisation_id, contract_id)
        contract = found.contract
        proposal = contracts.get_tier_proposal(contract, texts)
        return render_template(
            "suppliers/contract.html",
            organisation=organisation_or_404(session, organisation_id),
            supplier=found.supplier,
            contract=contract,
            proposal=proposal,
            higher=contract.tier is not None
            and contracts.TIER_ORDER.index(proposal.tier)
            > contracts.TIER_ORDER.index(contract.proposed or contract.tier),
            levels={level.value: words for level, words in contract_forms.LEVEL_LABELS.items()},
            history=[
                (
                    event,
                    contract_forms.CONTRACT_EVENT_LABELS[event.what],
                    contract_forms.list_changes(event.before, event.after, texts),
                )
                for event in contracts.get_contract_history(session, contract)
            ],
            value=contract_forms.format_pounds(contract.value_gbp),
            saved=request.args.get("saved", "") in CONTRACT_PARTS,
            texts=texts,
            today=clock.today(),
        )


@blueprint.route("/contracts/<uuid:contract_id>/<part>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def edit_contract_part(who: CurrentUser, organisation_id: uuid.UUID, contract_id: uuid.UUID, part: str) -> PageResponse:
    """Save it, unless another person changed the same meanwhile: then both are shown and nothing is lost."""
    if request.method != "POST":
        _part_or_404(part)
        with database().reading() as session:
            found = contract_or_404(session, organisation_id, contract_id)
            return _part_page(found, part, _contract_form_data(found.contract), {}, found.contract.revision)
    known = _part_or_404(part)
    found = contract_or_404(request_session(), organisation_id, contract_id)
    texts = contracts.load_contract_rules()
    read = known.form(texts).read()
    typed, values = read.typed, read.values
    revision_seen = _read_revision(typed.get("revision", ""), found.contract.revision)
    if read.errors:
        return _part_page(found, part, typed, read.errors, revision_seen), 422

    def save() -> None:
        by = changed_by(who)
        if part == "tier":
            proposed = contracts.get_tier_proposal(found.contract, texts).tier
            contracts.decide_tier(
                request_session(), found.contract.id, values, proposed, revision_seen, clock.now(), by=by
            )
        else:
            contracts.update_contract(request_session(), found.contract.id, values, revision_seen, clock.now(), by=by)

    def again(refused: NotSavedError) -> str:
        """The form with both put together, where they changed different things, and what they changed in the same."""
        if not isinstance(refused, contracts.ContractConflictError):
            return _part_page(found, part, typed, {}, revision_seen, refused)
        cleared = {name: "" for name in typed if name.startswith(("level_", "note_"))}
        merged = contract_forms.form_data_from(refused.mine, lambda tier: contracts.default_request_level(tier, texts))
        return _part_page(found, part, {**typed, **cleared, **merged}, {}, refused.revision, refused)

    if typed.get("new") and known.following:
        to = url_for(
            "contracts.edit_contract_part",
            organisation_id=organisation_id,
            contract_id=contract_id,
            part=known.following,
            new="yes",
        )
    else:
        to = url_for("contracts.show_contract", organisation_id=organisation_id, contract_id=contract_id, saved=part)
    return save_or_show_again(save, again, to)


@blueprint.route("/contracts/<uuid:contract_id>/delete", methods=["GET", "POST"])
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("suppliers.manage", load=require_member)
def delete_contract(who: CurrentUser, organisation_id: uuid.UUID, contract_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        with database().reading() as session:
            return _delete_page(contract_or_404(session, organisation_id, contract_id))
    found = contract_or_404(request_session(), organisation_id, contract_id)
    if pressed("sure") != "yes":
        return _delete_page(found, "Tick the box if you are sure."), 422
    supplier_id = found.supplier.id
    contracts.remove_contract(request_session(), found.contract, clock.now(), by=changed_by(who))
    address = url_for(
        "contracts.show_supplier_contracts", organisation_id=organisation_id, supplier_id=supplier_id, deleted="yes"
    )
    return redirect(address, 303)


def _part_or_404(part: str) -> ContractPart:
    return CONTRACT_PARTS.get(part) or abort(404)


def _read_revision(typed: str, newest: int) -> int:
    """The revision that was on the page. Anyone who sends none saw the first."""
    return min(IntegerField().read(typed)[0] or 1, newest)


def _contract_form_data(contract: Contract) -> dict[str, str]:
    texts = contracts.load_contract_rules()
    return contract_forms.form_data_from(
        {name: getattr(contract, name) for name in contracts.CONTRACT_FIELDS},
        lambda tier: contracts.default_request_level(tier, texts),
    )


def _part_page(
    found: ContractWithSupplier,
    part: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    revision: int,
    refused: NotSavedError | None = None,
) -> str:
    texts = contracts.load_contract_rules()
    rows: list[contract_forms.ContractChange] = []
    if isinstance(refused, contracts.ContractConflictError):
        theirs = {name: contracts.to_json_value(value) for name, value in refused.theirs.items()}
        rows = contract_forms.list_changes(
            theirs, {name: contracts.to_json_value(refused.mine[name]) for name in theirs}, texts
        )
    return render_template(
        "suppliers/contract_part.html",
        organisation=organisation_or_404(request_session(), found.supplier.buyer_id),
        supplier=found.supplier,
        contract=found.contract,
        part=part,
        title=CONTRACT_PARTS[part].title,
        typed=defaultdict(str, typed),
        errors=errors,
        revision=revision,
        refused=refused,
        refused_rows=[(row.name, row.before, row.after) for row in rows],
        new=typed.get("new") or request.args.get("new"),
        proposal=contracts.get_tier_proposal(found.contract, texts),
        levels=[(level.value, words) for level, words in contract_forms.LEVEL_LABELS.items()],
        by_tier=contract_forms.BY_TIER,
        texts=texts,
    )


def _delete_page(found: ContractWithSupplier, error: str | None = None) -> str:
    return render_template(
        "suppliers/delete_contract.html",
        organisation=organisation_or_404(request_session(), found.supplier.buyer_id),
        supplier=found.supplier,
        contract=found.contract,
        error=error,
    )
