"""Finding, making, changing and disabling people. An address is kept in small letters and means one account."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.mail.addresses import fit_address
from assess.people.accounts import mails
from assess.people.accounts.browsers import end_all
from assess.people.models import LONGEST_NAME, Desk, Membership, Organisation, Person, Role, Ticket
from assess.people.organisations.names import managed_by, note_address, see_domains_held


class PersonUnknownError(Exception):
    """Nobody has an account with this address."""


class BuyerAtDeskError(Exception):
    """Whoever looks for a buyer at what businesses share may have no desk over them (decisions.md 7.9)."""


class AddressTakenError(Exception):
    """Another account has this address."""


def account_address(typed: str) -> str:
    """The address as accounts keep it: in small letters, without spaces around it.

    Raises:
        AddressUnfitError: when it is none.
    """
    return fit_address(typed).casefold()


def fit_name(typed: str) -> str:
    """A name on one line, at most 120 characters; empty when there is none."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())[:LONGEST_NAME]


def find_person(session: Session, email: str) -> Person | None:
    """Whoever has this address, disabled or not. `email` as `account_address` gives it."""
    return session.scalars(select(Person).where(Person.email == email)).first()


def make_person(
    session: Session, email: str, now: datetime, *, name: str = "", password_hash: str | None = None
) -> Person:
    """Make an account for an address that its owner has just proved to read.

    Raises:
        AddressTakenError: somebody has it already, or gets it at this moment.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Person).values(
        id=uuid.uuid4(), email=email, name=fit_name(name), password_hash=password_hash, made_at=now, confirmed_at=now
    )
    made = session.scalars(row.on_conflict_do_nothing(index_elements=["email"]).returning(Person)).first()
    if made is None:
        raise AddressTakenError
    return made


def change_email(session: Session, person_id: uuid.UUID, email: str, now: datetime) -> None:
    """Give an account another address that its owner has just proved to read.

    Raises:
        AddressTakenError: another account has it.
    """
    taken = find_person(session, email)
    if taken is not None and taken.id != person_id:
        raise AddressTakenError
    session.execute(update(Person).where(Person.id == person_id).values(email=email))
    note_address(session, session.get_one(Person, person_id, populate_existing=True))
    for organisation in managed_by(session, person_id):
        see_domains_held(session, organisation, now)


def appoint(session: Session, person_id: uuid.UUID, desk: Desk, now: datetime) -> None:
    """Give somebody a desk, as was decided at the machine. Whoever is signed in has to sign in anew, for a desk has other times.

    The first of an installation counts as having it for long: there is nobody yet who could look after them.

    Raises:
        BuyerAtDeskError
    """
    if buys(session, person_id):
        raise BuyerAtDeskError
    person = session.get_one(Person, person_id)
    if person.desk is not desk:
        others = session.scalar(select(exists().where(Person.desk.is_not(None), Person.id != person_id)))
        person.desk, person.desk_given_at, person.desk_given_by = desk, now if others else None, None
        tell_desks(session, person, mails.desk_given(person.email, desk, None), now)
    end_all(session, person_id)
    session.flush()


def tell_desks(session: Session, about: Person, letter: mails.Letter, now: datetime) -> None:
    """Write to everybody with a desk, and to whom it is about."""
    session.flush()
    desks = select(Person).where(
        Person.desk.is_not(None), Person.disabled_at.is_(None), Person.confirmed_at.is_not(None)
    )
    for address in sorted({about.email, *(one.email for one in session.scalars(desks))}):
        mails.send(session, address, letter, now)


def buys(session: Session, person_id: uuid.UUID) -> bool:
    """Whether they look for some organisation at what others shared."""
    wanted = select(Membership.id).where(Membership.person_id == person_id, Membership.role == Role.BUYER)
    return session.scalars(wanted).first() is not None


def disable(session: Session, email: str, now: datetime) -> None:
    """From now on this account opens nothing: its browsers are signed out, its links are void. What it holds is kept.

    Raises:
        PersonUnknownError
    """
    person = find_person(session, email)
    if person is None:
        raise PersonUnknownError
    person.disabled_at = person.disabled_at or now
    end_all(session, person.id)
    end_links(session, person.id, now)
    session.flush()
    for organisation in managed_by(session, person.id):
        see_domains_held(session, organisation, now)


def enable(session: Session, email: str) -> None:
    """The account opens what it did before. Nobody is signed in by it.

    Raises:
        PersonUnknownError
    """
    person = find_person(session, email)
    if person is None:
        raise PersonUnknownError
    person.disabled_at = None
    session.flush()


def change_password(session: Session, person_id: uuid.UUID, password_hash: str | None, now: datetime) -> None:
    """Give an account another password, or none. All its browsers are signed out and all its links are void."""
    session.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))
    end_all(session, person_id)
    end_links(session, person_id, now)


def end_links(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Make void every link that was mailed to this person: one of them may have been asked for by somebody else."""
    session.execute(update(Ticket).where(Ticket.person_id == person_id, Ticket.used_at.is_(None)).values(used_at=now))


def names_about(session: Session, person: Person) -> list[str]:
    """What a guesser would try first for this person: their address, their name, where they act."""
    named = select(Organisation.name).join(Membership, Membership.organisation_id == Organisation.id)
    places = session.scalars(named.where(Membership.person_id == person.id).distinct())
    return [*names_in(person.email), person.name, *places]


def names_in(email: str) -> list[str]:
    """The same for an address alone."""
    name, _, host = email.partition("@")
    return [email, name, host, host.partition(".")[0]]
