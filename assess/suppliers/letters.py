"""The letters to a supplier: what they say, their links, and when none may go."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.config import Settings
from assess.kit.mail.addresses import mailbox_of
from assess.kit.mail.foot import foot
from assess.kit.mail.outbox import Mail, queue
from assess.kit.pages import day
from assess.kit.tokens import hash_token, new_token
from assess.people.models import Organisation
from assess.suppliers.models import InvitationLink, StoppedMailbox, Supplier, SupplierInvitation, What
from assess.suppliers.trail import write

SUBJECT = "A request from a customer of yours"
FIRST = "first"


def may_write(buyer: Organisation, settings: Settings) -> bool:
    """Whether letters go out for this buyer at all: its name is confirmed, and the installation sends mail."""
    return settings.mail_server is not None and buyer.confirmed_by is not None


def send_if_due(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> bool:
    """Write the first letter if its day has come, there is an address, and the mailbox has not asked for peace. Once."""
    if invitation.sent_at is not None or invitation.send_on > date_at(now) or not supplier.email:
        return False
    if is_stopped(session, supplier.buyer_id, supplier.email, settings.key):
        return False
    buyer = session.get_one(Organisation, supplier.buyer_id)
    link, stop = links_of(session, invitation, settings.base_url, now)
    mail = Mail(
        f"{invitation.events}{FIRST}",
        supplier.email,
        SUBJECT,
        asking(buyer.name, invitation, link, stop, settings),
        None,
        stop,
    )
    if queue(session, mail, now):
        invitation.sent_at = now
        write(session, supplier.id, What.SENT, now)
        return True
    return False


def links_of(session: Session, invitation: SupplierInvitation, base_url: str, now: datetime) -> tuple[str, str]:
    """Two new links for one letter: the one that leads to the invitation, and the one that ends the mail."""
    found = []
    for stops, way in ((False, "asked"), (True, "asked/stop")):
        token = new_token()
        session.add(InvitationLink(token_hash=hash_token(token), invitation_id=invitation.id, stops=stops, made_at=now))
        found.append(f"{base_url}/{way}/{token}")
    session.flush()
    return found[0], found[1]


def asking(buyer: str, invitation: SupplierInvitation, link: str, stop: str, settings: Settings) -> str:
    """The words of the first letter. Plain text; `link` and `stop` are full addresses."""
    parts = [
        "Hello,",
        f"{buyer} asks you to look at how work is done in your business, by {day(invitation.due)}.",
        f"They write: {invitation.message}" if invitation.message else "",
        "Open this page to see what is asked, to begin, or to say no:",
        link,
        f"Nothing you answer goes to {buyer} unless you share it.",
        "If you want no more mail about this, open this page and press the button:",
        stop,
        foot(settings),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def is_stopped(session: Session, buyer_id: uuid.UUID, address: str, secret: str) -> bool:
    """Whether this mailbox wants no more mail from this buyer."""
    return session.get(StoppedMailbox, (buyer_id, mark_of(address, secret)), populate_existing=True) is not None


def mark_of(address: str, secret: str) -> str:
    """What is kept of a mailbox that wants peace."""
    return hmac.new(secret.encode(), f"stopped mailbox {mailbox_of(address)}".encode(), hashlib.sha256).hexdigest()
