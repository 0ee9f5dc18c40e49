"""How a caller stands to an organisation, and the way every page of one begins."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from assess.kit.declaring import action_of_request
from assess.people.accounts.door import signed_in_or_sign_in
from assess.people.accounts.proving import see_proven
from assess.people.caller import Caller
from assess.people.models import Organisation, Role
from assess.people.permissions import ForbiddenError, Relation, authorise

RELATIONS = {
    Role.MANAGER: Relation.MANAGER,
    Role.RESPONDENT: Relation.RESPONDENT,
    Role.SIGNER: Relation.SIGNER,
    Role.BUYER: Relation.BUYER,
}


@dataclass(frozen=True, slots=True)
class OfOrganisation:
    """An organisation as a thing that actions are done to."""

    id: uuid.UUID

    def relations(self, caller: Caller | None) -> frozenset[Relation]:
        """By the roles of the caller there that count. A desk gives none."""
        held = caller.roles.get(self.id, frozenset()) if caller else frozenset()
        found = {RELATIONS[role] for role in held if caller is not None and caller.has(role, self.id)}
        return frozenset(found | {Relation.MEMBER}) if held else frozenset()


def let_in(organisation_id: uuid.UUID) -> Caller:
    """Whoever calls, if they may do with this organisation what this page does. For all others 404, as if there were none.

    Raises:
        HTTPException: 404, or a redirect to signing in.
    """
    who = signed_in_or_sign_in()
    try:
        authorise(who, action_of_request(), OfOrganisation(organisation_id))
    except ForbiddenError:
        abort(404)
    see_proven(who)
    return who


def let_in_at_desk() -> Caller:
    """Whoever calls, if they have the desk this page is for and showed a second step; for all others 404.

    Raises:
        HTTPException
    """
    who = signed_in_or_sign_in()
    try:
        authorise(who, action_of_request())
    except ForbiddenError:
        abort(404)
    see_proven(who)
    return who


def organisation_or_404(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """The organisation. Whoever asks was let in already; it may have been deleted meanwhile."""
    return session.get(Organisation, organisation_id) or abort(404)
