"""The fewest actions that change the band."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from assess.engine.points import WORST_GAPS, add_up, score_of
from assess.engine.result import Band, RaisedSign, SmallestSet
from assess.engine.step_gains import PlanTask
from assess.engine.totals import MANY_SIGNS
from assess.engine.what_if import WhatIf

_TOLERANCE = 1e-9
"""Scores and gaps closer than this are equal."""
MAX_SET_SIZE = 4

_BAND_RANK: Mapping[Band, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3, "not_rated": 3}
"""Better is lower. Not rated is as bad as the worst, and never an improvement."""


class _Candidate(NamedTuple):
    question: str
    questions: tuple[str, ...]
    order: int
    days: float
    lift: float
    """By how much the mean gap falls, at most."""
    serious: int
    dimensions: int


class _FoundSet(NamedTuple):
    """Sorted by what is better: effort, score after, order in the bank."""

    days: float
    score: float
    order: tuple[int, ...]
    questions: tuple[str, ...]
    band: Band


def is_better(band: Band, than: Band) -> bool:
    return band != "not_rated" and _BAND_RANK[band] < _BAND_RANK[than]


def smallest_set(what_if: WhatIf, tasks: Sequence[PlanTask], done: Collection[str] = ()) -> SmallestSet:
    """The smallest set of these tasks, safeguards in the order of the bank, on top of the questions that are `done`."""
    search = _SetSearch(what_if, tasks, frozenset(done))
    if search.band == "low":
        return SmallestSet((), "low", None, None, "already_low")
    for size in range(1, MAX_SET_SIZE + 1):
        found = min(search.sets_of(size), default=None)
        if found:
            return SmallestSet(found.questions, search.band, found.band, found.score)
    return SmallestSet((), search.band, None, None, "no_short_set")


class _SetSearch:
    def __init__(self, what_if: WhatIf, tasks: Sequence[PlanTask], done: frozenset[str]) -> None:
        inputs = what_if.inputs
        gaps = what_if.gaps(done)
        self.what_if = what_if
        self.done = done
        self.band = what_if.band(done, what_if.score(done)) if done else what_if.band_inputs.band
        # the score must fall below this: a final band is never better than the score's own
        self.limit = {"medium": inputs.limits.medium, "high": inputs.limits.high}.get(self.band, inputs.limits.critical)
        self.signs = what_if.signs_left(done)
        self.mean_gap = what_if.blended(gaps).mean_gap
        self.gaps = sorted((gap for gap, counts in zip(gaps, what_if.wide, strict=True) if counts), reverse=True)
        self.to_lose = _signs_to_lose(self.signs)
        candidates = self._candidates(tasks)
        needed = self._needed()
        self.fixed = [one for one in candidates if not needed.isdisjoint(one.questions)]
        self.out_of_reach = not needed <= {name for one in self.fixed for name in one.questions}
        self.free = sorted((one for one in candidates if needed.isdisjoint(one.questions)), key=lambda one: -one.lift)
        self.most_questions = max((len(one.questions) for one in candidates), default=1)
        self.most_dimensions = max((one.dimensions for one in candidates), default=1)
        self.most_serious = max((one.serious for one in candidates), default=1)
        self.worst = 0.0
        self.easiest = float("inf")

    def _candidates(self, tasks: Sequence[PlanTask]) -> list[_Candidate]:
        what_if = self.what_if
        themes = {gap.id: (gap, weight) for gap, weight in zip(what_if.inputs.dimensions, what_if.weights, strict=True)}
        total = add_up(what_if.weights)
        serious = [
            what_if.question_of_sign_check.get(sign.id, sign.id) for sign in self.signs if sign.sign == "serious"
        ]
        candidates = []
        for order, task in enumerate(tasks):
            questions = tuple(name for name in task.improves if name not in self.done)
            if not questions:
                continue
            lift = 0.0
            for name in questions:
                line = what_if.lines[name]
                theme, weight = themes[line.dimension]
                lift += weight * (line.points - what_if.points_after[name]) / theme.possible / total if total else 0.0
            signs = sum(serious.count(name) for name in questions)
            touched = len({what_if.lines[name].dimension for name in questions})
            candidates.append(_Candidate(task.question, questions, order, task.days, lift, signs, touched))
        return candidates

    def _needed(self) -> set[str]:
        """Questions (or checks, which no action improves) that every set must hold: while their sign stands, nothing is better."""
        charges = self.what_if.question_of_sign_check
        match self.band:
            case "medium":
                band_inputs = self.what_if.band_inputs
                return {
                    charges.get(name, name) for name in (*band_inputs.unknown_signs, *band_inputs.breaches)
                } - self.done
            case "high":
                return {charges.get(sign.id, sign.id) for sign in self.signs}
            case _:
                return {sign.id for sign in self.signs if sign.sign == "urgent"}

    def sets_of(self, size: int) -> Iterator[_FoundSet]:
        """The sets of this size that work, each at least as easy as those before it."""
        spare = size - len(self.fixed)
        if self.out_of_reach or spare < 0 or size < self._fewest():
            return
        cured = size * self.most_dimensions
        self.worst = add_up(self.gaps[cured : cured + WORST_GAPS]) / max(1, min(WORST_GAPS, len(self.gaps)))
        self.easiest = float("inf")
        yield from self._grow(list(self.fixed), 0, spare)

    def _fewest(self) -> int:
        """So many questions must improve before the signs or the unknown allow a better band."""
        inputs = self.what_if.inputs
        allowed = int(inputs.limits.unknown_limit * len(inputs.lines) + _TOLERANCE)
        unknown = -(-(len(self.what_if.unknown - self.done) - allowed) // self.most_questions)
        return max(unknown, -(-self.to_lose // max(1, self.most_serious)))

    def _grow(self, chosen: list[_Candidate], start: int, spare: int) -> Iterator[_FoundSet]:
        days = add_up(one.days for one in chosen)
        if days > self.easiest or not self._within_reach(chosen, start, spare):
            return
        if not spare:
            yield from self._judge(chosen, days)
            return
        for index in range(start, len(self.free) - spare + 1):
            yield from self._grow([*chosen, self.free[index]], index + 1, spare - 1)

    def _within_reach(self, chosen: Sequence[_Candidate], start: int, spare: int) -> bool:
        """Whether enough signs could go and the score fall below the limit: by the largest lifts left, the worst themes cured."""
        if sum(one.serious for one in chosen) + spare * self.most_serious < self.to_lose:
            return False
        inputs, limits = self.what_if.inputs, self.what_if.inputs.limits
        lift = add_up(one.lift for one in chosen) + add_up(one.lift for one in self.free[start : start + spare])
        mean_gap = self.mean_gap - lift
        gap = (1 - limits.worst_share) * mean_gap + limits.worst_share * self.worst if self.gaps else mean_gap
        return score_of(inputs.exposure, gap, limits.floor) < self.limit + _TOLERANCE

    def _judge(self, chosen: Sequence[_Candidate], days: float) -> Iterator[_FoundSet]:
        questions = [one.question for one in sorted(chosen, key=lambda one: one.order)]
        improved = self.done.union(name for one in chosen for name in one.questions)
        score = self.what_if.score(improved)
        band = self.what_if.band(improved, score)
        if is_better(band, self.band):
            self.easiest = days
            yield _FoundSet(days, score, tuple(sorted(one.order for one in chosen)), tuple(questions), band)


def _signs_to_lose(signs: Sequence[RaisedSign]) -> int:
    """How many serious signs must go until fewer than three stand, or all stand for one indicator."""
    serious = [sign.ilo for sign in signs if sign.sign == "serious"]
    of_none = serious.count(None)
    alike = max(Counter(ilo for ilo in serious if ilo is not None).values(), default=0)
    return max(0, min(len(serious) - MANY_SIGNS + 1, len(serious) - of_none - alike))
