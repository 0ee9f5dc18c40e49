"""A text as a reader sees it, in plain small letters: what is drawn alike reads alike, and what cannot be seen is gone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DRAWN_ALIKE = {
    "a": "аαаɑ⍺ꭺᎪАΑ", "b": "ьвВΒƄᏴᗷ", "c": "сСϲϹⅽᏟᴄꮯ", "d": "ԁժᎠꓒ", "e": "еЕΕεҽԑᎬꭼ", "f": "ϝғẝꓝ", "g": "ցɡԌᏀ",
    "h": "һНнΗհᎻᏂꮋ", "i": "іІΙιɩӏӀᎥⅰ|", "j": "јЈϳᎫ", "k": "кКκΚᏦқĸ", "l": "ⅼᏞℓ", "m": "мМΜᎷⅿ", "n": "пηΝпոռ", "o": "оОοΟσօՕөꓳ",
    "p": "рРρΡᏢ", "q": "ԛգ", "r": "гᏒᎡя", "s": "ѕЅՏꮪᏚ", "t": "тТτΤᎢ", "u": "υцսμՍ", "v": "ѵѴνᏙⅴ", "w": "ԝԜωшᎳѡƜɯ",
    "x": "хХχΧⅹ᙮", "y": "уУүҮγΥᎩყ", "z": "ζΖᏃ",
}  # fmt: skip
"""Letters of Cyrillic, Greek, Armenian and Cherokee by the Latin letter that they look like, and a few signs."""
_TABLE = {ord(one): latin for latin, letters in _DRAWN_ALIKE.items() for one in letters}
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Drawn as nothing, though they count as letters or signs."""
_PHRASES = {0xFDFA: " ", 0xFDFB: " "}
"""Whole phrases of another writing in one sign: spread out, they would make a text many times as long."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"})
_LATIN = re.compile(r"LATIN (?:SMALL |CAPITAL )?LETTER (?:[A-Z]+ )*?([A-Z])(?: WITH .*)?$")
_TOKEN = re.compile(r"[^\W_]+")


def as_seen(text: str) -> str:
    """The text in small Latin letters wherever one is drawn like them."""
    return "".join(_letter(one) for one in _bare(text)).translate(_QUOTES)


def mixed_words(text: str) -> tuple[str, ...]:
    """Words that put letters of another alphabet beside Latin ones: no language does, and such a word hides what it says."""
    return tuple(
        dict.fromkeys(word for word in _TOKEN.findall(_bare(text)) if len({*map(_is_latin, _letters(word))}) > 1)
    )


def _bare(text: str) -> str:
    """Without marks, and without what has no width."""
    spread = unicodedata.normalize("NFKD", text.translate(_PHRASES))
    return "".join(one for one in spread if unicodedata.category(one) not in {"Mn", "Me", "Cf"} and one not in _UNSEEN)


def _letters(word: str) -> str:
    return "".join(one for one in word if one.isalpha())


@lru_cache(maxsize=4096)
def _is_latin(letter: str) -> bool:
    return letter.isascii() or "LATIN" in unicodedata.name(letter, "")


@lru_cache(maxsize=4096)
def _letter(one: str) -> str:
    if one.isascii() and one != "|":
        return one.lower()
    if ord(one) in _TABLE:
        return _TABLE[ord(one)]
    named = _LATIN.match(unicodedata.name(one, ""))
    return named[1].lower() if named else one.casefold()
