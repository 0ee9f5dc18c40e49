"""Guest sessions: what one browser may open without an account, and until when. The cookie holds a random token, the table its hash."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from assess.assessments.models import BuyerLink, Delegation, GuestSession, ResumeLink, SignOffRequest
from assess.core.links import hash_token, link_works, looks_like_token, new_token

LONGEST_SESSION = timedelta(hours=12)
LONGEST_IDLE = timedelta(hours=4)


class GuestSessionEndedError(Exception):
    """This browser was here, but its guest session has ended. Its link opens a new one."""


def open_resume_link(session: Session, link: ResumeLink, now: datetime, *, token: str | None = None) -> str:
    """Let this browser into the assessment of a resume link. Returns the token for its cookie.

    `token` is the one its cookie holds already, if any: what that opens stays open.
    """
    same = GuestSession.assessment_id == link.assessment_id
    return open_session(session, now, token, same, assessment_id=link.assessment_id, resume_link_id=link.id)


def open_started_assessment(
    session: Session, assessment_id: uuid.UUID, now: datetime, *, token: str | None = None
) -> str:
    """Let the browser that has just begun an assessment into it: no link stands behind this guest session; `end_other_sessions` ends it.

    Returns the token for its cookie. `token` is the one its cookie holds already, if any.
    """
    return open_session(session, now, token, GuestSession.assessment_id == assessment_id, assessment_id=assessment_id)


def open_buyer_link(session: Session, link: BuyerLink, now: datetime, *, token: str | None = None) -> str:
    """Let this browser look at what a buyer link shows. Returns the token for its cookie."""
    same = GuestSession.buyer_link_id == link.id
    return open_session(session, now, token, same, until=link.until, buyer_link_id=link.id)


def open_delegation(session: Session, delegation: Delegation, now: datetime, *, token: str | None = None) -> str:
    """Let this browser answer what a colleague was given. Returns the token for its cookie."""
    same = GuestSession.delegation_id == delegation.id
    return open_session(session, now, token, same, until=delegation.until, delegation_id=delegation.id)


def open_sign_off_request(
    session: Session, sign_off_request: SignOffRequest, now: datetime, *, token: str | None = None
) -> str:
    """Let this browser read and sign off one submission. Returns the token for its cookie."""
    same = GuestSession.sign_off_request_id == sign_off_request.id
    return open_session(
        session, now, token, same, until=sign_off_request.until, sign_off_request_id=sign_off_request.id
    )


def open_session(
    session: Session,
    now: datetime,
    token: str | None,
    same: ColumnElement[bool],
    *,
    until: datetime | None = None,
    **opens: uuid.UUID | str | None,
) -> str:
    """Let this browser open one thing more. Returns a new token, which also opens what the old one opened and is not over.

    `opens`: columns of `GuestSession`. `same`: which sessions of this browser the new one takes the place of. `until`: when it
    ends at the latest.
    """
    # whoever planted a token in this browser knows the old one, never the new one
    fresh = new_token()
    if token is not None and looks_like_token(token):
        mine = GuestSession.token_hash == hash_token(token)
        over = (GuestSession.until <= now) | (GuestSession.used_at <= now - LONGEST_IDLE)
        # the rest moves to the new token with the next statement
        session.execute(delete(GuestSession).where(mine & (over | same)))
        session.execute(update(GuestSession).where(mine).values(token_hash=hash_token(fresh)))
    ends = now + LONGEST_SESSION if until is None else min(now + LONGEST_SESSION, until)
    session.add(GuestSession(token_hash=hash_token(fresh), opened_at=now, used_at=now, until=ends, **opens))
    session.flush()
    return fresh


def may_answer_delegation(session: Session, token: str | None, delegation_id: uuid.UUID, now: datetime) -> bool:
    """Whether this browser opened this link of a colleague. Whether the link still works is asked beside.

    Raises:
        GuestSessionEndedError: when it did, and its time is up.
    """
    return require_live(find_session(session, token, GuestSession.delegation_id == delegation_id), now)


def may_answer_sign_off_request(session: Session, token: str | None, request_id: uuid.UUID, now: datetime) -> bool:
    """Whether this browser opened this sign-off link, working or not. Raises GuestSessionEndedError past its time."""
    return require_live(find_session(session, token, GuestSession.sign_off_request_id == request_id), now)


def mark_delegation_used(session: Session, token: str | None, delegation_id: uuid.UUID, now: datetime) -> None:
    """Note that a colleague has just sent something: the 4 hours begin again."""
    if token is not None:
        session.execute(
            update(GuestSession)
            .where(GuestSession.token_hash == hash_token(token), GuestSession.delegation_id == delegation_id)
            .values(used_at=now)
            .execution_options(not_audited=True)
        )


def find_open_buyer_link(
    session: Session, token: str | None, buyer_link_id: uuid.UUID, now: datetime
) -> BuyerLink | None:
    """The buyer link, if this browser may see what it shows, else None. Raises GuestSessionEndedError past its time."""
    if not require_live(find_session(session, token, GuestSession.buyer_link_id == buyer_link_id), now):
        return None
    link = session.get(BuyerLink, buyer_link_id)
    return link if link is not None and link_works(link, now) else None


def opened_assessments(session: Session, token: str | None, now: datetime) -> list[uuid.UUID]:
    """The assessments this browser may open just now, the latest first: the way back from the start page."""
    if token is None or not looks_like_token(token):
        return []
    rows = session.scalars(
        select(GuestSession)
        .where(GuestSession.token_hash == hash_token(token), GuestSession.assessment_id.is_not(None))
        .order_by(GuestSession.opened_at.desc())
    )
    return [row.assessment_id for row in rows if row.assessment_id is not None and _is_live(row, now)]


def known_session_hash(session: Session, token: str | None, now: datetime) -> str | None:
    """What this browser's guest sessions are counted by in limits; None when its cookie opens nothing, such as one that was made up."""
    if token is None or not looks_like_token(token):
        return None
    hashed = hash_token(token)
    return session.scalar(
        select(GuestSession.token_hash).where(GuestSession.token_hash == hashed, GuestSession.until > now).limit(1)
    )


