"""The score as a calculation a person can check by hand, in decimal arithmetic on printed numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assess.plans.first_page import confidence_line
from assess.plans.pay_sums import areas_with_failing_sum
from assess.plans.words import (
    exact_decimal,
    join_and,
    one_decimal,
    plain_number,
    round_half_up,
)

MAX_DECIMALS = 6
WIDEST_GAPS = 3
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class AreaSum:
    """One theme in the weighing: gap in percent, weight, their product, and the sum so far."""

    id: str
    name: str
    points: str
    possible: str
    strength: float
    gap: str
    weight: str
    product: str
    running: str
    weighed_possible: str = ""
    """Points possible × weight, since engine 2."""
    questions: int = 0
    """How many questions it rests on, since engine 2."""
    sum_fails: bool = False
    """Whether a pay sum about it is to be checked."""


@dataclass(frozen=True, slots=True)
class ScoreBreakdown:
    """Everything a person needs to add up exposure, safeguards and score by hand."""

    exposure_points: str
    exposure_possible: str
    base: str
    exposure_sum: str
    weighed: tuple[AreaSum, ...]
    weights: str
    total: str
    steps: tuple[str, ...]
    score: str
    bands: str
    confidence: str
    by_points: bool = False
    """Since engine 2 the average goes by points: `weights` are then those of all points possible."""

    @property
    def open(self) -> tuple[AreaSum, ...]:
        return tuple(area for area in self.weighed if area.points != "0")

    @property
    def closed(self) -> int:
        return len(self.weighed) - len(self.open)

    @property
    def open_weights(self) -> str:
        return plain_number(sum((Decimal(area.weight) for area in self.open), Decimal(0)))

    @property
    def closed_weighted_points(self) -> str:
        closed = (Decimal(area.weighed_possible) for area in self.weighed if area.points == "0")
        return plain_number(sum(closed, Decimal(0)))

    @property
    def closed_weights(self) -> str:
        return plain_number(Decimal(self.weights) - Decimal(self.open_weights))


@dataclass(frozen=True, slots=True)
class _ScoringRules:
    base: Decimal
    floor: Decimal
    worst_share: Decimal
    engine: int = 1

    @property
    def by_points(self) -> bool:
        """Whether the average of the gaps goes by points, and not by the weight of each area alone."""
        return self.engine != 1


@dataclass(frozen=True, slots=True)
class _Calculation:
    """The chain of rounded numbers at one choice of decimals."""

    exposure: Decimal
    gaps: tuple[Decimal, ...]
    products: tuple[Decimal, ...]
    weights: Decimal
    total: Decimal
    mean: Decimal
    worst: Decimal
    gap: Decimal
    kept: Decimal
    added: Decimal

    @property
    def score(self) -> Decimal:
        return self.kept + self.added


def score_breakdown_of(record: Mapping[str, Any]) -> ScoreBreakdown:
    """The statement of a record's result. Lines carry no marks: all look alike, whatever they raised."""
    result = record["result"]
    exposures = [line for line in result["lines"] if line["kind"] == "exposure"]
    dimensions = record["dimensions"]
    limits = result["limits"]
    rules = _ScoringRules(
        exact_decimal(result["base"]),
        exact_decimal(limits["floor"]),
        exact_decimal(limits["worst_share"]),
        record["engine"],
    )
    sums = _calculate(exposures, dimensions, rules, result)
    weighed = _area_sums(dimensions, sums, rules, areas_with_failing_sum(record))
    points, possible = (
        plain_number(sum((exact_decimal(line[name]) for line in exposures), Decimal(0)))
        for name in ("points", "possible")
    )
    low_gap = result.get("low_gap")
    medium, high, critical = (plain_number(limits[name]) for name in ("medium", "high", "critical"))
    low = "" if low_gap is None else f" Low also needs a gap below {plain_number(100 * low_gap)}%."
    return ScoreBreakdown(
        exposure_points=points,
        exposure_possible=possible,
        base=plain_number(rules.base),
        exposure_sum=_exposure_text(points, possible, rules, sums),
        weighed=weighed,
        weights=plain_number(sums.weights),
        total=plain_number(sums.total),
        steps=_calculation_lines(sums, rules, dimensions),
        score=one_decimal(sums.score),
        bands=f"By the score alone: low below {medium}, medium from {medium}, high from {high}, act now from {critical}.{low}",
        confidence=confidence_line(record),
        by_points=rules.by_points,
    )


