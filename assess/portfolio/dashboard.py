"""Numbers of the dashboard of a buyer, its monthly snapshots, and the printed summary for its board. Averages over fewer than three copies are not shown."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from statistics import mean, median
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import uk_date
from assess.core.db import JsonDict, dialect_insert
from assess.core.documents.services import DocumentKind, DocumentSpec, Drawing, html_digest
from assess.core.jobs.services import JobContext
from assess.identity.models import Organisation
from assess.plans.buyer_view import BAR_LABELS
from assess.plans.print_html import render_print_template
from assess.plans.words import BUYER_BANDS, one_decimal
from assess.portfolio import charts as portfolio_charts
from assess.portfolio.board.columns import BAND_LABELS, NO_BAND
from assess.portfolio.contact_first import (
    SCORE_PART_LABELS,
    ContactLine,
    get_contact_page,
    get_current_score,
    sector_label,
)
from assess.portfolio.models import BoardBar, BoardDuty, BoardGoods, BoardRow, PortfolioSnapshot
from assess.sharing.models import ShareGrant
from assess.suppliers.models import InvitationStatus, SupplierSize
from assess.suppliers.presenters import SIZE_LABELS, STATUS_LABELS

STATUS_GROUPS: Mapping[str, str] = {
    "shared": STATUS_LABELS[InvitationStatus.SHARED],
    "other": STATUS_LABELS[InvitationStatus.EXTERNAL_RESULT],
    "asked": "Asked, nothing shared yet",
    "declined": STATUS_LABELS[InvitationStatus.DECLINED],
    "over": STATUS_LABELS[InvitationStatus.SHARE_OVER],
    "not_asked": "Not asked, or waits for the season",
}
_GROUP_BY_STATUS: Mapping[InvitationStatus, str] = {
    InvitationStatus.NOT_ASKED: "not_asked",
    InvitationStatus.WAITING: "not_asked",
    InvitationStatus.INVITED: "asked",
    InvitationStatus.OPENED: "asked",
    InvitationStatus.STARTED: "asked",
    InvitationStatus.SUBMITTED: "asked",
    InvitationStatus.SHARED: "shared",
    InvitationStatus.EXTERNAL_RESULT: "other",
    InvitationStatus.DECLINED: "declined",
    InvitationStatus.SHARE_OVER: "over",
}


@dataclass(frozen=True, slots=True)
class DashboardRow:
    """One supplier. `band`: as in `BUYER_BANDS`, or None. `unknown`: how many of its points are for what is not known.

    `weeks_late`: whole weeks past the date by which it was asked, while nothing is shared; None when it is not late.
    `late_steps`: of the plan it shows.
    """

    supplier_id: uuid.UUID
    name: str
    sector: str | None
    size: SupplierSize | None
    status: InvitationStatus
    band: str | None
    answers_outdated: bool
    weeks_late: int | None
    late_steps: int
    points: int
    unknown: int

    @property
    def group(self) -> str:
        return _GROUP_BY_STATUS[self.status]


def list_dashboard_rows(session: Session, buyer_id: uuid.UUID, now: datetime) -> Sequence[DashboardRow]:
    order = (BoardRow.name, BoardRow.supplier_id)
    rows = session.scalars(select(BoardRow).where(BoardRow.buyer_id == buyer_id).order_by(*order))
    return [_dashboard_row(session, row, now) for row in rows]


def _dashboard_row(session: Session, row: BoardRow, now: datetime) -> DashboardRow:
    # the row was written when it was still shared: time changes no row
    over = row.shown_until is not None and row.shown_until <= now
    status = InvitationStatus.SHARE_OVER if over and row.status is InvitationStatus.SHARED else row.status
    band = row.band if status is InvitationStatus.SHARED and row.band in BUYER_BANDS else None
    counted = get_current_score(session, row, now)
    today = uk_date(now)
    return DashboardRow(
        supplier_id=row.supplier_id,
        name=row.name,
        sector=row.sector,
        size=row.size,
        status=status,
        band=band,
        answers_outdated=status is InvitationStatus.SHARED and row.valid_until is not None and row.valid_until < today,
        weeks_late=(today - row.due).days // 7
        if _GROUP_BY_STATUS[status] == "asked" and row.due is not None and row.due < today
        else None,
        late_steps=row.late_steps if status is InvitationStatus.SHARED else 0,
        points=counted.points,
        unknown=sum(reason.points for reason in counted.reasons if not reason.known),
    )


MIN_COPIES = 3
"""Averages and months of fewer copies than these are not shown."""
MAX_LATE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class BandCounts:
    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def words(self) -> str:
        return f"{self.name}: {portfolio_charts.in_words(self.counts, BAND_LABELS)}"


@dataclass(frozen=True, slots=True)
class LateCounts:
    """Who is late: `suppliers` with answering, the longest first and at most ten; all of them by number; with steps; and old answers."""

    suppliers: Sequence[DashboardRow]
    number: int
    with_steps: int
    answers_outdated: int


def bands_by_sector(rows: Sequence[DashboardRow]) -> Sequence[BandCounts]:
    """Each kind of work by name, what is not told last, and all together at the end where there are several."""
    found = [
        BandCounts(
            sector_label(kind) if kind else "Kind of work not told",
            count_bands([row for row in rows if row.sector == kind]),
        )
        for kind in sorted({row.sector for row in rows}, key=lambda sector: (sector is None, sector or ""))
    ]
    return [*found, BandCounts("All together", count_bands(rows))] if len(found) > 1 else found


def count_bands(rows: Sequence[DashboardRow]) -> Mapping[str, int]:
    """How many have each band, and how many none to show: four numbers in their order."""
    found = Counter(row.band or NO_BAND for row in rows)
    return {band: found[band] for band in BAND_LABELS}


def count_groups(rows: Sequence[DashboardRow]) -> Mapping[str, int]:
    found = Counter(row.group for row in rows)
    return {group: found[group] for group in STATUS_GROUPS}


def count_late(rows: Sequence[DashboardRow]) -> LateCounts:
    late = sorted(
        (row for row in rows if row.weeks_late is not None), key=lambda row: (-(row.weeks_late or 0), row.name)
    )
    return LateCounts(
        late[:MAX_LATE_SHOWN],
        len(late),
        sum(row.late_steps > 0 for row in rows),
        sum(row.answers_outdated for row in rows),
    )


MAX_COUNTRIES = 15
NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FIRST_CONTACTS = len(NUMBER_WORDS) - 1


@dataclass(frozen=True, slots=True)
class SourceCountry:
    """A country from which suppliers buy: how many of them, which goods, and the words of the risk. Never about a firm."""

    name: str
    suppliers: int
    goods: Sequence[str]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class MissingDuty:
    """A duty: how many of the suppliers to which it applies do not say that it is done."""

    title: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All of it. `on`: ISO day. `banded`: how many suppliers show a band."""

    buyer: str
    on: str
    total: int
    banded: int
    bands: Sequence[BandCounts]
    groups: Mapping[str, int]
    heat: Heatmap
    months: Sequence[MonthCounts]
    late: LateCounts
    places: Sequence[SourceCountry]
    more_places: int
    duties: Sequence[MissingDuty]
    duties_left_out: int
    sizes: SizeEffect
    first: Sequence[ContactLine]

    @property
    def first_number(self) -> str:
        """How many stand under whom to call first, as a word: fewer than ten where the list is shorter."""
        return NUMBER_WORDS[len(self.first)]


