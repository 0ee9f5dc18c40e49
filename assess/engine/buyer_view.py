"""What a buyer may see: exposure as a word, band, bars and actions. Computed from ordinary questions alone, so no answer about a sign can influence it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from assess.engine.bank import Answers, Edition
from assess.engine.ordinary import BuyerBar, buyer_bars, ordinary_edition
from assess.engine.plan import ordinary_plan
from assess.engine.points import add_up, exposure_of, score_of
from assess.engine.result import Line, PlannedAction
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoreLimits, ScoringSettings
from assess.engine.totals import score_band_of
from assess.engine.visibility import quick_edition

BAR_THRESHOLDS = (0.35, 0.65, 0.9)
"""Strength, 0 to 1, from which the second, third and fourth step of a bar is reached. A step, never a number: nobody works back to one answer."""

ExposureWord = Literal["lower", "middle", "higher"]
BuyerBand = Literal["low", "medium", "high"]


class BuyerLimits(ScoreLimits, Protocol):
    @property
    def low_gap(self) -> float:
        """The gap from which nothing is low."""

    @property
    def exposure_middle(self) -> float:
        """The lowest exposure that reads middle."""

    @property
    def exposure_higher(self) -> float:
        """The lowest exposure that reads higher."""


@dataclass(frozen=True, slots=True)
class BarStep:
    """One bar and how far along it is, 1 to 4."""

    groups: tuple[str, ...]
    name: str
    step: int


@dataclass(frozen=True, slots=True)
class BuyerView:
    """What a buyer sees: `exposure`, `band` and `bars` are empty for a quick check. `actions` are in the order of their days, each ordinary."""

    exposure: ExposureWord | None
    band: BuyerBand | None
    bars: tuple[BarStep, ...]
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True)
class OrdinaryTotals:
    """The ordinary questions added up. `lines` are those that score; `breaches`: whether one is against a duty in force."""

    base: float
    lines: Sequence[Line]
    weights: Mapping[str, float]
    breaches: bool
    low_rule: bool


def build_buyer_view(
    edition: Edition, answers: Answers, settings: ScoringSettings, today: date, *, quick: bool = False
) -> BuyerView:
    """The view of these answers. `edition` is the full one, also for a quick check.

    Raises:
        AnswerError: when an answer to a shown ordinary question is none that it offers.

    """
    asked = ordinary_edition(quick_edition(edition), of=edition) if quick else ordinary_edition(edition)
    names = {question.id for question in asked.questions()}
    given = {name: value for name, value in answers.items() if name in names}
    result = score_answers(asked, given, settings, today=today)
    actions = ordinary_plan(asked, given, result, settings)
    if quick:
        return BuyerView(exposure=None, band=None, bars=(), actions=actions)
    weights = {one.id: one.weight for one in result.dimensions}
    totals = OrdinaryTotals(
        result.base, result.lines, weights, bool(result.breaches), low_rule=result.low_gap is not None
    )
    return buyer_view_from_totals(totals, buyer_bars(edition), settings, actions)


def buyer_view_from_totals(
    totals: OrdinaryTotals, bars: Iterable[BuyerBar], settings: BuyerLimits, actions: tuple[PlannedAction, ...] = ()
) -> BuyerView:
    """Exposure as a word, the everyday band and the bars, from scored ordinary lines."""
    exposure = exposure_of(totals.base, *_sum_points(one for one in totals.lines if one.kind == "exposure"))
    safeguards = [one for one in totals.lines if one.kind == "safeguard"]
    points = add_up(totals.weights[one.dimension] * one.points for one in safeguards)
    possible = add_up(totals.weights[one.dimension] * one.possible for one in safeguards)
    gap = points / possible if possible else 0.0
    band = score_band_of(score_of(exposure, gap, settings.floor), settings)
    gap_too_wide = totals.low_rule and gap >= settings.low_gap
    if band == "low" and (gap_too_wide or totals.breaches):
        band = "medium"
    return BuyerView(
        exposure=_exposure_word(exposure, settings),
        band="high" if band == "critical" else band,
        bars=tuple(step for bar in bars if (step := _bar_step(bar, safeguards))),
        actions=actions,
    )


def _sum_points(lines: Iterable[Line]) -> tuple[float, float]:
    listed = list(lines)
    return add_up(one.points for one in listed), add_up(one.possible for one in listed)


def _exposure_word(exposure: float, settings: BuyerLimits) -> ExposureWord:
    if exposure < settings.exposure_middle:
        return "lower"
    return "middle" if exposure < settings.exposure_higher else "higher"


def _bar_step(bar: BuyerBar, safeguards: Iterable[Line]) -> BarStep | None:
    points, possible = _sum_points(one for one in safeguards if one.dimension in bar.dimensions)
    if not possible:
        return None
    strength = 1 - points / possible
    return BarStep(bar.groups, bar.name, 1 + sum(strength >= limit for limit in BAR_THRESHOLDS))
