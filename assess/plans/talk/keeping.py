"""How a talk is kept: words, dates, what is new. Whoever writes holds the share first, so that two answers never cross."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.kit.events import publish
from assess.plans.shares.granting import lives
from assess.plans.shares.looking import is_latest
from assess.plans.shares.models import ShareGrant
from assess.plans.talk.models import Move, Side, Talk, TalkWord
from assess.plans.talk.rules import agreed_in, can_take_back, dates_of
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import What
from assess.suppliers.trail import write as write_trail

MOST = 200
"""Words of one share, taken back ones included."""


class TalkOverError(Exception):
    """The share is over, ended, or the business has answered again: nothing more is said here."""


class TalkFullError(Exception):
    """So much was said that no more is taken."""


class NothingToAnswerError(Exception):
    """No date waits for an answer of this side: it was answered, or taken back."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the side, and who of it; None for whoever holds the assessment by a link."""

    side: Side
    person_id: uuid.UUID | None


def is_open(session: Session, grant: ShareGrant, now: datetime) -> bool:
    """Whether anything more can be said about this share."""
    return lives(grant, now) and grant.accepted_at is not None and is_latest(session, grant)


def said_in(session: Session, grant_id: uuid.UUID) -> Sequence[TalkWord]:
    """All that was said about a share, in order."""
    return session.scalars(select(TalkWord).where(TalkWord.grant_id == grant_id).order_by(TalkWord.number)).all()


def comment(session: Session, grant: ShareGrant, who: Speaker, step: str | None, words: str, now: datetime) -> int:
    """Write something. Returns its number.

    Raises:
        TalkOverError, TalkFullError
    """
    return _say(session, _held(session, grant, now), who, Move.COMMENT, step, now, words=words)


def propose(session: Session, grant: ShareGrant, who: Speaker, step: str, due: date, words: str, now: datetime) -> int:
    """Propose a date for a step, in the place of any that waits.

    Raises:
        TalkOverError, TalkFullError
    """
    return _say(session, _held(session, grant, now), who, Move.PROPOSED, step, now, words=words, due=due)


def answer(
    session: Session, grant: ShareGrant, who: Speaker, step: str, due: date, now: datetime, *, agrees: bool
) -> int:
    """Say yes or no to the date the other side proposed, which must still be the one that was seen.

    Raises:
        TalkOverError, TalkFullError, NothingToAnswerError
    """
    talk = _held(session, grant, now)
    waiting = dates_of(said_in(session, grant.id), step)
    if not waiting.waits_for(who.side) or waiting.proposed != due:
        raise NothingToAnswerError
    return _say(session, talk, who, Move.AGREED if agrees else Move.REFUSED, step, now, due=due)


def take_back(session: Session, grant: ShareGrant, who: Speaker, number: int, now: datetime) -> bool:
    """Take one's own word back while that goes; whether it went.

    Raises:
        TalkOverError
    """
    _held(session, grant, now)
    if not can_take_back(said_in(session, grant.id), number, who.side, who.person_id, now):
        return False
    session.delete(session.get_one(TalkWord, (grant.id, number)))
    session.flush()
    return True


def mark_read(session: Session, grant_id: uuid.UUID) -> None:
    """The business has read all there is."""
    talk = session.get(Talk, grant_id)
    if talk is not None:
        talk.seen = talk.made
        session.flush()


def new_in(session: Session, assessment_id: uuid.UUID) -> Mapping[uuid.UUID, int]:
    """How many words of the buyer the business has not read yet, by share; shares without any are left out."""
    wanted = (
        select(Talk.grant_id, func.count())
        .join(TalkWord, TalkWord.grant_id == Talk.grant_id)
        .join(ShareGrant, ShareGrant.id == Talk.grant_id)
        .where(
            ShareGrant.assessment_id == assessment_id,
            TalkWord.side == Side.BUYER,
            TalkWord.number > Talk.seen,
        )
        .group_by(Talk.grant_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def agreed_dates(session: Session, grant_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, date]]:
    """The agreed dates of the steps of these shares: share → key of the step → date. Shares without any are left out."""
    wanted = select(TalkWord).where(TalkWord.grant_id.in_(grant_ids), TalkWord.move != Move.COMMENT)
    by_grant: dict[uuid.UUID, list[TalkWord]] = {}
    for word in session.scalars(wanted.order_by(TalkWord.grant_id, TalkWord.number)):
        by_grant.setdefault(word.grant_id, []).append(word)
    found = {grant_id: agreed_in(words) for grant_id, words in by_grant.items()}
    return {grant_id: dates for grant_id, dates in found.items() if dates}


def _held(session: Session, grant: ShareGrant, now: datetime) -> Talk:
    """The talk of this share, held until this transaction ends."""
    held = session.get(ShareGrant, grant.id, with_for_update=True, populate_existing=True)
    if held is None or not is_open(session, held, now):
        raise TalkOverError
    talk = session.get(Talk, grant.id, populate_existing=True)
    if talk is None:
        talk = Talk(grant_id=grant.id, made=0, seen=0)
        session.add(talk)
        session.flush()
    return talk


def _say(
    session: Session,
    talk: Talk,
    who: Speaker,
    move: Move,
    step: str | None,
    now: datetime,
    *,
    words: str = "",
    due: date | None = None,
) -> int:
    if talk.made >= MOST:
        raise TalkFullError
    talk.made += 1
    session.add(
        TalkWord(
            grant_id=talk.grant_id,
            number=talk.made,
            step=step,
            side=who.side,
            move=move,
            words=words,
            due=due,
            person_id=who.person_id,
            at=now,
        )
    )
    session.flush()
    _tell_the_buyer(session, talk.grant_id, who, move, now)
    return talk.made


def _tell_the_buyer(session: Session, grant_id: uuid.UUID, who: Speaker, move: Move, now: datetime) -> None:
    """Onto the trail of the supplier, if the buyer keeps one. Of the business nobody is named."""
    supplier_id = session.get_one(ShareGrant, grant_id).supplier_id
    if supplier_id is None:
        return
    by_buyer = who.side is Side.BUYER
    what = What.DATE_AGREED if move is Move.AGREED else What.COMMENTED if by_buyer else What.ANSWERED
    write_trail(session, supplier_id, what, now, by=who.person_id if by_buyer else None)
    publish(session, SupplierChanged(supplier_id, now))