def get_dashboard(session: Session, buyer_id: uuid.UUID, name: str, now: datetime) -> Dashboard:
    rows = list_dashboard_rows(session, buyer_id, now)
    shown = {row.supplier_id for row in rows if row.status is InvitationStatus.SHARED}
    places = _list_source_countries(session, buyer_id, shown)
    duties = _list_missing_duties(session, buyer_id, shown)
    today = uk_date(now)
    bars: defaultdict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for bar in session.scalars(select(BoardBar).join(BoardRow).where(BoardRow.buyer_id == buyer_id)):
        bars[bar.supplier_id][bar.name] = bar.level
    return Dashboard(
        buyer=name,
        on=today.isoformat(),
        total=len(rows),
        banded=sum(row.band is not None for row in rows),
        bands=bands_by_sector(rows),
        groups=count_groups(rows),
        heat=build_heatmap(rows, bars),
        months=list_months(session, buyer_id, rows, today),
        late=count_late(rows),
        places=places[:MAX_COUNTRIES],
        more_places=max(0, len(places) - MAX_COUNTRIES),
        duties=[duty for duty in duties if duty.of >= MIN_COPIES],
        duties_left_out=sum(duty.of < MIN_COPIES for duty in duties),
        sizes=compare_sizes(rows),
        first=get_contact_page(session, buyer_id, now, size=FIRST_CONTACTS).lines,
    )


