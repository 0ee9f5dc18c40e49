"""Visits: what this browser may open just now. The cookie holds a random token, the table its hash.

A visit ends on "leave", when its link is ended, when the assessment is deleted, 12 hours after it was opened, or 4 hours after
the browser last sent something. Why so long: people fill this in beside their work, on a phone, in several sittings; every page
is saved when it is sent, and a visit that ends under the hands of a tired person costs what they had just typed. Why an end at
all: shared computers. Only sending counts as use, so that looking never writes. A buyer only looks, so a buyer's visit lasts 4
hours; the link opens a new one.

Opening something more gives the browser a new token for everything it may open, so that a token somebody planted beforehand
opens nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from assess.assessments.delegation.models import Delegation
from assess.assessments.links import works
from assess.assessments.models import BuyerLink, ResumeLink, Visit
from assess.assessments.signing.models import SignRequest
from assess.kit.tokens import hash_token, looks_like_token, new_token
from assess.suppliers.models import SupplierInvitation

LONGEST = timedelta(hours=12)
LONGEST_IDLE = timedelta(hours=4)


class VisitEndedError(Exception):
    """This browser was here, but the time of its visit is up. Its link opens a new one."""


def open_assessment(session: Session, link: ResumeLink, now: datetime, *, token: str | None = None) -> str:
    """Let this browser into the assessment of a resume link. Returns the token for its cookie.

    `token` is the one its cookie holds already, if any: what that opens stays open.
    """
    return _let_in(session, link.assessment_id, link.id, now, token)


def open_started(session: Session, assessment_id: uuid.UUID, now: datetime, *, token: str | None = None) -> str:
    """Let the browser that has just begun an assessment into it: no link stands behind this visit; `end_others` ends it.

    Returns the token for its cookie. `token` is the one its cookie holds already, if any.
    """
    return _let_in(session, assessment_id, None, now, token)


def open_buyer_link(session: Session, link: BuyerLink, now: datetime, *, token: str | None = None) -> str:
    """Let this browser look at what a buyer link shows. Returns the token for its cookie."""
    fresh = _renewed(session, token, now, Visit.buyer_link_id == link.id)
    session.add(
        Visit(
            token_hash=hash_token(fresh),
            buyer_link_id=link.id,
            opened_at=now,
            used_at=now,
            until=min(now + LONGEST, link.until),
        )
    )
    session.flush()
    return fresh


def open_delegation(session: Session, delegation: Delegation, now: datetime, *, token: str | None = None) -> str:
    """Let this browser answer what a colleague was given. Returns the token for its cookie."""
    fresh = _renewed(session, token, now, Visit.delegation_id == delegation.id)
    until = min(now + LONGEST, delegation.until)
    session.add(
        Visit(token_hash=hash_token(fresh), delegation_id=delegation.id, opened_at=now, used_at=now, until=until)
    )
    session.flush()
    return fresh


def open_sign_request(session: Session, asked: SignRequest, now: datetime, *, token: str | None = None) -> str:
    """Let this browser read and sign off one submission. Returns the token for its cookie."""
    fresh = _renewed(session, token, now, Visit.sign_off_request_id == asked.id)
    until = min(now + LONGEST, asked.until)
    session.add(
        Visit(token_hash=hash_token(fresh), sign_off_request_id=asked.id, opened_at=now, used_at=now, until=until)
    )
    session.flush()
    return fresh


def open_invitation(
    session: Session,
    invitation: SupplierInvitation,
    now: datetime,
    *,
    letter: str | None = None,
    token: str | None = None,
) -> str:
    """Let this browser act on the invitation of a buyer. Returns the token for its cookie. `letter`: whose link it opened."""
    fresh = _renewed(session, token, now, Visit.invitation_id == invitation.id)
    session.add(
        Visit(
            token_hash=hash_token(fresh),
            invitation_id=invitation.id,
            outbox_event=letter,
            opened_at=now,
            used_at=now,
            until=now + LONGEST,
        )
    )
    session.flush()
    return fresh


def may_answer_invitation(session: Session, token: str | None, invitation_id: uuid.UUID, now: datetime) -> bool:
    """Whether this browser opened the link of this invitation. Whether the invitation still lives is asked beside.

    Raises:
        VisitEndedError: when it did, and its time is up.
    """
    return _lives(_find(session, token, Visit.invitation_id == invitation_id), now)


def letter_opened(session: Session, token: str | None, invitation_id: uuid.UUID) -> str | None:
    """The letter whose link to this invitation this browser opened; None: another link, or none."""
    visit = _find(session, token, Visit.invitation_id == invitation_id)
    return None if visit is None else visit.outbox_event


def may_answer_part(session: Session, token: str | None, delegation_id: uuid.UUID, now: datetime) -> bool:
    """Whether this browser opened this link of a colleague. Whether the link still works is asked beside.

    Raises:
        VisitEndedError: when it did, and its time is up.
    """
    return _lives(_find(session, token, Visit.delegation_id == delegation_id), now)


def may_review(session: Session, token: str | None, request_id: uuid.UUID, now: datetime) -> bool:
    """Whether this browser opened this link to sign off. Whether the link still works is asked beside.

    Raises:
        VisitEndedError: when it did, and its time is up.
    """
    return _lives(_find(session, token, Visit.sign_off_request_id == request_id), now)


def note_use_of_part(session: Session, token: str | None, delegation_id: uuid.UUID, now: datetime) -> None:
    """Note that a colleague has just sent something: the 4 hours begin again."""
    if token is not None:
        session.execute(
            update(Visit)
            .where(Visit.token_hash == hash_token(token), Visit.delegation_id == delegation_id)
            .values(used_at=now)
            .execution_options(keeps_books=True)
        )


def may_fill(session: Session, token: str | None, assessment_id: uuid.UUID, now: datetime) -> bool:
    """Whether this browser may open this assessment.

    Raises:
        VisitEndedError: when it could, and its time is up.
    """
    return _lives(_find(session, token, Visit.assessment_id == assessment_id), now)


def may_look(session: Session, token: str | None, buyer_link_id: uuid.UUID, now: datetime) -> BuyerLink | None:
    """The buyer link, if this browser may look at what it shows; None if not.

    Raises:
        VisitEndedError: when it could, and its time is up.
    """
    if not _lives(_find(session, token, Visit.buyer_link_id == buyer_link_id), now):
        return None
    link = session.get(BuyerLink, buyer_link_id)
    return link if link is not None and works(link, now) else None


def opened_assessments(session: Session, token: str | None, now: datetime) -> list[uuid.UUID]:
    """The assessments this browser may open just now, the latest first: the way back from the start page."""
    if token is None or not looks_like_token(token):
        return []
    rows = session.scalars(
        select(Visit)
        .where(Visit.token_hash == hash_token(token), Visit.assessment_id.is_not(None))
        .order_by(Visit.opened_at.desc())
    )
    return [row.assessment_id for row in rows if row.assessment_id is not None and _is_live(row, now)]


def visit_known(session: Session, token: str | None, now: datetime) -> str | None:
    """What this browser's visits are counted by in limits; None when its cookie opens nothing, such as one that somebody made up."""
    if token is None or not looks_like_token(token):
        return None
    hashed = hash_token(token)
    return session.scalar(select(Visit.token_hash).where(Visit.token_hash == hashed, Visit.until > now).limit(1))


