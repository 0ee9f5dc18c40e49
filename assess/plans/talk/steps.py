"""The steps of a copy that can be talked about, each by a key that names no question."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assess.plans.shares.document import SharedCopy

KEY_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `due`: the ISO date on the copy, None later; `at_once`: that day it was to be begun. `done`: the copy says so."""

    key: str
    do: str
    due: str | None
    at_once: bool
    done: bool


def step_key(do: str) -> str:
    """The beginning of the SHA-256 of a step's words: the same in each copy, and of no use to find a question."""
    return hashlib.sha256(do.encode()).hexdigest()[:KEY_LETTERS]


def steps_of(shared: SharedCopy) -> tuple[Step, ...]:
    """The steps that can be talked about, each once: of the plan where it is shared, else as they were proposed."""
    found = (
        [Step(step_key(one.do), one.do, one.due, one.at_once, done=False) for one in shared.copy.actions]
        if shared.plan is None
        else [Step(step_key(one.do), one.do, one.due, one.at_once, done=one.stands == "done") for one in shared.plan]
    )
    return tuple({step.key: step for step in reversed(found)}.values())[::-1]
