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
from assess.portfolio.calling.filling import fill
from assess.portfolio.models import LONGEST_SEARCHED, LONGEST_SORT_NAME, Standing, StandingBar, StandingGood
from assess.suppliers.contracts.keeping import highest_tier
from assess.suppliers.following import ORDER
from assess.suppliers.inviting import latest_of
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Status, Supplier, SupplierInvitation
from assess.suppliers.telling import listen

BANDS = ("low", "medium", "high", "critical")
"""From the least to the most risk."""


@listen
def reckon(session: Session, supplier_id: uuid.UUID, now: datetime) -> None:
    """Work out the row of this supplier anew, and that of whatever it is shown with."""
    supplier = session.get(Supplier, supplier_id, populate_existing=True)
    if supplier is None:
        return
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
    copies = [thaw(grant.document) for grant in grants]
    steps = _dates_of_steps(copies)
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
        band=_worst_band(copies),
        open_steps=len(steps),
        done_steps=sum(one.done for one in copies if has_band(one)),
        late_steps=sum(due < date_at(now) for due in steps if due is not None),
        next_step_due=min((due for due in steps if due is not None), default=None),
        reckoned_at=now,
    )
    fill(row, now, plan_shown=bool(copies) and all(has_band(one) and one.plan is not None for one in copies))
    session.add(row)
    session.flush()
    rated = [one for one in copies if has_band(one)]
    session.add_all(
        StandingBar(supplier_id=root.id, buyer_id=root.buyer_id, name=name, step=step)
        for name, step in _bars(rated).items()
    )
    session.add_all(_goods(root, rated))
    session.flush()


def has_band(copy: SharedCopy) -> bool:
    """Whether it shows a band. If not, the board takes neither bars nor goods nor plan from it.

    One that was not rated has them, one with advice to be had first has not: that would tell the two apart.
    """
    return copy.copy.rating is not None and copy.copy.rating.band in BANDS


def _searched(shown: Sequence[Supplier]) -> str:
    said = {text.casefold(): None for one in shown for text in (one.name, one.reference) if text}
    return "\n".join(said)[:LONGEST_SEARCHED]


def _status(asked: Sequence[SupplierInvitation], grants: Sequence[ShareGrant]) -> Status:
    """The furthest that any of them got. What is shared counts as shared, however it came."""
    if grants:
        return Status.SHARED
    furthest = max((one.status for one in asked), key=ORDER.index, default=Status.NOT_ASKED)
    return Status.SHARE_OVER if furthest is Status.SHARED else furthest


def _worst_band(copies: Sequence[SharedCopy]) -> str | None:
    """The worst of all copies; None as soon as one of them shows no band, for that one may be the worst."""
    known = [one.copy.rating.band for one in copies if one.copy.rating and has_band(one)]
    return max(known, key=BANDS.index) if known and len(known) == len(copies) else None


def _bars(copies: Sequence[SharedCopy]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in copies:
        for bar in one.copy.rating.bars if one.copy.rating else ():
            found[bar.name] = min(bar.step, found.get(bar.name, bar.step))
    return found


def _goods(root: Supplier, copies: Sequence[SharedCopy]) -> list[StandingGood]:
    found = {
        (one.name, one.place): one.word
        for copy in copies
        for one in (copy.copy.buying.purchases if copy.copy.buying else ())
    }
    return [
        StandingGood(supplier_id=root.id, buyer_id=root.buyer_id, good=good, place=place, word=word)
        for (good, place), word in sorted(found.items())
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is not done. `due`: None at once."""

    do: str
    due: date | None


def open_steps(copy: SharedCopy) -> list[Step]:
    """The steps that are not done, by date: of the plan where it is shared beside a band, else as they were proposed."""
    if copy.plan is not None and has_band(copy):
        found = [Step(step.do, _day(step.due)) for step in copy.plan if step.stands != "done"]
    else:
        found = [Step(step.do, _day(step.due)) for step in copy.copy.actions]
    return sorted(found, key=lambda step: step.due or date.min)


def _dates_of_steps(copies: Sequence[SharedCopy]) -> list[date | None]:
    return [step.due for copy in copies for step in open_steps(copy)]


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)


def _sum(spends: Sequence[int | None]) -> int | None:
    """Together; None as soon as one is not told, for what is not told may be much."""
    known = [spend for spend in spends if spend is not None]
    return sum(known) if known and len(known) == len(spends) else None
