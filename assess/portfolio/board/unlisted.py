"""What businesses share with a buyer by the older way, without being on its list: found, and put on the list.

Only shares that belong to this organisation count, never what a person of it was sent for themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.banks.models import Edition
from assess.kit.clock import date_at
from assess.kit.events import publish
from assess.plans.shares.document import thaw
from assess.plans.shares.models import ShareGrant
from assess.suppliers.events import SupplierChanged
from assess.suppliers.keeping import Details, add, shown_as_one, take_up_again
from assess.suppliers.models import LONGEST_NAME, Supplier

MOST = 100
"""On one page."""
MOST_ALIKE = 5


class GrantNotThereError(Exception):
    """No such share of this buyer, or it is over, or on the list already: all look alike."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """One share without an entry: the business as its copy names it."""

    grant_id: uuid.UUID
    name: str
    sector: str
    shared_on: date
    until: date


def number_unlisted(session: Session, buyer_id: uuid.UUID, now: datetime) -> int:
    """How many there are."""
    return session.scalars(select(func.count()).select_from(ShareGrant).where(*_which(buyer_id, now))).one()


def unlisted(session: Session, buyer_id: uuid.UUID, now: datetime) -> Sequence[Unlisted]:
    """The newest of them."""
    query = select(ShareGrant).where(*_which(buyer_id, now))
    return [_row(one) for one in session.scalars(query.order_by(ShareGrant.made_at.desc(), ShareGrant.id).limit(MOST))]


def unlisted_one(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID, now: datetime) -> Unlisted:
    """One of them.

    Raises:
        GrantNotThereError
    """
    return _row(_grant(session, buyer_id, grant_id, now))


def alike(session: Session, buyer_id: uuid.UUID, name: str) -> Sequence[Supplier]:
    """Entries of the list that are called so already, whether or not they are on it now."""
    query = select(Supplier).where(Supplier.buyer_id == buyer_id, func.lower(Supplier.name) == name.lower())
    return session.scalars(query.order_by(Supplier.made_at, Supplier.id).limit(MOST_ALIKE)).all()


def put_on_list(
    session: Session,
    buyer_id: uuid.UUID,
    grant_id: uuid.UUID,
    to: uuid.UUID | None,
    now: datetime,
    *,
    by: uuid.UUID,
) -> Supplier:
    """Make this share belong to an entry of the list: this one, or a new one.

    Raises:
        GrantNotThereError: also for an entry that is not there.
    """
    grant = _grant(session, buyer_id, grant_id, now)
    if to is None:
        supplier, _new = add(session, buyer_id, _details(session, grant), now, by=by)
    else:
        found = session.scalars(select(Supplier).where(Supplier.id == to, Supplier.buyer_id == buyer_id)).first()
        if found is None:
            raise GrantNotThereError
        supplier = found
    grant.supplier_id = supplier.id
    session.flush()
    for one in shown_as_one(session, supplier):  # a part on the list without the entry that stands for it is no row
        take_up_again(session, one, now, by=by)
    publish(session, SupplierChanged(supplier.id, now))
    return supplier


def _details(session: Session, grant: ShareGrant) -> Details:
    bank = session.scalars(
        select(Edition.bank)
        .join(Submission, Submission.edition_id == Edition.id)
        .where(Submission.id == grant.submission_id)
    ).first()
    return Details(_row(grant).name, sector=bank)


def _grant(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID, now: datetime) -> ShareGrant:
    query = select(ShareGrant).where(ShareGrant.id == grant_id, *_which(buyer_id, now))
    found = session.scalars(query).first()
    if found is None:
        raise GrantNotThereError
    return found


def _which(buyer_id: uuid.UUID, now: datetime) -> list[ColumnElement[bool]]:
    return [
        ShareGrant.organisation_id == buyer_id,
        ShareGrant.supplier_id.is_(None),
        ShareGrant.accepted_at.is_not(None),
        ShareGrant.ended_at.is_(None),
        ShareGrant.until > now,
    ]


def _row(grant: ShareGrant) -> Unlisted:
    copy = thaw(grant.document).copy
    name = " ".join(copy.organisation.split())[:LONGEST_NAME] or "A business without a name"
    return Unlisted(grant.id, name, copy.bank, date_at(grant.made_at), date_at(grant.until))
