"""What an administrator may do with accounts: find them, disable and enable them, sign them out everywhere."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.people.accounts import mails
from assess.people.accounts.browsers import end_all
from assess.people.accounts.people import end_links, tell_desks
from assess.people.administration.desks import PersonUnknownError, giver_of
from assess.people.administration.paging import Listed, Wanted, listed
from assess.people.models import Desk, Membership, Organisation, Person, Role, SignedIn
from assess.people.organisations.names import managed_by, see_domains_held


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody as an administrator sees them: no secret, and nothing of what their organisations answered."""

    id: uuid.UUID
    email: str
    name: str
    desk: Desk | None
    made_at: datetime
    confirmed: bool
    disabled: bool
    browsers: int
    roles: Sequence[tuple[uuid.UUID, str, frozenset[Role]]]
    """Organisation, its name, and what they do there."""


def find_people(session: Session, wanted: Wanted) -> Listed[Person]:
    """People whose address or name holds these words, by address."""
    statement = select(Person).order_by(Person.email)
    if wanted.words:
        fits = Person.email.icontains(wanted.words, autoescape=True) | Person.name.icontains(
            wanted.words, autoescape=True
        )
        statement = statement.where(fits)
    return listed(session, statement, wanted.page)


def see_person(session: Session, person_id: uuid.UUID, now: datetime) -> Seen:
    """One of them.

    Raises:
        PersonUnknownError
    """
    person = session.get(Person, person_id)
    if person is None:
        raise PersonUnknownError
    browsers = session.scalar(
        select(func.count()).select_from(SignedIn).where(SignedIn.person_id == person_id, SignedIn.until > now)
    )
    held: dict[tuple[str, uuid.UUID], set[Role]] = {}
    for name, organisation_id, role in session.execute(
        select(Organisation.name, Organisation.id, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id)
    ):
        held.setdefault((name, organisation_id), set()).add(role)
    return Seen(
        id=person.id,
        email=person.email,
        name=person.name,
        desk=person.desk,
        made_at=person.made_at,
        confirmed=person.confirmed_at is not None,
        disabled=person.disabled_at is not None,
        browsers=browsers or 0,
        roles=[(organisation_id, name, frozenset(roles)) for (name, organisation_id), roles in sorted(held.items())],
    )


def disable(session: Session, person_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """From the next request on the account opens nothing; links that were sent to it are dead. Of a desk all who have one are told.

    Raises:
        PersonUnknownError
    """
    person = _person(session, person_id)
    if person.disabled_at is None and person.desk is not None:
        tell_desks(session, person, mails.desk_taken(person.email, session.get_one(Person, by).email), now)
    person.disabled_at = person.disabled_at or now
    end_all(session, person_id)
    end_links(session, person_id, now)
    session.flush()
    for organisation in managed_by(session, person_id):
        see_domains_held(session, organisation, now)


def enable(session: Session, person_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """It opens again what it opened before, once they have signed in. A desk counts as given anew: nobody has looked after it.

    Raises:
        PersonUnknownError
    """
    person = _person(session, person_id)
    if person.disabled_at is not None and person.desk is not None:
        person.desk_given_at, person.desk_given_by = now, giver_of(session, person, by)
        tell_desks(session, person, mails.desk_given(person.email, person.desk, session.get_one(Person, by).email), now)
    person.disabled_at = None
    session.flush()


def sign_out_everywhere(session: Session, person_id: uuid.UUID) -> None:
    """End every browser in which they are signed in."""
    end_all(session, person_id)


def _person(session: Session, person_id: uuid.UUID) -> Person:
    found = session.get(Person, person_id, with_for_update=True)
    if found is None:
        raise PersonUnknownError
    return found
