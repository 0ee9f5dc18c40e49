"""Rows of the board made straight in the table, each with whatever a test needs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import assess.portfolio.board_projection  # noqa: F401
from assess.identity.models import Organisation
from assess.portfolio.models import BoardBar, BoardDuty, BoardGoods, BoardRow
from assess.suppliers.models import InvitationStatus
from tests.conftest import TODAY
from tests.suppliers.factories import a_supplier


def a_row(
    session: Session,
    buyer: Organisation,
    name: str,
    *,
    bars: dict[str, int] | None = None,
    goods: dict[str, str] | None = None,
    duties: dict[str, bool] | None = None,
    status: InvitationStatus = InvitationStatus.NOT_ASKED,
    shown_until: datetime | None = None,
    **columns: Any,
) -> uuid.UUID:
    """A supplier whose row says this."""
    supplier = a_supplier(session, buyer, name, reference=f"{name} {uuid.uuid4().hex[:6]}")
    row = session.get_one(BoardRow, supplier.id)
    for key, value in {"status": status, "shown_until": shown_until, "reckoned_at": TODAY, **columns}.items():
        setattr(row, key, value)
    mine = {"supplier_id": supplier.id, "buyer_id": buyer.id}
    session.add_all(BoardBar(**mine, name=bar, level=level) for bar, level in (bars or {}).items())
    session.add_all(
        BoardGoods(**mine, good=good, country=place, risk_label="High") for good, place in (goods or {}).items()
    )
    session.add_all(BoardDuty(**mine, duty=title, title=title, done=done) for title, done in (duties or {}).items())
    session.flush()
    return supplier.id
