"""The what-if page: the result with some actions done. Nothing is stored; no band is named while a sign is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assess.engine.step_gains import smallest_set
from assess.engine.totals import BandAndReasons
from assess.engine.what_if import WhatIf, what_if_from_record
from assess.plans.action_tracker.state import EMPTY_STATE, TrackerState
from assess.plans.actions import action_list_of, promised_actions, task_of
from assess.plans.copies import business_record, has_urgent_sign
from assess.plans.first_page import HelpContacts, advice_comes_first, help_contacts_of
from assess.plans.risk_position import risk_position_of
from assess.plans.words import BAND_WORDS, EFFORT_WORDS, plain_number, whole_number

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
    """What the ticked steps would make of the result; numbers are finished text. `now` and `then` say how strong safeguards are, 0 to 100.

    `by_points` and `band` are finished sentences; `band`, with what it would still rest on, is empty while a sign is open.
    """

    count: int
    now: str
    then: str
    days: str
    by_points: str
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
    position, strength = risk_position_of(record), 100 - 100 * what_if.gap(improved)
    points_then = BAND_WORDS[position.band_at(position.exposure, strength)].lower()
    by_points = f"from {position.by_points} to {points_then}" if points_then != position.by_points else points_then
    return WhatIfOutcome(
        count=len(actions),
        now=whole_number(position.strength),
        then=whole_number(strength),
        days=plain_number(sum(task.days for task in tasks)),
        by_points=f"By points alone: {by_points}. Some answers count whatever the points.",
        band=""
        if has_any_sign(record)
        else _band_text(record["result"]["band"], what_if.band_and_reasons(improved, what_if.score(improved))),
    )


_REASONS_LEFT = {
    "breach": "the law asks for more",
    "gap": "safeguards are thin",
    "points": "much is missing against what your work brings",
}


def _band_text(before: str, after: BandAndReasons) -> str:
    if after.band == NOT_RATED:
        return ""
    word = BAND_WORDS[after.band].lower()
    left = "; ".join(words for reason, words in _REASONS_LEFT.items() if reason in after.reasons)
    why = f", because {left}" if left else ""
    if before == NOT_RATED:
        return f"Your result would be {word}{why}."
    if before == after.band:
        return f"Your result would stay {word}{why}."
    return f"Your result would go from {BAND_WORDS[before].lower()} to {word}{why}."


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