def _list_source_countries(
    session: Session, buyer_id: uuid.UUID, shown: Collection[uuid.UUID]
) -> Sequence[SourceCountry]:
    """The countries, that of the most suppliers first."""
    by_country: defaultdict[str, list[BoardGoods]] = defaultdict(list)
    for good in session.scalars(select(BoardGoods).join(BoardRow).where(BoardRow.buyer_id == buyer_id)):
        if good.supplier_id in shown:
            by_country[good.country].append(good)
    found = [
        SourceCountry(
            place,
            len({good.supplier_id for good in goods}),
            sorted({good.good for good in goods}),
            sorted({good.risk_label for good in goods}),
        )
        for place, goods in by_country.items()
    ]
    return sorted(found, key=lambda place: (-place.suppliers, place.name))


def _list_missing_duties(session: Session, buyer_id: uuid.UUID, shown: Collection[uuid.UUID]) -> Sequence[MissingDuty]:
    """The duties of which something is missing, the most first."""
    by_duty: defaultdict[str, list[BoardDuty]] = defaultdict(list)
    for duty in session.scalars(select(BoardDuty).join(BoardRow).where(BoardRow.buyer_id == buyer_id)):
        if duty.supplier_id in shown:
            by_duty[duty.duty].append(duty)
    found = [
        MissingDuty(duties[0].title, sum(not duty.done for duty in duties), len(duties)) for duties in by_duty.values()
    ]
    return sorted((duty for duty in found if duty.number), key=lambda duty: (-duty.number, duty.title))


OTHER_SECTORS = "Other kinds of work together"
BAR_SEPARATOR = "; "
"""What stands between the groups that a copy shows as one bar."""


@dataclass(frozen=True, slots=True)
class HeatmapCell:
    """How far along a group is in a kind of work: the average of the levels 1 to 4, over so many copies."""

    average: float
    copies: int

    @property
    def level(self) -> int:
        return int(self.average + 0.5)  # a half up, where `round` would take the even number

    @property
    def number(self) -> str:
        return one_decimal(self.average)

    @property
    def words(self) -> str:
        return BAR_LABELS[self.level - 1]


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    """A kind of work: a cell for each group; None where there are too few copies."""

    name: str
    cells: Sequence[HeatmapCell | None]


@dataclass(frozen=True, slots=True)
class Heatmap:
    """The map. `left_out`: how many copies stand nowhere, because there were too few of their kind."""

    groups: Sequence[str]
    rows: Sequence[HeatmapRow]
    left_out: int


def build_heatmap(rows: Iterable[DashboardRow], bars: Mapping[uuid.UUID, Mapping[str, int]]) -> Heatmap:
    """The map of the suppliers that show a band; `bars`: for each supplier the step of each bar."""
    by_kind: defaultdict[str | None, list[Mapping[str, int]]] = defaultdict(list)
    for row in rows:
        if row.band is not None and bars.get(row.supplier_id):
            by_kind[row.sector].append(
                {name: step for bar, step in bars[row.supplier_id].items() for name in bar.split(BAR_SEPARATOR)}
            )
    groups = sorted({name for kind in by_kind.values() for copy in kind for name in copy})
    enough = {kind: copies for kind, copies in by_kind.items() if len(copies) >= MIN_COPIES and kind is not None}
    # too few of a kind would show single suppliers, so they are told together
    rest = [copy for kind, copies in by_kind.items() if kind not in enough for copy in copies]
    shown = [HeatmapRow(sector_label(kind), _heatmap_cells(groups, enough[kind])) for kind in sorted(enough)]
    if len(rest) >= MIN_COPIES:
        return Heatmap(groups, [*shown, HeatmapRow(OTHER_SECTORS, _heatmap_cells(groups, rest))], 0)
    return Heatmap(groups, shown, len(rest))


def _heatmap_cells(groups: Sequence[str], copies: Sequence[Mapping[str, int]]) -> Sequence[HeatmapCell | None]:
    found = []
    for group in groups:
        steps = [copy[group] for copy in copies if group in copy]
        found.append(HeatmapCell(sum(steps) / len(steps), len(steps)) if len(steps) >= MIN_COPIES else None)
    return found


SIZE_ROW_LABELS: Mapping[SupplierSize | None, str] = {
    **dict[SupplierSize | None, str](SIZE_LABELS.items()),
    None: "Size not told",
}
SMALL_SIZES, LARGER_SIZES = (SupplierSize.MICRO, SupplierSize.SMALL), (SupplierSize.MEDIUM, SupplierSize.LARGE)
NOTABLE_SHARE = 0.05
"""A difference of places below this share of all suppliers is called none."""
NOTABLE_POINTS = 2


