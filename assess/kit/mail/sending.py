"""Sending what is in the outbox, by a worker.

A mail is marked as sent right after the server took it. A crash between the two sends it once more, under the same name.
No transaction is open while the server is spoken to.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.kit.db import Database, erase_after_commit
from assess.kit.events import allows, publish
from assess.kit.jobs.ordering import defer
from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.kit.mail.events import MailMayLeave, MailRefused
from assess.kit.mail.message import message_of
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import SENDING, give_up_outdated
from assess.kit.mail.server import hand_over, mail_server_of

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long to wait after each try that failed; after the last of them a mail is given up."""

_FIRST_PERMANENT = 500


def send_mail(work: Work, *, outbox_id: int) -> None:
    """Send one mail, or order the next try."""
    send(work.database, work.settings, outbox_id, work.now())


def look_after_outbox(work: Work) -> None:
    """Give up what nobody could send, so that no address stays behind."""
    with work.database.writing() as session:
        number = give_up_outdated(session, work.now())
    if number:
        log("mail_given_up", number=number)


def send(database: Database, settings: Settings, outbox_id: int, now: datetime) -> bool:
    """Send this mail if it still waits. Returns whether the server took it."""
    with database.reading() as look:
        row = look.get(Outgoing, outbox_id)
    if row is None or not row.waits:
        return False
    if not allows(MailMayLeave(database, settings, row, now)):
        _drop(database, row, now)
        return False
    try:
        _transmit(settings, row)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _note_failure(database, settings, row, error, now)
        return False
    with database.writing() as session:
        sent = _same(session, row)
        if sent is not None:
            sent.sent_at = now
            sent.tries += 1
            sent.blank()
            erase_after_commit(session)
    return True


def is_permanent(error: Exception) -> bool:
    """Whether this mail will never be taken, however often it is tried: no such mailbox, or a message that is refused.

    A refusal of us (our name, password or address) is not: somebody may mend the settings.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _FIRST_PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= _FIRST_PERMANENT
    return isinstance(error, ValueError)


def _transmit(settings: Settings, row: Outgoing) -> None:
    if settings.mail_server is None or settings.mail_from is None:
        raise ConnectionError("no mail server is set")
    our_name = urlsplit(settings.base_url).hostname or "localhost"
    hand_over(
        mail_server_of(settings.mail_server),
        sender=settings.mail_from,
        to=row.to_address,
        message=message_of(row, sender=settings.mail_from, our_name=our_name),
        our_name=our_name,
    )


def _same(session: Session, tried: Outgoing) -> Outgoing | None:
    """The row of the mail that was tried, locked; None when it was deleted. Its name decides, not its number alone."""
    found = session.get(Outgoing, tried.id, with_for_update=True, populate_existing=True)
    return found if found is not None and found.event == tried.event else None


def _drop(database: Database, unwanted: Outgoing, now: datetime) -> None:
    """Forget a mail that nobody wants any more."""
    with database.writing() as session:
        row = _same(session, unwanted)
        if row is not None and row.waits:
            row.ended_at = now
            row.blank()
            erase_after_commit(session)


def _note_failure(database: Database, settings: Settings, tried: Outgoing, error: Exception, now: datetime) -> None:
    """Write down what failed and order the next try, or give up."""
    with database.writing() as session:
        row = _same(session, tried)
        if row is None or not row.waits:
            return
        row.tries += 1
        row.last_error = _name_of(error)
        if is_permanent(error) or row.tries > len(BACK_OFF):
            row.ended_at = now
            row.blank()
            erase_after_commit(session)
            if isinstance(error, smtplib.SMTPException) and is_permanent(error):
                publish(session, MailRefused(settings, row.event, now))
        else:
            after, key = BACK_OFF[row.tries - 1], f"{SENDING}:{row.id}:{row.tries}"
            defer(session, SENDING, key=key, after=after, about=row.about, now=now, outbox_id=row.id)
        log("mail_failed", error=row.last_error, number=row.tries)


def _name_of(error: Exception) -> str:
    """The class of an error and the code the server gave, without its words: they may hold the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{type(error).__name__} {min(code for code, _ in error.recipients.values())}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
