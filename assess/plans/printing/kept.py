"""Finished PDFs in the database: printed once for each copy and state of the register, the same bytes ever after.

Of each copy two are kept at most: the first, with a register nobody had touched, and the newest.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.submitting import state_of_record
from assess.engine.record import canonical
from assess.plans.check_code.codes import remember
from assess.plans.copies import Copy
from assess.plans.printing.models import Rendered
from assess.plans.register.keeping import state_of
from assess.plans.register.state import NOTHING_YET, RegisterState, digest_of_state
from assess.plans.sign_off import Signed
from assess.plans.signing.shown import signed_shown
from assess.plans.wall import state_on_wall

LANGUAGE = "en"
"""The only language copies are printed in."""
FIRST = ""
"""The state of a register nobody has touched."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished file, its SHA-256 in hexadecimal, and when it was printed."""

    content: bytes
    digest: str
    made_at: datetime


def state_shown(session: Session, submission_id: int, copy: Copy) -> RegisterState:
    """The register as this copy shows it now: nothing on a buyer's copy, of the wall what can be read there, else all of it."""
    if copy == "buyer":
        return NOTHING_YET
    state = state_of(session, submission_id)
    if copy != "wall" or not state:
        return state
    submission = session.get(Submission, submission_id)
    return NOTHING_YET if submission is None else state_on_wall(submission.record, state)


def key_of(state: RegisterState, signed: Signed | None) -> str:
    """What tells files of one copy apart: the digest of the register; with a sign-off, that of both. `FIRST` while there is neither."""
    digest = digest_of_state(state)
    if signed is None:
        return digest
    return hashlib.sha256(canonical({"state": digest, "signed": asdict(signed)})).hexdigest()


def key_shown(session: Session, submission_id: int, copy: Copy) -> str:
    """The same for this copy as it would be printed now."""
    return key_of(state_shown(session, submission_id, copy), signed_shown(session, submission_id, copy))


def kept(session: Session, submission_id: int, copy: Copy) -> Finished | None:
    """The stored file of this copy with the register and the sign-off as they are now; never an earlier one."""
    state = key_shown(session, submission_id, copy)
    columns = select(Rendered.content, Rendered.digest, Rendered.made_at)
    found = session.execute(columns.where(_is_file(submission_id, copy, state))).first()
    return None if found is None else Finished(*found)


def is_kept(session: Session, submission_id: int, copy: Copy, state: str) -> bool:
    """Whether the file of this state is there, without reading it. `state` is a key, or `FIRST`."""
    return session.scalar(select(Rendered.digest).where(_is_file(submission_id, copy, state))) is not None


@dataclass(frozen=True, slots=True)
class Printed:
    """A file that was just printed: of which record (`state_of_record`), with which state of the register and which sign-off."""

    record: str
    state: RegisterState
    content: bytes
    signed: Signed | None = None


def keep(session: Session, submission_id: int, copy: Copy, printed: Printed, now: datetime) -> bool:
    """Store a file that was printed, and the code on it. What is there already stays.

    Returns False when it came too late: the submission was deleted meanwhile, or the register has moved on. A file is never
    stored with any other record than the one that was printed.
    """
    # held until the end of this transaction, so that nobody deletes it before the file hangs on it
    submission = session.get(Submission, submission_id, with_for_update={"read": True, "key_share": True})
    state = key_of(printed.state, printed.signed)
    if submission is None or state_of_record(submission) != printed.record:
        return False
    if key_shown(session, submission_id, copy) != state:
        return False
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "submission_id": submission_id,
        "copy": copy,
        "language": LANGUAGE,
        "state": state,
        "digest": hashlib.sha256(printed.content).hexdigest(),
        "content": printed.content,
        "made_at": now,
    }
    session.execute(insert(Rendered).values(row).on_conflict_do_nothing())
    remember(session, submission, copy)
    _forget_between(session, submission_id, copy, state)
    return True


def _is_copy(submission_id: int, copy: Copy) -> ColumnElement[bool]:
    return and_(Rendered.submission_id == submission_id, Rendered.copy == copy, Rendered.language == LANGUAGE)


def _is_file(submission_id: int, copy: Copy, state: str) -> ColumnElement[bool]:
    return and_(_is_copy(submission_id, copy), Rendered.state == state)


def _forget_between(session: Session, submission_id: int, copy: Copy, newest: str) -> None:
    session.execute(
        delete(Rendered).where(_is_copy(submission_id, copy), Rendered.state.not_in((FIRST, newest))),
        execution_options={"synchronize_session": False},
    )
