"""The last link of mail to somebody without an account: one press, and no more mail of that kind comes to the mailbox.

The link is made of the mailbox, so that nothing is kept until somebody presses. What is kept then is a keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.mail.addresses import mailbox_of
from assess.kit.mail.models import Unsubscribed

_MARK, _SEAL = 64, 32
"""Hexadecimal digits of the two parts of a token."""


@dataclass(frozen=True, slots=True)
class MailKind:
    """One kind of mail that can be ended. `path` is where its links lead, before the token; `when` it comes, to the end of a sentence.

    `secrets` are all keys that are honoured: somebody may have ended it, or have a mail, from the time of an earlier one.
    """

    name: str
    path: str
    when: str

    def stop_path(self, address: str, secret: str) -> str:
        """Where the last link of a mail to this address leads."""
        mark = self._mark(address, secret)
        return f"{self.path}{mark}{self._seal(mark, secret)}"

    def mark_in(self, token: str, secrets: Iterable[str]) -> str | None:
        """The mailbox that a token is about, as its mark; None when it is of none of these keys."""
        mark, seal = token[:_MARK], token[_MARK:].encode()
        ours = any(hmac.compare_digest(seal, self._seal(mark, secret).encode()) for secret in secrets)
        return mark if ours else None

    def stop(self, session: Session, mark: str, now: datetime) -> None:
        """No more of these. Stopping twice changes nothing."""
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(Unsubscribed).values(kind=self.name, mark=mark, at=now).on_conflict_do_nothing())

    def has_stopped(self, session: Session, mark: str) -> bool:
        """Whether the mailbox of this mark wants no more of these."""
        return session.get(Unsubscribed, (self.name, mark)) is not None

    def is_stopped(self, session: Session, address: str, secrets: Iterable[str]) -> bool:
        """Whether this mailbox wants no more of these."""
        marks = [self._mark(address, secret) for secret in secrets]
        found = select(Unsubscribed.mark).where(Unsubscribed.kind == self.name, Unsubscribed.mark.in_(marks))
        return session.scalars(found).first() is not None

    def _mark(self, address: str, secret: str) -> str:
        return _keyed(secret, f"{self.name} to {mailbox_of(address)}")

    def _seal(self, mark: str, secret: str) -> str:
        return _keyed(secret, f"stop {self.name} to {mark}")[:_SEAL]


def _keyed(secret: str, words: str) -> str:
    return hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()
