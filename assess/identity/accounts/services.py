"""Create, find, change, disable and delete accounts; give the first staff roles; daily clean-up."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from assess.core.db import dialect_insert, erase_after_commit
from assess.core.errors import NotFoundError
from assess.core.forms.fields import EmailField
from assess.core.mail.services import withdraw_mails_where
from assess.core.models import OutgoingMail
from assess.identity.accounts import emails as accounts_emails
from assess.identity.accounts.sessions import delete_expired_login_sessions, end_all_login_sessions
from assess.identity.current_user import IDLE_TIMEOUT
from assess.identity.models import (
    LoginSession,
    Membership,
    OneTimeToken,
    Organisation,
    Person,
    Role,
    StaffRole,
    TotpDevice,
)
from assess.identity.one_time_tokens import delete_expired_tokens
from assess.identity.organisations.name_confirmation import (
    end_lost_domains,
    lock_managed_organisations,
    save_address_hashes,
)


class PersonUnknownError(NotFoundError):
    """There is no such person."""


class BuyerAsStaffError(Exception):
    """A buyer, who reads what businesses share, may not be staff over them."""


class EmailTakenError(Exception):
    """Another account has this address."""


class AccountEmailField(EmailField):
    """An address as accounts keep it: in small letters."""

    def __init__(self) -> None:
        super().__init__(required=self.wanted)

    def clean(self, typed: str) -> str:
        return super().clean(typed).casefold()


def find_person(session: Session, email: str) -> Person | None:
    """The person with this address, disabled or not. `email` as `AccountEmailField` gives it."""
    return session.scalars(select(Person).where(Person.email == email)).first()


def create_person(
    session: Session, email: str, now: datetime, *, name: str = "", password_hash: str | None = None
) -> Person:
    """For an address that its owner just proved to read. Raises `EmailTakenError`, also for a rival at this moment."""
    row = dialect_insert(session, Person).values(
        id=uuid.uuid4(),
        email=email,
        name=name,
        password_hash=password_hash,
        made_at=now,
        confirmed_at=now,
    )
    made = session.scalars(row.on_conflict_do_nothing(index_elements=["email"]).returning(Person)).first()
    if made is None:
        raise EmailTakenError
    return made


def change_email(session: Session, person_id: uuid.UUID, email: str, now: datetime) -> None:
    """Give an account another address that its owner has just proved to read. Raises `EmailTakenError` (another account has it)."""
    taken = find_person(session, email)
    if taken is not None and taken.id != person_id:
        raise EmailTakenError
    session.execute(update(Person).where(Person.id == person_id).values(email=email))
    save_address_hashes(session, session.get_one(Person, person_id, populate_existing=True))
    for organisation in lock_managed_organisations(session, person_id):
        end_lost_domains(session, organisation, now)


def appoint_staff(session: Session, person_id: uuid.UUID, desk: StaffRole, now: datetime) -> None:
    """Give a person a staff role from the command line. They have to sign in anew: sessions of staff are shorter.

    The first of an installation counts as having it for long: there is nobody yet who could look after them. Raises `BuyerAsStaffError`.
    """
    if is_buyer(session, person_id):
        raise BuyerAsStaffError
    person = session.get_one(Person, person_id)
    if person.desk is not desk:
        others = session.scalar(select(exists().where(Person.desk.is_not(None), Person.id != person_id)))
        person.desk, person.desk_given_at, person.desk_given_by = desk, now if others else None, None
        email_staff(session, person, accounts_emails.staff_role_given(person.email, desk, None), now)
    end_all_login_sessions(session, person_id)
    session.flush()


def email_staff(session: Session, about: Person, content: accounts_emails.AccountEmail, now: datetime) -> None:
    """Write to all staff, and to the person it is about."""
    session.flush()
    desks = select(Person).where(
        Person.desk.is_not(None), Person.disabled_at.is_(None), Person.confirmed_at.is_not(None)
    )
    for address in sorted({about.email, *(one.email for one in session.scalars(desks))}):
        accounts_emails.send_account_email(session, address, content, now)


def is_buyer(session: Session, person_id: uuid.UUID) -> bool:
    query = select(Membership.id).where(Membership.person_id == person_id, Membership.role == Role.BUYER)
    return session.scalars(query).first() is not None


def disable_by_email(session: Session, email: str, now: datetime) -> None:
    """Raises `PersonUnknownError`."""
    person = find_person(session, email)
    if person is None:
        raise PersonUnknownError
    close_account(session, person, now)


def close_account(session: Session, person: Person, now: datetime) -> None:
    """From the next request on it opens nothing, and its links are dead. What it holds is kept."""
    person.disabled_at = person.disabled_at or now
    end_all_login_sessions(session, person.id)
    revoke_links(session, person.id, now)
    session.flush()
    for organisation in lock_managed_organisations(session, person.id):
        end_lost_domains(session, organisation, now)


def change_password(session: Session, person_id: uuid.UUID, password_hash: str | None, now: datetime) -> None:
    """Give an account another password, or none. All its browsers are signed out and all its links are void."""
    session.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))
    end_all_login_sessions(session, person_id)
    revoke_links(session, person_id, now)


def revoke_links(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Make void every link that was mailed to this person: one of them may have been asked for by another."""
    session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.person_id == person_id, OneTimeToken.used_at.is_(None))
        .values(used_at=now)
    )


