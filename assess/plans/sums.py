"""The statement of points: a score as a person adds it up with a pencil.

Every number printed here follows from the numbers printed before it, to the last digit shown. So the sums are done anew,
in decimal, on rounded numbers, with as few decimals as still lead to the scores the engine returned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assess.plans.confidence import confidence_line
from assess.plans.words import exact, joined, listed, one, plain, rounded

MOST_PLACES = 6
WORST = 3
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PointLine:
    """One question that cost points: its number in the annex, both texts, and the sum so far."""

    number: int
    ask: str
    answer: str
    points: str
    possible: str
    running: str


@dataclass(frozen=True, slots=True)
class PointTable:
    """The lines of one theme, biggest first, with those that cost nothing counted in one."""

    name: str
    lines: tuple[PointLine, ...]
    rest: int
    rest_possible: str
    points: str
    possible: str


@dataclass(frozen=True, slots=True)
class AreaSum:
    """One theme in the weighing: gap in percent, weight, their product, and the sum so far."""

    id: str
    name: str
    points: str
    possible: str
    strength: str
    gap: str
    weight: str
    product: str
    running: str
    weighed_possible: str = ""
    """Points possible × weight, since engine 2."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything a person needs to add up exposure, safeguards and score by hand."""

    exposure: PointTable
    base: str
    exposure_sum: str
    areas: tuple[PointTable, ...]
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
        """The areas that have a gap."""
        return tuple(area for area in self.weighed if area.points != "0")

    @property
    def closed(self) -> int:
        """How many areas have none."""
        return len(self.weighed) - len(self.open)

    @property
    def open_weights(self) -> str:
        """What the areas that have a gap weigh together."""
        return plain(sum((Decimal(area.weight) for area in self.open), Decimal(0)))

    @property
    def closed_room(self) -> str:
        """Points possible × weight of the areas without a gap, together."""
        return plain(sum((Decimal(area.weighed_possible) for area in self.weighed if area.points == "0"), Decimal(0)))

    @property
    def closed_weights(self) -> str:
        """What the areas without a gap weigh together."""
        return plain(Decimal(self.weights) - Decimal(self.open_weights))


@dataclass(frozen=True, slots=True)
class _Rules:
    base: Decimal
    floor: Decimal
    worst_share: Decimal
    engine: int = 1

    @property
    def by_points(self) -> bool:
        """Whether the average of the gaps goes by points, and not by the weight of each area alone."""
        return self.engine != 1


@dataclass(frozen=True, slots=True)
class _ByHand:
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


def statement_of(record: Mapping[str, Any]) -> Statement:
    """The statement of a record's result. Lines carry no marks: all look alike, whatever they raised."""
    result = record["result"]
    asked = _asked(record)
    exposures = [line for line in result["lines"] if line["kind"] == "exposure"]
    safeguards = [line for line in result["lines"] if line["kind"] == "safeguard"]
    dimensions = record["dimensions"]
    limits = result["limits"]
    rules = _Rules(exact(result["base"]), exact(limits["floor"]), exact(limits["worst_share"]), record["engine"])
    sums = _by_hand(exposures, dimensions, rules, result)
    weighed = _weighed(dimensions, sums, rules)
    tables = [
        _table(area["name"], [line for line in safeguards if line["dimension"] == area["id"]], asked)
        for area in _heaviest_first(dimensions)
    ]
    exposure = _table("Exposure", exposures, asked)
    return Statement(
        exposure=exposure,
        base=plain(rules.base),
        exposure_sum=_exposure_sum(exposure, rules, sums),
        areas=tuple(table for table in tables if table.lines),
        weighed=weighed,
        weights=plain(sums.weights),
        total=plain(sums.total),
        steps=_steps(sums, rules, dimensions),
        score=one(sums.score),
        bands=_bands(limits, result.get("low_gap")),
        confidence=confidence_line(record),
        by_points=rules.by_points,
    )


