"""One-click unsubscribe (RFC 8058): signed links made from the mailbox alone, and the page they open."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import abort, current_app, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import settings_of
from assess.core.db import database, dialect_insert, request_session
from assess.core.errors import ErrorText, error_page
from assess.core.forms.form import pressed
from assess.core.mail.addresses import normalise_mailbox
from assess.core.models import EmailUnsubscribe
from assess.core.rate_limits import Limit, enforce_limit

_HASH_DIGITS, _SIGNATURE_DIGITS = 64, 32
"""Hexadecimal digits of the two parts of a token."""


@dataclass(frozen=True, slots=True)
class MailKind:
    """One kind of mail that can be ended. `path` is where its links lead, before the token; `when` it comes, to the end of a sentence.

    `secrets` are all keys that are honoured: a person may have ended it, or have a mail, from the time of an earlier one.
    """

    name: str
    path: str
    when: str

    def unsubscribe_path(self, address: str, secret: str) -> str:
        mark = self._mark(address, secret)
        return f"{self.path}{mark}{self._seal(mark, secret)}"

    def mailbox_hash_in(self, token: str, secrets: Iterable[str]) -> str | None:
        """The mailbox that a token is about, as its mark; None when it is of none of these keys."""
        mark, seal = token[:_HASH_DIGITS], token[_HASH_DIGITS:].encode()
        ours = any(hmac.compare_digest(seal, self._seal(mark, secret).encode()) for secret in secrets)
        return mark if ours else None

    def stop(self, session: Session, mark: str, now: datetime) -> None:
        """No more of these. Stopping twice changes nothing."""
        session.execute(
            dialect_insert(session, EmailUnsubscribe).values(kind=self.name, mark=mark, at=now).on_conflict_do_nothing()
        )

    def is_stopped(self, session: Session, address: str, secrets: Iterable[str]) -> bool:
        marks = [self._mark(address, secret) for secret in secrets]
        found = select(EmailUnsubscribe.mark).where(
            EmailUnsubscribe.kind == self.name, EmailUnsubscribe.mark.in_(marks)
        )
        return session.scalars(found).first() is not None

    def _mark(self, address: str, secret: str) -> str:
        return _keyed_hash(secret, f"{self.name} to {normalise_mailbox(address)}")

    def _seal(self, mark: str, secret: str) -> str:
        return _keyed_hash(secret, f"stop {self.name} to {mark}")[:_SIGNATURE_DIGITS]


def _keyed_hash(secret: str, words: str) -> str:
    return hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()


UNSUBSCRIBE_LIMIT = Limit("unsubscribe", 30, 60)
"""For each mailbox, never for a machine that calls: one machine of a mail company presses for all its people."""
INVALID_LINK = ErrorText(
    "No email comes from this link",
    ("A part of the address is missing.", "If emails still come, open the link at the foot of the newest one."),
)


def unsubscribe_page(kind: MailKind, token: str) -> str | Response:
    """The button, or that it was pressed already. `token`: the end of a link of this kind of mail."""
    mark = kind.mailbox_hash_in(token, settings_of(current_app).honoured_keys)
    if mark is None:
        return error_page(404, INVALID_LINK)
    with database().reading() as session:
        stopped = session.get(EmailUnsubscribe, (kind.name, mark)) is not None
    return render_template("core/unsubscribe.html", when=kind.when, stopped=stopped)


def unsubscribe(kind: MailKind, token: str) -> str | Response:
    """No more of these to the mailbox of this token, which is all it takes: a mail program that sends this has no form of ours.

    The answer is a page and no redirect, because programs that press the button do not follow one (RFC 8058, 3.1).
    """
    require_one_click()
    mark = kind.mailbox_hash_in(token, settings_of(current_app).honoured_keys)
    if mark is None:
        return error_page(404, INVALID_LINK)
    enforce_limit(UNSUBSCRIBE_LIMIT, f"{kind.name} {mark}")
    kind.stop(request_session(), mark, clock.now())
    return render_template("core/unsubscribe.html", when=kind.when, stopped=True)


def require_one_click() -> None:
    """See that the form holds the field that mail programs send (RFC 8058, 3.2). Raises `HTTPException` (400)."""
    if pressed("List-Unsubscribe") != "One-Click":
        abort(400)
