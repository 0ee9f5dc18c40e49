"""Contracts: create, update with conflict detection, propose and decide the tier (PPN 009), search. Every change is logged with before and after; a person decides every tier."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from assess.core.edit_conflicts import EditConflictError
from assess.core.events import publish
from assess.core.pagination import Page, fetch_rows
from assess.question_banks.content_versions import content_in_force
from assess.question_banks.contracts import ContractRules, contract_rules_from
from assess.question_banks.shapes import Proposal
from assess.suppliers.activity_log import log_supplier_event
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import (
    Contract,
    ContractEvent,
    ContractEventType,
    HeadingLevel,
    InvitationStatus,
    Regime,
    RequestLevel,
    RiskTier,
    Supplier,
    SupplierEventType,
    SupplierInvitation,
)

DETAIL_FIELDS = ("title", "reference", "value_gbp", "starts", "ends", "regime", "review_on")
HEADING_FIELDS = ("levels", "notes")
TIER_FIELDS = ("tier", "tier_reason", "asks", "asks_reason")
STEP_FIELDS = ("design", "terms", "management")
CONTRACT_FIELDS = (*DETAIL_FIELDS, *HEADING_FIELDS, *TIER_FIELDS, "proposed", "decided_by", "decided_at", *STEP_FIELDS)
TIER_ORDER = (RiskTier.LOW, RiskTier.MEDIUM, RiskTier.HIGH)
"""From the least to the most risk."""
MAX_CONTRACTS = 5000


class TooManyContractsError(Exception):
    pass


class ContractConflictError(EditConflictError):
    """`theirs`: the fields both changed, as they are now; `mine`: all that was said, put together with what they changed elsewhere; `revision`: the one to send next."""

    def __init__(self, theirs: Mapping[str, Any], mine: Mapping[str, Any], revision: int) -> None:
        super().__init__(theirs)
        self.mine = mine
        self.revision = revision


@dataclass(frozen=True, slots=True)
class ChangedBy:
    id: uuid.UUID | None
    name: str


def create_contract(
    session: Session, supplier: Supplier, values: Mapping[str, Any], now: datetime, *, by: ChangedBy
) -> Contract:
    """Put a contract on the register. `values`: by name, those of `DETAIL_FIELDS` at least. Raises TooManyContractsError."""
    # no more are counted than it takes to know
    of_buyer = select(Contract.id).join(Supplier).where(Supplier.buyer_id == supplier.buyer_id).limit(MAX_CONTRACTS)
    if len(session.scalars(of_buyer).all()) >= MAX_CONTRACTS:
        raise TooManyContractsError
    made = Contract(supplier_id=supplier.id, made_at=now, changed_at=now, revision=1, **values)
    session.add(made)
    session.flush()
    after = {name: to_json_value(value) for name, value in _contract_state(made).items() if value not in (None, "", {})}
    _log_contract_event(session, made, ContractEventType.ENTERED, now, by, {}, after)
    return made


def update_contract(
    session: Session,
    contract_id: uuid.UUID,
    values: Mapping[str, Any],
    revision_seen: int,
    now: datetime,
    *,
    by: ChangedBy,
) -> Contract:
    """Change these fields. `revision_seen`: the revision that was on the page. The same again changes nothing.

    Raises:
        ContractConflictError: when one of them was changed since and says something else than is said now.
        NoResultFound: when it was taken off meanwhile.
    """
    contract = _lock_contract(session, contract_id)
    state = _contract_state(contract)
    base = _values_at_revision(session, contract, revision_seen)
    merged, clashes = {}, []
    for name, value in values.items():
        merged[name], clash = _merge_values(base[name], state[name], value)
        clashes += [name] if clash else []
    if clashes:
        raise ContractConflictError({name: state[name] for name in clashes}, merged, contract.revision)
    return _apply_changes(session, contract, merged, now, by)


def decide_tier(
    session: Session,
    contract_id: uuid.UUID,
    values: Mapping[str, Any],
    proposed: RiskTier,
    revision_seen: int,
    now: datetime,
    *,
    by: ChangedBy,
) -> Contract:
    """Decide the tier. `values`: those of `TIER_FIELDS`. Who, when and what was proposed are kept with it. The same again changes nothing.

    Raises:
        ContractConflictError, NoResultFound: as for `update_contract`.
    """
    contract = _lock_contract(session, contract_id)
    if all(getattr(contract, name) == value for name, value in values.items()) and contract.proposed is proposed:
        return contract
    base = _values_at_revision(session, contract, revision_seen)
    # halves of two decisions make none
    if any(to_json_value(getattr(contract, name)) != base[name] for name in TIER_FIELDS):
        raise ContractConflictError({name: getattr(contract, name) for name in TIER_FIELDS}, values, contract.revision)
    decided = {**values, "proposed": proposed, "decided_by": by.name, "decided_at": now}
    return _apply_changes(session, contract, decided, now, by)


def remove_contract(session: Session, contract: Contract, now: datetime, *, by: ChangedBy) -> None:
    before = {
        name: to_json_value(value) for name, value in _contract_state(contract).items() if value not in (None, "", {})
    }
    contract.revision += 1
    session.delete(contract)
    _log_contract_event(session, contract, ContractEventType.DELETED, now, by, before, {})


def highest_tier(session: Session, supplier_ids: Collection[uuid.UUID]) -> RiskTier | None:
    """The highest tier that a buyer decided for a contract of these suppliers, over or not; None when there is none."""
    query = select(Contract.tier).where(Contract.supplier_id.in_(supplier_ids), Contract.tier.is_not(None))
    return max((tier for tier in session.scalars(query) if tier), key=TIER_ORDER.index, default=None)


def list_contracts(session: Session, supplier_ids: Sequence[uuid.UUID]) -> Sequence[Contract]:
    return session.scalars(
        select(Contract).where(Contract.supplier_id.in_(supplier_ids)).order_by(Contract.title, Contract.id)
    ).all()


def get_contract_history(session: Session, contract: Contract) -> Sequence[ContractEvent]:
    mine = (ContractEvent.supplier_id == contract.supplier_id, ContractEvent.contract_id == contract.id)
    return session.scalars(select(ContractEvent).where(*mine).order_by(ContractEvent.id.desc())).all()


def list_deleted_contracts(session: Session, supplier_ids: Sequence[uuid.UUID]) -> Sequence[ContractEvent]:
    mine = (ContractEvent.supplier_id.in_(supplier_ids), ContractEvent.what == ContractEventType.DELETED)
    return session.scalars(select(ContractEvent).where(*mine).order_by(ContractEvent.id.desc())).all()


def to_json_value(value: Any) -> Any:  # noqa: ANN401  # JSON is anything
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _contract_state(contract: Contract) -> dict[str, Any]:
    return {name: getattr(contract, name) for name in CONTRACT_FIELDS}


def _lock_contract(session: Session, contract_id: uuid.UUID) -> Contract:
    return session.get_one(Contract, contract_id, with_for_update=True, populate_existing=True)


def _values_at_revision(session: Session, contract: Contract, revision_seen: int) -> dict[str, Any]:
    """The plain values of a contract at a revision: what stands now, with every later change taken back."""
    state = {name: to_json_value(value) for name, value in _contract_state(contract).items()}
    later = select(ContractEvent.before).where(
        ContractEvent.supplier_id == contract.supplier_id,
        ContractEvent.contract_id == contract.id,
        ContractEvent.revision > revision_seen,
    )
    for before in session.scalars(later.order_by(ContractEvent.revision.desc())):
        state |= before  # from the newest back, so the oldest of the values before is the one that stays
    return state


def _merge_values(base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:  # noqa: ANN401  # values of any field
    """What a person said put together with what another changed since; whether both changed the same. Groups go key by key."""
    if isinstance(mine, dict):
        each = {key: _merge_values(base.get(key), theirs.get(key), mine.get(key)) for key in {**theirs, **mine}}
        whole = {key: value for key, (value, _) in each.items() if value is not None}
        return whole, any(clash for _, clash in each.values())
    if to_json_value(mine) == base:
        return theirs, False
    return mine, to_json_value(theirs) not in (base, to_json_value(mine))


def _apply_changes(
    session: Session, contract: Contract, values: Mapping[str, Any], now: datetime, by: ChangedBy
) -> Contract:
    state = _contract_state(contract)
    new = {name: value for name, value in values.items() if value != state[name]}
    if not new:
        return contract
    for name, value in new.items():
        setattr(contract, name, value)
    contract.revision += 1
    contract.changed_at = now
    _log_contract_event(
        session,
        contract,
        ContractEventType.CHANGED,
        now,
        by,
        {name: to_json_value(state[name]) for name in new},
        {name: to_json_value(value) for name, value in new.items()},
    )
    return contract


def _log_contract_event(
    session: Session,
    contract: Contract,
    what: ContractEventType,
    now: datetime,
    by: ChangedBy,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    supplier_id = contract.supplier_id
    session.add(
        ContractEvent(
            supplier_id=supplier_id,
            contract_id=contract.id,
            title=contract.title,
            revision=contract.revision,
            what=what,
            at=now,
            by_person=by.id,
            by_name=by.name,
            before=dict(before),
            after=dict(after),
        )
    )
    log_supplier_event(
        session, supplier_id, SupplierEventType.CONTRACT, now, by=by.id, done=what.value, contract=contract.title
    )
    publish(session, SupplierChanged(supplier_id, now))


CONTRACTS_PER_PAGE = 50
NO_TIER = "none"
REQUEST_LEVEL_ORDER = tuple(RequestLevel)
ContractEntry = tuple[Contract, Supplier]


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """Which contracts a person wants to see. `tier` may be `NO_TIER`; `review`: only those whose review is due. Empty: all."""

    tier: str = ""
    regime: str = ""
    review: bool = False
    page: int = 1

    @property
    def filters(self) -> bool:
        return bool(self.tier or self.regime or self.review)


def read_contract_filter(tier: str, regime: str, review: str, page: int) -> ContractFilter:
    return ContractFilter(
        tier if tier in {*(one.value for one in RiskTier), NO_TIER} else "",
        regime if regime in {one.value for one in Regime} else "",
        review == "due",
        page,
    )


def find_contracts(
    session: Session, buyer_id: uuid.UUID, wanted: ContractFilter, today: date
) -> Page[Row[Contract, Supplier]]:
    fit = _contract_query(buyer_id, wanted, today)
    count = session.scalar(select(func.count()).select_from(fit.order_by(None).subquery())) or 0
    return fetch_rows(session, fit, wanted.page, CONTRACTS_PER_PAGE, total=count)


def list_all_contracts(session: Session, buyer_id: uuid.UUID) -> Sequence[ContractEntry]:
    rows = session.execute(_contract_query(buyer_id, ContractFilter(), date.max).limit(MAX_CONTRACTS))
    return [(contract, supplier) for contract, supplier in rows]


@dataclass(frozen=True, slots=True)
class RequestGap:
    """A supplier that was asked for less than a contract asks. `tier`: of that contract. `quick`: it was asked for the quick check."""

    supplier: Supplier
    tier: RiskTier
    quick: bool


def find_request_gaps(session: Session, buyer_id: uuid.UUID) -> list[RequestGap]:
    """The suppliers whose contracts ask for more than they were asked, the highest tier first.

    Entries that were put together count as one. A result of another scheme that was accepted counts as the whole form.
    """
    needs: dict[uuid.UUID, tuple[RequestLevel, RiskTier]] = {}
    root = func.coalesce(Supplier.merged_into, Supplier.id)
    for supplier_id, asks, tier in session.execute(
        select(root, Contract.asks, Contract.tier)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(
            Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None), Contract.asks.in_(REQUEST_LEVEL_ORDER[1:])
        )
    ):
        if asks is None or tier is None:  # they are decided together
            continue
        most = needs.get(supplier_id, (asks, tier))
        needs[supplier_id] = max(
            most, (asks, tier), key=lambda one: (REQUEST_LEVEL_ORDER.index(one[0]), _tier_rank(one[1]))
        )
    got: dict[uuid.UUID, RequestLevel] = {}
    for supplier_id, quick, status in session.execute(
        select(root, SupplierInvitation.quick, SupplierInvitation.status)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(Supplier.buyer_id == buyer_id, SupplierInvitation.ended_at.is_(None))
    ):
        this = RequestLevel.QUICK if quick and status is not InvitationStatus.EXTERNAL_RESULT else RequestLevel.FULL
        got[supplier_id] = max(this, got.get(supplier_id, this), key=REQUEST_LEVEL_ORDER.index)
    short = {
        supplier_id: tier
        for supplier_id, (asks, tier) in needs.items()
        if REQUEST_LEVEL_ORDER.index(got.get(supplier_id, RequestLevel.NOTHING)) < REQUEST_LEVEL_ORDER.index(asks)
    }
    suppliers = session.scalars(select(Supplier).where(Supplier.buyer_id == buyer_id))
    gaps = [RequestGap(one, short[one.id], one.id in got) for one in suppliers if one.id in short]
    return sorted(gaps, key=lambda gap: (-_tier_rank(gap.tier), gap.supplier.name.casefold(), gap.supplier.id))


def _tier_rank(tier: RiskTier) -> int:
    return tuple(RiskTier).index(tier)


def _contract_query(buyer_id: uuid.UUID, wanted: ContractFilter, today: date) -> Select[Contract, Supplier]:
    fit = select(Contract, Supplier).join(Supplier, Supplier.id == Contract.supplier_id)
    fit = fit.where(Supplier.buyer_id == buyer_id)
    if wanted.tier:
        fit = fit.where(Contract.tier.is_(None) if wanted.tier == NO_TIER else Contract.tier == RiskTier(wanted.tier))
    if wanted.regime:
        fit = fit.where(Contract.regime == Regime(wanted.regime))
    if wanted.review:
        fit = fit.where(Contract.review_on <= today)
    return fit.order_by(Supplier.name, Supplier.id, Contract.title, Contract.id)


LEVEL_PHRASES: Mapping[HeadingLevel, str] = {
    HeadingLevel.LOW: "low",
    HeadingLevel.MEDIUM: "medium",
    HeadingLevel.HIGH: "high",
    HeadingLevel.NOT_KNOWN: "not known, so it counts as high until you find out",
}


@dataclass(frozen=True, slots=True)
class TierProposal:
    """A proposed tier. `points`: one sentence for each heading; `because`: the sum of them in one sentence."""

    tier: RiskTier
    because: str
    points: tuple[str, ...]


def propose_tier(levels: Mapping[str, HeadingLevel], headings: Mapping[str, str], limits: Proposal) -> TierProposal:
    """The tier these levels propose. `headings`: name by id; a heading without a level is not known."""
    complete = {name: levels.get(name, HeadingLevel.NOT_KNOWN) for name in headings}
    points = tuple(f"{headings[name]}: {LEVEL_PHRASES[level]}." for name, level in complete.items())
    tier = tier_for_levels(list(complete.values()), limits)
    return TierProposal(tier, f"{_count_levels(list(complete.values()))} {_rule_sentence(tier, limits)}", points)


def tier_for_levels(levels: Sequence[HeadingLevel], limits: Proposal) -> RiskTier:
    """The tier alone. More risk under any heading never lowers it, and neither does knowing less."""
    high = sum(level in {HeadingLevel.HIGH, HeadingLevel.NOT_KNOWN} for level in levels)
    medium = sum(level is HeadingLevel.MEDIUM for level in levels)
    if high >= limits.high_with_high or (high and high - 1 + medium >= limits.high_with_one_high_and_medium):
        return RiskTier.HIGH
    if high or medium >= limits.medium_with_medium:
        return RiskTier.MEDIUM
    return RiskTier.LOW


def _count_levels(levels: Sequence[HeadingLevel]) -> str:
    counts = [(levels.count(level), word) for level, word in _LEVEL_WORDS.items()]
    parts = [f"{count} {word}" for count, word in counts if count]
    return f"Of the {len(levels)} headings: {', '.join(parts)}."


_LEVEL_WORDS = {
    HeadingLevel.HIGH: "high",
    HeadingLevel.NOT_KNOWN: "not known",
    HeadingLevel.MEDIUM: "medium",
    HeadingLevel.LOW: "low",
}


def _rule_sentence(tier: RiskTier, limits: Proposal) -> str:
    if tier is RiskTier.HIGH:
        return (
            f"{limits.high_with_high} or more that are high or not known make High, "
            f"and so does one with {limits.high_with_one_high_and_medium} others that are medium."
        )
    if tier is RiskTier.MEDIUM:
        return f"One that is high or not known makes Medium, and so do {limits.medium_with_medium} that are medium."
    return f"None is high or not known, and fewer than {limits.medium_with_medium} are medium. That makes Low."


def load_contract_rules() -> ContractRules:
    """Everything that `questionnaires/buyers/contracts.yaml` says.

    Raises:
        BankFilesRefusedError: when the file is missing or broken.
    """
    return contract_rules_from(content_in_force())


def get_tier_proposal(contract: Contract, texts: ContractRules) -> TierProposal:
    headings = {one.id: one.name for one in texts.characteristics.values()}
    return propose_tier({name: HeadingLevel(level) for name, level in contract.levels.items()}, headings, texts.limits)


def default_request_level(tier: RiskTier, texts: ContractRules) -> RequestLevel:
    return RequestLevel(texts.tiers[tier.value].asks)
