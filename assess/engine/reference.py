"""Reference data for purchases (countries, goods, UK sectors, industries) as frozen data, and the search for goods, services and industries by a few words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Annotated, Literal

from assess.engine.bank import Effort
from assess.engine.schema import Count, Day, Id, NumberType, Url
from assess.engine.text_normalise import normalise_name, without_suffix_word

HOME_COUNTRY = "GB"
"""The country whose services and produce go by what bodies there report, not by lists that compare countries."""

Relation = Literal["same", "ingredient", "material", "part"]
OfferKind = Literal["good", "usual", "service", "produce"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSource:
    """Where a table, or a part of it, comes from. It is an entry of `reference.yaml`; dates are ISO."""

    id: Id
    file: str | None = None
    title: str
    publisher: str
    edition: str
    year: Annotated[int, NumberType(least=1900, whole=True)]
    read: Day
    licence: str
    url: Url
    review_by: Day
    we_changed: str | None = None


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
class RiskSettings:
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
    """What to do about a high line."""

    do: str
    owner: Id
    effort: Effort
    days: Count
    after_advice: bool = False


@dataclass(frozen=True, slots=True)
class KindTexts:
    """The words around one kind of fact: its sentence with gaps, what to ask the supplier, what to do."""

    says: str
    ask: tuple[str, ...] = ()
    todo: ToDo | None = None


@dataclass(frozen=True, slots=True)
class ReferenceTexts:
    """All words: by kind of fact, the fixed sentences by id, and questions any supplier can be asked."""

    kinds: Mapping[str, KindTexts]
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
    sources: Mapping[str, ReferenceSource]
    marks: RiskSettings
    words: ReferenceTexts
    owners: Mapping[str, str]
    _named: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _by_normalised_name: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _ends: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the names findable: the key first, then the name and other words; of two alike, the usual purchase."""
        named: dict[str, str] = {}
        loosely: dict[str, str] = {}
        # a usual purchase, which stands for several goods, comes before a single good of the same name: phones write a
        # large letter by themselves, and nobody means less by it
        ranked = sorted(self.offers.values(), key=lambda offer: (offer.kind == "good", offer.key))
        # the keys and names of all come first, so that a mere word of one never stands for the name of another
        searched = [
            *((offer, (offer.key, offer.name)) for offer in ranked),
            *((offer, offer.words) for offer in ranked),
        ]
        for offer, words in searched:
            for word in words:
                named.setdefault(normalise_spacing(word), offer.key)
                loosely.setdefault(normalise_name(word), offer.key)
        object.__setattr__(self, "_named", named)
        object.__setattr__(self, "_by_normalised_name", loosely)
        ends = tuple(
            (
                tuple(f"{normalise_name(word)} " for word in offer.begins),
                tuple(f" {normalise_name(word)}" for word in offer.ends),
                offer.key,
            )
            for offer in ranked
            if offer.begins or offer.ends
        )
        object.__setattr__(self, "_ends", ends)

    def offer(self, name: str) -> Offer | None:
        """The offer a business means by these words, None for words of its own.

        A key written exactly is that offer. Else it is what a person means who types.
        """
        exact = self.offers.get(name)
        return self.typed(name) if exact is None else exact

    def typed(self, name: str) -> Offer | None:
        """The offer a person means who types these words, None for words of its own: large and small letters, spaces, articles and plurals do not matter."""
        key = self._named.get(normalise_spacing(name)) or self._by_normalised_name.get(normalise_name(name))
        return self._work(normalise_name(name)) if key is None else self.offers[key]

    def _work(self, text: str) -> Offer | None:
        """Work that is named at one end of what was written, or with a word behind it that changes nothing."""
        for begins, ends, key in self._ends:
            if text.startswith(begins) or text.endswith(ends):
                return self.offers[key]
        name = without_suffix_word(text)
        found = self.offers.get(self._by_normalised_name.get(name, "")) if name else None
        return found if found is not None and found.kind == "service" else None


def normalise_spacing(text: str) -> str:
    """Words as they are compared: small letters, single spaces."""
    return " ".join(text.casefold().split())


MAX_SUGGESTIONS = 12
MAX_QUERY_LENGTH = 100
_WORD = re.compile(r"[a-z0-9]+")
_STOP_WORDS = frozenset(
    {"a", "an", "and", "by", "for", "from", "in", "n", "e", "c", "of", "on", "or", "other", "the", "to", "with"}
)
_MAX_ENDING = 2
"""How many letters more one of two words may have and still be the other: egg and eggs, box and boxes."""
_SHORTEST_STEM = 3
_SHORTEST_TYPO, _TYPO_RATIO = 4, 0.75
"""Two words of four letters with one that differs are one word mistyped."""


@dataclass(frozen=True, slots=True)
class _SearchTexts:
    """What one entry is found by: its name, and other words for it. `initials` are the first letters of all of them.

    A word that fits shares its first letter with what it fits; most entries are left aside by that alone.
    """

    name: tuple[str, ...]
    others: tuple[str, ...]
    initials: frozenset[str]


def search_words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters without accents, those that say nothing left out."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return tuple(word for word in _WORD.findall(bare) if word not in _STOP_WORDS)


