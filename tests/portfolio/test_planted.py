"""Whether the order finds who is worst, in portfolios where that is known, and what the size of a firm does to it."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

from assess.banks.call_weights import call_weights_on
from assess.banks.folder import QUESTIONNAIRES
from tests.portfolio.planted import (
    TODAY,
    by_band_alone,
    by_known_band_alone,
    by_nothing,
    by_rule,
    portfolio,
    precision,
)

CALLING = Path(__file__).parents[2] / "docs/decisions/calling.md"
SEEDS = range(40)
PORTFOLIOS = {seed: portfolio(seed) for seed in SEEDS}


def test_the_first_ten_hold_more_of_the_truly_worst_than_chance_or_the_band_alone(
    record_property: pytest.RecordProperty,
) -> None:
    orders = {
        "rule": by_rule(call_weights_on(QUESTIONNAIRES, TODAY)),
        "band alone": by_band_alone,
        "known band alone": by_known_band_alone,
        "chance": by_nothing,
    }
    found = {name: mean(precision(PORTFOLIOS[seed], order, seed) for seed in SEEDS) for name, order in orders.items()}
    for name, value in found.items():
        record_property(f"precision at 10, {name}", round(value, 3))
    print(found)
    rule, alone, known, chance = found.values()
    figures = (f"hold {rule:.0%}", f"{alone:.1%} by the band", f"{chance:.1%} by chance", f"it is {known:.0%}")
    written = " ".join(CALLING.read_text().split())
    assert [figure for figure in figures if figure not in written] == []
    assert found["rule"] > 2 * found["band alone"]
    assert found["rule"] > 2 * found["chance"]


def test_whoever_knows_the_truth_would_find_all_ten() -> None:
    assert precision(PORTFOLIOS[0], lambda one: one.worth, 0) == 1.0
