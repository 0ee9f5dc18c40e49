"""Which shares are in a spreadsheet, and the note for each business that somebody took it. A bundle notes its own while it is sent.

A share whose look cannot be noted any more is over; then the database has taken the spreadsheet away as well.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, defer

from assess.kit.db import Database
from assess.people.caller import Caller
from assess.plans.shares.looking import find_grant, note_looks
from assess.plans.shares.models import Looked, ShareGrant
from assess.portfolio.files.models import PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.tables import Held

NOTED_AT_ONCE = 100
"""So many looks are written in one transaction: others save meanwhile."""


def keep_held(session: Session, file: PortfolioFile, held: Sequence[Held]) -> None:
    """Write down which shares are in this spreadsheet, in place of those that were in it before."""
    session.execute(delete(PortfolioFilePlan).where(PortfolioFilePlan.file_id == file.id))
    values = [
        {
            "file_id": file.id,
            "number": number,
            "supplier_id": one.supplier_id,
            "grant_id": one.grant_id,
            "state": PlanState.THERE,
            "tries": 0,
        }
        for number, one in enumerate(held, 1)
    ]
    if values:
        session.execute(insert(PortfolioFilePlan), values)


def note_taken(database: Database, file_id: uuid.UUID, who: Caller, now: datetime) -> None:
    """Note for each share in this spreadsheet that somebody is about to take it."""
    with database.reading() as look:
        held = select(PortfolioFilePlan.grant_id).where(
            PortfolioFilePlan.file_id == file_id, PortfolioFilePlan.grant_id.is_not(None)
        )
        ids = look.scalars(held.order_by(PortfolioFilePlan.number)).all()
    for begin in range(0, len(ids), NOTED_AT_ONCE):
        some = ids[begin : begin + NOTED_AT_ONCE]
        with database.writing() as session:
            grants = select(ShareGrant).where(ShareGrant.id.in_(some)).options(defer(ShareGrant.document))
            there = [one for one in session.scalars(grants).all() if find_grant(session, who, one.id, now) is not None]
            note_looks(session, there, who, Looked.FILE, now)
