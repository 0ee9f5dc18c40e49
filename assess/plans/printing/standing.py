"""How it stands with a file that somebody waits for: there, being made, waiting, late, or given up."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assess.assessments.ordering_files import key_of_file, order_file
from assess.kit.jobs.models import JobState
from assess.kit.jobs.ordering import JobStatus, latest_with_key
from assess.plans.copies import Copy
from assess.plans.printing.kept import is_kept, key_shown
from assess.plans.register.keeping import state_of

LATE_AFTER = timedelta(seconds=20)
"""A job nobody has begun for so long: no worker is there, or all have much to do. Or the clock was set back since."""


class Standing(enum.StrEnum):
    """Where a file is on its way."""

    READY = "ready"
    NOT_ORDERED = "not_ordered"
    WAITING = "waiting"
    RUNNING = "running"
    AGAIN = "again"
    """It failed and is going to be tried again."""
    LATE = "late"
    GIVEN_UP = "given_up"


ON_ITS_WAY = frozenset({Standing.WAITING, Standing.RUNNING, Standing.AGAIN, Standing.LATE})


def standing_of(session: Session, submission_id: int, copy: Copy, now: datetime) -> Standing:
    """How it stands with this copy, with the register as it is now. Of what was deleted nothing was ordered."""
    if is_kept(session, submission_id, copy, key_shown(session, submission_id, copy)):
        return Standing.READY
    key = key_of_file(session, submission_id, copy, _revision_shown(session, submission_id, copy))
    return standing_of_job(None if key is None else latest_with_key(session, str(key)), now)


def order(session: Session, submission_id: int, copy: Copy, now: datetime) -> None:
    """Order this copy with the register as it is now; nothing when it is on its way, or its submission was deleted."""
    order_file(session, submission_id, copy, now, _revision_shown(session, submission_id, copy))


def _revision_shown(session: Session, submission_id: int, copy: Copy) -> int:
    """A number that grows with every change of the register; 0 for a copy that shows nothing of it."""
    return 0 if copy == "buyer" else sum(item.revision for item in state_of(session, submission_id).values())


def standing_of_job(found: JobStatus | None, now: datetime) -> Standing:
    """The same for a file that is not there, from the job that was last ordered for it."""
    if found is None or found.state is JobState.DONE:  # done, and the file is for an earlier state or was removed
        return Standing.NOT_ORDERED
    if found.state is JobState.SET_ASIDE:
        return Standing.GIVEN_UP
    if found.state is JobState.RUNNING:
        return Standing.RUNNING
    if found.attempts:
        return Standing.AGAIN
    return Standing.LATE if abs(now - found.made_at) > LATE_AFTER else Standing.WAITING
