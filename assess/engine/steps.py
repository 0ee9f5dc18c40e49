"""What each step takes off the score once those before it are done, so that together they add up.

The gain beside an action is what it brings by itself (decisions.md 3). Here it is worked out anew after each step, in groups that
follow each other: what is due sooner comes first, and points decide only inside a group.
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
