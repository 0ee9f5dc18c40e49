"""What the score and the band would be if some safeguards were at their best and everything else stayed as it is.

Nothing is asked anew: which questions are shown does not change. Signs and "don't know" of the improved questions are gone;
findings over several answers stay, except that the housing charge takes its check with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assess.engine.banding import final_band, score_band
from assess.engine.bank import Edition
from assess.engine.checks import CHARGE_ABOVE_OFFSET
from assess.engine.gaps import blend, score_of
from assess.engine.marks import best_points, is_unknown
from assess.engine.result import Band, Line, RaisedSign, Result


class WhatIf:
    """One result, ready to be asked what improvements would make of it. Questions are named by id."""

    def __init__(self, edition: Edition, result: Result) -> None:
        """Note the best each shown safeguard could be, by dimension."""
        shown = {line.question for line in result.lines}
        self.best: Mapping[str, float] = {
            question.id: best_points(question)
            for question in edition.questions()
            if question.kind == "safeguard" and question.id in shown
        }
        self.charges: Mapping[str, str] = {
            check.id: check.inputs["charge"] for check in edition.checks if check.rule == CHARGE_ABOVE_OFFSET
        }
        self.unknown = frozenset(line.question for line in result.lines if _nobody_knows(line))
        self._result = result
        self._lines: dict[str, list[Line]] = {gap.id: [] for gap in result.dimensions}
        self._dimension: dict[str, str] = {}
        for line in result.lines:
            if line.kind == "safeguard":
                self._lines[line.dimension].append(line)
                self._dimension[line.question] = line.dimension

    def score(self, improved: Collection[str]) -> float:
        """The score with these questions at their best."""
        result = self._result
        touched = {self._dimension[name] for name in improved}
        gaps = [
            self._gap(gap.id, gap.possible, improved) if gap.id in touched else gap.gap for gap in result.dimensions
        ]
        weights = [gap.weight for gap in result.dimensions]
        settings = result.settings
        return score_of(result.exposure, blend(gaps, weights, settings.worst_share).gap, settings.floor)

    def band(self, improved: Collection[str], score: float) -> Band:
        """The final band with these questions at their best; `score` is what `score()` said of them."""
        result, settings = self._result, self._result.settings
        unknown = len(self.unknown - frozenset(improved))
        return final_band(
            score_band(score, settings),
            self.signs_left(improved),
            unknown_signs=any(name not in improved for name in result.unknown_signs),
            unknown_share=unknown / len(result.lines),
            settings=settings,
            quick=result.quick,
        ).band

    def signs_left(self, improved: Collection[str]) -> list[RaisedSign]:
        """The signs that would still stand."""
        return [sign for sign in self._result.signs if self.charges.get(sign.id, sign.id) not in improved]

    def _gap(self, dimension: str, possible: float, improved: Collection[str]) -> float:
        points = 0.0
        for line in self._lines[dimension]:
            points += self.best[line.question] if line.question in improved else line.points
        return points / possible


def _nobody_knows(line: Line) -> bool:
    return line.answer is None or is_unknown(line.answer)
