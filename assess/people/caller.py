"""Who is calling: the person signed in in this browser, if any. Rights are read anew for each request, never from the cookie.

A browser may at the same time hold visits (`assess.assessments.visits`), which are bearer rights without a name. What both together
allow is decided in `permissions.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import g
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from assess.kit.clock import now
from assess.kit.cookies import signed_in_token
from assess.kit.db import database
from assess.kit.tokens import hash_token
from assess.people.models import Desk, Membership, NameState, Organisation, Person, Role, SignedIn

IDLE = timedelta(minutes=60)
IDLE_AT_DESK = timedelta(minutes=30)
"""Coordinators and administrators see more, so they are signed out sooner."""
FRESH = timedelta(minutes=15)

_WHO = (
    select(
        SignedIn.id,
        SignedIn.person_id,
        SignedIn.second_step,
        SignedIn.proven_at,
        SignedIn.used_at,
        SignedIn.until,
        Person.email,
        Person.name,
        Person.desk,
        Membership.organisation_id,
        Membership.role,
        Organisation.name_state,
    )
    .join(Person, Person.id == SignedIn.person_id)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .where(SignedIn.token_hash == bindparam("token_hash"), SignedIn.until > bindparam("moment"))
    .where(Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
)
"""A browser and its person, once for each role they hold, or once without any: every page asks for all of it, so it is one statement."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody signed in, as a request may use it. `roles` by organisation. `proven_at`: when they last proved who they are."""

    id: uuid.UUID
    email: str
    name: str
    desk: Desk | None
    roles: Mapping[uuid.UUID, frozenset[Role]]
    signed_in_id: uuid.UUID
    second_step: bool
    proven_at: datetime
    used_at: datetime | None = None
    """When this browser was last noted as used."""
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
        """Whether they have any role there."""
        return organisation_id is not None and bool(self.roles.get(organisation_id))

    @property
    def idle(self) -> timedelta:
        """How long they may do nothing before they are signed out."""
        return IDLE_AT_DESK if self.desk else IDLE

    def proven_lately(self, moment: datetime) -> bool:
        """Whether a grave act may be done without proving it again."""
        return moment < self.proven_at + FRESH


def caller() -> Caller | None:
    """Who is signed in in this browser; None for everybody else. Read once for a request."""
    if "caller" not in g:
        token = signed_in_token()
        if token is None:
            g.caller = None
        else:
            with database().reading() as look:
                g.caller = find_caller(look, token, now())
    return cast("Caller | None", g.caller)


def caller_id() -> uuid.UUID | None:
    """The id of whoever is signed in in this browser."""
    who = caller()
    return None if who is None else who.id


def person_of_this_browser() -> str | None:
    """Whoever is signed in in this browser, as limits count them."""
    who = caller_id()
    return None if who is None else str(who)


def forget_caller() -> None:
    """Look again: this request has just changed who is signed in or what they may do."""
    g.pop("caller", None)


def find_caller(session: Session, token: str, moment: datetime) -> Caller | None:
    """The person of this token, unless they are signed out, idle for too long, disabled or not confirmed."""
    rows = session.execute(_WHO, {"token_hash": hash_token(token), "moment": moment}).all()
    if not rows:
        return None
    here = rows[0]
    if moment >= here.used_at + (IDLE_AT_DESK if here.desk else IDLE):
        return None
    held: dict[uuid.UUID, set[Role]] = {}
    for row in rows:
        if row.role is not None:
            held.setdefault(row.organisation_id, set()).add(row.role)
    return Caller(
        id=here.person_id,
        email=here.email,
        name=here.name,
        desk=here.desk,
        roles={organisation_id: frozenset(roles) for organisation_id, roles in held.items()},
        signed_in_id=here.id,
        second_step=here.second_step,
        proven_at=here.proven_at,
        used_at=here.used_at,
        until=here.until,
        suspended=frozenset(row.organisation_id for row in rows if row.name_state is NameState.SUSPENDED),
    )
