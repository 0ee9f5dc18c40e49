"""Where a row of a file belongs on the list: a supplier that is there already, whose blanks it fills, or a new one."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy.orm import Session

from assess.suppliers.keeping import Details, add, change, find_same
from assess.suppliers.models import Supplier


def place(
    session: Session, buyer_id: uuid.UUID, details: Details, now: datetime, *, by: uuid.UUID | None
) -> tuple[Supplier, bool]:
    """The supplier of these details on the list of this buyer, and whether it is new.

    What the list says already is never overwritten; what it leaves empty is filled in.
    """
    found = found_for(session, buyer_id, details)
    if found is None:
        return add(session, buyer_id, details, now, by=by)
    whole = filled(details_of(found), details)
    if whole != details_of(found):
        change(session, found, whole, now, by=by)
    return found, False


def found_for(session: Session, buyer_id: uuid.UUID, details: Details) -> Supplier | None:
    """The supplier of these details that is on the list already."""
    return find_same(session, buyer_id, details) or find_same(session, buyer_id, Details(details.name))


def filled(there: Details, more: Details) -> Details:
    """What stands there, with its blanks filled from the other."""
    blank = {one.name: getattr(more, one.name) for one in fields(Details) if getattr(there, one.name) in {None, ""}}
    return replace(there, **blank)


def details_of(supplier: Supplier) -> Details:
    """What the list says of a supplier."""
    return Details(**{one.name: getattr(supplier, one.name) for one in fields(Details)})
