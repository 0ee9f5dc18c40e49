"""Finding what a business buys, and what kind of business it is, by a few words. Pure: pages call it with and without scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assess.engine.reference import Industry, Offer, Reference

MOST = 12
LONGEST_QUERY = 100
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY_WORDS = frozenset(
    {"a", "an", "and", "by", "for", "from", "in", "n", "e", "c", "of", "on", "or", "other", "the", "to", "with"}
)
_ENDING = 2
"""How many letters more one of two words may have and still be the other: egg and eggs, box and boxes."""
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class _Texts:
    """What one entry is found by: its name, and other words for it. `initials` are the first letters of all of them.

    A word that fits shares its first letter with what it fits; most entries are left aside by that alone.
    """

    name: tuple[str, ...]
    others: tuple[str, ...]
    initials: frozenset[str]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in small letters without accents, those that say nothing left out."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return tuple(word for word in _WORD.findall(bare) if word not in _EMPTY_WORDS)


def usual_for(reference: Reference, bank: str) -> tuple[Offer, ...]:
    """What businesses of this bank usually buy, work first and then goods by name."""
    usual = [offer for offer in reference.offers.values() if bank in offer.usual_in]
    return tuple(sorted(usual, key=lambda offer: (offer.kind != "service", offer.name.casefold())))


def suggest(reference: Reference, said: str, bank: str, most: int = MOST) -> tuple[Offer, ...]:
    """Goods and services these words may mean, the best first, those usual for this bank before the others.

    Nothing said: what is usual. Of two with the same name the usual purchase is offered, because it stands for more goods. Where
    nothing fits all words, what fits some of them.
    """
    query = words_of(said[:LONGEST_QUERY])
    if not query:
        return usual_for(reference, bank)[:most]
    names = {offer.name.casefold() for offer in reference.offers.values() if offer.kind != "good"}
    offers = [
        offer
        for offer in reference.offers.values()
        if offer.suggested and not (offer.kind == "good" and offer.name.casefold() in names)
    ]
    for fit in (_place, _some):
        found = [
            (bank not in offer.usual_in, place, offer.name.casefold(), offer)
            for offer in offers
            if (place := fit(query, _texts(offer.name, offer.words))) is not None
        ]
        if found:
            return tuple(row[-1] for row in sorted(found, key=lambda row: row[:-1])[:most])
    return ()


def find_industries(industries: Sequence[Industry], said: str, most: int = MOST) -> tuple[Industry, ...]:
    """Kinds of business these words or digits of a code may mean, the best first; those that fit a bank first among equals."""
    query = words_of(said[:LONGEST_QUERY])
    if not query:
        return ()
    if len(query) == 1 and query[0].isdigit():
        return tuple(one for one in industries if one.code.startswith(query[0]))[:most]
    for fit in (_place, _some):
        found = [
            (place, one.bank is None, len(one.description), one.code, one)
            for one in industries
            if (place := fit(query, _texts(one.description, one.words))) is not None
        ]
        if found:
            return tuple(row[-1] for row in sorted(found, key=lambda row: row[:-1])[:most])
    return ()


@lru_cache(maxsize=8192)
def _texts(name: str, others: tuple[str, ...]) -> _Texts:
    own, more = words_of(name), tuple(dict.fromkeys(word for text in others for word in words_of(text)))
    return _Texts(own, more, frozenset(word[0] for word in own + more))


def _place(query: tuple[str, ...], texts: _Texts) -> int | None:
    """How well all words of a query fit, 0 is best; None when one of them fits nothing."""
    if not all(word[0] in texts.initials for word in query):
        return None
    if query == texts.name:
        return 0
    if all(word in texts.name for word in query):
        return 1 if texts.name[: len(query)] == query else 2
    if all(_begins(word, texts.name) for word in query):
        return 3
    if all(word in texts.others or word in texts.name for word in query):
        return 4
    return 5 if all(_begins(word, texts.others) or _begins(word, texts.name) for word in query) else None


def _some(query: tuple[str, ...], texts: _Texts) -> int | None:
    """The fewer words of a query fit, the later, and among equals those in no name after those in one; None when none does."""
    if not any(word[0] in texts.initials for word in query):
        return None
    in_name = [_begins(word, texts.name) for word in query]
    fitting = sum(named or _begins(word, texts.others) for word, named in zip(query, in_name, strict=True))
    return 2 * (len(query) - fitting) + (not any(in_name)) if fitting else None


def _begins(word: str, words: Sequence[str]) -> bool:
    return any(one.startswith(word) or _is_stem(one, word) for one in words)


def _is_stem(one: str, word: str) -> bool:
    return len(one) >= _SHORTEST_STEM and word.startswith(one) and len(word) - len(one) <= _ENDING
