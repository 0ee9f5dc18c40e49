"""Score and band if some safeguards were at their best and all else stayed the same, from a result or from a frozen record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from assess.engine.bank import Edition
from assess.engine.cross_checks import CHARGE_ABOVE_OFFSET
from assess.engine.points import BlendedGap, add_up, best_points, blend_gaps, is_dont_know, mean_weights, score_of
from assess.engine.result import ENGINE_NUMBER, Band, DimensionGap, Line, RaisedSign, Result
from assess.engine.settings import ScoreLimits
from assess.engine.totals import BandAndReasons, BandFactors, final_band, score_band_of


@dataclass(frozen=True, slots=True)
class ScoreInputs:
    """What a score rests on. `points_after`: what each shown safeguard would cost once its action is done, in points, by question id."""

    exposure: float
    dimensions: tuple[DimensionGap, ...]
    lines: tuple[Line, ...]
    limits: ScoreLimits
    points_after: Mapping[str, float]
    engine: int


@dataclass(frozen=True, slots=True)
class BandInputs:
    """What a band rests on beside the score. `question_of_sign_check`: by check id, the question whose own sign the check is.

    `breaches` are the questions whose answer is one; `low_gap` is the gap from which nothing is low, None where there is no such rule.
    """

    band: Band
    signs: tuple[RaisedSign, ...]
    unknown_signs: tuple[str, ...]
    question_of_sign_check: Mapping[str, str]
    quick: bool
    breaches: tuple[str, ...] = ()
    low_gap: float | None = None


class Scores:
    """What a score rests on, ready to be asked what improvements would make of the score. Questions are named by id."""

    def __init__(self, inputs: ScoreInputs) -> None:
        self.inputs = inputs
        self.points_after = inputs.points_after
        self.lines: dict[str, Line] = {line.question: line for line in inputs.lines if line.kind == "safeguard"}
        self.weights = mean_weights(inputs.dimensions, inputs.engine)
        self.wide = [gap.wide for gap in inputs.dimensions]
        self._lines: dict[str, list[Line]] = {gap.id: [] for gap in inputs.dimensions}
        for line in self.lines.values():
            self._lines[line.dimension].append(line)

    def score(self, improved: Collection[str]) -> float:
        return score_of(self.inputs.exposure, self.gap(improved), self.inputs.limits.floor)

    def gap(self, improved: Collection[str]) -> float:
        return self.blended(self.gaps(improved)).gap

    def blended(self, gaps: Sequence[float]) -> BlendedGap:
        return blend_gaps(gaps, self.weights, self.wide, self.inputs.limits.worst_share)

    def gaps(self, improved: Collection[str]) -> list[float]:
        """The gap of each dimension, 0 to 1 and in their order, with these questions at their best."""
        touched = {self.lines[name].dimension for name in improved}
        return [
            self._gap(gap.id, gap.possible, improved) if gap.id in touched else gap.gap
            for gap in self.inputs.dimensions
        ]

    def _gap(self, dimension: str, possible: float, improved: Collection[str]) -> float:
        points = add_up(
            self.points_after[line.question] if line.question in improved else line.points
            for line in self._lines[dimension]
        )
        return points / possible


class WhatIf(Scores):
    """One result, ready to be asked what improvements would make of its score and of its band."""

    def __init__(self, inputs: ScoreInputs, band_inputs: BandInputs) -> None:
        super().__init__(inputs)
        self.band_inputs = band_inputs
        self.question_of_sign_check = band_inputs.question_of_sign_check
        self.unknown = frozenset(
            line.question for line in inputs.lines if line.answer is None or is_dont_know(line.answer)
        )

    @classmethod
    def of(cls, edition: Edition, result: Result, points_after: Mapping[str, float] | None = None) -> Self:
        """A result of this edition, as it was scored; for a quick check, the edition's quick part.

        `points_after` are the points of each shown safeguard once its action is done, where they are not those of the best answer.
        """
        shown = {line.question for line in result.lines}
        best = {
            question.id: best_points(question)
            for question in edition.questions()
            if question.kind == "safeguard" and question.id in shown
        }
        return cls(
            ScoreInputs(
                result.exposure,
                result.dimensions,
                result.lines,
                result.settings,
                {**best, **(points_after or {})},
                ENGINE_NUMBER,
            ),
            BandInputs(
                result.band,
                result.signs,
                result.unknown_signs,
                housing_charge_checks(edition),
                result.quick,
                tuple(breach.question for breach in result.breaches),
                result.low_gap,
            ),
        )

    def band(self, improved: Collection[str], score: float) -> Band:
        """The final band with these questions at their best; `score` is what the method of that name said of them."""
        return self.band_and_reasons(improved, score).band

    def band_and_reasons(self, improved: Collection[str], score: float) -> BandAndReasons:
        """The same, with every rule that would still give that band."""
        limits = self.inputs.limits
        unknown = len(self.unknown - frozenset(improved))
        band_inputs = self.band_inputs
        factors = BandFactors(
            self.signs_left(improved),
            unknown_signs=any(
                self.question_of_sign_check.get(name, name) not in improved for name in band_inputs.unknown_signs
            ),
            unknown_share=unknown / len(self.inputs.lines),
            quick=band_inputs.quick,
            breaches=any(name not in improved for name in band_inputs.breaches),
            gap_too_wide=band_inputs.low_gap is not None and self.gap(improved) >= band_inputs.low_gap,
        )
        return final_band(score_band_of(score, limits), factors, limits)

    def signs_left(self, improved: Collection[str]) -> list[RaisedSign]:
        return [
            sign for sign in self.band_inputs.signs if self.question_of_sign_check.get(sign.id, sign.id) not in improved
        ]


def housing_charge_checks(edition: Edition) -> dict[str, str]:
    """Checks that are the sign of one question, the housing charge's: they go when it is at its best."""
    return {check.id: check.inputs["charge"] for check in edition.checks if check.rule == CHARGE_ABOVE_OFFSET}


