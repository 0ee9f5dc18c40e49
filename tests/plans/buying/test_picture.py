from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from assess.engine.purchases import Purchase
from assess.plans.buying.lines import lines_of
from assess.plans.buying.picture import _LOOKS, alternative, column_of, picture
from tests.plans.buying.bought import HOTEL, LONG, UNKNOWN, hotel, sixty

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("purchases", [HOTEL[:1], HOTEL, LONG, UNKNOWN, sixty(), sixty() * 2])
def test_each_purchase_is_one_box_with_its_number_inside_the_drawing_and_none_lies_on_another(
    purchases: tuple[Purchase, ...],
) -> None:
    drawn = ET.fromstring(picture(lines_of(hotel(purchases)["purchases"]["lines"])))  # noqa: S314  # our own drawing
    width, height = (float(size) for size in drawn.attrib["viewBox"].split()[2:])
    boxes = [
        tuple(float(box.attrib[side]) for side in ("x", "y", "width", "height")) for box in drawn.iter(f"{SVG}rect")
    ]
    numbers = [text.text for text in drawn.iter(f"{SVG}text") if (text.text or "").isdigit()]
    assert sorted(map(int, filter(None, numbers))) == list(range(1, len(purchases) + 1))
    assert len(boxes) == len(purchases)
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    assert not [
        (a, b)
        for place, a in enumerate(boxes)
        for b in boxes[place + 1 :]
        if abs(a[0] - b[0]) < a[2] and abs(a[1] - b[1]) < a[3]
    ]


@pytest.mark.parametrize(("share", "column"), [(0, 0), (4.9, 0), (5, 1), (19.9, 1), (20, 2), (100, 2), (None, 3)])
def test_a_share_has_its_column_and_one_that_was_not_said_stands_apart(share: float | None, column: int) -> None:
    assert column_of(share) == column


def test_no_word_of_a_band_runs_into_a_box_in_whatever_font() -> None:
    """Screens have wider letters than our paper: a bold one takes up to 0.7 of its height."""
    lines = lines_of(hotel((*HOTEL, *UNKNOWN))["purchases"]["lines"])
    drawn = ET.fromstring(picture(lines))  # noqa: S314  # our own drawing
    first = min(float(box.attrib["x"]) for box in drawn.iter(f"{SVG}rect"))
    words = [text for text in drawn.iter(f"{SVG}text") if text.attrib.get("font-weight") == "700"]
    assert {line.word for line in lines} <= {text.text for text in words}
    assert "Not known" in {text.text for text in words}
    wide = [
        0.7 * float(text.attrib["font-size"]) * len(text.text or "")
        for text in words
        if not (text.text or "").isdigit()
    ]
    assert max(wide) < first


def test_bands_are_told_apart_without_colour() -> None:
    without_colour = {band: re.sub(r"#\w+", "", look.edge) for band, look in _LOOKS.items()}
    assert len(set(without_colour.values())) == len(_LOOKS)
    drawn = picture(lines_of(hotel()["purchases"]["lines"]))
    assert all(f">{word}</text>" in drawn for word in ("High", "Medium", "Not known", "Lower"))
    assert "style" not in drawn


def test_words_no_list_knows_stand_in_the_row_of_what_is_not_known() -> None:
    lines = lines_of(hotel((Purchase("eggs", "DK"), Purchase("lads who help out", "GB")))["purchases"]["lines"])
    assert alternative(lines).endswith("Not known: share not said: 1. Lower: share not said: 2.")


def test_the_alternative_says_what_the_drawing_shows() -> None:
    shares = (1, 2, None, 30)
    lines = lines_of(hotel(tuple(Purchase("Cocoa", "CI", share) for share in shares))["purchases"]["lines"])
    assert alternative(lines).endswith("High: under 5%: 1 to 2; 20% and more: 4; share not said: 3.")
    assert f"<title>{alternative(lines)}</title>" in picture(lines)
