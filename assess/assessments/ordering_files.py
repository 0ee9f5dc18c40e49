"""Orders the files of a submission to be made in the background.

It stands here and not beside the press, so that submitting can order in its own transaction what only a higher room knows how to do.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.kit.jobs.ordering import LONG, defer

PRINT = "print_copy"
"""The name of the job, as the room of printing defines it."""
MADE_AT_ONCE = ("business", "buyer")
"""What is ready by the time people look for it."""


@dataclass(frozen=True, slots=True)
class FileKey:
    """What may not be made twice at the same time: one copy of a submission with one revision of its register.

    Nobody can read from it, or guess, what the register says. As text it is the key of the job.
    """

    assessment_id: uuid.UUID
    number: int
    copy: str
    revision: int

    def __str__(self) -> str:
        return f"{PRINT} {self.assessment_id.hex} {self.number} {self.copy} {self.revision}"


def key_of_file(session: Session, submission_id: int, copy: str, revision: int = 0) -> FileKey | None:
    """The key of a copy; None when the submission was deleted. `revision` grows with every change of what the copy shows."""
    where = select(Submission.assessment_id, Submission.number).where(Submission.id == submission_id)
    found = session.execute(where).first()
    return None if found is None else FileKey(found.assessment_id, found.number, copy, revision)


def order_file(session: Session, submission_id: int, copy: str, now: datetime, revision: int = 0) -> int | None:
    """Order one copy and return the id of the job, which goes with the assessment; None when that was deleted.

    Whoever asks for what is under way joins it.
    """
    key = key_of_file(session, submission_id, copy, revision)
    if key is None:
        return None
    # held until the end of this transaction, so that nobody deletes it before the job hangs on it
    still = select(Assessment.id).where(Assessment.id == key.assessment_id).with_for_update(read=True, key_share=True)
    if session.scalar(still) is None:
        return None
    about = key.assessment_id
    return defer(session, PRINT, key=str(key), about=about, rank=LONG, now=now, submission_id=submission_id, copy=copy)


def order_first_files(session: Session, submission_id: int, now: datetime) -> None:
    """Order what is made of every submission, in the transaction that makes it."""
    for copy in MADE_AT_ONCE:
        order_file(session, submission_id, copy, now)
