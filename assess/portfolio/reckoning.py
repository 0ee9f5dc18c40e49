"""How the row of a supplier on the board is worked out: from the buyer's own list, what was asked, and what is shared with this buyer.

It hears of every change in the same transaction. Entries that were put together have one row: the furthest any of them got, and of
several copies the worse, for a copy more must never make a supplier look safer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from assess.assessments.models import Submission
from assess.kit.clock import date_at
from assess.plans.shares.document import SharedCopy, thaw
from assess.plans.shares.models import ShareGrant
from assess.plans.talk.keeping import agreed_dates
from assess.plans.talk.steps import open_steps
from assess.portfolio.models import Standing, StandingBar, StandingDuty, StandingGood
from assess.suppliers.following import ORDER
from assess.suppliers.inviting import latest_of
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Status, Supplier, SupplierInvitation
from assess.suppliers.telling import listen

BANDS = ("low", "medium", "high", "critical")
"""From the least to the most risk."""
LONGEST_TITLE = 200
"""Of a duty, as a row keeps it."""


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
    newest = aliased(Submission)
    latest = (
        select(func.max(newest.id))
        .where(newest.assessment_id == ShareGrant.assessment_id)
        .correlate(ShareGrant)
        .scalar_subquery()
    )
    wanted = select(ShareGrant).where(
        ShareGrant.supplier_id.in_(supplier_ids),
        ShareGrant.accepted_at.is_not(None),
        ShareGrant.ended_at.is_(None),
        ShareGrant.until > now,
        ShareGrant.submission_id == latest,
    )
    return session.scalars(wanted.order_by(ShareGrant.frozen_at.desc(), ShareGrant.id)).all()


def _write(session: Session, shown: Sequence[Supplier], now: datetime) -> None:
    root, ids = shown[0], [one.id for one in shown]
    asked = list(latest_of(session, ids).values())
    grants = living_grants(session, ids, now)
    copies = [thaw(grant.document) for grant in grants]
    agreed = agreed_dates(session, [grant.id for grant in grants])
    steps = _dates_of_steps(copies, [agreed.get(grant.id, {}) for grant in grants])
    row = Standing(
        supplier_id=root.id,
        buyer_id=root.buyer_id,
        name=root.name,
        sector=next((one.sector for one in shown if one.sector), None),
        area=next((one.area for one in shown if one.area), None),
        size=next((one.size for one in shown if one.size), None),
        spend_gbp=_sum([one.spend_gbp for one in shown]),
        status=_status(asked, grants),
        asked_on=min((date_at(one.made_at) for one in asked), default=None),
        due=min((one.due for one in asked), default=None),
        grant_id=grants[0].id if grants else None,
        shown_until=min((grant.until for grant in grants), default=None),
        answered_on=min((date.fromisoformat(one.copy.made_on) for one in copies), default=None),
        good_until=min((date.fromisoformat(one.copy.valid_until) for one in copies), default=None),
        band=_worst_band(copies),
        open_steps=len(steps),
        done_steps=sum(one.done for one in copies),
        late_steps=sum(due < date_at(now) for due in steps if due is not None),
        next_step_due=min((due for due in steps if due is not None), default=None),
        reckoned_at=now,
    )
    session.add(row)
    session.flush()
    session.add_all(StandingBar(supplier_id=root.id, name=name, step=step) for name, step in _bars(copies).items())
    session.add_all(_goods(root.id, copies))
    session.add_all(_duties(root.id, copies))
    session.flush()


def _status(asked: Sequence[SupplierInvitation], grants: Sequence[ShareGrant]) -> Status:
    """The furthest that any of them got. What is shared counts as shared, however it came."""
    if grants:
        return Status.SHARED
    furthest = max((one.status for one in asked), key=ORDER.index, default=Status.NOT_ASKED)
    return Status.SHARE_OVER if furthest is Status.SHARED else furthest


def _worst_band(copies: Sequence[SharedCopy]) -> str | None:
    """The worst of all copies; None as soon as one of them shows no band, for that one may be the worst."""
    bands = [one.copy.rating.band if one.copy.rating else None for one in copies]
    known = [band for band in bands if band in BANDS]
    return max(known, key=BANDS.index) if known and len(known) == len(bands) else None


def _bars(copies: Sequence[SharedCopy]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in copies:
        for bar in one.copy.rating.bars if one.copy.rating else ():
            found[bar.name] = min(bar.step, found.get(bar.name, bar.step))
    return found


def _goods(supplier_id: uuid.UUID, copies: Sequence[SharedCopy]) -> list[StandingGood]:
    found = {
        (one.name, one.place): one.word
        for copy in copies
        for one in (copy.copy.buying.purchases if copy.copy.buying else ())
    }
    return [
        StandingGood(supplier_id=supplier_id, good=good, place=place, word=word)
        for (good, place), word in sorted(found.items())
    ]


def _dates_of_steps(copies: Sequence[SharedCopy], agreed: Sequence[Mapping[str, date]]) -> list[date | None]:
    """The dates of steps that are not done: as agreed with this buyer, else of the plan where it is shared, else as proposed."""
    return [
        dates.get(step.key, _day(step.due))
        for one, dates in zip(copies, agreed, strict=True)
        for step in open_steps(one)
    ]


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)


def _duties(supplier_id: uuid.UUID, copies: Sequence[SharedCopy]) -> list[StandingDuty]:
    """The duties with a day. One is done only when every copy that shows it says so."""
    found: dict[str, tuple[str, bool]] = {}
    for one in (duty for copy in copies for duty in copy.duties or () if duty.counts):
        found[one.id] = (one.title, one.done and found.get(one.id, ("", True))[1])
    return [
        StandingDuty(supplier_id=supplier_id, duty=duty, title=title[:LONGEST_TITLE], done=done)
        for duty, (title, done) in sorted(found.items())
    ]


def _sum(spends: Sequence[int | None]) -> int | None:
    """Together; None as soon as one is not told, for what is not told may be much."""
    known = [spend for spend in spends if spend is not None]
    return sum(known) if known and len(known) == len(spends) else None
