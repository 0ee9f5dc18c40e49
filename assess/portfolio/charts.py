"""Bars in parts as inline SVG, the same on screen and on paper. Patterns tell the parts apart without colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from markupsafe import Markup

from assess.plans.charts import EDGE, INK, PAPER, TEAL, svg_drawing

WIDTH, HEIGHT = 480, 18
SWATCH = 24

Fill = Literal["empty", "sparse", "dense", "solid", "level", "crossed"]
BAND_FILLS: Mapping[str, Fill] = {
    "low": "empty",
    "medium": "sparse",
    "high": "solid",
    "none": "level",
}
GROUP_FILLS: Mapping[str, Fill] = {
    "shared": "solid",
    "other": "dense",
    "asked": "sparse",
    "declined": "crossed",
    "over": "level",
    "not_asked": "empty",
}


def parts_bar(title: str, counts: Mapping[str, int], fills: Mapping[str, Fill], most: int) -> Markup:
    """A bar in parts. `most`: what the whole width stands for. `title` says the same in words."""
    body, place = "<desc>One bar in parts, each with a pattern of its own. The table has the same numbers.</desc>", 1.0
    for key, number in counts.items():
        width = (WIDTH - 2) * number / most if most else 0
        if width:
            body += _filled(place, 1, width, HEIGHT - 2, fills[key])
        place += width
    return svg_drawing(title, body, WIDTH, HEIGHT, "portfolio-chart")


def plain_bar(title: str, number: int, most: int) -> Markup:
    """A solid bar of `number` in `most`."""
    body = "<desc>One bar. The table has the same number.</desc>"
    body += f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" fill="{PAPER}" stroke="{EDGE}"/>'
    if most:
        body += _filled(1, 1, (WIDTH - 2) * number / most, HEIGHT - 2, "solid")
    return svg_drawing(title, body, WIDTH, HEIGHT, "portfolio-chart")


def swatch(words: str, fill: Fill) -> Markup:
    return svg_drawing(
        f"Pattern of {words}", _filled(1, 1, SWATCH - 2, HEIGHT - 2, fill), SWATCH, HEIGHT, "portfolio-swatch"
    )


def most_of(bars: Sequence[Mapping[str, int]]) -> int:
    """The largest sum, which fills the whole width."""
    return max((sum(counts.values()) for counts in bars), default=0)


def in_words(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    """“Low 3, Medium 1, …”."""
    return ", ".join(f"{words[key]} {number}" for key, number in counts.items())


def _filled(left: float, top: float, width: float, height: float, fill: Fill) -> str:
    paint = TEAL if fill == "solid" else PAPER
    body = f'<rect x="{left:g}" y="{top:g}" width="{width:.1f}" height="{height:g}" fill="{paint}"/>'
    path = _strokes(left, top, width, height, fill)
    if path:
        body += f'<path d="{path}" stroke="{TEAL}" stroke-width="1.6" fill="none"/>'
    return body + (
        f'<rect x="{left:g}" y="{top:g}" width="{width:.1f}" height="{height:g}" fill="none" stroke="{INK}"/>'
    )


def _strokes(left: float, top: float, width: float, height: float, fill: Fill) -> str:
    if fill in {"sparse", "dense"}:
        step = 10 if fill == "sparse" else 4
        return " ".join(f"M{left + across:g} {top:g}v{height:g}" for across in range(step // 2, int(width), step))
    if fill == "level":
        return " ".join(f"M{left:g} {top + down:g}h{width:.1f}" for down in range(4, int(height), 5))
    if fill == "crossed":
        half = height / 2
        places = [left + across for across in range(0, max(0, int(width - half)), 9)]
        return " ".join(
            f"M{place:g} {top + half / 2:g}l{half:g} {half:g}m0 -{half:g}l-{half:g} {half:g}" for place in places
        )
    return ""
