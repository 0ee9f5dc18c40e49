"""Links with a secret token, whatever they lead to: found by the hash of it, dead once ended or over, one page for all that do not work.

Only the hash of a token is stored, so it can be shown once, and looking one up takes the same time whether it is nearly right or not at all.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

LinkRow = TypeVar("LinkRow")


class LinkUnknownError(Exception):
    """No such link, or no more, or used: all look alike."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made. The token is in no other place: show it now."""

    id: uuid.UUID
    token: str


def new_token() -> str:
    """256 random bits as 43 letters that are safe in an address."""
    return secrets.token_urlsafe(32)


def looks_like_token(text: str) -> bool:
    """Whether this could be one of ours, so that nonsense costs no look-up."""
    return re.fullmatch(r"[A-Za-z0-9_-]{43}", text) is not None


def hash_token(token: str) -> str:
    """What is stored of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


class EndingLink(Protocol):
    """A link that ends by itself, or before."""

    @property
    def ended_at(self) -> datetime | None: ...

    @property
    def until(self) -> datetime: ...


def link_works(link: EndingLink, now: datetime) -> bool:
    return link.ended_at is None and now < link.until


def find_link(
    session: Session,
    model: type[LinkRow],
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    token: str,
    *conditions: ColumnElement[bool],
    lock: bool = False,
) -> LinkRow:
    """The row with the hash of this token in that column. Opens and counts nothing. Raises LinkUnknownError."""
    if not looks_like_token(token):
        raise LinkUnknownError
    wanted = select(model).where(column == hash_token(token), *conditions)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).first()
    if found is None:
        raise LinkUnknownError
    return found


def lock_link(session: Session, model: type[LinkRow], link_id: uuid.UUID) -> LinkRow:
    """The row as it is now: nobody else changes it before this transaction is over. Raises LinkUnknownError."""
    found = session.get(model, link_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise LinkUnknownError
    return found
