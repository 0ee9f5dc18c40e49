"""Queries of the board: rows, counts, filter choices, saved filters and unlisted shares. `CurrentColumns` in `columns.py` hides what came from a share that is over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, delete, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from assess.assessments.models import Submission
from assess.core.clock import uk_date
from assess.core.errors import NotFoundError
from assess.core.events import publish
from assess.core.forms.fields import TextField
from assess.core.pagination import KeysetPage, SortKey, decode_position, get_keyset_page
from assess.portfolio.board.columns import (
    COLUMNS,
    COLUMNS_BY_KEY,
    FILTERS,
    ORDERS,
    BoardFilter,
    BoardItem,
    BoardOrder,
    CurrentColumns,
    ModelColumn,
)
from assess.portfolio.models import (
    MAX_FILTER_NAME_LENGTH,
    MAX_QUERY_LENGTH,
    BoardBar,
    BoardDuty,
    BoardGoods,
    BoardRow,
    SavedFilter,
)
from assess.question_banks.models import EditionRow
from assess.sharing.models import ShareGrant, grant_in_force
from assess.sharing.shared_copy import shared_copy_from_json
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import MAX_NAME_LENGTH, InvitationStatus, Supplier
from assess.suppliers.services import SupplierDetails, add_supplier, merged_group, unarchive_supplier

WEAK_LEVEL = 2
"""A bar at this level or below is weak: little or partly in place."""


@dataclass(frozen=True, slots=True)
class BoardCounts:
    by_status: Mapping[InvitationStatus, int]
    late: int
    expires_soon: int

    @property
    def all(self) -> int:
        return sum(self.by_status.values())


def filter_conditions(buyer_id: uuid.UUID, filter_: BoardFilter, columns: CurrentColumns) -> list[ColumnElement[bool]]:
    """What a row of this buyer must be to be among what is looked for."""
    found: list[ColumnElement[bool]] = [BoardRow.buyer_id == buyer_id]
    for one in FILTERS:
        value = getattr(filter_, one.name)
        if value and one.condition is not None:
            found.append(one.condition(value, columns))
    return found + _copy_conditions(buyer_id, filter_, columns)


def _copy_conditions(buyer_id: uuid.UUID, filter_: BoardFilter, columns: CurrentColumns) -> list[ColumnElement[bool]]:
    inner: list[Select[Any]] = []
    if filter_.weak is not None:
        bars = select(BoardBar.supplier_id).where(BoardBar.buyer_id == buyer_id, BoardBar.name == filter_.weak)
        inner.append(bars.where(BoardBar.level <= WEAK_LEVEL))
    if filter_.duty is not None:
        duties = select(BoardDuty.supplier_id).where(BoardDuty.buyer_id == buyer_id)
        inner.append(duties.where(BoardDuty.title == filter_.duty, BoardDuty.done.is_(False)))
    if filter_.good is not None or filter_.place is not None:
        goods = select(BoardGoods.supplier_id).where(BoardGoods.buyer_id == buyer_id)
        if filter_.good is not None:
            goods = goods.where(BoardGoods.good == filter_.good)
        inner.append(goods.where(BoardGoods.country == filter_.place) if filter_.place is not None else goods)
    # what these say is of the copy, and it is seen only while it is shared
    return [columns.shown, *(BoardRow.supplier_id.in_(one) for one in inner)] if inner else []


def get_board_page(
    session: Session, buyer_id: uuid.UUID, filter_: BoardFilter, now: datetime, *, after: str | None, before: str | None
) -> KeysetPage[BoardItem]:
    """One page of the rows that are looked for. `after`, `before`: the words of a page beside it; the first page without."""
    columns = CurrentColumns(now)
    key = board_sort_key(columns, filter_.order)
    position = decode_position(before, key, back=True) or decode_position(after, key)
    query = select_items(columns).add_columns(*key.parts).where(*filter_conditions(buyer_id, filter_, columns))

    def fetch(ordered: Select[Any]) -> Sequence[BoardItem]:
        number = len(key.parts)
        return [board_item(row, key=tuple(row)[-number:]) for row in session.execute(ordered)]

    return get_keyset_page(query, key, position, fetch)


def board_sort_key(columns: CurrentColumns, order: BoardOrder) -> SortKey:
    """What the list is sorted by: never NULL, and what is unknown always at the same end."""
    sorting = ORDERS[order]
    last: tuple[Any, ...] = (BoardRow.sort_name, BoardRow.supplier_id)
    return SortKey((*sorting.by(columns), *last), down=sorting.down)


def count_by_status(session: Session, buyer_id: uuid.UUID, now: datetime) -> BoardCounts:
    columns = CurrentColumns(now)
    late, expires_soon = (func.count().filter(one) for one in (columns.late, columns.expires_soon))
    status = columns.status.label("stands")
    rows = session.execute(
        select(status, func.count(), late, expires_soon).where(BoardRow.buyer_id == buyer_id).group_by(status)
    ).all()
    return BoardCounts({row[0]: row[1] for row in rows}, sum(row[2] for row in rows), sum(row[3] for row in rows))


def count_matching(session: Session, buyer_id: uuid.UUID, filter_: BoardFilter, now: datetime) -> int:
    return session.scalars(
        select(func.count()).select_from(BoardRow).where(*filter_conditions(buyer_id, filter_, CurrentColumns(now)))
    ).one()


def select_items(columns: CurrentColumns) -> Select[Any]:
    """The columns of a `BoardItem`, each labelled by its field."""
    return select(
        BoardRow.supplier_id.label("id"), *(column.expression(columns).label(column.key) for column in COLUMNS)
    )


def board_item(row: Row[Any], key: tuple[Any, ...] = ()) -> BoardItem:
    """One row of `select_items`."""
    values = row._mapping  # noqa: SLF001  # SQLAlchemy’s public name
    return BoardItem(id=values["id"], **{column.key: values[column.key] for column in COLUMNS}, key=key)


def get_filter_choices(session: Session, buyer_id: uuid.UUID, now: datetime) -> Mapping[str, Sequence[str]]:
    """By field of the filter: what stands on the buyer’s list, and in what is shared with it now."""
    columns = CurrentColumns(now)
    parts = [
        _row_values(one.name, COLUMNS_BY_KEY[one.choices.key].expression(columns), buyer_id)
        if one.choices.class_ is BoardRow
        else _copy_values(one.name, one.choices, buyer_id, now)
        for one in FILTERS
        if one.choices is not None
    ]
    found: dict[str, list[str]] = {}
    for name, value in session.execute(union_all(*parts)):
        found.setdefault(name, []).append(value)
    return {name: sorted(values, key=str.casefold) for name, values in found.items()}


def _row_values(name: str, column: ColumnElement[Any], buyer_id: uuid.UUID) -> Select[Any]:
    found: Any = select(literal(name), column)
    return cast("Select[Any]", found.where(BoardRow.buyer_id == buyer_id, column.is_not(None)).distinct())


def _copy_values(name: str, column: ModelColumn, buyer_id: uuid.UUID, now: datetime) -> Select[Any]:
    """From each value straight to the next in the index: the table may hold hundreds of thousands of rows with twenty values."""
    buyer, supplier = column.class_.buyer_id, column.class_.supplier_id
    steps = select(func.min(column).label("value")).where(buyer == buyer_id).cte(f"step_{name}", recursive=True)
    one = aliased(steps)
    greater = select(func.min(column)).where(buyer == buyer_id, column > one.c.value).scalar_subquery()
    steps = steps.union_all(select(greater).where(one.c.value.is_not(None)))
    # one row is enough, and the limit says so: with EXISTS alone PostgreSQL joins both tables whole
    shown = (
        select(literal(1))
        .select_from(column.class_)
        .join(BoardRow, BoardRow.supplier_id == supplier)
        .where(buyer == buyer_id, column == steps.c.value, BoardRow.shown_until > now)
        .limit(1)
        .scalar_subquery()
    )
    value: ColumnElement[Any] = steps.c.value
    found: Any = select(literal(name), value)
    found = found.where(value.is_not(None), shown.is_not(None))
    return cast("Select[Any]", found)


MAX_SAVED_FILTERS = 30
"""Of one person for one buyer."""


class FilterError(ValueError):
    """It cannot be saved; the sentence says why."""


def list_saved_filters(session: Session, buyer_id: uuid.UUID, person_id: uuid.UUID) -> Sequence[SavedFilter]:
    mine = select(SavedFilter).where(SavedFilter.buyer_id == buyer_id, SavedFilter.person_id == person_id)
    return session.scalars(mine.order_by(SavedFilter.name, SavedFilter.id)).all()


def store_filter(
    session: Session, buyer_id: uuid.UUID, person_id: uuid.UUID, name: str, what: BoardFilter, now: datetime
) -> None:
    """Save it under this name. What was saved under it before is replaced. Raises FilterError."""
    plain, error = TextField(MAX_FILTER_NAME_LENGTH, required="Enter a name for the filter.").read(name)
    if error:
        raise FilterError(error)
    if len(what.query) > MAX_QUERY_LENGTH:
        raise FilterError("This filter is too long to be saved. Choose fewer things.")
    mine = (SavedFilter.buyer_id == buyer_id, SavedFilter.person_id == person_id)
    found = session.scalars(select(SavedFilter).where(*mine, SavedFilter.name == plain)).first()
    if found is not None:
        found.query = what.query
        return
    if (session.scalar(select(func.count()).select_from(SavedFilter).where(*mine)) or 0) >= MAX_SAVED_FILTERS:
        raise FilterError(f"You have {MAX_SAVED_FILTERS} saved filters. Delete one first.")
    session.add(SavedFilter(buyer_id=buyer_id, person_id=person_id, name=plain, query=what.query, made_at=now))
    session.flush()


def remove_filter(session: Session, buyer_id: uuid.UUID, person_id: uuid.UUID, filter_id: uuid.UUID) -> bool:
    """Delete one of one's own. Returns whether it was there."""
    mine = delete(SavedFilter).where(
        SavedFilter.id == filter_id, SavedFilter.buyer_id == buyer_id, SavedFilter.person_id == person_id
    )
    return bool(session.scalars(mine.returning(SavedFilter.id)).all())


