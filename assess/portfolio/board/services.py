"""Queries of the board: rows, counts, filter choices, keyset paging, saved filters and unlisted shares. `CurrentColumns` hides what came from a share that is over."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from assess.assessments.models import Submission
from assess.core.clock import uk_date
from assess.core.errors import NotFoundError
from assess.core.events import publish
from assess.portfolio.board.filters import LONGEST_QUERY, NO_BAND, BoardFilter, BoardOrder
from assess.portfolio.models import LONGEST_FILTER_NAME, BoardBar, BoardDuty, BoardGood, BoardRow, SavedFilter
from assess.question_banks.models import PublishedEdition
from assess.sharing.models import ShareGrant, grant_in_force
from assess.sharing.shared_copy import shared_copy_from_json
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import LONGEST_NAME, InvitationStatus, RiskTier, Supplier, SupplierSize
from assess.suppliers.services import SupplierDetails, add_supplier, merged_group, unarchive_supplier

WEAK_STEP = 2
"""A bar at this step or below is weak: little or partly in place."""


@dataclass(frozen=True, slots=True)
class BoardItem:
    """One supplier as the board shows it. `band`: None where none is shown; `quick`: because a quick check is. `late`, `old`: at this moment."""

    id: uuid.UUID
    name: str
    status: InvitationStatus
    due: date | None
    late: bool
    old: bool
    band: str | None
    quick: bool
    answered_on: date | None
    good_until: date | None
    shown_until: datetime | None
    open_steps: int | None
    next_step_due: date | None
    sector: str | None
    area: str | None
    size: SupplierSize | None
    tier: RiskTier | None
    spend_gbp: int | None
    key: tuple[Any, ...]
    """By which values it is sorted: the place of the row, for going on from it."""


@dataclass(frozen=True, slots=True)
class BoardCounts:
    by_status: Mapping[InvitationStatus, int]
    late: int
    old: int

    @property
    def all(self) -> int:
        return sum(self.by_status.values())


# in the order of `_board_columns`: `get_board_page` puts a row into a `BoardItem` by position, and only a wrong number raises
_ITEM_FIELDS = tuple(field.name for field in fields(BoardItem) if field.name != "key")


def filter_conditions(buyer_id: uuid.UUID, filter_: BoardFilter, columns: CurrentColumns) -> list[ColumnElement[bool]]:
    """What a row of this buyer must be to be among what is looked for."""
    found: list[ColumnElement[bool]] = [BoardRow.buyer_id == buyer_id]
    if filter_.text:
        found.append(BoardRow.searched.contains(filter_.text.casefold(), autoescape=True))
    if filter_.statuses:
        found.append(columns.status.in_(sorted(filter_.statuses)))
    if filter_.late:
        found.append(columns.late)
    if filter_.old:
        found.append(columns.old)
    for column, value in (
        (BoardRow.sector, filter_.sector),
        (BoardRow.area, filter_.area),
        (BoardRow.tier, filter_.tier),
        (BoardRow.size, filter_.size),
    ):
        if value is not None:
            found.append(column == value)
    return found + _copy_conditions(buyer_id, filter_, columns)


def _copy_conditions(buyer_id: uuid.UUID, filter_: BoardFilter, columns: CurrentColumns) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter_.bands:
        named = columns.band.in_(sorted(filter_.bands - {NO_BAND}))
        found.append(named | columns.band.is_(None) if NO_BAND in filter_.bands else named)
    inner: list[Select[Any]] = []
    if filter_.weak is not None:
        bars = select(BoardBar.supplier_id).where(BoardBar.buyer_id == buyer_id, BoardBar.name == filter_.weak)
        inner.append(bars.where(BoardBar.step <= WEAK_STEP))
    if filter_.duty is not None:
        duties = select(BoardDuty.supplier_id).where(BoardDuty.buyer_id == buyer_id)
        inner.append(duties.where(BoardDuty.title == filter_.duty, BoardDuty.done.is_(False)))
    if filter_.good is not None or filter_.place is not None:
        goods = select(BoardGood.supplier_id).where(BoardGood.buyer_id == buyer_id)
        if filter_.good is not None:
            goods = goods.where(BoardGood.good == filter_.good)
        inner.append(goods.where(BoardGood.place == filter_.place) if filter_.place is not None else goods)
    if inner:
        found.append(columns.shown)  # what these say is of the copy, and it is seen only while it is shared
    return found + [BoardRow.supplier_id.in_(one) for one in inner]


def get_board_page(
    session: Session, buyer_id: uuid.UUID, filter_: BoardFilter, now: datetime, *, after: str | None, before: str | None
) -> KeysetPage[BoardItem]:
    """One page of the rows that are looked for. `after`, `before`: the words of a page beside it; the first page without."""
    columns = CurrentColumns(now)
    key = columns.key(filter_.order)
    place = decode_position(before, key, back=True) or decode_position(after, key)
    query = _board_columns(columns).add_columns(*key.parts).where(*filter_conditions(buyer_id, filter_, columns))

    def fetch(ordered: Select[Any]) -> Sequence[BoardItem]:
        number = len(key.parts)
        rows = [tuple(row) for row in session.execute(ordered)]
        return [BoardItem(**dict(zip(_ITEM_FIELDS, row[:-number], strict=True)), key=row[-number:]) for row in rows]

    return get_page(query, key, place, fetch)


def count_by_status(session: Session, buyer_id: uuid.UUID, now: datetime) -> BoardCounts:
    columns = CurrentColumns(now)
    late, old = (func.count().filter(one) for one in (columns.late, columns.old))
    status = columns.status.label("stands")
    rows = session.execute(
        select(status, func.count(), late, old).where(BoardRow.buyer_id == buyer_id).group_by(status)
    ).all()
    return BoardCounts({row[0]: row[1] for row in rows}, sum(row[2] for row in rows), sum(row[3] for row in rows))


def count_matching(session: Session, buyer_id: uuid.UUID, filter_: BoardFilter, now: datetime) -> int:
    return session.scalars(
        select(func.count()).select_from(BoardRow).where(*filter_conditions(buyer_id, filter_, CurrentColumns(now)))
    ).one()


def _board_columns(columns: CurrentColumns) -> Select[Any]:
    """The columns of a `BoardItem`, in the order of its fields (`_ITEM_FIELDS`)."""
    return select(
        BoardRow.supplier_id,
        BoardRow.name,
        columns.status,
        BoardRow.due,
        func.coalesce(columns.late, False).label("late"),
        func.coalesce(columns.old, False).label("old"),
        columns.band,
        columns.quick,
        columns.answered_on,
        columns.good_until,
        columns.shown_until,
        columns.open_steps,
        columns.next_step_due,
        BoardRow.sector,
        BoardRow.area,
        BoardRow.size,
        BoardRow.tier,
        BoardRow.spend_gbp,
    )


ModelColumn = InstrumentedAttribute[Any]
COPY_CHOICES: tuple[tuple[str, ModelColumn, ModelColumn, ModelColumn], ...] = (
    ("bars", BoardBar.name, BoardBar.buyer_id, BoardBar.supplier_id),
    ("duties", BoardDuty.title, BoardDuty.buyer_id, BoardDuty.supplier_id),
    ("goods", BoardGood.good, BoardGood.buyer_id, BoardGood.supplier_id),
    ("places", BoardGood.place, BoardGood.buyer_id, BoardGood.supplier_id),
)
ROW_CHOICES: tuple[tuple[str, ModelColumn], ...] = (("sectors", BoardRow.sector), ("areas", BoardRow.area))


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """Sectors and areas of the buyer's list; bars, duties, goods and places of what is shared with it."""

    sectors: Sequence[str] = ()
    areas: Sequence[str] = ()
    bars: Sequence[str] = ()
    duties: Sequence[str] = ()
    goods: Sequence[str] = ()
    places: Sequence[str] = ()


