"""Once a day, early, what is outdated is removed: drafts nobody touched, old submissions, counters, and rows of work that was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.assessments.removing import remove_outdated
from assess.assessments.together.helping import forget_old as forget_unused_codes
from assess.assessments.unclear.keeping import forget_old_notes
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.config import Settings
from assess.kit.jobs.left import forget_done
from assess.kit.jobs.registry import Work
from assess.kit.limits import forget_counters
from assess.kit.logs import log
from assess.people.accounts.tidying import tidy as tidy_accounts
from assess.people.organisations.inviting import forget_old as forget_invitations


def tidy_daily(work: Work) -> None:
    """The job of the day."""
    with work.database.writing() as session:
        tidy(session, work.now(), work.settings)


def tidy(session: Session, moment: datetime, settings: Settings) -> None:
    """Remove what is outdated at this moment. Done at each start too."""
    removed = remove_outdated(
        session, moment, draft_months=settings.draft_months, submission_years=settings.submission_years
    )
    forget_unused_codes(session, moment)
    forget_old_notes(session, moment, months=settings.draft_months)
    forget_counters(session, moment)
    forget_invitations(session, moment)
    forget_done(session, moment)
    tidy_accounts(session, moment)
    if removed.drafts or removed.submitted:
        deed = Deed(
            action="assessment.delete",
            verb="removed",
            who=by_job("tidy"),
            details={"drafts": removed.drafts, "submitted": removed.submitted},
        )
        record(session, Keys.of(settings), deed, moment)
        log("outdated_removed", number=removed.drafts + removed.submitted)