def _calculate(
    exposures: Sequence[Mapping[str, Any]],
    dimensions: Sequence[Mapping[str, Any]],
    rules: _ScoringRules,
    result: Mapping[str, Any],
) -> _Calculation:
    printed = (one_decimal(result["exposure"]), one_decimal(100 - 100 * result["gap"]), one_decimal(result["score"]))
    sums = _calculate_rounded(exposures, dimensions, rules, 1)
    for places in range(2, MAX_DECIMALS + 1):  # as few decimals as give the printed score: everybody can add them up
        if (one_decimal(sums.exposure), one_decimal(_HUNDRED - sums.gap), one_decimal(sums.score)) == printed:
            break
        sums = _calculate_rounded(exposures, dimensions, rules, places)
    return sums


def _calculate_rounded(
    exposures: Sequence[Mapping[str, Any]], dimensions: Sequence[Mapping[str, Any]], rules: _ScoringRules, places: int
) -> _Calculation:
    points = sum((exact_decimal(line["points"]) for line in exposures), Decimal(0))
    possible = sum((exact_decimal(line["possible"]) for line in exposures), Decimal(0))
    share = points / possible if possible else Decimal(0)
    exposure = round_half_up(rules.base + (_HUNDRED - rules.base) * share, places)
    gaps = tuple(
        round_half_up(_HUNDRED * exact_decimal(area["points"]) / exact_decimal(area["possible"]), places)
        for area in dimensions
    )
    if rules.by_points:
        products = tuple(exact_decimal(area["weight"]) * exact_decimal(area["points"]) for area in dimensions)
        weighed = (exact_decimal(area["weight"]) * exact_decimal(area["possible"]) for area in dimensions)
        weights = sum(weighed, Decimal(0))
    else:
        products = tuple(exact_decimal(area["weight"]) * gap for area, gap in zip(dimensions, gaps, strict=True))
        weights = sum((exact_decimal(area["weight"]) for area in dimensions), Decimal(0))
    total = sum(products, Decimal(0))
    mean = round_half_up((_HUNDRED if rules.by_points else 1) * total / weights, places) if weights else Decimal(0)
    worst = [gaps[place] for place in _widest_gaps(gaps, dimensions, rules)]
    worst_mean = round_half_up(sum(worst, Decimal(0)) / len(worst), places) if worst else Decimal(0)
    gap = round_half_up((1 - rules.worst_share) * mean + rules.worst_share * worst_mean, places)
    if rules.by_points and not worst:
        gap = mean
    return _Calculation(
        exposure=exposure,
        gaps=gaps,
        products=products,
        weights=weights,
        total=total,
        mean=mean,
        worst=worst_mean,
        gap=gap,
        kept=round_half_up(rules.floor * exposure, places),
        added=round_half_up((1 - rules.floor) * exposure * gap / _HUNDRED, places),
    )


def _widest_gaps(gaps: Sequence[Decimal], dimensions: Sequence[Mapping[str, Any]], rules: _ScoringRules) -> list[int]:
    """The places of the gaps that count a second time, the widest first. Under engine 1 each area may be one."""
    among = [place for place in range(len(gaps)) if not rules.by_points or dimensions[place]["wide"]]
    return sorted(among, key=lambda place: -gaps[place])[:WIDEST_GAPS]


