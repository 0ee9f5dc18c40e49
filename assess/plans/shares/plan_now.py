"""The plan of a share as it stands now. It changes after it was shared; nothing else of a share does."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.banks.editions import edition_of
from assess.plans.register.keeping import state_of
from assess.plans.shares.document import SharedCopy, plan_of
from assess.plans.shares.models import ShareGrant


def with_plan_now(session: Session, grant: ShareGrant, shared: SharedCopy) -> SharedCopy:
    """The copy with the plan as it stands now, where its scope holds the plan; else the copy as it was frozen."""
    wanted = select(Submission.record, Submission.edition_id).where(Submission.id == grant.submission_id)
    found = None if shared.plan is None else session.execute(wanted).one_or_none()
    if found is None:
        return shared
    edition = edition_of(session, found.edition_id).edition
    return replace(shared, plan=plan_of(found.record, edition, state_of(session, grant.submission_id), shared.scope))
