"""The what-if page: the score with some actions done. Nothing is stored; no band is named while a sign is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assess.engine.step_gains import smallest_set
from assess.engine.what_if import WhatIf, what_if_from_record
from assess.plans.action_tracker.state import EMPTY_STATE, TrackerState
from assess.plans.actions import action_list_of, promised_actions, task_of
from assess.plans.copies import business_record, has_urgent_sign
from assess.plans.first_page import HelpContacts, advice_comes_first, help_contacts_of
from assess.plans.words import BAND_WORDS, EFFORT_WORDS, one_decimal, plain_number, round_half_up

NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True)
class WhatIfStep:
    """One step that can be ticked. `number` is that of the action list, `effort` finished text; `done`: the plan says so."""

    key: str
    number: int
    do: str
    effort: str
    ticked: bool
    done: bool


@dataclass(frozen=True, slots=True)
class WhatIfOutcome:
    """What the ticked steps would make of the score; numbers are finished text. `band` is a finished sentence, empty where none is named."""

    count: int
    now: str
    then: str
    off: str
    days: str
    band: str


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """`record_too_old`: it cannot be asked any more. `short`: steps of the short way, done ones too; empty if there is none."""

    urgent: bool
    help: HelpContacts
    choices: tuple[WhatIfStep, ...]
    finding_out: bool
    short: tuple[str, ...]
    outcome: WhatIfOutcome | None
    record_too_old: bool

    @property
    def begun(self) -> bool:
        return any(choice.done for choice in self.choices)

    @property
    def so_far(self) -> bool:
        """Whether just what is done is ticked, as on the first look."""
        return self.begun and all(choice.ticked == choice.done for choice in self.choices)


def what_if_page(
    record: Mapping[str, Any], ticked: Collection[str] | None, state: TrackerState = EMPTY_STATE
) -> WhatIfPage:
    """The page for these ticks, question ids; what is not offered is passed over. Without any tick there is no outcome.

    None, the first look, begins with the steps that are done by `state`.
    """
    business = business_record(record)
    promised = {action["question"]: action for action in promised_actions(business)}
    what_if = what_if_from_record(record)
    steps = [] if what_if is None else [item for item in action_list_of(business, state).items if item.key in promised]
    done = frozenset(item.key for item in steps if item.state.is_done)
    ticked = done if ticked is None else ticked
    chosen = [item.key for item in steps if item.key in ticked]
    way = frozenset(remaining_smallest_set(record, state))
    return WhatIfPage(
        urgent=has_urgent_sign(record) if record["engine"] == 1 else advice_comes_first(record),
        help=help_contacts_of(record),
        choices=tuple(
            WhatIfStep(
                key=item.key,
                number=item.number,
                do=item.name,
                effort=item.effort or EFFORT_WORDS[promised[item.key]["effort"]],
                ticked=item.key in ticked,
                done=item.key in done,
            )
            for item in steps
        ),
        finding_out=any(promised[item.key]["find_out"] for item in steps),
        short=tuple(item.key for item in steps if item.key in done | way) if way else (),
        outcome=_what_if_outcome(record, what_if, [promised[key] for key in chosen]) if what_if and chosen else None,
        record_too_old=what_if is None,
    )


def _what_if_outcome(record: Mapping[str, Any], what_if: WhatIf, actions: list[Mapping[str, Any]]) -> WhatIfOutcome:
    tasks = [task_of(action, what_if) for action in actions]
    improved = [name for task in tasks for name in task.improves]
    score = what_if.score(improved)
    now, then = round_half_up(record["result"]["score"]), round_half_up(score)
    return WhatIfOutcome(
        count=len(actions),
        now=one_decimal(now),
        then=one_decimal(then),
        off=one_decimal(now - then),
        days=plain_number(sum(task.days for task in tasks)),
        band="" if has_any_sign(record) else _band_text(record["result"]["band"], what_if.band(improved, score)),
    )


def _band_text(before: str, after: str) -> str:
    if after == NOT_RATED:
        return ""
    if before == NOT_RATED:
        return f"Your band would be {BAND_WORDS[after].lower()}."
    if before == after:
        return f"Your band would stay {BAND_WORDS[after].lower()}."
    return f"Your band would go from {BAND_WORDS[before].lower()} to {BAND_WORDS[after].lower()}."


SIGN_LISTS = ("urgent_signs", "serious_signs", "unknown_signs")


def has_any_sign(record: Mapping[str, Any]) -> bool:
    """Whether any sign is open, or a question that may raise one is not known."""
    return any(record["result"][signs] for signs in SIGN_LISTS)


def remaining_smallest_set(record: Mapping[str, Any], state: TrackerState = EMPTY_STATE) -> tuple[str, ...]:
    """Question ids in the order of the bank, without those that are done; empty where no short way is or may be told."""
    what_if = what_if_from_record(record)
    if what_if is None or has_any_sign(record):
        return ()
    business = business_record(record)
    items = {item.key: item for item in action_list_of(business, state).items}
    asked = [question["id"] for section in business["sections"] for question in section["questions"]]
    places = {name: place for place, name in enumerate(asked)}
    # of sets that are as good the first in the order of the bank wins, as it did in the record
    promised = sorted(promised_actions(business), key=lambda action: places.get(action["question"], len(places)))
    done = {
        name
        for action in promised
        if items[action["question"]].state.is_done
        for name in task_of(action, what_if).improves
    }
    tasks = [task_of(action, what_if) for action in promised if items[action["question"]].state.response != "will_not"]
    return smallest_set(what_if, tasks, done).questions
