"""What the list of suppliers publishes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from assess.kit.events import Event


@dataclass(frozen=True, slots=True)
class SupplierChanged(Event):
    """Something that a buyer is shown about a supplier has changed."""

    supplier_id: uuid.UUID
    now: datetime
