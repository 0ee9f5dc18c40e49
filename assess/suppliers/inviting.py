"""Asking a supplier to look at itself: the invitation, taking it back, moving its date. What is written stands in `letters.py`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.config import Settings
from assess.kit.events import publish
from assess.kit.mail.outbox import withdraw
from assess.suppliers.events import SupplierChanged
from assess.suppliers.letters import send_if_due
from assess.suppliers.models import Status, Supplier, SupplierInvitation, What
from assess.suppliers.trail import write


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a supplier. `send_on`: the first day on which the letter may go."""

    sector: str
    quick: bool
    due: date
    message: str
    send_on: date


def invite(
    session: Session, supplier: Supplier, ask: Ask, settings: Settings, now: datetime, *, by: uuid.UUID | None
) -> SupplierInvitation:
    """Ask this supplier. An older invitation ends, with its letters that have not left."""
    for older in living(session, supplier.id):
        _end(session, older, now)
    last = select(func.max(SupplierInvitation.number)).where(SupplierInvitation.supplier_id == supplier.id)
    waits = ask.send_on > date_at(now)
    made = SupplierInvitation(
        supplier_id=supplier.id,
        number=(session.scalar(last) or 0) + 1,
        sector=ask.sector,
        quick=ask.quick,
        due=ask.due,
        message=ask.message,
        status=Status.WAITING if waits else Status.INVITED,
        send_on=ask.send_on,
        made_at=now,
    )
    session.add(made)
    session.flush()
    write(session, supplier.id, What.ASKED, now, by=by, due=ask.due.isoformat())
    send_if_due(session, supplier, made, settings, now)
    publish(session, SupplierChanged(supplier.id, now))
    return made


def living(session: Session, supplier_id: uuid.UUID) -> Sequence[SupplierInvitation]:
    """The invitations of a supplier that have not ended: at most one."""
    wanted = select(SupplierInvitation).where(
        SupplierInvitation.supplier_id == supplier_id, SupplierInvitation.ended_at.is_(None)
    )
    return session.scalars(wanted).all()


def latest_of(session: Session, supplier_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, SupplierInvitation]:
    """The latest invitation of each of these suppliers that has not ended."""
    wanted = (
        select(SupplierInvitation)
        .where(SupplierInvitation.supplier_id.in_(supplier_ids), SupplierInvitation.ended_at.is_(None))
        .order_by(SupplierInvitation.number)
    )
    return {one.supplier_id: one for one in session.scalars(wanted)}


def take_back(session: Session, invitation: SupplierInvitation, now: datetime, *, by: uuid.UUID | None) -> None:
    """Ask no more: its links end and no letter of it leaves. Doing it twice changes nothing."""
    if invitation.ended_at is None:
        _end(session, invitation, now)
        write(session, invitation.supplier_id, What.TAKEN_BACK, now, by=by)
        publish(session, SupplierChanged(invitation.supplier_id, now))


def move_due(
    session: Session, invitation: SupplierInvitation, due: date, now: datetime, *, by: uuid.UUID | None
) -> None:
    """Give the supplier until another day. The same day changes nothing."""
    if invitation.due != due:
        invitation.due = due
        write(session, invitation.supplier_id, What.DUE_MOVED, now, by=by, due=due.isoformat())
        publish(session, SupplierChanged(invitation.supplier_id, now))


def _end(session: Session, invitation: SupplierInvitation, now: datetime) -> None:
    invitation.ended_at = now
    withdraw(session, invitation.events, now)
    session.flush()
