"""Computes the board row of a supplier from the list, its invitations and the shared copies, in the transaction of each change, and each night where a date has passed. Of several copies the worst counts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from assess.core.clock import uk_date
from assess.core.db import Database
from assess.core.events import publish
from assess.core.jobs.services import JobContext
from assess.plans.actions import GRACE_DAYS
from assess.plans.words import BUYER_BANDS
from assess.portfolio.board.bulk_actions import UNDO_DAYS, delete_old_bulk_actions
from assess.portfolio.contact_first import fill_contact_score
from assess.portfolio.models import (
    MAX_BAR_NAME_LENGTH,
    MAX_DUTY_TITLE_LENGTH,
    MAX_SEARCH_TEXT_LENGTH,
    MAX_SORT_NAME_LENGTH,
    BoardBar,
    BoardDuty,
    BoardGoods,
    BoardRow,
    board_columns_hash,
)
from assess.sharing.messages import agreed_dates, shared_steps_of
from assess.sharing.models import ShareGrant, grant_in_force
from assess.sharing.shared_copy import SharedCopy, shared_copy_from_json
from assess.sharing.viewing import shows_latest_submission, with_current_plan
from assess.suppliers.contracts import highest_tier
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import InvitationStatus, Supplier, SupplierInvitation
from assess.suppliers.services import STATUS_ORDER, latest_invitations, merged_group


def refresh_changed_supplier(session: Session, event: SupplierChanged) -> None:
    """Work out the row of a supplier anew in the transaction that changes something of it."""
    refresh_board_row(session, event.supplier_id, event.now)


def refresh_board_row(session: Session, supplier_id: uuid.UUID, now: datetime) -> None:
    """Work out the row of this supplier anew, and that of whatever it is shown with."""
    root = session.scalar(select(func.coalesce(Supplier.merged_into, Supplier.id)).where(Supplier.id == supplier_id))
    if root is None:
        return
    # one at a time: of two who change something of it at once, both would take the row away and both write it
    session.execute(select(Supplier.id).where(Supplier.id == root).with_for_update(key_share=True))
    supplier = session.get_one(Supplier, supplier_id, populate_existing=True)
    merged = [one for one in merged_group(session, supplier) if one.archived_at is None]
    everyone = {supplier.id, supplier.merged_into, *(one.id for one in merged)} - {None}
    session.execute(delete(BoardRow).where(BoardRow.supplier_id.in_(everyone)))
    if merged:
        _write_board_row(session, merged, now)


def list_grants_in_force(session: Session, supplier_ids: Sequence[uuid.UUID], now: datetime) -> Sequence[ShareGrant]:
    """What these suppliers share with the buyer at this moment and have not answered anew since, the latest first."""
    query = select(ShareGrant).where(
        ShareGrant.supplier_id.in_(supplier_ids),
        grant_in_force(now),
        shows_latest_submission(),
    )
    return session.scalars(query.order_by(ShareGrant.frozen_at.desc(), ShareGrant.id)).all()


def _write_board_row(session: Session, merged: Sequence[Supplier], now: datetime) -> None:
    root, ids = merged[0], [one.id for one in merged]
    invitations = list(latest_invitations(session, ids).values())
    grants = list_grants_in_force(session, ids, now)
    copies = [with_current_plan(session, grant, shared_copy_from_json(grant.document)) for grant in grants]
    steps = _count_steps(session, grants, copies, now)
    searched = {text.casefold(): None for one in merged for text in (one.name, one.reference) if text}
    spends = [one.spend_gbp for one in merged]
    known = [spend for spend in spends if spend is not None]
    row = BoardRow(
        supplier_id=root.id,
        buyer_id=root.buyer_id,
        name=root.name,
        sort_name=root.name.casefold()[:MAX_SORT_NAME_LENGTH],
        searched="\n".join(searched)[:MAX_SEARCH_TEXT_LENGTH],  # no search goes across two of them
        sector=next((one.sector for one in merged if one.sector), None),
        area=next((one.area for one in merged if one.area), None),
        size=next((one.size for one in merged if one.size), None),
        # what one of them does not tell may be much, so then the sum says nothing
        spend_gbp=sum(known) if known and len(known) == len(spends) else None,
        tier=highest_tier(session, ids),
        status=_furthest_status(invitations, grants),
        asked_on=min((uk_date(one.made_at) for one in invitations), default=None),
        due=min((one.due for one in invitations), default=None),
        grant_id=grants[0].id if grants else None,
        shown_until=min((grant.until for grant in grants), default=None),
        answered_on=min((date.fromisoformat(one.buyer_copy.made_on) for one in copies), default=None),
        valid_until=min((date.fromisoformat(one.buyer_copy.valid_until) for one in copies), default=None),
        band=worst_band(copies),
        quick=any(one.buyer_copy.quick for one in copies),
        open_steps=steps.open,
        done_steps=steps.done,
        late_steps=steps.late,
        next_step_due=steps.next_due,
        reckoned_at=now,
    )
    fill_contact_score(session, row, now, plan_shown=bool(copies) and all(map(has_plan, copies)))
    session.add(row)
    session.flush()
    whose = {"supplier_id": root.id, "buyer_id": root.buyer_id}
    session.add_all(
        BoardBar(**whose, name=name[:MAX_BAR_NAME_LENGTH], level=level) for name, level in bars_of(copies).items()
    )
    session.add_all(
        BoardGoods(**whose, good=good, country=country, risk_label=label)
        for (good, country), label in sorted(goods_of(copies).items())
    )
    session.add_all(
        BoardDuty(**whose, duty=duty, title=title[:MAX_DUTY_TITLE_LENGTH], done=done)
        for duty, (title, done) in sorted(duties_of(copies).items())
    )
    session.flush()


@dataclass(frozen=True, slots=True)
class _StepCounts:
    open: int
    done: int
    late: int
    next_due: date | None


def _count_steps(
    session: Session, grants: Sequence[ShareGrant], copies: Sequence[SharedCopy], now: datetime
) -> _StepCounts:
    agreed = agreed_dates(session, [grant.id for grant in grants])
    found = [
        action
        for grant, copy in zip(grants, copies, strict=True)
        for action in open_actions(copy, agreed.get(grant.id, {}))
    ]
    return _StepCounts(
        open=len(found),
        done=sum(copy.done for copy in copies),
        late=sum(action.late_from is not None and action.late_from <= uk_date(now) for action in found),
        next_due=min((action.due for action in found if action.due is not None), default=None),
    )


def _furthest_status(invitations: Sequence[SupplierInvitation], grants: Sequence[ShareGrant]) -> InvitationStatus:
    """The furthest that any of them got. What is shared counts as shared, however it came."""
    if grants:
        return InvitationStatus.SHARED
    furthest = max((one.status for one in invitations), key=STATUS_ORDER.index, default=InvitationStatus.NOT_ASKED)
    return InvitationStatus.SHARE_OVER if furthest is InvitationStatus.SHARED else furthest


AgreedDates = Mapping[str, date]
"""Key of an action → the date that was agreed with this buyer."""


def worst_band(copies: Sequence[SharedCopy]) -> str | None:
    """The worst of all copies; None as soon as one of them shows no band, for that one may be the worst."""
    known = [one.buyer_copy.band for one in copies if one.buyer_copy.band]
    return max(known, key=BUYER_BANDS.index) if known and len(known) == len(copies) else None


def bars_of(copies: Sequence[SharedCopy]) -> dict[str, int]:
    """The bars by name: of several copies the worse."""
    found: dict[str, int] = {}
    for bar in (bar for one in copies for bar in one.buyer_copy.bars):
        found[bar.name] = min(bar.step, found.get(bar.name, bar.step))
    return found


def goods_of(copies: Sequence[SharedCopy]) -> dict[tuple[str, str], str]:
    """Good and country → its risk in words."""
    bought = (
        one for copy in copies for one in (copy.buyer_copy.purchases.purchases if copy.buyer_copy.purchases else ())
    )
    return {(one.name, one.place): one.word for one in bought}


def duties_of(copies: Sequence[SharedCopy]) -> dict[str, tuple[str, bool]]:
    """The duties with a day: id → title, and whether it is done. One is done only when every copy that shows it says so."""
    found: dict[str, tuple[str, bool]] = {}
    for one in (duty for copy in copies for duty in copy.duties or () if duty.counts):
        found[one.id] = (one.title, one.done and found.get(one.id, ("", True))[1])
    return found


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action that is not done. `due`: None later. `late_from`: from which day on it is late, where the plan is shared."""

    do: str
    due: date | None
    at_once: bool = False
    late_from: date | None = None


