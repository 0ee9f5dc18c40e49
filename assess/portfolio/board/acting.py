"""One thing done with many suppliers: each by itself, in small steps that can be gone on with, and undone where that can be.

Whether something is to be done for a supplier is looked at when its turn comes, not when the many were chosen.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, false, func, insert, literal, select
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.people.models import Organisation
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.listing import conditions
from assess.portfolio.board.models import BulkAct, BulkItem, Kind, Outcome
from assess.portfolio.board.seen import OPEN, Seen
from assess.portfolio.models import Standing
from assess.suppliers.inviting import latest_of, move_due
from assess.suppliers.keeping import archive, shown_as_one, take_up_again
from assess.suppliers.models import Supplier, SupplierInvitation
from assess.suppliers.remindable import remindable

AT_ONCE = 50
"""More than so many are done in the background."""
BATCH = 25
"""So many in one transaction: whoever wants to write meanwhile waits no longer than for these."""
UNDOABLE = frozenset({Kind.MOVE_DUE, Kind.TAKE_OFF, Kind.PUT_BACK})
"""A letter that was sent cannot be called back."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The suppliers that were ticked; or, without any, all that a filter finds."""

    ids: tuple[uuid.UUID, ...] = ()
    all_of: Filter | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of those that were chosen: how many there are, were asked and have not answered, and share something at this moment."""

    all: int
    open: int
    sharing: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an act is."""

    total: int
    waits: int
    done: int
    not_needed: int
    undone: int
    left: int


def numbers(session: Session, buyer_id: uuid.UUID, chosen: Chosen, now: datetime) -> Numbers:
    """What would be done with those that were chosen."""
    seen = Seen(now)
    is_open, sharing = (func.count().filter(one) for one in (Standing.status.in_(OPEN), seen.shown))
    query = select(func.count(), is_open, sharing).where(*_which(buyer_id, chosen, seen))
    return Numbers(*session.execute(query).one())


def reached(session: Session, buyer_id: uuid.UUID, chosen: Chosen, settings: Settings, now: datetime) -> int:
    """How many of those that were chosen a reminder would reach now."""
    return len(reachable(session, buyer_id, chosen, settings, now))


def reachable(
    session: Session, buyer_id: uuid.UUID, chosen: Chosen, settings: Settings, now: datetime
) -> frozenset[uuid.UUID]:
    """Which of those that were chosen a reminder would reach now."""
    whom = select(Standing.supplier_id).where(*_which(buyer_id, chosen, Seen(now)))
    return remindable(session, session.get_one(Organisation, buyer_id), whom, settings, now)