def _area_sums(
    dimensions: Sequence[Mapping[str, Any]], sums: _Calculation, rules: _ScoringRules, failing: Collection[str]
) -> tuple[AreaSum, ...]:
    running = Decimal(0)
    rows = []
    for area, gap, product in zip(dimensions, sums.gaps, sums.products, strict=True):
        running += product
        rows.append(
            AreaSum(
                id=area["id"],
                name=area["name"],
                points=plain_number(area["points"]),
                possible=plain_number(area["possible"]),
                strength=100 - 100 * area["gap"],
                gap=plain_number(gap),
                weight=plain_number(area["weight"]),
                product=plain_number(product),
                running=plain_number(running),
                weighed_possible=plain_number(exact_decimal(area["weight"]) * exact_decimal(area["possible"]))
                if rules.by_points
                else "",
                questions=area.get("questions", 0),
                sum_fails=area["id"] in failing,
            )
        )
    return tuple(rows)


def _exposure_text(points: str, possible: str, rules: _ScoringRules, sums: _Calculation) -> str:
    if possible == "0":
        return f"No question about exposure was asked, so your exposure is where your sector starts: {plain_number(rules.base)}."
    rest = plain_number(_HUNDRED - rules.base)
    return f"{plain_number(rules.base)} + {rest} × {points} ÷ {possible} = {plain_number(sums.exposure)}"


def _calculation_lines(
    sums: _Calculation, rules: _ScoringRules, dimensions: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    order = _widest_gaps(sums.gaps, dimensions, rules)
    areas = [str(dimensions[place]["name"]) for place in order]
    names = "; ".join(areas) if rules.by_points else join_and(areas)
    worst = " + ".join(plain_number(sums.gaps[place]) for place in order)
    most, least = plain_number(1 - rules.worst_share), plain_number(rules.worst_share)
    counted = len(order)
    strength = one_decimal(_HUNDRED - sums.gap)
    gap = f"Your gap: {most} × {plain_number(sums.mean)} + {least} × {plain_number(sums.worst)} = {plain_number(sums.gap)}%."
    added = f"{plain_number(1 - rules.floor)} × {plain_number(sums.exposure)} × {plain_number(sums.gap)}% = {plain_number(sums.added)}."
    if rules.by_points:
        average = f"The average gap, by points: 100 × {plain_number(sums.total)} ÷ {plain_number(sums.weights)} = {plain_number(sums.mean)}%."
        widest = _widest_gaps_text(counted, names, worst, sums)
        gap = gap if counted else f"Your gap is that average: {plain_number(sums.gap)}%."
    else:
        average = f"The average gap, by weight: {plain_number(sums.total)} ÷ {plain_number(sums.weights)} = {plain_number(sums.mean)}%."
        widest = f"The {counted} widest gaps ({names}): ({worst}) ÷ {counted} = {plain_number(sums.worst)}%."
    return (
        average,
        widest,
        f"{gap} So the strength of your safeguards is 100 − {plain_number(sums.gap)} = {strength}.",
        f"The part of your exposure that always counts: {plain_number(rules.floor)} × {plain_number(sums.exposure)} = {plain_number(sums.kept)}.",
        f"The part that counts as far as safeguards are missing: {added}",
        f"Your score: {plain_number(sums.kept)} + {plain_number(sums.added)} = {plain_number(sums.score)}, printed as {one_decimal(sums.score)}.",
    )


def _widest_gaps_text(counted: int, names: str, worst: str, sums: _Calculation) -> str:
    among = "areas about life, freedom, pay, debt, papers and homes with at least three questions"
    if not counted:
        return f"Wide gaps count a second time only in {among}. You have none."
    only = f"Only {among} are looked at."
    if counted == 1:
        return f"The widest gap counts a second time ({names}): {plain_number(sums.worst)}%. {only}"
    which = {2: "two", 3: "three"}[counted]
    return f"The {which} widest gaps count a second time ({names}): ({worst}) ÷ {counted} = {plain_number(sums.worst)}%. {only}"
