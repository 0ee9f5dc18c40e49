"""Phone numbers of the United Kingdom as they are printed: a wrong one is dangerous, so what cannot be one is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORT = range(3, 7)
"""Digits of a number that is dialled without an area, such as an emergency number or a line for children."""
_LONG = range(10, 12)
"""Digits of all others, the first zero counted."""
_OLD_FREE = 8
"""Digits of a few free lines."""
_HOME = re.compile(r"0[1-3578]")
_DEAR = re.compile(r"09|070|118")
"""Whoever calls there pays the one they call; 070 follows a person wherever they go."""
_SAFE = re.compile(r"0[123]\d+|08001111|080[08]\d+|116\d{3}")
"""Lines at a place, national lines and free ones. Not 07 (anybody buys one over the counter) and not 084 and 087 (the caller pays)."""
_NEEDED: Mapping[str, tuple[str, ...]] = {"emergency": ("999", "112"), "police": ("101",)}
_IN_WORDS = re.compile(r"(?<![0-9])(?:\+|00|0 ?7|0 ?9|118)[ 0-9]{6,}")
"""A mobile, dear or foreign number inside a text."""


def digits(number: str) -> str:
    """The digits alone, the country written as 0."""
    bare = re.sub(r"[^0-9+]", "", number)
    return f"0{bare[3:].removeprefix('0')}" if bare.startswith("+44") else bare


def phone_fault(number: str) -> str:
    """What is wrong with a number as it would print; nothing if it may be one."""
    if not re.fullmatch(r"\+?[0-9]+( [0-9]+)*", number):
        return "Write digits with single spaces only, for example 01632 960 123."
    bare = digits(number)
    if _DEAR.match(bare):
        return "Calls to this number cost more than usual, or it can be taken over by anybody. Enter another one."
    if len(bare) in _SHORT and not bare.startswith("0"):
        return ""
    if bare.startswith("+") or not _HOME.match(bare):
        return "Enter a number of the United Kingdom. It begins with 0, or is a short number of 3 to 6 digits."
    if len(bare) in _LONG or (len(bare) == _OLD_FREE and bare.startswith("0800")):
        return ""
    return f"This number has {len(bare)} digits. A number of the United Kingdom has 10 or 11. Check it again."


def needed_phone_fault(contact_id: str, number: str) -> str:
    """What is wrong with the number of a contact that every page shows; nothing if it may be one."""
    allowed = _NEEDED.get(contact_id)
    if allowed is not None:
        return "" if digits(number) in allowed else f"This line is {' or '.join(allowed)} and nothing else."
    return phone_fault(number) or unsafe_phone_fault(number)


def unsafe_phone_fault(number: str) -> str:
    """What is wrong with a number that nobody may put there who is alone; nothing if anybody may."""
    if _SAFE.fullmatch(digits(number)):
        return ""
    return "This line needs a landline, a number that begins with 03, or a free one. No mobile number and no number that costs extra."


def unsafe_number_in(text: str) -> bool:
    """Whether a text holds a mobile, dear or foreign number."""
    return bool(_IN_WORDS.search(text))