def usual_offers(reference: Reference, bank: str) -> tuple[Offer, ...]:
    """What businesses of this bank usually buy, work first and then goods by name."""
    usual = [offer for offer in reference.offers.values() if bank in offer.usual_in]
    return tuple(sorted(usual, key=lambda offer: (offer.kind != "service", offer.name.casefold())))


def suggest_offers(reference: Reference, text: str, bank: str, most: int = MAX_SUGGESTIONS) -> tuple[Offer, ...]:
    """Goods and services these words may mean, the best first, those usual for this bank before the others. Nothing said: what is usual."""
    query = search_words(text[:MAX_QUERY_LENGTH])
    if not query:
        return () if text.strip() else usual_offers(reference, bank)[:most]
    # of two with the same name the usual purchase is offered, because it stands for more goods
    names = {offer.name.casefold() for offer in reference.offers.values() if offer.kind != "good"}
    offers = [
        offer
        for offer in reference.offers.values()
        if offer.suggested and not (offer.kind == "good" and offer.name.casefold() in names)
    ]
    # where nothing fits all words, what fits some of them
    for fit in (_match_rank, _partial_match_rank):
        found = [
            (bank not in offer.usual_in, place, offer.name.casefold(), offer)
            for offer in offers
            if (place := fit(query, _search_texts(offer.name, offer.words))) is not None
        ]
        if found:
            return tuple(row[-1] for row in sorted(found, key=lambda row: row[:-1])[:most])
    return ()


def find_industries(industries: Sequence[Industry], text: str, most: int = MAX_SUGGESTIONS) -> tuple[Industry, ...]:
    """Kinds of business these words or digits of a code may mean, the best first; those that fit a bank first among equals."""
    query = search_words(text[:MAX_QUERY_LENGTH])
    if not query:
        return ()
    if len(query) == 1 and query[0].isdigit():
        return tuple(one for one in industries if one.code.startswith(query[0]))[:most]
    for fit, most_missing in ((_match_rank, MAX_QUERY_LENGTH), (_near_match_rank, (len(query) - 1) // 2)):
        found = [
            (place, one.bank is None, len(one.description), one.code, one)
            for one in industries
            if (place := fit(query, _search_texts(one.description, one.words))) is not None
            # one word of two is no hint at questions: a care home is no boarding and care of farm animals
            and (one.bank is None or place <= most_missing)
        ]
        if found:
            return tuple(row[-1] for row in sorted(found, key=lambda row: row[:-1])[:most])
    return ()


@lru_cache(maxsize=8192)
def _search_texts(name: str, others: tuple[str, ...]) -> _SearchTexts:
    own, more = search_words(name), tuple(dict.fromkeys(word for text in others for word in search_words(text)))
    return _SearchTexts(own, more, frozenset(word[0] for word in own + more))


def _match_rank(query: tuple[str, ...], texts: _SearchTexts) -> int | None:
    """How well all words of a query fit, 0 is best; None when one of them fits nothing."""
    if not all(word[0] in texts.initials for word in query):
        return None
    if query == texts.name:
        return 0
    if all(word in texts.name for word in query):
        return 1 if texts.name[: len(query)] == query else 2
    if all(_begins_any(word, texts.name) for word in query):
        return 3
    if all(word in texts.others or word in texts.name for word in query):
        return 4
    return 5 if all(_begins_any(word, texts.others) or _begins_any(word, texts.name) for word in query) else None


def _partial_match_rank(query: tuple[str, ...], texts: _SearchTexts) -> int | None:
    """The fewer words of a query fit, the later, and among equals those in no name after those in one; None when none does."""
    if not any(word[0] in texts.initials for word in query):
        return None
    in_name = [_begins_any(word, texts.name) for word in query]
    fitting = sum(named or _begins_any(word, texts.others) for word, named in zip(query, in_name, strict=True))
    return 2 * (len(query) - fitting) + (not any(in_name)) if fitting else None


def _near_match_rank(query: tuple[str, ...], texts: _SearchTexts) -> int | None:
    """How many words of a query fit no whole word, a slip of the finger allowed; None where none fits."""
    fitting = sum(word[0] in texts.initials and _is_near_any(word, texts.name + texts.others) for word in query)
    return len(query) - fitting if fitting else None


def _is_near_any(word: str, words: Sequence[str]) -> bool:
    return any(
        one == word
        or _is_stem(one, word)
        or _is_stem(word, one)
        or (min(len(one), len(word)) >= _SHORTEST_TYPO and _is_typo(one, word))
        for one in words
        if one[0] == word[0]
    )


@lru_cache(maxsize=8192)
def _is_typo(one: str, word: str) -> bool:
    return SequenceMatcher(None, one, word).ratio() >= _TYPO_RATIO


def _begins_any(word: str, words: Sequence[str]) -> bool:
    return any(one.startswith(word) or _is_stem(one, word) for one in words)


def _is_stem(one: str, word: str) -> bool:
    return len(one) >= _SHORTEST_STEM and word.startswith(one) and len(word) - len(one) <= _MAX_ENDING
