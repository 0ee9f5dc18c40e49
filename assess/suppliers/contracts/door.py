"""How the pages of contracts begin: the blueprint, the contract of this buyer, and who acts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.people.caller import Caller
from assess.suppliers.contracts.keeping import By
from assess.suppliers.contracts.models import Contract
from assess.suppliers.models import Supplier

blueprint = Blueprint("contracts", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")


@dataclass(frozen=True, slots=True)
class Opened:
    """A contract and whose it is."""

    contract: Contract
    supplier: Supplier


def contract_or_404(session: Session, organisation_id: uuid.UUID, contract_id: uuid.UUID) -> Opened:
    """This contract of this buyer. Another buyer's looks like one that is not there."""
    wanted = select(Contract, Supplier).join(Supplier, Supplier.id == Contract.supplier_id)
    row = session.execute(wanted.where(Contract.id == contract_id, Supplier.buyer_id == organisation_id)).first()
    return Opened(row[0], row[1]) if row is not None else abort(404)


def by_of(who: Caller) -> By:
    """Who acts, with the name that is kept: their own, or their address when they gave none."""
    return By(who.id, who.name or who.email)
