"""Links that give a colleague a part of the questions: made, found, opened, sent back, ended; and the history of each.

Only the hash of a link is stored. It is opened by a POST from its landing page and ends with effect from the next request. Unknown,
ended and expired links look alike to whoever tries them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from assess.assessments.answering import lock
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, DelegationEvent, State, What
from assess.assessments.links import LONGEST_NOTE, LinkUnknownError, NewLink
from assess.assessments.models import Visit
from assess.kit.tokens import hash_token, looks_like_token, new_token

DAYS = (7, 14, 30)
USUAL_DAYS = 14
LONGEST_WORDS = 300
MOST_AT_ONCE = 50
"""Links of one assessment that work at the same time: more than any small business needs."""


class TooManyError(Exception):
    """So many links work already: some have to be ended first."""


class Standing(Enum):
    """How it stands with a link, in the words people read."""

    SENT = "Not opened yet"
    OPENED = "Opened"
    DONE = "Your colleague says it is done"
    SENT_BACK = "Sent back"
    ENDED = "You ended it"
    OVER = "Its time was up"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is given: a section, or one question of it by itself; a note for the business; for how many days."""

    section: str
    question: str | None
    note: str
    days: int


def make(session: Session, assessment_id: uuid.UUID, wanted: Wanted, now: datetime) -> NewLink:
    """Make a link. The token is in no other place.

    Raises:
        TooManyError, AssessmentUnknownError
    """
    lock(session, assessment_id)
    working = sum(works(one, now) for one in delegations_of(session, assessment_id))
    if working >= MOST_AT_ONCE:
        raise TooManyError
    token = new_token()
    made = Delegation(
        assessment_id=assessment_id,
        section=wanted.section,
        question=wanted.question,
        note=" ".join(wanted.note.split())[:LONGEST_NOTE],
        token_hash=hash_token(token),
        made_at=now,
        until=now + timedelta(days=wanted.days),
    )
    session.add(made)
    session.flush()
    note_event(session, made.id, What.MADE, now)
    return NewLink(made.id, token)


def works(delegation: Delegation, now: datetime) -> bool:
    """Whether the link can be used at this moment."""
    return delegation.ended_at is None and now < delegation.until


def standing_of(delegation: Delegation, now: datetime) -> Standing:
    """How it stands with it."""
    if delegation.ended_at is not None:
        return Standing.ENDED
    if delegation.done_at is not None:
        return Standing.DONE
    if now >= delegation.until:
        return Standing.OVER
    if delegation.sent_back_at is not None:
        return Standing.SENT_BACK
    return Standing.SENT if delegation.opened_at is None else Standing.OPENED


def find(session: Session, token: str, now: datetime) -> Delegation:
    """What this token leads to. Opens nothing and counts nothing.

    Raises:
        LinkUnknownError: when there is none, it was ended or its time is up.
    """
    if not looks_like_token(token):
        raise LinkUnknownError
    found = session.scalars(select(Delegation).where(Delegation.token_hash == hash_token(token))).first()
    if found is None or not works(found, now):
        raise LinkUnknownError
    return found


def note_opened(session: Session, token: str, now: datetime) -> Delegation:
    """Note that the link was opened just now. Only the first time is written down.

    Raises:
        LinkUnknownError: as `find`.
    """
    found = _locked(session, find(session, token, now).id)
    if not works(found, now):
        raise LinkUnknownError
    if found.opened_at is None:
        found.opened_at = now
        note_event(session, found.id, What.OPENED, now)
    return found


def working(session: Session, delegation_id: uuid.UUID, now: datetime) -> Delegation | None:
    """The delegation with this id, while its link works."""
    found = session.get(Delegation, delegation_id)
    return found if found is not None and works(found, now) else None


def delegations_of(session: Session, assessment_id: uuid.UUID) -> list[Delegation]:
    """All of an assessment, the newest first."""
    wanted = select(Delegation).where(Delegation.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(Delegation.made_at.desc(), Delegation.id)))


