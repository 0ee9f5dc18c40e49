"""The form of a call or another follow-up: how, on which day, what was agreed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assess.suppliers.tracking.lines import Way
from assess.suppliers.tracking.noting import LONGEST_AGREED, Call

LONGEST_RAW = 4000
YEARS_BACK = 3
_NUMBERS = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Letters that nobody sees, or that turn what stands beside them round."""

Faults = dict[str, str]


@dataclass(frozen=True, slots=True)
class TypedCall:
    """The form as it stands."""

    way: str = ""
    on: str = ""
    agreed: str = ""


def read_call(form: Mapping[str, str]) -> TypedCall:
    """What was sent."""
    return TypedCall(*(form.get(name, "")[:LONGEST_RAW].strip() for name in ("way", "on", "agreed")))


def call_of(typed: TypedCall, today: date) -> tuple[Call | None, Faults]:
    """The call that the form says, or what is wrong with it, by field."""
    faults: Faults = {}
    if typed.way not in set(Way):
        faults["way"] = "Choose how you followed it up."
    on = _day(typed.on)
    if on is None:
        faults["on"] = "Enter the day as numbers, like 27 3 2027."
    elif on > today:
        faults["on"] = "This day is still to come. Enter the day on which you did it."
    elif on < today - timedelta(days=366 * YEARS_BACK):
        faults["on"] = f"Enter a day of the last {YEARS_BACK} years."
    agreed = _UNSEEN.sub("", typed.agreed.replace("\r\n", "\n"))
    agreed = "\n".join(" ".join(line.split()) for line in agreed.split("\n")).strip()
    if not agreed:
        faults["agreed"] = "Enter what was agreed, or that nobody could be reached."
    elif len(agreed) > LONGEST_AGREED:
        faults["agreed"] = f"Shorten what was agreed to {LONGEST_AGREED} letters. It has {len(agreed)} now."
    if faults or on is None:
        return None, faults
    return Call(Way(typed.way), on, agreed), {}


def _day(typed: str) -> date | None:
    numbers, iso = _NUMBERS.fullmatch(typed), _ISO.fullmatch(typed)
    parts = numbers.groups()[::-1] if numbers else iso.groups() if iso else None
    if parts is None:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None
