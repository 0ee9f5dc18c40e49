"""What the pages of an invitation tell: who asks, what, how long it takes, and how it stands. Nothing of any answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from assess.assessments.views_start import FULL_MINUTES, QUICK_MINUTES
from assess.banks.editions import EditionUnknownError, latest
from assess.people.models import Organisation
from assess.suppliers.asker import asker_of
from assess.suppliers.models import SupplierInvitation


def about(session: Session, invitation: SupplierInvitation, buyer: Organisation) -> dict[str, Any]:
    """What every page of an invitation shows."""
    return {
        "asker": asker_of(buyer),
        "invitation": invitation,
        "title": title_of(session, invitation.sector),
        "minutes": QUICK_MINUTES if invitation.quick else FULL_MINUTES,
    }


def title_of(session: Session, sector: str) -> str:
    """What a bank is called; its id once there is none of that name any more."""
    try:
        return latest(session, sector).edition.title
    except EditionUnknownError:
        return sector
