from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.people.administration.desks import (
    LastAdministratorError,
    NotReadyError,
    PersonUnknownError,
    give_desk,
    take_desk,
)
from assess.people.models import Desk
from assess.people.organisations.separation import MixedError
from tests.people.persons import a_person, an_organisation

OPEN = Settings(env="development", operator_name="A network")


def test_a_desk_is_given_and_taken(session: Session) -> None:
    ann = a_person(session, "ann@farm.example")
    give_desk(session, ann.id, Desk.COORDINATOR, OPEN)
    assert ann.desk is Desk.COORDINATOR
    take_desk(session, ann.id)
    assert ann.desk is None


def test_the_last_administrator_stays(session: Session, now: datetime) -> None:
    ada, abe = (a_person(session, f"{name}@desk.example", desk="administrator") for name in ("ada", "abe"))
    abe.disabled_at = now
    session.flush()
    with pytest.raises(LastAdministratorError):
        take_desk(session, ada.id)
    with pytest.raises(LastAdministratorError):
        give_desk(session, ada.id, Desk.COORDINATOR, OPEN)
    abe.disabled_at = None
    session.flush()
    take_desk(session, ada.id)


def test_nobody_gets_one_who_is_not_ready_or_buys(session: Session, now: datetime) -> None:
    new, shut = a_person(session, "new@farm.example", confirmed=False), a_person(session, "shut@farm.example")
    shut.disabled_at = now
    bea = a_person(session, "bea@shop.example")
    an_organisation(session, "Big Shop", buyer=bea)
    for person in (new, shut):
        with pytest.raises(NotReadyError):
            give_desk(session, person.id, Desk.COORDINATOR, OPEN)
    with pytest.raises(MixedError):
        give_desk(session, bea.id, Desk.ADMINISTRATOR, OPEN)
    with pytest.raises(PersonUnknownError):
        take_desk(session, uuid.UUID(int=5))
