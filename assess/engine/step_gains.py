"""What each step takes off the score after those before it; and the order of tasks that brings the score down soonest.

That order is searched for records of engine 1 alone (`gains_in_best_order`), which are read and printed as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from assess.engine.points import WORST_GAPS, add_up
from assess.engine.what_if import Scores

MAX_SETS = 20_000
"""So many sets are searched at most: under a tenth of a second. Of 2,761 groups of random plans two needed more."""

_TOLERANCE = 1e-9
"""Sums closer than this are equal."""


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
