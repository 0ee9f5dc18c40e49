"""What the board says of each supplier: its columns, orders and filters. The page, the spreadsheets and the addresses are made from the lists `COLUMNS`, `ORDERS` and `FILTERS`."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.datastructures import MultiDict

from assess.core.clock import uk_date
from assess.core.pages import day
from assess.plans.charts import band_shape
from assess.plans.exports import Cell, ExportColumn
from assess.plans.words import BAND_WORDS, BUYER_BANDS, join_or
from assess.portfolio.models import BoardBar, BoardDuty, BoardGoods, BoardRow
from assess.sharing.viewing import QUICK_CHECK_TEXT
from assess.suppliers.models import InvitationStatus, RiskTier, SupplierSize
from assess.suppliers.presenters import SIZE_LABELS, STATUS_LABELS, TIER_LABELS, code_label

MAX_SEARCH_TERM_LENGTH = 200
"""Characters of anything that is looked for: the longest title of a duty there is."""


NO_BAND = "none"
BAND_LABELS: Mapping[str, str] = {band: BAND_WORDS[band] for band in BUYER_BANDS} | {NO_BAND: "No band to show"}
"""The bands that can be asked for. The last: nothing shared, or a quick check."""
RETIRED_BANDS: Mapping[str, str] = {"critical": "high"}
"""What an address or a saved filter of an earlier release asks for, and what that is now."""
BAND_SHAPES: Mapping[str, Markup] = {band: band_shape(band) for band in BAND_LABELS if band != NO_BAND}

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
_LOWEST_RANK, _LOWEST_SPEND_RANK = -(2**31) + 1, -(2**63) + 1
"""Before every number: what is not told may be much."""

ModelColumn = InstrumentedAttribute[Any]


class CurrentColumns:
    """What of each board row a buyer may see at this moment: what came from a copy is NULL once `shown_until` is over.

    Shown, sorted, filtered, counted and exported is by these alone, so that none of them can show a share that is over.
    `expires_soon`: the share ends within `EXPIRES_SOON_DAYS`, or its answers count no longer. `with_grant`: what
    has lost its share counts as over too; a file is kept, so there less is the safe side.
    """

    def __init__(self, now: datetime, *, with_grant: bool = False) -> None:
        self.now, self.today = now, uk_date(now)
        lives = BoardRow.shown_until > now
        self._lives: ColumnElement[bool] = and_(lives, BoardRow.grant_id.is_not(None)) if with_grant else lives
        self.shown: ColumnElement[bool] = func.coalesce(self._lives, false())
        self._over = and_(BoardRow.status == InvitationStatus.SHARED, ~self.shown)
        kind = BoardRow.status.type
        self.status: ColumnElement[InvitationStatus] = type_coerce(
            case(
                (self._over, literal(InvitationStatus.SHARE_OVER.value)), else_=type_coerce(BoardRow.status, String())
            ),
            kind,
        )
        self.band = self.while_shown(BoardRow.band)
        self.quick: ColumnElement[bool] = func.coalesce(self.while_shown(BoardRow.quick), false())
        self.answered_on = self.while_shown(BoardRow.answered_on)
        self.late: ColumnElement[bool] = and_(BoardRow.due < self.today, BoardRow.status.in_(OPEN_STATUSES))
        soon = now + timedelta(days=EXPIRES_SOON_DAYS)
        self.expires_soon: ColumnElement[bool] = and_(
            BoardRow.shown_until > now, or_(BoardRow.shown_until <= soon, BoardRow.valid_until < self.today)
        )

    def while_shown(self, column: Any) -> ColumnElement[Any]:  # noqa: ANN401  # a column of any kind
        return case((self._lives, column))

    def status_rank(self) -> ColumnElement[int]:
        ranks = {status.value: rank for rank, status in enumerate(InvitationStatus)}
        plain = case(ranks, value=type_coerce(BoardRow.status, String()), else_=len(ranks))
        return type_coerce(case((self._over, ranks[InvitationStatus.SHARE_OVER]), else_=plain), Integer())

    def contact_first_rank(self) -> ColumnElement[int]:
        """The points rest on what was shared: once that is over nobody knows, and the row stands first until it is worked out anew."""
        return type_coerce(
            case((BoardRow.shown_until <= self.now, _LOWEST_RANK), else_=-BoardRow.call_points), Integer()
        )


@dataclass(frozen=True, slots=True)
class BoardItem:
    """One supplier as the board shows it: a field for each of `COLUMNS`. `band`: None where none is shown; `quick`: because a quick check is. `late`, `expires_soon`: at this moment."""

    id: uuid.UUID
    name: str
    sector: str | None
    area: str | None
    size: SupplierSize | None
    spend_gbp: int | None
    tier: RiskTier | None
    status: InvitationStatus
    late: bool
    expires_soon: bool
    asked_on: date | None
    due: date | None
    answered_on: date | None
    valid_until: date | None
    shown_until: datetime | None
    band: str | None
    quick: bool
    open_steps: int | None
    done_steps: int | None
    late_steps: int | None
    next_step_due: date | None
    key: tuple[Any, ...] = ()
    """By which values it is sorted: the place of the row, for going on from it."""


@dataclass(frozen=True, slots=True)
class BoardCell:
    """What stands in one cell of the page. `shape` before it, `notes` beside it, `under` below; `empty`: there is nothing to say."""

    text: str
    shape: str = ""
    notes: tuple[str, ...] = ()
    under: str = ""
    empty: bool = False


NOTHING = BoardCell("–", empty=True)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """Its column in spreadsheets. `kind`: text, number or date; without `value` what the board item says stands there as it is, dates as ISO dates."""

    title: str
    kind: str
    width: int
    value: Callable[[BoardItem], Cell] | None = None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One thing the board says of a supplier. `key`: the field of `BoardItem`, and without `read` the column of `board_row`.

    `from_copy`: it came from a copy, and is seen only while that is shared. `heading`, `cell`: on the page.
    """

    key: str
    from_copy: bool = False
    read: Callable[[CurrentColumns], ColumnElement[Any]] | None = None
    heading: str = ""
    cell: Callable[[BoardItem], BoardCell] | None = None
    sheet: SheetColumn | None = None

    def expression(self, columns: CurrentColumns) -> ColumnElement[Any]:
        """What of it a buyer may see at this moment."""
        if self.read is not None:
            return self.read(columns)
        stored: ColumnElement[Any] = getattr(BoardRow, self.key)
        return columns.while_shown(stored) if self.from_copy else stored

    def sheet_cell(self, item: BoardItem) -> Cell:
        if self.sheet is not None and self.sheet.value is not None:
            return self.sheet.value(item)
        value = getattr(item, self.key)
        return value.isoformat() if isinstance(value, date) else value


