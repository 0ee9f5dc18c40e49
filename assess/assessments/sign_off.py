"""Sign-off of one submission by a senior person: request by a link, sign, send back, withdraw, and the history. Its pages are in `plans/views_sign_off.py`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.models import GuestSession, SignOff, SignOffEvent, SignOffEventKind, SignOffRequest, Submission
from assess.assessments.services import lock_assessment
from assess.assessments.submissions import is_intact, latest_submission_id
from assess.core.links import LinkUnknownError, NewLink, find_link, hash_token, link_works, lock_link, new_token

REQUEST_DAYS = 14
LONGEST_CHANGE_REQUEST = 500


class NotLatestSubmissionError(Exception):
    pass


class AlreadySignedError(Exception):
    pass


class RecordNotIntactError(Exception):
    """The stored record is not the one that was frozen: nobody may sign it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the signer says. `on_paper`: name and job may stand on the business's own copy."""

    name: str
    job: str
    on_paper: bool


def request_sign_off(session: Session, submission: Submission, note: str, now: datetime) -> NewLink:
    """Make a link with which a senior person reads this submission and signs it off. The token is in no other place.

    Raises:
        NotLatestSubmissionError: when there is a newer submission.
        AssessmentUnknownError: when the assessment is not there.
    """
    _lock_latest(session, submission)
    token = new_token()
    made = SignOffRequest(
        assessment_id=submission.assessment_id,
        submission_id=submission.id,
        note=note,
        token_hash=hash_token(token),
        made_at=now,
        until=now + timedelta(days=REQUEST_DAYS),
    )
    session.add(made)
    session.flush()
    _log_sign_off_event(session, submission, SignOffEventKind.ASKED, now)
    return NewLink(made.id, token)


def find_sign_off_request(session: Session, token: str, now: datetime) -> SignOffRequest:
    """What this token leads to. Opens and counts nothing. Raises LinkUnknownError: none, ended or expired."""
    found = find_link(session, SignOffRequest, SignOffRequest.token_hash, token)
    if not link_works(found, now):
        raise LinkUnknownError
    return found


def mark_sign_off_request_opened(session: Session, token: str, now: datetime) -> SignOffRequest:
    """Note that the link was opened just now; only the first time is written down. Raises LinkUnknownError."""
    found = lock_link(session, SignOffRequest, find_sign_off_request(session, token, now).id)
    if not link_works(found, now):
        raise LinkUnknownError
    if found.opened_at is None:
        found.opened_at = now
        submission = session.get(Submission, found.submission_id)
        if submission is not None:
            _log_sign_off_event(session, submission, SignOffEventKind.OPENED, now)
    return found


def get_working_sign_off_request(session: Session, request_id: uuid.UUID, now: datetime) -> SignOffRequest | None:
    found = session.get(SignOffRequest, request_id)
    return found if found is not None and link_works(found, now) else None


def get_sign_off_requests(session: Session, submission_id: int) -> list[SignOffRequest]:
    wanted = select(SignOffRequest).where(SignOffRequest.submission_id == submission_id)
    return list(session.scalars(wanted.order_by(SignOffRequest.made_at.desc(), SignOffRequest.id)))


def end_sign_off_request(session: Session, assessment_id: uuid.UUID, request_id: uuid.UUID, now: datetime) -> None:
    """End a link and its guest sessions. Ending it again changes nothing. Raises LinkUnknownError."""
    found = lock_link(session, SignOffRequest, request_id)
    if found.assessment_id != assessment_id:
        raise LinkUnknownError
    if found.ended_at is None:
        found.ended_at = now
        submission = session.get(Submission, found.submission_id)
        if submission is not None:
            _log_sign_off_event(session, submission, SignOffEventKind.ENDED, now)
    session.execute(delete(GuestSession).where(GuestSession.sign_off_request_id == request_id))
    session.flush()


def sign_submission(session: Session, submission: Submission, signature: Signature, now: datetime) -> SignOff:
    """Sign this submission off. Of many at once exactly one does.

    Raises:
        NotLatestSubmissionError, AlreadySignedError, RecordNotIntactError
        AssessmentUnknownError: when the assessment is not there.
    """
    _lock_latest(session, submission)
    if get_sign_off(session, submission.id) is not None:
        raise AlreadySignedError
    # what was read may have been read in an earlier transaction: the stored row counts
    if not is_intact(session.get_one(Submission, submission.id, populate_existing=True)):
        raise RecordNotIntactError
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
    _log_sign_off_event(session, submission, SignOffEventKind.SIGNED, now)
    return made


def send_back_submission(session: Session, submission: Submission, words: str, now: datetime) -> None:
    """Say what should be changed before it is signed off.

    Raises:
        NotLatestSubmissionError, AlreadySignedError
        AssessmentUnknownError: when the assessment is not there.
    """
    _lock_latest(session, submission)
    if get_sign_off(session, submission.id) is not None:
        raise AlreadySignedError
    _log_sign_off_event(session, submission, SignOffEventKind.SENT_BACK, now, words=words)


def withdraw_sign_off(session: Session, submission: Submission, now: datetime) -> None:
    """The business takes a sign-off away: it was given by the wrong person, say. Without one nothing happens."""
    lock_assessment(session, submission.assessment_id)
    found = get_sign_off(session, submission.id)
    if found is not None:
        found.taken_back_at = now
        _log_sign_off_event(session, submission, SignOffEventKind.TAKEN_BACK, now)


def get_sign_off(session: Session, submission_id: int) -> SignOff | None:
    # one of another request may just have come
    mine = (SignOff.submission_id == submission_id) & SignOff.taken_back_at.is_(None)
    return session.scalars(select(SignOff).where(mine).execution_options(populate_existing=True)).first()


def get_sent_back_event(session: Session, assessment_id: uuid.UUID) -> SignOffEvent | None:
    """That the latest submission was sent back, with the words; None once it is signed off or somebody is asked again."""
    last = session.scalars(
        select(SignOffEvent)
        .where(
            SignOffEvent.assessment_id == assessment_id,
            SignOffEvent.what.in_({SignOffEventKind.SENT_BACK, SignOffEventKind.SIGNED, SignOffEventKind.ASKED}),
        )
        .where(
            SignOffEvent.number
            == select(func.max(Submission.number)).where(Submission.assessment_id == assessment_id).scalar_subquery()
        )
        .order_by(SignOffEvent.id.desc())
        .limit(1)
    ).first()
    return last if last is not None and last.what is SignOffEventKind.SENT_BACK else None


def get_sign_off_events(session: Session, assessment_id: uuid.UUID) -> list[SignOffEvent]:
    """What happened, of all submissions, the latest first."""
    wanted = select(SignOffEvent).where(SignOffEvent.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(SignOffEvent.id.desc())))


def _lock_latest(session: Session, submission: Submission) -> None:
    lock_assessment(session, submission.assessment_id)
    if latest_submission_id(session, submission.assessment_id) != submission.id:
        raise NotLatestSubmissionError


def _log_sign_off_event(
    session: Session, submission: Submission, what: SignOffEventKind, now: datetime, *, words: str = ""
) -> None:
    session.add(
        SignOffEvent(assessment_id=submission.assessment_id, number=submission.number, what=what, words=words, at=now)
    )
    session.flush()
