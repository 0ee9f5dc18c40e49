"""How many points a supplier has on the list of whom to call first: a sum of six parts, each with its reason.

The order is one of worry, never of proof. What is not known counts as the most it could be, so a supplier that says less, or of
whom the buyer has told less, never stands further down for it. The size of a firm is no part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assess.banks.call_settings import CallWeights
from assess.portfolio.calling import words
from assess.portfolio.calling.words import Part
from assess.suppliers.models import Status, Tier

_WEEK = 7
_STATES = {
    Status.WAITING: "never_opened",
    Status.INVITED: "never_opened",
    Status.OPENED: "opened",
    Status.STARTED: "started",
    Status.SUBMITTED: "submitted",
    Status.OTHER_RESULT: "other_result",
    Status.DECLINED: "declined",
    Status.SHARE_OVER: "share_over",
}
"""Which number of the settings each status has. Shared and not asked are reckoned by themselves."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a supplier. None: not known.

    `spend`: whole pounds a year. `steps`: (late, all) of the plan that is shared; None where no plan is shown.
    """

    sector: str | None = None
    tier: Tier | None = None
    band: str | None = None
    status: Status = Status.NOT_ASKED
    due: date | None = None
    good_until: date | None = None
    steps: tuple[int, int] | None = None
    spend: int | None = None

    @property
    def shows(self) -> bool:
        """Whether anything is shared."""
        return self.status is Status.SHARED


@dataclass(frozen=True, slots=True)
class Reason:
    """The points of one part, the most they could be, and why in words. `known`: not counted as the most for want of knowing."""

    part: Part
    points: int
    most: int
    words: str
    known: bool


@dataclass(frozen=True, slots=True)
class Count:
    """The sum, 0 to 100, and its six reasons in their fixed order."""

    points: int
    reasons: tuple[Reason, ...]


def count(facts: Facts, weights: CallWeights, today: date) -> Count:
    """The points of a supplier on this day. The reasons add up to them."""
    reasons = tuple(part(facts, weights, today) for part in _PARTS)
    return Count(sum(reason.points for reason in reasons), reasons)


def _sector(facts: Facts, weights: CallWeights, _today: date) -> Reason:
    most, worst = weights.sector_most, max(weights.base.values())
    base = weights.base.get(facts.sector) if facts.sector else None
    if base is None:
        return Reason("sector", most, most, words.sector_unknown(facts.sector), known=False)
    points = min(most, int(most * base / worst + 0.5))
    return Reason("sector", points, most, words.sector(str(facts.sector), base, worst), known=True)


def _tier(facts: Facts, weights: CallWeights, _today: date) -> Reason:
    most = weights.tier["high"]
    if facts.tier is None:
        return Reason("tier", most, most, words.TIER_UNKNOWN, known=False)
    return Reason("tier", weights.tier[facts.tier.value], most, words.tier(facts.tier), known=True)


def _band(facts: Facts, weights: CallWeights, _today: date) -> Reason:
    most = weights.band["high"]
    if facts.band is None or not facts.shows or facts.band not in weights.band:
        return Reason("band", most, most, words.BAND_UNKNOWN, known=False)
    return Reason("band", weights.band[facts.band], most, words.band(facts.band), known=True)


def _unanswered(facts: Facts, weights: CallWeights, today: date) -> Reason:
    numbers, most = weights.unanswered, weights.unanswered_most
    if facts.status is Status.SHARED:
        if facts.good_until is not None and today <= facts.good_until:
            return Reason("unanswered", 0, most, words.answered(facts.good_until), known=True)
        return Reason(
            "unanswered", numbers["old"], most, words.old(facts.good_until), known=facts.good_until is not None
        )
    if facts.status is Status.NOT_ASKED:
        return Reason("unanswered", most, most, words.NOT_ASKED, known=False)
    late, known = numbers["most_late"], facts.due is not None
    weeks = 0
    if facts.due is not None:
        weeks = max(0, (today - facts.due).days) // _WEEK
        late = min(late, weeks * numbers["each_week_late"])
    said = words.unanswered(facts.status, facts.due, weeks)
    return Reason("unanswered", numbers[_STATES[facts.status]] + late, most, said, known=known)


def _slipping(facts: Facts, weights: CallWeights, _today: date) -> Reason:
    most = weights.slipping_most
    if not facts.shows or facts.steps is None:
        return Reason("slipping", most, most, words.PLAN_UNKNOWN, known=False)
    late, steps = facts.steps
    numbers = weights.slipping
    number = min(numbers["most_for_number"], late * numbers["each_late"])
    share = int(numbers["most_for_share"] * late / steps + 0.5) if steps else 0
    return Reason("slipping", number + share, most, words.slipping(late, steps), known=True)


def _spend(facts: Facts, weights: CallWeights, _today: date) -> Reason:
    most = weights.spend["most"]
    if facts.spend is None:
        return Reason("spend", most, most, words.SPEND_UNKNOWN, known=False)
    reached = [name for name in ("some", "much", "most") if facts.spend >= weights.spend_from[name]]
    points = weights.spend[reached[-1] if reached else "little"]
    return Reason("spend", points, most, words.spend(facts.spend), known=True)


_PARTS: tuple[Callable[[Facts, CallWeights, date], Reason], ...] = (
    _sector,
    _tier,
    _band,
    _unanswered,
    _slipping,
    _spend,
)
