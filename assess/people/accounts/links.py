"""Links by mail: what is written to an address that somebody typed. The work is alike whatever the address is.

Whether there is an account decides only which mail is written. A ticket is made in every case, so that both cases take the same
time; that of nobody opens nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assess.people.accounts import mails
from assess.people.accounts.door import with_next
from assess.people.accounts.people import find_person
from assess.people.models import Person, Ticket
from assess.people.tickets import issue

CONFIRM, SIGN_IN, RESET, NEW_EMAIL, PROVE, HALF_WAY = (
    "confirm",
    "sign-in",
    "new-password",
    "new-email",
    "prove",
    "second-step",
)
ADMINISTRATOR = "administrator"
NOBODY = "nobody"
_LASTS = {
    CONFIRM: timedelta(hours=mails.CONFIRM_HOURS),
    SIGN_IN: timedelta(minutes=mails.SIGN_IN_MINUTES),
    RESET: timedelta(minutes=mails.RESET_MINUTES),
    NEW_EMAIL: timedelta(hours=mails.CONFIRM_HOURS),
    PROVE: timedelta(minutes=mails.PROVE_MINUTES),
    HALF_WAY: timedelta(minutes=10),
    ADMINISTRATOR: timedelta(days=2),
}
_PATHS = {
    CONFIRM: "/confirm/",
    SIGN_IN: "/sign-in/link/",
    RESET: "/new-password/",
    NEW_EMAIL: "/account/email/",
    PROVE: "/prove/link/",
    ADMINISTRATOR: "/administrator/",
}

Address = Callable[[str], str]
"""The full address of a page of ours, from its path."""


def ask_for_account(session: Session, email: str, address: Address, then: str | None, now: datetime) -> None:
    """Somebody wants an account at this address. It is made only when the link in the mail is pressed."""
    person = find_person(session, email)
    if person is None:
        token = issue(session, CONFIRM, email, now, lasts=_LASTS[CONFIRM])
        mails.send(session, email, mails.confirm(address(with_next(f"{_PATHS[CONFIRM]}{token}", then))), now)
        return
    issue(session, NOBODY, email, now, lasts=_LASTS[CONFIRM])
    told = mails.closed() if person.disabled_at else mails.already(address("/sign-in"), address("/forgotten"))
    mails.send(session, email, told, now)


def ask_for_sign_in(session: Session, email: str, address: Address, then: str | None, now: datetime) -> None:
    """Somebody wants a link that signs in."""
    _ask(session, email, SIGN_IN, address, then, now)


def ask_for_new_password(session: Session, email: str, address: Address, now: datetime) -> None:
    """Somebody forgot their password."""
    _ask(session, email, RESET, address, None, now)


def ask_to_prove(
    session: Session, person: Person, signed_in_id: uuid.UUID, address: Address, then: str | None, now: datetime
) -> None:
    """Somebody without a password or second step proves by mail that it is them, for one browser."""
    token = issue(session, PROVE, person.email, now, lasts=_LASTS[PROVE], person_id=person.id, about=signed_in_id)
    mails.send(session, person.email, mails.prove(address(with_next(f"{_PATHS[PROVE]}{token}", then))), now)


def ask_for_new_email(
    session: Session, person: Person, email: str, signed_in_id: uuid.UUID, address: Address, now: datetime
) -> None:
    """Somebody wants another address. The new one gets a link, the old one is told; whoever asked learns nothing of the new one.

    `signed_in_id`: the browser that asks. Signing it out ends the link.
    """
    taken = find_person(session, email) is not None
    kind = NOBODY if taken else NEW_EMAIL
    session.execute(delete(Ticket).where(Ticket.kind == NEW_EMAIL, Ticket.person_id == person.id))
    token = issue(session, kind, email, now, lasts=_LASTS[NEW_EMAIL], person_id=person.id, about=signed_in_id)
    letter = mails.email_taken() if taken else mails.new_email(address(f"{_PATHS[NEW_EMAIL]}{token}"))
    mails.send(session, email, letter, now)
    mails.send(session, person.email, mails.email_asked(), now)


def half_way(session: Session, person: Person, now: datetime) -> str:
    """Somebody showed the first step and still has to show the second. The token opens nothing but the page for that."""
    return issue(session, HALF_WAY, person.email, now, lasts=_LASTS[HALF_WAY], person_id=person.id, about=uuid.uuid4())


def invite_administrator(session: Session, email: str, address: Address, now: datetime) -> str:
    """The address of the page on which the first administrator begins."""
    return address(f"{_PATHS[ADMINISTRATOR]}{issue(session, ADMINISTRATOR, email, now, lasts=_LASTS[ADMINISTRATOR])}")


def _ask(session: Session, email: str, kind: str, address: Address, then: str | None, now: datetime) -> None:
    person = find_person(session, email)
    opens = person is not None and person.disabled_at is None
    token = issue(
        session,
        kind if opens else NOBODY,
        email,
        now,
        lasts=_LASTS[kind],
        person_id=person.id if person and opens else None,
    )
    link = address(with_next(f"{_PATHS[kind]}{token}", then))
    if person is None:
        letter = mails.no_account(address("/sign-up"))
    elif not opens:
        letter = mails.closed()
    else:
        letter = mails.sign_in(link) if kind == SIGN_IN else mails.new_password(link)
    mails.send(session, email, letter, now)
