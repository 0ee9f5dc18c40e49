"""What the worker does for the board: what was ordered for many suppliers, and each night the rows whose dates have passed.

Each few are a transaction of their own. A worker that is killed leaves what is done done, and the next goes on from there.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.clock import date_at
from assess.kit.db import Database
from assess.kit.events import publish
from assess.kit.jobs.registry import Work
from assess.plans.shares.models import ShareGrant
from assess.portfolio.board.acting import carry_on, forget_old, progress
from assess.portfolio.board.models import BulkAct
from assess.portfolio.from_copies import AT_ONCE_DAYS
from assess.portfolio.models import Standing
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import Status, Supplier

ACTING = "carry_on_bulk"
FEW = 50
NIGHT = timedelta(hours=20)
"""A row that was worked out since the last night is not looked at for its dates."""
LATELY = timedelta(days=7 + AT_ONCE_DAYS)
"""A date that passed within it may not have been seen yet: a step may be late only days after it, and a worker may have stood still."""
KEPT_DAYS = 90
"""For so long what was done with many can be undone."""


def carry_on_bulk(work: Work, *, act_id: str) -> None:
    """Do, or undo, all that is left of one act."""
    while True:
        with work.database.writing() as session:
            act = session.get(BulkAct, uuid.UUID(act_id), with_for_update=True)
            if act is None:
                return
            left = carry_on(session, act, work.settings, work.now())
            total = progress(session, act).total
            if not left:
                deed = Deed(
                    action="suppliers.manage",
                    verb="changed",
                    who=by_job(ACTING),
                    about=("bulk_act", act.id),
                    organisation_id=act.buyer_id,
                    details={"count": total},
                )
                record(session, Keys.of(work.settings), deed, work.now())
        work.progress(total - left, total)
        if not left:
            return


def reckon_standings(work: Work) -> None:
    """Work out the rows anew whose share ran out or one of whose dates has passed since. Run twice it finds nothing more."""
    with work.database.writing() as session:
        forget_old(session, work.now() - timedelta(days=KEPT_DAYS))
    reckon_all(work.database, work)


def reckon_all(database: Database, work: Work) -> int:
    """All rows that are out of date, a few at a time. Returns how many there were."""
    done, last = 0, uuid.UUID(int=0)
    while True:
        with database.writing() as session:
            found = _outdated(session, work.now(), last)
            for supplier_id in found:
                publish(session, SupplierChanged(supplier_id, work.now()))
        if not found:
            return done
        done, last = done + len(found), found[-1]
        work.progress(done, done + FEW)


def _outdated(session: Session, now: datetime, after: uuid.UUID) -> Sequence[uuid.UUID]:
    """The next few in the order of their ids, so that one that stays as it is cannot hold up the others."""
    today = date_at(now)
    dates = (Standing.due, Standing.good_until, Standing.next_step_due)
    passed = or_(*(column.between(today - LATELY, today - timedelta(days=1)) for column in dates))
    over = Standing.shown_until <= now
    shared = (
        select(ShareGrant.id)
        .join(Supplier, Supplier.id == ShareGrant.supplier_id)
        .where(
            or_(Supplier.id == Standing.supplier_id, Supplier.merged_into == Standing.supplier_id),
            ShareGrant.ended_at.is_(None),
            ShareGrant.until > now,
        )
        .exists()
    )
    lost = and_(Standing.status == Status.SHARE_OVER, shared)
    stale = and_(Standing.reckoned_at < now - NIGHT, or_(passed, lost))
    query = select(Standing.supplier_id).where(Standing.supplier_id > after, or_(over, stale))
    return session.scalars(query.order_by(Standing.supplier_id).limit(FEW)).all()
