"""What is known of countries, goods and work in the UK, as plain frozen data: the lists that purchases are held against.

The rooms outside read it from dated files and hand it in. Nothing here knows a firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assess.engine.loose_words import loose, without_tail

HOME = "GB"
"""The country whose services and produce go by what bodies there report, not by lists that compare countries."""

Relation = Literal["same", "ingredient", "material", "part"]
OfferKind = Literal["good", "usual", "service", "produce"]


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it: an entry of `reference.yaml`. Dates are ISO."""

    id: str
    title: str
    publisher: str
    edition: str
    year: int
    url: str
    licence: str
    read: str
    review_by: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters. `tier` is one of `tier_1`, `tier_2`, `tier_2wl`, `tier_3`, or None where there is none.

    `tier_unsure`: of two tiers the riskier one was taken. `law_rank` is the percentage of economies where the rule of law is weaker.
    """

    code: str
    name: str
    tier: str | None = None
    tier_year: int | None = None
    tier_unsure: bool = False
    law_rank: float | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A good that is on the list for a country. `basis` is filled where the finding is on something it is made with."""

    good: str
    country: str
    edition: str
    child: bool = False
    forced: bool = False
    basis: str | None = None
    input_good: str | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """Why a sector in the UK is named. `kind` is `uk_cases`, `uk_licence` or `uk_named`."""

    sector: str
    says: str
    kind: str
    source: str
    edition: str
    year: int
    url: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a business can buy, by a name of one of our lists.

    `key` is what an answer holds: the department's name of a good, the name of a usual purchase, or the id of a service. `goods` are
    names of the list of goods, with how they belong to it. `named_as` are sectors of the UK: they count for a service
    wherever the firm sits, for produce only when it comes from the UK. `usual_in` are banks, and `first_in` those of them that show it
    first; `kinds` say which kind of thing it is there, by bank, such as “linen”; `ask` are questions for its suppliers alone.
    `begins` and `ends` say it at either end of whatever is written: “agency chefs”.
    """

    key: str
    name: str
    kind: OfferKind
    goods: tuple[tuple[str, Relation], ...] = ()
    named_as: tuple[str, ...] = ()
    usual_in: frozenset[str] = frozenset()
    first_in: frozenset[str] = frozenset()
    kinds: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    suggested: bool = True

    def kind_in(self, bank: str) -> str | None:
        """Which kind of thing it is for businesses of this bank; None where it is not usual there."""
        return dict(self.kinds).get(bank)


@dataclass(frozen=True, slots=True)
class Industry:
    """A kind of business in the UK's classification. `bank` is the bank that fits it, if one does."""

    code: str
    description: str
    section: str
    section_name: str
    bank: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """The numbers of the sums, from dated settings (0 to 100, more is worse). `basis` says of each where it comes from."""

    tiers: Mapping[str, float]
    tier_share: float
    law_share: float
    facts: Mapping[str, float]
    medium: float
    high: float
    severity: Mapping[str, float]
    influence: Mapping[str, float]
    basis: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ToDo:
    """What to do about a high line because of one kind of fact."""

    do: str
    owner: str
    effort: str
    days: int
    after_advice: bool = False


@dataclass(frozen=True, slots=True)
class KindWords:
    """The words around one kind of fact: its sentence with gaps, what to ask the supplier, what to do."""

    says: str
    ask: tuple[str, ...] = ()
    todo: ToDo | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """All words: by kind of fact, the fixed sentences by id, and questions any supplier can be asked."""

    kinds: Mapping[str, KindWords]
    fixed: Mapping[str, str]
    ask_anyone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything purchases are held against. `listings` are by good, `indicators` by sector, `offers` by key."""

    countries: Mapping[str, Country]
    listings: Mapping[str, tuple[Listing, ...]]
    indicators: Mapping[str, tuple[Indicator, ...]]
    offers: Mapping[str, Offer]
    industries: tuple[Industry, ...]
    sources: Mapping[str, Source]
    marks: Marks
    words: Words
    owners: Mapping[str, str]
    _named: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _loosely: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _ends: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the names findable: the key first, then the name and other words; of two alike, the usual purchase."""
        named: dict[str, str] = {}
        loosely: dict[str, str] = {}
        ranked = sorted(self.offers.values(), key=lambda offer: (offer.kind == "good", offer.key))
        for said in (_keys, _names):
            for offer in ranked:
                for word in said(offer):
                    named.setdefault(plain(word), offer.key)
                    loosely.setdefault(loose(word), offer.key)
        object.__setattr__(self, "_named", named)
        object.__setattr__(self, "_loosely", loosely)
        ends = tuple(
            (
                tuple(f"{loose(word)} " for word in offer.begins),
                tuple(f" {loose(word)}" for word in offer.ends),
                offer.key,
            )
            for offer in ranked
            if offer.begins or offer.ends
        )
        object.__setattr__(self, "_ends", ends)

    def offer(self, said: str) -> Offer | None:
        """The offer a business means by these words, None for words of its own.

        A key written exactly is that offer. Else it is what a person means who types.
        """
        exact = self.offers.get(said)
        return self.typed(said) if exact is None else exact

    def typed(self, said: str) -> Offer | None:
        """The offer a person means who types these words: large and small letters, spaces, articles and plurals do not matter.

        A usual purchase, which stands for several goods, comes before a single good of the same name: phones write a large letter
        by themselves, and nobody means less by it. None for words of its own.
        """
        key = self._named.get(plain(said)) or self._loosely.get(loose(said))
        return self._work(loose(said)) if key is None else self.offers[key]

    def _work(self, said: str) -> Offer | None:
        """Work that is named at one end of what was written, or with a word behind it that changes nothing."""
        for begins, ends, key in self._ends:
            if said.startswith(begins) or said.endswith(ends):
                return self.offers[key]
        name = without_tail(said)
        found = self.offers.get(self._loosely.get(name, "")) if name else None
        return found if found is not None and found.kind == "service" else None


def _keys(offer: Offer) -> tuple[str, ...]:
    return (offer.key, offer.name)


def _names(offer: Offer) -> tuple[str, ...]:
    return offer.words


def plain(text: str) -> str:
    """Words as they are compared: small letters, single spaces."""
    return " ".join(text.casefold().split())
