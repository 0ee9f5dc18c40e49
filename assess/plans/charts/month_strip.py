"""Twelve calendar months from that of the answers, side by side: a dot for each step, a hollow triangle for a date of law, a line for today."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from assess.engine.due_dates import add_months
from assess.plans.charts.drawing import EDGE, INK, PAPER, TEAL, svg_drawing

_MONTH_WIDTH, _HEIGHT = 149, 170
_DOTS_PER_ROW, _MOST_DOTS, _MOST_TRIANGLES = 5, 10, 4
_SAND = "#f3efe4"
_LETTERS = 32
"""9 point, in tenths of a millimetre, which is what the strip is measured in: twelve months are printed 180 mm wide."""


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


def month_strip(title: str, today: date, months: Sequence[tuple[date, int, int]], columns: int = 12) -> Markup:
    """`title` says the same in words. `months`: of each its first day, its steps and its dates of law. So many stand beside each other."""
    rows = -(-len(months) // columns)
    body = "".join(
        f'<g transform="translate({place % columns * _MONTH_WIDTH} {place // columns * _HEIGHT})">'
        f"{_month(*month, today=today, shaded=place % 2 == 0)}</g>"
        for place, month in enumerate(months)
    )
    width = columns * _MONTH_WIDTH
    edges = "".join(f"M0 {max(row * _HEIGHT - 2, 2)}H{width}" for row in range(rows + 1))
    body += f'<path d="{edges}" stroke="{EDGE}" stroke-width="3"/>'
    return svg_drawing(title, body, width, rows * _HEIGHT, "plan-months")


def _month(first_day: date, steps: int, law_dates: int, *, today: date, shaded: bool) -> str:
    middle = _MONTH_WIDTH // 2
    body = f'<rect width="{_MONTH_WIDTH}" height="{_HEIGHT}" fill="{_SAND if shaded else PAPER}"/>'
    body += _words(middle, 36, f"{first_day:%b}", 700)
    for dot in range(min(steps, _MOST_DOTS)):
        down, across = divmod(dot, _DOTS_PER_ROW)
        body += f'<circle cx="{22 + 26 * across}" cy="{62 + 26 * down}" r="10" fill="{TEAL}"/>'
    if steps > _MOST_DOTS:
        body += _words(middle, 130, f"+{steps - _MOST_DOTS}", 400)
    for mark in range(min(law_dates, _MOST_TRIANGLES)):
        corner = 12 + 32 * mark
        body += (
            f'<path d="M{corner} 162L{corner + 14} 138L{corner + 28} 162Z" fill="{PAPER}" stroke="{INK}" '
            'stroke-width="4"/>'
        )
    if today.replace(day=1) == first_day:
        day = round((today.day - 1) / monthrange(today.year, today.month)[1] * _MONTH_WIDTH)
        body += f'<path d="M{day} 44V{_HEIGHT}" stroke="{INK}" stroke-width="4" stroke-dasharray="8 6"/>'
    return body


def _words(middle: int, below: int, words: str, weight: int) -> str:
    return (
        f'<text x="{middle}" y="{below}" text-anchor="middle" font-family="Noto Sans, Arial, sans-serif" '
        f'font-size="{_LETTERS}" font-weight="{weight}" fill="{INK}">{words}</text>'
    )
