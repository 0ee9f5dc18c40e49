"""Twelve calendar months from that of the answers: how many steps and dates of law fall in each, and the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from assess.engine.due_dates import add_months


class Month(NamedTuple):
    """Its first day, how many steps are due in it, and how many dates of law."""

    first_day: date
    steps: int
    law_dates: int


def twelve_months(made_on: str, steps: Iterable[str], law_dates: Iterable[str]) -> tuple[Month, ...]:
    """All are ISO dates. What was due before the answers counts as due in their month."""
    first = date.fromisoformat(made_on).replace(day=1)
    due = Counter(max(day, made_on)[:7] for day in steps)
    law = Counter(day[:7] for day in law_dates)
    months = (add_months(first, place) for place in range(12))
    return tuple(Month(month, due[f"{month:%Y-%m}"], law[f"{month:%Y-%m}"]) for month in months)


def months_in_words(months: Sequence[Month], law: Iterable[str]) -> str:
    """“Steps by month: December 10, February 6; dates of law: 1 April 2027”. `law`: each date of law in words."""
    steps = ", ".join(f"{month.first_day:%B} {month.steps}" for month in months if month.steps)
    dates = "; ".join(law)
    said = (f"Steps by month: {steps}" if steps else "", f"dates of law: {dates}" if dates else "")
    return "; ".join(filter(None, said)) or "Twelve months without a step or a date of law"
