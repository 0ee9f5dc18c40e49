"""The two amounts of a pay sum as bars, one below the other. What is short of the first, or above it, is hatched and says how much."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from assess.plans.charts.drawing import EDGE, PAPER, RED, TEAL, TEXT_SIZE, svg_drawing, text
from assess.plans.pay_sums import PaySum

WIDTH, HEIGHT = 360, 92
_BAR, _ROW, _HATCH = 18.0, 46.0, 6.0


def sum_bars(worked: PaySum) -> Markup:
    """A bar for each amount; the longer one is as wide as the drawing."""
    least, given = (float(one.pounds) for one in worked.amounts)
    scale = (WIDTH - 2) / (max(least, given) or 1.0)
    ends = 1 + least * scale, 1 + given * scale
    parts = []
    for row, (amount, end) in enumerate(zip(worked.amounts, ends, strict=True)):
        top = row * _ROW
        parts.append(text(0, top + TEXT_SIZE + 1, amount.in_words))
        solid = min(ends) if row and worked.fails else end
        parts.append(_box(1, solid, top + 20, EDGE, TEAL))
    if worked.fails:
        parts.append(_hatched(min(ends), max(ends), _ROW + 20))
        parts.append(text(WIDTH, _ROW + TEXT_SIZE + 1, worked.difference, anchor="end", bold=True))
    return svg_drawing(worked.in_words, "".join(parts), WIDTH, HEIGHT, "plan-sum-bars")


def _box(start: float, end: float, top: float, edge: str, fill: str) -> str:
    return (
        f'<rect x="{start:.1f}" y="{top:g}" width="{end - start:.1f}" height="{_BAR:g}" fill="{fill}" stroke="{edge}"/>'
    )


def _hatched(start: float, end: float, top: float) -> str:
    strokes = f'<path d="{"".join(_strokes(start, end, top))}" stroke="{RED}" stroke-width="2"/>'
    return _box(start, end, top, RED, PAPER) + strokes


def _strokes(start: float, end: float, top: float) -> Iterator[str]:
    """Slanting lines from the lower edge up, cut where the box ends."""
    bottom, place = top + _BAR, start - _BAR
    while place < end:
        left, right = max(place, start), min(place + _BAR, end)
        yield f"M{left:.1f} {bottom - (left - place):.1f}L{right:.1f} {bottom - (right - place):.1f}"
        place += _HATCH
