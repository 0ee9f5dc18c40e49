"""Words that people write to each other: more than one line, nothing that cannot be printed, not too long."""

from __future__ import annotations

import unicodedata

from marshmallow import ValidationError

from assess.assessments.fields import Words

MOST_LINES = 12


class UnfitWordsError(Exception):
    """They cannot be kept as they are. `sentence` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def fit_words(raw: str, longest: int) -> str:
    """What somebody wrote, tidied line by line.

    Raises:
        UnfitWordsError: when nothing is left, or too much.
    """
    lines = [" ".join(line.split()) for line in raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = [line for line in lines if line]
    if not kept:
        raise UnfitWordsError("Write what you want to say.")
    if len(kept) > MOST_LINES:
        raise UnfitWordsError(f"Use {MOST_LINES} lines or fewer; this has {len(kept)}.")
    try:
        clean = [str(Words(longest).deserialize(line)) for line in kept]
    except ValidationError as refusal:
        raise UnfitWordsError(str(refusal.messages[0])) from None
    words = "\n".join(line for line in clean if line)
    if len(words) > longest:
        raise UnfitWordsError(f"Use {longest} letters or fewer; this has {len(words)}.")
    if not any(unicodedata.category(letter)[0] in "LN" for letter in words):
        raise UnfitWordsError("Write what you want to say.")
    return words
