"""Deleting an organisation for good, with everything that hangs on it: effective with the commit, and overwritten in the file.

Its sites, roles, invitations and assessments, with all that hangs on those, go with its row. The people keep their accounts.
"""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from assess.kit.db import erase_after_commit
from assess.kit.events import publishing
from assess.kit.mail.models import Outgoing
from assess.people import tickets
from assess.people.models import Organisation
from assess.people.organisations.events import OrganisationDeleted
from assess.people.organisations.inviting import KIND
from assess.people.organisations.models import Invitation


def delete_organisation(session: Session, organisation: Organisation) -> None:
    """Delete it and everything of it."""
    with publishing(session, OrganisationDeleted(organisation.id)):
        events = [one.event for one in session.scalars(select(Invitation).where(_of(organisation.id)))]
        # mail about no assessment hangs on nothing, so it would outlive what it tells of
        session.execute(delete(Outgoing).where(Outgoing.event.in_(events)))
        tickets.end_all(session, KIND, about=organisation.id)
        session.delete(organisation)
    erase_after_commit(session)


def is_name_of(typed: str, organisation: Organisation) -> bool:
    """Whether somebody typed the name of what they are about to delete. Spaces and capitals do not matter."""
    return " ".join(typed.split()).casefold() == organisation.name.casefold()


def _of(organisation_id: uuid.UUID) -> ColumnElement[bool]:
    return Invitation.organisation_id == organisation_id
