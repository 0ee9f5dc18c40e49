"""A supplier of a buyer by its id, for pages that were let in to its list."""

from __future__ import annotations

import uuid

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.suppliers.models import Supplier


def supplier_or_404(session: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Supplier:
    """This supplier of this buyer. Another buyer's looks like one that is not there."""
    wanted = select(Supplier).where(Supplier.id == supplier_id, Supplier.buyer_id == organisation_id)
    return session.scalars(wanted).first() or abort(404)
