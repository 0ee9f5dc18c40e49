"""Text normalisation: spelling variants of a name, letters that look like others, and invisible or misleading characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_SUFFIX_WORDS = frozenset({"service", "company", "contractor", "firm", "worker", "staff"})
"""What stands behind the name of work and changes nothing: “laundry service”, “security staff”."""
_SHORTEST_PLURAL, _SHORTEST_IES, _SHORTEST_OES = 4, 5, 6


def normalise_name(text: str) -> str:
    """The text in small letters without accents, marks, articles and plurals. Only good to compare with another one made so."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    words = _WORD.findall(bare.replace("’", "").replace("'", ""))
    return " ".join(singular(word) for word in words if word not in {"a", "an", "the", "our", "my"})


def singular(word: str) -> str:
    """One of them: “agencies” is “agency”. Rules of thumb, the same for both sides of a comparison."""
    if word.endswith("ies") and len(word) >= _SHORTEST_IES:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")) or (word.endswith("oes") and len(word) >= _SHORTEST_OES):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) >= _SHORTEST_PLURAL:
        return word[:-1]
    return word


def without_suffix_word(text: str) -> str | None:
    """A loose text without a word behind it that changes nothing; None when there is none."""
    name, _, last = text.rpartition(" ")
    return name if name and last in _SUFFIX_WORDS else None


_LOOKALIKES = {
    "a": "аαаɑ⍺ꭺᎪАΑ", "b": "ьвВΒƄᏴᗷ", "c": "сСϲϹⅽᏟᴄꮯ", "d": "ԁժᎠꓒ", "e": "еЕΕεҽԑᎬꭼ", "f": "ϝғẝꓝ", "g": "ցɡԌᏀ",
    "h": "һНнΗհᎻᏂꮋ", "i": "іІΙιɩӏӀᎥⅰ|", "j": "јЈϳᎫ", "k": "кКκΚᏦқĸ", "l": "ⅼᏞℓ", "m": "мМΜᎷⅿ", "n": "пηΝпոռ", "o": "оОοΟσօՕөꓳ",
    "p": "рРρΡᏢ", "q": "ԛգ", "r": "гᏒᎡя", "s": "ѕЅՏꮪᏚ", "t": "тТτΤᎢ", "u": "υцսμՍ", "v": "ѵѴνᏙⅴ", "w": "ԝԜωшᎳѡƜɯ",
    "x": "хХχΧⅹ᙮", "y": "уУүҮγΥᎩყ", "z": "ζΖᏃ",
}  # fmt: skip
"""Letters of Cyrillic, Greek, Armenian and Cherokee by the Latin letter that they look like, and a few signs."""
_LATIN_BY_CODE = {ord(one): latin for latin, letters in _LOOKALIKES.items() for one in letters}
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Drawn as nothing, though they count as letters or signs."""
_PHRASES = {0xFDFA: " ", 0xFDFB: " "}
"""Whole phrases of another writing in one sign: spread out, they would make a text many times as long."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"})
_LATIN = re.compile(r"LATIN (?:SMALL |CAPITAL )?LETTER (?:[A-Z]+ )*?([A-Z])(?: WITH .*)?$")


def fold_lookalikes(text: str) -> str:
    """The text in small Latin letters wherever one is drawn like them."""
    return "".join(_latin_letter(one) for one in _without_marks(text)).translate(_QUOTES)


def mixed_alphabet_words(text: str) -> tuple[str, ...]:
    """Words that put letters of another alphabet beside Latin ones: no language does, and such a word hides what it says."""
    return tuple(
        dict.fromkeys(
            word
            for word in _WORD.findall(_without_marks(text))
            if len({_is_latin(one) for one in word if one.isalpha()}) > 1
        )
    )


def _without_marks(text: str) -> str:
    """Without marks, and without what has no width."""
    spread = unicodedata.normalize("NFKD", text.translate(_PHRASES))
    return "".join(
        one for one in spread if unicodedata.category(one) not in {"Mn", "Me", "Cf"} and one not in _INVISIBLE
    )


@lru_cache(maxsize=4096)
def _is_latin(letter: str) -> bool:
    return letter.isascii() or "LATIN" in unicodedata.name(letter, "")


@lru_cache(maxsize=4096)
def _latin_letter(one: str) -> str:
    if one.isascii() and one != "|":
        return one.lower()
    if ord(one) in _LATIN_BY_CODE:
        return _LATIN_BY_CODE[ord(one)]
    named = _LATIN.match(unicodedata.name(one, ""))
    return named[1].lower() if named else one.casefold()


_MISLEADING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]|(?![0-9])\\d"
)


def misleading_character(text: str) -> str | None:
    """The first such letter by its number, as U+202E; None when there is none."""
    found = _MISLEADING.search(text)
    return None if found is None else f"U+{ord(found[0]):04X}"