def _status_cell(item: BoardItem) -> BoardCell:
    notes = (("late", item.late), ("expires soon", item.expires_soon))
    return BoardCell(STATUS_LABELS[item.status], notes=tuple(note for note, is_on in notes if is_on))


def _band_cell(item: BoardItem) -> BoardCell:
    if item.band:
        return BoardCell(BAND_LABELS[item.band], shape=BAND_SHAPES[item.band])
    return BoardCell(QUICK_CHECK_TEXT if item.quick else BAND_LABELS[NO_BAND])


def _answered_cell(item: BoardItem) -> BoardCell:
    if item.answered_on is None:
        return NOTHING
    return BoardCell(day(item.answered_on), under=f"good until {day(item.valid_until)}" if item.valid_until else "")


def _open_steps_cell(item: BoardItem) -> BoardCell:
    if item.answered_on is None:
        return NOTHING
    return BoardCell(str(item.open_steps), under=f"next {day(item.next_step_due)}" if item.next_step_due else "")


COLUMNS: tuple[BoardColumn, ...] = (
    BoardColumn("name", sheet=SheetColumn("Supplier", "text", 36)),
    BoardColumn(
        "sector",
        sheet=SheetColumn("Sector", "text", 16, lambda item: code_label(item.sector) if item.sector else None),
    ),
    BoardColumn(
        "area",
        sheet=SheetColumn("Area", "text", 16, lambda item: code_label(item.area) if item.area else None),
    ),
    BoardColumn(
        "size",
        sheet=SheetColumn("Size", "text", 20, lambda item: SIZE_LABELS[item.size] if item.size else None),
    ),
    BoardColumn(
        "spend_gbp",
        heading="Spend a year",
        cell=lambda item: BoardCell("Not told" if item.spend_gbp is None else f"£{item.spend_gbp:,}"),
        sheet=SheetColumn("Spend a year in pounds", "number", 14),
    ),
    BoardColumn(
        "tier",
        sheet=SheetColumn(
            "Tier of its contracts", "text", 12, lambda item: TIER_LABELS[item.tier] if item.tier else None
        ),
    ),
    BoardColumn(
        "status",
        read=lambda columns: columns.status,
        heading="How it stands",
        cell=_status_cell,
        sheet=SheetColumn("How it stands", "text", 24, lambda item: STATUS_LABELS[item.status]),
    ),
    BoardColumn("late", read=lambda columns: func.coalesce(columns.late, false())),
    BoardColumn("expires_soon", read=lambda columns: func.coalesce(columns.expires_soon, false())),
    BoardColumn("asked_on", sheet=SheetColumn("Asked on", "date", 13)),
    BoardColumn(
        "due",
        heading="Due",
        cell=lambda item: BoardCell(day(item.due)) if item.due else NOTHING,
        sheet=SheetColumn("Answer due", "date", 13),
    ),
    BoardColumn(
        "answered_on",
        from_copy=True,
        heading="Answered",
        cell=_answered_cell,
        sheet=SheetColumn("Answered on", "date", 13),
    ),
    BoardColumn("valid_until", from_copy=True, sheet=SheetColumn("Answers count until", "date", 13)),
    BoardColumn("shown_until", from_copy=True),
    BoardColumn(
        "band",
        from_copy=True,
        heading="Band",
        cell=_band_cell,
        sheet=SheetColumn(
            "Band (own answers, not a finding)",
            "text",
            24,
            lambda item: BAND_WORDS[item.band] if item.band else QUICK_CHECK_TEXT if item.quick else None,
        ),
    ),
    BoardColumn("quick", read=lambda columns: columns.quick),
    BoardColumn(
        "open_steps",
        from_copy=True,
        heading="Open steps",
        cell=_open_steps_cell,
        sheet=SheetColumn("Steps open", "number", 10),
    ),
    BoardColumn("done_steps", from_copy=True, sheet=SheetColumn("Steps done", "number", 10)),
    BoardColumn("late_steps", from_copy=True, sheet=SheetColumn("Steps late", "number", 10)),
    BoardColumn("next_step_due", from_copy=True, sheet=SheetColumn("Next step due", "date", 13)),
)
"""All that the board says of a supplier, in the order of the columns of a spreadsheet."""

