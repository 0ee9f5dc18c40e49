"""Mailboxes that pressed stop and are left in peace for half a year, whoever asks for them.

No address is kept for it, only a keyed hash of the mailbox: without the key of the installation nobody can try addresses on it.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.mail.addresses import mailbox_of
from assess.plans.reminders.models import QuietMailbox

QUIET_DAYS = 180


def leave_in_peace(session: Session, address: str, secret: str, now: datetime) -> None:
    """From now on nobody can have this mailbox asked, for `QUIET_DAYS`. Stopping once more counts from then."""
    until = now + timedelta(days=QUIET_DAYS)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(QuietMailbox).values(mark=_mark(address, secret), until=until)
    session.execute(row.on_conflict_do_update(index_elements=["mark"], set_={"until": until}))


def is_left_in_peace(session: Session, address: str, secrets: tuple[str, ...], now: datetime) -> bool:
    """Whether this mailbox pressed stop lately. `secrets`: every key that is honoured, as it may have done so under an earlier one."""
    marks = [_mark(address, secret) for secret in secrets]
    untils = session.scalars(select(QuietMailbox.until).where(QuietMailbox.mark.in_(marks)))
    return any(now < until for until in untils)


def forget_quiet(session: Session, now: datetime) -> None:
    """Delete the marks whose time is over."""
    session.execute(delete(QuietMailbox).where(QuietMailbox.until <= now))


def _mark(address: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"quiet mailbox {mailbox_of(address)}".encode(), hashlib.sha256).hexdigest()
