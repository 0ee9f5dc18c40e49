"""The words of `words.txt`, whose source and licence stand in the file, and whether a word is ordinary English."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from importlib import resources

_ENDINGS = (
    (("ies", "ied", "ier", "iest", "ily"), ("y",)),
    (("ers", "ing", "ings", "est", "es", "ed", "er"), ("", "e")),
    (("ness", "ly", "s"), ("",)),
)
"""Endings, and what may stand in their place in the word they were put to."""
_NO_NAME = re.compile(
    r".{4,}(?:[st]ion|ments?|tions|ness|ship|[ai]ble|ism|less|ful|proof|ology|ings|ally|is(?:ed|ing)|wise)"
)
"""Long words with endings that no name has."""
_PART = 4
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "ı": "i", "ə": "e", "’": "'"})


@functools.cache
def _sections() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("words.txt").read_text(encoding="utf-8")
    sections: dict[str, set[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            entries = sections.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            entries.update(entry for part in line.split(",") if (entry := part.strip()))
    return {name: frozenset(entries) for name, entries in sections.items()}


def word_list(*sections: str) -> frozenset[str]:
    """The entries of these sections, in small letters and without accents."""
    return frozenset().union(*(_sections()[section] for section in sections))


def any_of(*sections: str) -> str:
    """A pattern for one of the entries: “*” stands for any ending, a blank for a hyphen too, an apostrophe for none too."""
    entries = re.escape("|".join(sorted(word_list(*sections), reverse=True)))
    for typed, meant in ((r"\|", "|"), (r"\*", r"\w*"), (r"\ ", "[ -]"), ("'", "[’']?")):
        entries = entries.replace(typed, meant)
    return f"(?:{entries})"


def folded(word: str) -> str:
    """The word in small letters and without accents: “Łukasz” becomes “lukasz”."""
    low = word.lower().translate(_PLAIN)
    return "".join(letter for letter in unicodedata.normalize("NFKD", low) if not unicodedata.combining(letter))


def stems(word: str) -> Iterator[str]:
    """The words of which a word (in small letters) may be made by a usual ending: “picked” gives “pick” and “picke”."""
    for endings, puts in _ENDINGS:
        for ending in endings:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 1:
                yield from (stem + put for put in puts)
                if len(puts) > 1 and stem[-1] == stem[-2]:
                    yield stem[:-1]


def is_english(word: str) -> bool:
    """Whether a word in small letters stands in the list, as it is, with an ending, or put together of two."""
    words = word_list("ordinary words")
    if "-" in word:
        return all(is_english(part) for part in word.split("-") if part)
    if word in words or not words.isdisjoint(stems(word)):
        return True
    if _NO_NAME.fullmatch(word):
        return True
    if any(word[:cut] in words and word[cut:] in words for cut in range(_PART, len(word) - _PART + 1)):
        return True
    return word[:2] in {"un", "re"} and len(word) > _PART + 1 and is_english(word[2:])
