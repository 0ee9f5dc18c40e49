"""The settings of whom to call first: which there must be, their form, and the numbers of one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

HIGHEST = 100
"""What the six parts add up to."""
_LATE = ("other_result", "submitted", "started", "opened", "never_opened", "declined", "share_over")

CALL_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "call_sector": ("most",),
    "call_tier": ("low", "medium", "high"),
    "call_band": ("low", "medium", "high"),
    "call_unanswered": (*_LATE, "old", "each_week_late", "most_late"),
    "call_slipping": ("each_late", "most_for_number", "most_for_share"),
    "call_spend_from": ("some", "much", "most"),
    "call_spend": ("little", "some", "much", "most"),
}
"""The settings, each a group of whole numbers with exactly these members."""
_BEFORE = "critical"
"""A fourth member of `call_band` in settings written before."""
_RISING = ("call_tier", "call_band", "call_spend_from", "call_spend")


@dataclass(frozen=True, slots=True)
class CallWeights:
    """The points of each part as they stand on one day, whole numbers; `base` as the engine takes it, 0 to 100 by sector.

    `on`: ISO date. `basis`: where each comes from, in words, for the page that explains them.
    """

    on: str
    base: Mapping[str, float]
    sector_most: int
    tier: Mapping[str, int]
    band: Mapping[str, int]
    unanswered: Mapping[str, int]
    slipping: Mapping[str, int]
    spend_from: Mapping[str, int]
    spend: Mapping[str, int]
    basis: tuple[Mapping[str, str], ...] = ()

    @property
    def unanswered_most(self) -> int:
        """The most that not answering can count."""
        return self.unanswered["share_over"] + self.unanswered["most_late"]

    @property
    def slipping_most(self) -> int:
        """The most that late steps can count."""
        return self.slipping["most_for_number"] + self.slipping["most_for_share"]

    @property
    def most(self) -> Mapping[str, int]:
        """The most each part can count."""
        return {
            "sector": self.sector_most,
            "tier": self.tier["high"],
            "band": self.band["high"],
            "unanswered": self.unanswered_most,
            "slipping": self.slipping_most,
            "spend": self.spend["most"],
        }


def call_fault_in(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    """What is wrong with one of these settings taken alone; nothing if it can be used."""
    members = CALL_MEMBERS[name]
    value = _as_now(name, value)
    if not isinstance(value, dict) or sorted(value) != sorted(members):
        return f"must be a group of numbers with exactly these members: {', '.join(members)}"
    if not all(float(part).is_integer() and part >= 0 for part in value.values()):
        return "must hold whole numbers, none below 0"
    if name in _RISING and any(one > other for one, other in pairwise(value[member] for member in members)):
        return f"must not fall from {members[0]} to {members[-1]}"
    return _unanswered_fault(value) if name == "call_unanswered" else ""


def call_faults_between(values: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str]]:
    """What is wrong among them, each with the name of the setting it is said of."""
    total = sum(weights_from("", {}, values).most.values())
    return [] if total == HIGHEST else [("call_band", f"and the other parts add up to {total}, not to {HIGHEST}")]


def weights_from(
    on: str,
    base: Mapping[str, float],
    values: Mapping[str, Mapping[str, float]],
    basis: tuple[Mapping[str, str], ...] = (),
) -> CallWeights:
    """The numbers as the rule takes them. Every setting must be sound."""
    whole = {name: {key: int(part) for key, part in _as_now(name, value).items()} for name, value in values.items()}
    return CallWeights(
        on=on,
        base=base,
        sector_most=whole["call_sector"]["most"],
        tier=whole["call_tier"],
        band=whole["call_band"],
        unanswered=whole["call_unanswered"],
        slipping=whole["call_slipping"],
        spend_from=whole["call_spend_from"],
        spend=whole["call_spend"],
        basis=basis,
    )


def _as_now(name: str, value: Any) -> Any:  # noqa: ANN401  # whatever was written
    """A band that no buyer sees any more stood above high, so what it counted is what high counts."""
    if name != "call_band" or not isinstance(value, dict) or _BEFORE not in value:
        return value
    return {key: value[_BEFORE if key == "high" else key] for key in value if key != _BEFORE}


def _unanswered_fault(value: Mapping[str, float]) -> str:
    """Who did less must not count less: else a supplier would gain by answering less."""
    if any(value[one] > value[other] for one, other in pairwise(_LATE)):
        return f"must not fall along {', '.join(_LATE)}"
    if value["old"] > value["other_result"]:
        return "must not count old answers more than none"
    return "" if value["declined"] == value["share_over"] else "must count declined as share_over"
