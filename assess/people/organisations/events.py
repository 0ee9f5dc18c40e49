"""What organisations publish."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from assess.kit.events import Event, TwoPhaseEvent
from assess.people.models import Organisation


@dataclass(frozen=True, slots=True)
class NameRevoked(Event):
    """A name counts no longer: refused, suspended, changed, given up or over. The organisation has its new state already."""

    organisation: Organisation


@dataclass(frozen=True, slots=True)
class OrganisationDeleted(TwoPhaseEvent):
    """An organisation is deleted for good, with everything that hangs on its row."""

    organisation_id: uuid.UUID
