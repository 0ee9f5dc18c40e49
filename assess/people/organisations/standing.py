"""An organisation by its id, for pages that were let in to it."""

from __future__ import annotations

import uuid

from flask import abort
from sqlalchemy.orm import Session

from assess.people.models import Organisation


def organisation_or_404(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """The organisation. Whoever asks was let in already; it may have been deleted meanwhile."""
    return session.get(Organisation, organisation_id) or abort(404)
