"""Finished PDFs in the database: printed once for each copy and state of the register, the same bytes ever after.

Of each copy two are kept at most: the first, with a register nobody had touched, and the newest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.plans.check_code.codes import remember
from assess.plans.copies import Copy
from assess.plans.printing.models import Rendered
from assess.plans.register.keeping import state_of
from assess.plans.register.state import NOTHING_YET, RegisterState, digest_of_state

LANGUAGE = "en"
"""The only language copies are printed in."""
FIRST = ""
"""The state of a register nobody has touched."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished file and its SHA-256 in hexadecimal."""

    content: bytes
    digest: str


def state_shown(session: Session, submission_id: int, copy: Copy) -> RegisterState:
    """The register as this copy shows it now. A buyer's copy shows nothing of it."""
    return NOTHING_YET if copy == "buyer" else state_of(session, submission_id)


def kept(session: Session, submission_id: int, copy: Copy) -> Finished | None:
    """The stored file of this copy with the register as it is now; never one of an earlier state."""
    state = digest_of_state(state_shown(session, submission_id, copy))
    found = session.get(Rendered, (submission_id, copy, LANGUAGE, state))
    return None if found is None else Finished(found.content, found.digest)


def is_kept(session: Session, submission_id: int, copy: Copy, state: str) -> bool:
    """Whether the file of this state is there, without reading it. `state` is a digest, or `FIRST`."""
    wanted = (Rendered.copy == copy) & (Rendered.language == LANGUAGE) & (Rendered.state == state)
    return session.scalar(select(Rendered.digest).where(Rendered.submission_id == submission_id, wanted)) is not None


def keep(
    session: Session, submission_id: int, copy: Copy, printed: RegisterState, content: bytes, now: datetime
) -> bool:
    """Store a file that was printed with this state of the register, and the code on it. What is there already stays.

    Returns False when it came too late: the submission was deleted meanwhile, or the register has moved on.
    """
    # held until the end of this transaction, so that nobody deletes it before the file hangs on it
    submission = session.get(Submission, submission_id, with_for_update={"read": True, "key_share": True})
    state = digest_of_state(printed)
    if submission is None or digest_of_state(state_shown(session, submission_id, copy)) != state:
        return False
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "submission_id": submission_id,
        "copy": copy,
        "language": LANGUAGE,
        "state": state,
        "digest": hashlib.sha256(content).hexdigest(),
        "content": content,
        "made_at": now,
    }
    session.execute(insert(Rendered).values(row).on_conflict_do_nothing())
    remember(session, submission, copy)
    _forget_between(session, submission_id, copy, state)
    return True


def _forget_between(session: Session, submission_id: int, copy: Copy, newest: str) -> None:
    this_copy = (Rendered.submission_id == submission_id) & (Rendered.copy == copy) & (Rendered.language == LANGUAGE)
    session.execute(
        delete(Rendered).where(this_copy, Rendered.state.not_in((FIRST, newest))),
        execution_options={"synchronize_session": False},
    )
