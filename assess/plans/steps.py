"""The steps one after another: what each takes off the score once those before it are done, as a table that adds up.

Scores only, never a band: a band that jumps at one action would tell which answer raised a sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from assess.engine.orders import Task
from assess.engine.recorded import scores_of
from assess.engine.short_sets import EFFORT_DAYS
from assess.engine.steps import StepGain, in_order
from assess.engine.what_if import Scores
from assess.plans.actions import Item, register_of
from assess.plans.register.state import NOTHING_YET, RegisterState
from assess.plans.words import one, plain, rounded


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step. `number` is that of the register; days, points and scores are finished text."""

    number: int
    do: str
    days: str
    takes_off: str
    after: str
    done: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps in order, those that are done first. `rows` is empty where nothing is promised, or for a record of long ago.

    `total` is what all steps take off together, `done_off` what those that are done do; `refused` are the numbers of steps that will not be
    done, which are left out. `finding_out`: some steps only find out, and count as if what is found were good.
    `proven`: no other order inside a date would bring the score down sooner.
    """

    rows: tuple[StepRow, ...] = ()
    now: str = ""
    total: str = ""
    after: str = ""
    days: str = ""
    done_off: str = ""
    done: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    finding_out: bool = False
    proven: bool = True


Action = Mapping[str, Any]


def steps_of(record: Mapping[str, Any], state: RegisterState = NOTHING_YET) -> Steps:
    """The steps of a record marked by `copies.with_ordinary`, whole or a business copy, as things stand in the register."""
    scores = scores_of(record)
    items = {item.key: item for item in register_of(record, state).items if item.what == "action"}
    promised = promised_actions(record)
    refused = tuple(sorted(items[action["question"]].number for action in promised if _refused(items, action)))
    wanted = [action for action in promised if not _refused(items, action)]
    if scores is None or not promised:
        return Steps()
    return replace(_table(scores, wanted, items), refused=refused)


def promised_actions(record: Mapping[str, Any]) -> list[Action]:
    """The actions that promise something, as the questions are asked: those of safeguards that wait for no advice."""
    asked = [question["id"] for section in record["sections"] for question in section["questions"]]
    promised = {
        action["question"]: action for action in record["actions"] if action["gain"] is not None and not action["held"]
    }
    return [promised[question] for question in asked if question in promised]


def _refused(items: Mapping[str, Item], action: Action) -> bool:
    state = items[action["question"]].state
    return state.response == "will_not" and state.status != "done"


def _is_done(items: Mapping[str, Item], action: Action) -> bool:
    state = items[action["question"]].state
    return state.status == "done" or state.response == "already_done"


def _table(scores: Scores, actions: Sequence[Action], items: Mapping[str, Item]) -> Steps:
    done = [action for action in actions if _is_done(items, action)]
    left = sorted((action for action in actions if action not in done), key=lambda action: int(action["days"]))
    dates = [list(group) for _, group in groupby(left, key=lambda action: int(action["days"]))]
    steps = in_order(scores, [[_task(action) for action in group] for group in (done, *dates)])
    start = rounded(scores.score([]))
    rows = _rows(start, steps, items, len(done))
    end = rounded(steps[-1].score_after) if steps else start
    return Steps(
        rows=rows,
        now=one(start),
        total=one(start - end),
        after=one(end),
        days=plain(sum(step.days for step in steps)),
        done_off=one(start - rounded(steps[len(done) - 1].score_after)) if done else "",
        done=tuple(sorted(row.number for row in rows if row.done)),
        finding_out=any(action["find_out"] for action in actions),
        proven=all(step.exact for step in steps),
    )


def _task(action: Action) -> Task:
    return Task(action["question"], EFFORT_DAYS[action["effort"]])


def _rows(start: Decimal, steps: Sequence[StepGain], items: Mapping[str, Item], done: int) -> tuple[StepRow, ...]:
    """Each step takes off the difference of the scores as they are printed, so that a pencil comes to the same."""
    rows = []
    before = start
    for place, step in enumerate(steps):
        item = items[step.question]
        after = rounded(step.score_after)
        rows.append(StepRow(item.number, item.do, plain(step.days), one(before - after), one(after), place < done))
        before = after
    return tuple(rows)
