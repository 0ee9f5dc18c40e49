"""How old somebody has to be to read a text with ease, by the formula of Flesch and Kincaid: long sentences and long words cost years.

It counts letters and knows no meaning. Of a short text it is a rough measure, so it is only asked about texts of some length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FIRST_SCHOOL_AGE = 5
"""The formula gives years at school; this is how old children are before the first."""
_PER_WORD, _PER_SYLLABLE, _LESS = 0.39, 11.8, 15.59
_WORD = re.compile(r"[A-Za-z’'-]+")
_SENTENCE = re.compile(r"[.!?](?:\s+|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")


def words_of(text: str) -> Sequence[str]:
    """The words of a text. A number is none."""
    return _WORD.findall(text)


def sentences_of(text: str) -> Sequence[str]:
    """The sentences of a text, without empty ones."""
    return [one.strip() for one in _SENTENCE.split(text) if one.strip()]


def reading_age(text: str) -> float:
    """Years of age. 0 for a text without words."""
    words = words_of(text)
    if not words:
        return 0.0
    per_sentence = len(words) / max(len(sentences_of(text)), 1)
    per_word = sum(map(syllables, words)) / len(words)
    return _PER_WORD * per_sentence + _PER_SYLLABLE * per_word - _LESS + FIRST_SCHOOL_AGE


def syllables(word: str) -> int:
    """About how many syllables an English word has."""
    bare = word.lower().removesuffix("’s")
    count = len(_VOWELS.findall(bare))
    if bare.endswith("e") and not bare.endswith(("le", "ee")) and count > 1:
        count -= 1
    if bare.endswith("ed") and not bare.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(count, 1)
