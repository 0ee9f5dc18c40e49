"""How often may be guessed. Counted before anything is hashed or looked up, and for people who do not exist alike.

`assess.kit.limits` counts in spans that begin by the clock, so at the turn of two spans twice as much gets through. A guess at a
password needs the stricter rule: never more than so many in *any* span of this length. So the latest moments are kept
themselves. What is refused does not count: nobody is locked out for longer by somebody who goes on guessing.

Limits of a whole account can be used up by others. So whoever calls from where somebody signed in to it in the last 30 days has tries of
their own beside them, as many as any single caller has.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.kit.clock import now
from assess.kit.db import Document, database
from assess.kit.limits import Limit, by_address
from assess.kit.mail.addresses import mailbox_of
from assess.people.accounts.models import Guesses

_FIVE_MINUTES, _QUARTER, _HOUR, _DAY = 300, 900, 3600, 86_400

LOGIN_FROM_HERE = Limit("login-account-address", 5, _FIVE_MINUTES)
LOGIN_ACCOUNT = Limit("login-account", 10, _FIVE_MINUTES)
LOGIN_ADDRESS = Limit("login-address", 30, _FIVE_MINUTES)
CODE = Limit("second-step", 5, _QUARTER)
MAIL_FROM_HERE = Limit("account-mail-caller", 3, _HOUR)
MAIL_FROM_HERE_DAY = Limit("account-mail-caller-day", 10, _DAY)
MAIL_ACCOUNT = Limit("account-mail", 9, _HOUR)
MAIL_ACCOUNT_DAY = Limit("account-mail-day", 30, _DAY)
"""Mails to one mailbox: for each address that calls, and from all of them together."""
MAIL_ADDRESS = Limit("account-mail-address", 10, _HOUR)
OWN_ACCOUNT = Limit("account-change", 60, _HOUR)
"""Changes of one's own account."""
NEW_PASSWORD = Limit("new-password", 10, _QUARTER)
NEW_PASSWORD_ADDRESS = Limit("new-password-address", 30, _FIVE_MINUTES)
"""New passwords that are judged: each costs some milliseconds of the machine, and a hash when it is taken."""
CHALLENGES = Limit("passkey-challenge", 60, _FIVE_MINUTES)
"""Beginnings of a sign-in by passkey, for each address that calls: each leaves a row for some minutes."""
KNOWN_FOR = timedelta(days=30)
MOST_KNOWN = 10
"""Addresses from which somebody signed in to one account lately: so many are kept, each as a keyed hash."""


def count_login(email: str) -> None:
    """Count one guess at the password of this account, whether there is one or not.

    What is refused to one address that calls does not count against the account, so that one guesser alone cannot keep its
    owner out. Several together can, but for an address from which the owner signed in lately.

    Raises:
        TooManyRequests
    """
    known = is_known(email)
    count_recent(LOGIN_ADDRESS, by_address())
    count_recent(LOGIN_FROM_HERE, f"{email} {by_address()}")
    _count_together(LOGIN_ACCOUNT, email, known=known)


def count_new_password(whose: uuid.UUID) -> None:
    """Count one new password that is to be judged. `whose`: the mailed link or the account it is chosen for.

    Raises:
        TooManyRequests
    """
    count_recent(NEW_PASSWORD_ADDRESS, by_address())
    count_recent(NEW_PASSWORD, str(whose))


def count_mail(email: str) -> None:
    """Count one mail that somebody asks us to send to this address, whether it has an account or not.

    Raises:
        TooManyRequests
    """
    mailbox, known = mailbox_of(email), is_known(email)
    count_recent(MAIL_ADDRESS, by_address())
    count_recent(MAIL_FROM_HERE, f"{mailbox} {by_address()}")
    count_recent(MAIL_FROM_HERE_DAY, f"{mailbox} {by_address()}")
    _count_together(MAIL_ACCOUNT, mailbox, known=known)
    _count_together(MAIL_ACCOUNT_DAY, mailbox, known=known)


