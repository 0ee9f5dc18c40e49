from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.people.models import Membership, Organisation, Person, Role, Site

pytestmark = pytest.mark.both_databases


def a_member(session: Session, now: datetime) -> tuple[Person, Organisation]:
    person = Person(email="ann@farm.example", made_at=now)
    farm = Organisation(name="Fen Edge Growers", made_at=now)
    session.add_all([person, farm])
    session.flush()
    session.add(Membership(organisation_id=farm.id, person_id=person.id, role=Role.MANAGER, made_at=now))
    session.add(Site(organisation_id=farm.id, name="Home farm", made_at=now))
    session.flush()
    return person, farm


def test_an_address_has_one_account_and_a_role_is_held_once(session: Session, now: datetime) -> None:
    person, farm = a_member(session, now)
    session.commit()
    session.add(Person(email="ann@farm.example", made_at=now))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    session.add(Membership(organisation_id=farm.id, person_id=person.id, role=Role.MANAGER, made_at=now))
    with pytest.raises(IntegrityError):
        session.flush()


def test_what_hangs_on_an_organisation_goes_with_it_and_the_person_stays(session: Session, now: datetime) -> None:
    a_member(session, now)
    session.execute(delete(Organisation))
    left = [session.scalar(select(func.count()).select_from(table)) for table in (Membership, Site, Person)]
    assert left == [0, 0, 1]
