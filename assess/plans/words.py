"""Numbers, dates, fixed words and the questions of a record as they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import Any

from assess.engine import question_types

BUYER_BANDS = ("low", "medium", "high")
"""The bands a buyer is shown, from the least to the most risk."""
BAND_WORDS: Mapping[str, str] = MappingProxyType(
    {"low": "Low", "medium": "Medium", "high": "High", "critical": "Act now", "not_rated": "Not rated"}
)
"""The word of each band (docs/rules.md 1.7)."""

EFFORT_WORDS: Mapping[str, str] = MappingProxyType({"S": "half a day", "M": "about 3 days", "L": "about 10 days"})
SAFE_DIGITS = 9
"""Digits at which noise of floating-point sums is cut off before a number is rounded for people."""


def questions_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """In the order in which they are asked."""
    return [question for section in record["sections"] for question in section["questions"]]


def question_numbers(record: Mapping[str, Any]) -> dict[str, int]:
    return {question["id"]: number for number, question in enumerate(questions_of(record), 1)}


_ALL_DIGITS = Context(prec=400)
"""The largest float has 309 digits before its point, and people may answer with it; by itself rounding fails from 28 digits on."""


def exact_decimal(value: float) -> Decimal:
    """A float as the decimal number a person would write for it."""
    return Decimal(repr(round(float(value), SAFE_DIGITS)))


def round_half_up(value: float | Decimal, places: int = 1) -> Decimal:
    """Rounded as people round: a five goes up."""
    number = value if isinstance(value, Decimal) else exact_decimal(value)
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _ALL_DIGITS)


def one_decimal(value: float | Decimal) -> str:
    """One decimal, as every score is printed: "41.8"."""
    return f"{round_half_up(value):f}"


def whole_number(value: float | Decimal | str) -> str:
    """A number without decimals, on a page as on paper: "42"."""
    return f"{round_half_up(float(value) if isinstance(value, str) else value, 0)}"


def plain_number(value: float | Decimal) -> str:
    """A number without needless zeros: "4", "2.5", "11.10" becomes "11.1"."""
    number = value if isinstance(value, Decimal) else exact_decimal(value)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


format_day = question_types.format_day


_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_POUNDS = re.compile(r", in pounds: ([\d,]+(?:\.\d+)?)")


def format_record_text(text: str) -> str:
    """A text of a record as it stands on paper: “3 May 2025” for ISO dates, and pounds before their number.

    A row of a table keeps dates and bare numbers, its unit in the name of the column: “Price, in pounds: 17.5”.
    """
    dated = _ISO_DATE.sub(lambda found: format_day(found.group()), text)
    return _POUNDS.sub(lambda found: f": £{Decimal(found.group(1).replace(',', '')):,.2f}", dated)


def area_name(area: str | None) -> str | None:
    """An area of the operator as people write it; None for a business outside of all of them."""
    return None if area in {None, "other"} else str(area).replace("_", " ").title()


def add_days(iso: str, days: int) -> str:
    return (date.fromisoformat(iso) + timedelta(days=days)).isoformat()


def join_and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def join_or(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def first_lower(text: str) -> str:
    """The text as the second half of a sentence. A word in capitals, such as HMRC, stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def with_parts(do: str, parts: Iterable[str]) -> str:
    """What is to be done and, where it is made of several, its parts in the same sentence."""
    listed = "; ".join(map(first_lower, parts))
    if not listed:
        return do
    return f"{do[:-1]}: {listed}." if do.endswith("these parts.") else f"{do} These: {listed}."


def answer_text(answer: str | list[str] | None) -> str:
    """An answer as one text; several choices and rows stand after one another."""
    if answer is None:
        return ""
    return format_record_text(answer if isinstance(answer, str) else "; ".join(answer))
