"""Sliding limits on sign-ins, codes and mails. Clients known for an account keep tries of their own when others use up the limit."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.core import clock
from assess.core.db import Document, database, dialect_insert
from assess.core.mail.addresses import normalise_mailbox
from assess.core.rate_limits import Limit, by_address
from assess.identity.models import AttemptCounter

_FIVE_MINUTES, _QUARTER, _HOUR, _DAY = 300, 900, 3600, 86_400

LOGIN_ACCOUNT_FROM_ADDRESS = Limit("login-account-address", 5, _FIVE_MINUTES)
LOGIN_ACCOUNT = Limit("login-account", 10, _FIVE_MINUTES)
LOGIN_ADDRESS = Limit("login-address", 30, _FIVE_MINUTES)
CODE_ATTEMPTS = Limit("second-step", 5, _QUARTER)
MAIL_ACCOUNT_FROM_ADDRESS = Limit("account-mail-caller", 3, _HOUR)
MAIL_ACCOUNT_FROM_ADDRESS_DAY = Limit("account-mail-caller-day", 10, _DAY)
MAIL_ACCOUNT = Limit("account-mail", 9, _HOUR)
MAIL_ACCOUNT_DAY = Limit("account-mail-day", 30, _DAY)
"""Mails to one mailbox: for each address that calls, and from all of them together."""
MAIL_ADDRESS = Limit("account-mail-address", 10, _HOUR)
ACCOUNT_CHANGES = Limit("account-change", 60, _HOUR)
NEW_PASSWORDS = Limit("new-password", 10, _QUARTER)
NEW_PASSWORDS_FROM_ADDRESS = Limit("new-password-address", 30, _FIVE_MINUTES)
"""New passwords that are judged: each costs some milliseconds of the machine, and a hash when it is taken."""
PASSKEY_CHALLENGES = Limit("passkey-challenge", 60, _FIVE_MINUTES)
"""Beginnings of a sign-in by passkey, for each address that calls: each leaves a row for some minutes."""
KNOWN_FOR = timedelta(days=30)
MAX_KNOWN_CLIENTS = 10
"""Addresses from which somebody signed in to one account lately: so many are kept, each as a keyed hash."""


def enforce_login_limits(email: str) -> None:
    """Count one guess at the password of this account, whether there is one or not.

    What is refused to one address that calls does not count against the account, so that one guesser alone cannot keep its
    owner out. Several together can, but for an address from which the owner signed in lately. Raises `TooManyRequests`.
    """
    known = is_known_client(email)
    enforce_sliding_limit(LOGIN_ADDRESS, by_address())
    enforce_sliding_limit(LOGIN_ACCOUNT_FROM_ADDRESS, f"{email} {by_address()}")
    _enforce_shared_limit(LOGIN_ACCOUNT, email, known=known)


def enforce_new_password_limits(whose: uuid.UUID) -> None:
    """Count one new password that is to be judged. `whose`: the mailed link or the account it is chosen for. Raises `TooManyRequests`."""
    enforce_sliding_limit(NEW_PASSWORDS_FROM_ADDRESS, by_address())
    enforce_sliding_limit(NEW_PASSWORDS, str(whose))


def enforce_mail_limits(email: str) -> None:
    """Count one mail that somebody asks us to send to this address, whether it has an account or not. Raises `TooManyRequests`."""
    mailbox, known = normalise_mailbox(email), is_known_client(email)
    enforce_sliding_limit(MAIL_ADDRESS, by_address())
    enforce_sliding_limit(MAIL_ACCOUNT_FROM_ADDRESS, f"{mailbox} {by_address()}")
    enforce_sliding_limit(MAIL_ACCOUNT_FROM_ADDRESS_DAY, f"{mailbox} {by_address()}")
    _enforce_shared_limit(MAIL_ACCOUNT, mailbox, known=known)
    _enforce_shared_limit(MAIL_ACCOUNT_DAY, mailbox, known=known)


def is_known_client(email: str) -> bool:
    """Whether somebody signed in to this account from the address that calls, in the last 30 days."""
    with database().reading() as session:
        kept = session.scalar(select(AttemptCounter.moments).where(AttemptCounter.key == _known_clients_key(email)))
    since = (clock.now() - KNOWN_FOR).timestamp()
    return any(mark == _client_hash(email) and at > since for mark, at in (kept or {}).get("from", ()))


def mark_client_known(session: Session, email: str, now: datetime) -> None:
    key, mark, until = _known_clients_key(email), _client_hash(email), now + KNOWN_FOR
    row = dialect_insert(session, AttemptCounter).values(key=key, moments={"from": []}, until=until)
    locked = row.on_conflict_do_update(index_elements=["key"], set_={"until": until}).returning(AttemptCounter.moments)
    others = [one for one in session.scalars(locked).one()["from"] if one[0] != mark]
    kept = {"from": [*others, [mark, now.timestamp()]][-MAX_KNOWN_CLIENTS:]}
    session.execute(update(AttemptCounter).where(AttemptCounter.key == key).values(moments=kept))


def delete_known_clients(session: Session, email: str) -> None:
    session.execute(delete(AttemptCounter).where(AttemptCounter.key == _known_clients_key(email)))


def enforce_sliding_limit(limit: Limit, subject: str) -> None:
    """Count one more, unless `limit.most` fell into the last `limit.seconds`. Call it before the request's session writes.

    Raises `TooManyRequests` (it knows in how many seconds to try again).
    """
    now, key = clock.now(), _attempt_key(limit, subject)
    with database().reading() as look:  # what is refused anyway takes no write lock
        known = look.scalar(select(AttemptCounter.moments).where(AttemptCounter.key == key))
    wait = _wait_seconds(_recent_attempts(known, limit, now), limit, now)
    if wait is None:
        with database().writing() as session:
            wait = _count_attempt(session, key, limit, now)
    if wait is not None:
        raise TooManyRequests(retry_after=wait)


def delete_expired_attempts(session: Session, now: datetime) -> None:
    session.execute(delete(AttemptCounter).where(AttemptCounter.until < now))


def _count_attempt(session: Session, key: str, limit: Limit, now: datetime) -> int | None:
    """Count one, or say for how many seconds to wait. The row is locked from the first statement on."""
    until = now + timedelta(seconds=limit.seconds)
    row = dialect_insert(session, AttemptCounter).values(key=key, moments={"at": []}, until=until)
    locked = row.on_conflict_do_update(index_elements=["key"], set_={"until": until}).returning(AttemptCounter.moments)
    recent = _recent_attempts(session.scalars(locked).one(), limit, now)
    wait = _wait_seconds(recent, limit, now)
    if wait is not None:
        return wait
    kept = {"at": [*recent, now.timestamp()]}
    session.execute(update(AttemptCounter).where(AttemptCounter.key == key).values(moments=kept))
    return None


def _recent_attempts(known: Document | None, limit: Limit, now: datetime) -> list[float]:
    since = now.timestamp() - limit.seconds
    return [at for at in (known or {"at": ()})["at"] if at > since]


def _wait_seconds(recent: Sequence[float], limit: Limit, now: datetime) -> int | None:
    """In how many seconds there is one more; None when there is one now."""
    if len(recent) < limit.most:
        return None
    free_at = datetime.fromtimestamp(recent[-limit.most] + limit.seconds, UTC)
    return max(1, round((free_at - now).total_seconds()))


def _enforce_shared_limit(limit: Limit, subject: str, *, known: bool) -> None:
    """Count one for all callers together. Whoever is known here goes on when the others have used it up: their own limits hold."""
    try:
        enforce_sliding_limit(limit, subject)
    except TooManyRequests:
        if not known:
            raise


def _attempt_key(limit: Limit, subject: str) -> str:
    return _keyed_hash(f"{limit.name} {subject}")


def _known_clients_key(email: str) -> str:
    return _keyed_hash(f"signed in from {normalise_mailbox(email)}")


def _client_hash(email: str) -> str:
    return _keyed_hash(f"signed in from {normalise_mailbox(email)} {by_address()}")


def _keyed_hash(text: str) -> str:
    return hmac.new(str(current_app.secret_key).encode(), text.encode(), hashlib.sha256).hexdigest()
