"""What the pages of an invitation tell: who asks, what, how long it takes, and how it stands. Nothing of any answer."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from assess.banks.editions import EditionUnknownError, latest
from assess.kit.application import settings_of
from assess.people.models import Organisation
from assess.suppliers.asker import asker_of, government_domain
from assess.suppliers.models import SupplierInvitation


def about(session: Session, invitation: SupplierInvitation, buyer: Organisation) -> dict[str, Any]:
    """What every page of an invitation shows."""
    settings = settings_of(current_app)
    return {
        "asker": asker_of(buyer, government_domain(session, buyer)),
        "invitation": invitation,
        "title": title_of(session, invitation.sector),
        "minutes": settings.quick_minutes if invitation.quick else settings.full_minutes,
    }


def title_of(session: Session, sector: str) -> str:
    """What a bank is called; its id once there is none of that name any more."""
    try:
        return latest(session, sector).edition.title
    except EditionUnknownError:
        return sector
