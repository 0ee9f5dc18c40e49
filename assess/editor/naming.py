"""The ids of things: proposed from their words, and never one that was used before, since answers are kept under them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable

from assess.engine.reading_conditions import BRANCHES

MOST_WORDS = 3
LONGEST = 40
NOT_WELL_FORMED = "Use small letters, digits and _ only, and at most 60 of them."
_WELL_FORMED = re.compile(r"[a-z0-9_]{1,60}")
_SAYS_LITTLE = re.compile(
    r"(?:an?|the|and|or|of|to|in|on|at|for|by|with|from|is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|your?s?|"
    r"we|ours?|us|they|theirs?|them|its?|this|that|these|those|who|what|when|where|which|how|why|any|all|each|every|much|many|if|there|"
    r"as|not|no|one|some)"
)
"""Words that tell nobody what a thing is about."""


def proposed_id(words: str, taken: Collection[str], prefix: str = "") -> str:
    """A new id from the words of a thing: “Who keeps their papers?” gives keeps_papers. Never one of those taken."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    found = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
    telling = [word for word in found if not _SAYS_LITTLE.fullmatch(word)] or found or ["new"]
    begin = f"{prefix}{'_'.join(telling[:MOST_WORDS])}"[:LONGEST].strip("_")
    name, number = begin, 2
    while name in taken or name in BRANCHES:
        name, number = f"{begin}_{number}", number + 1
    return name


def fault_of_id(name: str, taken: Collection[str]) -> str | None:
    """What is wrong with an id somebody typed, or None."""
    if not _WELL_FORMED.fullmatch(name):
        return NOT_WELL_FORMED
    if name in BRANCHES:
        return f"“{name}” is a word of conditions. Choose another id."
    if name in taken:
        return f"“{name}” is used, or was used before. Answers are kept under it, so choose another id."
    return None


def prefix_of(ids: Iterable[str]) -> str:
    """What most ids of a file begin with, such as farm_. Empty when they share nothing."""
    counted = Counter(name.partition("_")[0] for name in ids if "_" in name)
    return f"{counted.most_common(1)[0][0]}_" if counted else ""