def mark_session_used(session: Session, token: str | None, assessment_id: uuid.UUID, now: datetime) -> None:
    """Note that this browser has just sent something: its 4 hours begin again."""
    if token is not None:
        session.execute(
            update(GuestSession)
            # every request of a visit does this: the audit log would hold nothing else
            .where(GuestSession.token_hash == hash_token(token), GuestSession.assessment_id == assessment_id)
            .values(used_at=now)
            .execution_options(not_audited=True)
        )


def end_guest_session(session: Session, token: str | None) -> None:
    """End everything this browser may open. A copy of its cookie opens nothing from now on."""
    if token is not None:
        session.execute(delete(GuestSession).where(GuestSession.token_hash == hash_token(token)))


def end_other_sessions(session: Session, assessment_id: uuid.UUID, token: str | None, now: datetime) -> None:
    """End the guest sessions of every other browser to the whole of an assessment, that of the one that began it too.

    They end as if their time were up: the person who sits there reads what everybody reads after some hours, and not that it was ended.
    """
    others = update(GuestSession).where(GuestSession.assessment_id == assessment_id, GuestSession.until > now)
    if token is not None:
        others = others.where(GuestSession.token_hash != hash_token(token))
    session.execute(others.values(until=now))


def find_session(session: Session, token: str | None, what: ColumnElement[bool]) -> GuestSession | None:
    if token is None or not looks_like_token(token):
        return None
    return session.scalars(select(GuestSession).where(GuestSession.token_hash == hash_token(token), what)).first()


def _is_live(guest_session: GuestSession, now: datetime) -> bool:
    return now < guest_session.until and now < guest_session.used_at + LONGEST_IDLE


def require_live(guest_session: GuestSession | None, now: datetime) -> bool:
    if guest_session is None:
        return False
    if not _is_live(guest_session, now):
        raise GuestSessionEndedError
    return True
