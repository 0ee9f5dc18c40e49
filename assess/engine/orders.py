"""The order of tasks that brings a score down soonest: the least sum of days of effort × score held meanwhile.

Where no gain depends on another this is "gain per effort first". Gains do depend on each other, because the largest gaps weigh a
second time; so all orders are searched, by sets of what is done already. Tasks of which it is certain that one comes before the
other are kept in that order, and that leaves few sets (docs/decisions/do-first.md says why it is certain). Where they are still
too many, the next task is always the one that gains most per day as things stand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from assess.engine.gaps import WORST
from assess.engine.what_if import Scores

MOST_SETS = 20_000
"""So many sets are searched at most: under a tenth of a second. Of 2,761 groups of random plans two needed more."""

_HAIR = 1e-9
"""Sums closer than this are equal."""
_DIGITS = 9
"""The same for what is compared rather than added: rounded, so that "equal" holds across many."""


class Task(NamedTuple):
    """What to do about a question, and the days of one person it takes. `questions` are those it brings to their best, where they are others."""

    question: str
    days: float
    questions: tuple[str, ...] = ()

    @property
    def improves(self) -> tuple[str, ...]:
        """The questions it brings to their best."""
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
    scores: Scores, done: Collection[str], tasks: Sequence[Task], *, most_sets: int = MOST_SETS
) -> tuple[tuple[Task, ...], bool]:
    """These tasks in order, and whether that order is proven to be the best; `done` are questions already at their best.

    Among orders that are as good, tasks come by gain per day as things stand then, and next as they are given.
    """
    effects = _effects(scores, done, tasks)
    before = _before(effects)
    search = _Search(scores.gaps(done), scores, effects, before)
    exact = search.look(most_sets)
    return tuple(tasks[index] for index in (search.cheapest() if exact else search.greedy())), exact


def _effects(scores: Scores, done: Collection[str], tasks: Sequence[Task]) -> list[_Effect]:
    gaps = scores.gaps(done)
    places = {gap.id: place for place, gap in enumerate(scores.sums.dimensions)}
    falls = [_fall(scores, places, task.question) for task in tasks]
    low, high = list(gaps), list(gaps)
    for place, fall in falls:
        (low if fall > 0 else high)[place] -= fall
    return [
        _effect(scores, place, fall, task.days, low, high) for (place, fall), task in zip(falls, tasks, strict=True)
    ]


def _fall(scores: Scores, places: dict[str, int], question: str) -> tuple[int, float]:
    """The dimension of a question and by how much its best lowers the gap there."""
    line = scores.lines[question]
    place = places[line.dimension]
    return place, (line.points - scores.best[question]) / scores.sums.dimensions[place].possible


def _effect(
    scores: Scores, place: int, fall: float, days: float, low: Sequence[float], high: Sequence[float]
) -> _Effect:
    """`low` and `high`: the least and the most each gap can be while the group is worked on."""
    dimensions, worst_share = scores.sums.dimensions, scores.sums.limits.worst_share
    total = sum(gap.weight for gap in dimensions)
    mean = fall * (1 - worst_share) * dimensions[place].weight / total if total else 0.0
    again = fall * worst_share / min(WORST, len(dimensions)) if total else 0.0
    others = [other for other in range(len(dimensions)) if other != place]
    never = sum(low[other] >= high[place] for other in others) >= WORST
    always = sum(high[other] > low[place] for other in others) < WORST
    ends = (mean + (again if always else 0.0), mean + (0.0 if never else again))
    return _Effect(place, fall, days, min(ends), max(ends), settled=ends[0] == ends[1])


def _before(effects: Sequence[_Effect]) -> list[int]:
    """For each task the tasks that certainly come before it, as bits."""
    before = [0] * len(effects)
    for one, first in enumerate(effects):
        for other, second in enumerate(effects):
            if one != other and _leads(one, first, other, second):
                before[other] |= 1 << one
    return before


def _leads(one: int, first: _Effect, other: int, second: _Effect) -> bool:
    if first.settled and second.settled:
        left, right = (round(effect.least / effect.days, _DIGITS) for effect in (first, second))
        return left > right or (left == right and one < other)
    if first.settled or second.settled or first.days > second.days:
        return False
    if first.dimension == second.dimension:
        ahead, level = first.fall >= second.fall, first.fall == second.fall
    else:
        ahead = first.least >= second.most
        level = ahead and second.least >= first.most
    return ahead and (first.days < second.days or not level or one < other)


class _Search:
    """The sets of tasks that may be done, from none to all, and what is the least that each still costs."""

    def __init__(
        self, gaps: Sequence[float], scores: Scores, effects: Sequence[_Effect], before: Sequence[int]
    ) -> None:
        self.gaps = tuple(gaps)
        self.scores = scores
        self.effects = effects
        self.before = before
        self.held: dict[int, float] = {}
        self.layers: list[list[int]] = []

    def look(self, most_sets: int) -> bool:
        """Find every set and the gap held then; false when there are more than `most_sets`."""
        layer = {0: self.gaps}
        while layer:
            if len(self.held) + len(layer) > most_sets:
                return False
            self.layers.append(list(layer))
            following: dict[int, tuple[float, ...]] = {}
            for done, gaps in layer.items():
                self.held[done] = self._blend(gaps)
                for index in self._open(done):
                    after = done | 1 << index
                    if after not in following:
                        following[after] = self._lowered(gaps, index)
            layer = following
        return True

    def cheapest(self) -> list[int]:
        """The best order, once `look` has found every set."""
        left: dict[int, float] = {self.layers[-1][0]: 0.0}
        for layer in reversed(self.layers[:-1]):
            for done in layer:
                held = self.held[done]
                left[done] = min(
                    self.effects[index].days * held + left[done | 1 << index] for index in self._open(done)
                )
        order: list[int] = []
        done = 0
        for _ in self.effects:
            least = left[done] + _HAIR
            held = self.held[done]
            best = [
                index
                for index in self._open(done)
                if self.effects[index].days * held + left[done | 1 << index] <= least
            ]
            chosen = self._steepest(best, [held - self.held[done | 1 << index] for index in best])
            order.append(chosen)
            done |= 1 << chosen
        return order

    def greedy(self) -> list[int]:
        """Always the task that gains most per day as things stand."""
        order: list[int] = []
        done, gaps = 0, self.gaps
        for _ in self.effects:
            held = self._blend(gaps)
            open_ = self._open(done)
            chosen = self._steepest(open_, [held - self._blend(self._lowered(gaps, index)) for index in open_])
            order.append(chosen)
            gaps = self._lowered(gaps, chosen)
            done |= 1 << chosen
        return order

    def _steepest(self, indices: Sequence[int], gains: Sequence[float]) -> int:
        """The one that gains most per day; of equals the first."""
        steep = [gain / self.effects[index].days for index, gain in zip(indices, gains, strict=True)]
        most = max(steep) - _HAIR
        return next(index for index, slope in zip(indices, steep, strict=True) if slope >= most)

    def _open(self, done: int) -> list[int]:
        return [index for index, before in enumerate(self.before) if not done >> index & 1 and not before & ~done]

    def _lowered(self, gaps: tuple[float, ...], index: int) -> tuple[float, ...]:
        place = self.effects[index].dimension
        return (*gaps[:place], gaps[place] - self.effects[index].fall, *gaps[place + 1 :])

    def _blend(self, gaps: Sequence[float]) -> float:
        return self.scores.blended(gaps).gap
