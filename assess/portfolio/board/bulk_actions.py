"""Bulk actions on suppliers (remind, change due date, archive, restore), their undo, and the job that runs them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, false, func, insert, literal, select
from sqlalchemy.orm import Session

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.config import Settings
from assess.core.jobs.services import JobContext
from assess.identity.models import Organisation
from assess.portfolio.board.columns import OPEN_STATUSES, BoardFilter, CurrentColumns
from assess.portfolio.board.services import filter_conditions
from assess.portfolio.models import BoardRow, BulkAction, BulkActionItem, BulkActionKind, BulkActionOutcome
from assess.suppliers.models import Supplier, SupplierInvitation
from assess.suppliers.reminders import find_remindable_suppliers
from assess.suppliers.services import (
    archive_supplier,
    change_due_date,
    latest_invitations,
    merged_group,
    unarchive_supplier,
)

MAX_IMMEDIATE = 50
"""More than so many are done in the background."""
ITEMS_PER_TRANSACTION = 25
"""So many in one transaction: other writers wait no longer than for these."""
UNDOABLE_KINDS = frozenset({BulkActionKind.MOVE_DUE, BulkActionKind.ARCHIVE, BulkActionKind.RESTORE})
"""An email that was sent cannot be called back."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The suppliers that were ticked; or, without any, all that a filter finds."""

    ids: tuple[uuid.UUID, ...] = ()
    all_of: BoardFilter | None = None


@dataclass(frozen=True, slots=True)
class SelectionCounts:
    """Of those that were chosen: how many there are, were asked and have not answered, and share something at this moment."""

    all: int
    open: int
    sharing: int


@dataclass(frozen=True, slots=True)
class BulkActionProgress:
    total: int
    waits: int
    done: int
    not_needed: int
    undone: int
    left: int


def count_selection(session: Session, buyer_id: uuid.UUID, chosen: Selection, now: datetime) -> SelectionCounts:
    columns = CurrentColumns(now)
    is_open, sharing = (func.count().filter(one) for one in (BoardRow.status.in_(OPEN_STATUSES), columns.shown))
    query = select(func.count(), is_open, sharing).where(*_selection_conditions(buyer_id, chosen, columns))
    return SelectionCounts(*session.execute(query).one())


def find_remindable(
    session: Session, buyer_id: uuid.UUID, chosen: Selection, settings: Settings, now: datetime
) -> frozenset[uuid.UUID]:
    whom = select(BoardRow.supplier_id).where(*_selection_conditions(buyer_id, chosen, CurrentColumns(now)))
    return find_remindable_suppliers(session, session.get_one(Organisation, buyer_id), whom, settings, now)


