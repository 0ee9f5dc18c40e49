"""How every page of a buyer's suppliers begins: whoever buys for the organisation, with two steps shown; nobody else."""

from __future__ import annotations

import uuid

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.people.caller import Caller
from assess.people.organisations.standing import let_in
from assess.suppliers.models import Supplier


def let_in_buyer(organisation_id: uuid.UUID) -> Caller:
    """Whoever calls, if they buy for this organisation. For all others 404, as if there were none.

    Raises:
        HTTPException: 404, or a redirect to signing in or to setting up a second step.
    """
    return let_in(organisation_id)


def supplier_or_404(session: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Supplier:
    """This supplier of this buyer. Another buyer's looks like one that is not there."""
    wanted = select(Supplier).where(Supplier.id == supplier_id, Supplier.buyer_id == organisation_id)
    return session.scalars(wanted).first() or abort(404)
