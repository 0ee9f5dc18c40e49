"""Bars and band shapes, told apart without colour."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from assess.plans.charts.drawing import EDGE, INK, PAPER, RED, TEAL, svg_drawing

WIDTH, HEIGHT = 240, 12

Fill = Literal["solid", "striped"]


def bar(title: str, value: float, fill: Fill = "solid") -> Markup:
    """A bar of `value` in 100, with marks at every quarter. `title` says the same in words, and is empty where they stand beside it."""
    end = round(WIDTH * min(max(value, 0.0), 100.0) / 100, 1)
    inside = f'<rect x="0" y="0" width="{end:g}" height="{HEIGHT}" fill="{TEAL}"/>'
    if fill == "striped":
        stripes = "".join(f"M{place} 0v{HEIGHT}" for place in range(6, int(end), 6))
        inside += f'<path d="{stripes}" stroke="{PAPER}" stroke-width="2"/>' if stripes else ""
    marks = "".join(f"M{WIDTH * part // 4} 0v{HEIGHT}" for part in (1, 2, 3))
    quarters = f'<path d="{marks}" stroke="{EDGE}"/>'
    edge = f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" fill="none" stroke="{EDGE}"/>'
    return svg_drawing(title, quarters + inside + edge, WIDTH, HEIGHT, "plan-bar")


def step_bar(title: str, step: int, steps: int) -> Markup:
    """A bar in whole steps, for readers who are not to measure it."""
    width = WIDTH // steps
    boxes = "".join(
        f'<rect x="{place * width + 1}" y="1" width="{width - 4}" height="{HEIGHT - 2}" '
        f'fill="{TEAL if place < step else PAPER}" stroke="{EDGE}"/>'
        for place in range(steps)
    )
    return svg_drawing(title, boxes, WIDTH, HEIGHT, "plan-step-bar")


_BAND_PATHS = {
    "low": "",
    "medium": "M12 12V2A10 10 0 0 1 22 12Z",
    "high": "M12 2A10 10 0 0 1 12 22Z",
    "critical": "M12 2A10 10 0 0 1 12 22A10 10 0 0 1 12 2Z",
    "not_rated": "M7 12H17",
}
_BAND_DESCRIPTIONS = {
    "low": "empty circle",
    "medium": "circle, a quarter filled",
    "high": "circle, half filled",
    "critical": "full circle",
    "not_rated": "circle with a dash",
}


def band_mark(band: str, x: float, y: float, size: float, colour: str = INK) -> str:
    """The shape of a band as a part of a drawing, its upper left corner at this place."""
    inside = f'<circle cx="12" cy="12" r="10" fill="none" stroke="{colour}" stroke-width="2"/>'
    if band == "not_rated":
        inside += f'<path d="{_BAND_PATHS[band]}" stroke="{colour}" stroke-width="2"/>'
    elif _BAND_PATHS[band]:
        inside += f'<path d="{_BAND_PATHS[band]}" fill="{colour}"/>'
    return f'<g transform="translate({x:.1f} {y:.1f}) scale({size / 24:.3f})">{inside}</g>'


def band_shape(band: str) -> Markup:
    """The shape of a band: ○ ◔ ◑ ●, drawn, since no typeface has all four. Red is for danger alone."""
    colour = RED if band == "critical" else INK
    return svg_drawing(
        f"Shape of the band: {_BAND_DESCRIPTIONS[band]}", band_mark(band, 0, 0, 24, colour), 24, 24, "plan-shape"
    )
