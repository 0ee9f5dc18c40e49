"""Supplier feedback on the buyer's prices and late changes, in pools of five answers or more, so that no single answer can be worked out. Runs once a month."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import uk_date
from assess.core.jobs.services import JobContext
from assess.portfolio.board_projection import list_grants_in_force
from assess.portfolio.models import FeedbackPool, FeedbackPoolMember, FeedbackRound
from assess.suppliers.models import Supplier

MIN_POOL_SIZE = 5
"""A pool of fewer answers is never made (docs/rules.md 1.12)."""
MIN_BUNDLE_SIZE = 3
MIN_LEFT_OVER = 2
UNKNOWN = "dk"
ANSWER_LABELS: Mapping[str, str] = MappingProxyType(
    {"often": "Often", "sometimes": "Sometimes", "never": "Never", UNKNOWN: "Don’t know, or not answered"}
)


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """What is kept of a pool: how many answered, how large a bundle is, and how many whole bundles each answer has."""

    answered: int
    bundle: int
    bundles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """What is shown of all pools together. `tenths`: of ten suppliers at least so many said this; `untold`: of the rest nothing is told."""

    answered: int
    tenths: Mapping[str, int]

    @property
    def untold(self) -> int:
        """Of ten suppliers, how many are not told of."""
        return 10 - sum(self.tenths.values())


def build_pool(answers: Sequence[str]) -> PoolCounts:
    """An answer that is not known to us counts as “don’t know”. Raises ValueError for fewer than five."""
    if len(answers) < MIN_POOL_SIZE:
        raise ValueError("too few to put together")
    bundle = get_bundle_size(len(answers))
    counts = dict.fromkeys(ANSWER_LABELS, 0)
    for answer in answers:
        counts[answer if answer in ANSWER_LABELS else UNKNOWN] += 1
    return PoolCounts(len(answers), bundle, {answer: count // bundle for answer, count in counts.items()})


def get_bundle_size(answered: int) -> int:
    """The smallest bundle of three or more, and a tenth or more, that leaves over two answers or more however they fall.

    What is left over is the rest of the number by the bundle, or that and some bundles more.
    """
    smallest = max(MIN_BUNDLE_SIZE, math.ceil(answered / 10))
    return next(size for size in range(smallest, answered) if answered % size >= MIN_LEFT_OVER)


def summarise_pools(pools: Iterable[PoolCounts]) -> FeedbackSummary | None:
    """All pools together in whole tenths, rounded down; None where there is none."""
    kept = tuple(pools)
    answered = sum(pool.answered for pool in kept)
    if not answered:
        return None
    counts = {answer: sum(pool.bundle * pool.bundles[answer] for pool in kept) for answer in ANSWER_LABELS}
    return FeedbackSummary(answered, {answer: 10 * count // answered for answer, count in counts.items()})


def is_pool_over(members: Collection[int], sharing: Collection[int]) -> bool:
    """Whether a pool goes: fewer than five of its answers (ids of submissions) are still shared with the buyer."""
    return len(set(members) & set(sharing)) < MIN_POOL_SIZE


QUESTION_ID = "core_buyer_pressure"
"""The question of the bank, the same in every sector."""
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class BuyerFeedback:
    """What a buyer is shown, and the first of the month it is of. `picture` is None while there are too few."""

    month: date | None
    picture: FeedbackSummary | None


def get_buyer_feedback(session: Session, buyer_id: uuid.UUID) -> BuyerFeedback:
    """The feedback of the last round. Nothing that happened since changes it."""
    last = session.get(FeedbackRound, buyer_id)
    return BuyerFeedback(
        last.month if last else None, summarise_pools(_pool_counts(one) for one in _list_open_pools(session, buyer_id))
    )


def run_monthly_round(session: Session, buyer_id: uuid.UUID, now: datetime) -> bool:
    """Whether any pool came or went. A new buyer's first round is on the next first of a month, as all others."""
    today = uk_date(now)
    month = today.replace(day=1)
    last = session.get(FeedbackRound, buyer_id, with_for_update=True, populate_existing=True)
    if last is not None and last.month >= month:
        return False
    if last is None:
        session.add(FeedbackRound(buyer_id=buyer_id, month=month))
        session.flush()
        if today != month:
            return False
    else:
        last.month = month
    # a submission counts once, whichever supplier it was put to, and entries that are shown as one are one supplier
    found: dict[uuid.UUID, int] = {}
    for grant, root in _list_grants(session, buyer_id, now):
        if grant not in found.values():
            found.setdefault(root, grant)
    sharing = {submission: root for root, submission in found.items()}
    gone = _close_pools(session, buyer_id, frozenset(sharing), today)
    made = _create_pool(session, buyer_id, sharing, today)
    session.flush()
    return gone or made


