"""The what-if page as plain data: the steps that can be ticked, and what those that are ticked would make of the score.

While any sign is open no band is named: the single step at which it changes would tell which answer raised the sign.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assess.engine.recorded import what_if_of
from assess.engine.what_if import WhatIf
from assess.plans.actions import register_of
from assess.plans.copies import business_record, has_urgent_sign
from assess.plans.first_page import Help, help_of
from assess.plans.progress import is_done
from assess.plans.register.state import NOTHING_YET, RegisterState
from assess.plans.steps import promised_actions, task_of
from assess.plans.verdict import advice_comes_first
from assess.plans.what_if.way import any_sign, way_from_here
from assess.plans.words import BANDS, EFFORTS, one, plain, rounded

NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True)
class Choice:
    """One step that can be ticked. `number` is that of the register, `effort` finished text; `done`: the plan says so."""

    key: str
    number: int
    do: str
    effort: str
    ticked: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ticked steps would make of the score; numbers are finished text. `band` is a finished sentence, empty where none is named."""

    count: int
    now: str
    then: str
    off: str
    days: str
    band: str


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """Everything the page shows. `old`: the record is too old to ask.

    `short`: the steps of the short way from here, with those that are done; empty where there is none.
    """

    urgent: bool
    help: Help
    choices: tuple[Choice, ...]
    finding_out: bool
    short: tuple[str, ...]
    outcome: Outcome | None
    old: bool

    @property
    def begun(self) -> bool:
        """Whether any of the steps is done."""
        return any(choice.done for choice in self.choices)

    @property
    def so_far(self) -> bool:
        """Whether just what is done is ticked, as on the first look."""
        return self.begun and all(choice.ticked == choice.done for choice in self.choices)


def what_if_page(
    record: Mapping[str, Any], ticked: Collection[str] | None, state: RegisterState = NOTHING_YET
) -> WhatIfPage:
    """The page for these ticks, question ids; what is not offered is passed over. Without any tick there is no outcome.

    None, the first look, begins with the steps that are done by `state`.
    """
    business = business_record(record)
    promised = {action["question"]: action for action in promised_actions(business)}
    what_if = what_if_of(record)
    steps = [] if what_if is None else [item for item in register_of(business, state).items if item.key in promised]
    done = frozenset(item.key for item in steps if is_done(item))
    ticked = done if ticked is None else ticked
    chosen = [item.key for item in steps if item.key in ticked]
    way = frozenset(way_from_here(record, state))
    return WhatIfPage(
        urgent=has_urgent_sign(record) if record["engine"] == 1 else advice_comes_first(record),
        help=help_of(record),
        choices=tuple(
            Choice(
                key=item.key,
                number=item.number,
                do=item.name,
                effort=item.effort or EFFORTS[promised[item.key]["effort"]],
                ticked=item.key in ticked,
                done=item.key in done,
            )
            for item in steps
        ),
        finding_out=any(promised[item.key]["find_out"] for item in steps),
        short=tuple(item.key for item in steps if item.key in done | way) if way else (),
        outcome=_outcome(record, what_if, [promised[key] for key in chosen]) if what_if and chosen else None,
        old=what_if is None,
    )


def _outcome(record: Mapping[str, Any], what_if: WhatIf, actions: list[Mapping[str, Any]]) -> Outcome:
    tasks = [task_of(action, what_if) for action in actions]
    improved = [name for task in tasks for name in task.improves]
    score = what_if.score(improved)
    now, then = rounded(record["result"]["score"]), rounded(score)
    return Outcome(
        count=len(actions),
        now=one(now),
        then=one(then),
        off=one(now - then),
        days=plain(sum(task.days for task in tasks)),
        band="" if any_sign(record) else _band(record["result"]["band"], what_if.band(improved, score)),
    )


def _band(before: str, after: str) -> str:
    if after == NOT_RATED:
        return ""
    if before == NOT_RATED:
        return f"Your band would be {BANDS[after].lower()}."
    if before == after:
        return f"Your band would stay {BANDS[after].lower()}."
    return f"Your band would go from {BANDS[before].lower()} to {BANDS[after].lower()}."
