"""A buyer's list of suppliers: put on, changed, taken off, found again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.events import publish
from assess.suppliers.events import SupplierChanged
from assess.suppliers.identity import identity_of
from assess.suppliers.models import Size, Supplier, What
from assess.suppliers.trail import write


@dataclass(frozen=True, slots=True)
class Details:
    """What a buyer says of a supplier. Empty and None: not told. The address and the number are fit already."""

    name: str
    email: str = ""
    phone: str = ""
    company_number: str | None = None
    reference: str = ""
    sector: str | None = None
    area: str | None = None
    size: Size | None = None
    spend_gbp: int | None = None

    @property
    def identity(self) -> str:
        """What makes it the same supplier as another entry."""
        return identity_of(self.name, self.email, self.company_number, self.reference)


def find_same(session: Session, buyer_id: uuid.UUID, details: Details) -> Supplier | None:
    """The supplier that is on the list already."""
    wanted = select(Supplier).where(Supplier.buyer_id == buyer_id, Supplier.identity == details.identity)
    return session.scalars(wanted).first()


def add(
    session: Session, buyer_id: uuid.UUID, details: Details, now: datetime, *, by: uuid.UUID | None
) -> tuple[Supplier, bool]:
    """Put a supplier on the list. Returns it, and whether it is new: the same one is never there twice, whoever adds it at once."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Supplier).values(
        id=uuid.uuid4(), buyer_id=buyer_id, identity=details.identity, made_at=now, **_columns(details)
    )
    wanted = row.on_conflict_do_nothing(index_elements=["buyer_id", "identity"]).returning(Supplier.id)
    made = session.scalars(wanted).first()
    if made is None:
        found = find_same(session, buyer_id, details)
        if found is None:  # deleted at this very moment
            return add(session, buyer_id, details, now, by=by)
        return found, False
    write(session, made, What.ADDED, now, by=by)
    publish(session, SupplierChanged(made, now))
    return session.get_one(Supplier, made), True


def change(session: Session, supplier: Supplier, details: Details, now: datetime, *, by: uuid.UUID | None) -> None:
    """Say something else of it. It stays the same supplier."""
    for name, value in _columns(details).items():
        setattr(supplier, name, value)
    supplier.identity = details.identity
    write(session, supplier.id, What.CHANGED, now, by=by)
    publish(session, SupplierChanged(supplier.id, now))


def archive(session: Session, supplier: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Take it off the list. Its trail stays; doing it twice changes nothing."""
    if supplier.archived_at is None:
        supplier.archived_at = now
        write(session, supplier.id, What.ARCHIVED, now, by=by)
        publish(session, SupplierChanged(supplier.id, now))


def take_up_again(session: Session, supplier: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Put it back on the list. Doing it twice changes nothing."""
    if supplier.archived_at is not None:
        supplier.archived_at = None
        write(session, supplier.id, What.TAKEN_UP_AGAIN, now, by=by)
        publish(session, SupplierChanged(supplier.id, now))


def shown_as_one(session: Session, supplier: Supplier) -> Sequence[Supplier]:
    """All entries that are shown together with this one, the one that stands for them first."""
    root = supplier.merged_into or supplier.id
    wanted = select(Supplier).where((Supplier.id == root) | (Supplier.merged_into == root))
    return sorted(session.scalars(wanted), key=lambda one: (one.id != root, one.made_at, one.id))


def _columns(details: Details) -> dict[str, object]:
    return {
        "name": details.name,
        "email": details.email,
        "phone": details.phone,
        "company_number": details.company_number,
        "reference": details.reference,
        "sector": details.sector,
        "area": details.area,
        "size": details.size,
        "spend_gbp": details.spend_gbp,
    }