def is_known(email: str) -> bool:
    """Whether somebody signed in to this account from the address that calls, in the last 30 days."""
    with database().reading() as look:
        kept = look.scalar(select(Guesses.moments).where(Guesses.key == _key_of_known(email)))
    since = (now() - KNOWN_FOR).timestamp()
    return any(mark == _mark_of_caller(email) and at > since for mark, at in (kept or {}).get("from", ()))


def note_known(session: Session, email: str, moment: datetime) -> None:
    """Somebody has just signed in to this account from the address that calls."""
    key, mark, until = _key_of_known(email), _mark_of_caller(email), moment + KNOWN_FOR
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Guesses).values(key=key, moments={"from": []}, until=until)
    locked = row.on_conflict_do_update(index_elements=["key"], set_={"until": until}).returning(Guesses.moments)
    others = [one for one in session.scalars(locked).one()["from"] if one[0] != mark]
    kept = {"from": [*others, [mark, moment.timestamp()]][-MOST_KNOWN:]}
    session.execute(update(Guesses).where(Guesses.key == key).values(moments=kept))


def forget_known(session: Session, email: str) -> None:
    """Forget from where somebody signed in to this account."""
    session.execute(delete(Guesses).where(Guesses.key == _key_of_known(email)))


def count_recent(limit: Limit, subject: str) -> None:
    """Count one more, unless `limit.most` fell into the last `limit.seconds`. Call it before the request's session writes.

    Raises:
        TooManyRequests: it knows in how many seconds to try again.
    """
    moment, key = now(), _key(limit, subject)
    with database().reading() as look:  # what is refused anyway takes no write lock
        known = look.scalar(select(Guesses.moments).where(Guesses.key == key))
    wait = _wait(_recent(known, limit, moment), limit, moment)
    if wait is None:
        with database().writing() as session:
            wait = _count(session, key, limit, moment)
    if wait is not None:
        raise TooManyRequests(retry_after=wait)


def forget_guesses(session: Session, moment: datetime) -> None:
    """Delete what no limit asks for any more."""
    session.execute(delete(Guesses).where(Guesses.until < moment))


def _count(session: Session, key: str, limit: Limit, moment: datetime) -> int | None:
    """Count one, or say for how many seconds to wait. The row is locked from the first statement on."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    until = moment + timedelta(seconds=limit.seconds)
    row = insert(Guesses).values(key=key, moments={"at": []}, until=until)
    locked = row.on_conflict_do_update(index_elements=["key"], set_={"until": until}).returning(Guesses.moments)
    recent = _recent(session.scalars(locked).one(), limit, moment)
    wait = _wait(recent, limit, moment)
    if wait is not None:
        return wait
    kept = {"at": [*recent, moment.timestamp()]}
    session.execute(update(Guesses).where(Guesses.key == key).values(moments=kept))
    return None


def _recent(known: Document | None, limit: Limit, moment: datetime) -> list[float]:
    since = moment.timestamp() - limit.seconds
    return [at for at in (known or {"at": ()})["at"] if at > since]


def _wait(recent: Sequence[float], limit: Limit, moment: datetime) -> int | None:
    """In how many seconds there is one more; None when there is one now."""
    if len(recent) < limit.most:
        return None
    free_at = datetime.fromtimestamp(recent[-limit.most] + limit.seconds, UTC)
    return max(1, round((free_at - moment).total_seconds()))


def _count_together(limit: Limit, subject: str, *, known: bool) -> None:
    """Count one for all callers together. Whoever is known here goes on when the others have used it up: their own limits hold."""
    try:
        count_recent(limit, subject)
    except TooManyRequests:
        if not known:
            raise


def _key(limit: Limit, subject: str) -> str:
    return _keyed(f"{limit.name} {subject}")


def _key_of_known(email: str) -> str:
    return _keyed(f"signed in from {mailbox_of(email)}")


def _mark_of_caller(email: str) -> str:
    return _keyed(f"signed in from {mailbox_of(email)} {by_address()}")


def _keyed(text: str) -> str:
    return hmac.new(str(current_app.secret_key).encode(), text.encode(), hashlib.sha256).hexdigest()
