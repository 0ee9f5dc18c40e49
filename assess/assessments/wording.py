"""Small pieces of the sentences that tell a person, or a file's author, what to put right."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable

LONGEST_QUOTE = 60
MOST_LISTED = 12
CUT_OFF = 0.6
"""How alike two ids must be, 0 to 1, before one is offered for the other."""


def quoted(value: object) -> str:
    """A value in curly quotes, on one line, cut short, with nothing in it that a terminal could obey."""
    text = str(value)
    plain = "".join(letter if _is_plain(letter) else "�" for letter in text[: LONGEST_QUOTE + 1])
    if len(text) > LONGEST_QUOTE:
        plain = plain[:LONGEST_QUOTE] + "…"
    return f"“{plain}”"


def _is_plain(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("C")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean “worker”?` for the nearest known word, or nothing."""
    nearest = difflib.get_close_matches(word[:200], list(known), n=1, cutoff=CUT_OFF)
    return f"; did you mean {quoted(nearest[0])}?" if nearest else ""


def listed(words: Collection[str]) -> str:
    """The words one after another, the tail of a very long list left out."""
    first = list(words)[:MOST_LISTED]
    more = len(words) - len(first)
    return ", ".join(first) + (f" and {more} more" if more else "")


_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a group of keys",
}


def kind_of(value: object) -> str:
    """What a value in a file is, in words, such as "a text" or "a list"."""
    return "nothing" if value is None else _KINDS.get(type(value), "something else")