def note_use(session: Session, token: str | None, assessment_id: uuid.UUID, now: datetime) -> None:
    """Note that this browser has just sent something: its 4 hours begin again."""
    if token is not None:
        session.execute(
            update(Visit)
            .where(Visit.token_hash == hash_token(token), Visit.assessment_id == assessment_id)
            .values(used_at=now)
            .execution_options(keeps_books=True)
        )


def leave(session: Session, token: str | None) -> None:
    """End everything this browser may open. A copy of its cookie opens nothing from now on."""
    if token is not None:
        session.execute(delete(Visit).where(Visit.token_hash == hash_token(token)))


def end_others(session: Session, assessment_id: uuid.UUID, token: str | None, now: datetime) -> None:
    """End the visits of every other browser to the whole of an assessment, that of the one that began it too.

    They end as if their time were up: whoever sits there reads what everybody reads after some hours, and not that somebody ended it.
    """
    others = update(Visit).where(Visit.assessment_id == assessment_id, Visit.until > now)
    if token is not None:
        others = others.where(Visit.token_hash != hash_token(token))
    session.execute(others.values(until=now))


def _let_in(
    session: Session, assessment_id: uuid.UUID, link_id: uuid.UUID | None, now: datetime, token: str | None
) -> str:
    fresh = _renewed(session, token, now, Visit.assessment_id == assessment_id)
    session.add(
        Visit(
            token_hash=hash_token(fresh),
            assessment_id=assessment_id,
            resume_link_id=link_id,
            opened_at=now,
            used_at=now,
            until=now + LONGEST,
        )
    )
    session.flush()
    return fresh


def _renewed(session: Session, token: str | None, now: datetime, same: ColumnElement[bool]) -> str:
    """A new token that opens what the old one opened, without what is over and without what is opened anew."""
    fresh = new_token()
    if token is not None and looks_like_token(token):
        mine = Visit.token_hash == hash_token(token)
        over = (Visit.until <= now) | (Visit.used_at <= now - LONGEST_IDLE)
        session.execute(delete(Visit).where(mine & (over | same)))
        session.execute(update(Visit).where(mine).values(token_hash=hash_token(fresh)))
    return fresh


def _find(session: Session, token: str | None, what: ColumnElement[bool]) -> Visit | None:
    if token is None or not looks_like_token(token):
        return None
    return session.scalars(select(Visit).where(Visit.token_hash == hash_token(token), what)).first()


def _is_live(visit: Visit, now: datetime) -> bool:
    return now < visit.until and now < visit.used_at + LONGEST_IDLE


def _lives(visit: Visit | None, now: datetime) -> bool:
    if visit is None:
        return False
    if not _is_live(visit, now):
        raise VisitEndedError
    return True
