"""What stands in the spreadsheets of the board: the same columns as the board has, and nothing that it may not show.

What a share showed is left out from the moment on at which the share is over, also where the row still holds it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.people.models import Organisation
from assess.plans.buyer_view import STEPS
from assess.plans.exports.rows import Cell, Column
from assess.plans.shares.document import thaw
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.plan_now import with_plan_now
from assess.plans.shares.since import QUICK
from assess.plans.talk.keeping import agreed_dates
from assess.plans.words import BANDS
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.words import sentences
from assess.portfolio.files.choosing import plans_for, rows_of
from assess.portfolio.files.models import PlanState
from assess.portfolio.from_copies import open_steps
from assess.portfolio.models import Standing, StandingBar, StandingGood
from assess.suppliers.models import Status, Supplier
from assess.suppliers.words import SIZES, STATUSES, TIERS, name_of_code

NOT_A_FINDING = "The business’s own answers. Not a finding. Not for selection or exclusion."
AT_ONCE, LATER = "at once", "later"
STEPS_SAY = (
    "Steps are those of a plan that is shared, as it stands now. Where no plan is shown they are as they were proposed: "
    "some may be done, and none is counted as late."
)
SOME = 100
"""Rows read in one question to the database."""

SUPPLIERS = (
    Column("supplier", "Supplier", "text", 36),
    Column("reference", "Your reference", "text", 16),
    Column("sector", "Sector", "text", 16),
    Column("area", "Area", "text", 16),
    Column("size", "Size", "text", 20),
    Column("spend", "Spend a year in pounds", "number", 14),
    Column("tier", "Tier of its contracts", "text", 12),
    Column("status", "How it stands", "text", 24),
    Column("asked_on", "Asked on", "date", 13),
    Column("due", "Answer due", "date", 13),
    Column("answered_on", "Answered on", "date", 13),
    Column("good_until", "Answers count until", "date", 13),
    Column("band", "Band (own answers, not a finding)", "text", 24),
    Column("open_steps", "Steps open", "number", 10),
    Column("done_steps", "Steps done", "number", 10),
    Column("late_steps", "Steps late", "number", 10),
    Column("next_step_due", "Next step due", "date", 13),
)
OPEN_STEPS = (
    Column("supplier", "Supplier", "text", 36),
    Column("do", "Step", "text", 60),
    Column("due", "Due", "date", 13),
    Column("stands", "How it stood when it was shared", "text", 30),
)
GOODS = (
    Column("supplier", "Supplier", "text", 36),
    Column("good", "Goods or services", "text", 36),
    Column("place", "From", "text", 24),
    Column("word", "Risk by country and goods", "text", 20),
)
BARS = (
    Column("supplier", "Supplier", "text", 36),
    Column("bar", "What was asked about", "text", 50),
    Column("step", "How far along, by its own answers", "text", 30),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, its columns and its rows, each as long as the columns."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Held:
    """A share of which something stands in the sheets, and the entry of the list that shares it."""

    supplier_id: uuid.UUID
    grant_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Tables:
    """All sheets, and what is said of them. `shown_until`: when the first share in it is over; None if there is none."""

    about: tuple[str, ...]
    made_at: datetime
    suppliers: Table
    others: tuple[Table, ...]
    held: Sequence[Held]
    shown_until: datetime | None


def tables_of(session: Session, buyer_id: uuid.UUID, wanted: Filter, now: datetime) -> Tables:
    """The board of this buyer at this moment, for the suppliers that fit."""
    ids = rows_of(session, buyer_id, wanted, now)
    suppliers: list[tuple[Cell, ...]] = []
    steps: list[tuple[Cell, ...]] = []
    goods: list[tuple[Cell, ...]] = []
    bars: list[tuple[Cell, ...]] = []
    held: list[Held] = []
    ends: list[datetime] = []
    for some in _some(ids):
        rows = {row.supplier_id: row for row in session.scalars(select(Standing).where(Standing.supplier_id.in_(some)))}
        kept = session.execute(select(Supplier.id, Supplier.reference).where(Supplier.id.in_(some)))
        references = {row.id: row.reference for row in kept}
        shown = [key for key in some if key in rows and _is_shown(rows[key], now)]
        names = {key: row.name for key, row in rows.items()}
        suppliers += [_supplier(rows[key], references.get(key, ""), now) for key in some if key in rows]
        goods += _goods(session, shown, names)
        bars += _bars(session, shown, names)
        for key, grant in _grants(session, buyer_id, shown, now):
            steps += _steps(session, names[key], grant)
            held.append(Held(grant.supplier_id or key, grant.id))
            ends.append(grant.until)
            session.expunge(grant)  # a frozen copy is long, and is not needed again
        session.expunge_all()
    buyer = session.get(Organisation, buyer_id)
    return Tables(
        (
            f"The suppliers of {buyer.name if buyer else 'your organisation'} on {date_at(now).isoformat()}.",
            *sentences(wanted),
            NOT_A_FINDING,
            "An empty cell under “Band” means: nothing is shared. A quick check has no band.",
            STEPS_SAY,
            "Keep this file where only those can read it who need it. Delete it when you have used it.",
        ),
        now,
        Table("Suppliers", SUPPLIERS, suppliers),
        (Table("Open steps", OPEN_STEPS, steps), Table("Goods", GOODS, goods), Table("Bars", BARS, bars)),
        held,
        min(ends, default=None),
    )


def _is_shown(row: Standing, now: datetime) -> bool:
    return row.grant_id is not None and row.shown_until is not None and now < row.shown_until


def _supplier(row: Standing, reference: str, now: datetime) -> tuple[Cell, ...]:
    shown = _is_shown(row, now)
    status = Status.SHARE_OVER if row.status is Status.SHARED and not shown else row.status
    copied: tuple[Cell, ...] = (
        _iso(row.answered_on),
        _iso(row.good_until),
        BANDS[row.band] if row.band else QUICK if row.quick else None,
        row.open_steps,
        row.done_steps,
        row.late_steps,
        _iso(row.next_step_due),
    )
    return (
        row.name,
        reference,
        name_of_code(row.sector) if row.sector else None,
        name_of_code(row.area) if row.area else None,
        SIZES[row.size] if row.size else None,
        row.spend_gbp,
        TIERS[row.tier] if row.tier else None,
        STATUSES[status],
        _iso(row.asked_on),
        _iso(row.due),
        *(copied if shown else (None,) * len(copied)),
    )


def _grants(
    session: Session, buyer_id: uuid.UUID, shown: Sequence[uuid.UUID], now: datetime
) -> Iterator[tuple[uuid.UUID, ShareGrant]]:
    for key in shown:
        for plan in plans_for(session, buyer_id, [key], now):
            if plan.state is PlanState.WAITING and plan.grant_id is not None:
                yield key, session.get_one(ShareGrant, plan.grant_id)


def _steps(session: Session, name: str, grant: ShareGrant) -> Iterator[tuple[Cell, ...]]:
    """What is not done: of the plan where that is shared, else as it was proposed.

    What the business said of a step is told as it was when it was shared; since then only its date, and whether it is done.
    """
    shared = thaw(grant.document)
    agreed = agreed_dates(session, [grant.id]).get(grant.id, {})
    stood = {one.do: one.words for one in shared.plan or ()}
    for one in open_steps(with_plan_now(session, grant, shared), agreed):
        yield name, one.do, AT_ONCE if one.at_once else _iso(one.due) or LATER, stood.get(one.do, "proposed")


def _goods(session: Session, shown: Sequence[uuid.UUID], names: dict[uuid.UUID, str]) -> list[tuple[Cell, ...]]:
    wanted = select(StandingGood).where(StandingGood.supplier_id.in_(shown))
    found = session.scalars(wanted.order_by(StandingGood.good, StandingGood.place)).all()
    by_name = sorted(found, key=lambda one: shown.index(one.supplier_id))
    return [(names[one.supplier_id], one.good, one.place, one.word) for one in by_name]


def _bars(session: Session, shown: Sequence[uuid.UUID], names: dict[uuid.UUID, str]) -> list[tuple[Cell, ...]]:
    wanted = select(StandingBar).where(StandingBar.supplier_id.in_(shown))
    found = session.scalars(wanted.order_by(StandingBar.name)).all()
    by_name = sorted(found, key=lambda one: shown.index(one.supplier_id))
    return [(names[one.supplier_id], one.name, STEPS[one.step - 1]) for one in by_name]


def _iso(day: object) -> str | None:
    return None if day is None else str(day)


def _some(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for begin in range(0, len(ids), SOME):
        yield ids[begin : begin + SOME]
