"""The letters to a supplier: when one may go, the links it carries, and the last look before it leaves.

Whoever has asked for peace, said no or shared is written to no more. The words stand in `letter_words.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import HOME, date_at
from assess.kit.config import Settings
from assess.kit.mail.addresses import mailbox_of
from assess.kit.mail.foot import foot
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import Mail, queue
from assess.kit.tokens import hash_token, new_token
from assess.people.models import Organisation
from assess.suppliers import letter_words
from assess.suppliers.asker import is_confirmed
from assess.suppliers.letter_words import SUBJECT, Letter, Silence
from assess.suppliers.models import (
    InvitationLink,
    Status,
    StoppedMailbox,
    Supplier,
    SupplierEvent,
    SupplierInvitation,
    What,
)
from assess.suppliers.rationing import take_one
from assess.suppliers.trail import write

FIRST = "first"
FINISHED = "finished"
BY_HAND = "by hand "
"""How the last part of the name of a letter reads, or begins: each is written at most once."""

MOST_BY_HAND = 3
"""How often a buyer may remind of one invitation of its own accord, beside the reminders that come by themselves."""

QUICK_MINUTES = 8
FULL_MINUTES = 30
"""About how long it takes. Ours, and untested (sectors.md 1.9)."""

MAY_BE_REMINDED = frozenset({Status.INVITED, Status.OPENED, Status.STARTED, Status.SUBMITTED})
LETTERS = (What.SENT, What.REMINDED)
"""The entries of a trail that tell of a letter."""
_OF_INVITATIONS = "supplier invitation "
_MAY_BE_ASKED = MAY_BE_REMINDED | {Status.WAITING}


def may_write(buyer: Organisation, settings: Settings) -> bool:
    """Whether letters go out for this buyer at all: its name is confirmed, and the installation sends mail."""
    return settings.mail_server is not None and is_confirmed(buyer)


def silence(session: Session, supplier: Supplier, buyer: Organisation, settings: Settings) -> Silence | None:
    """Why no letter may go to this supplier; None when one may."""
    if supplier.archived_at is not None:
        return Silence.ARCHIVED
    if settings.mail_server is None:
        return Silence.NO_MAIL
    if not is_confirmed(buyer):
        return Silence.NOT_CONFIRMED
    if not supplier.email:
        return Silence.NO_ADDRESS
    return Silence.STOPPED if is_stopped(session, buyer.id, supplier.email, settings.key) else None


def send_if_due(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> bool:
    """Write the first letter if its day has come and one may go. Once, and on another day when one went to them today already.

    Returns whether it was written.
    """
    if invitation.sent_at is not None or invitation.send_on > date_at(now) or written_today(session, supplier.id, now):
        return False
    if not _queue(session, supplier, invitation, FIRST, settings, now):
        return False
    invitation.sent_at = now
    write(session, supplier.id, What.SENT, now)
    return True


def remind(
    session: Session,
    supplier: Supplier,
    invitation: SupplierInvitation,
    name: str,
    settings: Settings,
    now: datetime,
    *,
    by: uuid.UUID | None = None,
) -> bool:
    """Write a reminder, if none of this name was written and nothing was written today. Returns whether it was written.

    Whoever has finished gets another letter in its place, and that once.
    """
    if not invitation.lives or invitation.status not in MAY_BE_REMINDED or written_today(session, supplier.id, now):
        return False
    last = FINISHED if invitation.status is Status.SUBMITTED else name
    if not _queue(session, supplier, invitation, last, settings, now):
        return False
    write(session, supplier.id, What.REMINDED, now, by=by)
    return True


def written_today(session: Session, supplier_id: uuid.UUID, now: datetime) -> bool:
    """Whether a letter went to this supplier today."""
    midnight = datetime.combine(date_at(now), time(), HOME)
    wanted = select(SupplierEvent.id).where(
        SupplierEvent.supplier_id == supplier_id,
        SupplierEvent.what.in_(LETTERS),
        SupplierEvent.at >= midnight,
    )
    return session.scalars(wanted.limit(1)).first() is not None


def was_written(session: Session, invitation: SupplierInvitation, name: str) -> bool:
    """Whether a letter of this name was written for this invitation."""
    return session.scalar(select(Outgoing.id).where(Outgoing.event == f"{invitation.events}{name}")) is not None


def was_refused(session: Session, invitation: SupplierInvitation) -> bool:
    """Whether the first letter was given up because no mail server took it."""
    wanted = select(Outgoing.id).where(
        Outgoing.event == f"{invitation.events}{FIRST}",
        Outgoing.ended_at.is_not(None),
        Outgoing.sent_at.is_(None),
        Outgoing.tries > 0,
    )
    return session.scalar(wanted) is not None


def may_leave(session: Session, event: str, settings: Settings) -> bool:
    """The last look before a letter leaves: not when the supplier stopped, said no or shared meanwhile, or the buyer asks no more."""
    if not event.startswith(_OF_INVITATIONS):
        return True
    of, _, name = event.removeprefix(_OF_INVITATIONS).partition(" ")
    invitation = session.get(SupplierInvitation, uuid.UUID(of))
    if invitation is None or not invitation.lives or invitation.status not in _MAY_BE_ASKED:
        return False
    if name == FINISHED and invitation.status is not Status.SUBMITTED:
        return False
    supplier = session.get_one(Supplier, invitation.supplier_id)
    return silence(session, supplier, session.get_one(Organisation, supplier.buyer_id), settings) is None


def links_of(session: Session, invitation: SupplierInvitation, base_url: str, now: datetime) -> tuple[str, str]:
    """Two new links for one letter: the one that leads to the invitation, and the one that ends the mail."""
    return (
        new_link(session, invitation, base_url, now),
        new_link(session, invitation, base_url, now, stops=True),
    )


def new_link(
    session: Session, invitation: SupplierInvitation, base_url: str, now: datetime, *, stops: bool = False
) -> str:
    """The full address of a new link to the invitation, or of one that ends the mail. It is in no other place."""
    token = new_token()
    session.add(InvitationLink(token_hash=hash_token(token), invitation_id=invitation.id, stops=stops, made_at=now))
    session.flush()
    return f"{base_url}/{'asked/stop' if stops else 'asked'}/{token}"


def letter_of(buyer: str, invitation: SupplierInvitation, link: str, stop: str, settings: Settings) -> Letter:
    """What every letter about this invitation says."""
    return Letter(
        buyer=buyer,
        due=invitation.due,
        minutes=QUICK_MINUTES if invitation.quick else FULL_MINUTES,
        message=invitation.message,
        link=link,
        stop=stop,
        foot=foot(settings),
    )


def is_stopped(session: Session, buyer_id: uuid.UUID, address: str, secret: str) -> bool:
    """Whether this mailbox wants no more mail from this buyer."""
    return session.get(StoppedMailbox, (buyer_id, mark_of(address, secret)), populate_existing=True) is not None


def mark_of(address: str, secret: str) -> str:
    """What is kept of a mailbox that wants peace."""
    return hmac.new(secret.encode(), f"stopped mailbox {mailbox_of(address)}".encode(), hashlib.sha256).hexdigest()


def _queue(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, name: str, settings: Settings, now: datetime
) -> bool:
    buyer = session.get_one(Organisation, supplier.buyer_id)
    if silence(session, supplier, buyer, settings) is not None or was_written(session, invitation, name):
        return False
    if not take_one(session, buyer.id, mark_of(supplier.email, settings.key), date_at(now)):
        return False
    link, stop = links_of(session, invitation, settings.base_url, now)
    letter = letter_of(buyer.name, invitation, link, stop, settings)
    if name == FIRST:
        text = letter_words.first(letter)
    elif name == FINISHED:
        text = letter_words.finished(letter)
    else:
        text = letter_words.reminder(letter, date_at(now))
    return queue(session, Mail(f"{invitation.events}{name}", supplier.email, SUBJECT, text, None, stop), now)
