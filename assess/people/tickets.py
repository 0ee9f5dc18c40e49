"""Links that act once: made, found without being used up, and used up by exactly one POST, however many come at once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from assess.kit.tokens import hash_token, looks_like_token, new_token
from assess.people.models import Ticket

KEPT_WHEN_USED = frozenset({"share"})
"""Kinds whose used link still shows its owner the way to what it opened, until its time is up."""


class TicketUnknownError(Exception):
    """No such link, or used, or its time is up: all look alike."""


def issue(
    session: Session,
    kind: str,
    email: str,
    now: datetime,
    *,
    lasts: timedelta,
    person_id: uuid.UUID | None = None,
    about: uuid.UUID | None = None,
    keeps_books: bool = False,
) -> str:
    """Make a link of this kind and return its token, which is kept nowhere else. Earlier ones of the same kind and aim end.

    `keeps_books`: it is a part of what is asked for next, and no deed of its own for the audit log.
    """
    session.execute(
        delete(Ticket).where(
            Ticket.kind == kind,
            Ticket.email == email,
            Ticket.about.is_(None) if about is None else Ticket.about == about,
        ),
        execution_options={"keeps_books": keeps_books},
    )
    token = new_token()
    session.execute(
        insert(Ticket).values(
            token_hash=hash_token(token),
            kind=kind,
            email=email,
            person_id=person_id,
            about=about,
            made_at=now,
            until=now + lasts,
        ),
        execution_options={"keeps_books": keeps_books},
    )
    return token


def find(session: Session, kind: str, token: str, now: datetime) -> Ticket:
    """The link of this token, untouched: for the page with the button.

    Raises:
        TicketUnknownError
    """
    return _one(session, kind, token, now, Ticket.used_at.is_(None))


def find_used(session: Session, kind: str, token: str, now: datetime) -> Ticket:
    """The link of this token that was used up, while its time is not. It opens nothing any more.

    Raises:
        TicketUnknownError
    """
    return _one(session, kind, token, now, Ticket.used_at.is_not(None))


def use(session: Session, kind: str, token: str, now: datetime) -> Ticket:
    """Use the link up. Of many at once exactly one gets it.

    Raises:
        TicketUnknownError: for all others.
    """
    if not looks_like_token(token):
        raise TicketUnknownError
    used = session.scalars(
        update(Ticket)
        .where(Ticket.token_hash == hash_token(token), Ticket.kind == kind)
        .where(Ticket.used_at.is_(None), Ticket.until > now)
        .values(used_at=now)
        .returning(Ticket)
    ).first()
    if used is None:
        raise TicketUnknownError
    return used


def end_all(session: Session, kind: str, *, about: uuid.UUID) -> None:
    """End every link of this kind about this: after an invitation is taken back."""
    session.execute(delete(Ticket).where(Ticket.kind == kind, Ticket.about == about))


def forget_old(session: Session, now: datetime) -> None:
    """Delete what is used up or over."""
    session.execute(
        delete(Ticket).where((Ticket.until < now) | (Ticket.used_at.is_not(None) & Ticket.kind.not_in(KEPT_WHEN_USED)))
    )


def _one(session: Session, kind: str, token: str, now: datetime, state: ColumnElement[bool]) -> Ticket:
    if not looks_like_token(token):
        raise TicketUnknownError
    found = session.scalars(
        select(Ticket).where(Ticket.token_hash == hash_token(token), Ticket.kind == kind, Ticket.until > now, state)
    ).first()
    if found is None:
        raise TicketUnknownError
    return found
