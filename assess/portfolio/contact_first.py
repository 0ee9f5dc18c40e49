"""Suppliers to contact first: a score of six parts with a reason for each, and sentences for the call. Whatever is unknown counts as the most."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, and_, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from assess.core.clock import uk_date
from assess.plans.words import BAND_WORDS, format_day, plain_number
from assess.portfolio.models import BoardRow
from assess.question_banks.content_versions import files_in_force, made_or_last
from assess.question_banks.settings import HIGHEST_POINTS, ContactFirstWeights, contact_first_weights_on
from assess.suppliers.models import InvitationStatus, RiskTier, Supplier

_DAYS_A_WEEK = 7
_STATUS_WEIGHTS = {
    InvitationStatus.WAITING: "never_opened",
    InvitationStatus.INVITED: "never_opened",
    InvitationStatus.OPENED: "opened",
    InvitationStatus.STARTED: "started",
    InvitationStatus.SUBMITTED: "submitted",
    InvitationStatus.EXTERNAL_RESULT: "other_result",
    InvitationStatus.DECLINED: "declined",
    InvitationStatus.SHARE_OVER: "share_over",
}
"""Which number of the settings each status has. Shared and not asked are scored by themselves."""


@dataclass(frozen=True, slots=True)
class ContactInputs:
    """None: not known. `spend`: whole pounds a year. `steps`: (late, all); None where no plan is shown."""

    sector: str | None = None
    tier: RiskTier | None = None
    band: str | None = None
    status: InvitationStatus = InvitationStatus.NOT_ASKED
    due: date | None = None
    valid_until: date | None = None
    steps: tuple[int, int] | None = None
    spend: int | None = None

    @property
    def shows(self) -> bool:
        return self.status is InvitationStatus.SHARED


@dataclass(frozen=True, slots=True)
class ContactReason:
    """The points of one part, the most they could be, and why in words. `known`: not counted as the most for want of knowing."""

    part: ScorePart
    points: int
    most: int
    words: str
    known: bool


@dataclass(frozen=True, slots=True)
class ContactScore:
    """The sum, 0 to 100, and its six reasons in their fixed order."""

    points: int
    reasons: tuple[ContactReason, ...]


def score_supplier(inputs: ContactInputs, weights: ContactFirstWeights, today: date) -> ContactScore:
    """The points of a supplier on this day. The reasons add up to them."""
    reasons = tuple(part(inputs, weights, today) for part in _SCORERS)
    return ContactScore(sum(reason.points for reason in reasons), reasons)


def _unknown(part: ScorePart, most: int, why: str) -> ContactReason:
    """What is not known counts as the most: who does not answer is not to be called last for it."""
    return ContactReason(part, most, most, f"{why} {COUNTED_AS_MOST}.", known=False)


def _score_sector(inputs: ContactInputs, weights: ContactFirstWeights, _today: date) -> ContactReason:
    most, worst = weights.sector_most, max(weights.base.values())
    base = weights.base.get(inputs.sector) if inputs.sector else None
    if base is None:
        reason = "You have not told us" if inputs.sector is None else "We have no number for"
        return _unknown("sector", most, f"{reason} its kind of work:")
    points = min(most, int(most * base / worst + 0.5))  # a half up, where `round` would take the even number
    return ContactReason("sector", points, most, sector_reason(str(inputs.sector), base, worst), known=True)


def _score_tier(inputs: ContactInputs, weights: ContactFirstWeights, _today: date) -> ContactReason:
    most = weights.tier["high"]
    if inputs.tier is None:
        return _unknown("tier", most, "You have not graded a contract with it:")
    return ContactReason("tier", weights.tier[inputs.tier.value], most, tier_reason(inputs.tier), known=True)


def _score_band(inputs: ContactInputs, weights: ContactFirstWeights, _today: date) -> ContactReason:
    most = weights.band["high"]
    if inputs.band is None or not inputs.shows or inputs.band not in weights.band:
        return _unknown("band", most, "There is no band to show:")
    return ContactReason(
        "band", weights.band[inputs.band], most, f"Its own answers come out as “{BAND_WORDS[inputs.band]}”.", known=True
    )


def _score_unanswered(inputs: ContactInputs, weights: ContactFirstWeights, today: date) -> ContactReason:
    numbers, most = weights.unanswered, weights.unanswered_most
    if inputs.status is InvitationStatus.SHARED:
        if inputs.valid_until is not None and today <= inputs.valid_until:
            return ContactReason(
                "unanswered",
                0,
                most,
                f"It has answered. Its answers count until {format_day(inputs.valid_until.isoformat())}.",
                known=True,
            )
        return ContactReason(
            "unanswered",
            numbers["old"],
            most,
            old_answers_reason(inputs.valid_until),
            known=inputs.valid_until is not None,
        )
    if inputs.status is InvitationStatus.NOT_ASKED:
        return _unknown("unanswered", most, "You have not asked it yet:")
    late, known = numbers["most_late"], inputs.due is not None
    weeks = 0
    if inputs.due is not None:
        weeks = max(0, (today - inputs.due).days) // _DAYS_A_WEEK
        late = min(late, weeks * numbers["each_week_late"])
    reason = unanswered_reason(inputs.status, inputs.due, weeks)
    return ContactReason("unanswered", numbers[_STATUS_WEIGHTS[inputs.status]] + late, most, reason, known=known)


def _score_late_steps(inputs: ContactInputs, weights: ContactFirstWeights, _today: date) -> ContactReason:
    most = weights.slipping_most
    if not inputs.shows or inputs.steps is None:
        return _unknown("slipping", most, "We count steps only of a plan that is shared. Without it they are")
    late, steps = inputs.steps
    numbers = weights.slipping
    number = min(numbers["most_for_number"], late * numbers["each_late"])
    share = int(numbers["most_for_share"] * late / steps + 0.5) if steps else 0
    return ContactReason("slipping", number + share, most, late_steps_reason(late, steps), known=True)


def _score_spend(inputs: ContactInputs, weights: ContactFirstWeights, _today: date) -> ContactReason:
    most = weights.spend["most"]
    if inputs.spend is None:
        return _unknown("spend", most, "You have not told us what you spend:")
    reached = [name for name in ("some", "much", "most") if inputs.spend >= weights.spend_from[name]]
    points = weights.spend[reached[-1] if reached else "little"]
    return ContactReason("spend", points, most, f"You spend £{inputs.spend:,} a year with it.", known=True)


_SCORERS: tuple[Callable[[ContactInputs, ContactFirstWeights, date], ContactReason], ...] = (
    _score_sector,
    _score_tier,
    _score_band,
    _score_unanswered,
    _score_late_steps,
    _score_spend,
)


def get_weights(session: Session, today: date) -> ContactFirstWeights:
    return made_or_last(contact_first_weights_on, files_in_force(session), today)


def fill_contact_score(session: Session, row: BoardRow, now: datetime, *, plan_shown: bool) -> None:
    """Write the points and reasons into a row that is finished otherwise. `plan_shown`: every copy it rests on holds its plan."""
    steps = (row.late_steps, row.open_steps + row.done_steps) if plan_shown else None
    counted = score_supplier(get_contact_inputs(row, steps), get_weights(session, uk_date(now)), uk_date(now))
    row.call_points = counted.points
    row.call_reasons = [asdict(reason) for reason in counted.reasons]


def get_contact_inputs(row: BoardRow, steps: tuple[int, int] | None) -> ContactInputs:
    return ContactInputs(
        sector=row.sector,
        tier=row.tier,
        band=row.band,
        status=row.status,
        due=row.due,
        valid_until=row.valid_until,
        steps=steps,
        spend=row.spend_gbp,
    )


def is_row_outdated(row: BoardRow, now: datetime) -> bool:
    """Whether what it rests on is over, and the row has not been worked out since."""
    return not row.call_reasons or (row.shown_until is not None and row.shown_until <= now)


def get_current_score(session: Session, row: BoardRow, now: datetime) -> ContactScore:
    """The points of a row at this moment: as stored, or as of a share that is over."""
    if not is_row_outdated(row, now):
        return ContactScore(row.call_points, reasons_from_json(row.call_reasons))
    inputs = get_contact_inputs(row, None)
    over = InvitationStatus.SHARE_OVER if inputs.status is InvitationStatus.SHARED else inputs.status
    return score_supplier(
        ContactInputs(inputs.sector, inputs.tier, None, over, inputs.due, None, None, inputs.spend),
        get_weights(session, uk_date(now)),
        uk_date(now),
    )


def reasons_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[ContactReason, ...]:
    return tuple(ContactReason(**one) for one in stored)


SUPPLIERS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class ContactCursor:
    """The last supplier of the page before: its points and its id."""

    points: int
    supplier_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.points}-{self.supplier_id.hex}"


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One supplier to call. `place` counts from 1; `say`: three sentences to begin with."""

    place: int
    supplier_id: uuid.UUID
    name: str
    sector: str | None
    phone: str
    points: int
    reasons: Sequence[ContactReason]
    say: Sequence[str]


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A page of the list. `as_of`: the ISO day on which its oldest row was worked out; None when there is none. `total`: of the list."""

    lines: Sequence[ContactLine]
    total: int
    as_of: str | None
    next: ContactCursor | None


def read_cursor(text: str) -> ContactCursor | None:
    """The place in the list that an address names; None, the beginning, when it names none."""
    points, _, supplier = text.partition("-")
    if not (points.isascii() and points.isdigit() and len(points) <= len(str(HIGHEST_POINTS))):
        return None
    try:
        return ContactCursor(int(points), uuid.UUID(supplier))
    except ValueError:
        return None


def get_contact_page(
    session: Session,
    buyer_id: uuid.UUID,
    now: datetime,
    after: ContactCursor | None = None,
    size: int = SUPPLIERS_PER_PAGE,
) -> ContactPage:
    mine = BoardRow.buyer_id == buyer_id
    found, before = _rows_after(session, buyer_id, now, after, size + 1)
    shown = found[:size]
    numbers = select(Supplier.id, Supplier.phone).where(Supplier.id.in_([row.supplier_id for _, row in shown]))
    phones = {row.id: row.phone for row in session.execute(numbers)}
    oldest = session.scalar(select(func.min(BoardRow.reckoned_at)).where(mine))
    return ContactPage(
        lines=[
            ContactLine(
                place=place,
                supplier_id=row.supplier_id,
                name=row.name,
                sector=row.sector,
                phone=phones.get(row.supplier_id, ""),
                points=counted.points,
                reasons=counted.reasons,
                say=get_call_sentences(row, now),
            )
            for place, (counted, row) in enumerate(shown, before + 1)
        ],
        total=session.scalar(select(func.count()).where(mine)) or 0,
        as_of=None if oldest is None else uk_date(oldest).isoformat(),
        next=ContactCursor(shown[-1][0].points, shown[-1][1].supplier_id) if len(found) > size else None,
    )


def _rows_after(
    session: Session, buyer_id: uuid.UUID, now: datetime, after: ContactCursor | None, most: int
) -> tuple[list[tuple[ContactScore, BoardRow]], int]:
    """The next so many rows after this place with their points, and how many stand before them.

    Rows whose share ended since they were worked out are few: they are scored here and stand where they belong.
    """
    outdated, beyond = _outdated_clause(now), _after_clause(after)
    fresh = and_(BoardRow.buyer_id == buyer_id, not_(outdated))
    order = (BoardRow.call_points.desc(), BoardRow.supplier_id.desc())
    rows = session.scalars(select(BoardRow).where(fresh, beyond).order_by(*order).limit(most)).all()
    over = session.scalars(select(BoardRow).where(BoardRow.buyer_id == buyer_id, outdated)).all()
    moved = [(get_current_score(session, row, now), row) for row in over]
    ahead = [pair for pair in moved if after is None or _sort_key(pair) < (after.points, after.supplier_id.hex)]
    before = session.scalar(select(func.count()).where(fresh, not_(beyond))) or 0 if after else 0
    found = sorted(
        [*((get_current_score(session, row, now), row) for row in rows), *ahead], key=_sort_key, reverse=True
    )
    return found[:most], before + len(moved) - len(ahead)


def get_call_sentences(row: BoardRow, now: datetime) -> Sequence[str]:
    over = row.shown_until is not None and row.shown_until <= now
    status = InvitationStatus.SHARE_OVER if over and row.status is InvitationStatus.SHARED else row.status
    old = row.valid_until is None or row.valid_until < uk_date(now)
    return call_sentences(status, old_answers=old, late_steps=not over and row.late_steps > 0)


def _outdated_clause(now: datetime) -> ColumnElement[bool]:
    """Whether a row is to be worked out here: its share is over, or the share went and took the reasons along."""
    over = and_(BoardRow.shown_until.is_not(None), BoardRow.shown_until <= now)
    return or_(over, and_(BoardRow.call_points == HIGHEST_POINTS, cast(BoardRow.call_reasons, String) == "[]"))


def _after_clause(after: ContactCursor | None) -> ColumnElement[bool]:
    if after is None:
        return BoardRow.call_points.is_not(None)
    same = and_(BoardRow.call_points == after.points, BoardRow.supplier_id < after.supplier_id)
    return or_(BoardRow.call_points < after.points, same)


def _sort_key(pair: tuple[ContactScore, BoardRow]) -> tuple[int, str]:
    return pair[0].points, pair[1].supplier_id.hex


ScorePart = Literal["sector", "tier", "band", "unanswered", "slipping", "spend"]
SCORE_PART_LABELS: Mapping[ScorePart, str] = {
    "sector": "Kind of work",
    "tier": "Your contracts",
    "band": "Band on what is shared",
    "unanswered": "Answering",
    "slipping": "Steps of the plan",
    "spend": "What you spend",
}
COUNTED_AS_MOST = "counted as the most"


_STATUS_PHRASES: Mapping[InvitationStatus, str] = {
    InvitationStatus.WAITING: "Its email has not gone yet",
    InvitationStatus.INVITED: "It has not opened your email",
    InvitationStatus.OPENED: "It opened your email and has not begun",
    InvitationStatus.STARTED: "It has begun and not finished",
    InvitationStatus.SUBMITTED: "It has finished and not shared it with you",
    InvitationStatus.EXTERNAL_RESULT: "You took the result of another scheme",
    InvitationStatus.DECLINED: "It said no",
    InvitationStatus.SHARE_OVER: "What it shared is over",
}


def sector_label(slug: str | None) -> str:
    """“Car washes” for `car_washes`."""
    return "Not told" if slug is None else slug.replace("_", " ").capitalize()


def sector_reason(slug: str, base: float, worst: float) -> str:
    return f"{sector_label(slug)}: the risk of this kind of work starts at {plain_number(base)}. The highest of all kinds starts at {plain_number(worst)}."


def tier_reason(one: RiskTier) -> str:
    return f"You graded a contract with it as {one.value} risk."


def old_answers_reason(until: date | None) -> str:
    if until is None:
        return "It has answered, and we do not know when."
    return f"Its answers are old: they counted until {format_day(until.isoformat())}."


def unanswered_reason(status: InvitationStatus, due: date | None, weeks: int) -> str:
    phrase = _STATUS_PHRASES[status]
    if due is None:
        return f"{phrase}. We do not know by when you asked: {COUNTED_AS_MOST}."
    date_of = format_day(due.isoformat())
    if weeks:
        return f"{phrase}. It is {weeks} {'week' if weeks == 1 else 'weeks'} past {date_of}."
    return f"{phrase}. You asked for it by {date_of}."


def late_steps_reason(late: int, steps: int) -> str:
    if not steps:
        return "Its plan has no steps."
    if not late:
        return f"None of its {steps} steps is late." if steps > 1 else "Its one step is not late."
    return f"{late} of its {steps} steps {'is' if late == 1 else 'are'} late."


def call_sentences(status: InvitationStatus, *, old_answers: bool, late_steps: bool) -> Sequence[str]:
    """Three calm sentences to begin a call with."""
    return [_OPENING_SENTENCE, *_CALL_SENTENCES[_call_kind(status, old_answers=old_answers, late_steps=late_steps)]]


_OPENING_SENTENCE = "“We want to go on buying from you, and I am ringing to ask how we can help.”"
_CALL_SENTENCES: Mapping[str, tuple[str, str]] = {
    "ask": (
        "“We ask all our suppliers to look at how they hire, pay and treat people.”",
        "“May I send you the questions, and what would be a good time for you?”",
    ),
    "begin": (
        "“You had an email from us with some questions. Did it reach the right person?”",
        "“Is there anything about it I can explain, or a date that suits you better?”",
    ),
    "finish": (
        "“You have already begun to answer our questions. Thank you.”",
        "“Is anything unclear, or would more time help?”",
    ),
    "declined": (
        "“You told us that you would rather not answer now, and that is your choice.”",
        "“Is there something we could make easier, or another way you would like to tell us?”",
    ),
    "again": (
        "“You shared your answers with us, and that time is over. Thank you for doing it.”",
        "“Could you look at them again, and tell me when would suit you?”",
    ),
    "steps": (
        "“You shared your plan with us. Thank you.”",
        "“Which step is hardest just now, and would a later date or our help make it easier?”",
    ),
    "shared": (
        "“You shared your answers with us. Thank you.”",
        "“What would help you most with what you want to do next?”",
    ),
}


def _call_kind(status: InvitationStatus, *, old_answers: bool, late_steps: bool) -> str:
    if status is InvitationStatus.SHARED:
        return "again" if old_answers else "steps" if late_steps else "shared"
    return {
        InvitationStatus.NOT_ASKED: "ask",
        InvitationStatus.WAITING: "ask",
        InvitationStatus.INVITED: "begin",
        InvitationStatus.OPENED: "begin",
        InvitationStatus.STARTED: "finish",
        InvitationStatus.SUBMITTED: "finish",
        InvitationStatus.DECLINED: "declined",
        InvitationStatus.SHARE_OVER: "again",
        InvitationStatus.EXTERNAL_RESULT: "shared",
    }[status]
