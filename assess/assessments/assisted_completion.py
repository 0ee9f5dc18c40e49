"""A coordinator helps to fill in an assessment because the business asked: one-time code, time limit, end, and the notice on every page meanwhile."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g, render_template
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, AssistanceMode, AssistedAnswer, AssistedSession
from assess.assessments.services import lock_assessment
from assess.assessments.short_codes import clean_code, grouped_code, new_code
from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import database
from assess.identity.current_user import CurrentUser
from assess.identity.models import Role, StaffRole

CODE_LASTS = timedelta(days=7)
ASSISTANCE_LASTS = timedelta(days=14)


class CodeUnknownError(Exception):
    """No such code, used up, ended, or its time is over: all look alike."""


class ConflictOfInterestError(Exception):
    """A helper must not act for the business, nor buy for an organisation."""


@dataclass(frozen=True, slots=True)
class Assistance:
    id: uuid.UUID
    assessment_id: uuid.UUID
    mode: AssistanceMode
    until: datetime


def request_assistance(session: Session, assessment_id: uuid.UUID, mode: AssistanceMode, now: datetime) -> str:
    """Ask for help and return the code, which is kept nowhere else. A code that nobody used yet ends.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
    """
    lock_assessment(session, assessment_id)
    session.execute(
        delete(AssistedSession).where(
            AssistedSession.assessment_id == assessment_id, AssistedSession.began_at.is_(None)
        )
    )
    code = new_code()
    session.add(
        AssistedSession(
            assessment_id=assessment_id, code_hash=_code_hash(code), mode=mode, made_at=now, code_until=now + CODE_LASTS
        )
    )
    session.flush()
    return grouped_code(code)


def begin_assistance(session: Session, who: CurrentUser, typed: str, now: datetime) -> Assistance:
    """Begin to help with the assessment of this code. Of many at once exactly one does.

    Raises:
        CodeUnknownError: for a code that opens nothing.
        ConflictOfInterestError: when this person has a part in the business, or buys for an organisation.
    """
    code = clean_code(typed)
    if code is None:
        raise CodeUnknownError
    found = session.execute(
        select(AssistedSession.id, Assessment.organisation_id)
        .join(Assessment, Assessment.id == AssistedSession.assessment_id)
        .where(
            AssistedSession.code_hash == _code_hash(code),
            AssistedSession.began_at.is_(None),
            AssistedSession.code_until > now,
        )
    ).first()
    if found is None:
        raise CodeUnknownError
    if has_conflict_of_interest(who, found.organisation_id):
        raise ConflictOfInterestError
    begun = session.scalars(
        update(AssistedSession)
        .where(AssistedSession.id == found.id, AssistedSession.began_at.is_(None), AssistedSession.ended_at.is_(None))
        .values(coordinator_id=who.id, began_at=now, until=now + ASSISTANCE_LASTS)
        .returning(AssistedSession)
    ).first()
    if begun is None:
        raise CodeUnknownError
    # one helps at a time: the person who was there before is out
    session.execute(
        update(AssistedSession)
        .where(AssistedSession.assessment_id == begun.assessment_id, AssistedSession.id != begun.id, _is_open(now))
        .values(ended_at=now)
    )
    return Assistance(begun.id, begun.assessment_id, begun.mode, now + ASSISTANCE_LASTS)


def has_conflict_of_interest(who: CurrentUser, organisation_id: uuid.UUID | None) -> bool:
    """Whether this person has a part in the business, or buys for an organisation, and so must not help with its answers."""
    return who.in_organisation(organisation_id) or any(Role.BUYER in roles for roles in who.roles.values())


def may_assist(who: CurrentUser) -> bool:
    return who.staff_role is StaffRole.COORDINATOR and who.second_step


def get_assistance_by(
    session: Session, who: CurrentUser, assessment_id: uuid.UUID, organisation_id: uuid.UUID | None, now: datetime
) -> Assistance | None:
    if not may_assist(who) or has_conflict_of_interest(who, organisation_id):
        return None
    return _latest_assistance(
        session, AssistedSession.assessment_id == assessment_id, AssistedSession.coordinator_id == who.id, _is_open(now)
    )


def get_open_assistance(session: Session, assessment_id: uuid.UUID, now: datetime) -> Assistance | None:
    return _latest_assistance(session, AssistedSession.assessment_id == assessment_id, _is_open(now))


def unused_code_until(session: Session, assessment_id: uuid.UUID, now: datetime) -> datetime | None:
    return session.scalar(
        select(AssistedSession.code_until).where(
            AssistedSession.assessment_id == assessment_id,
            AssistedSession.began_at.is_(None),
            AssistedSession.code_until > now,
        )
    )


def list_assistance_by(session: Session, who: CurrentUser, now: datetime) -> Sequence[Assistance]:
    rows = session.scalars(
        select(AssistedSession)
        .where(AssistedSession.coordinator_id == who.id, _is_open(now))
        .order_by(AssistedSession.began_at.desc(), AssistedSession.id)
    )
    return [_to_assistance(row) for row in rows]


def end_all_assistance(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End all help with an assessment, and the code that waits. The next request of the person who helped is refused."""
    session.execute(
        delete(AssistedSession).where(
            AssistedSession.assessment_id == assessment_id, AssistedSession.began_at.is_(None)
        )
    )
    session.execute(
        update(AssistedSession)
        .where(AssistedSession.assessment_id == assessment_id, AssistedSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def stop_assistance(session: Session, who: CurrentUser, help_id: uuid.UUID, now: datetime) -> uuid.UUID | None:
    """Stop helping. Returns with which assessment; None when this person does not give that help, or no more."""
    return session.scalars(
        update(AssistedSession)
        .where(AssistedSession.id == help_id, AssistedSession.coordinator_id == who.id, _is_open(now))
        .values(ended_at=now)
        .returning(AssistedSession.assessment_id)
    ).first()


def assistance_for_record(session: Session, assessment_id: uuid.UUID) -> tuple[dict[str, str], ...]:
    """How and on which day a coordinator began to type answers that are there: for the record. Empty when none ever did."""
    rows = session.execute(
        select(AssistedSession.mode, AssistedSession.began_at)
        .where(
            AssistedSession.id.in_(
                select(AssistedAnswer.assisted_session_id).where(AssistedAnswer.assessment_id == assessment_id)
            )
        )
        .order_by(AssistedSession.began_at)
    )
    days = [(mode.value, uk_date(began).isoformat()) for mode, began in rows if began is not None]
    return tuple({"mode": mode, "on": day} for mode, day in dict.fromkeys(days))


def delete_unused_codes(session: Session, now: datetime) -> None:
    session.execute(
        delete(AssistedSession).where(AssistedSession.began_at.is_(None), AssistedSession.code_until <= now)
    )


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(AssistedSession.began_at.is_not(None), AssistedSession.until > now, AssistedSession.ended_at.is_(None))


def _latest_assistance(session: Session, *which: ColumnElement[bool]) -> Assistance | None:
    row = session.scalars(
        select(AssistedSession).where(*which).order_by(AssistedSession.began_at.desc()).limit(1)
    ).first()
    return None if row is None else _to_assistance(row)


def _to_assistance(row: AssistedSession) -> Assistance:
    if row.until is None:
        raise ValueError("Help that was not begun has no end.")
    return Assistance(row.id, row.assessment_id, row.mode, row.until)


def _code_hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


_ASSISTED_ASSESSMENT = "help_to_tell_of"


def announce_assistance(assessment_id: uuid.UUID, *, helping: bool) -> None:
    """Have the page of this request say so. `helping`: the person who looks is the one who helps."""
    setattr(g, _ASSISTED_ASSESSMENT, (assessment_id, helping))


def assistance_notice() -> Markup:
    """The notice, as the frame of every page asks for it. Empty on pages about nothing, and while nobody helps."""
    about = g.get(_ASSISTED_ASSESSMENT)
    if about is None:
        return Markup()
    assessment_id, helping = about
    with database().reading() as session:
        given = get_open_assistance(session, assessment_id, clock.now())
    if given is None:
        return Markup()
    return Markup(  # noqa: S704  # a rendered template
        render_template(
            "assessments/_assistance_notice.html",
            id=assessment_id,
            given=given,
            until=uk_date(given.until),
            helping=helping,
        )
    )
