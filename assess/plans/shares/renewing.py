"""Copies that an earlier release froze are made anew: from the same submission and the plan as it stood then, by what a buyer may see now.

A site does this before it starts, so that no page is ever asked for a copy that is not made yet. Done twice, nothing is done the second time.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.banks.editions import edition_of
from assess.kit.db import Database
from assess.kit.events import publish
from assess.plans.register.keeping import state_at
from assess.plans.shares.coding import remember_share
from assess.plans.shares.document import FORMAT, freeze, shared_copy
from assess.plans.shares.models import ShareGrant
from assess.suppliers.events import SupplierChanged

FEW = 20
"""Made anew in one transaction."""


def renew_shares(database: Database, now: datetime) -> int:
    """Make anew whatever was frozen before. Returns how many there were."""
    done = 0
    while True:
        with database.writing() as session:
            found = session.scalars(
                select(ShareGrant)
                .where(ShareGrant.format != FORMAT)
                .order_by(ShareGrant.id)
                .limit(FEW)
                .with_for_update()
            ).all()
            for grant in found:
                _renew(session, grant, now)
        if not found:
            return done
        done += len(found)


def _renew(session: Session, grant: ShareGrant, now: datetime) -> None:
    submission = session.get_one(Submission, grant.submission_id)
    edition = edition_of(session, submission.edition_id).edition
    state = state_at(session, submission.id, grant.frozen_at)
    grant.document = freeze(shared_copy(submission.record, edition, state, grant.scope))
    session.flush()
    remember_share(session, submission.id, grant.document)
    if grant.supplier_id is not None:
        publish(session, SupplierChanged(grant.supplier_id, now))
