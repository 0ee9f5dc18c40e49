"""Which names look alike. Nobody is refused for it: the desk sees it beside the name it is to decide on, and nobody else learns of it.

A name is brought into one form first: what looks the same is the same, and what carries no meaning is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from assess.people.organisations.as_seen import LETTERS

LEAST_FOR_NEAR = 8
"""Characters from which on a name may differ in a few and is still taken for the other one."""
MOST_CHANGES = 2
NAMES_KEPT = 10_000
"""Names whose forms are kept: they are asked for at each look of the desk, and come of the name alone."""
LEAST_INITIALS = 3
LEAST_WITHIN = 6
"""Characters from which on a reserved word is seen inside of another word."""

RESERVED = (
    "council", "police and crime", "police", "constabulary", "nhs", "ambulance", "fire and rescue", "hmrc", "revenue", "home office",
    "ministry", "trading standards", "government", "authority", "tribunal", "court", "courts", "helpline",
)  # fmt: skip
"""Words of a name that make people do what it asks."""

_LEGAL_FORMS = (
    "public limited company", "community interest company", "limited liability partnership", "private limited company",
    "cwmni cyfyngedig cyhoeddus", "limited", "ltd", "plc", "llp", "lp", "cic", "cio", "cyf", "cyfyngedig", "ccc", "cbc",
    "inc", "incorporated", "llc", "gmbh",
)  # fmt: skip
_LEFT_OUT = frozenset({"the", "and", "a"})

_LOOKS_LIKE = LETTERS | {
    # letters that look like digits, then digits and signs read as letters
    "з": "3", "б": "6",
    "0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "3": "e", "4": "a", "5": "s", "6": "b", "8": "b", "$": "s", "@": "a",
}  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"))
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_EAST = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
_NO_SCRIPT = frozenset({"MODIFIER", "COMBINING"})


def mixes_scripts(name: str) -> bool:
    """Whether a word of it has letters of two alphabets, as only somebody writes who wants to look like somebody else."""
    words = unicodedata.normalize("NFKC", name).split()
    return any(len({_script(sign) for sign in word if sign.isalpha()} - {""}) > 1 for word in words)


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "?").partition(" ")[0]
    return "" if first in _NO_SCRIPT else "EAST" if first in _EAST else first


def words_of(name: str, *, whole: bool = False) -> tuple[str, ...]:
    """The words that carry the name, in the form in which they are compared. All of them when none would be left.

    What stands in brackets is left out, unless it is the `whole` name that is wanted.
    """
    plain = unicodedata.normalize("NFKC", name).replace("&", " and ")
    bare = _words(plain if whole else _BRACKETS.sub(" ", plain))
    # as written, since the form for comparing makes "limited" into another word
    kept = [word for word in bare if word not in _LEFT_OUT]
    text = f" {' '.join(kept)} "
    for form in _LEGAL_FORMS:
        text = text.replace(f" {_alike(form)} ", " ")
    return tuple(text.split()) or tuple(bare) or tuple(_words(plain))


def compact(name: str, *, whole: bool = False) -> str:
    """The same without spaces."""
    return "".join(words_of(name, whole=whole))


def are_alike(one: str, other: str) -> bool:
    """Whether somebody could take one of these names for the other, with what stands in brackets or without it."""
    ours, theirs = forms_of(one), forms_of(other)
    if not ours or not theirs:
        return one.casefold() == other.casefold()
    return any(are_near(first, second) for first in ours for second in theirs)


@lru_cache(maxsize=NAMES_KEPT)
def forms_of(name: str) -> frozenset[str]:
    """What of a name is compared: it without spaces, with what stands in brackets and without it. Empty when nothing is left."""
    return frozenset({compact(name), compact(name, whole=True)} - {""})


def are_near(first: str, second: str) -> bool:
    """Whether two such forms are the same, or nearly."""
    if first == second:
        return True
    long_enough = min(len(first), len(second)) >= LEAST_FOR_NEAR
    return long_enough and _changes(first, second) <= MOST_CHANGES


def has_initials_of(name: str, body: str) -> bool:
    """Whether the name is, or begins its words with, the initials of this public body."""
    return bool(_initials_of(body) & _short_forms(name))


@lru_cache(maxsize=NAMES_KEPT)
def _initials_of(body: str) -> frozenset[str]:
    """The initials of a public body, if they are enough to know it by."""
    theirs = "".join(word[0] for word in words_of(body))
    return frozenset({theirs} if len(theirs) >= LEAST_INITIALS else ())


@lru_cache(maxsize=NAMES_KEPT)
def _short_forms(name: str) -> frozenset[str]:
    found = set()
    for whole in (False, True):
        words = words_of(name, whole=whole)
        found |= {"".join(word[0] for word in words), "".join(words), words[0] if words else ""}
    return frozenset(found)


def reserved_in(name: str, more: Iterable[str] = ()) -> str | None:
    """The first reserved word that the name holds; `more` are names of this service and of who runs it."""
    texts = forms_of(name)
    words = {*words_of(name), *words_of(name, whole=True)}
    for word in RESERVED:
        short = _reserved(word)
        if short in words or (len(short) >= LEAST_WITHIN and any(short in text for text in texts)):
            return word
    return next((own for own in more if _reserved(own) and any(_reserved(own) in text for text in texts)), None)


@cache
def _reserved(word: str) -> str:
    return compact(word)


def _words(text: str) -> list[str]:
    """In the form for comparing, split at whatever is no letter or digit. An apostrophe or a dot joins: “Tesco’s”, “N.H.S.”.

    So does nothing but spaces between single letters: “N H S”.
    """
    joined = re.sub(r"(?<=\w)['’.`](?=\w)|(?<=\b\w)\.", "", text)
    words = [word for word in re.split(r"[^\w$@|!]+|_+", _alike(joined)) if word]
    found: list[str] = []
    after_single = False
    for word in words:
        single = len(word) == 1
        if single and after_single:
            found[-1] += word
        else:
            found.append(word)
        after_single = single
    return found


def _alike(text: str) -> str:
    """Without capitals and accents, each letter as the Latin one that it looks like."""
    shown = "".join(_LOOKS_LIKE.get(sign, sign) if sign.isupper() else sign for sign in text)
    small = unicodedata.normalize("NFKD", shown.casefold())
    bare = "".join(sign for sign in small if not unicodedata.combining(sign))
    found = "".join(_LOOKS_LIKE.get(_LOOKS_LIKE.get(sign, sign), _LOOKS_LIKE.get(sign, sign)) for sign in bare)
    for pair, one in _PAIRS:
        found = found.replace(pair, one)
    return found


def _changes(one: str, other: str) -> int:
    """How many letters are put in, left out, changed or swapped between them; more than allowed is any number above that.

    Only places that lie no further apart than that are compared.
    """
    far = MOST_CHANGES + 1
    if abs(len(one) - len(other)) > MOST_CHANGES:
        return far
    before: dict[int, int] = {}
    row = {at: at for at in range(min(len(other), MOST_CHANGES) + 1)}
    for place, letter in enumerate(one, 1):
        before, above, row = row, before, {}
        for at in range(max(0, place - MOST_CHANGES), min(len(other), place + MOST_CHANGES) + 1):
            cost = min(before.get(at, far), row.get(at - 1, far)) + 1
            if at:
                cost = min(cost, before.get(at - 1, far) + (letter != other[at - 1]))
                if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == other[at - 1]:
                    cost = min(cost, above.get(at - 2, far) + 1)
            row[at] = cost
        if min(row.values()) > MOST_CHANGES:
            return far
    return row[len(other)]
