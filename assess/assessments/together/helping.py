"""Help by a coordinator: asked for by the business, begun with its code, ended by either or by the calendar.

The code has 12 letters (58 bits), acts once and for 7 days, and only its hash is stored: nobody finds it by trying before it is over.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from assess.assessments.answering import lock
from assess.assessments.models import Assessment
from assess.assessments.together.models import AnsweredTogether, Mode, Together
from assess.engine.record import REFERENCE_LETTERS
from assess.kit.clock import date_at
from assess.people.caller import Caller
from assess.people.models import Desk, Role

CODE_LASTS = timedelta(days=7)
HELP_LASTS = timedelta(days=14)
_LETTERS, _GROUP = 12, 4


class CodeUnknownError(Exception):
    """No such code, used up, ended, or its time is over: all look alike."""


class TooCloseError(Exception):
    """Whoever helps must not act for the business, nor buy for anybody."""


@dataclass(frozen=True, slots=True)
class Helped:
    """An assessment somebody helps with: which, how, and until when."""

    id: uuid.UUID
    assessment_id: uuid.UUID
    mode: Mode
    until: datetime


def ask(session: Session, assessment_id: uuid.UUID, mode: Mode, now: datetime) -> str:
    """Ask for help and return the code, which is kept nowhere else. A code that nobody used yet ends.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
    """
    lock(session, assessment_id)
    session.execute(delete(Together).where(Together.assessment_id == assessment_id, Together.began_at.is_(None)))
    code = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(_LETTERS))
    session.add(
        Together(
            assessment_id=assessment_id, code_hash=_hash(code), mode=mode, made_at=now, code_until=now + CODE_LASTS
        )
    )
    session.flush()
    return "-".join(code[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))


def begin(session: Session, who: Caller, typed: str, now: datetime) -> Helped:
    """Begin to help with the assessment of this code. Of many at once exactly one does.

    Raises:
        CodeUnknownError: for a code that opens nothing.
        TooCloseError: when this person has a part in the business, or buys for somebody.
    """
    code = tidied(typed)
    if code is None:
        raise CodeUnknownError
    found = session.execute(
        select(Together.id, Assessment.organisation_id)
        .join(Assessment, Assessment.id == Together.assessment_id)
        .where(Together.code_hash == _hash(code), Together.began_at.is_(None), Together.code_until > now)
    ).first()
    if found is None:
        raise CodeUnknownError
    if too_close(who, found.organisation_id):
        raise TooCloseError
    begun = session.scalars(
        update(Together)
        .where(Together.id == found.id, Together.began_at.is_(None), Together.ended_at.is_(None))
        .values(coordinator_id=who.id, began_at=now, until=now + HELP_LASTS)
        .returning(Together)
    ).first()
    if begun is None:
        raise CodeUnknownError
    # one helps at a time: whoever was there before is out
    session.execute(
        update(Together)
        .where(Together.assessment_id == begun.assessment_id, Together.id != begun.id, _is_open(now))
        .values(ended_at=now)
    )
    return Helped(begun.id, begun.assessment_id, begun.mode, now + HELP_LASTS)


def too_close(who: Caller, organisation_id: uuid.UUID | None) -> bool:
    """Whether somebody has a part in the business, or buys for anybody, and so must not help with its answers."""
    return who.in_organisation(organisation_id) or any(Role.BUYER in roles for roles in who.roles.values())


def may_help(who: Caller) -> bool:
    """Whether somebody sits at the desk and has shown both steps."""
    return who.desk is Desk.COORDINATOR and who.second_step


def help_of(
    session: Session, who: Caller, assessment_id: uuid.UUID, organisation_id: uuid.UUID | None, now: datetime
) -> Helped | None:
    """The help this caller gives there at this moment; None for everybody whom nobody asked."""
    if not may_help(who) or too_close(who, organisation_id):
        return None
    return _first(session, Together.assessment_id == assessment_id, Together.coordinator_id == who.id, _is_open(now))


def open_help(session: Session, assessment_id: uuid.UUID, now: datetime) -> Helped | None:
    """The help that is given there at this moment, whoever gives it."""
    return _first(session, Together.assessment_id == assessment_id, _is_open(now))


def waiting_code(session: Session, assessment_id: uuid.UUID, now: datetime) -> datetime | None:
    """Until when a code that was made and not used yet can be used; None when there is none."""
    return session.scalar(
        select(Together.code_until).where(
            Together.assessment_id == assessment_id, Together.began_at.is_(None), Together.code_until > now
        )
    )


def helps_given_by(session: Session, who: Caller, now: datetime) -> Sequence[Helped]:
    """All a coordinator helps with at this moment, the latest first."""
    rows = session.scalars(
        select(Together)
        .where(Together.coordinator_id == who.id, _is_open(now))
        .order_by(Together.began_at.desc(), Together.id)
    )
    return [_helped(row) for row in rows]


def end_all(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End all help with an assessment, and the code that waits. The next request of whoever helped is refused."""
    session.execute(delete(Together).where(Together.assessment_id == assessment_id, Together.began_at.is_(None)))
    session.execute(
        update(Together)
        .where(Together.assessment_id == assessment_id, Together.ended_at.is_(None))
        .values(ended_at=now)
    )


def stop(session: Session, who: Caller, help_id: uuid.UUID, now: datetime) -> uuid.UUID | None:
    """Stop helping. Returns with which assessment; None when this person does not give that help, or no more."""
    return session.scalars(
        update(Together)
        .where(Together.id == help_id, Together.coordinator_id == who.id, _is_open(now))
        .values(ended_at=now)
        .returning(Together.assessment_id)
    ).first()


def was_together(session: Session, assessment_id: uuid.UUID) -> tuple[dict[str, str], ...]:
    """How and on which day a coordinator began to type answers that are there: for the record. Empty when none ever did."""
    rows = session.execute(
        select(Together.mode, Together.began_at)
        .where(
            Together.id.in_(
                select(AnsweredTogether.assisted_session_id).where(AnsweredTogether.assessment_id == assessment_id)
            )
        )
        .order_by(Together.began_at)
    )
    days = [(mode.value, date_at(began).isoformat()) for mode, began in rows if began is not None]
    return tuple({"mode": mode, "on": day} for mode, day in dict.fromkeys(days))


def forget_old(session: Session, now: datetime) -> None:
    """Delete codes that nobody used in time."""
    session.execute(delete(Together).where(Together.began_at.is_(None), Together.code_until <= now))


def tidied(typed: str) -> str | None:
    """A code as it is hashed, from what somebody typed: small letters, spaces and dashes do not matter. None: it is no code."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters if len(letters) == _LETTERS and set(letters) <= set(REFERENCE_LETTERS) else None


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(Together.began_at.is_not(None), Together.until > now, Together.ended_at.is_(None))


def _first(session: Session, *which: ColumnElement[bool]) -> Helped | None:
    row = session.scalars(select(Together).where(*which).order_by(Together.began_at.desc()).limit(1)).first()
    return None if row is None else _helped(row)


def _helped(row: Together) -> Helped:
    if row.until is None:
        raise ValueError("Help that was not begun has no end.")
    return Helped(row.id, row.assessment_id, row.mode, row.until)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
