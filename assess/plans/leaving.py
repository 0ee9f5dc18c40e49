"""What plans give out ends when the assessment leaves its organisation: shares and links that wait, calendar, reminders."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from assess.assessments.owning.leaving import ENDS_TOO
from assess.plans.calendar.feeds import end_feed
from assess.plans.reminders.asking import stop_all
from assess.plans.shares.granting import end, grants_of


def end_what_plans_gave(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End every share with the link that waits for its recipient, the address of the calendar, and all reminders."""
    for grant in grants_of(session, assessment_id):
        end(session, grant, now)
    end_feed(session, assessment_id, now)
    stop_all(session, assessment_id, now)


def end_with_the_organisation() -> None:
    """Have that happen. Saying so again changes nothing."""
    if end_what_plans_gave not in ENDS_TOO:
        ENDS_TOO.append(end_what_plans_gave)
