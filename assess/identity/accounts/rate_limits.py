"""Limits on sign-ins, codes and mails. Clients known for an account keep tries of their own when others use up the limit."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.core import clock
from assess.core.db import database
from assess.core.mail.addresses import normalise_mailbox
from assess.core.rate_limits import (
    Limit,
    RateCounter,
    by_address,
    enforce_limit,
    keyed_hash,
    lock_counter,
    save_counter,
)

_FIVE_MINUTES, _QUARTER, _HOUR, _DAY = 300, 900, 3600, 86_400

LOGIN_ACCOUNT_FROM_ADDRESS = Limit("login-account-address", 5, _FIVE_MINUTES, sliding=True)
LOGIN_ACCOUNT = Limit("login-account", 10, _FIVE_MINUTES, sliding=True)
LOGIN_ADDRESS = Limit("login-address", 30, _FIVE_MINUTES, sliding=True)
CODE_ATTEMPTS = Limit("second-step", 5, _QUARTER, sliding=True)
MAIL_ACCOUNT_FROM_ADDRESS = Limit("account-mail-caller", 3, _HOUR, sliding=True)
MAIL_ACCOUNT_FROM_ADDRESS_DAY = Limit("account-mail-caller-day", 10, _DAY, sliding=True)
MAIL_ACCOUNT = Limit("account-mail", 9, _HOUR, sliding=True)
MAIL_ACCOUNT_DAY = Limit("account-mail-day", 30, _DAY, sliding=True)
"""Mails to one mailbox: for each address that calls, and from all of them together."""
MAIL_ADDRESS = Limit("account-mail-address", 10, _HOUR, sliding=True)
ACCOUNT_CHANGES = Limit("account-change", 60, _HOUR, sliding=True)
NEW_PASSWORDS = Limit("new-password", 10, _QUARTER, sliding=True)
NEW_PASSWORDS_FROM_ADDRESS = Limit("new-password-address", 30, _FIVE_MINUTES, sliding=True)
"""New passwords that are judged: each costs some milliseconds of the machine, and a hash when it is taken."""
PASSKEY_CHALLENGES = Limit("passkey-challenge", 60, _FIVE_MINUTES, sliding=True)
"""Beginnings of a sign-in by passkey, for each address that calls: each leaves a row for some minutes."""
KNOWN_FOR = timedelta(days=30)
MAX_KNOWN_CLIENTS = 10
"""Addresses from which one account was signed in to lately: so many are kept, each as a keyed hash."""


def enforce_login_limits(email: str) -> None:
    """Count one guess at the password of this account, whether there is one or not.

    What is refused to one address that calls does not count against the account, so that one guesser alone cannot keep its
    owner out. Several together can, but for an address from which the owner signed in lately. Raises `TooManyRequests`.
    """
    known = is_known_client(email)
    enforce_limit(LOGIN_ADDRESS, by_address())
    enforce_limit(LOGIN_ACCOUNT_FROM_ADDRESS, f"{email} {by_address()}")
    _enforce_shared_limit(LOGIN_ACCOUNT, email, known=known)


def enforce_new_password_limits(whose: uuid.UUID) -> None:
    """Count one new password that is to be judged. `whose`: the mailed link or the account it is chosen for. Raises `TooManyRequests`."""
    enforce_limit(NEW_PASSWORDS_FROM_ADDRESS, by_address())
    enforce_limit(NEW_PASSWORDS, str(whose))


def enforce_mail_limits(email: str) -> None:
    """Count one mail that a caller asks us to send to this address, whether it has an account or not. Raises `TooManyRequests`."""
    mailbox, known = normalise_mailbox(email), is_known_client(email)
    enforce_limit(MAIL_ADDRESS, by_address())
    enforce_limit(MAIL_ACCOUNT_FROM_ADDRESS, f"{mailbox} {by_address()}")
    enforce_limit(MAIL_ACCOUNT_FROM_ADDRESS_DAY, f"{mailbox} {by_address()}")
    _enforce_shared_limit(MAIL_ACCOUNT, mailbox, known=known)
    _enforce_shared_limit(MAIL_ACCOUNT_DAY, mailbox, known=known)


def is_known_client(email: str) -> bool:
    """Whether this account was signed in to from the address that calls, in the last 30 days."""
    with database().reading() as session:
        kept = session.scalar(select(RateCounter.moments).where(RateCounter.key == _known_clients_key(email)))
    since = (clock.now() - KNOWN_FOR).timestamp()
    return any(mark == _client_hash(email) and at > since for mark, at in (kept or {}).get("from", ()))


def mark_client_known(session: Session, email: str, now: datetime) -> None:
    key, mark, until = _known_clients_key(email), _client_hash(email), now + KNOWN_FOR
    counter = lock_counter(session, key, until)
    others = [one for one in (counter.moments or {}).get("from", ()) if one[0] != mark]
    kept = {"from": [*others, [mark, now.timestamp()]][-MAX_KNOWN_CLIENTS:]}
    save_counter(session, key, moments=kept, until=until)


def delete_known_clients(session: Session, email: str) -> None:
    session.execute(delete(RateCounter).where(RateCounter.key == _known_clients_key(email)))


def _enforce_shared_limit(limit: Limit, subject: str, *, known: bool) -> None:
    """Count one for all callers together. A caller who is known here goes on when the others have used it up: their own limits hold."""
    try:
        enforce_limit(limit, subject)
    except TooManyRequests:
        if not known:
            raise


def _known_clients_key(email: str) -> str:
    return keyed_hash(f"signed in from {normalise_mailbox(email)}")


def _client_hash(email: str) -> str:
    return keyed_hash(f"signed in from {normalise_mailbox(email)} {by_address()}")
