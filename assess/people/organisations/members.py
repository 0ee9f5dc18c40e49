"""Who does what in an organisation: changed, removed, left. There is always one manager, and what changes counts at the next request."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.people.models import Membership, Organisation, Person, Role
from assess.people.organisations.names import note_belongs, see_domains_held
from assess.people.organisations.separation import hold, see_may_take

WORDS: Mapping[Role, str] = {
    Role.MANAGER: "Manager",
    Role.RESPONDENT: "Answers and follows the plan",
    Role.SIGNER: "Signs off",
    Role.BUYER: "Buyer",
}
HINTS: Mapping[Role, str] = {
    Role.MANAGER: "Invites and removes people, shares plans and deletes. Can open everything the organisation answers.",
    Role.RESPONDENT: "Answers the questions and follows the plan.",
    Role.SIGNER: "Reads everything and signs off.",
    Role.BUYER: "Keeps the list of suppliers, asks them, and looks at what they share. Sees nothing the organisation answers itself.",
}


class LastManagerError(Exception):
    """Nobody would be left who can manage the organisation."""


class MemberUnknownError(Exception):
    """They do nothing in this organisation."""


def lock(session: Session, organisation_id: uuid.UUID) -> Organisation | None:
    """The organisation, held until this transaction ends: two managers who remove each other do so one after the other."""
    wanted = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def roles_of(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID) -> frozenset[Role]:
    """What somebody does there; nothing for a stranger."""
    return frozenset(
        session.scalars(
            select(Membership.role).where(
                Membership.organisation_id == organisation_id, Membership.person_id == person_id
            )
        )
    )


def change_roles(
    session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: frozenset[Role], now: datetime
) -> None:
    """Have somebody who is a member do exactly this.

    Raises:
        MemberUnknownError, LastManagerError
        MixedError: when they have a desk here and are to buy.
    """
    organisation = lock(session, organisation_id)
    person = hold(session, person_id)
    before = roles_of(session, organisation_id, person_id)
    if not before or person is None:
        raise MemberUnknownError
    see_may_take(person, roles)
    if Role.MANAGER in before - roles:
        _see_another_manages(session, organisation_id, person_id)
    _give(session, organisation_id, person_id, roles - before, now)
    _take(session, organisation_id, person_id, before - roles)
    if organisation is not None and Role.MANAGER in before - roles:
        see_domains_held(session, organisation, now)


def give_roles(
    session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: frozenset[Role], now: datetime
) -> None:
    """Have somebody do this as well as what they do already; they may be new.

    Raises:
        MemberUnknownError: when there is no such person any more.
        MixedError: as for `change_roles`.
    """
    lock(session, organisation_id)
    person = hold(session, person_id)
    if person is None:
        raise MemberUnknownError
    see_may_take(person, roles)
    _give(session, organisation_id, person_id, roles - roles_of(session, organisation_id, person_id), now)


def remove(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> None:
    """Have somebody do nothing there any more, whether they leave or are removed. What they answered stays.

    Raises:
        MemberUnknownError, LastManagerError
    """
    organisation = lock(session, organisation_id)
    before = roles_of(session, organisation_id, person_id)
    if not before:
        raise MemberUnknownError
    if Role.MANAGER in before:
        _see_another_manages(session, organisation_id, person_id)
    _take(session, organisation_id, person_id, before)
    if organisation is not None and Role.MANAGER in before:
        see_domains_held(session, organisation, now)


def _see_another_manages(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """A disabled manager manages nothing, so does not count."""
    others = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, Membership.role == Role.MANAGER)
        .where(Membership.person_id != person_id, Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
    )
    if not others:
        raise LastManagerError


def _give(
    session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: frozenset[Role], now: datetime
) -> None:
    for role in sorted(roles):
        session.add(Membership(organisation_id=organisation_id, person_id=person_id, role=role, made_at=now))
    note_belongs(session, organisation_id, session.get_one(Person, person_id))
    session.flush()


def _take(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: frozenset[Role]) -> None:
    for row in session.scalars(
        select(Membership).where(
            Membership.organisation_id == organisation_id, Membership.person_id == person_id, Membership.role.in_(roles)
        )
    ):
        session.delete(row)
    session.flush()