def get_filter_choices(session: Session, buyer_id: uuid.UUID, now: datetime) -> FilterChoices:
    parts = [_row_values(name, column, buyer_id) for name, column in ROW_CHOICES]
    parts += [_copy_values(*one, buyer_id, now) for one in COPY_CHOICES]
    found: dict[str, list[str]] = {}
    for name, value in session.execute(union_all(*parts)):
        found.setdefault(name, []).append(value)
    return FilterChoices(**{name: sorted(values, key=str.casefold) for name, values in found.items()})


def _row_values(name: str, column: ModelColumn, buyer_id: uuid.UUID) -> Select[Any]:
    found: Any = select(literal(name), column)
    return cast("Select[Any]", found.where(BoardRow.buyer_id == buyer_id, column.is_not(None)).distinct())


def _copy_values(
    name: str, column: ModelColumn, buyer: ModelColumn, supplier: ModelColumn, buyer_id: uuid.UUID, now: datetime
) -> Select[Any]:
    """From each value straight to the next in the index: the table may hold hundreds of thousands of rows with twenty values."""
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


PER_PAGE = 50
LONGEST_POSITION = 4000


class HasSortKey(Protocol):
    @property
    def key(self) -> tuple[Any, ...]:
        """In the order of the parts of the key."""


PageRow = TypeVar("PageRow", bound=HasSortKey)


