from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from assess.assessments.standing import Standing, roles_in
from assess.people.caller import Caller
from assess.people.models import Desk, Role
from assess.people.permissions import ForbiddenError, Relation, authorise

FIRM = uuid.uuid4()


def caller_with(*roles: Role, desk: Desk | None = None) -> Caller:
    return Caller(
        id=uuid.uuid4(),
        email="ann@farm.example",
        name="",
        desk=desk,
        roles={FIRM: frozenset(roles)},
        signed_in_id=uuid.uuid4(),
        second_step=True,
        proven_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("role", "relation"),
    [
        (Role.MANAGER, Relation.MANAGER),
        (Role.RESPONDENT, Relation.RESPONDENT),
        (Role.SIGNER, Relation.SIGNER),
        (Role.BUYER, None),
    ],
)
def test_a_role_counts_in_its_own_organisation_alone(role: Role, relation: Relation | None) -> None:
    who = caller_with(role)
    assert roles_in(who, FIRM) == {Relation.MEMBER} | ({relation} if relation else set())
    assert roles_in(who, uuid.uuid4()) == roles_in(who, None) == frozenset()


def test_a_desk_alone_opens_no_answer() -> None:
    who = caller_with(desk=Desk.COORDINATOR)
    for relations, may in ((frozenset[Relation](), False), (frozenset({Relation.HELPER}), True)):
        thing = Standing(relations)
        assert thing.relations(who) == relations
        if may:
            authorise(who, "assessment.answer", thing)
        else:
            with pytest.raises(ForbiddenError):
                authorise(who, "assessment.answer", thing)


def test_buying_for_an_organisation_opens_nothing_of_its_own_answers() -> None:
    standing = Standing(roles_in(caller_with(Role.BUYER), FIRM))
    for action in ("assessment.read", "assessment.answer", "plan.read", "share.manage", "organisation.answers"):
        with pytest.raises(ForbiddenError):
            authorise(caller_with(Role.BUYER), action, standing)


def test_a_signer_reads_and_does_not_answer() -> None:
    standing = Standing(roles_in(caller_with(Role.SIGNER), FIRM))
    authorise(caller_with(Role.SIGNER), "plan.read", standing)
    with pytest.raises(ForbiddenError):
        authorise(caller_with(Role.SIGNER), "assessment.answer", standing)
