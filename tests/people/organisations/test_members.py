from __future__ import annotations

import threading
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.people.models import Role
from assess.people.organisations.members import (
    LastManagerError,
    MemberUnknownError,
    change_roles,
    give_roles,
    remove,
    roles_of,
)
from tests.conftest import TODAY
from tests.people.persons import a_person, an_organisation

pytestmark = pytest.mark.both_databases

M, R, S = Role.MANAGER, Role.RESPONDENT, Role.SIGNER


def test_roles_are_exactly_what_was_said(session: Session, now: datetime) -> None:
    ann, bob, eve = (a_person(session, f"{name}@farm.example") for name in ("ann", "bob", "eve"))
    farm = an_organisation(session, "Farm", manager=ann, respondent=bob)
    change_roles(session, farm.id, bob.id, frozenset({M, S}), now)
    assert roles_of(session, farm.id, bob.id) == {M, S}
    change_roles(session, farm.id, ann.id, frozenset({R}), now)
    assert roles_of(session, farm.id, ann.id) == {R}
    with pytest.raises(MemberUnknownError):
        change_roles(session, farm.id, eve.id, frozenset({M}), now)
    with pytest.raises(MemberUnknownError):
        remove(session, farm.id, eve.id, TODAY)
    give_roles(session, farm.id, ann.id, frozenset({R, S}), now)
    assert roles_of(session, farm.id, ann.id) == {R, S}


def test_a_disabled_manager_manages_nothing(session: Session, now: datetime) -> None:
    ann, bob = a_person(session, "ann@farm.example"), a_person(session, "bob@farm.example")
    farm = an_organisation(session, "Farm", manager=[ann, bob])
    bob.disabled_at = now
    session.flush()
    with pytest.raises(LastManagerError):
        remove(session, farm.id, ann.id, TODAY)
    with pytest.raises(LastManagerError):
        change_roles(session, farm.id, ann.id, frozenset({S}), now)


def test_of_two_managers_who_remove_each_other_one_stays(database: Database) -> None:
    with database.writing() as session:
        ann, bob = a_person(session, "ann@farm.example"), a_person(session, "bob@farm.example")
        farm = an_organisation(session, "Farm", manager=[ann, bob])
    gate = threading.Barrier(2)
    failed: list[str] = []

    def take(whom: str) -> None:
        gate.wait()
        try:
            with database.writing() as session:
                remove(session, farm.id, ann.id if whom == "ann" else bob.id, TODAY)
        except LastManagerError:
            failed.append(whom)

    threads = [threading.Thread(target=take, args=(whom,)) for whom in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