def off_list(session: Session, buyer_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> int:
    """How many of these are off the list."""
    query = select(func.count()).where(
        Supplier.buyer_id == buyer_id, Supplier.id.in_(ids), Supplier.archived_at.is_not(None)
    )
    return session.scalars(query).one()


def begin(
    session: Session, buyer_id: uuid.UUID, kind: Kind, due: date | None, chosen: Chosen, now: datetime, *, by: uuid.UUID
) -> BulkAct:
    """Write down what is to be done with whom. Nothing of it is done yet."""
    act = BulkAct(buyer_id=buyer_id, by_person=by, kind=kind, due=due, made_at=now)
    session.add(act)
    session.flush()
    if kind is Kind.PUT_BACK:
        whom = select(Supplier.id).where(
            Supplier.buyer_id == buyer_id, Supplier.id.in_(chosen.ids), Supplier.archived_at.is_not(None)
        )
    else:
        whom = select(Standing.supplier_id).where(*_which(buyer_id, chosen, Seen(now)))
    named = whom.subquery()
    items = select(literal(act.id, BulkItem.bulk_action_id.type), named.c[0], literal(Outcome.WAITS.value))
    session.execute(
        insert(BulkItem).from_select(["bulk_action_id", "supplier_id", "outcome"], items, include_defaults=False)
    )
    return act


def progress(session: Session, act: BulkAct) -> Progress:
    """How far it is."""
    counted = select(BulkItem.outcome, func.count()).where(BulkItem.bulk_action_id == act.id).group_by(BulkItem.outcome)
    found = {row[0]: row[1] for row in session.execute(counted)}
    by = [found.get(outcome, 0) for outcome in Outcome]
    return Progress(sum(by), *by)


def carry_on(session: Session, act: BulkAct, settings: Settings, now: datetime) -> int:
    """Do the next few. Returns how many are left; at 0 it has ended."""
    undoing = act.undo_at is not None
    state = Outcome.DONE if undoing else Outcome.WAITS
    waiting = select(BulkItem).where(BulkItem.bulk_action_id == act.id, BulkItem.outcome == state)
    for item in session.scalars(waiting.order_by(BulkItem.supplier_id).limit(BATCH).with_for_update()).all():
        supplier = session.get_one(Supplier, item.supplier_id, populate_existing=True)
        if undoing:
            item.outcome = Outcome.UNDONE if _undo(session, act, item, supplier, now) else Outcome.LEFT
        else:
            item.outcome = Outcome.DONE if _do(session, act, item, supplier, settings, now) else Outcome.NOT_NEEDED
        session.flush()
    left = session.scalars(select(func.count()).select_from(waiting.subquery())).one()
    if not left and act.ended_at is None:
        act.ended_at = now
    return left


def can_undo(act: BulkAct) -> bool:
    """Whether all of it is done and may be undone."""
    return act.kind in UNDOABLE and act.ended_at is not None and act.undo_at is None


def ask_undo(act: BulkAct, now: datetime) -> None:
    """Have it undone from here on. Asking twice changes nothing."""
    if can_undo(act):
        act.undo_at, act.ended_at = now, None


def forget_old(session: Session, before: datetime) -> None:
    """Delete what was done before this moment: nobody undoes it any more, and the trail of each supplier tells of it."""
    session.execute(delete(BulkAct).where(BulkAct.made_at < before).execution_options(synchronize_session=False))


def _which(buyer_id: uuid.UUID, chosen: Chosen, seen: Seen) -> list[ColumnElement[bool]]:
    if chosen.all_of is not None:
        return conditions(buyer_id, chosen.all_of, seen)
    return [Standing.buyer_id == buyer_id, Standing.supplier_id.in_(chosen.ids) if chosen.ids else false()]


def _do(session: Session, act: BulkAct, item: BulkItem, supplier: Supplier, settings: Settings, now: datetime) -> bool:
    shown = shown_as_one(session, supplier)
    if act.kind is Kind.REMIND:
        # the room of letters has it; this one only says when
        from assess.suppliers.chasing import remind_now  # noqa: PLC0415  # read where it is needed, by whoever reminds

        sent = [remind_now(session, one.id, settings, now, by=act.by_person) for one in shown]
        return any(sent)
    if act.kind is Kind.MOVE_DUE:
        return _move(session, act, item, shown, now)
    if act.kind is Kind.TAKE_OFF:
        there = [one for one in shown if one.archived_at is None]
        for one in there:
            archive(session, one, now, by=act.by_person)
        item.before = {"taken_off": [str(one.id) for one in there]}
        return bool(there)
    gone = [one for one in shown if one.archived_at is not None]
    for one in gone:
        take_up_again(session, one, now, by=act.by_person)
    item.before = {"put_back": [str(one.id) for one in gone]}
    return bool(gone)


def _move(session: Session, act: BulkAct, item: BulkItem, shown: Sequence[Supplier], now: datetime) -> bool:
    if act.due is None:
        return False
    before: dict[str, str] = {}
    for invitation in latest_of(session, [one.id for one in shown]).values():
        if invitation.status in OPEN and invitation.due != act.due:
            before[str(invitation.id)] = invitation.due.isoformat()
            move_due(session, invitation, act.due, now, by=act.by_person)
    item.before = before
    return bool(before)


def _undo(session: Session, act: BulkAct, item: BulkItem, supplier: Supplier, now: datetime) -> bool:
    """Put it back as it was, unless somebody changed it again since. Returns whether anything was put back."""
    said = item.before or {}
    if act.kind is Kind.MOVE_DUE:
        found = [session.get(SupplierInvitation, uuid.UUID(key), populate_existing=True) for key in said]
        moved = [one for one in found if one is not None and one.lives and one.due == act.due]
        for one in moved:
            move_due(session, one, date.fromisoformat(said[str(one.id)]), now, by=act.by_person)
        return bool(moved)
    changed = False
    for entry in _named(session, supplier, [*said.get("taken_off", ()), *said.get("put_back", ())]):
        was_off = entry.archived_at is not None
        if was_off is (act.kind is Kind.TAKE_OFF):
            (take_up_again if was_off else archive)(session, entry, now, by=act.by_person)
            changed = True
    return changed


def _named(session: Session, supplier: Supplier, ids: Iterable[str]) -> Sequence[Supplier]:
    wanted = [uuid.UUID(one) for one in ids]
    query = select(Supplier).where(Supplier.id.in_(wanted), Supplier.buyer_id == supplier.buyer_id)
    return session.scalars(query.order_by(Supplier.id)).all()