def guessable_words(session: Session, person: Person) -> list[str]:
    """What a guesser would try first for this person: their address, their name, where they act."""
    named = select(Organisation.name).join(Membership, Membership.organisation_id == Organisation.id)
    places = session.scalars(named.where(Membership.person_id == person.id).distinct())
    return [*guessable_words_in_email(person.email), person.name, *places]


def guessable_words_in_email(email: str) -> list[str]:
    name, _, host = email.partition("@")
    return [email, name, host, host.partition(".")[0]]


class OnlyManagerError(Exception):
    """Nobody else manages these organisations. `names` are theirs."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("somebody has to manage each organisation")
        self.names = names


def organisations_managed_alone(session: Session, person_id: uuid.UUID, *, lock: bool = False) -> list[str]:
    """The names of organisations that have no other manager who can sign in. `lock`: nobody changes that meanwhile."""
    own = select(Membership.organisation_id).where(Membership.person_id == person_id, Membership.role == Role.MANAGER)
    managers = (
        select(Membership.organisation_id, Membership.person_id)
        .where(Membership.role == Role.MANAGER, Membership.organisation_id.in_(own))
        .order_by(Membership.id)
    )
    # held by row: the last two cannot leave at once
    rows = session.execute(managers.with_for_update() if lock else managers).all()
    active = set(
        session.scalars(
            select(Person.id).where(Person.id.in_({row.person_id for row in rows}), Person.disabled_at.is_(None))
        )
    )
    others = {row.organisation_id for row in rows if row.person_id != person_id and row.person_id in active}
    alone = {row.organisation_id for row in rows} - others
    return list(
        session.scalars(select(Organisation.name).where(Organisation.id.in_(alone)).order_by(Organisation.name))
    )


def delete_account(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Links and waiting mails go too; all is overwritten on the disk. Raises `OnlyManagerError`."""
    alone = organisations_managed_alone(session, person_id, lock=True)
    if alone:
        raise OnlyManagerError(alone)
    person = session.get(Person, person_id)
    if person is None:
        return
    session.execute(delete(OneTimeToken).where(OneTimeToken.email == person.email))
    _withdraw_waiting_mails(session, person.email, now)
    managed = lock_managed_organisations(session, person_id)
    if person.desk_given_by is not None:  # the people they let in were let in by the one before them
        let_in = update(Person).where(Person.desk_given_by == person_id)
        session.execute(let_in.values(desk_given_by=person.desk_given_by))
    session.execute(delete(Person).where(Person.id == person_id))
    for organisation in managed:
        end_lost_domains(session, organisation, now)
    erase_after_commit(session)


def _withdraw_waiting_mails(session: Session, address: str, now: datetime) -> None:
    """Each waiting address is decrypted: no mail waits longer than three days, and nothing in the table may be searched for an address."""
    waits = OutgoingMail.sent_at.is_(None), OutgoingMail.ended_at.is_(None)
    waiting = session.execute(select(OutgoingMail.id, OutgoingMail.to_address).where(*waits))
    theirs = [row.id for row in waiting if row.to_address == address]
    if theirs:
        withdraw_mails_where(session, OutgoingMail.id.in_(theirs), now)


def delete_expired_account_data(session: Session, now: datetime) -> None:
    delete_expired_tokens(session, now)
    delete_expired_login_sessions(session, now)
    session.execute(delete(LoginSession).where(LoginSession.used_at <= now - IDLE_TIMEOUT))
    session.execute(
        delete(TotpDevice).where(TotpDevice.confirmed_at.is_(None), TotpDevice.made_at < now - 24 * IDLE_TIMEOUT)
    )
