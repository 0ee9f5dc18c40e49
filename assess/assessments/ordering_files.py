"""Orders the files of a submission to be made in the background.

It stands here and not beside the press, so that submitting can order in its own transaction what only a higher room knows how to do.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.kit.jobs.ordering import defer

PRINT = "print_copy"
"""The name of the job, as the room of printing defines it."""
MADE_AT_ONCE = ("business", "buyer")
"""What is ready by the time people look for it."""
_LETTERS_OF_STATE = 16


def key_of_file(submission_id: int, copy: str, state: str = "") -> str:
    """What may not be made twice at the same time: a copy of a submission with one state of its register (a digest, or empty)."""
    return f"{PRINT} {submission_id} {copy} {state[:_LETTERS_OF_STATE]}"


def order_file(session: Session, submission_id: int, copy: str, now: datetime, state: str = "") -> int:
    """Order one copy and return the id of the job. Whoever asks for what is under way joins it."""
    key = key_of_file(submission_id, copy, state)
    return defer(session, PRINT, key=key, now=now, submission_id=submission_id, copy=copy)


def order_first_files(session: Session, submission_id: int, now: datetime) -> None:
    """Order what is made of every submission, in the transaction that makes it."""
    for copy in MADE_AT_ONCE:
        order_file(session, submission_id, copy, now)