def _asked(record: Mapping[str, Any]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    questions = [question for section in record["sections"] for question in section["questions"]]
    return {question["id"]: (number, question) for number, question in enumerate(questions, 1)}


def _table(
    name: str, lines: Sequence[Mapping[str, Any]], asked: Mapping[str, tuple[int, Mapping[str, Any]]]
) -> PointTable:
    costly = sorted((line for line in lines if line["points"] > 0), key=lambda line: -line["points"])
    running = Decimal(0)
    rows = []
    for line in costly:
        number, question = asked[line["question"]]
        running += exact(line["points"])
        rows.append(
            PointLine(
                number=number,
                ask=question["ask"],
                answer=joined(question["answer_text"]),
                points=plain(line["points"]),
                possible=plain(line["possible"]),
                running=plain(running),
            )
        )
    free = [line for line in lines if line["points"] == 0]
    return PointTable(
        name=name,
        lines=tuple(rows),
        rest=len(free),
        rest_possible=plain(sum((exact(line["possible"]) for line in free), Decimal(0))),
        points=plain(running),
        possible=plain(sum((exact(line["possible"]) for line in lines), Decimal(0))),
    )


def _heaviest_first(dimensions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(dimensions, key=lambda area: -area["weight"] * area["gap"])


def _by_hand(
    exposures: Sequence[Mapping[str, Any]],
    dimensions: Sequence[Mapping[str, Any]],
    rules: _Rules,
    result: Mapping[str, Any],
) -> _ByHand:
    printed = (one(result["exposure"]), one(100 - 100 * result["gap"]), one(result["score"]))
    sums = _chain(exposures, dimensions, rules, 1)
    for places in range(2, MOST_PLACES + 1):
        if (one(sums.exposure), one(_HUNDRED - sums.gap), one(sums.score)) == printed:
            break
        sums = _chain(exposures, dimensions, rules, places)
    return sums


def _chain(
    exposures: Sequence[Mapping[str, Any]], dimensions: Sequence[Mapping[str, Any]], rules: _Rules, places: int
) -> _ByHand:
    points = sum((exact(line["points"]) for line in exposures), Decimal(0))
    possible = sum((exact(line["possible"]) for line in exposures), Decimal(0))
    share = points / possible if possible else Decimal(0)
    exposure = rounded(rules.base + (_HUNDRED - rules.base) * share, places)
    gaps = tuple(rounded(_HUNDRED * exact(area["points"]) / exact(area["possible"]), places) for area in dimensions)
    if rules.by_points:
        products = tuple(exact(area["weight"]) * exact(area["points"]) for area in dimensions)
        weights = sum((exact(area["weight"]) * exact(area["possible"]) for area in dimensions), Decimal(0))
    else:
        products = tuple(exact(area["weight"]) * gap for area, gap in zip(dimensions, gaps, strict=True))
        weights = sum((exact(area["weight"]) for area in dimensions), Decimal(0))
    total = sum(products, Decimal(0))
    mean = rounded((_HUNDRED if rules.by_points else 1) * total / weights, places) if weights else Decimal(0)
    worst = [gaps[place] for place in _widest(gaps, dimensions, rules)]
    worst_mean = rounded(sum(worst, Decimal(0)) / len(worst), places) if worst else Decimal(0)
    gap = rounded((1 - rules.worst_share) * mean + rules.worst_share * worst_mean, places)
    if rules.by_points and not worst:
        gap = mean
    return _ByHand(
        exposure=exposure,
        gaps=gaps,
        products=products,
        weights=weights,
        total=total,
        mean=mean,
        worst=worst_mean,
        gap=gap,
        kept=rounded(rules.floor * exposure, places),
        added=rounded((1 - rules.floor) * exposure * gap / _HUNDRED, places),
    )


def _widest(gaps: Sequence[Decimal], dimensions: Sequence[Mapping[str, Any]], rules: _Rules) -> list[int]:
    """The places of the gaps that count a second time, the widest first. Under engine 1 each area may be one."""
    among = [place for place in range(len(gaps)) if not rules.by_points or dimensions[place]["wide"]]
    return sorted(among, key=lambda place: -gaps[place])[:WORST]


def _weighed(dimensions: Sequence[Mapping[str, Any]], sums: _ByHand, rules: _Rules) -> tuple[AreaSum, ...]:
    running = Decimal(0)
    rows = []
    for area, gap, product in zip(dimensions, sums.gaps, sums.products, strict=True):
        running += product
        rows.append(
            AreaSum(
                id=area["id"],
                name=area["name"],
                points=plain(area["points"]),
                possible=plain(area["possible"]),
                strength=one(100 - 100 * area["gap"]),
                gap=plain(gap),
                weight=plain(area["weight"]),
                product=plain(product),
                running=plain(running),
                weighed_possible=plain(exact(area["weight"]) * exact(area["possible"])) if rules.by_points else "",
            )
        )
    return tuple(rows)


def _exposure_sum(table: PointTable, rules: _Rules, sums: _ByHand) -> str:
    if table.possible == "0":
        return (
            f"No question about exposure was asked, so your exposure is where your sector starts: {plain(rules.base)}."
        )
    room = plain(_HUNDRED - rules.base)
    return f"{plain(rules.base)} + {room} × {table.points} ÷ {table.possible} = {plain(sums.exposure)}"


def _steps(sums: _ByHand, rules: _Rules, dimensions: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    order = _widest(sums.gaps, dimensions, rules)
    areas = [str(dimensions[place]["name"]) for place in order]
    names = "; ".join(areas) if rules.by_points else listed(areas)
    worst = " + ".join(plain(sums.gaps[place]) for place in order)
    most, least = plain(1 - rules.worst_share), plain(rules.worst_share)
    counted = len(order)
    mended = plain(1 - rules.floor)
    strength = one(_HUNDRED - sums.gap)
    gap = f"Your gap: {most} × {plain(sums.mean)} + {least} × {plain(sums.worst)} = {plain(sums.gap)}%."
    added = f"{mended} × {plain(sums.exposure)} × {plain(sums.gap)}% = {plain(sums.added)}."
    if rules.by_points:
        average = (
            f"The average gap, by points: 100 × {plain(sums.total)} ÷ {plain(sums.weights)} = {plain(sums.mean)}%."
        )
        widest = _widest_words(counted, names, worst, sums)
        gap = gap if counted else f"Your gap is that average: {plain(sums.gap)}%."
    else:
        average = f"The average gap, by weight: {plain(sums.total)} ÷ {plain(sums.weights)} = {plain(sums.mean)}%."
        widest = f"The {counted} widest gaps ({names}): ({worst}) ÷ {counted} = {plain(sums.worst)}%."
    return (
        average,
        widest,
        f"{gap} So the strength of your safeguards is 100 − {plain(sums.gap)} = {strength}.",
        f"The part of your exposure that always counts: {plain(rules.floor)} × {plain(sums.exposure)} = {plain(sums.kept)}.",
        f"The part that counts as far as safeguards are missing: {added}",
        f"Your score: {plain(sums.kept)} + {plain(sums.added)} = {plain(sums.score)}, printed as {one(sums.score)}.",
    )


def _widest_words(counted: int, names: str, worst: str, sums: _ByHand) -> str:
    among = "areas about life, freedom, pay, debt, papers and homes with at least three questions"
    if not counted:
        return f"Wide gaps count a second time only in {among}. You have none."
    only = f"Only {among} are looked at."
    if counted == 1:
        return f"The widest gap counts a second time ({names}): {plain(sums.worst)}%. {only}"
    which = {2: "two", 3: "three"}[counted]
    return (
        f"The {which} widest gaps count a second time ({names}): ({worst}) ÷ {counted} = {plain(sums.worst)}%. {only}"
    )


def _bands(limits: Mapping[str, Any], low_gap: float | None) -> str:
    medium, high, critical = (plain(limits[name]) for name in ("medium", "high", "critical"))
    low = "" if low_gap is None else f" Low also needs a gap below {plain(100 * low_gap)}%."
    return (
        f"By the score alone: low below {medium}, medium from {medium}, high from {high}, act now from {critical}.{low}"
    )