def has_plan(copy: SharedCopy) -> bool:
    """Whether it shows the plan: only then can an action be done or late."""
    return copy.plan is not None


def open_actions(copy: SharedCopy, agreed: AgreedDates) -> list[OpenAction]:
    """The steps that are not done, by date: as agreed, else of the plan where it is shared, else as proposed."""
    found = []
    for one in shared_steps_of(copy):
        if one.done:
            continue
        at_once = one.at_once and one.key not in agreed
        due = agreed.get(one.key, None if one.due is None else date.fromisoformat(one.due))
        late = None if due is None or copy.plan is None else due + timedelta(days=1 + GRACE_DAYS * at_once)
        found.append(OpenAction(one.do, due, at_once, late))
    return sorted(found, key=lambda action: action.due or date.max)


ROWS_PER_TRANSACTION = 50
MIN_ROW_AGE = timedelta(hours=20)
"""A row that was worked out since the last night is not looked at for its dates."""
DATE_WINDOW = timedelta(days=7 + GRACE_DAYS)
"""A date that passed within it may not have been seen yet: a step may be late only days after it, and a worker may have stood still."""


def refresh_outdated_board_rows(context: JobContext) -> None:
    """Work out the rows anew whose share ran out, one of whose dates has passed since, or that lack a column of this release. Run twice it finds nothing more."""
    with context.database.writing() as session:
        delete_old_bulk_actions(session, context.now() - timedelta(days=UNDO_DAYS))
    refresh_all_outdated(context.database, context)


