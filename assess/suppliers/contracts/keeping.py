"""The register of contracts: entered, changed, taken off. Every change is kept with who, when, before and after.

Two people may change one contract. Whoever comes second is told what the other changed in the same part; other parts are put together.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.events import publish
from assess.suppliers.contracts.models import Contract, ContractEvent, Done
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import Supplier, Tier, What
from assess.suppliers.trail import write

DETAILS = ("title", "reference", "value_gbp", "starts", "ends", "regime", "review_on")
HEADINGS = ("levels", "notes")
TIER = ("tier", "tier_reason", "asks", "asks_reason")
STEPS = ("design", "terms", "management")
FIELDS = (*DETAILS, *HEADINGS, *TIER, "proposed", "decided_by", "decided_at", *STEPS)
TIERS = (Tier.LOW, Tier.MEDIUM, Tier.HIGH)
"""From the least to the most risk."""
MOST = 5000
"""How many contracts one buyer can keep."""


class TooManyContractsError(Exception):
    """The register is full."""


class ChangedMeanwhileError(Exception):
    """Somebody else changed the same.

    `theirs`: those fields as they stand now; `mine`: everything that was said, put together with what they changed elsewhere;
    `revision`: the one to send next.
    """

    def __init__(self, theirs: Mapping[str, Any], mine: Mapping[str, Any], revision: int) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs
        self.mine = mine
        self.revision = revision


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something: the id, and the name that is kept with it."""

    id: uuid.UUID | None
    name: str


def add(session: Session, supplier: Supplier, said: Mapping[str, Any], now: datetime, *, by: By) -> Contract:
    """Put a contract on the register. `said`: values by name, those of `DETAILS` at least.

    Raises:
        TooManyContractsError
    """
    of_buyer = select(Contract.id).join(Supplier).where(Supplier.buyer_id == supplier.buyer_id).limit(MOST)
    if len(session.scalars(of_buyer).all()) >= MOST:
        raise TooManyContractsError
    made = Contract(supplier_id=supplier.id, made_at=now, changed_at=now, revision=1, **said)
    session.add(made)
    session.flush()
    after = {name: plain(value) for name, value in _state(made).items() if value not in (None, "", {})}
    _note(session, made, Done.ENTERED, now, by, {}, after)
    return made


def change(
    session: Session, contract_id: uuid.UUID, said: Mapping[str, Any], seen: int, now: datetime, *, by: By
) -> Contract:
    """Change these fields. `seen`: the revision that was on the page. The same again changes nothing.

    Raises:
        ChangedMeanwhileError: when one of them was changed since and says something else than is said now.
        NoResultFound: when it was taken off meanwhile.
    """
    contract = _hold(session, contract_id)
    state = _state(contract)
    base = _as_seen(session, contract, seen)
    merged, clashes = {}, []
    for name, value in said.items():
        merged[name], clash = _merged(base[name], state[name], value)
        clashes += [name] if clash else []
    if clashes:
        raise ChangedMeanwhileError({name: state[name] for name in clashes}, merged, contract.revision)
    return _write(session, contract, merged, now, by)


def decide(
    session: Session,
    contract_id: uuid.UUID,
    said: Mapping[str, Any],
    proposed: Tier,
    seen: int,
    now: datetime,
    *,
    by: By,
) -> Contract:
    """Decide the tier. `said`: values of `TIER`. Who, when and what was proposed are kept with it. The same again changes nothing.

    Raises:
        ChangedMeanwhileError, NoResultFound: as for `change`.
    """
    contract = _hold(session, contract_id)
    if all(getattr(contract, name) == value for name, value in said.items()) and contract.proposed is proposed:
        return contract
    base = _as_seen(session, contract, seen)
    if any(plain(getattr(contract, name)) != base[name] for name in TIER):  # halves of two decisions make none
        theirs = {name: getattr(contract, name) for name in TIER}
        raise ChangedMeanwhileError(theirs, said, contract.revision)
    decided = {**said, "proposed": proposed, "decided_by": by.name, "decided_at": now}
    return _write(session, contract, decided, now, by)


