"""Reminding a supplier that was asked: one letter more, with links of its own."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.config import Settings
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Organisation
from assess.suppliers.inviting import latest_of
from assess.suppliers.letters import SUBJECT, asking, is_stopped, links_of
from assess.suppliers.models import Status, Supplier, What
from assess.suppliers.trail import write

REMINDED = frozenset({Status.INVITED, Status.OPENED, Status.STARTED, Status.SUBMITTED})
"""Who has something left to do. Whoever shared, said no or showed another result is left in peace."""


def remind_now(
    session: Session, supplier_id: uuid.UUID, settings: Settings, now: datetime, *, by: uuid.UUID | None
) -> bool:
    """Write one reminder because somebody of the buyer asks for it. At most one a day; returns whether one was written."""
    supplier = session.get(Supplier, supplier_id)
    invitation = latest_of(session, [supplier_id]).get(supplier_id)
    if supplier is None or invitation is None or invitation.status not in REMINDED:
        return False
    if not supplier.email or supplier.archived_at is not None:
        return False
    if not settings.mail_server or is_stopped(session, supplier.buyer_id, supplier.email, settings.key):
        return False
    buyer = session.get_one(Organisation, supplier.buyer_id)
    with session.begin_nested() as attempt:
        link, stop = links_of(session, invitation, settings.base_url, now)
        words = asking(buyer.name, invitation, link, stop, settings)
        event = f"{invitation.events}now {date_at(now).isoformat()}"
        written = queue(session, Mail(event, supplier.email, SUBJECT, words, None, stop), now)
        if not written:
            attempt.rollback()
    if written:
        write(session, supplier_id, What.REMINDED, now, by=by)
    return written
