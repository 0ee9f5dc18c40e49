"""The person signed in in this browser, with roles, read from the database once per request."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import g
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.db import database
from assess.core.links import hash_token
from assess.core.security import login_session_token
from assess.identity.models import LoginSession, Membership, NameState, Organisation, Person, Role, StaffRole

IDLE_TIMEOUT = timedelta(minutes=60)
STAFF_IDLE_TIMEOUT = timedelta(minutes=30)
"""Coordinators and administrators see more, so they are signed out sooner."""
REAUTHENTICATION_LIFETIME = timedelta(minutes=15)

_USER_BY_TOKEN = (
    select(
        LoginSession.id,
        LoginSession.person_id,
        LoginSession.second_step,
        LoginSession.proven_at,
        LoginSession.used_at,
        LoginSession.until,
        Person.email,
        Person.name,
        Person.desk,
        Membership.organisation_id,
        Membership.role,
        Organisation.name_state,
    )
    .join(Person, Person.id == LoginSession.person_id)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.until > bindparam("now"))
    .where(Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
)
"""A browser and its person, once for each role they hold, or once without any: every page asks for all of it, so it is one statement."""


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """A person who is signed in, as a request may use it. `roles` by organisation. `proven_at`: when they last proved who they are."""

    id: uuid.UUID
    email: str
    name: str
    staff_role: StaffRole | None
    roles: Mapping[uuid.UUID, frozenset[Role]]
    signed_in_id: uuid.UUID
    second_step: bool
    proven_at: datetime
    used_at: datetime | None = None
    until: datetime | None = None
    """When it is signed out whatever happens."""
    suspended: frozenset[uuid.UUID] = frozenset()
    """Organisations of theirs whose name is suspended: nobody buys for these."""

    def has(self, role: Role, organisation_id: uuid.UUID | None) -> bool:
        """Whether they have this role there, and it counts at this moment."""
        if role is Role.BUYER and organisation_id in self.suspended:
            return False
        return organisation_id is not None and role in self.roles.get(organisation_id, frozenset())

    def in_organisation(self, organisation_id: uuid.UUID | None) -> bool:
        return organisation_id is not None and bool(self.roles.get(organisation_id))

    @property
    def idle(self) -> timedelta:
        """How long they may do nothing before they are signed out."""
        return STAFF_IDLE_TIMEOUT if self.staff_role else IDLE_TIMEOUT

    def proved_recently(self, now: datetime) -> bool:
        """Whether a grave act may be done without proving it again."""
        return now < self.proven_at + REAUTHENTICATION_LIFETIME


def current_user() -> CurrentUser | None:
    """Who is signed in in this browser; None for everybody else. Read once for a request."""
    if "caller" not in g:
        token = login_session_token()
        if token is None:
            g.caller = None
        else:
            with database().reading() as session:
                g.caller = load_user(session, token, clock.now())
    return cast("CurrentUser | None", g.caller)


def current_user_id() -> uuid.UUID | None:
    who = current_user()
    return None if who is None else who.id


def current_user_subject() -> str | None:
    """The person signed in in this browser, as limits count them."""
    who = current_user_id()
    return None if who is None else str(who)


def reset_current_user() -> None:
    """Look again: this request has just changed who is signed in or what they may do."""
    g.pop("caller", None)


def load_user(session: Session, token: str, now: datetime) -> CurrentUser | None:
    """The person of this token, unless they are signed out, idle for too long, disabled or not confirmed."""
    rows = session.execute(_USER_BY_TOKEN, {"token_hash": hash_token(token), "now": now}).all()
    if not rows:
        return None
    here = rows[0]
    if now >= here.used_at + (STAFF_IDLE_TIMEOUT if here.desk else IDLE_TIMEOUT):
        return None
    held: dict[uuid.UUID, set[Role]] = {}
    for row in rows:
        if row.role is not None:
            held.setdefault(row.organisation_id, set()).add(row.role)
    return CurrentUser(
        id=here.person_id,
        email=here.email,
        name=here.name,
        staff_role=here.desk,
        roles={organisation_id: frozenset(roles) for organisation_id, roles in held.items()},
        signed_in_id=here.id,
        second_step=here.second_step,
        proven_at=here.proven_at,
        used_at=here.used_at,
        until=here.until,
        suspended=frozenset(row.organisation_id for row in rows if row.name_state is NameState.SUSPENDED),
    )
