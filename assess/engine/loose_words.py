"""Everyday ways to write one name: “cleaner” and “the cleaners”, “Labour-provider” and “labour providers”, “security firm”."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_SILENT = frozenset({"a", "an", "the", "our", "my"})
_BEHIND = frozenset({"service", "company", "contractor", "firm", "worker", "staff"})
"""What stands behind the name of work and changes nothing: “laundry service”, “security staff”."""
_SHORTEST_PLURAL, _SHORTEST_IES, _SHORTEST_OES = 4, 5, 6


def loose(text: str) -> str:
    """The text in small letters without accents, marks, articles and plurals. Only good to compare with another one made so."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    words = _WORD.findall(bare.replace("’", "").replace("'", ""))
    return " ".join(singular(word) for word in words if word not in _SILENT)


def singular(word: str) -> str:
    """One of them: “agencies” is “agency”. Rules of thumb, the same for both sides of a comparison."""
    if word.endswith("ies") and len(word) >= _SHORTEST_IES:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")) or (word.endswith("oes") and len(word) >= _SHORTEST_OES):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) >= _SHORTEST_PLURAL:
        return word[:-1]
    return word


def without_tail(text: str) -> str | None:
    """A loose text without a word behind it that changes nothing; None when there is none."""
    name, _, last = text.rpartition(" ")
    return name if name and last in _BEHIND else None