@dataclass(frozen=True, slots=True)
class SortKey:
    """What a list is sorted by: never NULL, the last of them unique. `down`: from the greatest to the least, all of them."""

    parts: tuple[ColumnElement[Any], ...]
    down: bool = False


@dataclass(frozen=True, slots=True)
class PagePosition:
    """A place in a list: right after (or, going back, right before) the row with these values."""

    values: tuple[Any, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[PageRow]):
    """One page of a list; the words that lead to the pages beside it, None where there is none."""

    rows: Sequence[PageRow]
    previous: str | None
    next: str | None


def get_page(
    wanted: Select[Any], key: SortKey, place: PagePosition | None, fetch: Callable[[Select[Any]], Sequence[PageRow]]
) -> KeysetPage[PageRow]:
    """The page at this place; None: the first. `fetch` reads rows that know their key."""
    back = place is not None and place.back
    if place is not None:
        ends = tuple_(*(literal(value, part.type) for value, part in zip(place.values, key.parts, strict=True)))
        ours = tuple_(*key.parts)
        wanted = wanted.where(ours < ends if key.down is not back else ours > ends)
    falls = key.down is not back
    ordered = wanted.order_by(*(part.desc() if falls else part.asc() for part in key.parts))
    found = list(fetch(ordered.limit(PER_PAGE + 1)))  # one more tells whether there is another page
    more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    if back:
        found.reverse()
    there = bool(found)
    return KeysetPage(
        found,
        previous=encode_position(found[0].key) if there and (more if back else place is not None) else None,
        next=encode_position(found[-1].key) if there and (more or back) else None,
    )


def encode_position(values: Sequence[Any]) -> str:
    plain = [value if isinstance(value, int | str) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_position(word: str | None, key: SortKey, *, back: bool = False) -> PagePosition | None:
    """The place that a word of an address names; None for the first page, and for a word that names none of this list."""
    if not word or len(word) > LONGEST_POSITION:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(word.encode() + b"=" * (-len(word) % 4)))
        values = tuple(_clean_value(value, part) for value, part in zip(plain, key.parts, strict=True))
    except (ValueError, TypeError, RecursionError):
        return None
    return PagePosition(values, back)


def _clean_value(value: object, part: ColumnElement[Any]) -> object:
    kind = uuid.UUID if part.type.python_type is uuid.UUID else part.type.python_type
    if isinstance(part.type, Date):
        return date.fromisoformat(str(value))
    if kind is uuid.UUID:
        return uuid.UUID(str(value))
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**31):
        raise TypeError("a value of another kind")
    if isinstance(value, str) and "\0" in value.encode().decode():  # half a character cannot be encoded
        raise ValueError("no text of a database")
    return value


OPEN_STATUSES = (
    InvitationStatus.INVITED,
    InvitationStatus.OPENED,
    InvitationStatus.STARTED,
    InvitationStatus.SUBMITTED,
)
"""A supplier that was asked, has had its email and has not shared yet: it can be late, and be reminded."""
EXPIRES_SOON_DAYS = 30
"""A share that ends within so many days expires soon."""
EARLIEST_DATE, LATEST_DATE = date(1, 1, 1), date(9999, 12, 31)
_BAND_ORDER = {"high": 0, "medium": 2, "low": 3}
_UNKNOWN_BAND_ORDER = 1
"""What shows no band may be the worst: it stands before medium."""
_LOWEST_RANK = -(2**31) + 1
"""Before every number: what is not told may be much."""


