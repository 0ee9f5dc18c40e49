"""A second, plainer calculation over the whole tables, for every good from every country."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.references import judged, real

FOLDER = Path(__file__).parents[2] / "questionnaires" / "reference"


def rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@cache
def risk_of(good: str, country: str | None = None) -> float | None:
    """The risk our own calculation sees, worked out once for both tests: it depends on nothing but these two."""
    return judged(good, country).risk


def plain_country(row: dict[str, str]) -> float | None:
    tiers = {"1": 15, "2": 40, "2WL": 65, "3": 90, "SC": 90}
    if row["tip_tier"] not in tiers:
        return None
    tier = tiers[row["tip_tier"]]
    percentile = row["wgi_rule_of_law_pctrank_2023"]
    return max(tier, 0.6 * tier + 0.4 * (100 - float(percentile))) if percentile else tier


def plain_good(listed: list[dict[str, str]], country: str) -> float:
    here = [row for row in listed if row["country_iso2"] == country]
    marks = [0, *([40] if listed and not here else [])]
    for row in here:
        marks += [90] * ("yes" in {row["forced_labour"], row["forced_child_labour"]})
        marks += [70] * ("yes" in {row["child_labour"], row["forced_child_labour"]})
        marks += [65] * bool(row["input_basis"])
    return max(marks)


def test_every_good_from_every_country_is_as_a_plainer_sum_says() -> None:
    countries = {row["country_iso2"]: plain_country(row) for row in rows("country_risk.csv")}
    listed: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("goods_risk.csv"):
        listed[row["good"]] += [row] if row["status"] == "listed" else []
    grown_here = {offer.key for offer in real().offers.values() if offer.named_as}
    compared = 0
    for good, found in listed.items():
        for country, risk in countries.items():
            if country == "GB" and good in grown_here:
                continue
            mark = plain_good(found, country)
            wanted = risk if mark == 0 else max(mark, risk or 0)
            assert risk_of(good, country) == (None if wanted is None else pytest.approx(wanted)), (good, country)
            compared += 1
    assert compared > 169 * 249


def test_not_knowing_the_origin_is_never_better_than_the_best_that_could_be_known() -> None:
    for offer in real().offers:
        known = [risk for country in real().countries if (risk := risk_of(offer, country)) is not None]
        unknown = risk_of(offer)
        assert unknown is not None
        assert unknown >= min(known), offer