def count_archived(session: Session, buyer_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> int:
    return session.scalars(
        select(func.count()).where(
            Supplier.buyer_id == buyer_id, Supplier.id.in_(ids), Supplier.archived_at.is_not(None)
        )
    ).one()


def create_bulk_action(
    session: Session,
    buyer_id: uuid.UUID,
    kind: BulkActionKind,
    due: date | None,
    chosen: Selection,
    now: datetime,
    *,
    by: uuid.UUID,
) -> BulkAction:
    """Write down what is to be done with whom. Nothing of it is done yet."""
    bulk_action = BulkAction(buyer_id=buyer_id, by_person=by, kind=kind, due=due, made_at=now)
    session.add(bulk_action)
    session.flush()
    if kind is BulkActionKind.RESTORE:
        whom = select(Supplier.id).where(
            Supplier.buyer_id == buyer_id, Supplier.id.in_(chosen.ids), Supplier.archived_at.is_not(None)
        )
    else:
        whom = select(BoardRow.supplier_id).where(*_selection_conditions(buyer_id, chosen, CurrentColumns(now)))
    named = whom.subquery()
    items = select(
        literal(bulk_action.id, BulkActionItem.bulk_action_id.type), named.c[0], literal(BulkActionOutcome.WAITS.value)
    )
    session.execute(
        insert(BulkActionItem).from_select(["bulk_action_id", "supplier_id", "outcome"], items, include_defaults=False)
    )
    return bulk_action


def get_progress(session: Session, bulk_action: BulkAction) -> BulkActionProgress:
    counted = (
        select(BulkActionItem.outcome, func.count())
        .where(BulkActionItem.bulk_action_id == bulk_action.id)
        .group_by(BulkActionItem.outcome)
    )
    found = {row[0]: row[1] for row in session.execute(counted)}
    by = [found.get(outcome, 0) for outcome in BulkActionOutcome]
    return BulkActionProgress(sum(by), *by)


def process_next_items(session: Session, bulk_action: BulkAction, settings: Settings, now: datetime) -> int:
    """Do the next few. Returns how many are left; at 0 it has ended."""
    undoing = bulk_action.undo_at is not None
    state = BulkActionOutcome.DONE if undoing else BulkActionOutcome.WAITS
    waiting = select(BulkActionItem).where(
        BulkActionItem.bulk_action_id == bulk_action.id, BulkActionItem.outcome == state
    )
    for item in session.scalars(
        waiting.order_by(BulkActionItem.supplier_id).limit(ITEMS_PER_TRANSACTION).with_for_update()
    ).all():
        supplier = session.get_one(Supplier, item.supplier_id, populate_existing=True)
        if undoing:
            done = _undo_item(session, bulk_action, item, supplier, now)
            item.outcome = BulkActionOutcome.UNDONE if done else BulkActionOutcome.LEFT
        else:
            done = _apply_item(session, bulk_action, item, supplier, settings, now)
            item.outcome = BulkActionOutcome.DONE if done else BulkActionOutcome.NOT_NEEDED
        session.flush()
    left = session.scalars(select(func.count()).select_from(waiting.subquery())).one()
    if not left and bulk_action.ended_at is None:
        bulk_action.ended_at = now
    return left


def can_undo(bulk_action: BulkAction) -> bool:
    return bulk_action.kind in UNDOABLE_KINDS and bulk_action.ended_at is not None and bulk_action.undo_at is None


def request_undo(bulk_action: BulkAction, now: datetime) -> None:
    """Have it undone from here on. Asking twice changes nothing."""
    if can_undo(bulk_action):
        bulk_action.undo_at, bulk_action.ended_at = now, None


def delete_old_bulk_actions(session: Session, before: datetime) -> None:
    """Delete what was done before this moment: nobody undoes it any more, and the activity log of each supplier tells of it."""
    session.execute(delete(BulkAction).where(BulkAction.made_at < before).execution_options(synchronize_session=False))


def _selection_conditions(buyer_id: uuid.UUID, chosen: Selection, columns: CurrentColumns) -> list[ColumnElement[bool]]:
    if chosen.all_of is not None:
        return filter_conditions(buyer_id, chosen.all_of, columns)
    return [BoardRow.buyer_id == buyer_id, BoardRow.supplier_id.in_(chosen.ids) if chosen.ids else false()]


def _apply_item(
    session: Session,
    bulk_action: BulkAction,
    item: BulkActionItem,
    supplier: Supplier,
    settings: Settings,
    now: datetime,
) -> bool:
    shown = merged_group(session, supplier)
    if bulk_action.kind is BulkActionKind.REMIND:
        # the emails of suppliers have it; this module only says when
        from assess.suppliers.reminders import send_manual_reminder  # noqa: PLC0415  # imported only where a reminder is sent

        sent = [send_manual_reminder(session, one.id, settings, now, by=bulk_action.by_person) for one in shown]
        return any(sent)
    if bulk_action.kind is BulkActionKind.MOVE_DUE:
        return _move_due_dates(session, bulk_action, item, shown, now)
    if bulk_action.kind is BulkActionKind.ARCHIVE:
        there = [one for one in shown if one.archived_at is None]
        for one in there:
            archive_supplier(session, one, now, by=bulk_action.by_person)
        item.before = {"taken_off": [str(one.id) for one in there]}
        return bool(there)
    gone = [one for one in shown if one.archived_at is not None]
    for one in gone:
        unarchive_supplier(session, one, now, by=bulk_action.by_person)
    item.before = {"put_back": [str(one.id) for one in gone]}
    return bool(gone)


def _move_due_dates(
    session: Session, bulk_action: BulkAction, item: BulkActionItem, shown: Sequence[Supplier], now: datetime
) -> bool:
    if bulk_action.due is None:
        return False
    before: dict[str, str] = {}
    for invitation in latest_invitations(session, [one.id for one in shown]).values():
        if invitation.status in OPEN_STATUSES and invitation.due != bulk_action.due:
            before[str(invitation.id)] = invitation.due.isoformat()
            change_due_date(session, invitation, bulk_action.due, now, by=bulk_action.by_person)
    item.before = before
    return bool(before)


def _undo_item(
    session: Session, bulk_action: BulkAction, item: BulkActionItem, supplier: Supplier, now: datetime
) -> bool:
    """Put it back as it was, unless it was changed again since. Returns whether anything was put back."""
    before = item.before or {}
    if bulk_action.kind is BulkActionKind.MOVE_DUE:
        found = [session.get(SupplierInvitation, uuid.UUID(key), populate_existing=True) for key in before]
        moved = [one for one in found if one is not None and one.lives and one.due == bulk_action.due]
        for one in moved:
            change_due_date(session, one, date.fromisoformat(before[str(one.id)]), now, by=bulk_action.by_person)
        return bool(moved)
    changed = False
    wanted = [uuid.UUID(one) for one in [*before.get("taken_off", ()), *before.get("put_back", ())]]
    for entry in session.scalars(
        select(Supplier).where(Supplier.id.in_(wanted), Supplier.buyer_id == supplier.buyer_id).order_by(Supplier.id)
    ).all():
        was_off = entry.archived_at is not None
        if was_off is (bulk_action.kind is BulkActionKind.ARCHIVE):
            (unarchive_supplier if was_off else archive_supplier)(session, entry, now, by=bulk_action.by_person)
            changed = True
    return changed


BULK_ACTION_JOB = "carry_on_bulk"
UNDO_DAYS = 90
"""For so long what was done with many can be undone."""


def run_bulk_action(context: JobContext, *, act_id: str) -> None:
    while True:
        with context.database.writing() as session:
            bulk_action = session.get(BulkAction, uuid.UUID(act_id), with_for_update=True)
            if bulk_action is None:
                return
            left = process_next_items(session, bulk_action, context.settings, context.now())
            total = get_progress(session, bulk_action).total
            if not left:
                event = NewAuditEvent(
                    action="suppliers.manage",
                    verb="changed",
                    who=job_actor(BULK_ACTION_JOB),
                    about=("bulk_act", bulk_action.id),
                    organisation_id=bulk_action.buyer_id,
                    details={"count": total},
                )
                append_event(session, AuditKeys.of(context.settings), event, context.now())
        context.progress(total - left, total)
        if not left:
            return
