from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from assess.assessments.standing import Standing, roles_in
from assess.people.caller import Caller
from assess.people.models import Role
from assess.people.permissions import ForbiddenError, Relation, authorise

FARM = uuid.uuid4()


def somebody(*roles: Role) -> Caller:
    return Caller(
        id=uuid.uuid4(),
        email="ann@farm.example",
        name="",
        desk=None,
        roles={FARM: frozenset(roles)} if roles else {},
        signed_in_id=uuid.uuid4(),
        second_step=True,
        proven_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def test_a_role_counts_in_its_own_organisation_only() -> None:
    ann = somebody(Role.RESPONDENT)
    assert roles_in(ann, FARM) == {Relation.RESPONDENT, Relation.MEMBER}
    assert roles_in(ann, uuid.uuid4()) == frozenset()
    assert roles_in(ann, None) == frozenset()


def test_buying_for_an_organisation_opens_nothing_of_its_own_answers() -> None:
    standing = Standing(roles_in(somebody(Role.BUYER), FARM))
    for action in ("assessment.read", "assessment.answer", "plan.read", "share.manage", "organisation.answers"):
        with pytest.raises(ForbiddenError):
            authorise(somebody(Role.BUYER), action, standing)


def test_a_signer_reads_and_does_not_answer() -> None:
    standing = Standing(roles_in(somebody(Role.SIGNER), FARM))
    authorise(somebody(Role.SIGNER), "plan.read", standing)
    with pytest.raises(ForbiddenError):
        authorise(somebody(Role.SIGNER), "assessment.answer", standing)
