"""Asking somebody senior, signing off, sending back, taking back; and the history of it.

What is signed is one submission with its digest. Whoever answers again needs a new sign-off. Links are kept like all others: hashed,
opened by a POST, ended with effect from the next request.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.answering import lock
from assess.assessments.links import LONGEST_NOTE, LinkUnknownError, NewLink
from assess.assessments.models import Submission, Visit
from assess.assessments.signing.models import SignEvent, SignOff, SignRequest, What
from assess.assessments.submitting import is_intact, latest_id
from assess.kit.tokens import hash_token, looks_like_token, new_token

DAYS = 14
LONGEST_WORDS = 500


class NotLatestError(Exception):
    """The business has answered again since."""


class SignedAlreadyError(Exception):
    """Somebody has signed this submission off."""


class NotIntactError(Exception):
    """The stored record is not the one that was frozen: nobody may sign it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What whoever signs says. `on_paper`: name and job may stand on the business's own copy."""

    name: str
    job: str
    on_paper: bool


def ask(session: Session, submission: Submission, note: str, now: datetime) -> NewLink:
    """Make a link with which somebody reads this submission and signs it off. The token is in no other place.

    Raises:
        NotLatestError: when there is a newer submission.
        AssessmentUnknownError: when the assessment is not there.
    """
    _lock_latest(session, submission)
    token = new_token()
    made = SignRequest(
        assessment_id=submission.assessment_id,
        submission_id=submission.id,
        note=" ".join(note.split())[:LONGEST_NOTE],
        token_hash=hash_token(token),
        made_at=now,
        until=now + timedelta(days=DAYS),
    )
    session.add(made)
    session.flush()
    _note(session, submission, What.ASKED, now)
    return NewLink(made.id, token)


def works(asked: SignRequest, now: datetime) -> bool:
    """Whether the link can be used at this moment."""
    return asked.ended_at is None and now < asked.until


def find(session: Session, token: str, now: datetime) -> SignRequest:
    """What this token leads to. Opens nothing and counts nothing.

    Raises:
        LinkUnknownError: when there is none, it was ended or its time is up.
    """
    if not looks_like_token(token):
        raise LinkUnknownError
    found = session.scalars(select(SignRequest).where(SignRequest.token_hash == hash_token(token))).first()
    if found is None or not works(found, now):
        raise LinkUnknownError
    return found


def note_opened(session: Session, token: str, now: datetime) -> SignRequest:
    """Note that the link was opened just now. Only the first time is written down.

    Raises:
        LinkUnknownError: as `find`.
    """
    found = session.get(SignRequest, find(session, token, now).id, with_for_update=True, populate_existing=True)
    if found is None or not works(found, now):
        raise LinkUnknownError
    if found.opened_at is None:
        found.opened_at = now
        submission = session.get(Submission, found.submission_id)
        if submission is not None:
            _note(session, submission, What.OPENED, now)
    return found


def working(session: Session, request_id: uuid.UUID, now: datetime) -> SignRequest | None:
    """The request with this id, while its link works."""
    found = session.get(SignRequest, request_id)
    return found if found is not None and works(found, now) else None


def requests_of(session: Session, submission_id: int) -> list[SignRequest]:
    """All links of one submission, the newest first."""
    wanted = select(SignRequest).where(SignRequest.submission_id == submission_id)
    return list(session.scalars(wanted.order_by(SignRequest.made_at.desc(), SignRequest.id)))


def end(session: Session, assessment_id: uuid.UUID, request_id: uuid.UUID, now: datetime) -> None:
    """End a link and every visit made through it. Ending it again changes nothing.

    Raises:
        LinkUnknownError: when this assessment has no such link.
    """
    found = session.get(SignRequest, request_id, with_for_update=True, populate_existing=True)
    if found is None or found.assessment_id != assessment_id:
        raise LinkUnknownError
    if found.ended_at is None:
        found.ended_at = now
        submission = session.get(Submission, found.submission_id)
        if submission is not None:
            _note(session, submission, What.ENDED, now)
    session.execute(delete(Visit).where(Visit.sign_off_request_id == request_id))
    session.flush()


def sign(session: Session, submission: Submission, signature: Signature, now: datetime) -> SignOff:
    """Sign this submission off. Of many at once exactly one does.

    Raises:
        NotLatestError, SignedAlreadyError, NotIntactError
        AssessmentUnknownError: when the assessment is not there.
    """
    _lock_latest(session, submission)
    if signed(session, submission.id) is not None:
        raise SignedAlreadyError
    # what was read may have been read in an earlier transaction: the stored row counts
    if not is_intact(session.get_one(Submission, submission.id, populate_existing=True)):
        raise NotIntactError
    made = SignOff(
        assessment_id=submission.assessment_id,
        submission_id=submission.id,
        digest=submission.digest,
        name=signature.name,
        job=signature.job,
        on_paper=signature.on_paper,
        signed_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, submission, What.SIGNED, now)
    return made


def send_back(session: Session, submission: Submission, words: str, now: datetime) -> None:
    """Say what should be changed before it is signed off.

    Raises:
        NotLatestError, SignedAlreadyError
        AssessmentUnknownError: when the assessment is not there.
    """
    _lock_latest(session, submission)
    if signed(session, submission.id) is not None:
        raise SignedAlreadyError
    _note(session, submission, What.SENT_BACK, now, words=words)


def take_back(session: Session, submission: Submission, now: datetime) -> None:
    """The business takes a sign-off away: it was given by the wrong person, say. Without one nothing happens."""
    lock(session, submission.assessment_id)
    found = signed(session, submission.id)
    if found is not None:
        found.taken_back_at = now
        _note(session, submission, What.TAKEN_BACK, now)


def signed(session: Session, submission_id: int) -> SignOff | None:
    """The sign-off of this submission that stands; None while there is none."""
    mine = (SignOff.submission_id == submission_id) & SignOff.taken_back_at.is_(None)
    return session.scalars(select(SignOff).where(mine).execution_options(populate_existing=True)).first()


def sent_back(session: Session, assessment_id: uuid.UUID) -> SignEvent | None:
    """That the latest submission was sent back and not signed off since, with the words; else None."""
    wanted = (
        select(SignEvent)
        .where(SignEvent.assessment_id == assessment_id, SignEvent.what.in_({What.SENT_BACK, What.SIGNED}))
        .where(SignEvent.number == select(func.max(Submission.number)).where(_of(assessment_id)).scalar_subquery())
    )
    last = session.scalars(wanted.order_by(SignEvent.id.desc()).limit(1)).first()
    return last if last is not None and last.what is What.SENT_BACK else None


def history_of(session: Session, assessment_id: uuid.UUID) -> list[SignEvent]:
    """What happened, of all submissions, the latest first."""
    wanted = select(SignEvent).where(SignEvent.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(SignEvent.id.desc())))


def _of(assessment_id: uuid.UUID) -> ColumnElement[bool]:
    return Submission.assessment_id == assessment_id


def _lock_latest(session: Session, submission: Submission) -> None:
    lock(session, submission.assessment_id)
    if latest_id(session, submission.assessment_id) != submission.id:
        raise NotLatestError


def _note(session: Session, submission: Submission, what: What, now: datetime, *, words: str = "") -> None:
    event = SignEvent(assessment_id=submission.assessment_id, number=submission.number, what=what, words=words, at=now)
    session.add(event)
    session.flush()
