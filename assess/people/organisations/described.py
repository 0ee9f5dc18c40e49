"""An organisation as data: its sites, its people and its open invitations, and nothing of what it answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.db import Document
from assess.people.models import Organisation, Role
from assess.people.organisations.inviting import open_invitations
from assess.people.organisations.keeping import members, sites
from assess.people.organisations.names import standing_of


def describe(session: Session, organisation: Organisation, now: datetime) -> Document:
    """Plain data. Moments are ISO texts in UTC; nothing in it opens anything."""
    standing = standing_of(session, organisation, date_at(now))
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "company_number": organisation.company_number,
        "domain": organisation.domain,
        "name_state": standing.state.value,
        "name_confirmed_how": standing.how,
        "name_confirmed_domains": list(standing.domains),
        "name_confirmed_until": None if standing.until is None else standing.until.isoformat(),
        "keep_years": organisation.keep_years,
        "made_at": organisation.made_at.isoformat(),
        "sites": [
            {"id": str(site.id), "name": site.name, "made_at": site.made_at.isoformat()}
            for site in sites(session, organisation.id)
        ],
        "people": [
            {"email": one.email, "name": one.name, "roles": [role.value for role in Role if role in one.roles]}
            for one in members(session, organisation.id)
        ],
        "invitations": [
            {"email": one.email, "roles": one.roles.split(), "until": one.until.isoformat()}
            for one in open_invitations(session, organisation.id, now)
        ],
    }
