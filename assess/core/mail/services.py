"""Outbox and sending: enqueue and withdraw mails, build messages, send by SMTP, retry with growing delays, give up after three days."""

from __future__ import annotations

import hashlib
import smtplib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import current_app, has_app_context
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from assess.core.application import settings_of
from assess.core.config import Settings, parse_mail_server, send_message
from assess.core.db import Database, dialect_insert, erase_after_commit
from assess.core.events import Event, Veto, is_allowed, publish
from assess.core.jobs.services import JobContext, enqueue
from assess.core.logs import log
from assess.core.mail.addresses import clean_address
from assess.core.models import MAX_EVENT_LENGTH, OutgoingMail


@dataclass(frozen=True, slots=True)
class MailMayBeSent(Veto):
    """Whether a mail is still wanted. It is asked right before each try to send, while no transaction is open."""

    database: Database
    settings: Settings
    mail: OutgoingMail
    now: datetime


@dataclass(frozen=True, slots=True)
class MailRefused(Event):
    """A mail server refused a mail for good. `mail_event` names the mail, as `OutgoingMail.event` does."""

    settings: Settings
    mail_event: str
    now: datetime


SEND_MAIL = "send_mail"
MAX_MAIL_WAIT = timedelta(days=3)
"""A mail that could not be sent for so long is given up: its address is not kept for ever."""

KEEP_EVENTS = timedelta(days=400)
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


def enqueue_mail(session: Session, mail: Mail, now: datetime) -> bool:
    """Write the mail down and order its sending, both in this transaction. Returns False if this event was told already.

    Raises `InvalidAddressError` when it cannot be sent to that address; `ValueError` when subject, event or stop address would not fit in one header.
    """
    # a line break would begin a header of somebody else's making
    for text in (mail.event, mail.subject, mail.sender_name, mail.stop or ""):
        if not text.isprintable():
            raise ValueError("a header has one line of printable characters")
    if not 0 < len(mail.event) <= MAX_EVENT_LENGTH or not (mail.stop or "").isascii():
        raise ValueError("an event is short and a stop address is plain")
    row = dialect_insert(session, OutgoingMail).values(
        event=mail.event,
        about=mail.about,
        to_address=clean_address(mail.to),
        sender_name=mail.sender_name or None,
        reply_to=clean_address(mail.reply_to) if mail.reply_to else None,
        subject=mail.subject,
        body=mail.text,
        stop=mail.stop or "",
        made_at=now,
        tries=0,
    )
    written = session.scalars(row.on_conflict_do_nothing(index_elements=["event"]).returning(OutgoingMail.id)).first()
    if written is None:
        return False
    enqueue(session, SEND_MAIL, about=mail.about, now=now, outbox_id=written)
    return True


def withdraw_mails(session: Session, events: str, now: datetime) -> None:
    """Send nothing more of the events that begin so, and forget what waited: its address is overwritten as well."""
    withdraw_mails_where(session, OutgoingMail.event.startswith(events, autoescape=True), now)