MAX_UNLISTED = 100
"""On one page."""
MAX_SAME_NAME = 5


class UnlistedShareNotFoundError(NotFoundError):
    """No such share of this buyer, or it is over, or on the list already: all look alike."""


@dataclass(frozen=True, slots=True)
class UnlistedShare:
    """One share without an entry: the business as its copy names it."""

    grant_id: uuid.UUID
    name: str
    sector: str
    shared_on: date
    until: date


def count_unlisted_shares(session: Session, buyer_id: uuid.UUID, now: datetime) -> int:
    return session.scalars(
        select(func.count()).select_from(ShareGrant).where(*_unlisted_conditions(buyer_id, now))
    ).one()


def list_unlisted_shares(session: Session, buyer_id: uuid.UUID, now: datetime) -> Sequence[UnlistedShare]:
    """The newest of them."""
    query = select(ShareGrant).where(*_unlisted_conditions(buyer_id, now))
    return [
        _unlisted_share(one)
        for one in session.scalars(query.order_by(ShareGrant.made_at.desc(), ShareGrant.id).limit(MAX_UNLISTED))
    ]


def get_unlisted_share(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID, now: datetime) -> UnlistedShare:
    """One of them. Raises UnlistedShareNotFoundError."""
    return _unlisted_share(_get_unlisted_grant(session, buyer_id, grant_id, now))


