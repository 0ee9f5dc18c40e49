"""Purchases by risk and share as one drawing: a box with a number for each, in a grid of bands and shares.

A grid and no cloud of points: most lines have one of a few risks, and sixty points would lie on each other. The band is told by
the row, by a word and by how a box is drawn, so that it reads in black and white and on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from assess.engine.purchase_data import BANDS
from assess.plans.buying.lines import BoughtLine
from assess.plans.charts import EDGE, INK, PAPER, TEAL, framed

LIMITS = (5, 20)
"""Shares of all spending, in per cent, at which a middle and a large part begin."""

COLUMNS = (
    ("under", f"{LIMITS[0]}%"),
    (f"{LIMITS[0]}% to", f"{LIMITS[1]}%"),
    (f"{LIMITS[1]}%", "and more"),
    ("share", "not said"),
)
"""The head of each column in two lines. A share that was not said stands apart: it may be any."""

_WIDTH, _LABEL, _COLUMN, _GAP = 320, 78, 59, 5
_HEAD, _BOX, _STEP, _ROW, _PAD = 32, 18, 19.5, 21, 5
_PER_ROW = 3
_FONT = 'font-family="Noto Sans, Arial, sans-serif" font-size="11.5"'


@dataclass(frozen=True, slots=True)
class _Look:
    fill: str
    edge: str
    ink: str


_LOOKS: Mapping[str, _Look] = {
    "high": _Look(TEAL, f'stroke="{TEAL}" stroke-width="1.5"', PAPER),
    "medium": _Look(PAPER, f'stroke="{TEAL}" stroke-width="2"', INK),
    "not_known": _Look(PAPER, f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="3 2"', INK),
    "lower": _Look(PAPER, f'stroke="{EDGE}" stroke-width="0.8"', INK),
}


def column_of(portion: float | None) -> int:
    """The column of a share: small, middle, large, or not said."""
    return len(LIMITS) + 1 if portion is None else sum(portion >= limit for limit in LIMITS)


def picture(lines: Sequence[BoughtLine]) -> Markup:
    """The drawing. Lines are those of the table beside it, with its numbers."""
    body, top = "".join(_heads()), float(_HEAD)
    for band in BANDS:
        found = [line for line in lines if line.band == band]
        if found:
            drawn, top = _band(band, found, top)
            body += drawn
    body += _rule(top)
    return framed(alternative(lines), body, _WIDTH, round(top + 1), "plan-buys-picture")


def alternative(lines: Sequence[BoughtLine]) -> str:
    """What the drawing shows, for those who do not see it."""
    told = []
    for band in BANDS:
        found = [line for line in lines if line.band == band]
        cells = [
            f"{' '.join(head)}: {_spans([line.number for line in found if column_of(line.portion) == place])}"
            for place, head in enumerate(COLUMNS)
            if any(column_of(line.portion) == place for line in found)
        ]
        if found:
            told.append(f"{found[0].word}: {'; '.join(cells)}.")
    return " ".join(("Purchases by risk and share of spending, by their numbers in the table.", *told))


def _spans(numbers: Sequence[int]) -> str:
    """“1 to 4, 7” for 1, 2, 3, 4, 7."""
    breaks = [place for place, (before, after) in enumerate(pairwise(numbers), 1) if after != before + 1]
    runs = [numbers[start:end] for start, end in pairwise([0, *breaks, len(numbers)])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _left(column: int) -> int:
    return _LABEL + column * _COLUMN + (_GAP if column == len(COLUMNS) - 1 else 0)


def _heads() -> list[str]:
    return [
        f'<text x="{_left(place)}" y="{y}" {_FONT} fill="{INK}">{escape(words)}</text>'
        for place, head in enumerate(COLUMNS)
        for words, y in zip(head, (12, 26), strict=True)
    ]


def _rule(y: float) -> str:
    return f'<path d="M0 {y:g}H{_WIDTH}" stroke="{EDGE}" stroke-width="0.8"/>'


def _band(band: str, found: Sequence[BoughtLine], top: float) -> tuple[str, float]:
    cells = [[line for line in found if column_of(line.portion) == place] for place in range(len(COLUMNS))]
    rows = max(-(-len(cell) // _PER_ROW) for cell in cells)
    word = f'<text x="0" y="{top + _PAD + 13:g}" {_FONT} font-weight="700" fill="{INK}">{escape(found[0].word)}</text>'
    boxes = "".join(
        _box(line, _LOOKS[band], _left(column) + place % _PER_ROW * _STEP, top + _PAD + place // _PER_ROW * _ROW)
        for column, cell in enumerate(cells)
        for place, line in enumerate(cell)
    )
    return _rule(top) + word + boxes, top + 2 * _PAD + rows * _ROW - (_ROW - _BOX)


def _box(line: BoughtLine, look: _Look, x: float, y: float) -> str:
    size = 11.5 if line.number < 100 else 9  # noqa: PLR2004  # three digits are wider than a box
    return (
        f'<rect x="{x + 1:g}" y="{y:g}" width="{_BOX - 2}" height="{_BOX}" fill="{look.fill}" {look.edge}/>'
        f'<text x="{x + _BOX / 2:g}" y="{y + 13:g}" text-anchor="middle" font-family="Noto Sans, Arial, sans-serif" '
        f'font-size="{size}" fill="{look.ink}">{line.number}</text>'
    )
