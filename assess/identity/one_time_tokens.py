"""One-time links (confirm, sign in, reset, join): issue, find, use and revoke. Only the hash of a token is stored."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, update
from sqlalchemy.orm import Session

from assess.core.links import LinkUnknownError, find_link, hash_token, looks_like_token, new_token
from assess.identity.models import OneTimeToken

KEEP_WHEN_USED = frozenset({"share"})
"""Kinds whose used link still shows its owner the way to what it opened, until its time is up."""


def issue_token(
    session: Session,
    kind: str,
    email: str,
    now: datetime,
    *,
    lasts: timedelta,
    person_id: uuid.UUID | None = None,
    about: uuid.UUID | None = None,
    not_audited: bool = False,
) -> str:
    """Make a link of this kind and return its token, which is kept nowhere else. Earlier ones of the same kind and aim end.

    `not_audited`: it is a part of what is asked for next, and no deed of its own for the audit log.
    """
    session.execute(
        delete(OneTimeToken).where(
            OneTimeToken.kind == kind,
            OneTimeToken.email == email,
            OneTimeToken.about.is_(None) if about is None else OneTimeToken.about == about,
        ),
        execution_options={"not_audited": not_audited},
    )
    token = new_token()
    session.execute(
        insert(OneTimeToken).values(
            token_hash=hash_token(token),
            kind=kind,
            email=email,
            person_id=person_id,
            about=about,
            made_at=now,
            until=now + lasts,
        ),
        execution_options={"not_audited": not_audited},
    )
    return token


def find_token(session: Session, kind: str, token: str, now: datetime) -> OneTimeToken:
    """The link of this token, untouched: for the page with the button. Raises `LinkUnknownError`."""
    return _find_one(session, kind, token, now, OneTimeToken.used_at.is_(None))


def find_used_token(session: Session, kind: str, token: str, now: datetime) -> OneTimeToken:
    """The link of this token that was used up, while its time is not. It opens nothing any more. Raises `LinkUnknownError`."""
    return _find_one(session, kind, token, now, OneTimeToken.used_at.is_not(None))


def use_token(session: Session, kind: str, token: str, now: datetime) -> OneTimeToken:
    """Use the link up. Of many at once exactly one gets it. Raises `LinkUnknownError` for all others."""
    if not looks_like_token(token):
        raise LinkUnknownError
    used = session.scalars(
        update(OneTimeToken)
        .where(OneTimeToken.token_hash == hash_token(token), OneTimeToken.kind == kind)
        .where(OneTimeToken.used_at.is_(None), OneTimeToken.until > now)
        .values(used_at=now)
        .returning(OneTimeToken)
    ).first()
    if used is None:
        raise LinkUnknownError
    return used


def revoke_tokens(session: Session, kind: str, *, about: uuid.UUID) -> None:
    """End every link of this kind about this: after an invitation is taken back."""
    session.execute(delete(OneTimeToken).where(OneTimeToken.kind == kind, OneTimeToken.about == about))


def delete_expired_tokens(session: Session, now: datetime) -> None:
    session.execute(
        delete(OneTimeToken).where(
            (OneTimeToken.until < now) | (OneTimeToken.used_at.is_not(None) & OneTimeToken.kind.not_in(KEEP_WHEN_USED))
        )
    )


def _find_one(session: Session, kind: str, token: str, now: datetime, state: ColumnElement[bool]) -> OneTimeToken:
    living = (OneTimeToken.kind == kind, OneTimeToken.until > now, state)
    return find_link(session, OneTimeToken, OneTimeToken.token_hash, token, *living)
