"""How a tier is proposed from the six headings of PPN 009: a pure rule, and every heading explained in words.

The guidance gives no number (it only says that more than one heading that applies should bring a closer look), so the rule is this
service's own. A person decides. What is not known counts as high: whatever it turns out to be, the proposal can only stay or fall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.banks.contracts import Limits
from assess.suppliers.contracts.models import Level
from assess.suppliers.models import Tier

WORDS: Mapping[Level, str] = {
    Level.LOW: "low",
    Level.MEDIUM: "medium",
    Level.HIGH: "high",
    Level.NOT_KNOWN: "not known, so it counts as high until you find out",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed tier. `points`: one sentence for each heading; `because`: the sum of them in one sentence."""

    tier: Tier
    because: str
    points: tuple[str, ...]


def propose(levels: Mapping[str, Level], headings: Mapping[str, str], limits: Limits) -> Proposal:
    """The tier these levels propose. `headings`: name by id; a heading without a level is not known."""
    told = {name: levels.get(name, Level.NOT_KNOWN) for name in headings}
    points = tuple(f"{headings[name]}: {WORDS[level]}." for name, level in told.items())
    tier = tier_of(list(told.values()), limits)
    return Proposal(tier, f"{_counted(list(told.values()))} {_rule(tier, limits)}", points)


def tier_of(levels: Sequence[Level], limits: Limits) -> Tier:
    """The tier alone. More risk under any heading never lowers it, and neither does knowing less."""
    high = sum(level in {Level.HIGH, Level.NOT_KNOWN} for level in levels)
    medium = sum(level is Level.MEDIUM for level in levels)
    if high >= limits.high_with_high or (high and high - 1 + medium >= limits.high_with_one_high_and_medium):
        return Tier.HIGH
    if high or medium >= limits.medium_with_medium:
        return Tier.MEDIUM
    return Tier.LOW


def _counted(levels: Sequence[Level]) -> str:
    counts = [(levels.count(level), word) for level, word in _COUNTED.items()]
    parts = [f"{count} {word}" for count, word in counts if count]
    return f"Of the {len(levels)} headings: {', '.join(parts)}."


_COUNTED = {Level.HIGH: "high", Level.NOT_KNOWN: "not known", Level.MEDIUM: "medium", Level.LOW: "low"}


def _rule(tier: Tier, limits: Limits) -> str:
    if tier is Tier.HIGH:
        return (
            f"{limits.high_with_high} or more that are high or not known make High, "
            f"and so does one with {limits.high_with_one_high_and_medium} others that are medium."
        )
    if tier is Tier.MEDIUM:
        return f"One that is high or not known makes Medium, and so do {limits.medium_with_medium} that are medium."
    return f"None is high or not known, and fewer than {limits.medium_with_medium} are medium. That makes Low."
