from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from assess.plans.charts import WIDTH, band_shape, bar, step_bar

BANDS = ("low", "medium", "high", "critical", "not_rated")


def widths(svg: str) -> list[float]:
    return [float(width) for width in re.findall(r'<rect x="0" y="0" width="([\d.]+)"', svg)]


@pytest.mark.parametrize(("value", "width"), [(0, 0), (50, WIDTH / 2), (100, WIDTH), (130, WIDTH), (-4, 0)])
def test_a_bar_is_as_long_as_its_number(value: float, width: float) -> None:
    assert widths(bar("x", value)) == [width]


def test_every_drawing_is_sound_xml_with_a_title_and_no_style() -> None:
    drawings = [bar("A & B <c>", 40), bar("x", 40, "striped"), step_bar("y", 3, 4), *map(band_shape, BANDS)]
    for drawing in drawings:
        root = ET.fromstring(drawing)  # noqa: S314  # our own drawing
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert title.text
        assert "style" not in drawing
    assert "A &amp; B &lt;c&gt;" in drawings[0]


def test_an_exposure_is_told_from_a_safeguard_without_colour() -> None:
    assert bar("x", 60, "striped").count("<path") > bar("x", 60).count("<path")


def test_a_step_bar_shows_whole_steps_only() -> None:
    assert step_bar("x", 3, 4).count('fill="#0b4f4a"') == 3


def test_each_band_has_a_shape_of_its_own() -> None:
    assert len({band_shape(band) for band in BANDS}) == len(BANDS)
