"""Whom a reminder by hand would reach now, for many at once: by the same rule as `chasing.why_not`, in a few questions to the database.

How many letters may go on one day is not looked at here: that is known only when each goes.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from assess.kit.clock import HOME, date_at
from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from assess.people.models import Organisation
from assess.suppliers.letters import BY_HAND, FINISHED, LETTERS, MAY_BE_REMINDED, MOST_BY_HAND, mark_of, may_write
from assess.suppliers.models import Status, StoppedMailbox, Supplier, SupplierEvent, SupplierInvitation


def remindable(
    session: Session, buyer: Organisation, roots: Select[Any], settings: Settings, now: datetime
) -> frozenset[uuid.UUID]:
    """Which of these suppliers of this buyer a reminder would reach now. Each stands for all entries that are shown as one with it."""
    if not may_write(session, buyer, settings, date_at(now)):
        return frozenset()
    root = func.coalesce(Supplier.merged_into, Supplier.id)
    midnight = datetime.combine(date_at(now), time(), HOME)
    today = (
        select(SupplierEvent.id)
        .where(SupplierEvent.supplier_id == Supplier.id, SupplierEvent.what.in_(LETTERS), SupplierEvent.at >= midnight)
        .exists()
    )
    wanted = (
        select(Supplier.merged_into, Supplier.id, Supplier.email, SupplierInvitation)
        .join(SupplierInvitation, SupplierInvitation.supplier_id == Supplier.id)
        .where(
            Supplier.buyer_id == buyer.id,
            root.in_(roots),
            Supplier.archived_at.is_(None),
            Supplier.email != "",
            SupplierInvitation.ended_at.is_(None),
            SupplierInvitation.status.in_(MAY_BE_REMINDED),
            ~today,
        )
    )
    found = session.execute(wanted).all()
    stopped = frozenset(session.scalars(select(StoppedMailbox.mark).where(StoppedMailbox.buyer_id == buyer.id)))
    written = _written(session, (row.SupplierInvitation for row in found))
    return frozenset(
        row.merged_into or row.id
        for row in found
        if stopped.isdisjoint(mark_of(row.email, secret) for secret in settings.honoured_keys)
        and _may_go(row.SupplierInvitation, written)
    )


def _may_go(invitation: SupplierInvitation, written: Mapping[str, int]) -> bool:
    if invitation.status is Status.SUBMITTED and written[f"{invitation.events}{FINISHED}"]:
        return False
    return written[f"{invitation.events}{BY_HAND}"] < MOST_BY_HAND


def _written(session: Session, invitations: Iterable[SupplierInvitation]) -> Mapping[str, int]:
    """How many letters there are by the beginning of their names, of those that can be too many."""
    first = min((one.made_at for one in invitations), default=None)
    if first is None:
        return Counter()
    names = or_(Outgoing.event.contains(f" {BY_HAND}", autoescape=True), Outgoing.event.endswith(f" {FINISHED}"))
    found = session.scalars(select(Outgoing.event).where(Outgoing.made_at >= first, names))
    return Counter(
        before + BY_HAND if by_hand else before for before, by_hand, _ in (name.partition(BY_HAND) for name in found)
    )
