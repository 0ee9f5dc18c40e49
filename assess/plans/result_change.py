"""What changed since the submission before: the bands in words, what was done in between, and where safeguards got better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.plans.action_tracker.state import EMPTY_STATE, TrackerState
from assess.plans.actions import action_list_of
from assess.plans.copies import business_record
from assess.plans.first_page import advice_comes_first
from assess.plans.words import BAND_WORDS, first_lower

MAX_AREAS = 2


@dataclass(frozen=True, slots=True)
class ResultChange:
    """`since`: the ISO date of the earlier answers; `words`: finished sentences. `areas` got better, the one that gained most first."""

    since: str
    band_words: str
    steps_done: int
    areas: tuple[str, ...]

    @property
    def words(self) -> str:
        said = [self.band_words]
        if self.steps_done:
            said.append(f"{self.steps_done} {'step' if self.steps_done == 1 else 'steps'} done in between.")
        if self.areas:
            left = len(self.areas) - MAX_AREAS
            named = "; ".join(first_lower(area) for area in self.areas[:MAX_AREAS])
            said.append(f"Better now: {named}{f' and {left} more' if left > 0 else ''}.")
        return " ".join(said)


def can_be_compared(before: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Not where advice comes first in either, nor where the two are not counted alike: by other rules, or a quick check beside a full one."""
    return (
        before["engine"] == record["engine"]
        and before["quick"] == record["quick"]
        and not advice_comes_first(before)
        and not advice_comes_first(record)
    )


def result_change_of(
    before: Mapping[str, Any], record: Mapping[str, Any], state_before: TrackerState = EMPTY_STATE
) -> ResultChange | None:
    """`state_before` is what became of the steps of the earlier plan. None where the two cannot be compared."""
    if not can_be_compared(before, record):
        return None
    then, now = (BAND_WORDS[one["result"]["band"]].lower() for one in (before, record))
    gaps = {area["id"]: area["gap"] for area in before["dimensions"]}
    gains = [(gaps[area["id"]] - area["gap"], area["name"]) for area in record["dimensions"] if area["id"] in gaps]
    items = action_list_of(business_record(before), state_before).items
    return ResultChange(
        since=before["made_on"],
        band_words=f"Still {now}." if then == now else f"From {then} to {now}.",
        steps_done=sum(item.state.status == "done" for item in items),
        areas=tuple(name for gain, name in sorted(gains, key=lambda one: -one[0]) if gain > 0),
    )
