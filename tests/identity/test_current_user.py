from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assess.core.links import hash_token, new_token
from assess.identity.current_user import (
    IDLE_TIMEOUT,
    REAUTHENTICATION_LIFETIME,
    STAFF_IDLE_TIMEOUT,
    CurrentUser,
    load_user,
)
from assess.identity.models import LoginSession, Membership, Organisation, Person, Role, StaffRole

MINUTE = timedelta(minutes=1)


def signed_in(session: Session, now: datetime, **of_person: Any) -> str:
    """Somebody with an account, signed in; returns the token of the browser."""
    person = Person(
        **{
            "email": "ann@farm.example",
            "name": "",
            "made_at": now,
            "confirmed_at": now,
            "password_hash": None,
            **of_person,
        }
    )
    session.add(person)
    session.flush()
    token = new_token()
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            person_id=person.id,
            browser="Firefox",
            second_step=False,
            made_at=now,
            used_at=now,
            proven_at=now,
            until=now + timedelta(hours=12),
        )
    )
    farm = Organisation(name="Fen Edge Growers", made_at=now)
    session.add(farm)
    session.flush()
    for role in (Role.MANAGER, Role.RESPONDENT):
        session.add(Membership(organisation_id=farm.id, person_id=person.id, role=role, made_at=now))
    session.flush()
    return token


def test_a_caller_has_the_roles_they_have_at_this_moment(session: Session, now: datetime) -> None:
    token = signed_in(session, now)
    found = load_user(session, token, now)
    assert isinstance(found, CurrentUser)
    ((farm, roles),) = found.roles.items()
    assert roles == {Role.MANAGER, Role.RESPONDENT}
    assert found.has(Role.MANAGER, farm)
    assert not found.has(Role.BUYER, farm)
    assert not found.has(Role.MANAGER, None)
    assert found.in_organisation(farm)
    assert not found.in_organisation(uuid.uuid4())
    session.query(Membership).delete()
    gone = load_user(session, token, now)
    assert gone is not None
    assert gone.roles == {}
    assert not gone.in_organisation(farm)


@pytest.mark.parametrize(
    "change", [{"disabled_at": datetime.fromisoformat("2026-11-24T09:00+00:00")}, {"confirmed_at": None}]
)
def test_an_account_that_is_disabled_or_not_confirmed_opens_nothing(
    session: Session, now: datetime, change: dict[str, Any]
) -> None:
    assert load_user(session, signed_in(session, now, **change), now) is None


def test_whoever_does_nothing_is_signed_out_and_staff_sooner(session: Session, now: datetime) -> None:
    at_desk = signed_in(session, now, desk=StaffRole.COORDINATOR)
    other = signed_in(session, now, email="bob@farm.example")
    assert STAFF_IDLE_TIMEOUT < IDLE_TIMEOUT
    assert load_user(session, at_desk, now + STAFF_IDLE_TIMEOUT - MINUTE) is not None
    assert load_user(session, at_desk, now + STAFF_IDLE_TIMEOUT) is None
    assert load_user(session, other, now + IDLE_TIMEOUT - MINUTE) is not None
    assert load_user(session, other, now + IDLE_TIMEOUT) is None


def test_a_proof_is_fresh_for_a_quarter_of_an_hour(session: Session, now: datetime) -> None:
    found = load_user(session, signed_in(session, now), now)
    assert found is not None
    assert found.proved_recently(now + REAUTHENTICATION_LIFETIME - MINUTE)
    assert not found.proved_recently(now + REAUTHENTICATION_LIFETIME)


def test_a_token_nobody_was_given_opens_nothing(session: Session, now: datetime) -> None:
    signed_in(session, now)
    assert load_user(session, new_token(), now) is None