def delegation_of(session: Session, assessment_id: uuid.UUID, delegation_id: uuid.UUID) -> Delegation:
    """One of this assessment.

    Raises:
        LinkUnknownError
    """
    mine = (Delegation.id == delegation_id) & (Delegation.assessment_id == assessment_id)
    found = session.scalars(select(Delegation).where(mine)).first()
    if found is None:
        raise LinkUnknownError
    return found


def say_done(session: Session, delegation_id: uuid.UUID, now: datetime) -> None:
    """The colleague says that nothing is left. Saying it again changes nothing.

    Raises:
        LinkUnknownError: when the link does not work any more.
    """
    found = _locked(session, delegation_id)
    if not works(found, now):
        raise LinkUnknownError
    if found.done_at is None:
        found.done_at, found.sent_back_at, found.asked = now, None, ""
        note_event(session, found.id, What.DONE, now)


def take_done_back(session: Session, delegation_id: uuid.UUID, now: datetime) -> None:
    """The colleague is not done after all. Without having said so nothing changes.

    Raises:
        LinkUnknownError: when the link does not work any more.
    """
    found = _locked(session, delegation_id)
    if not works(found, now):
        raise LinkUnknownError
    found.done_at = None
    session.flush()


def send_back(session: Session, assessment_id: uuid.UUID, delegation_id: uuid.UUID, words: str, now: datetime) -> None:
    """Ask the colleague to change something. Words go only with a section: none stand beside a question that can raise a sign.

    Raises:
        LinkUnknownError: when this assessment has no such link that works.
    """
    found = _locked(session, delegation_id)
    if found.assessment_id != assessment_id or not works(found, now):
        raise LinkUnknownError
    said = "" if found.question is not None else words
    found.done_at, found.sent_back_at, found.asked = None, now, said
    note_event(session, found.id, What.SENT_BACK, now, words=said)


def end(session: Session, assessment_id: uuid.UUID, delegation_id: uuid.UUID, now: datetime) -> None:
    """End a link and every visit made through it. What was answered stays. Ending it again changes nothing.

    Raises:
        LinkUnknownError: when this assessment has no such link.
    """
    found = _locked(session, delegation_id)
    if found.assessment_id != assessment_id:
        raise LinkUnknownError
    if found.ended_at is None:
        found.ended_at = now
        note_event(session, found.id, What.ENDED, now)
    session.execute(delete(Visit).where(Visit.delegation_id == delegation_id))
    session.flush()


def history_of(session: Session, where: ColumnElement[bool]) -> list[DelegationEvent]:
    """What happened, the latest first."""
    return list(session.scalars(select(DelegationEvent).where(where).order_by(DelegationEvent.id.desc())))


def offers_of(session: Session, assessment_id: uuid.UUID) -> list[tuple[Delegation, DelegatedAnswer]]:
    """Answers of colleagues that wait for a decision of the business, the earliest first."""
    found = session.execute(
        select(Delegation, DelegatedAnswer)
        .join(DelegatedAnswer, DelegatedAnswer.delegation_id == Delegation.id)
        .where(Delegation.assessment_id == assessment_id, DelegatedAnswer.state == State.OFFERED)
        .order_by(DelegatedAnswer.changed_at, DelegatedAnswer.question, Delegation.made_at)
    )
    return [(delegation, answer) for delegation, answer in found]


def note_event(
    session: Session, delegation_id: uuid.UUID, what: What, now: datetime, *, count: int = 0, words: str = ""
) -> None:
    """Write one entry of the history."""
    session.add(DelegationEvent(delegation_id=delegation_id, what=what, count=count, words=words, at=now))
    session.flush()


def _locked(session: Session, delegation_id: uuid.UUID) -> Delegation:
    found = session.get(Delegation, delegation_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise LinkUnknownError
    return found