RECORDED_LIMITS = ("floor", "medium", "high", "critical", "worst_share", "unknown_limit")


@dataclass(frozen=True, slots=True)
class RecordedLimits:
    """The limits as a record keeps them (see `ScoreLimits`)."""

    floor: float
    medium: float
    high: float
    critical: float
    worst_share: float
    unknown_limit: float


def scores_from_record(record: Mapping[str, Any]) -> Scores | None:
    """The scores of a record, whole or a business copy; None for one made before records kept the best of each question."""
    inputs = _inputs_from_record(record)
    return None if inputs is None else Scores(inputs)


def what_if_from_record(record: Mapping[str, Any]) -> WhatIf | None:
    """Scores and bands of a whole record; None for one made before records kept the best of each question."""
    inputs = _inputs_from_record(record)
    if inputs is None:
        return None
    result = record["result"]
    band_inputs = BandInputs(
        band=result["band"],
        signs=tuple(RaisedSign(row["id"], row["sign"], row["ilo"]) for row in result["signs"]),
        unknown_signs=tuple(result["unknown_signs"]),
        question_of_sign_check=record["charges"],
        quick=result["quick"],
        breaches=tuple(row["question"] for row in result.get("breaches", ())),
        low_gap=result.get("low_gap"),
    )
    return WhatIf(inputs, band_inputs)


def _inputs_from_record(record: Mapping[str, Any]) -> ScoreInputs | None:
    if "charges" not in record:
        return None
    result = record["result"]
    return ScoreInputs(
        exposure=result["exposure"],
        dimensions=tuple(DimensionGap(**row) for row in result["dimensions"]),
        lines=tuple(Line(**{**row, "sign": row.get("sign")}) for row in result["lines"]),
        engine=record["engine"],
        limits=RecordedLimits(**{name: result["limits"][name] for name in RECORDED_LIMITS}),
        points_after={
            question["id"]: question["best"]
            for section in record["sections"]
            for question in section["questions"]
            if question["best"] is not None
        },
    )
