"""Where a business stands by points: safeguards to the right, what its work brings downward, so that up and right are better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from markupsafe import Markup

from assess.plans.charts.bars import band_mark
from assess.plans.charts.drawing import EDGE, INK, PAPER, TEXT_SIZE, arrow, svg_drawing, text, text_width
from assess.plans.risk_position import RiskPosition
from assess.plans.words import BAND_WORDS

WIDTH, HEIGHT = 360, 200
_LEFT, _TOP, _RIGHT, _BOTTOM = 9.0, 22.0, 351.0, 174.0
_FILLS = {"low": PAPER, "medium": "#eceeee", "high": "#cfd6d4", "critical": "#a9b4b1"}
_CURVE_STEPS = 32
_MARK = 12.0
_CLEARANCES = (16.0, 10.0, 5.0, 2.0, 0.0)
"""How much room a word may have around it: the most that any place of its region offers is taken."""
_GRID = 6
_POINT, _RING = 5.0, 8.0
_SHORTEST_ARROW = 30.0


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> _Box:
        return _Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within_chart(self) -> bool:
        return self.left >= _LEFT and self.top >= _TOP and self.right <= _RIGHT and self.bottom <= _BOTTOM


_Place = tuple[float, float]


def risk_chart(position: RiskPosition) -> Markup:
    """The chart of this position; where it names an earlier one, that as a hollow dot with its day and an arrow to now."""
    return _drawn(position)


@lru_cache(maxsize=64)
def _drawn(position: RiskPosition) -> Markup:
    now = _place(position, position.strength, position.exposure)
    points, taken = _points(position, now)
    body = [_regions(position), *_band_labels(position, taken), *points, *_axes()]
    return svg_drawing(position.in_words, "".join(body), WIDTH, HEIGHT, "plan-risk-chart")


def _place(position: RiskPosition, strength: float, exposure: float) -> _Place:
    right = min(max(strength, 0.0), 100.0) / 100
    down = min(max((exposure - position.base) / (100 - position.base), 0.0), 1.0)
    return _LEFT + right * (_RIGHT - _LEFT), _TOP + down * (_BOTTOM - _TOP)


def _band_at(position: RiskPosition, place: _Place) -> str:
    strength = 100 * (place[0] - _LEFT) / (_RIGHT - _LEFT)
    exposure = position.base + (100 - position.base) * (place[1] - _TOP) / (_BOTTOM - _TOP)
    return position.band_at(exposure, strength)


def _regions(position: RiskPosition) -> str:
    """From the worst to the best, each drawn over the one before it."""
    width, height = _RIGHT - _LEFT, _BOTTOM - _TOP
    parts = [f'<rect x="{_LEFT:g}" y="{_TOP:g}" width="{width:g}" height="{height:g}" fill="{_FILLS["critical"]}"/>']
    for band, score in (("high", position.critical), ("medium", position.high), ("low", position.medium)):
        curve = _curve(position, score, position.low_strength if band == "low" else 0.0)
        if curve:
            corners = [(_RIGHT, _TOP), (curve[0][0], _TOP), *curve, (_RIGHT, curve[-1][1])]
            outline = "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)
            parts.append(f'<path d="M{outline}Z" fill="{_FILLS[band]}" stroke="{EDGE}" stroke-width="0.93"/>')
    parts.append(
        f'<rect x="{_LEFT:g}" y="{_TOP:g}" width="{width:g}" height="{height:g}" fill="none" stroke="{INK}" stroke-width="1"/>'
    )
    return "".join(parts)


def _curve(position: RiskPosition, score: float, least: float) -> list[_Place]:
    """Where the score is this one, from the weakest safeguards (`least` at the least) to the strongest; empty where it lies outside."""
    first = max(least, position.strength_at(score, position.base))
    last = min(100.0, position.strength_at(score, 100.0))
    if first >= last:
        return []
    strengths = [first + (last - first) * step / _CURVE_STEPS for step in range(_CURVE_STEPS + 1)]
    return [_place(position, strength, position.exposure_at(score, strength)) for strength in strengths]


def _band_labels(position: RiskPosition, taken: Sequence[_Box]) -> Iterator[str]:
    for band in _FILLS:
        word = BAND_WORDS[band]
        width, height = _MARK + 4 + text_width(word), TEXT_SIZE + 2.0
        found = _label_place(position, band, width, height, taken)
        if found:
            left, top = found[0] - width / 2, found[1] - height / 2
            yield band_mark(band, left, top + 1.5, _MARK)
            yield text(left + _MARK + 4, top + height - 4, word)


def _label_place(
    position: RiskPosition, band: str, width: float, height: float, taken: Sequence[_Box]
) -> _Place | None:
    """The middle of the places with most room in the region; the score falls to the right and upward, so two corners tell of a whole box."""
    places = [
        (x, y)
        for x in range(int(_LEFT), int(_RIGHT), _GRID)
        for y in range(int(_TOP), int(_BOTTOM), _GRID)
        if _band_at(position, (x, y)) == band
    ]
    for clearance in _CLEARANCES:
        good = []
        for x, y in places:
            box = _Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2).grown(clearance)
            corners = ((box.right, box.top), (box.left, box.bottom))
            if not box.within_chart() or any(_band_at(position, corner) != band for corner in corners):
                continue
            if not any(box.meets(other) for other in taken):
                good.append((x, y))
        if good:
            middle = sum(x for x, _ in good) / len(good), sum(y for _, y in good) / len(good)
            return min(good, key=lambda place: ((place[0] - middle[0]) ** 2 + (place[1] - middle[1]) ** 2, place))
    return None


def _points(position: RiskPosition, now: _Place) -> tuple[list[str], list[_Box]]:
    """The dots with their words, and the boxes they take. The newest is drawn last."""
    before = position.before
    if before is None:
        words, box = _point_label("You", now, [])
        return [*_you(now), *words], [_around(now), box]
    earlier = _place(position, before.strength, before.exposure)
    dot = f'<circle cx="{earlier[0]:.1f}" cy="{earlier[1]:.1f}" r="{_POINT:g}" fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
    line, taken = _arrow_between(earlier, now), [_around(now), _around(earlier)]
    taken += line[1]
    words, box = _point_label("You", now, taken[1:])
    older_words, older_box = _point_label(before.day_words, earlier, [taken[0], *line[1], box])
    return [*line[0], dot, *_you(now), *words, *older_words], [*taken, box, older_box]


def _you(now: _Place) -> list[str]:
    x, y = now
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RING:g}" fill="{PAPER}" stroke="{INK}" stroke-width="1"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_POINT:g}" fill="{INK}"/>',
    ]


def _around(place: _Place) -> _Box:
    return _Box(place[0], place[1], place[0], place[1]).grown(_RING + 2)


def _arrow_between(earlier: _Place, now: _Place) -> tuple[list[str], list[_Box]]:
    """The arrow, where there is room for one, and boxes along it that no word may cover."""
    dx, dy = now[0] - earlier[0], now[1] - earlier[1]
    length = (dx * dx + dy * dy) ** 0.5
    if length < _SHORTEST_ARROW:
        return [], []
    ux, uy = dx / length, dy / length
    start = earlier[0] + (_POINT + 2) * ux, earlier[1] + (_POINT + 2) * uy
    end = now[0] - (_RING + 2) * ux, now[1] - (_RING + 2) * uy
    marks = [
        (start[0] + (end[0] - start[0]) * part / 12, start[1] + (end[1] - start[1]) * part / 12) for part in range(13)
    ]
    boxes = [
        _Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])).grown(3) for a, b in pairwise(marks)
    ]
    return [arrow(start, end)], boxes


def _point_label(words: str, place: _Place, taken: Sequence[_Box]) -> tuple[list[str], _Box]:
    """Words beside a dot on a white ground, at the first side where they are free."""
    width, height = text_width(words) + 6, TEXT_SIZE + 4.0
    x, y = place
    beside, half = _RING + 3, width / 2
    sides = (
        (x + beside, y - height / 2),
        (x - beside - width, y - height / 2),
        (x - half, y - beside - height),
        (x - half, y + beside),
        (x + beside, y - beside - height / 2),
        (x - beside - width, y + beside - height / 2),
        (x + beside, y + beside - height / 2),
        (x - beside - width, y - beside - height / 2),
    )
    boxes = [_Box(left, top, left + width, top + height) for left, top in sides]
    inside = [box for box in boxes if box.within_chart()] or boxes
    box = next((one for one in inside if not any(one.meets(other) for other in taken)), inside[0])
    ground = f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{width:.1f}" height="{height:g}" rx="3" fill="{PAPER}" stroke="{EDGE}" stroke-width="0.5"/>'
    return [ground, text((box.left + box.right) / 2, box.bottom - 4.5, words, anchor="middle", bold=True)], box


def _axes() -> Iterator[str]:
    yield arrow((_LEFT + 4, 17), (_LEFT + 4, 3))
    yield text(_LEFT + 13, 14, "Your work brings less")
    yield text(_LEFT, HEIGHT - 5, "Few safeguards")
    yield text(_RIGHT - 20, HEIGHT - 5, "Many safeguards", anchor="end")
    yield arrow((_RIGHT - 16, HEIGHT - 9.5), (_RIGHT, HEIGHT - 9.5))
