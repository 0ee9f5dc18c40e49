"""The address of a calendar: made once, shown once, ended at any time, and what it leads to.

An assessment has one working address at most: a new one ends the one before, so that a lost address can be replaced in one step.
Unknown and ended addresses look alike.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.assessments.answering import lock
from assess.assessments.models import Submission
from assess.assessments.submitting import NothingSubmittedError
from assess.kit.tokens import hash_token, looks_like_token, new_token
from assess.plans.calendar.events import Entry, Moment, entries_of, with_gone
from assess.plans.calendar.models import CalendarFeed
from assess.plans.document import business_plan
from assess.plans.register.keeping import state_of
from assess.plans.register.models import RegisterItem

MOST_LOOKED_BACK = 20
"""So many earlier submissions are looked at for entries that left. Programs fetch once a day or oftener, so each is told in time."""


class FeedUnknownError(Exception):
    """No such address, or no more."""


def make_feed(session: Session, assessment_id: uuid.UUID, now: datetime) -> str:
    """Make an address and end the one before. Returns its token, which is in no other place: show it now.

    Raises:
        AssessmentUnknownError: when the assessment is not there.
    """
    lock(session, assessment_id)
    end_feed(session, assessment_id, now)
    token = new_token()
    session.add(CalendarFeed(assessment_id=assessment_id, token_hash=hash_token(token), made_at=now))
    session.flush()
    return token


def end_feed(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End the address of an assessment. It is over from the next request; without one nothing happens."""
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.assessment_id == assessment_id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=now)
    )


def working_feed(session: Session, assessment_id: uuid.UUID) -> CalendarFeed | None:
    """The address that works now."""
    return session.scalars(
        select(CalendarFeed).where(CalendarFeed.assessment_id == assessment_id, CalendarFeed.ended_at.is_(None))
    ).first()


def find_feed(session: Session, token: str) -> CalendarFeed:
    """The address of this token. Counts nothing.

    Raises:
        FeedUnknownError: when there is none, or it was ended.
    """
    if not looks_like_token(token):
        raise FeedUnknownError
    found = session.scalars(select(CalendarFeed).where(CalendarFeed.token_hash == hash_token(token))).first()
    if found is None or found.ended_at is not None:
        raise FeedUnknownError
    return found


def note_fetch(session: Session, feed_id: uuid.UUID, now: datetime) -> None:
    """Note that it was fetched, and when: so a business sees whether it is used. Never by whom."""
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.id == feed_id, CalendarFeed.ended_at.is_(None))
        .values(opened=CalendarFeed.opened + 1, last_opened_at=now)
    )


def entries_fed(session: Session, feed: CalendarFeed) -> tuple[Entry, ...]:
    """What the programs that fetch this address are told: the latest submission's entries, and what they may hold from earlier ones.

    Only submissions that this address ever led to count: nobody is told of an older plan.

    Raises:
        NothingSubmittedError: before the first submission.
    """
    newest = list(
        session.scalars(
            select(Submission)
            .where(Submission.assessment_id == feed.assessment_id)
            .order_by(Submission.number.desc())
            .limit(MOST_LOOKED_BACK + 1)
        )
    )
    if not newest:
        raise NothingSubmittedError
    led_to = [old for new, old in pairwise(newest) if new.made_at > feed.made_at]
    latest = newest[0]
    moment = Moment(latest.assessment_id, latest.number, latest.made_at, {})
    return with_gone(entries_in(session, latest), [entries_in(session, old) for old in led_to], moment)


def entries_in(session: Session, submission: Submission) -> tuple[Entry, ...]:
    """The calendar of a submission as its register stands."""
    state = state_of(session, submission.id)
    changed = session.execute(
        select(RegisterItem.key, RegisterItem.changed_at).where(RegisterItem.submission_id == submission.id)
    )
    moment = Moment(
        submission.assessment_id, submission.number, submission.made_at, {row.key: row.changed_at for row in changed}
    )
    plan = business_plan(submission.record, state)
    return entries_of(plan.register, submission.record, plan.help, state, moment)
