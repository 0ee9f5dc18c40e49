"""How risky a purchase is, and because of what: a result of its own, never part of the score of the business.

Begin at `judge`. A purchase is as risky as the gravest fact about its country and its goods; all facts are given. No sentence
here is about a firm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assess.engine.reference import HOME, Country, Indicator, Listing, Offer, Reference, Relation
from assess.engine.texts import fill

WORST = 100
"""Where risks end, and the share of countries above which nothing can rank."""
SAFE_DIGITS = 9
"""Digits at which noise of floating-point sums is cut off."""

Band = Literal["high", "medium", "lower", "not_known"]

GOODS_LIST, TRAFFICKING, RULE_OF_LAW, GUIDANCE = "goods_list", "trafficking_report", "rule_of_law", "buying_guidance"
"""Ids of the sources that facts of these kinds rest on."""
SOURCES = (GOODS_LIST, TRAFFICKING, RULE_OF_LAW, GUIDANCE)

TIERS = ("tier_1", "tier_2", "tier_2wl", "tier_3")
GOOD_KINDS = ("forced_labour", "child_labour", "downstream", "downstream_input", "elsewhere", "somewhere")
UK_KINDS = ("uk_cases", "uk_licence", "uk_named")
SILENT = ("good_not_listed", "good_unknown", "country_unknown", "law_alone")
"""Facts without a risk: they say that a list is silent, or too little to reckon with."""
KINDS = (*GOOD_KINDS, "origin_unknown", *UK_KINDS, *TIERS, "rule_of_law", *SILENT)
"""Every kind of fact. Each has its words in `purchases.yaml`."""

MARK_OF = {"downstream_input": "downstream", "somewhere": "elsewhere"}
"""Kinds that differ in their sentence alone count like another."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of what a business buys. `country` has two letters, None is not known; `share` is per cent of its spending.

    `supplier` is for the eyes of the business alone and changes no risk.
    """

    good: str
    country: str | None = None
    share: float | None = None
    supplier: str | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A list, as a fact names it."""

    source: str
    edition: str
    year: int
    url: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a list says. `risk` is None where it only says that nothing is known.

    `beside` is the second list of a figure that two make together.
    """

    kind: str
    risk: float | None
    source: str
    edition: str
    year: int
    url: str
    says: str
    beside: Cited | None = None

    @property
    def mark(self) -> str:
        """The name under which settings know this kind."""
        return MARK_OF.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class Judged:
    """A purchase with all facts, the one that decides first. `offer` is None for words of the business's own.

    Words no list knows are never “lower”: the risk stays that of the country, the band is not known, and the fact that says why
    stands first.
    """

    purchase: Purchase
    offer: Offer | None
    risk: float | None
    band: Band
    facts: tuple[Fact, ...]

    @property
    def origin_known(self) -> bool:
        """Whether the line says where this comes from, as far as that matters."""
        return all(fact.kind != "origin_unknown" for fact in self.facts)


def judge(purchase: Purchase, reference: Reference) -> Judged:
    """Hold a purchase against the lists. Its country must be one of the reference, or None."""
    offer = reference.offer(purchase.good)
    here = offer is not None and is_home(offer, purchase.country)
    found = [
        *_about_goods(offer, purchase.country, reference),
        *_about_origin(purchase.country, reference, here=here),
        *(_about_home(offer, reference) if offer and here else ()),
    ]
    risk = max((fact.risk for fact in found if fact.risk is not None), default=None)
    band = band_of(risk, reference)
    if offer is None and band == "lower":
        band = "not_known"  # it may be work done here, and the figure of a country says nothing of that
    silent_first = band == "not_known"
    facts = sorted(found, key=lambda fact: ((fact.risk is None) != silent_first, -(fact.risk or 0)))
    return Judged(purchase, offer, risk, band, tuple(facts))


def is_home(offer: Offer, country: str | None) -> bool:
    """Whether this goes by what bodies in the UK report: work, wherever the firm sits, and produce grown here."""
    return bool(offer.named_as) and (offer.kind == "service" or country == HOME)


def may_be_work_here(kinds: Iterable[str]) -> bool:
    """Whether facts of these kinds leave open that people work in the UK for the business: named work, and words no list knows.

    Such a firm may be the one that controls, so nothing is asked of it while advice comes first (decisions.md 7.4).
    """
    return any(kind in UK_KINDS or kind == "good_unknown" for kind in kinds)


def band_of(risk: float | None, reference: Reference) -> Band:
    """The band of a risk; not known is never low."""
    if risk is None:
        return "not_known"
    if risk >= reference.marks.high:
        return "high"
    return "medium" if risk >= reference.marks.medium else "lower"


def whole(risk: float) -> str:
    """A risk as people read it: a whole number, rounded down, so that none reads as if it had reached the next band."""
    return str(math.floor(round(risk, SAFE_DIGITS)))


def _about_origin(country: str | None, reference: Reference, *, here: bool) -> Iterator[Fact]:
    if here and country in {None, HOME}:
        return  # work is done where the business is; lists that compare countries would call it low
    if country is None:
        yield _fact("origin_unknown", GUIDANCE, reference, {})
    else:
        yield from _about_country(reference.countries[country], reference)


def _about_country(country: Country, reference: Reference) -> Iterator[Fact]:
    marks, gaps, tier = reference.marks, {"country": country.name}, country.tier
    risk = None if tier is None else marks.tiers[tier]
    if tier is None:
        yield _fact("country_unknown", TRAFFICKING, reference, gaps)
    else:
        unsure = reference.words.fixed["tier_unsure"] if country.tier_unsure else ""
        yield _fact(tier, TRAFFICKING, reference, gaps, editions=[str(country.tier_year)], risk=risk, more=unsure)
    if country.law_rank is not None:
        gaps["rank"] = f"{min(WORST - 1, max(1, WORST - country.law_rank)):.0f}"  # of 100: never none and never all
        if risk is None:
            yield _fact("law_alone", RULE_OF_LAW, reference, gaps)
        else:
            blend = marks.tier_share * risk + marks.law_share * (WORST - country.law_rank)
            law = _fact("rule_of_law", RULE_OF_LAW, reference, gaps, risk=round(blend, SAFE_DIGITS))
            yield replace(law, beside=_cited(TRAFFICKING, reference, [str(country.tier_year)]))


def _about_goods(offer: Offer | None, country: str | None, reference: Reference) -> Iterator[Fact]:
    if offer is None:
        yield _fact("good_unknown", GOODS_LIST, reference, {})
        return
    found = [fact for good, relation in offer.goods for fact in _about_good(good, relation, country, reference)]
    if not found and offer.kind != "service":
        yield _fact("good_not_listed", GOODS_LIST, reference, {})
    yield from found


def _about_good(good: str, relation: Relation, country: str | None, reference: Reference) -> Iterator[Fact]:
    listed = [one for one in reference.listings.get(good, ()) if not one.removed]
    here = [one for one in listed if one.country == country]
    belongs = reference.words.fixed.get(f"relation_{relation}", "")
    for one in here:
        yield from _about_listing(one, belongs, reference)
    if listed and not here:
        kind = "somewhere" if country is None else "elsewhere"
        gaps = {
            "good": good,
            "count": _countries(len({one.country for one in listed}), "" if country is None else "other "),
            "country": "" if country is None else reference.countries[country].name,
        }
        editions = sorted({one.edition for one in listed})
        yield _fact(kind, GOODS_LIST, reference, gaps, editions=editions, more=belongs)


def _countries(count: int, other: str) -> str:
    return f"{count} {other}{'country' if count == 1 else 'countries'}"


def _about_listing(listing: Listing, belongs: str, reference: Reference) -> Iterator[Fact]:
    gaps = {"good": listing.good, "country": reference.countries[listing.country].name}
    kinds = [kind for kind, found in (("forced_labour", listing.forced), ("child_labour", listing.child)) if found]
    if listing.basis is not None:
        kinds.append("downstream" if listing.input_good is None else "downstream_input")
        gaps |= {"basis": listing.basis, "input": listing.input_good or ""}
    for kind in kinds:
        yield _fact(kind, GOODS_LIST, reference, gaps, editions=[listing.edition], more=belongs)


def _about_home(offer: Offer, reference: Reference) -> Iterator[Fact]:
    for sector in offer.named_as:
        for indicator in reference.indicators[sector]:
            yield _about_indicator(indicator, reference)


def _about_indicator(indicator: Indicator, reference: Reference) -> Fact:
    words = reference.words.kinds[indicator.kind]
    return Fact(
        kind=indicator.kind,
        risk=reference.marks.facts[indicator.kind],
        source=indicator.source,
        edition=indicator.edition,
        year=indicator.year,
        url=indicator.url,
        says=fill(words.says, {"sector": indicator.sector, "indicator": indicator.says}),
    )


def _fact(
    kind: str,
    source_id: str,
    reference: Reference,
    gaps: dict[str, str],
    *,
    editions: Sequence[str] = (),
    risk: float | None = None,
    more: str = "",
) -> Fact:
    """A fact in words. Without `risk`, it is what the settings say of its kind, if they do; `editions` are years."""
    says = fill(reference.words.kinds[kind].says, gaps)
    if risk is None:
        risk = reference.marks.facts.get(MARK_OF.get(kind, kind))
    cited = _cited(source_id, reference, editions)
    return Fact(kind, risk, cited.source, cited.edition, cited.year, cited.url, f"{says} {more}".rstrip())


def _cited(source_id: str, reference: Reference, editions: Sequence[str] = ()) -> Cited:
    """A list with the editions, named by their years, that a fact rests on; without any, with the edition we have of it."""
    source = reference.sources[source_id]
    edition, year = (" and ".join(editions), int(editions[-1])) if editions else (source.edition, source.year)
    return Cited(f"{source.publisher}, {source.title}", edition, year, source.url)
