"""One purchase in words: what it is, where from, how risky, and because of which facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from assess.engine.purchase_data import order_on_paper, own_words
from assess.engine.purchases import whole
from assess.plans.words import plain, rounded

PLACE_UNKNOWN = "country not known"
HERE = "done in the UK"
_LEAST_SHARE = 0.01
"""In per cent: what is less would be printed as nothing."""


@dataclass(frozen=True, slots=True)
class BoughtFact:
    """One thing a list says. `counts` is the risk it stands for, empty where it only says that nothing is known.

    `source` names publisher, title, edition and year.
    """

    kind: str
    says: str
    counts: str
    source: str


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A purchase, with the fact that decides first. `number` is its place on paper, `index` that in the record.

    `said`: the words of the business where the lists have others. `risk` and `share` are finished numbers, empty where there is none;
    beside “not known” there is no number either, because it would be read as one of the lowest. `exact` is the risk with all its digits, for data.
    """

    number: int
    index: int
    name: str
    said: str
    place: str
    share: str
    portion: float | None
    band: str
    word: str
    risk: str
    exact: float | None
    facts: tuple[BoughtFact, ...]
    perhaps: tuple[str, ...]
    supplier: str
    about: str
    is_own: bool

    @property
    def travels_as(self) -> str:
        """What it is called in a file that travels: words of the business stay at home."""
        return own_words(self.number) if self.is_own else self.name

    @property
    def title(self) -> str:
        """What and where from."""
        return f"{self.name}, {self.place}"

    @property
    def told(self) -> tuple[BoughtFact, ...]:
        """All facts; those of one source that count alike and follow each other are told in one go."""
        runs = [list(run) for _, run in groupby(self.facts, key=lambda fact: (fact.counts, fact.source))]
        return tuple(replace(run[0], says=" ".join(fact.says for fact in run)) for run in runs)

    @property
    def deciding(self) -> BoughtFact:
        """The fact the risk comes from; where there is no risk, the first that says so."""
        return self.facts[0]


def lines_of(rows: Sequence[Mapping[str, Any]]) -> tuple[BoughtLine, ...]:
    """The lines of a record, the riskiest first. Alike ones stay in the order in which they were given."""
    return tuple(_line(number, place, rows[place]) for number, place in enumerate(order_on_paper(rows), 1))


def _line(number: int, index: int, row: Mapping[str, Any]) -> BoughtLine:
    known = row["known_as"] is not None
    name = row["name"][:1].upper() + row["name"][1:] if known else row["name"]
    risk = None if row["band"] == "not_known" else row["risk"]
    return BoughtLine(
        number=number,
        index=index,
        name=name,
        said=row["good"] if known and row["good"].casefold() not in {name.casefold(), row["known_as"]} else "",
        place=place_of(row),
        share=_share(row["share"]),
        portion=row["share"],
        band=row["band"],
        word=row["band_name"],
        risk="" if risk is None else whole(risk),
        exact=risk,
        facts=tuple(_fact(fact) for fact in row["facts"]),
        perhaps=tuple(row["perhaps"]),
        supplier=row.get("business_only", {}).get("supplier") or "",
        about=row["about"],
        is_own=not known,
    )


def _share(share: float | None) -> str:
    if share is None:
        return ""
    return f"{plain(rounded(share, 2))}%" if share == 0 or share >= _LEAST_SHARE else f"under {_LEAST_SHARE}%"


def place_of(row: Mapping[str, Any]) -> str:
    """Where a purchase of a record comes from. Work without a country is done where the business is."""
    if row["country_name"] is not None:
        return str(row["country_name"])
    return HERE if row["origin_known"] else PLACE_UNKNOWN


def _fact(fact: Mapping[str, Any]) -> BoughtFact:
    return BoughtFact(
        kind=fact["kind"],
        says=fact["says"],
        counts="" if fact["risk"] is None else whole(fact["risk"]),
        source=source_of(fact),
    )


def source_of(fact: Mapping[str, Any]) -> str:
    """Who said it, in which edition and year. An edition that is named by its year names it once; two lists are both named."""
    edition, year, beside = fact["edition"], str(fact["year"]), fact.get("beside")
    dated = f"edition {edition}" if year in edition else f"edition {edition}, year {year}"
    told = f"{fact['source']}, {dated}"
    return f"{told}; {source_of(beside)}" if beside else told
