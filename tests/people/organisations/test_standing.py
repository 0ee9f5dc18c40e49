from __future__ import annotations

import uuid

import pytest

from assess.people.access import OfOrganisation
from assess.people.caller import Caller
from assess.people.models import Desk, Role
from assess.people.permissions import ForbiddenError, Relation, authorise
from tests.conftest import TODAY

FARM = OfOrganisation(uuid.UUID(int=1))
ACTIONS = ("organisation.read", "organisation.manage", "organisation.answers")


def somebody(*roles: Role, desk: Desk | None = None, where: uuid.UUID = FARM.id) -> Caller:
    held = {where: frozenset(roles)} if roles else {}
    return Caller(uuid.UUID(int=2), "a@b.example", "", desk, held, uuid.UUID(int=3), second_step=True, proven_at=TODAY)


def may(who: Caller | None) -> set[str]:
    allowed = set()
    for action in ACTIONS:
        try:
            authorise(who, action, FARM)
        except ForbiddenError:
            continue
        allowed.add(action)
    return allowed


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (None, set()),
        (somebody(), set()),
        (somebody(Role.MANAGER), set(ACTIONS)),
        (somebody(Role.RESPONDENT), {"organisation.read", "organisation.answers"}),
        (somebody(Role.SIGNER), {"organisation.read", "organisation.answers"}),
        (somebody(Role.BUYER), {"organisation.read"}),
        (somebody(Role.MANAGER, where=uuid.UUID(int=9)), set()),
        (somebody(desk=Desk.ADMINISTRATOR), set()),
        (somebody(desk=Desk.COORDINATOR), set()),
    ],
)
def test_each_role_may_what_it_is_for(who: Caller | None, allowed: set[str]) -> None:
    assert may(who) == allowed


def test_a_buyer_is_a_member_who_buys_and_nothing_else() -> None:
    assert FARM.relations(somebody(Role.BUYER)) == {Relation.MEMBER, Relation.BUYER}
