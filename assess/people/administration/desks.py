"""Who has a desk here: given and taken, never to somebody who buys, and never so that nobody is left who can do it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.people.accounts import mails
from assess.people.accounts.browsers import end_all
from assess.people.accounts.people import tell_desks
from assess.people.models import Desk, Person
from assess.people.organisations.separation import hold, see_may_sit

NEW_FOR = timedelta(days=14)
"""For so long whoever got a desk takes no part in what two have to agree on."""


class PersonUnknownError(Exception):
    """There is no such person."""


class NotReadyError(Exception):
    """Their account is disabled, or their address is not confirmed."""


class LastAdministratorError(Exception):
    """Nobody would be left who can look after people and organisations."""


def give_desk(
    session: Session, person_id: uuid.UUID, desk: Desk, settings: Settings, by: uuid.UUID, now: datetime
) -> None:
    """Give somebody this desk instead of the one they have. All who have a desk are told by email.

    Raises:
        PersonUnknownError, NotReadyError, LastAdministratorError
        MixedError: when they buy for an organisation, or a buyer runs this installation and named no independent desk.
    """
    person = _held(session, person_id)
    if person.disabled_at is not None or person.confirmed_at is None:
        raise NotReadyError
    see_may_sit(session, person, desk, settings)
    if desk is not Desk.ADMINISTRATOR:
        _see_another_administers(session, person)
    if person.desk is not desk:
        person.desk_given_by = giver_of(session, person, by)
        person.desk, person.desk_given_at = desk, now
        tell_desks(session, person, mails.desk_given(person.email, desk, _address_of(session, by)), now)
    end_all(session, person_id)  # a desk has other times
    session.flush()


def may_be_second(session: Session, person: uuid.UUID, other: uuid.UUID | None, now: datetime) -> bool:
    """Whether this person may take part in what two have to agree on, such as another number of the helpline.

    `person` is whoever acts now, `other` the other of the two; None when the other cannot be named any more, or there is none: then
    only the first is looked at. Each of them needs an account that opens, a desk for at least 14 days, and a desk that the other
    did not give, nor anybody whom the other let in: one person who gives desks to more mailboxes of theirs is still one. It does not look at which desk it is, nor at
    whether both are one account where `other` is None; permissions do.
    """
    if person == other:
        return False
    if other is None:
        return _is_settled(session, person, now)
    both = _is_settled(session, person, now) and _is_settled(session, other, now)
    return both and not are_tied(session, person, other)


def may_review(session: Session, person: uuid.UUID, others: Iterable[uuid.UUID | None], now: datetime) -> bool:
    """Whether one person may say that what others did is right: publish it, put it back, or confirm it.

    Nobody does who is one of them, or has had a desk for less than 14 days; and nobody does while one of them is as new, else a mailbox
    made for it would do in one afternoon. In an installation where nobody has an account for longer, everybody is new. Who let whom in
    does not count here: the administrator reviews what her only coordinator wrote. None stands for somebody who has no account any more.
    """
    named = {one for one in others if one is not None}
    if person in named:
        return False
    if _is_young(session, now):
        return True
    return _is_settled(session, person, now) and not any(_is_new(session, one, now) for one in named)


def _is_young(session: Session, now: datetime) -> bool:
    """Whether nobody who has a desk has had an account for 14 days."""
    first = session.scalar(select(func.min(Person.made_at)).where(Person.desk.is_not(None)))
    return first is not None and first + NEW_FOR > now


def _is_new(session: Session, person_id: uuid.UUID, now: datetime) -> bool:
    """Whether somebody got the desk they have in the last 14 days. Whoever has none any more is told by what they did alone."""
    person = session.get(Person, person_id)
    return person is not None and person.desk_given_at is not None and person.desk_given_at + NEW_FOR > now


def are_tied(session: Session, one: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether one of them let the other in, in however many steps."""
    return one == other or one in _let_in_by(session, other) or other in _let_in_by(session, one)


def giver_of(session: Session, person: Person, by: uuid.UUID) -> uuid.UUID:
    """Who counts as having let somebody in who gets a desk from this person. Whoever they let in themselves does not take the place of the one before."""
    before = person.desk_given_by
    return before if before is not None and person.id in _let_in_by(session, by) else by


def _let_in_by(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """Who let this person in, who let those in, and so on."""
    found: list[uuid.UUID] = []
    person = session.get(Person, person_id)
    while person is not None and person.desk_given_by is not None and person.desk_given_by not in found:
        found.append(person.desk_given_by)
        person = session.get(Person, person.desk_given_by)
    return found


def _is_settled(session: Session, person_id: uuid.UUID, now: datetime) -> bool:
    person = session.get(Person, person_id)
    if person is None or person.desk is None or person.disabled_at is not None or person.confirmed_at is None:
        return False
    return person.desk_given_at is None or person.desk_given_at + NEW_FOR <= now


def take_desk(session: Session, person_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """Take the desk somebody has. They and all who have one are told by email.

    Raises:
        PersonUnknownError, LastAdministratorError
    """
    person = _held(session, person_id)
    _see_another_administers(session, person)
    if person.desk is not None:
        person.desk = person.desk_given_at = None  # who gave it stays: others may have a desk from them
        tell_desks(session, person, mails.desk_taken(person.email, _address_of(session, by)), now)
    end_all(session, person_id)
    session.flush()


def _address_of(session: Session, person_id: uuid.UUID) -> str:
    person = session.get(Person, person_id)
    return "somebody whose account is deleted" if person is None else person.email


def _held(session: Session, person_id: uuid.UUID) -> Person:
    # all administrators are held, in an order that is always the same: two who take each other's desk do so one after the other
    session.scalars(
        select(Person.id).where(Person.desk == Desk.ADMINISTRATOR).order_by(Person.id).with_for_update()
    ).all()
    person = hold(session, person_id)
    if person is None:
        raise PersonUnknownError
    return person


def _see_another_administers(session: Session, person: Person) -> None:
    if person.desk is not Desk.ADMINISTRATOR:
        return
    others = session.scalar(
        select(func.count())
        .select_from(Person)
        .where(Person.desk == Desk.ADMINISTRATOR, Person.id != person.id)
        .where(Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
    )
    if not others:
        raise LastAdministratorError
