"""Records of businesses that said what they buy: a hotel's fifteen lines, sixty, long names, and places no list knows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from typing import Any

from assess.engine.purchases import RISK_FACT_KINDS, Purchase, judge_purchase
from assess.engine.result_json import PurchaseList, purchases_for_record
from tests.plans.records import Record, scenario
from tests.reference_data import real

SECRET = "Zyx"
"""Stands in the name of each supplier and in nothing else."""

HOTEL = (
    Purchase("prawns", "EC", 12.5, f"{SECRET} Seafood"),
    Purchase("bed linen", "PK", 8, f"{SECRET} Linen"),
    Purchase("laundry", "GB", 9.5, f"{SECRET} Laundry"),
    Purchase("cleaning", None, None, f"{SECRET} Cleaners"),
    Purchase("agency_labour", None, 22, f"{SECRET} Staff"),
    Purchase("uniforms", "CN", 1.5),
    Purchase("rice", None, 2),
    Purchase("Cocoa", "CI", 0.5),
    Purchase("Coffee", "BR", 3),
    Purchase("Tea", "KE", 0.75),
    Purchase("Tomatoes", "IT", 2),
    Purchase("security", None, 4),
    Purchase("our Christmas trees", "DK"),
    Purchase("mats from the island", "KI"),
    Purchase("cleaners who come at night", "GB", 1, f"{SECRET} Nights"),
)
LONG = (
    Purchase("Handgeknüpfteteppichausdemhochlandohneeinleerzeichendazwischenundnochlänger" * 1, "NP", 3.125, "W" * 120),
    Purchase("things " * 17, None, None, f"{SECRET} and Daughters and Nephews " * 3),
    Purchase("electronics (phones, tills, computers)", "CN", 33.333333),
)
UNKNOWN = (
    Purchase("mats from the island", "KI"),
    Purchase("something"),
    Purchase("rice"),
)
COUNTRIES = ("CN", "IN", "BR", "MM", "GB", "EC", "KI", None)


def sixty() -> tuple[Purchase, ...]:
    """Sixty lines from all over the lists, with and without a share and a country."""
    keys = sorted(real().offers)
    picked = keys[:: max(1, len(keys) // 60)][:60]
    assert len(picked) == 60
    return tuple(
        Purchase(key, COUNTRIES[place % len(COUNTRIES)], None if place % 3 else 1.5, f"{SECRET} {place}")
        for place, key in enumerate(picked)
    )


def one_of_each_kind() -> tuple[Purchase, ...]:
    """Purchases whose facts are of every kind there is."""
    listed = [Purchase(one.good, one.country) for some in real().listings.values() for one in some]
    other = [
        Purchase(good, country)
        for good, country in product((*sorted(real().offers), "words of our own"), (*COUNTRIES, "IT", "VE", "AF"))
    ]
    left, picked = set(RISK_FACT_KINDS), []
    for purchase in (*listed, *other):
        kinds = {fact.kind for fact in judge_purchase(purchase, real()).facts}
        if kinds & left:
            left -= kinds
            picked.append(purchase)
    assert left == set()
    return tuple(picked)


def buying(record: Record, purchases: Sequence[Purchase] = HOTEL) -> Record:
    """The record as if the business had said that it buys this."""
    result = record["result"]
    block = purchases_for_record(
        PurchaseList(purchases, real()), advice_first=bool(result["urgent_signs"]) or result["third_party"]
    )
    back: dict[str, Any] = json.loads(json.dumps(block))
    return {**record, "purchases": back}


def hotel(purchases: Sequence[Purchase] = HOTEL, title: str = "hospitality medium") -> Record:
    return buying(scenario("hospitality", title), purchases)
