"""Who has a desk here: given and taken, never to somebody who buys, and never so that nobody is left who can do it."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.people.accounts.browsers import end_all
from assess.people.models import Desk, Person
from assess.people.organisations.separation import hold, see_may_sit


class PersonUnknownError(Exception):
    """There is no such person."""


class NotReadyError(Exception):
    """Their account is disabled, or their address is not confirmed."""


class LastAdministratorError(Exception):
    """Nobody would be left who can look after people and organisations."""


def give_desk(session: Session, person_id: uuid.UUID, desk: Desk, settings: Settings) -> None:
    """Give somebody this desk instead of the one they have.

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
    person.desk = desk
    end_all(session, person_id)  # a desk has other times
    session.flush()


def take_desk(session: Session, person_id: uuid.UUID) -> None:
    """Take the desk somebody has.

    Raises:
        PersonUnknownError, LastAdministratorError
    """
    person = _held(session, person_id)
    _see_another_administers(session, person)
    person.desk = None
    end_all(session, person_id)
    session.flush()


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
