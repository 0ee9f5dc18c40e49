"""The short way from here: the fewest steps that change the band, on top of all that the plan says is done.

Like everything that speaks of bands it is there only while no sign is open. What will not be done is no part of any way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assess.engine.recorded import what_if_of
from assess.engine.short_sets import short_set
from assess.plans.actions import register_of
from assess.plans.copies import business_record
from assess.plans.progress import is_done
from assess.plans.register.state import NOTHING_YET, RegisterState
from assess.plans.steps import promised_actions, task_of

SIGNS = ("urgent_signs", "serious_signs", "unknown_signs")


def any_sign(record: Mapping[str, Any]) -> bool:
    """Whether any sign is open, or a question that may raise one is not known."""
    return any(record["result"][signs] for signs in SIGNS)


def way_from_here(record: Mapping[str, Any], state: RegisterState = NOTHING_YET) -> tuple[str, ...]:
    """Question ids in the order of the bank, without those that are done; empty where no short way is or may be told."""
    what_if = what_if_of(record)
    if what_if is None or any_sign(record):
        return ()
    business = business_record(record)
    items = {item.key: item for item in register_of(business, state).items}
    asked = [question["id"] for section in business["sections"] for question in section["questions"]]
    places = {name: place for place, name in enumerate(asked)}
    # of sets that are as good the first in the order of the bank wins, as it did in the record
    promised = sorted(promised_actions(business), key=lambda action: places.get(action["question"], len(places)))
    done = {
        name for action in promised if is_done(items[action["question"]]) for name in task_of(action, what_if).improves
    }
    tasks = [task_of(action, what_if) for action in promised if items[action["question"]].state.response != "will_not"]
    return short_set(what_if, tasks, done).questions