def delete(session: Session, contract: Contract, now: datetime, *, by: By) -> None:
    """Take it off the register. Its history stays with the supplier."""
    before = {name: plain(value) for name, value in _state(contract).items() if value not in (None, "", {})}
    contract.revision += 1
    session.delete(contract)
    _note(session, contract, Done.DELETED, now, by, before, {})


def highest_tier(session: Session, supplier_ids: Collection[uuid.UUID]) -> Tier | None:
    """The highest tier that somebody decided for a contract of these suppliers, over or not; None when there is none."""
    wanted = select(Contract.tier).where(Contract.supplier_id.in_(supplier_ids), Contract.tier.is_not(None))
    return max((tier for tier in session.scalars(wanted) if tier), key=TIERS.index, default=None)


def contracts_of(session: Session, supplier_ids: Sequence[uuid.UUID]) -> Sequence[Contract]:
    """The contracts of a supplier, or of all that are put together as one, by title."""
    wanted = select(Contract).where(Contract.supplier_id.in_(supplier_ids))
    return session.scalars(wanted.order_by(Contract.title, Contract.id)).all()


def history_of(session: Session, contract: Contract) -> Sequence[ContractEvent]:
    """Every change of a contract, the latest first."""
    mine = (ContractEvent.supplier_id == contract.supplier_id, ContractEvent.contract_id == contract.id)
    return session.scalars(select(ContractEvent).where(*mine).order_by(ContractEvent.id.desc())).all()


def taken_off(session: Session, supplier_ids: Sequence[uuid.UUID]) -> Sequence[ContractEvent]:
    """The contracts that were taken off the register, the latest first."""
    mine = (ContractEvent.supplier_id.in_(supplier_ids), ContractEvent.what == Done.DELETED)
    return session.scalars(select(ContractEvent).where(*mine).order_by(ContractEvent.id.desc())).all()


def plain(value: Any) -> Any:  # noqa: ANN401  # JSON is anything
    """A value as JSON has it."""
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _state(contract: Contract) -> dict[str, Any]:
    return {name: getattr(contract, name) for name in FIELDS}


def _hold(session: Session, contract_id: uuid.UUID) -> Contract:
    """One at a time changes a contract."""
    wanted = select(Contract).where(Contract.id == contract_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _as_seen(session: Session, contract: Contract, seen: int) -> dict[str, Any]:
    """The plain values of a contract at a revision: what stands now, with every later change taken back."""
    state = {name: plain(value) for name, value in _state(contract).items()}
    later = select(ContractEvent.before).where(
        ContractEvent.supplier_id == contract.supplier_id,
        ContractEvent.contract_id == contract.id,
        ContractEvent.revision > seen,
    )
    for before in session.scalars(later.order_by(ContractEvent.revision.desc())):
        state |= before
    return state


def _merged(base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:  # noqa: ANN401  # values of any field
    """What somebody said put together with what another changed since; whether both changed the same. Groups go key by key."""
    if isinstance(mine, dict):
        each = {key: _merged(base.get(key), theirs.get(key), mine.get(key)) for key in {**theirs, **mine}}
        whole = {key: value for key, (value, _) in each.items() if value is not None}
        return whole, any(clash for _, clash in each.values())
    if plain(mine) == base:
        return theirs, False
    return mine, plain(theirs) not in (base, plain(mine))


def _write(session: Session, contract: Contract, said: Mapping[str, Any], now: datetime, by: By) -> Contract:
    state = _state(contract)
    new = {name: value for name, value in said.items() if value != state[name]}
    if not new:
        return contract
    for name, value in new.items():
        setattr(contract, name, value)
    contract.revision += 1
    contract.changed_at = now
    before = {name: plain(state[name]) for name in new}
    _note(session, contract, Done.CHANGED, now, by, before, {name: plain(value) for name, value in new.items()})
    return contract


def _note(
    session: Session,
    contract: Contract,
    what: Done,
    now: datetime,
    by: By,
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
    write(session, supplier_id, What.CONTRACT, now, by=by.id, done=what.value, contract=contract.title)
    publish(session, SupplierChanged(supplier_id, now))
