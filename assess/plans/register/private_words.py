"""Words that look like a person's papers or how to reach them: the register asks before it keeps them, and never forbids.

A false alarm costs one tick; a passport number in a plan that travels may cost a person far more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_PATTERNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "a National Insurance number": re.compile(r"\b[A-Z]{2} ?(?:\d{2} ?){3}[A-D]\b", re.IGNORECASE),
        "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
        "a phone number": re.compile(r"(?<![\d/.-])(?:\+|00)?\(?\d(?:[ ()-]{0,2}\d){9,13}(?![\d/.-])"),
        "a passport or identity number": re.compile(
            r"\b(?:passport|visa|brp|id card|share code|identity)\b.{0,20}?\b(?=\w*\d\w*\d)\w{5,}"
            r"|(?<![\w/.-])(?:[A-Z]{1,3} ?\d{6,9}[A-Z]?|\d{8,9})(?![\w/.-])",
            re.IGNORECASE,
        ),
        "a date of birth": re.compile(
            r"\b(?:born|birth|dob|d\.o\.b\.?)\b.{0,12}?\d|\b\d{1,2}[ /.-]\d{1,2}[ /.-](?:19[3-9]\d|200\d)\b",
            re.IGNORECASE,
        ),
        "a person’s name": re.compile(r"\b(?:mr|mrs|ms|miss)\.? [A-Z][a-z]+", re.IGNORECASE),
    }
)

_ASKS = "This looks like "


def what_it_looks_like(text: str) -> str | None:
    """What private thing a text seems to hold, in words such as “a phone number”; None when it seems to hold none."""
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(text)), None)


def warning(text: str) -> str | None:
    """The sentence to ask with before such a text is kept; None when there is nothing to ask."""
    found = what_it_looks_like(text)
    if found is None:
        return None
    return f"{_ASKS}{found}. Take it out if it is about a worker. If it is not, tick the box below and save again."


def asks(fault: str) -> bool:
    """Whether a sentence beside a field is such a question, which a tick answers."""
    return fault.startswith(_ASKS)
