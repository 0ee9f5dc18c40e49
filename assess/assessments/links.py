"""Links that work without an account: back into an assessment, and to one submission for a buyer. Only the hash of a token is stored, so it can be shown once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.assessments.models import BuyerLink, GuestSession, ResumeLink, Submission
from assess.assessments.services import lock_assessment
from assess.assessments.short_codes import (
    CODE_OPENS_FOR,
    clean_code,
    code_hashes,
    grouped_code,
    new_code,
)
from assess.assessments.submissions import NothingSubmittedError
from assess.core.forms.fields import plain_digits
from assess.core.links import LinkUnknownError, NewLink, find_link, hash_token, link_works, lock_link, new_token
from assess.core.security import NO_PIN, hash_pin, pin_matches

BUYER_LINK_DAYS = 30
LONGEST_NOTE = 80
_PIN = re.compile(r"[0-9]{4,8}")


class PinNeededError(Exception):
    pass


class WrongPinError(Exception):
    pass


class InvalidPinError(Exception):
    pass


class CodeOpensNothingError(Exception):
    """No such code, ended, its time is over, a wrong PIN, none, or too many wrong ones: all look alike and cost the same."""


@dataclass(frozen=True, slots=True)
class NewResumeLink(NewLink):
    """`code`: opens what the link opens, as it is shown."""

    code: str


def make_resume_link(
    session: Session,
    assessment_id: uuid.UUID,
    now: datetime,
    *,
    pin: str | None = None,
    made_by: uuid.UUID | None = None,
) -> NewResumeLink:
    """Make one more way back into an assessment, a link and a code. Earlier ones go on working until they are ended.

    `made_by`: who is signed in. Of what belongs to an organisation the link goes when they go.

    Raises:
        InvalidPinError: when a PIN is given that is not 4 to 8 digits.
        AssessmentUnknownError: when the assessment is not there.
    """
    pin_hash = None if pin is None else hash_pin(clean_pin(pin))
    lock_assessment(session, assessment_id)
    token, code = new_token(), new_code()
    link = ResumeLink(
        assessment_id=assessment_id,
        token_hash=hash_token(token),
        code_hash=code_hashes(session, code)[0],
        pin_hash=pin_hash,
        made_by=made_by,
        made_at=now,
    )
    session.add(link)
    session.flush()
    return NewResumeLink(link.id, token, grouped_code(code))


def set_pin(session: Session, assessment_id: uuid.UUID, token: str, pin: str) -> ResumeLink:
    """Give the link of this token a PIN, if it has none yet. Its code asks for it too.

    Raises:
        InvalidPinError: when it is not 4 to 8 digits.
        LinkUnknownError: when this assessment has no such link that still works.
    """
    pin_hash = hash_pin(clean_pin(pin))
    link = lock_link(session, ResumeLink, find_resume_link(session, token).id)
    if link.assessment_id != assessment_id or link.ended_at is not None:
        raise LinkUnknownError
    link.pin_hash = link.pin_hash or pin_hash
    session.flush()
    return link


def cut_token(written: str) -> str:
    """The token of an address, without the quote mark or full stop that programs for mail put behind it."""
    return re.sub(r"[^A-Za-z0-9_-]+$", "", written)


def clean_pin(pin: str) -> str:
    """The PIN in digits 0 to 9, without the spaces people put in. Raises InvalidPinError when it is not 4 to 8 digits, of any script."""
    plain = plain_digits("".join(pin.split()))
    if not _PIN.fullmatch(plain):
        raise InvalidPinError
    return plain


def find_resume_link(session: Session, token: str) -> ResumeLink:
    """The link of this token. Opens and counts nothing. Raises LinkUnknownError when there is none, or it was ended."""
    return find_link(session, ResumeLink, ResumeLink.token_hash, token, ResumeLink.ended_at.is_(None))


def find_link_by_code(session: Session, code: str | None, now: datetime) -> ResumeLink | None:
    """The link whose code was typed so. Opens and counts nothing. None: there is none, it was ended, or the code's time is over."""
    cleaned = clean_code(code or "")
    # a code that is none is looked up too: it costs what any other costs
    hashes = code_hashes(session, cleaned or "")
    link = session.scalars(
        select(ResumeLink).where(ResumeLink.code_hash.in_(hashes), ResumeLink.ended_at.is_(None))
    ).first()
    return link if link is not None and now < code_opens_until(link) else None


def code_opens_until(link: ResumeLink) -> datetime:
    return (link.last_opened_at or link.made_at) + CODE_OPENS_FOR


def check_pin(link: ResumeLink, pin: str | None, count_attempt: Callable[[], None]) -> None:
    """See that the PIN fits, if the link has one. `count_attempt` is called before a try; it raises when there were too many.

    It takes about 40 ms: do not hold a write lock meanwhile. Raises PinNeededError, WrongPinError.
    """
    if link.pin_hash is None:
        return
    if not pin or not pin.strip():
        raise PinNeededError
    count_attempt()
    if not _pin_fits(pin, link.pin_hash):
        raise WrongPinError