def refresh_all_outdated(database: Database, context: JobContext) -> int:
    """All rows that are out of date, a few at a time. Returns how many there were."""
    done, last = 0, uuid.UUID(int=0)
    while True:
        with database.writing() as session:
            found = _outdated_suppliers(session, context.now(), last)
            for supplier_id in found:
                publish(session, SupplierChanged(supplier_id, context.now()))
        if not found:
            return done
        done, last = done + len(found), found[-1]
        context.progress(done, done + ROWS_PER_TRANSACTION)


def _outdated_suppliers(session: Session, now: datetime, after: uuid.UUID) -> Sequence[uuid.UUID]:
    """The next few in the order of their ids, so that one that stays as it is cannot hold up the others."""
    today = uk_date(now)
    dates = (BoardRow.due, BoardRow.valid_until, BoardRow.next_step_due)
    passed = or_(*(column.between(today - DATE_WINDOW, today - timedelta(days=1)) for column in dates))
    shared = (
        select(ShareGrant.id)
        .join(Supplier, Supplier.id == ShareGrant.supplier_id)
        .where(
            or_(Supplier.id == BoardRow.supplier_id, Supplier.merged_into == BoardRow.supplier_id),
            grant_in_force(now),
        )
        .exists()
    )
    lost = and_(BoardRow.status == InvitationStatus.SHARE_OVER, shared)
    stale = and_(BoardRow.reckoned_at < now - MIN_ROW_AGE, or_(passed, lost))
    other_columns = BoardRow.columns_hash != board_columns_hash()
    outdated = or_(BoardRow.shown_until <= now, stale, other_columns)
    query = select(BoardRow.supplier_id).where(BoardRow.supplier_id > after, outdated)
    return session.scalars(query.order_by(BoardRow.supplier_id).limit(ROWS_PER_TRANSACTION)).all()
