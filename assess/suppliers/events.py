"""Event that the supplier list publishes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from assess.core.events import Event


@dataclass(frozen=True, slots=True)
class SupplierChanged(Event):
    supplier_id: uuid.UUID
    now: datetime
