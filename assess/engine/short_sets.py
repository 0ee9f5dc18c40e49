"""The fewest actions that change the final band, searched exactly up to four.

"These take you from high to medium": among all sets of safeguard actions of the smallest size that works, the one with the
least effort, then the lowest score after, then the order of the bank. Bounds cut the search short where no set can work; they are
taken a hair too wide, so that none that works is cut off.

Where some actions are done already, the search begins with them at their best and names only what is to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from assess.engine.banding import MANY_SIGNS
from assess.engine.gaps import WORST, score_of
from assess.engine.orders import Task
from assess.engine.result import Band, RaisedSign, ShortSet
from assess.engine.settings import Limits
from assess.engine.what_if import WhatIf

LONGEST = 4
EFFORT_DAYS: Mapping[str, float] = {"S": 0.5, "M": 3, "L": 10}
"""Days of one person: "S = half a day, M = 3 days, L = 10 days" (decisions.md 3, Do first)."""

_HAIR = 1e-9
_RANK: Mapping[Band, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3, "not_rated": 3}
"""Better is lower. Not rated is as bad as the worst, and never an improvement."""


class _Candidate(NamedTuple):
    question: str
    questions: tuple[str, ...]
    order: int
    days: float
    lift: float
    """By how much the mean gap falls, at most."""
    serious: int
    """How many serious signs go with it."""
    dimensions: int
    """How many dimensions it touches."""


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


def short_set(what_if: WhatIf, tasks: Sequence[Task], done: Collection[str] = ()) -> ShortSet:
    """The short set of these tasks, safeguards in the order of the bank, on top of the questions that are `done`."""
    search = _Search(what_if, tasks, frozenset(done))
    if search.band == "low":
        return ShortSet((), "low", None, None, "already_low")
    for size in range(1, LONGEST + 1):
        found = min(search.sets_of(size), default=None)
        if found:
            return ShortSet(found.questions, search.band, found.band, found.score)
    return ShortSet((), search.band, None, None, "no_short_set")


class _Search:
    def __init__(self, what_if: WhatIf, tasks: Sequence[Task], done: frozenset[str]) -> None:
        sums = what_if.sums
        gaps = what_if.gaps(done)
        self.what_if = what_if
        self.done = done
        self.band = what_if.band(done, what_if.score(done)) if done else what_if.marks.band
        self.limit = _limit(self.band, sums.limits)
        self.signs = what_if.signs_left(done)
        self.mean_gap = what_if.blended(gaps).mean_gap
        self.gaps = sorted((gap for gap, counts in zip(gaps, what_if.wide, strict=True) if counts), reverse=True)
        self.to_lose = _signs_to_lose(self.signs)
        candidates = self._candidates(tasks)
        needed = self._needed()
        self.fixed = [one for one in candidates if not needed.isdisjoint(one.questions)]
        self.hopeless = not needed <= {name for one in self.fixed for name in one.questions}
        self.free = sorted((one for one in candidates if needed.isdisjoint(one.questions)), key=lambda one: -one.lift)
        self.most_questions = max((len(one.questions) for one in candidates), default=1)
        self.most_dimensions = max((one.dimensions for one in candidates), default=1)
        self.most_serious = max((one.serious for one in candidates), default=1)
        self.worst = 0.0
        self.easiest = float("inf")

    def _candidates(self, tasks: Sequence[Task]) -> list[_Candidate]:
        """The tasks that are not done yet."""
        what_if = self.what_if
        themes = {gap.id: (gap, weight) for gap, weight in zip(what_if.sums.dimensions, what_if.weights, strict=True)}
        total = sum(what_if.weights)
        serious = [what_if.charges.get(sign.id, sign.id) for sign in self.signs if sign.sign == "serious"]
        candidates = []
        for order, task in enumerate(tasks):
            questions = tuple(name for name in task.improves if name not in self.done)
            if not questions:
                continue
            lift = 0.0
            for name in questions:
                line = what_if.lines[name]
                theme, weight = themes[line.dimension]
                lift += weight * (line.points - what_if.best[name]) / theme.possible / total if total else 0.0
            signs = sum(serious.count(name) for name in questions)
            touched = len({what_if.lines[name].dimension for name in questions})
            candidates.append(_Candidate(task.question, questions, order, task.days, lift, signs, touched))
        return candidates

    def _needed(self) -> set[str]:
        """Questions (or checks, which no action improves) that every set must hold: while their sign stands, nothing is better."""
        charges = self.what_if.charges
        match self.band:
            case "medium":
                marks = self.what_if.marks
                return {charges.get(name, name) for name in (*marks.unknown_signs, *marks.breaches)} - self.done
            case "high":
                return {charges.get(sign.id, sign.id) for sign in self.signs}
            case _:
                return {sign.id for sign in self.signs if sign.sign == "urgent"}

    def sets_of(self, size: int) -> Iterator[_Found]:
        """The sets of this size that work, each at least as easy as those before it."""
        spare = size - len(self.fixed)
        if self.hopeless or spare < 0 or size < self._fewest():
            return
        cured = size * self.most_dimensions
        worst = self.gaps[cured : cured + WORST]
        self.worst = sum(worst) / max(1, min(WORST, len(self.gaps)))
        self.easiest = float("inf")
        yield from self._grow(list(self.fixed), 0, spare)

    def _fewest(self) -> int:
        """So many questions must improve before the signs or the unknown allow a better band."""
        sums = self.what_if.sums
        allowed = int(sums.limits.unknown_limit * len(sums.lines) + _HAIR)
        unknown = -(-(len(self.what_if.unknown - self.done) - allowed) // self.most_questions)
        return max(unknown, -(-self.to_lose // max(1, self.most_serious)))

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
        if sum(one.serious for one in chosen) + spare * self.most_serious < self.to_lose:
            return False
        sums, limits = self.what_if.sums, self.what_if.sums.limits
        lift = sum(one.lift for one in chosen) + sum(one.lift for one in self.free[start : start + spare])
        mean_gap = self.mean_gap - lift
        gap = (1 - limits.worst_share) * mean_gap + limits.worst_share * self.worst if self.gaps else mean_gap
        return score_of(sums.exposure, gap, limits.floor) < self.limit + _HAIR

    def _judge(self, chosen: Sequence[_Candidate], days: float) -> Iterator[_Found]:
        questions = [one.question for one in sorted(chosen, key=lambda one: one.order)]
        improved = self.done.union(name for one in chosen for name in one.questions)
        score = self.what_if.score(improved)
        band = self.what_if.band(improved, score)
        if is_better(band, self.band):
            self.easiest = days
            yield _Found(days, score, tuple(sorted(one.order for one in chosen)), tuple(questions), band)


def _limit(band: Band, limits: Limits) -> float:
    """The score must fall below this: a final band is never better than the score's own."""
    match band:
        case "medium":
            return limits.medium
        case "high":
            return limits.high
        case _:
            return limits.critical


def _signs_to_lose(signs: Sequence[RaisedSign]) -> int:
    """How many serious signs must go until fewer than three stand, or all stand for one indicator."""
    serious = [sign.ilo for sign in signs if sign.sign == "serious"]
    of_none = serious.count(None)
    alike = max(Counter(ilo for ilo in serious if ilo is not None).values(), default=0)
    return max(0, min(len(serious) - MANY_SIGNS + 1, len(serious) - of_none - alike))
