"""How risky a purchase is and because of which facts, what to ask its supplier and what to do first. Separate from the score of the business."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assess.engine.in_words import fill_placeholders
from assess.engine.reference import HOME_COUNTRY, Country, Listing, Offer, Reference, Relation, ToDo

MAX_RISK = 100
"""Where risks end, and the share of countries above which nothing can rank."""
RISK_DIGITS = 9
"""Digits at which noise of floating-point sums is cut off."""

RiskBand = Literal["high", "medium", "lower", "not_known"]

GOODS_LIST, TRAFFICKING, RULE_OF_LAW, GUIDANCE = "goods_list", "trafficking_report", "rule_of_law", "buying_guidance"
"""Ids of the sources that facts of these kinds rest on."""
SOURCES = (GOODS_LIST, TRAFFICKING, RULE_OF_LAW, GUIDANCE)

TIERS = ("tier_1", "tier_2", "tier_2wl", "tier_3")
GOOD_KINDS = ("forced_labour", "child_labour", "downstream", "downstream_input", "elsewhere", "somewhere")
UK_KINDS = ("uk_cases", "uk_licence", "uk_named")
# facts without a risk: they say that a list is silent, or too little to calculate with
RISK_FACT_KINDS = (
    *GOOD_KINDS,
    "origin_unknown",
    *UK_KINDS,
    *TIERS,
    "rule_of_law",
    *("good_not_listed", "good_unknown", "country_unknown", "law_alone"),
)
"""Every kind of fact. Each has its words in `purchases.yaml`."""

SETTINGS_KIND = {"downstream_input": "downstream", "somewhere": "elsewhere"}
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
class Citation:
    source: str
    edition: str
    year: int
    url: str


@dataclass(frozen=True, slots=True)
class RiskFact:
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
    beside: Citation | None = None

    @property
    def mark(self) -> str:
        """The name under which settings know this kind."""
        return SETTINGS_KIND.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class JudgedPurchase:
    """A purchase with all facts, the one that decides first. `offer` is None for words of the business's own.

    Words no list knows are never “lower”: the risk stays that of the country, the band is not known, and the fact that says why
    stands first.
    """

    purchase: Purchase
    offer: Offer | None
    risk: float | None
    band: RiskBand
    facts: tuple[RiskFact, ...]

    @property
    def origin_known(self) -> bool:
        """Whether the line says where this comes from, as far as that matters."""
        return all(fact.kind != "origin_unknown" for fact in self.facts)


def judge_purchase(purchase: Purchase, reference: Reference) -> JudgedPurchase:
    """Hold a purchase against the lists. Its country must be one of the reference, or None."""
    offer = reference.offer(purchase.good)
    # work counts by what bodies in the UK report wherever the firm sits, and so does produce grown here
    here = bool(offer and offer.named_as and (offer.kind == "service" or purchase.country == HOME_COUNTRY))
    found = [
        *_about_goods(offer, purchase.country, reference),
        *_about_origin(purchase.country, reference, here=here),
        *(_uk_facts(offer, reference) if offer and here else ()),
    ]
    risk = max((fact.risk for fact in found if fact.risk is not None), default=None)
    band = risk_band(risk, reference)
    if offer is None and band == "lower":
        band = "not_known"  # it may be work done here, and the figure of a country says nothing of that
    silent_first = band == "not_known"
    facts = sorted(found, key=lambda fact: ((fact.risk is None) != silent_first, -(fact.risk or 0)))
    return JudgedPurchase(purchase, offer, risk, band, tuple(facts))


def may_be_uk_work(kinds: Iterable[str]) -> bool:
    """Whether facts of these kinds leave open that people work in the UK for the business: named work, and words no list knows.

    Such a firm may be the one that controls, so nothing is asked of it while advice comes first (docs/rules.md 1.4).
    """
    return any(kind in UK_KINDS or kind == "good_unknown" for kind in kinds)


def risk_band(risk: float | None, reference: Reference) -> RiskBand:
    """The band of a risk; not known is never low."""
    if risk is None:
        return "not_known"
    if risk >= reference.marks.high:
        return "high"
    return "medium" if risk >= reference.marks.medium else "lower"


def rounded_down_risk(risk: float) -> str:
    """A risk as people read it: a whole number, rounded down, so that none reads as if it had reached the next band."""
    return str(math.floor(round(risk, RISK_DIGITS)))


def _about_origin(country: str | None, reference: Reference, *, here: bool) -> Iterator[RiskFact]:
    if here and country in {None, HOME_COUNTRY}:
        return  # work is done where the business is; lists that compare countries would call it low
    if country is None:
        yield _fact("origin_unknown", GUIDANCE, reference, {})
    else:
        yield from _about_country(reference.countries[country], reference)


def _about_country(country: Country, reference: Reference) -> Iterator[RiskFact]:
    marks, gaps, tier = reference.marks, {"country": country.name}, country.tier
    risk = None if tier is None else marks.tiers[tier]
    if tier is None:
        yield _fact("country_unknown", TRAFFICKING, reference, gaps)
    else:
        unsure = reference.words.fixed["tier_unsure"] if country.tier_unsure else ""
        yield _fact(tier, TRAFFICKING, reference, gaps, editions=[str(country.tier_year)], risk=risk, more=unsure)
    if country.law_rank is not None:
        gaps["rank"] = (
            f"{min(MAX_RISK - 1, max(1, MAX_RISK - country.law_rank)):.0f}"  # of 100: never none and never all
        )
        if risk is None:
            yield _fact("law_alone", RULE_OF_LAW, reference, gaps)
        else:
            blend = marks.tier_share * risk + marks.law_share * (MAX_RISK - country.law_rank)
            law = _fact("rule_of_law", RULE_OF_LAW, reference, gaps, risk=round(blend, RISK_DIGITS))
            yield replace(law, beside=_citation(TRAFFICKING, reference, [str(country.tier_year)]))


def _about_goods(offer: Offer | None, country: str | None, reference: Reference) -> Iterator[RiskFact]:
    if offer is None:
        yield _fact("good_unknown", GOODS_LIST, reference, {})
        return
    found = [fact for good, relation in offer.goods for fact in _about_good(good, relation, country, reference)]
    if not found and offer.kind != "service":
        yield _fact("good_not_listed", GOODS_LIST, reference, {})
    yield from found


def _about_good(good: str, relation: Relation, country: str | None, reference: Reference) -> Iterator[RiskFact]:
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
        yield _fact(kind, GOODS_LIST, reference, gaps, editions=sorted({one.edition for one in listed}), more=belongs)


def _countries(count: int, other: str) -> str:
    return f"{count} {other}{'country' if count == 1 else 'countries'}"


def _about_listing(listing: Listing, belongs: str, reference: Reference) -> Iterator[RiskFact]:
    gaps = {"good": listing.good, "country": reference.countries[listing.country].name}
    kinds = [kind for kind, found in (("forced_labour", listing.forced), ("child_labour", listing.child)) if found]
    if listing.basis is not None:
        kinds.append("downstream" if listing.input_good is None else "downstream_input")
        gaps |= {"basis": listing.basis, "input": listing.input_good or ""}
    for kind in kinds:
        yield _fact(kind, GOODS_LIST, reference, gaps, editions=[listing.edition], more=belongs)


def _uk_facts(offer: Offer, reference: Reference) -> Iterator[RiskFact]:
    for sector in offer.named_as:
        for indicator in reference.indicators[sector]:
            words = reference.words.kinds[indicator.kind]
            yield RiskFact(
                kind=indicator.kind,
                risk=reference.marks.facts[indicator.kind],
                source=indicator.source,
                edition=indicator.edition,
                year=indicator.year,
                url=indicator.url,
                says=fill_placeholders(words.says, {"sector": indicator.sector, "indicator": indicator.says}),
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
) -> RiskFact:
    """A fact in words. Without `risk`, it is what the settings say of its kind, if they do; `editions` are years."""
    says = fill_placeholders(reference.words.kinds[kind].says, gaps)
    if risk is None:
        risk = reference.marks.facts.get(SETTINGS_KIND.get(kind, kind))
    cited = _citation(source_id, reference, editions)
    return RiskFact(kind, risk, cited.source, cited.edition, cited.year, cited.url, f"{says} {more}".rstrip())


def _citation(source_id: str, reference: Reference, editions: Sequence[str] = ()) -> Citation:
    """A list with the editions, named by their years, that a fact rests on; without any, with the edition we have of it."""
    source = reference.sources[source_id]
    edition, year = (" and ".join(editions), int(editions[-1])) if editions else (source.edition, source.year)
    return Citation(f"{source.publisher}, {source.title}", edition, year, source.url)


MAX_QUESTIONS = 5


@dataclass(frozen=True, slots=True)
class PurchaseStep:
    """What to do about one line. `line` is its place among the purchases, from 0; steps stand in the order to do them."""

    line: int
    kind: str
    todo: ToDo
    severity: float
    weight: float


def questions_for(judged: JudgedPurchase, reference: Reference) -> tuple[str, ...]:
    """A short list to ask this supplier: what belongs to this service, what the facts call for, the gravest first, then what anyone can be asked."""
    asked = dict.fromkeys(judged.offer.ask if judged.offer else ())
    for fact in sorted(judged.facts, key=lambda fact: -severity_of(fact.mark, reference)):
        asked |= dict.fromkeys(reference.words.kinds[fact.kind].ask)
    asked |= dict.fromkeys(reference.words.ask_anyone)
    return tuple(asked)[:MAX_QUESTIONS]


def steps_for(lines: Sequence[JudgedPurchase], reference: Reference) -> tuple[PurchaseStep, ...]:
    """One step for each high line, in the order to do them. The order of the lines changes nothing."""
    steps = [
        _step(number, judged, share, reference)
        for number, (judged, share) in enumerate(zip(lines, shares_of(lines), strict=True))
        if judged.band == "high"
    ]
    return tuple(sorted(steps, key=lambda step: (-step.severity, -step.weight, _tie_break_key(lines[step.line]))))


def _step(number: int, judged: JudgedPurchase, share: float, reference: Reference) -> PurchaseStep:
    risk = judged.risk or 0.0
    acting = [fact for fact in judged.facts if fact.risk is not None and fact.risk >= reference.marks.high]
    gravest = max(acting, key=lambda fact: (severity_of(fact.mark, reference), fact.risk or 0.0))
    todo = reference.words.kinds[gravest.kind].todo
    if todo is None:
        raise KeyError(gravest.kind)  # the check of the files sees that every kind that can be high has one
    # what is behind these decimals of a weight is noise of adding, and may put nothing before anything
    return PurchaseStep(
        line=number,
        kind=gravest.kind,
        todo=todo,
        severity=severity_of(gravest.mark, reference),
        weight=round(risk * share * influence_over(judged, reference), 6),
    )


def severity_of(mark: str, reference: Reference) -> float:
    """How grave the harm is that a fact of this kind speaks of; 0 for one that says a list is silent."""
    return reference.marks.severity.get(mark, 0.0)


def influence_over(judged: JudgedPurchase, reference: Reference) -> float:
    """How much sway the business has: more where it can name the supplier, and where the work is done in the UK."""
    sway = reference.marks.influence
    in_the_uk = judged.purchase.country == HOME_COUNTRY or (judged.offer is not None and judged.offer.kind == "service")
    named = judged.purchase.supplier is not None
    return sway["least"] + named * sway["supplier_known"] + in_the_uk * sway["in_the_uk"]


def shares_of(lines: Sequence[JudgedPurchase]) -> tuple[float, ...]:
    """The share of spending each line counts with: what was said; lines without one divide what is left alike."""
    shares = [judged.purchase.share for judged in lines]
    without = sum(share is None for share in shares)
    left = 100.0 - math.fsum(share for share in shares if share is not None)
    # what a line without a share counts for when the others already make up all spending
    part = max(1.0, left / without) if without else 0.0
    return tuple(part if share is None else share for share in shares)


def _tie_break_key(judged: JudgedPurchase) -> tuple[str, str, str]:
    """Settles ties by what a line says, never by where it stands."""
    purchase = judged.purchase
    return purchase.good, purchase.country or "", purchase.supplier or ""
