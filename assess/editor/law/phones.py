"""Phone numbers of the United Kingdom as they are printed: a wrong one is dangerous, so what cannot be one is refused."""

from __future__ import annotations

import re

_SHORT = range(3, 7)
"""Digits of a number that is dialled without an area, such as an emergency number or a line for children."""
_LONG = range(10, 12)
"""Digits of all others, the first zero counted."""
_OLD_FREE = 8
"""Digits of a few free lines."""
_HOME = re.compile(r"0(?!70)[1-3578]")
"""Not 09 and 070: whoever calls there pays the one they call."""


def digits(number: str) -> str:
    """The digits alone, the country written as 0."""
    bare = re.sub(r"[^0-9+]", "", number)
    return f"0{bare[3:].removeprefix('0')}" if bare.startswith("+44") else bare


def phone_fault(number: str) -> str:
    """What is wrong with a number as it would print; nothing if it may be one."""
    if not re.fullmatch(r"\+?[0-9]+( [0-9]+)*", number):
        return "Write digits with single spaces only, for example 01632 960 123."
    bare = digits(number)
    if len(bare) in _SHORT and not bare.startswith("0"):
        return ""
    if bare.startswith("+") or not _HOME.match(bare):
        return "Enter a number of the United Kingdom. It begins with 0, or is a short number of 3 to 6 digits."
    if len(bare) in _LONG or (len(bare) == _OLD_FREE and bare.startswith("0800")):
        return ""
    return f"This number has {len(bare)} digits. A number of the United Kingdom has 10 or 11. Check it again."
