"""What a buyer sees of what a business buys: goods, country, the word of the risk and the fact behind it (decisions.md 7.3, 7.7).

Built from nothing, field by field. No supplier, no share, no step (steps wait while a sign is open, so they would tell), and no
word the business typed: it may be the name of a firm. The order is that of the words, so it tells nothing of spending either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.engine.purchase_data import BANDS
from assess.plans.buying.lines import lines_of

OWN_WORDS = "Something in the business’s own words"


@dataclass(frozen=True, slots=True)
class BuyerPurchase:
    """One kind of goods from one country. Lines that differ only in their supplier are one."""

    name: str
    place: str
    word: str
    says: str
    source: str
    about: str


@dataclass(frozen=True, slots=True)
class BuyerBuying:
    """The section of the buyer copy."""

    purchases: tuple[BuyerPurchase, ...]
    blind_spot: str
    not_known: str


def buying_for_buyer(record: Mapping[str, Any]) -> BuyerBuying | None:
    """The section; None where the record says nothing of purchases. Whether a sign is open is not asked here."""
    found = record.get("purchases")
    if not found or not found["lines"]:
        return None
    known = [row["known_as"] is not None for row in found["lines"]]
    told = {
        (
            BANDS.index(line.band),
            BuyerPurchase(
                name=line.name if known[line.index] else OWN_WORDS,
                place=line.place,
                word=line.word,
                says=line.deciding.says,
                source=line.deciding.source,
                about=line.about,
            ),
        )
        for line in lines_of(found["lines"])
    }
    ordered = sorted(told, key=lambda pair: (pair[0], pair[1].name.casefold(), pair[1].place, pair[1].says))
    return BuyerBuying(tuple(one for _, one in ordered), found["blind_spot"], found["not_known"])
