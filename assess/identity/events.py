"""Events of organisations (name revoked, organisation deleted) and the page part that staff pages show of urgent fixes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.core.events import Event, PagePart, TwoPhaseEvent
from assess.identity.models import Organisation

URGENT_FIXES_WAITING: PagePart[[], Sequence[Mapping[str, object]]] = PagePart("urgent_fixes_waiting")
"""What waits for a second person: words (`what`), day (`at`), whether it is `overdue`, and the `page` to decide on."""

UNFINISHED_CHECKS: PagePart[[], Sequence[str]] = PagePart("unfinished_checks")
"""On the page of an account: addresses of the self-checks the person may go on with, those this browser has open and those of their organisations."""


@dataclass(frozen=True, slots=True)
class NameRevoked(Event):
    """A name counts no longer: refused, suspended, changed, given up or over. The organisation has its new state already."""

    organisation: Organisation


@dataclass(frozen=True, slots=True)
class OrganisationDeleted(TwoPhaseEvent):
    """An organisation is deleted for good, with everything that hangs on its row."""

    organisation_id: uuid.UUID
