"""The outbox: a mail is written down in the transaction it belongs to, and a worker sends it later.

What is rolled back was never written, what is committed goes out, and nothing is told twice: `event` is unique.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.db import erase_after_commit
from assess.kit.jobs.ordering import defer
from assess.kit.mail.addresses import fit_address
from assess.kit.mail.models import LONGEST_EVENT, Outgoing

SENDING = "send_mail"
LONGEST_WAIT = timedelta(days=3)
"""A mail that could not be sent for so long is given up: its address is not kept for ever."""

KEPT_AFTER = timedelta(days=400)
"""How long is remembered that something was told; longer than the year of a plan."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address. `event` names what it tells of and holds nothing a stranger may not read.

    `about` is the assessment it goes with when that is deleted. `stop` is the address that ends such mail, for its headers.
    `sender_name` stands before our own address; `reply_to` is where an answer goes.
    """

    event: str
    to: str
    subject: str
    text: str
    about: uuid.UUID | None
    stop: str | None = None
    sender_name: str = ""
    reply_to: str = ""


def queue(session: Session, mail: Mail, now: datetime) -> bool:
    """Write the mail down and order its sending, both in this transaction. Returns False if this event was told already.

    Raises:
        AddressUnfitError: when it cannot be sent to that address.
        ValueError: when subject, event or stop address would not fit in one header.
    """
    _look_at_headers(mail)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Outgoing).values(
        event=mail.event,
        about=mail.about,
        to_address=fit_address(mail.to),
        sender_name=mail.sender_name or None,
        reply_to=fit_address(mail.reply_to) if mail.reply_to else None,
        subject=mail.subject,
        body=mail.text,
        stop=mail.stop or "",
        made_at=now,
        tries=0,
    )
    written = session.scalars(row.on_conflict_do_nothing(index_elements=["event"]).returning(Outgoing.id)).first()
    if written is None:
        return False
    defer(session, SENDING, about=mail.about, now=now, outbox_id=written)
    return True


def withdraw(session: Session, events: str, now: datetime) -> None:
    """Send nothing more of the events that begin so, and forget what waited: its address is overwritten as well."""
    withdraw_all(session, Outgoing.event.startswith(events, autoescape=True), now)


def withdraw_all(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """The same of all mails of which this is true."""
    # each by itself: a few rows at most, and they must be empty in this session too
    waiting = select(Outgoing).where(which, Outgoing.sent_at.is_(None), Outgoing.ended_at.is_(None)).with_for_update()
    for row in session.scalars(waiting):
        row.blank()
        row.ended_at = now
    session.flush()
    erase_after_commit(session)


def give_up_outdated(session: Session, now: datetime) -> int:
    """Give up what could not be sent in three days, whatever became of its job, and forget what was told long ago.

    Returns how many mails were given up.
    """
    waiting = select(Outgoing).where(Outgoing.sent_at.is_(None), Outgoing.ended_at.is_(None))
    late = session.scalars(waiting.where(Outgoing.made_at < now - LONGEST_WAIT).with_for_update()).all()
    for row in late:
        row.blank()
        row.ended_at = now
    if late:
        erase_after_commit(session)
    session.flush()
    over = Outgoing.sent_at.is_not(None) | Outgoing.ended_at.is_not(None)
    session.execute(delete(Outgoing).where(over, Outgoing.made_at < now - KEPT_AFTER))
    return len(late)


def _look_at_headers(mail: Mail) -> None:
    for text in (mail.event, mail.subject, mail.sender_name, mail.stop or ""):
        if not text.isprintable():
            raise ValueError("a header has one line of printable characters")
    if not 0 < len(mail.event) <= LONGEST_EVENT or not (mail.stop or "").isascii():
        raise ValueError("an event is short and a stop address is plain")
