from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assess.banks.contracts import contract_rules
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.schema_contracts import CHARACTERISTICS
from assess.suppliers.contracts.grading import propose, tier_of
from assess.suppliers.contracts.models import Level
from assess.suppliers.models import Tier

LIMITS = contract_rules(QUESTIONNAIRES).limits
HEADINGS = {name: name.title() for name in CHARACTERISTICS}
RISING = (Level.LOW, Level.MEDIUM, Level.HIGH)
HEIGHT = tuple(Tier)
SIX = some.lists(some.sampled_from(list(Level)), min_size=6, max_size=6)
L, M, H, N = Level.LOW, Level.MEDIUM, Level.HIGH, Level.NOT_KNOWN


@pytest.mark.parametrize(
    ("levels", "tier"),
    [
        ([L, L, L, L, L, L], Tier.LOW),
        ([M, L, L, L, L, L], Tier.LOW),
        ([M, M, L, L, L, L], Tier.MEDIUM),
        ([M, M, M, M, M, M], Tier.MEDIUM),
        ([H, L, L, L, L, L], Tier.MEDIUM),
        ([H, M, L, L, L, L], Tier.MEDIUM),
        ([H, M, M, L, L, L], Tier.HIGH),
        ([H, H, L, L, L, L], Tier.HIGH),
        ([N, L, L, L, L, L], Tier.MEDIUM),
        ([N, H, L, L, L, L], Tier.HIGH),
        ([N, N, N, N, N, N], Tier.HIGH),
    ],
)
def test_so_many_headings_make_a_tier(levels: list[Level], tier: Tier) -> None:
    assert tier_of(levels, LIMITS) is tier


@given(SIX, some.integers(0, 5), some.sampled_from(RISING), some.sampled_from(RISING))
def test_more_known_risk_never_lowers_it(levels: list[Level], place: int, one: Level, other: Level) -> None:
    low, high = sorted((one, other), key=RISING.index)
    less, more = [*levels], [*levels]
    less[place], more[place] = low, high
    assert HEIGHT.index(tier_of(less, LIMITS)) <= HEIGHT.index(tier_of(more, LIMITS))


@given(SIX, some.integers(0, 5))
def test_not_knowing_never_lowers_it(levels: list[Level], place: int) -> None:
    unknown = [*levels]
    unknown[place] = Level.NOT_KNOWN
    assert HEIGHT.index(tier_of(levels, LIMITS)) <= HEIGHT.index(tier_of(unknown, LIMITS))


@given(SIX)
def test_the_order_of_the_headings_changes_nothing(levels: list[Level]) -> None:
    assert tier_of(levels, LIMITS) is tier_of(levels[::-1], LIMITS)


def test_every_heading_is_explained_in_words() -> None:
    made = propose({"industry": H, "workforce": M, "location": L}, HEADINGS, LIMITS)
    assert made.tier is Tier.HIGH
    assert made.points == (
        "Industry: high.",
        "Workforce: medium.",
        "Location: low.",
        "Context: not known, so it counts as high until you find out.",
        "Commodity: not known, so it counts as high until you find out.",
        "Business_Model: not known, so it counts as high until you find out.",
    )
    assert made.because == (
        "Of the 6 headings: 1 high, 3 not known, 1 medium, 1 low. 2 or more that are high or not known make High, "
        "and so does one with 2 others that are medium."
    )
    assert "makes Medium" in propose({**dict.fromkeys(HEADINGS, L), "industry": H}, HEADINGS, LIMITS).because
    assert "That makes Low." in propose(dict.fromkeys(HEADINGS, L), HEADINGS, LIMITS).because
