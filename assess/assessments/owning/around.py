"""What stands around the answers on the list of tasks: whose they are, and where their organisation has its plans."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from assess.assessments.access import Workspace
from assess.assessments.models import Assessment
from assess.kit.db import session
from assess.people.models import Organisation, Site
from assess.people.permissions import Relation

_SEES_THE_LIST = frozenset({Relation.MANAGER, Relation.RESPONDENT, Relation.SIGNER})


@dataclass(frozen=True, slots=True)
class Around:
    """The organisation and the site by their names, None where there is none.

    `plans`: the organisation whose list of plans whoever looks may open.
    """

    organisation: str | None
    site: str | None
    plans: uuid.UUID | None

    @property
    def kept(self) -> bool:
        """Whether it belongs to an organisation."""
        return self.organisation is not None


def around(work: Workspace) -> Around:
    """What stands around this assessment, for whoever opened it. The name of an organisation is shown to its members alone."""
    found = (
        session()
        .execute(
            select(Organisation.id, Organisation.name, Site.name)
            .join(Assessment, Assessment.organisation_id == Organisation.id)
            .outerjoin(Site, Site.id == Assessment.site_id)
            .where(Assessment.id == work.id)
        )
        .first()
    )
    if found is None:
        return Around(None, None, None)
    organisation_id, name, site = found
    return Around(name, site, organisation_id if work.relations & _SEES_THE_LIST else None)
