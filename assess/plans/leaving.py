"""What plans give out ends when the assessment leaves its organisation: shares and links that wait, calendar, reminders."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assess.assessments.events import OwnershipChanged
from assess.plans.calendar.feeds import end_feed
from assess.plans.reminders.asking import stop_all
from assess.plans.shares.granting import end, grants_of


def end_what_plans_gave(session: Session, event: OwnershipChanged) -> None:
    """End every share with the link that waits for its recipient, the address of the calendar, and all reminders."""
    for grant in grants_of(session, event.assessment_id):
        end(session, grant, event.now)
    end_feed(session, event.assessment_id, event.now)
    stop_all(session, event.assessment_id, event.now)