def check_code_and_pin(link: ResumeLink | None, pin: str, count_attempt: Callable[[], None]) -> ResumeLink:
    """The link of a code, if its PIN fits, or if it has none. Raises CodeOpensNothingError.

    Whatever fails is counted and hashes a PIN once, also where there is no such code, or where there were too many tries.
    """
    if link is not None and link.pin_hash is None:
        return link
    stored = NO_PIN if link is None or link.pin_hash is None else link.pin_hash
    try:
        count_attempt()
    except TooManyRequests:
        stored = NO_PIN
    if not _pin_fits(pin, stored) or link is None:
        raise CodeOpensNothingError
    return link


def _pin_fits(pin: str, stored: str) -> bool:
    try:
        plain = clean_pin(pin)
    except InvalidPinError:
        plain = ""  # which is nobody's
    return pin_matches(plain, stored)


def mark_resume_link_opened(session: Session, link_id: uuid.UUID, now: datetime) -> ResumeLink:
    """Note that the link was opened just now. Raises LinkUnknownError when it was ended in the meantime."""
    link = lock_link(session, ResumeLink, link_id)
    if link.ended_at is not None:
        raise LinkUnknownError
    if now >= code_opens_until(link):
        link.code_hash = None  # else it opened again from now on
    link.opened += 1
    link.last_opened_at = now
    session.flush()
    return link


def resume_links(session: Session, assessment_id: uuid.UUID) -> list[ResumeLink]:
    return list(
        session.scalars(
            select(ResumeLink)
            .where(ResumeLink.assessment_id == assessment_id, ResumeLink.ended_at.is_(None))
            .order_by(ResumeLink.made_at.desc())
        )
    )


def end_resume_link(
    session: Session, assessment_id: uuid.UUID, link_id: uuid.UUID, now: datetime, *, keep: str | None = None
) -> None:
    """End a link and all guest sessions made through it, except that of the browser that asks (`keep`: its token).

    Raises:
        LinkUnknownError: when this assessment has no such link that still works.
    """
    link = lock_link(session, ResumeLink, link_id)
    if link.assessment_id != assessment_id or link.ended_at is not None:
        raise LinkUnknownError
    link.ended_at = now
    guest_sessions = delete(GuestSession).where(GuestSession.resume_link_id == link_id)
    if keep is not None:
        guest_sessions = guest_sessions.where(GuestSession.token_hash != hash_token(keep))
    session.execute(guest_sessions)
    session.flush()


def make_buyer_link(session: Session, submission: Submission, now: datetime, *, note: str = "") -> NewLink:
    """Make a 30-day link to this submission, which it shows even after a correction. Raises AssessmentUnknownError."""
    lock_assessment(session, submission.assessment_id)
    token = new_token()
    link = BuyerLink(
        assessment_id=submission.assessment_id,
        submission_id=submission.id,
        token_hash=hash_token(token),
        note=note,
        made_at=now,
        until=now + timedelta(days=BUYER_LINK_DAYS),
    )
    session.add(link)
    session.flush()
    return NewLink(link.id, token)


def buyer_links(session: Session, assessment_id: uuid.UUID) -> list[BuyerLink]:
    """All buyer links of an assessment, ended and expired ones included, the newest first."""
    return list(
        session.scalars(
            select(BuyerLink).where(BuyerLink.assessment_id == assessment_id).order_by(BuyerLink.made_at.desc())
        )
    )


def find_buyer_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> BuyerLink:
    """The buyer link of this token. Opens and counts nothing. Raises LinkUnknownError: none, ended or expired."""
    found = find_link(session, BuyerLink, BuyerLink.token_hash, token, lock=lock)
    if not link_works(found, now):
        raise LinkUnknownError
    return found


def mark_buyer_link_opened(session: Session, token: str, now: datetime) -> BuyerLink:
    """Note that the buyer link was opened just now. Raises LinkUnknownError as `find_buyer_link`."""
    # two at once are both counted
    link = find_buyer_link(session, token, now, lock=True)
    link.opened += 1
    link.last_opened_at = now
    session.flush()
    return link


def end_buyer_link(session: Session, assessment_id: uuid.UUID, link_id: uuid.UUID, now: datetime) -> None:
    """End a buyer link and its guest sessions. Ending it again changes nothing. Raises LinkUnknownError."""
    link = lock_link(session, BuyerLink, link_id)
    if link.assessment_id != assessment_id:
        raise LinkUnknownError
    if link.ended_at is None:
        link.ended_at = now
    session.execute(delete(GuestSession).where(GuestSession.buyer_link_id == link_id))
    session.flush()


def shared_submission(session: Session, link: BuyerLink) -> Submission:
    """What this buyer link shows. Raises NothingSubmittedError when it is gone."""
    found = session.get(Submission, link.submission_id)
    if found is None:
        raise NothingSubmittedError
    return found
