"""How a caller stands to an assessment: what `assess.people.permissions` needs to decide."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from assess.people.caller import Caller
from assess.people.models import Role
from assess.people.permissions import Relation

_OF_ROLES = {
    Role.MANAGER: Relation.MANAGER,
    Role.RESPONDENT: Relation.RESPONDENT,
    Role.SIGNER: Relation.SIGNER,
}
"""Buying for an organisation opens nothing of what it answers about itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing to which it is known already how the caller stands."""

    known: frozenset[Relation]

    def relations(self, caller: Caller | None) -> frozenset[Relation]:  # noqa: ARG002  # known already
        """What is known."""
        return self.known


def roles_in(caller: Caller, organisation_id: uuid.UUID | None) -> frozenset[Relation]:
    """How somebody stands to what belongs to an organisation, by the roles they have there."""
    if organisation_id is None:
        return frozenset()
    held = caller.roles.get(organisation_id, frozenset())
    found = {_OF_ROLES[role] for role in held if role in _OF_ROLES}
    return frozenset(found | {Relation.MEMBER}) if held else frozenset()
