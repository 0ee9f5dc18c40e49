"""An organisation and its sites: begun, named, listed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from assess.kit.db import Base
from assess.people.models import Membership, Organisation, Person, Role, Site
from assess.people.organisations.names import note_belongs

MOST_SITES = 500


class SiteInUseError(Exception):
    """Something belongs to this site."""


class SiteUnknownError(Exception):
    """There is no such site in this organisation."""


class SiteTwiceError(Exception):
    """The organisation has a site of this name."""


class TooManySitesError(Exception):
    """An organisation has no more sites than that."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody and what they do in an organisation, as its pages show them."""

    id: uuid.UUID
    email: str
    name: str
    roles: frozenset[Role]

    @property
    def shown(self) -> str:
        """How they are called there."""
        return self.name or self.email


def begin(session: Session, name: str, number: str | None, person_id: uuid.UUID, now: datetime) -> Organisation:
    """Begin an organisation. Whoever does becomes its manager, and may answer for it."""
    organisation = Organisation(name=name, company_number=number, made_at=now)
    session.add(organisation)
    session.flush()
    for role in (Role.MANAGER, Role.RESPONDENT):
        session.add(Membership(organisation_id=organisation.id, person_id=person_id, role=role, made_at=now))
    note_belongs(session, organisation.id, session.get_one(Person, person_id))
    session.flush()
    return organisation


def organisations_of(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[Organisation]:
    """These organisations, by name."""
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def members(session: Session, organisation_id: uuid.UUID) -> Sequence[Member]:
    """Everybody who does something there, by address."""
    found: dict[uuid.UUID, tuple[Person, set[Role]]] = {}
    rows = session.execute(
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.email)
    )
    for person, role in rows:
        found.setdefault(person.id, (person, set()))[1].add(role)
    return [Member(person.id, person.email, person.name, frozenset(roles)) for person, roles in found.values()]


def sites(session: Session, organisation_id: uuid.UUID) -> Sequence[Site]:
    """The sites of an organisation, by name."""
    return session.scalars(
        select(Site).where(Site.organisation_id == organisation_id).order_by(func.lower(Site.name), Site.id)
    ).all()


def add_site(session: Session, organisation_id: uuid.UUID, name: str, now: datetime) -> Site:
    """Add a site.

    Raises:
        SiteTwiceError, TooManySitesError
    """
    there = sites(session, organisation_id)
    if len(there) >= MOST_SITES:
        raise TooManySitesError
    _see_no_other(there, name)
    site = Site(organisation_id=organisation_id, name=name, made_at=now)
    session.add(site)
    session.flush()
    return site


def rename_site(session: Session, organisation_id: uuid.UUID, site_id: uuid.UUID, name: str) -> None:
    """Call a site otherwise.

    Raises:
        SiteUnknownError, SiteTwiceError
    """
    site = site_of(session, organisation_id, site_id)
    _see_no_other([other for other in sites(session, organisation_id) if other.id != site_id], name)
    site.name = name


def remove_site(session: Session, organisation_id: uuid.UUID, site_id: uuid.UUID) -> None:
    """Remove a site that nothing belongs to.

    Raises:
        SiteUnknownError, SiteInUseError
    """
    site = site_of(session, organisation_id, site_id)
    if is_in_use(session, site_id):
        raise SiteInUseError
    session.delete(site)
    session.flush()


def site_of(session: Session, organisation_id: uuid.UUID, site_id: uuid.UUID) -> Site:
    """The site, if it is one of this organisation.

    Raises:
        SiteUnknownError
    """
    found = session.scalars(select(Site).where(Site.id == site_id, Site.organisation_id == organisation_id)).first()
    if found is None:
        raise SiteUnknownError
    return found


def is_in_use(session: Session, site_id: uuid.UUID) -> bool:
    """Whether a row of any table belongs to this site: what the rooms above keep is not known by name here."""
    return any(
        session.scalar(select(exists().where(key.parent == site_id)))
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == f"{Site.__tablename__}.id"
    )


def words_of(roles: frozenset[Role], words: Mapping[Role, str]) -> list[str]:
    """The words for these roles, always in the same order."""
    return [words[role] for role in Role if role in roles]


def _see_no_other(there: Sequence[Site], name: str) -> None:
    if any(site.name.casefold() == name.casefold() for site in there):
        raise SiteTwiceError
