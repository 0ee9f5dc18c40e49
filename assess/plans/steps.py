"""The steps one after another: what each takes off the score once those before it are done, as a table that adds up.

Scores only, never a band: a band that jumps at one action would tell which answer raised a sign.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from assess.engine.orders import Task
from assess.engine.recorded import scores_of
from assess.engine.short_sets import EFFORT_DAYS
from assess.engine.steps import StepGain, in_order, one_by_one
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
    if record["engine"] != 1:
        return replace(_own_table(scores, _shown(record, wanted, items), items), refused=refused)
    return replace(_table(scores, wanted, items), refused=refused)


def promised_actions(record: Mapping[str, Any]) -> list[Action]:
    """The actions that promise something: those of safeguards that wait for no advice.

    As the questions are asked; since engine 2 in the order of the record, which is the only one.
    """
    if record["engine"] != 1:
        return [action for action in record["actions"] if action["gain"] is not None and not action["held"]]
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
    steps = in_order(scores, [[task_of(action, scores) for action in group] for group in (done, *dates)])
    start = rounded(scores.score([]))
    rows = _rows(start, steps, items, frozenset(action["question"] for action in done))
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


def _shown(record: Mapping[str, Any], actions: Sequence[Action], items: Mapping[str, Item]) -> list[Action]:
    """A small firm is not shown what is for later, unless that is done."""
    few = register_of(record).few
    return [one for one in actions if not (few and items[one["question"]].later) or _is_done(items, one)]


def _own_table(scores: Scores, actions: Sequence[Action], items: Mapping[str, Item]) -> Steps:
    """The steps in the order of the register, what is done among them."""
    ordered = sorted(actions, key=lambda action: items[action["question"]].number)
    tasks = [task_of(action, scores) for action in ordered]
    steps = one_by_one(scores, tasks)
    start = rounded(scores.score([]))
    done = frozenset(action["question"] for action in ordered if _is_done(items, action))
    improved = [name for task in tasks if task.question in done for name in task.improves]
    rows = _rows(start, steps, items, done)
    end = rounded(steps[-1].score_after) if steps else start
    return Steps(
        rows=rows,
        now=one(start),
        total=one(start - end),
        after=one(end),
        days=plain(sum(step.days for step in steps)),
        done_off=one(start - rounded(scores.score(improved))) if done else "",
        done=tuple(row.number for row in rows if row.done),
        finding_out=any(action["find_out"] for action in ordered),
    )


def task_of(action: Action, scores: Scores) -> Task:
    """An action as a task: its days, and what it brings to its best, which since engine 2 may be several questions."""
    if "effort_days" not in action:
        return Task(action["question"], EFFORT_DAYS[action["effort"]])
    improved = tuple(name for name in action["questions"] if name in scores.lines)
    return Task(action["question"], action["effort_days"], improved)


def _rows(
    start: Decimal, steps: Sequence[StepGain], items: Mapping[str, Item], done: Collection[str]
) -> tuple[StepRow, ...]:
    """Each step takes off the difference of the scores as they are printed, so that a pencil comes to the same."""
    rows = []
    before = start
    for step in steps:
        item = items[step.question]
        after = rounded(step.score_after)
        told = step.question in done
        rows.append(StepRow(item.number, item.name, plain(step.days), one(before - after), one(after), told))
        before = after
    return tuple(rows)