class CurrentColumns:
    """What of each board row a buyer may see at this moment: what came from a copy is NULL once `shown_until` is over.

    Shown, sorted, filtered and counted is by these alone, so that none of the four can show a share that is over. `old` is
    “Expires soon”: the share ends within `EXPIRES_SOON_DAYS`, or its answers count no longer.
    """

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, uk_date(now)
        self.shown: ColumnElement[bool] = func.coalesce(BoardRow.shown_until > now, false())
        self._over = and_(BoardRow.status == InvitationStatus.SHARED, ~self.shown)
        kind = BoardRow.status.type
        self.status: ColumnElement[InvitationStatus] = type_coerce(
            case(
                (self._over, literal(InvitationStatus.SHARE_OVER.value)), else_=type_coerce(BoardRow.status, String())
            ),
            kind,
        )
        self.band = self._while_shown(BoardRow.band)
        self.quick = func.coalesce(self._while_shown(BoardRow.quick), false())
        self.answered_on = self._while_shown(BoardRow.answered_on)
        self.good_until = self._while_shown(BoardRow.good_until)
        self.shown_until = self._while_shown(BoardRow.shown_until)
        self.open_steps = self._while_shown(BoardRow.open_steps)
        self.next_step_due = self._while_shown(BoardRow.next_step_due)
        self.late: ColumnElement[bool] = and_(BoardRow.due < self.today, BoardRow.status.in_(OPEN_STATUSES))
        soon = now + timedelta(days=EXPIRES_SOON_DAYS)
        self.old: ColumnElement[bool] = and_(
            BoardRow.shown_until > now, or_(BoardRow.shown_until <= soon, BoardRow.good_until < self.today)
        )

    def key(self, order: BoardOrder) -> SortKey:
        """What the list is sorted by: never NULL, and what is unknown always at the same end."""
        first: dict[BoardOrder, tuple[Any, ...]] = {
            BoardOrder.NAME: (),
            BoardOrder.STATUS: (self._status_rank(),),
            BoardOrder.DUE: (type_coerce(func.coalesce(BoardRow.due, LATEST_DATE), Date()),),
            BoardOrder.BAND: (case(_BAND_ORDER, value=self.band, else_=_UNKNOWN_BAND_ORDER),),
            BoardOrder.SPEND: (func.coalesce(-BoardRow.spend_gbp, _LOWEST_RANK),),
            BoardOrder.CALL: (self._call_rank(),),
            BoardOrder.ANSWERED: (type_coerce(func.coalesce(self.answered_on, EARLIEST_DATE), Date()),),
        }
        last: tuple[Any, ...] = (BoardRow.sort_name, BoardRow.supplier_id)
        return SortKey((*first[order], *last), down=order is BoardOrder.ANSWERED)

    def _while_shown(self, column: Any) -> ColumnElement[Any]:  # noqa: ANN401  # a column of any kind
        return case((BoardRow.shown_until > self.now, column))

    def _status_rank(self) -> ColumnElement[int]:
        ranks = {status.value: rank for rank, status in enumerate(InvitationStatus)}
        plain = case(ranks, value=type_coerce(BoardRow.status, String()), else_=len(ranks))
        return type_coerce(case((self._over, ranks[InvitationStatus.SHARE_OVER]), else_=plain), Integer())

    def _call_rank(self) -> ColumnElement[int]:
        """The points rest on what was shared: once that is over nobody knows, and the row stands first until it is worked out anew."""
        return type_coerce(
            case((BoardRow.shown_until <= self.now, _LOWEST_RANK), else_=-BoardRow.call_points), Integer()
        )


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
    plain = " ".join(name.split())
    if not plain or not plain.isprintable():
        raise FilterError("Enter a name for the filter.")
    if len(plain) > LONGEST_FILTER_NAME:
        raise FilterError(f"Enter a name of {LONGEST_FILTER_NAME} characters or fewer.")
    if len(what.query) > LONGEST_QUERY:
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
            select(PublishedEdition.bank)
            .join(Submission, Submission.edition_id == PublishedEdition.id)
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
    name = " ".join(copy.organisation.split())[:LONGEST_NAME] or "A business without a name"
    return UnlistedShare(grant.id, name, copy.bank, uk_date(grant.made_at), uk_date(grant.until))