class HasSizeAndPoints(Protocol):
    @property
    def size(self) -> SupplierSize | None:
        """How large it is; None: not told."""

    @property
    def points(self) -> int:
        """Its points."""

    @property
    def unknown(self) -> int:
        """How many of them are for what is not known."""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size. Places count from 1, the first to call; the numbers are None where there are fewer than three suppliers."""

    name: str
    suppliers: int
    average: float | None = None
    middle: float | None = None
    unknown: float | None = None

    @property
    def cells(self) -> Sequence[str]:
        numbers = (self.average, self.middle, self.unknown)
        return [
            self.name,
            str(self.suppliers),
            *("too few" if value is None else one_decimal(value) for value in numbers),
        ]


@dataclass(frozen=True, slots=True)
class SizeEffect:
    """The five sizes. `ahead`: how many places small firms stand ahead of larger ones on average; below 0: behind.

    `more_unknown`: how many more of their points are for what is not known. Both are None where there are too few to compare.
    """

    rows: Sequence[SizeRow]
    ahead: float | None
    more_unknown: float | None
    total: int

    @property
    def words(self) -> str:
        if self.ahead is None or self.more_unknown is None:
            return "There are too few firms whose size you have told us to compare small ones with larger ones."
        place, papers = self._place(self.ahead), self._papers(self.more_unknown)
        return f"{place} {papers} {self._so(self.ahead, self.more_unknown)}"

    def _is_notable(self, places: float) -> bool:
        return abs(places) >= max(1.0, NOTABLE_SHARE * self.total)

    def _place(self, places: float) -> str:
        if not self._is_notable(places):
            return "Firms with fewer than 50 people stand about where larger firms do."
        side = "ahead of" if places > 0 else "behind"
        return (
            f"Firms with fewer than 50 people stand {one_decimal(abs(places))} places {side} larger firms on average."
        )

    def _papers(self, points: float) -> str:
        if abs(points) < NOTABLE_POINTS:
            return "About as many of their points are for what is not known."
        return (
            f"{one_decimal(abs(points))} {'more' if points > 0 else 'fewer'} of their points are for what is not known."
        )

    def _so(self, places: float, points: float) -> str:
        if places > 0 and self._is_notable(places) and points >= NOTABLE_POINTS:
            return "So small firms are ranked ahead here for lacking answers or papers, and that is no sign of harm. Help them to answer first."
        return "So small firms are not ranked ahead here for lacking answers or papers."


def compare_sizes(rows: Sequence[HasSizeAndPoints]) -> SizeEffect:
    """The effect in this list. Suppliers with the same points share the middle of their places."""
    placed: list[tuple[float, HasSizeAndPoints]] = []
    for _, alike in groupby(sorted(rows, key=lambda row: -row.points), key=lambda row: row.points):
        group = list(alike)
        middle = len(placed) + (len(group) + 1) / 2  # else the order of equals would decide
        placed += [(middle, row) for row in group]
    table = [_size_row(size, [pair for pair in placed if pair[1].size == size]) for size in SIZE_ROW_LABELS]
    small = [pair for pair in placed if pair[1].size in SMALL_SIZES]
    larger = [pair for pair in placed if pair[1].size in LARGER_SIZES]
    if min(len(small), len(larger)) < MIN_COPIES:
        return SizeEffect(table, None, None, len(rows))
    ahead = mean(place for place, _ in larger) - mean(place for place, _ in small)
    more = mean(row.unknown for _, row in small) - mean(row.unknown for _, row in larger)
    return SizeEffect(table, ahead, more, len(rows))


def _size_row(size: SupplierSize | None, placed: Sequence[tuple[float, HasSizeAndPoints]]) -> SizeRow:
    if len(placed) < MIN_COPIES:
        return SizeRow(SIZE_ROW_LABELS[size], len(placed))
    places = [place for place, _ in placed]
    unknown = mean(row.unknown for _, row in placed)
    return SizeRow(SIZE_ROW_LABELS[size], len(placed), mean(places), median(places), unknown)


SNAPSHOT_RETENTION = timedelta(days=3 * 366)
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """How suppliers stood on an ISO day. `bands` is None where fewer than three copies showed one."""

    on: str
    bands: Mapping[str, int] | None
    groups: Mapping[str, int]


def count_month(rows: Sequence[DashboardRow], on: date) -> MonthCounts:
    bands = count_bands(rows)
    enough = sum(bands.values()) - bands[NO_BAND] >= MIN_COPIES
    return MonthCounts(on.isoformat(), bands if enough else None, count_groups(rows))


def list_buyers_without_snapshot(session: Session, month: date) -> Sequence[uuid.UUID]:
    """The buyers with suppliers of whom nothing is kept yet for the month that begins on this day."""
    kept = select(PortfolioSnapshot.buyer_id).where(PortfolioSnapshot.month == month)
    return session.scalars(
        select(BoardRow.buyer_id).where(BoardRow.buyer_id.not_in(kept)).distinct().order_by(BoardRow.buyer_id)
    ).all()


def save_snapshot(session: Session, buyer_id: uuid.UUID, now: datetime) -> bool:
    """Keep the counts of a buyer for this month, unless they are. Returns whether they were kept now."""
    locked = select(Organisation.id).where(Organisation.id == buyer_id).with_for_update(read=True, key_share=True)
    if session.scalar(locked) is None:
        return False
    month = uk_date(now).replace(day=1)
    made = count_month(list_dashboard_rows(session, buyer_id, now), month)
    counts: JsonDict = {"bands": None if made.bands is None else dict(made.bands), "groups": dict(made.groups)}
    row = dialect_insert(session, PortfolioSnapshot).values(buyer_id=buyer_id, month=month, counts=counts, made_at=now)
    return session.scalars(row.on_conflict_do_nothing().returning(PortfolioSnapshot.buyer_id)).first() is not None


def delete_old_snapshots(session: Session, now: datetime) -> None:
    """Remove what is older than three years."""
    session.execute(delete(PortfolioSnapshot).where(PortfolioSnapshot.month < uk_date(now - SNAPSHOT_RETENTION)))


def list_months(
    session: Session, buyer_id: uuid.UUID, rows: Sequence[DashboardRow], today: date
) -> Sequence[MonthCounts]:
    """The last twelve months that were kept, the oldest first, and today."""
    kept = [
        MonthCounts(row.month.isoformat(), row.counts["bands"], row.counts["groups"])
        for row in session.scalars(
            select(PortfolioSnapshot)
            .where(PortfolioSnapshot.buyer_id == buyer_id, PortfolioSnapshot.month < today)
            .order_by(PortfolioSnapshot.month.desc())
            .limit(MONTHS_SHOWN)
        )
    ]
    return [*reversed(kept), count_month(rows, today)]


def save_monthly_snapshots(context: JobContext) -> None:
    """Keep this month of each buyer that has none yet. Run twice it keeps nothing more; each buyer is a transaction of its own."""
    now = context.now()
    with context.database.reading() as session:
        wanted = list_buyers_without_snapshot(session, uk_date(now).replace(day=1))
    kept = 0
    for number, buyer_id in enumerate(wanted, 1):
        with context.database.writing() as session:
            kept += save_snapshot(session, buyer_id, now)
        context.progress(number, len(wanted))
    with context.database.writing() as session:
        delete_old_snapshots(session, now)
        if kept:
            event = NewAuditEvent(
                action="suppliers.manage", verb="kept", who=job_actor("keep_months"), details={"count": kept}
            )
            append_event(session, AuditKeys.of(context.settings), event, now)


def summary_html(dashboard: Dashboard, *, names: bool) -> str:
    """The whole document. `names`: with the names of those to call first. The same picture gives the same text."""
    return render_print_template(
        "portfolio/summary_pdf.html",
        picture=dashboard,
        names=names,
        bands=BAND_LABELS,
        groups=STATUS_GROUPS,
        parts_of=SCORE_PART_LABELS,
        sector_name=sector_label,
        shapes=portfolio_charts,
    )


def summary_document(session: Session, buyer_id: uuid.UUID, now: datetime, *, names: bool) -> DocumentSpec | None:
    """None where the buyer has no suppliers, or is gone."""
    buyer = session.get(Organisation, buyer_id)
    dashboard = None if buyer is None else get_dashboard(session, buyer_id, buyer.name, now)
    if dashboard is None or not dashboard.total:
        return None
    html = summary_html(dashboard, names=names)
    return DocumentSpec(
        key=html_digest(html),
        title="Summary for your board (PDF)",
        file_name="summary-for-the-board-{day}.pdf",
        meanwhile="The overview has the same numbers, and your browser can print it.",
        draw=lambda _session: Drawing(html),
        # a share that ends while it is stored must not be counted on it
        hold=lambda session: session.execute(
            select(ShareGrant.id)
            .where(ShareGrant.organisation_id == buyer_id)
            .order_by(ShareGrant.id)
            .with_for_update(read=True)
        ).all(),
    )


SUMMARIES = tuple(
    DocumentKind(name, "organisation_id", partial(summary_document, names=names))
    for name, names in (("summary", False), ("summary_with_names", True))
)
