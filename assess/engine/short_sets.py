"""The fewest actions that change the final band, searched exactly up to four.

"These take you from high to medium": among all sets of safeguard actions of the smallest size that works, the one with the
least effort, then the lowest score after, then the order of the bank. Bounds cut the search short where no set can work; they are
taken a hair too wide, so that none that works is cut off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from assess.engine.banding import MANY_SIGNS
from assess.engine.gaps import WORST, score_of
from assess.engine.result import Band, PlannedAction, RaisedSign, Result, ShortSet
from assess.engine.what_if import WhatIf

LONGEST = 4
EFFORT_DAYS: Mapping[str, float] = {"S": 0.5, "M": 3, "L": 10}
"""Days of one person: "S = half a day, M = 3 days, L = 10 days" (decisions.md 3, Do first)."""

_HAIR = 1e-9
_RANK: Mapping[Band, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3, "not_rated": 3}
"""Better is lower. Not rated is as bad as the worst, and never an improvement."""


class _Candidate(NamedTuple):
    question: str
    order: int
    days: float
    lift: float
    """By how much the mean gap falls, at most."""
    serious: bool
    """Whether a serious sign goes with it."""


class _Found(NamedTuple):
    """Sorted by what is better: effort, score after, order in the bank."""

    days: float
    score: float
    order: tuple[int, ...]
    questions: tuple[str, ...]
    band: Band


def is_better(band: Band, than: Band) -> bool:
    """Whether one final band is better than another."""
    return band != "not_rated" and _RANK[band] < _RANK[than]


def short_set(what_if: WhatIf, result: Result, actions: Sequence[PlannedAction]) -> ShortSet:
    """The short set of these actions; `actions` in the order of the bank."""
    if result.band == "low":
        return ShortSet((), "low", None, None, "already_low")
    search = _Search(what_if, result, actions)
    for size in range(1, LONGEST + 1):
        found = min(search.sets_of(size), default=None)
        if found:
            return ShortSet(found.questions, result.band, found.band, found.score)
    return ShortSet((), result.band, None, None, "no_short_set")


class _Search:
    def __init__(self, what_if: WhatIf, result: Result, actions: Sequence[PlannedAction]) -> None:
        self.what_if = what_if
        self.result = result
        self.limit = _limit(result)
        dimensions = {gap.id: gap for gap in result.dimensions}
        total = sum(gap.weight for gap in result.dimensions)
        costs = {line.question: line for line in result.lines}
        serious = {what_if.charges.get(sign.id, sign.id) for sign in result.signs if sign.sign == "serious"}
        candidates = []
        for order, action in enumerate(actions):
            if action.kind == "safeguard":
                line = costs[action.question]
                theme = dimensions[line.dimension]
                fall = (line.points - what_if.best[action.question]) / theme.possible
                lift = theme.weight * fall / total if total else 0.0
                candidates.append(
                    _Candidate(action.question, order, EFFORT_DAYS[action.effort], lift, action.question in serious)
                )
        needed = self._needed()
        self.fixed = [one for one in candidates if one.question in needed]
        self.hopeless = len(self.fixed) < len(needed)
        self.free = sorted((one for one in candidates if one.question not in needed), key=lambda one: -one.lift)
        self.gaps = sorted((gap.gap for gap in result.dimensions), reverse=True)
        self.to_lose = _signs_to_lose(result.signs)
        self.worst = 0.0
        self.easiest = float("inf")

    def _needed(self) -> set[str]:
        """Questions (or checks, which no action improves) that every set must hold: while their sign stands, nothing is better."""
        result = self.result
        charges = self.what_if.charges
        match result.band:
            case "medium":
                return set(result.unknown_signs)
            case "high":
                return {charges.get(sign.id, sign.id) for sign in result.signs}
            case _:
                return {sign.id for sign in result.signs if sign.sign == "urgent"}

    def sets_of(self, size: int) -> Iterator[_Found]:
        """The sets of this size that work, each at least as easy as those before it."""
        spare = size - len(self.fixed)
        if self.hopeless or spare < 0 or size < self._fewest():
            return
        worst = self.gaps[size : size + WORST]
        self.worst = sum(worst) / max(1, min(WORST, len(self.gaps)))
        self.easiest = float("inf")
        yield from self._grow(list(self.fixed), 0, spare)

    def _fewest(self) -> int:
        """So many questions must improve before the signs or the unknown allow a better band."""
        result = self.result
        allowed = int(result.settings.unknown_limit * len(result.lines) + _HAIR)
        return max(len(self.what_if.unknown) - allowed, self.to_lose)

    def _grow(self, chosen: list[_Candidate], start: int, spare: int) -> Iterator[_Found]:
        days = sum(one.days for one in chosen)
        if days > self.easiest or not self._within_reach(chosen, start, spare):
            return
        if not spare:
            yield from self._judge(chosen, days)
            return
        for index in range(start, len(self.free) - spare + 1):
            yield from self._grow([*chosen, self.free[index]], index + 1, spare - 1)

    def _within_reach(self, chosen: Sequence[_Candidate], start: int, spare: int) -> bool:
        """Whether enough signs could go and the score fall below the limit: by the largest lifts left, the worst themes cured."""
        if sum(one.serious for one in chosen) + spare < self.to_lose:
            return False
        settings = self.result.settings
        lift = sum(one.lift for one in chosen) + sum(one.lift for one in self.free[start : start + spare])
        gap = (1 - settings.worst_share) * (self.result.mean_gap - lift) + settings.worst_share * self.worst
        return score_of(self.result.exposure, gap, settings.floor) < self.limit + _HAIR

    def _judge(self, chosen: Sequence[_Candidate], days: float) -> Iterator[_Found]:
        questions = [one.question for one in sorted(chosen, key=lambda one: one.order)]
        score = self.what_if.score(questions)
        band = self.what_if.band(questions, score)
        if is_better(band, self.result.band):
            self.easiest = days
            yield _Found(days, score, tuple(sorted(one.order for one in chosen)), tuple(questions), band)


def _limit(result: Result) -> float:
    """The score must fall below this: a final band is never better than the score's own."""
    settings = result.settings
    match result.band:
        case "medium":
            return settings.medium
        case "high":
            return settings.high
        case _:
            return settings.critical


def _signs_to_lose(signs: Sequence[RaisedSign]) -> int:
    """How many serious signs must go until fewer than three stand, or all stand for one indicator."""
    serious = [sign.ilo for sign in signs if sign.sign == "serious"]
    of_none = serious.count(None)
    alike = max(Counter(ilo for ilo in serious if ilo is not None).values(), default=0)
    return max(0, min(len(serious) - MANY_SIGNS + 1, len(serious) - of_none - alike))