COLUMNS_BY_KEY: Mapping[str, BoardColumn] = {column.key: column for column in COLUMNS}
PAGE_COLUMNS: tuple[BoardColumn, ...] = tuple(
    COLUMNS_BY_KEY[key] for key in ("status", "due", "band", "answered_on", "open_steps", "spend_gbp")
)
"""In the order of the page, after the name."""
SHEET_COLUMNS: tuple[ExportColumn, ...] = tuple(
    ExportColumn(column.key, column.sheet.title, column.sheet.kind, column.sheet.width)
    for column in COLUMNS
    if column.sheet is not None
)


class BoardOrder(enum.StrEnum):
    NAME = "name"
    STATUS = "status"
    DUE = "due"
    BAND = "band"
    SPEND = "spend"
    CONTACT_FIRST = "call"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Sorting:
    """What an order sorts by before the name. It is never NULL; what is unknown stands at the worse end. `down`: from the greatest to the least."""

    label: str
    by: Callable[[CurrentColumns], Sequence[ColumnElement[Any]]]
    down: bool = False


ORDERS: Mapping[BoardOrder, Sorting] = {
    BoardOrder.NAME: Sorting("Name, A to Z", lambda _columns: ()),
    BoardOrder.STATUS: Sorting("How it stands, not asked first", lambda columns: (columns.status_rank(),)),
    BoardOrder.DUE: Sorting(
        "Due date, earliest first",
        lambda _columns: (type_coerce(func.coalesce(BoardRow.due, LATEST_DATE), Date()),),
    ),
    BoardOrder.BAND: Sorting(
        "Band, high first",
        lambda columns: (case(_BAND_ORDER, value=columns.band, else_=_UNKNOWN_BAND_ORDER),),
    ),
    BoardOrder.SPEND: Sorting(
        "Spend, not told and largest first",
        lambda _columns: (func.coalesce(-BoardRow.spend_gbp, literal(_LOWEST_SPEND_RANK, BigInteger())),),
    ),
    BoardOrder.CONTACT_FIRST: Sorting("Contact first", lambda columns: (columns.contact_first_rank(),)),
    BoardOrder.ANSWERED: Sorting(
        "Answered on, newest first",
        lambda columns: (type_coerce(func.coalesce(columns.answered_on, EARLIEST_DATE), Date()),),
        down=True,
    ),
}


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What is looked for: a field for each of `FILTERS`. Empty and None: everything. `weak`: a bar at level 1 or 2; `duty`: one that is not said to be done."""

    text: str = ""
    statuses: frozenset[InvitationStatus] = frozenset()
    late: bool = False
    expires_soon: bool = False
    sector: str | None = None
    area: str | None = None
    bands: frozenset[str] = frozenset()
    weak: str | None = None
    duty: str | None = None
    good: str | None = None
    place: str | None = None
    tier: RiskTier | None = None
    size: SupplierSize | None = None
    order: BoardOrder = BoardOrder.NAME

    @property
    def is_on(self) -> bool:
        """Whether anything is left out."""
        return replace(self, order=BoardOrder.NAME) != BoardFilter()

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for one in FILTERS:
            value = getattr(self, one.name)
            if isinstance(value, frozenset):
                found += [(one.parameter, str(part)) for part in sorted(value)]
            elif value:
                found.append((one.parameter, YES if value is True else str(value)))
        if self.order is not BoardOrder.NAME:
            found.append((ORDER_PARAMETER, self.order.value))
        return found

    def sorted_by(self, order: BoardOrder) -> BoardFilter:
        return replace(self, order=order)


ORDER_PARAMETER = "sort"
YES = "yes"
"""What an address says of a box that is ticked."""


EnumT = TypeVar("EnumT", bound=enum.StrEnum)


def _known_values(kind: type[EnumT], words: Iterable[str]) -> list[EnumT]:
    return [kind(word) for word in words if word in set(kind)]


def _first(words: Sequence[str]) -> str | None:
    return next(iter(words), None)


@dataclass(frozen=True, slots=True)
class FilterField:
    """One thing that can be looked for. `name`: the field of `BoardFilter`; `parameter`: its name in an address.

    `read` makes its value of the words of an address, and leaves out what nobody knows. `condition` says which rows fit
    the value; without one, `filter_conditions` in `services.py` finds it in the tables beside `board_row`. `label` and
    `say` are its words, `with_label`: what too little is said of without it. In the form stand `form_label`, and
    `options`, or what stands in the column `choices` of the rows that are shown now.
    """

    name: str
    parameter: str
    label: str
    say: Callable[[str], str] = str
    read: Callable[[Sequence[str]], Any] = _first
    condition: Callable[[Any, CurrentColumns], ColumnElement[bool]] | None = None
    input: Literal["text", "ticks", "box", "select"] = "select"
    form_label: str = ""
    options: Mapping[Any, str] | None = None
    choices: ModelColumn | None = None
    with_label: bool = False

    def options_with(self, choices: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, str]]:
        """Pairs of a value and its words. `choices`: as `get_filter_choices` finds them."""
        if self.options is not None:
            return list(self.options.items())
        return [(value, self.say(value)) for value in choices.get(self.name, ())]


def _first_known(kind: type[EnumT]) -> Callable[[Sequence[str]], EnumT | None]:
    return lambda words: next(iter(_known_values(kind, words)), None)


def _is_yes(words: Sequence[str]) -> bool:
    return _first(words) == YES


def _equal(column: ModelColumn) -> Callable[[Any, CurrentColumns], ColumnElement[bool]]:
    """What the buyer may see of this column of `board_row` is the value."""
    return lambda value, columns: COLUMNS_BY_KEY[column.key].expression(columns) == value


def _in_bands(bands: frozenset[str], columns: CurrentColumns) -> ColumnElement[bool]:
    named = columns.band.in_(sorted(bands - {NO_BAND}))
    return named | columns.band.is_(None) if NO_BAND in bands else named


FILTERS: tuple[FilterField, ...] = (
    FilterField(
        "text",
        "q",
        "Name or reference",
        say=lambda typed: f"“{typed}”",
        read=lambda words: _first(words) or "",
        condition=lambda text, _columns: BoardRow.searched.contains(text.casefold(), autoescape=True),
        input="text",
    ),
    FilterField(
        "statuses",
        "status",
        "How it stands",
        say=lambda value: STATUS_LABELS[InvitationStatus(value)],
        read=lambda words: frozenset(_known_values(InvitationStatus, words)),
        condition=lambda statuses, columns: columns.status.in_(sorted(statuses)),
        input="ticks",
        options=STATUS_LABELS,
    ),
    FilterField(
        "late",
        "late",
        "Only",
        say=lambda _yes: "Late",
        read=_is_yes,
        condition=lambda _yes, columns: columns.late,
        input="box",
    ),
    FilterField(
        "expires_soon",
        "old",
        "Only",
        say=lambda _yes: "Expires soon",
        read=_is_yes,
        condition=lambda _yes, columns: columns.expires_soon,
        input="box",
    ),
    FilterField(
        "sector", "sector", "Sector", say=code_label, condition=_equal(BoardRow.sector), choices=BoardRow.sector
    ),
    FilterField("area", "area", "Area", say=code_label, condition=_equal(BoardRow.area), choices=BoardRow.area),
    FilterField(
        "bands",
        "band",
        "Band",
        say=lambda value: BAND_LABELS[value],
        read=lambda words: frozenset(RETIRED_BANDS.get(word, word) for word in words).intersection(BAND_LABELS),
        condition=_in_bands,
        input="ticks",
        options=BAND_LABELS,
    ),
    FilterField("weak", "weak", "Weak", form_label="Little or partly in place", choices=BoardBar.name, with_label=True),
    FilterField(
        "duty", "duty", "Duty not done", form_label="Duty not said to be done", choices=BoardDuty.title, with_label=True
    ),
    FilterField("good", "good", "Goods", form_label="Goods it buys", choices=BoardGoods.good),
    FilterField(
        "place", "place", "From", form_label="Country of the goods", choices=BoardGoods.country, with_label=True
    ),
    FilterField(
        "tier",
        "tier",
        "Tier",
        say=lambda value: TIER_LABELS[RiskTier(value)],
        read=_first_known(RiskTier),
        condition=_equal(BoardRow.tier),
        form_label="Tier of its contracts",
        options=TIER_LABELS,
    ),
    FilterField(
        "size",
        "size",
        "Size",
        say=lambda value: SIZE_LABELS[SupplierSize(value)],
        read=_first_known(SupplierSize),
        condition=_equal(BoardRow.size),
        options=SIZE_LABELS,
    ),
)
"""All that can be looked for, in the order of an address and of the sentences that say it."""

FILTERS_BY_PARAMETER: Mapping[str, FilterField] = {one.parameter: one for one in FILTERS}
FORM_SELECTS: tuple[FilterField, ...] = tuple(
    sorted((one for one in FILTERS if one.input == "select"), key=lambda one: one.condition is None)
)
"""The drop-downs of the form: first those of `board_row`, then those of what is shared."""


def read_filter(arguments: MultiDict[str, str]) -> BoardFilter:
    """What an address asks for. What nobody knows is left out: an old address must still open."""

    def words(parameter: str) -> list[str]:
        # no text of a database holds the character NUL
        return [
            value
            for typed in arguments.getlist(parameter)
            if (value := " ".join(typed.replace("\0", " ").split())[:MAX_SEARCH_TERM_LENGTH])
        ]

    order = _first_known(BoardOrder)(words(ORDER_PARAMETER)) or BoardOrder.NAME
    return BoardFilter(**{one.name: one.read(words(one.parameter)) for one in FILTERS}, order=order)


def filter_from_query(query: str) -> BoardFilter:
    """The same from a line of text, as it is saved or sent in a form."""
    return read_filter(MultiDict(parse_qsl(query.lstrip("?"))))


ALL_SUPPLIERS = "All suppliers on your list."


def describe_pair(parameter: str, value: str) -> str:
    """One thing that is looked for, as short as it can be told from the others."""
    one = FILTERS_BY_PARAMETER[parameter]
    return f"{one.label}: {one.say(value)}" if one.with_label else one.say(value)


def active_pairs(filter_: BoardFilter) -> Sequence[tuple[str, str]]:
    """The pairs of an address that leave suppliers out: all but the order."""
    return [(parameter, value) for parameter, value in filter_.pairs if parameter in FILTERS_BY_PARAMETER]


def describe_filter(filter_: BoardFilter) -> list[str]:
    """Which suppliers it is about, one sentence for each thing that is looked for."""
    found: dict[str, list[str]] = {}
    for parameter, value in active_pairs(filter_):
        found.setdefault(parameter, []).append(FILTERS_BY_PARAMETER[parameter].say(value))
    return [f"{FILTERS_BY_PARAMETER[key].label}: {join_or(values)}." for key, values in found.items()] or [
        ALL_SUPPLIERS
    ]


assert {column.key for column in COLUMNS} | {"id", "key"} == {field.name for field in fields(BoardItem)}  # noqa: S101  # a new column needs its field
assert [*(one.name for one in FILTERS), "order"] == [field.name for field in fields(BoardFilter)]  # noqa: S101  # a new filter too
