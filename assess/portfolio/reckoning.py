"""How the row of a supplier on the board is worked out: from the buyer's own list, what was asked, and what is shared with this buyer.

It hears of every change in the same transaction. Entries that were put together have one row: the furthest any of them got, and of
several copies the worse, for a copy more must never make a supplier look safer.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, aliased

from assess.assessments.models import Submission
from assess.kit.clock import date_at
from assess.plans.shares.document import SharedCopy, thaw
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.plan_now import with_plan_now
from assess.plans.talk.keeping import agreed_dates
from assess.portfolio.calling.filling import fill
from assess.portfolio.from_copies import (
    bars_of,
    duties_of,
    goods_of,
    open_steps,
    shows_plan,
    worst_band,
)
from assess.portfolio.models import (
    LONGEST_SEARCHED,
    LONGEST_SORT_NAME,
    LONGEST_TITLE,
    Standing,
    StandingBar,
    StandingDuty,
    StandingGood,
)
from assess.suppliers.contracts.keeping import highest_tier
from assess.suppliers.events import SupplierChanged
from assess.suppliers.following import ORDER
from assess.suppliers.inviting import latest_of
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Status, Supplier, SupplierInvitation


def reckon_changed(session: Session, event: SupplierChanged) -> None:
    """Work out the row of a supplier anew in the transaction that changes something of it."""
    reckon(session, event.supplier_id, event.now)


def reckon(session: Session, supplier_id: uuid.UUID, now: datetime) -> None:
    """Work out the row of this supplier anew, and that of whatever it is shown with."""
    root = session.scalar(select(func.coalesce(Supplier.merged_into, Supplier.id)).where(Supplier.id == supplier_id))
    if root is None:
        return
    # one at a time: of two who change something of it at once, both would take the row away and both write it
    session.execute(select(Supplier.id).where(Supplier.id == root).with_for_update(key_share=True))
    supplier = session.get_one(Supplier, supplier_id, populate_existing=True)
    shown = [one for one in shown_as_one(session, supplier) if one.archived_at is None]
    everyone = {supplier.id, supplier.merged_into, *(one.id for one in shown)} - {None}
    session.execute(delete(Standing).where(Standing.supplier_id.in_(everyone)))
    if shown:
        _write(session, shown, now)


def living_grants(session: Session, supplier_ids: Sequence[uuid.UUID], now: datetime) -> Sequence[ShareGrant]:
    """What these suppliers share with the buyer at this moment and have not answered anew since, the latest first."""
    wanted = select(ShareGrant).where(
        ShareGrant.supplier_id.in_(supplier_ids),
        ShareGrant.accepted_at.is_not(None),
        ShareGrant.ended_at.is_(None),
        ShareGrant.until > now,
        is_newest(),
    )
    return session.scalars(wanted.order_by(ShareGrant.frozen_at.desc(), ShareGrant.id)).all()


def is_newest() -> ColumnElement[bool]:
    """Whether what was shared is still what the business last submitted."""
    newest = aliased(Submission)
    latest = (
        select(func.max(newest.id))
        .where(newest.assessment_id == ShareGrant.assessment_id)
        .correlate(ShareGrant)
        .scalar_subquery()
    )
    return ShareGrant.submission_id == latest


def _write(session: Session, shown: Sequence[Supplier], now: datetime) -> None:
    root, ids = shown[0], [one.id for one in shown]
    asked = list(latest_of(session, ids).values())
    grants = living_grants(session, ids, now)
    copies = [with_plan_now(session, grant, thaw(grant.document)) for grant in grants]
    steps = _steps(session, grants, copies, now)
    row = Standing(
        supplier_id=root.id,
        buyer_id=root.buyer_id,
        name=root.name,
        sort_name=root.name.casefold()[:LONGEST_SORT_NAME],
        searched=_searched(shown),
        sector=next((one.sector for one in shown if one.sector), None),
        area=next((one.area for one in shown if one.area), None),
        size=next((one.size for one in shown if one.size), None),
        spend_gbp=_sum([one.spend_gbp for one in shown]),
        tier=highest_tier(session, ids),
        status=_status(asked, grants),
        asked_on=min((date_at(one.made_at) for one in asked), default=None),
        due=min((one.due for one in asked), default=None),
        grant_id=grants[0].id if grants else None,
        shown_until=min((grant.until for grant in grants), default=None),
        answered_on=min((date.fromisoformat(one.copy.made_on) for one in copies), default=None),
        good_until=min((date.fromisoformat(one.copy.valid_until) for one in copies), default=None),
        band=worst_band(copies),
        quick=any(one.copy.quick for one in copies),
        open_steps=steps.open,
        done_steps=steps.done,
        late_steps=steps.late,
        next_step_due=steps.next_due,
        reckoned_at=now,
    )
    fill(row, now, plan_shown=bool(copies) and all(map(shows_plan, copies)))
    session.add(row)
    session.flush()
    _write_copied(session, root, copies)


@dataclass(frozen=True, slots=True)
class _Steps:
    """What a row says of steps: how many are open, done and late, and the next date."""

    open: int
    done: int
    late: int
    next_due: date | None


def _steps(session: Session, grants: Sequence[ShareGrant], copies: Sequence[SharedCopy], now: datetime) -> _Steps:
    agreed = agreed_dates(session, [grant.id for grant in grants])
    found = [
        step for grant, copy in zip(grants, copies, strict=True) for step in open_steps(copy, agreed.get(grant.id, {}))
    ]
    return _Steps(
        open=len(found),
        done=sum(copy.done for copy in copies),
        late=sum(step.late_from is not None and step.late_from <= date_at(now) for step in found),
        next_due=min((step.due for step in found if step.due is not None), default=None),
    )


def _write_copied(session: Session, root: Supplier, copies: Sequence[SharedCopy]) -> None:
    whose = {"supplier_id": root.id, "buyer_id": root.buyer_id}
    session.add_all(StandingBar(**whose, name=name, step=step) for name, step in bars_of(copies).items())
    session.add_all(
        StandingGood(**whose, good=good, place=place, word=word)
        for (good, place), word in sorted(goods_of(copies).items())
    )
    session.add_all(
        StandingDuty(**whose, duty=duty, title=title[:LONGEST_TITLE], done=done)
        for duty, (title, done) in sorted(duties_of(copies).items())
    )
    session.flush()


def _searched(shown: Sequence[Supplier]) -> str:
    said = {text.casefold(): None for one in shown for text in (one.name, one.reference) if text}
    return "\n".join(said)[:LONGEST_SEARCHED]


def _status(asked: Sequence[SupplierInvitation], grants: Sequence[ShareGrant]) -> Status:
    """The furthest that any of them got. What is shared counts as shared, however it came."""
    if grants:
        return Status.SHARED
    furthest = max((one.status for one in asked), key=ORDER.index, default=Status.NOT_ASKED)
    return Status.SHARE_OVER if furthest is Status.SHARED else furthest


def _sum(spends: Sequence[int | None]) -> int | None:
    """Together; None as soon as one is not told, for what is not told may be much."""
    known = [spend for spend in spends if spend is not None]
    return sum(known) if known and len(known) == len(spends) else None
