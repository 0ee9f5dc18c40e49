from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.delegation.keeping import Wanted, make
from assess.assessments.delegation.models import Delegation
from assess.assessments.links import make_resume_link, resume_links
from assess.assessments.owning.leaving import leave_organisation
from assess.assessments.together.helping import ask, waiting_code
from assess.assessments.visits import may_fill, open_started


def test_what_was_given_out_ends_and_that_of_others_goes_on(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    visits = {}
    for one in (begun, another):
        make_resume_link(session, one, now)
        make(session, one, Wanted("people", None, "", 14), now)
        ask(session, one, "phone", now)
        visits[one] = open_started(session, one, now)
    leave_organisation(session, begun, now)
    parts = select(Delegation.assessment_id).where(Delegation.ended_at.is_(None))
    assert session.scalars(parts).all() == [another]
    for one, works in ((begun, False), (another, True)):
        assert bool(resume_links(session, one)) is works
        assert (waiting_code(session, one, now) is not None) is works
        assert may_fill(session, visits[one], one, now) is works
