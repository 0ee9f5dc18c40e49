"""Who calls, once they were found to have the permission of the route: what `requires` loads where a page needs a person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from assess.kit.route_permissions import permission_of_request
from assess.people.accounts.door import signed_in, signed_in_or_sign_in
from assess.people.accounts.proving import see_proven
from assess.people.caller import Caller
from assess.people.models import Organisation, Role
from assess.people.permissions import ForbiddenError, Relation, Thing, authorise

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


class _OwnAccount:
    def relations(self, caller: Caller | None) -> frozenset[Relation]:
        return frozenset() if caller is None else frozenset({Relation.SELF})


def permitted_person() -> Caller:
    """Whoever is signed in, if they have the permission of the route by who they are. For all others 404, as if there were no page.

    Raises:
        HTTPException: 404, or a redirect to signing in, to setting up a second step or to proving who they are.
    """
    return _permitted(signed_in_or_sign_in(), None)


def permitted_member(organisation_id: uuid.UUID) -> Caller:
    """Whoever is signed in, if their roles in this organisation give the permission of the route. For all others 404.

    Raises:
        HTTPException: as `permitted_person`.
    """
    return _permitted(signed_in_or_sign_in(), OfOrganisation(organisation_id))


def account_owner() -> Caller:
    """Whoever is signed in, on a page of their own account. A second step that they still have to set up does not keep them out.

    Raises:
        HTTPException: a redirect to signing in.
    """
    return _permitted(signed_in(), _OwnAccount())


def organisation_or_404(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """The organisation. Whoever asks was let in already; it may have been deleted meanwhile."""
    return session.get(Organisation, organisation_id) or abort(404)


def _permitted(who: Caller, thing: Thing | None) -> Caller:
    try:
        authorise(who, permission_of_request(), thing)
    except ForbiddenError:
        abort(404)
    see_proven(who)
    return who
