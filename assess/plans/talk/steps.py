"""The steps of a copy that can be talked about, each by a key that names no question."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assess.plans.shares.document import SharedCopy

KEY_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `due`: the ISO date on the copy, None at once. `done`: the copy says so."""

    key: str
    do: str
    due: str | None
    done: bool


def step_key(do: str) -> str:
    """The beginning of the SHA-256 of a step's words: the same in each copy, and of no use to find a question."""
    return hashlib.sha256(do.encode()).hexdigest()[:KEY_LETTERS]


def steps_of(shared: SharedCopy) -> tuple[Step, ...]:
    """The steps that can be talked about, each once. None while urgent advice is open: then nothing but help is asked of a buyer."""
    found = () if shared.copy.rating is None else _all_steps(shared)
    return tuple({step.key: step for step in reversed(found)}.values())[::-1]


def open_steps(shared: SharedCopy) -> tuple[Step, ...]:
    """The steps that are not done as far as the copy says: of the plan where it is shared, else as they were proposed."""
    return tuple(step for step in _all_steps(shared) if not step.done)


def _all_steps(shared: SharedCopy) -> tuple[Step, ...]:
    if shared.plan is None:
        return tuple(Step(step_key(one.do), one.do, one.due, done=False) for one in shared.copy.actions)
    return tuple(Step(step_key(one.do), one.do, one.due, done=one.stands == "done") for one in shared.plan)