def withdraw_mails_where(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """The same of all mails of which this is true."""
    # each by itself: a few rows at most, and they must be empty in this session too
    for row in session.scalars(
        select(OutgoingMail)
        .where(which, OutgoingMail.sent_at.is_(None), OutgoingMail.ended_at.is_(None))
        .with_for_update()
    ):
        row.blank()
        row.ended_at = now
    session.flush()
    erase_after_commit(session)


def expire_old_mails(session: Session, now: datetime) -> int:
    """Give up what could not be sent in three days, whatever became of its job, and forget what was told long ago.

    Returns how many mails were given up.
    """
    waiting = select(OutgoingMail).where(OutgoingMail.sent_at.is_(None), OutgoingMail.ended_at.is_(None))
    late = session.scalars(waiting.where(OutgoingMail.made_at < now - MAX_MAIL_WAIT).with_for_update()).all()
    for row in late:
        row.blank()
        row.ended_at = now
    if late:
        erase_after_commit(session)
    session.flush()
    over = OutgoingMail.sent_at.is_not(None) | OutgoingMail.ended_at.is_not(None)
    session.execute(delete(OutgoingMail).where(over, OutgoingMail.made_at < now - KEEP_EVENTS))
    return len(late)


def mail_footer(settings: Settings) -> str:
    run_by = f", run by {settings.operator_name}" if settings.operator_name else ""
    reach = f" You can reach them here: {settings.operator_contact}" if settings.operator_contact else ""
    return f"This email comes from a self-check for businesses{run_by}.{reach if run_by else ''}"


def with_mail_footer(body: str) -> str:
    """The text with the foot of the site that writes it; as it is outside of one."""
    return f"{body.rstrip()}\n\n{mail_footer(settings_of(current_app))}\n" if has_app_context() else body


_POLICY = SMTP.clone(max_line_length=900)
"""Python would break a long address of a header into coded pieces that mail programs do not read back."""


def build_message(row: OutgoingMail, *, sender: str, our_name: str) -> bytes:
    """The message of this row: plain text in UTF-8, from `sender`. `our_name` is the host after the @ of its name.

    Raises `ValueError` when something in it would begin a new header.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(row.sender_name, addr_spec=sender) if row.sender_name else sender
    message["To"] = row.to_address
    if row.reply_to:
        message["Reply-To"] = row.reply_to
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.made_at)
    message["Message-ID"] = message_id(row.event, our_name)
    message["Auto-Submitted"] = "auto-generated"
    if row.stop:
        message["List-Unsubscribe"] = f"<{row.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(row.body, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def message_id(event: str, our_name: str) -> str:
    """The name of the message that tells of this event. Nobody can read the event from it."""
    return f"<{hashlib.sha256(event.encode()).hexdigest()[:40]}@{our_name}>"


RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long to wait after each try that failed; after the last of them a mail is given up."""

_FIRST_PERMANENT = 500


def send_mail(context: JobContext, *, outbox_id: int) -> None:
    """Send one mail, or order the next try."""
    send_outgoing(context.database, context.settings, outbox_id, context.now())


def clean_up_outbox(context: JobContext) -> None:
    """Give up what nobody could send, so that no address stays behind."""
    with context.database.writing() as session:
        number = expire_old_mails(session, context.now())
    if number:
        log("mail_given_up", number=number)


def send_outgoing(database: Database, settings: Settings, outbox_id: int, now: datetime) -> bool:
    """Send this mail if it still waits. Returns whether the server took it."""
    with database.reading() as session:
        row = session.get(OutgoingMail, outbox_id)
    if row is None or not row.waits:
        return False
    if not is_allowed(MailMayBeSent(database, settings, row, now)):
        _drop_unwanted(database, row, now)
        return False
    try:
        _send_to_server(settings, row)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _save_failure(database, settings, row, error, now)
        return False
    with database.writing() as session:
        sent = _lock_same_mail(session, row)
        if sent is not None:
            sent.sent_at = now
            sent.tries += 1
            sent.blank()
            erase_after_commit(session)
    return True


def is_permanent(error: Exception) -> bool:
    """Whether this mail will never be taken, however often it is tried: no such mailbox, or a message that is refused."""
    # a refusal of us (our name, password or address) is not among them: the operator may repair the settings
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _FIRST_PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= _FIRST_PERMANENT
    return isinstance(error, ValueError)


def _send_to_server(settings: Settings, row: OutgoingMail) -> None:
    if settings.mail_server is None or settings.mail_from is None:
        raise ConnectionError("no mail server is set")
    our_name = urlsplit(settings.base_url).hostname or "localhost"
    send_message(
        parse_mail_server(settings.mail_server),
        sender=settings.mail_from,
        to=row.to_address,
        message=build_message(row, sender=settings.mail_from, our_name=our_name),
        our_name=our_name,
    )


def _lock_same_mail(session: Session, tried: OutgoingMail) -> OutgoingMail | None:
    """The row of the mail that was tried, locked; None when it was deleted."""
    found = session.get(OutgoingMail, tried.id, with_for_update=True, populate_existing=True)
    # its name decides: the number of a deleted row may belong to another mail by now
    return found if found is not None and found.event == tried.event else None


def _drop_unwanted(database: Database, unwanted: OutgoingMail, now: datetime) -> None:
    with database.writing() as session:
        row = _lock_same_mail(session, unwanted)
        if row is not None and row.waits:
            row.ended_at = now
            row.blank()
            erase_after_commit(session)


def _save_failure(database: Database, settings: Settings, tried: OutgoingMail, error: Exception, now: datetime) -> None:
    """Write down what failed and order the next try, or give up."""
    with database.writing() as session:
        row = _lock_same_mail(session, tried)
        if row is None or not row.waits:
            return
        row.tries += 1
        row.last_error = _error_name(error)
        if is_permanent(error) or row.tries > len(RETRY_DELAYS):
            row.ended_at = now
            row.blank()
            erase_after_commit(session)
            if isinstance(error, smtplib.SMTPException) and is_permanent(error):
                publish(session, MailRefused(settings, row.event, now))
        else:
            after, key = RETRY_DELAYS[row.tries - 1], f"{SEND_MAIL}:{row.id}:{row.tries}"
            enqueue(session, SEND_MAIL, key=key, after=after, about=row.about, now=now, outbox_id=row.id)
        log("mail_failed", error=row.last_error, number=row.tries)


def _error_name(error: Exception) -> str:
    """The class of an error and the code the server gave, without its words: they may hold the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{type(error).__name__} {min(code for code, _ in error.recipients.values())}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__


def join_paragraphs(*parts: str) -> str:
    """The text of an email: empty parts are left out, a line is free between the others."""
    return "\n\n".join(part for part in parts if part) + "\n"
