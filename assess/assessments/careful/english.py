"""Ordinary English words, so that a word which is none of them can be noticed: most names are none.

The list (`english.txt`) is the small British word list of SCOWL, small letters only, without what its endings tell: its terms stand at its head.
"""

from __future__ import annotations

import functools
from importlib import resources

_SHORTEST = 2
_PART = 4
_LONG = 7
_SUFFIXES = (
    "tion",
    "sion",
    "ment",
    "ments",
    "tions",
    "ness",
    "ship",
    "able",
    "ible",
    "ism",
    "less",
    "ful",
    "proof",
    "ology",
    "ings",
    "ally",
    "ised",
    "ising",
    "wise",
)
"""Endings no name has, in long words."""
_ENDINGS = (
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("ily", ("y",)),
    ("ers", ("", "e")),
    ("ing", ("", "e")),
    ("ings", ("", "e")),
    ("ness", ("",)),
    ("est", ("", "e")),
    ("es", ("", "e")),
    ("ed", ("", "e")),
    ("er", ("", "e")),
    ("ly", ("",)),
    ("s", ("",)),
)
"""An ending, and what may stand in its place in the word it was made of."""


@functools.cache
def _listed() -> frozenset[str]:
    text = resources.files("assess.assessments.careful").joinpath("english.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def stems(word: str) -> tuple[str, ...]:
    """The words of which a word (in small letters) may be made by a usual ending: “picked” gives “pick” and “picke”."""
    found: list[str] = []
    for ending, puts in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            stem = word[: -len(ending)]
            found += [stem + put for put in puts]
            if ending not in {"s", "ly", "ness"} and stem[-1] == stem[-2]:
                found.append(stem[:-1])
    return tuple(found)


def is_english(word: str) -> bool:
    """Whether a word in small letters stands in the list, as it is, with an ending, or put together of two."""
    words = _listed()
    if "-" in word:
        return all(is_english(part) for part in word.split("-") if part)
    if word in words or any(stem in words for stem in stems(word)):
        return True
    if len(word) > _LONG and word.endswith(_SUFFIXES):
        return True
    if any(word[:cut] in words and word[cut:] in words for cut in range(_PART, len(word) - _PART + 1)):
        return True
    return word[:2] in {"un", "re"} and len(word) > 5 and is_english(word[2:])  # noqa: PLR2004 - shorter words begin with these by chance
