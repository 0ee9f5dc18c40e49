"""What each step takes off the score once those before it are done, so that together they add up.

The gain beside an action is what it brings by itself (decisions.md 3). Here it is worked out anew after each step. Plans made under engine 1 order the
steps of one date so that the score falls soonest; since then the order of the plan is the only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assess.engine.orders import Task, best_order
from assess.engine.what_if import Scores


class StepGain(NamedTuple):
    """One step: what it takes off the score and the score after it; `exact`: its place in its group is proven to be the best."""

    question: str
    days: float
    gain: float
    score_after: float
    exact: bool


def one_by_one(scores: Scores, tasks: Sequence[Task]) -> tuple[StepGain, ...]:
    """The steps in the order they are given. The gains add up to the whole fall of the score."""
    done: list[str] = []
    steps: list[StepGain] = []
    score = scores.score(done)
    for task in tasks:
        done += task.improves
        after = scores.score(done)
        steps.append(StepGain(task.question, task.days, score - after, after, exact=True))
        score = after
    return tuple(steps)


def in_order(scores: Scores, groups: Sequence[Sequence[Task]]) -> tuple[StepGain, ...]:
    """The steps of all groups. Groups stand as given; inside one, the order that brings the score down soonest.

    Tasks of a group are given in the order that decides between equals. The gains add up to the whole fall of the score.
    """
    done: list[str] = []
    steps: list[StepGain] = []
    score = scores.score(done)
    for group in groups:
        ordered, exact = best_order(scores, done, group)
        for task in ordered:
            done.append(task.question)
            after = scores.score(done)
            steps.append(StepGain(task.question, task.days, score - after, after, exact))
            score = after
    return tuple(steps)
