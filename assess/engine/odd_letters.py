"""Letters that are not what they look like: a reader of a change would not see what it does.

Marks that turn the direction of a text or have no width hide words from whoever publishes them; a digit of another writing looks like a
phone number and cannot be dialled.
"""

from __future__ import annotations

import re

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]|(?![0-9])\\d"
)


def odd_letter(text: str) -> str | None:
    """The first such letter by its number, as U+202E; None when there is none."""
    found = _ODD.search(text)
    return None if found is None else f"U+{ord(found[0]):04X}"