def list_buyers(session: Session) -> Sequence[uuid.UUID]:
    """All who keep a list of suppliers."""
    return session.scalars(select(Supplier.buyer_id).distinct().order_by(Supplier.buyer_id)).all()


def _close_pools(session: Session, buyer_id: uuid.UUID, sharing: Collection[int], today: date) -> bool:
    gone = False
    for pool in _list_open_pools(session, buyer_id):
        members = session.scalars(
            select(FeedbackPoolMember.submission_id).where(FeedbackPoolMember.pool_id == pool.id)
        ).all()
        if is_pool_over(members, sharing):
            pool.over_on = today
            # emptied, not only hidden: too few answers stand behind them by now
            pool.never = pool.sometimes = pool.often = pool.unknown = 0
            gone = True
    session.flush()
    return gone


def _create_pool(session: Session, buyer_id: uuid.UUID, sharing: dict[int, uuid.UUID], today: date) -> bool:
    """One pool of all whose answer was never counted and who stand in no other, if they are enough."""
    mine = select(FeedbackPool.id).where(FeedbackPool.buyer_id == buyer_id)
    counted = set(session.scalars(select(FeedbackPoolMember.submission_id).where(FeedbackPoolMember.pool_id.in_(mine))))
    shown = mine.where(FeedbackPool.over_on.is_(None))
    inside = set(session.scalars(select(FeedbackPoolMember.supplier_id).where(FeedbackPoolMember.pool_id.in_(shown))))
    # whoever stands in two pools could be found by comparing them
    fresh = {one: whose for one, whose in sharing.items() if one not in counted and whose not in inside}
    answers = {one: answer for one in sorted(fresh) if (answer := _submitted_answer(session, one)) is not None}
    if len(answers) < MIN_POOL_SIZE:
        return False
    made = build_pool(list(answers.values()))
    pool = FeedbackPool(
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
        FeedbackPoolMember(pool_id=pool.id, submission_id=one, supplier_id=fresh[one]) for one in sorted(answers)
    )
    session.flush()
    return True


def _list_grants(session: Session, buyer_id: uuid.UUID, now: datetime) -> Iterator[tuple[int, uuid.UUID]]:
    wanted = select(Supplier).where(Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None)).order_by(Supplier.id)
    roots = {one.id: one.merged_into or one.id for one in session.scalars(wanted)}
    ids = list(roots)
    grants = [
        grant
        for start in range(0, len(ids), _AT_A_TIME)
        for grant in list_grants_in_force(session, ids[start : start + _AT_A_TIME], now)
    ]
    for grant in sorted(grants, key=lambda grant: grant.submission_id, reverse=True):
        if grant.supplier_id is not None:
            yield grant.submission_id, roots[grant.supplier_id]


def _submitted_answer(session: Session, submission_id: int) -> str | None:
    """What was answered; “don’t know” where it was left out; None where it was not asked, as in a quick check."""
    for section in session.get_one(Submission, submission_id).record["sections"]:
        for question in section["questions"]:
            if question["id"] == QUESTION_ID:
                return str(question["answer"] or UNKNOWN)
    return None


def _list_open_pools(session: Session, buyer_id: uuid.UUID) -> Sequence[FeedbackPool]:
    wanted = select(FeedbackPool).where(FeedbackPool.buyer_id == buyer_id, FeedbackPool.over_on.is_(None))
    return session.scalars(wanted.order_by(FeedbackPool.made_on, FeedbackPool.id)).all()


def _pool_counts(one: FeedbackPool) -> PoolCounts:
    bundles = {"never": one.never, "sometimes": one.sometimes, "often": one.often, UNKNOWN: one.unknown}
    return PoolCounts(one.answered, one.bundle, bundles)


def pool_supplier_feedback(context: JobContext) -> None:
    """Make the round of this month for each buyer that has none yet. Run twice it changes nothing more."""
    with context.database.reading() as session:
        wanted = list_buyers(session)
    for number, buyer_id in enumerate(wanted, 1):
        with context.database.writing() as session:
            if run_monthly_round(session, buyer_id, context.now()):
                event = NewAuditEvent(
                    action="suppliers.manage", verb="made", who=job_actor("pool_pressure"), organisation_id=buyer_id
                )
                append_event(session, AuditKeys.of(context.settings), event, context.now())
        context.progress(number, len(wanted))
