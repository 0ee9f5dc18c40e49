"""What each step takes off the score after those before it, the smallest set of actions that changes the band, and the order of tasks that brings the score down soonest.

That order is searched for records of engine 1 alone (`gains_in_best_order`), which are read and printed as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from assess.engine.points import WORST_GAPS, add_up, score_of
from assess.engine.result import Band, RaisedSign, SmallestSet
from assess.engine.totals import MANY_SIGNS
from assess.engine.what_if import Scores, WhatIf

_TOLERANCE = 1e-9
"""Scores, gaps and sums closer than this are equal."""
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


MAX_SETS = 20_000
"""So many sets are searched at most: under a tenth of a second. Of 2,761 groups of random plans two needed more."""


class PlanTask(NamedTuple):
    """What to do about a question, and the days of one person it takes. `questions` are those it brings to their best, where they are others."""

    question: str
    days: float
    questions: tuple[str, ...] = ()

    @property
    def improves(self) -> tuple[str, ...]:
        return self.questions or (self.question,)


class _Effect(NamedTuple):
    """What a task does to the gap: `least` and `most` over everything that may be done before it in its group."""

    dimension: int
    fall: float
    days: float
    least: float
    most: float
    settled: bool
    """Whether it gains the same whatever is done before."""


def best_order(
    scores: Scores, done: Collection[str], tasks: Sequence[PlanTask], *, most_sets: int = MAX_SETS
) -> tuple[tuple[PlanTask, ...], bool]:
    """These tasks in order, and whether that order is proven to be the best; `done` are questions already at their best.

    Among orders that are as good, tasks come by gain per day as things stand then, and next as they are given.
    """
    effects = _effects(scores, done, tasks)
    search = _OrderSearch(scores.gaps(done), scores, effects, _predecessors(effects))
    exact = search.find_sets(most_sets)
    return tuple(tasks[index] for index in (search.cheapest() if exact else search.greedy())), exact


def _effects(scores: Scores, done: Collection[str], tasks: Sequence[PlanTask]) -> list[_Effect]:
    gaps = scores.gaps(done)
    places = {gap.id: place for place, gap in enumerate(scores.inputs.dimensions)}
    falls = [_gap_reduction(scores, places, task.question) for task in tasks]
    low, high = list(gaps), list(gaps)
    for place, fall in falls:
        (low if fall > 0 else high)[place] -= fall
    return [
        _effect(scores, place, fall, task.days, low, high) for (place, fall), task in zip(falls, tasks, strict=True)
    ]


def _gap_reduction(scores: Scores, places: dict[str, int], question: str) -> tuple[int, float]:
    """The dimension of a question and by how much its best lowers the gap there."""
    line = scores.lines[question]
    place = places[line.dimension]
    return place, (line.points - scores.points_after[question]) / scores.inputs.dimensions[place].possible


def _effect(
    scores: Scores, place: int, fall: float, days: float, low: Sequence[float], high: Sequence[float]
) -> _Effect:
    """`low` and `high`: the least and the most each gap can be while the group is worked on."""
    dimensions, worst_share = scores.inputs.dimensions, scores.inputs.limits.worst_share
    total = add_up(gap.weight for gap in dimensions)
    mean = fall * (1 - worst_share) * dimensions[place].weight / total if total else 0.0
    again = fall * worst_share / min(WORST_GAPS, len(dimensions)) if total else 0.0
    others = [other for other in range(len(dimensions)) if other != place]
    never = sum(low[other] >= high[place] for other in others) >= WORST_GAPS
    always = sum(high[other] > low[place] for other in others) < WORST_GAPS
    ends = (mean + (again if always else 0.0), mean + (0.0 if never else again))
    return _Effect(place, fall, days, min(ends), max(ends), settled=ends[0] == ends[1])


def _predecessors(effects: Sequence[_Effect]) -> list[int]:
    """For each task the tasks that certainly come before it, as bits."""
    before = [0] * len(effects)
    for one, first in enumerate(effects):
        for other, second in enumerate(effects):
            if one != other and _comes_before(one, first, other, second):
                before[other] |= 1 << one
    return before


def _comes_before(one: int, first: _Effect, other: int, second: _Effect) -> bool:
    if first.settled and second.settled:
        # rounded, so that equals are seen as such whatever their binary fractions
        left, right = (round(effect.least / effect.days, 9) for effect in (first, second))
        return left > right or (left == right and one < other)
    if first.settled or second.settled or first.days > second.days:
        return False
    if first.dimension == second.dimension:
        ahead, level = first.fall >= second.fall, first.fall == second.fall
    else:
        ahead = first.least >= second.most
        level = ahead and second.least >= first.most
    return ahead and (first.days < second.days or not level or one < other)


class _OrderSearch:
    """The sets of tasks that may be done, from none to all, and what is the least that each still costs."""

    def __init__(
        self, gaps: Sequence[float], scores: Scores, effects: Sequence[_Effect], before: Sequence[int]
    ) -> None:
        self.gaps = tuple(gaps)
        self.scores = scores
        self.effects = effects
        self.before = before
        self.gap_after: dict[int, float] = {}
        self.layers: list[list[int]] = []

    def find_sets(self, most_sets: int) -> bool:
        """Find every set and the gap after it; false when there are more than `most_sets`."""
        layer = {0: self.gaps}
        while layer:
            if len(self.gap_after) + len(layer) > most_sets:
                return False
            self.layers.append(list(layer))
            following: dict[int, tuple[float, ...]] = {}
            for done, gaps in layer.items():
                self.gap_after[done] = self._blend(gaps)
                for index in self._open(done):
                    after = done | 1 << index
                    if after not in following:
                        following[after] = self._lowered(gaps, index)
            layer = following
        return True

    def cheapest(self) -> list[int]:
        """The best order, once `find_sets` has found every set."""
        left: dict[int, float] = {self.layers[-1][0]: 0.0}
        for layer in reversed(self.layers[:-1]):
            for done in layer:
                gap = self.gap_after[done]
                left[done] = min(self.effects[index].days * gap + left[done | 1 << index] for index in self._open(done))
        order: list[int] = []
        done = 0
        for _ in self.effects:
            least = left[done] + _TOLERANCE
            gap = self.gap_after[done]
            best = [
                index for index in self._open(done) if self.effects[index].days * gap + left[done | 1 << index] <= least
            ]
            chosen = self._largest_gain_per_day(best, [gap - self.gap_after[done | 1 << index] for index in best])
            order.append(chosen)
            done |= 1 << chosen
        return order

    def greedy(self) -> list[int]:
        """Always the task that gains most per day as things stand."""
        order: list[int] = []
        done, gaps = 0, self.gaps
        for _ in self.effects:
            gap = self._blend(gaps)
            open_ = self._open(done)
            chosen = self._largest_gain_per_day(
                open_, [gap - self._blend(self._lowered(gaps, index)) for index in open_]
            )
            order.append(chosen)
            gaps = self._lowered(gaps, chosen)
            done |= 1 << chosen
        return order

    def _largest_gain_per_day(self, indices: Sequence[int], gains: Sequence[float]) -> int:
        """The one that gains most per day; of equals the first."""
        steep = [gain / self.effects[index].days for index, gain in zip(indices, gains, strict=True)]
        most = max(steep) - _TOLERANCE
        return next(index for index, slope in zip(indices, steep, strict=True) if slope >= most)

    def _open(self, done: int) -> list[int]:
        return [index for index, before in enumerate(self.before) if not done >> index & 1 and not before & ~done]

    def _lowered(self, gaps: tuple[float, ...], index: int) -> tuple[float, ...]:
        place = self.effects[index].dimension
        return (*gaps[:place], gaps[place] - self.effects[index].fall, *gaps[place + 1 :])

    def _blend(self, gaps: Sequence[float]) -> float:
        return self.scores.blended(gaps).gap


class StepGain(NamedTuple):
    """One step: what it takes off the score and the score after it; `exact`: its place in its group is proven to be the best."""

    question: str
    days: float
    gain: float
    score_after: float
    exact: bool


def _step_gains(scores: Scores, done: list[str], tasks: Sequence[PlanTask], *, exact: bool) -> Iterator[StepGain]:
    """One step after the other; `done` grows with each."""
    score = scores.score(done)
    for task in tasks:
        done += task.improves
        after = scores.score(done)
        yield StepGain(task.question, task.days, score - after, after, exact)
        score = after


def gains_in_given_order(scores: Scores, tasks: Sequence[PlanTask]) -> tuple[StepGain, ...]:
    """The steps in the order they are given. The gains add up to the whole fall of the score."""
    return tuple(_step_gains(scores, [], tasks, exact=True))


def gains_in_best_order(scores: Scores, groups: Sequence[Sequence[PlanTask]]) -> tuple[StepGain, ...]:
    """The steps of all groups. Groups stand as given; inside one, the order that brings the score down soonest.

    Tasks of a group are given in the order that decides between equals. The gains add up to the whole fall of the score.
    """
    done: list[str] = []
    steps: list[StepGain] = []
    for group in groups:
        ordered, exact = best_order(scores, done, group)
        steps += _step_gains(scores, done, ordered, exact=exact)
    return tuple(steps)


EFFORT_DAYS: Mapping[str, float] = {"S": 0.5, "M": 3, "L": 10}
"""Days of one person: "S = half a day, M = 3 days, L = 10 days" (docs/rules.md 4.2)."""
