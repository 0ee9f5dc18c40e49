"""What every drawing shares: its frame, its colours, and text and arrows that are drawn, since no typeface has all signs."""

from __future__ import annotations

from markupsafe import Markup, escape

TEAL = "#0b4f4a"
RED = "#b00020"
EDGE = "#6b7775"
INK = "#14211f"
PAPER = "#ffffff"

TEXT_SIZE = 13
"""A drawing as many units wide as it is CSS pixels on a phone prints this at 9 points or more from 92 mm of width."""
_CHARACTER_WIDTH = 0.6


def svg_drawing(title: str, body: str, width: int, height: int, kind: str) -> Markup:
    """A drawing of this kind around finished parts. Without a title it is passed over by screen readers: the words beside it say the same."""
    said = Markup('role="img"><title>{}</title>').format(title) if title else Markup('aria-hidden="true">')
    return Markup(
        '<svg class="{kind}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'width="{width}" height="{height}" {said}{body}</svg>'
    ).format(kind=kind, width=width, height=height, said=said, body=Markup(body))  # noqa: S704  # body is built from our own escaped parts


def text_width(words: str) -> float:
    """The width that words take at most, with room to spare."""
    return TEXT_SIZE * _CHARACTER_WIDTH * len(words)


def text(x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Noto Sans, Arial, sans-serif" font-size="{TEXT_SIZE}" text-anchor="{anchor}"{weight} '
        f'fill="{INK}">{escape(words)}</text>'
    )


def arrow(start: tuple[float, float], end: tuple[float, float], *, width: float = 1.5) -> str:
    """A line from one point to another with a solid head at its end."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    head, half = 8.0, 4.0
    neck = (end[0] - head * ux, end[1] - head * uy)
    left, right = (neck[0] - half * uy, neck[1] + half * ux), (neck[0] + half * uy, neck[1] - half * ux)
    return (
        f'<path d="M{start[0]:.1f} {start[1]:.1f}L{neck[0]:.1f} {neck[1]:.1f}" stroke="{INK}" stroke-width="{width:g}" fill="none"/>'
        f'<path d="M{end[0]:.1f} {end[1]:.1f}L{left[0]:.1f} {left[1]:.1f}L{right[0]:.1f} {right[1]:.1f}Z" fill="{INK}"/>'
    )
