"""Who wants to know when something about a supplier changes: rooms above this one, in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

Listener = Callable[[Session, uuid.UUID, datetime], None]
_listeners: list[Listener] = []


def listen(function: Listener) -> Listener:
    """Have this called whenever something about a supplier has changed: session, id of the supplier, moment."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def tell_changed(session: Session, supplier_id: uuid.UUID, now: datetime) -> None:
    """Say that something about this supplier has changed. Everybody has heard it before this returns."""
    session.flush()
    for function in _listeners:
        function(session, supplier_id, now)
