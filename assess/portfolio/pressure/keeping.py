"""How the pools of a buyer come and go: once a month, by who shares and never by what anybody answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.kit.clock import date_at
from assess.portfolio.pressure.models import PressurePool, PressurePooled, PressureRound
from assess.portfolio.pressure.pooling import FEWEST, UNKNOWN, Picture, Pool, goes, picture_of, pool_of
from assess.portfolio.reckoning import living_grants
from assess.suppliers.models import Supplier

QUESTION = "core_buyer_pressure"
"""The question of the bank, the same in every sector."""
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What a buyer is shown, and the first of the month it is of. `picture` is None while there are too few."""

    month: date | None
    picture: Picture | None


def seen_by(session: Session, buyer_id: uuid.UUID) -> Seen:
    """The picture of the last round. Nothing that happened since changes it."""
    last = session.get(PressureRound, buyer_id)
    return Seen(last.month if last else None, picture_of(_as_pool(one) for one in _living(session, buyer_id)))


def go_round(session: Session, buyer_id: uuid.UUID, now: datetime) -> bool:
    """The round of this month, unless it was made; whether any pool came or went.

    A buyer that is new has its first round on the next first of a month, as all others.
    """
    today = date_at(now)
    month = today.replace(day=1)
    last = session.get(PressureRound, buyer_id, with_for_update=True, populate_existing=True)
    if last is not None and last.month >= month:
        return False
    if last is None:
        session.add(PressureRound(buyer_id=buyer_id, month=month))
        session.flush()
        if today != month:
            return False
    else:
        last.month = month
    sharing = _sharing(session, buyer_id, now)
    gone = _let_go(session, buyer_id, frozenset(sharing), today)
    made = _put_together(session, buyer_id, sharing, today)
    session.flush()
    return gone or made


def buyers(session: Session) -> Sequence[uuid.UUID]:
    """All who keep a list of suppliers."""
    return session.scalars(select(Supplier.buyer_id).distinct().order_by(Supplier.buyer_id)).all()


def _let_go(session: Session, buyer_id: uuid.UUID, sharing: Collection[int], today: date) -> bool:
    gone = False
    for pool in _living(session, buyer_id):
        members = session.scalars(select(PressurePooled.submission_id).where(PressurePooled.pool_id == pool.id)).all()
        if goes(members, sharing):
            pool.over_on = today
            pool.never = pool.sometimes = pool.often = pool.unknown = 0
            gone = True
    session.flush()
    return gone


def _put_together(session: Session, buyer_id: uuid.UUID, sharing: dict[int, uuid.UUID], today: date) -> bool:
    """One pool of all whose answer was never counted and who stand in no other, if they are enough."""
    mine = select(PressurePool.id).where(PressurePool.buyer_id == buyer_id)
    counted = set(session.scalars(select(PressurePooled.submission_id).where(PressurePooled.pool_id.in_(mine))))
    shown = mine.where(PressurePool.over_on.is_(None))
    inside = set(session.scalars(select(PressurePooled.supplier_id).where(PressurePooled.pool_id.in_(shown))))
    fresh = {one: whose for one, whose in sharing.items() if one not in counted and whose not in inside}
    answers = {one: answer for one in sorted(fresh) if (answer := _answer(session, one)) is not None}
    if len(answers) < FEWEST:
        return False
    made = pool_of(list(answers.values()))
    pool = PressurePool(
        buyer_id=buyer_id,
        made_on=today,
        answered=made.answered,
        bundle=made.bundle,
        never=made.bundles["never"],
        sometimes=made.bundles["sometimes"],
        often=made.bundles["often"],
        unknown=made.bundles[UNKNOWN],
    )
    session.add(pool)
    session.flush()
    session.add_all(
        PressurePooled(pool_id=pool.id, submission_id=one, supplier_id=fresh[one]) for one in sorted(answers)
    )
    session.flush()
    return True


def _sharing(session: Session, buyer_id: uuid.UUID, now: datetime) -> dict[int, uuid.UUID]:
    """What is shared with this buyer at this moment: one submission of each supplier, the latest, and whose it is.

    A submission counts once, whoever it was put to, and entries that are shown as one are one supplier.
    """
    found: dict[uuid.UUID, int] = {}
    for grant, root in _grants(session, buyer_id, now):
        if grant not in found.values():
            found.setdefault(root, grant)
    return {submission: root for root, submission in found.items()}


def _grants(session: Session, buyer_id: uuid.UUID, now: datetime) -> Iterator[tuple[int, uuid.UUID]]:
    wanted = select(Supplier).where(Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None)).order_by(Supplier.id)
    roots = {one.id: one.merged_into or one.id for one in session.scalars(wanted)}
    ids = list(roots)
    grants = [
        grant
        for start in range(0, len(ids), _AT_A_TIME)
        for grant in living_grants(session, ids[start : start + _AT_A_TIME], now)
    ]
    for grant in sorted(grants, key=lambda grant: grant.submission_id, reverse=True):
        if grant.supplier_id is not None:
            yield grant.submission_id, roots[grant.supplier_id]


def _answer(session: Session, submission_id: int) -> str | None:
    """What was answered; “don’t know” where it was left out; None where it was not asked, as in a quick check."""
    record = session.get_one(Submission, submission_id).record
    for section in record["sections"]:
        for question in section["questions"]:
            if question["id"] == QUESTION:
                return str(question["answer"] or UNKNOWN)
    return None


def _living(session: Session, buyer_id: uuid.UUID) -> Sequence[PressurePool]:
    wanted = select(PressurePool).where(PressurePool.buyer_id == buyer_id, PressurePool.over_on.is_(None))
    return session.scalars(wanted.order_by(PressurePool.made_on, PressurePool.id)).all()


def _as_pool(one: PressurePool) -> Pool:
    bundles = {"never": one.never, "sometimes": one.sometimes, "often": one.often, UNKNOWN: one.unknown}
    return Pool(one.answered, one.bundle, bundles)
