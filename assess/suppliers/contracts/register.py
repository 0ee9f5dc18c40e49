"""The register looked through: contracts page by page, and suppliers that were asked for less than their tier asks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assess.suppliers.contracts.keeping import MOST
from assess.suppliers.contracts.models import Asks, Contract, Regime
from assess.suppliers.models import Status, Supplier, SupplierInvitation, Tier

ON_A_PAGE = 50
NO_TIER = "none"
ORDER = tuple(Asks)
Entry = tuple[Contract, Supplier]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contracts somebody wants to see. `tier` may be `NO_TIER`; `review`: only those whose review is due. Empty: all."""

    tier: str = ""
    regime: str = ""
    review: bool = False
    page: int = 1

    @property
    def filters(self) -> bool:
        """Whether anything is left out."""
        return bool(self.tier or self.regime or self.review)


def wanted_from(tier: str, regime: str, review: str, page: str) -> Wanted:
    """From the parts of an address. What nobody knows is left out."""
    return Wanted(
        tier if tier in {*(one.value for one in Tier), NO_TIER} else "",
        regime if regime in {one.value for one in Regime} else "",
        review == "due",
        max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < len(str(MOST)) else 1,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the register. `count`: how many fit; `before`, `after`: numbers of the pages beside it, or None."""

    entries: Sequence[Entry]
    count: int
    before: int | None
    after: int | None


def find(session: Session, buyer_id: uuid.UUID, wanted: Wanted, today: date) -> Found:
    """The contracts of this buyer that fit, by supplier and title."""
    fit = _fitting(buyer_id, wanted, today)
    count = session.scalar(select(func.count()).select_from(fit.order_by(None).subquery())) or 0
    last = max(1, -(-count // ON_A_PAGE))
    page = min(wanted.page, last)
    rows = session.execute(fit.limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE))
    entries = [(contract, supplier) for contract, supplier in rows]
    return Found(entries, count, page - 1 if page > 1 else None, page + 1 if page < last else None)


def whole(session: Session, buyer_id: uuid.UUID) -> Sequence[Entry]:
    """Every contract of this buyer, by supplier and title: at most as many as one may keep."""
    rows = session.execute(_fitting(buyer_id, Wanted(), date.max).limit(MOST))
    return [(contract, supplier) for contract, supplier in rows]


@dataclass(frozen=True, slots=True)
class Gap:
    """A supplier that was asked for less than a contract asks. `tier`: of that contract. `quick`: it was asked for the quick check."""

    supplier: Supplier
    tier: Tier
    quick: bool


def asked_too_little(session: Session, buyer_id: uuid.UUID) -> list[Gap]:
    """The suppliers whose contracts ask for more than they were asked, the highest tier first.

    Entries that were put together count as one. A result of another scheme that was accepted counts as the whole form.
    """
    needs: dict[uuid.UUID, tuple[Asks, Tier]] = {}
    root = func.coalesce(Supplier.merged_into, Supplier.id)
    asking = (
        select(root, Contract.asks, Contract.tier)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None), Contract.asks.in_(ORDER[1:]))
    )
    for supplier_id, asks, tier in session.execute(asking):
        if asks is None or tier is None:  # they are decided together
            continue
        most = needs.get(supplier_id, (asks, tier))
        needs[supplier_id] = max(most, (asks, tier), key=lambda one: (ORDER.index(one[0]), _height(one[1])))
    got: dict[uuid.UUID, Asks] = {}
    asked = (
        select(root, SupplierInvitation.quick, SupplierInvitation.status)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(Supplier.buyer_id == buyer_id, SupplierInvitation.ended_at.is_(None))
    )
    for supplier_id, quick, status in session.execute(asked):
        this = Asks.QUICK if quick and status is not Status.OTHER_RESULT else Asks.FULL
        got[supplier_id] = max(this, got.get(supplier_id, this), key=ORDER.index)
    short = {
        supplier_id: tier
        for supplier_id, (asks, tier) in needs.items()
        if ORDER.index(got.get(supplier_id, Asks.NOTHING)) < ORDER.index(asks)
    }
    suppliers = session.scalars(select(Supplier).where(Supplier.buyer_id == buyer_id))
    gaps = [Gap(one, short[one.id], one.id in got) for one in suppliers if one.id in short]
    return sorted(gaps, key=lambda gap: (-_height(gap.tier), gap.supplier.name.casefold(), gap.supplier.id))


def _height(tier: Tier) -> int:
    return tuple(Tier).index(tier)


def _fitting(buyer_id: uuid.UUID, wanted: Wanted, today: date) -> Select[Contract, Supplier]:
    fit = select(Contract, Supplier).join(Supplier, Supplier.id == Contract.supplier_id)
    fit = fit.where(Supplier.buyer_id == buyer_id)
    if wanted.tier:
        fit = fit.where(Contract.tier.is_(None) if wanted.tier == NO_TIER else Contract.tier == Tier(wanted.tier))
    if wanted.regime:
        fit = fit.where(Contract.regime == Regime(wanted.regime))
    if wanted.review:
        fit = fit.where(Contract.review_on <= today)
    return fit.order_by(Supplier.name, Supplier.id, Contract.title, Contract.id)
