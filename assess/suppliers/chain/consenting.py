"""What a business says about being seen: to each customer, what it shows of its own suppliers, and whether it may be named further on.

Both are off until somebody says otherwise, and can be taken back at any time: what is read next is as it was said last.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.clock import today
from assess.people.models import Organisation
from assess.people.organisations.names import is_confirmed
from assess.people.organisations.naming import fit_name
from assess.suppliers.chain.models import ChainNaming, ChainShowing, Shows
from assess.suppliers.models import Supplier

SHOWN_AS = "the name by which you may be shown"


@dataclass(frozen=True, slots=True)
class Customer:
    """An organisation that buys from this one, as this one answered it: what it is shown, and whether it may name us."""

    buyer: Organisation
    shows: Shows
    may_name: bool
    name: str


def customers_of(session: Session, organisation: Organisation) -> Sequence[Customer]:
    """Those whose request this organisation answered, by name. Whether they still have it on their list is theirs to know."""
    wanted = (
        select(Organisation)
        .join(Supplier, Supplier.buyer_id == Organisation.id)
        .where(Supplier.organisation_id == organisation.id)
        .distinct()
    )
    buyers = sorted(session.scalars(wanted), key=lambda one: (one.name.casefold(), one.id))
    return [_customer(session, organisation, buyer) for buyer in buyers]


def customer_of(session: Session, organisation: Organisation, buyer_id: uuid.UUID) -> Customer | None:
    """One of them; None when this organisation answered no request of it."""
    entries = entries_at(session, organisation.id, buyer_id)
    buyer = session.get(Organisation, buyer_id) if entries else None
    return None if buyer is None else _customer(session, organisation, buyer)


def entries_at(session: Session, organisation_id: uuid.UUID, buyer_id: uuid.UUID) -> Sequence[Supplier]:
    """The entries of this customer that answer for this organisation."""
    wanted = select(Supplier).where(Supplier.organisation_id == organisation_id, Supplier.buyer_id == buyer_id)
    return session.scalars(wanted.order_by(Supplier.made_at, Supplier.id)).all()


def show(session: Session, organisation_id: uuid.UUID, buyer_id: uuid.UUID, shows: Shows, now: datetime) -> None:
    """Have this customer see so much of our own suppliers from now on."""
    _put(
        session,
        ChainShowing,
        ("organisation_id", "buyer_id"),
        organisation_id=organisation_id,
        buyer_id=buyer_id,
        shows=shows,
        at=now,
    )


def name_us(session: Session, supplier: Supplier, name: str, now: datetime, *, may: bool) -> None:
    """Say whether the customer may name this supplier, on all of its entries that answer for the same organisation.

    Raises:
        NameUnfitError: when it may, and the name is none. A confirmed name stands for whatever was typed.
    """
    if may:
        name = fixed_name(session, supplier.organisation_id) or fit_name(name, SHOWN_AS)
    entries = (
        [supplier]
        if supplier.organisation_id is None
        else entries_at(session, supplier.organisation_id, supplier.buyer_id)
    )
    for entry in entries:
        _put(session, ChainNaming, ("supplier_id",), supplier_id=entry.id, may=may, name=name if may else "", at=now)


def naming_of(session: Session, supplier: Supplier) -> ChainNaming | None:
    """What this supplier said about being named; None: nothing yet, which is a no."""
    return session.get(ChainNaming, supplier.id)


def fixed_name(session: Session, organisation_id: uuid.UUID | None) -> str | None:
    """The name that was confirmed for everybody: it is shown, whatever somebody would rather be called."""
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    return organisation.name if organisation is not None and is_confirmed(organisation, today()) else None


def _customer(session: Session, organisation: Organisation, buyer: Organisation) -> Customer:
    showing = session.get(ChainShowing, (organisation.id, buyer.id))
    namings = [session.get(ChainNaming, entry.id) for entry in entries_at(session, organisation.id, buyer.id)]
    said = [one for one in namings if one is not None]
    may = bool(said) and all(one.may for one in said)
    name = next((one.name for one in said if one.may and one.name), organisation.name)
    return Customer(buyer, showing.shows if showing else Shows.OFF, may, name)


def _put(session: Session, model: type[ChainShowing | ChainNaming], key: Sequence[str], **values: object) -> None:
    """Of two who say something for the first time at once, the later one counts."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = {name: value for name, value in values.items() if name not in key}
    session.execute(insert(model).values(values).on_conflict_do_update(index_elements=list(key), set_=new))
    session.get(model, tuple(values[name] for name in key), populate_existing=True)