def list_suppliers_named(session: Session, buyer_id: uuid.UUID, name: str) -> Sequence[Supplier]:
    """Entries of the list that are called so already, whether or not they are on it now."""
    query = select(Supplier).where(Supplier.buyer_id == buyer_id, func.lower(Supplier.name) == name.lower())
    return session.scalars(query.order_by(Supplier.made_at, Supplier.id).limit(MAX_SAME_NAME)).all()


def add_share_to_list(
    session: Session,
    buyer_id: uuid.UUID,
    grant_id: uuid.UUID,
    to: uuid.UUID | None,
    now: datetime,
    *,
    by: uuid.UUID,
) -> Supplier:
    """To an entry of the list, or a new one. Raises UnlistedShareNotFoundError, also for a missing entry."""
    grant = _get_unlisted_grant(session, buyer_id, grant_id, now)
    if to is None:
        bank = session.scalars(
            select(EditionRow.bank)
            .join(Submission, Submission.edition_id == EditionRow.id)
            .where(Submission.id == grant.submission_id)
        ).first()
        supplier, _new = add_supplier(
            session, buyer_id, SupplierDetails(_unlisted_share(grant).name, sector=bank), now, by=by
        )
    else:
        found = session.scalars(select(Supplier).where(Supplier.id == to, Supplier.buyer_id == buyer_id)).first()
        if found is None:
            raise UnlistedShareNotFoundError
        supplier = found
    grant.supplier_id = supplier.id
    session.flush()
    for one in merged_group(session, supplier):  # a part on the list without the entry that stands for it is no row
        unarchive_supplier(session, one, now, by=by)
    publish(session, SupplierChanged(supplier.id, now))
    return supplier


def _get_unlisted_grant(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID, now: datetime) -> ShareGrant:
    found = session.scalars(
        select(ShareGrant).where(ShareGrant.id == grant_id, *_unlisted_conditions(buyer_id, now))
    ).first()
    if found is None:
        raise UnlistedShareNotFoundError
    return found


def _unlisted_conditions(buyer_id: uuid.UUID, now: datetime) -> list[ColumnElement[bool]]:
    return [
        ShareGrant.organisation_id == buyer_id,
        ShareGrant.supplier_id.is_(None),
        grant_in_force(now),
    ]


def _unlisted_share(grant: ShareGrant) -> UnlistedShare:
    copy = shared_copy_from_json(grant.document).buyer_copy
    name = " ".join(copy.organisation.split())[:MAX_NAME_LENGTH] or "A business without a name"
    return UnlistedShare(grant.id, name, copy.bank, uk_date(grant.made_at), uk_date(grant.until))
