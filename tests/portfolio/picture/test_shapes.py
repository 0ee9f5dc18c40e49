from __future__ import annotations

import re
from itertools import pairwise

from bs4 import BeautifulSoup

from assess.portfolio.picture import shapes
from assess.portfolio.picture.counting import BAND_WORDS
from assess.portfolio.picture.rows import GROUPS

COUNTS = {"low": 3, "medium": 0, "high": 1, "none": 4}


def test_a_bar_in_parts_fills_its_width_and_says_it_in_words() -> None:
    drawn = str(shapes.parts_bar("Farming <b>: Low 1", COUNTS, shapes.BAND_FILLS, 8))
    soup = BeautifulSoup(drawn, "html.parser")
    assert soup.title is not None
    assert soup.title.text == "Farming <b>: Low 1"
    assert soup.find("desc") is not None
    edges = [rect for rect in soup.find_all("rect") if rect["fill"] == "none"]
    assert len(edges) == 3, "what is 0 has no part"
    spans = [(float(rect["x"]), float(rect["width"])) for rect in edges]
    assert all(abs(x + width - after) < 0.2 for (x, width), (after, _) in pairwise(spans))
    assert abs(sum(width for _, width in spans) - (shapes.WIDTH - 2)) < 0.5


def test_each_part_has_a_pattern_of_its_own_without_colour() -> None:
    for words, fills in ((BAND_WORDS, shapes.BAND_FILLS), (GROUPS, shapes.GROUP_FILLS)):
        drawn = {re.sub(r"<title>.*?</title>", "", str(shapes.swatch(name, fills[name]))) for name in words}
        assert len(drawn) == len(words)


def test_nothing_to_draw_is_an_empty_bar() -> None:
    assert "<rect" not in str(shapes.parts_bar("None", dict.fromkeys(COUNTS, 0), shapes.BAND_FILLS, 0))
    assert "<title>China: 0</title>" in str(shapes.plain_bar("China: 0", 0, 0))
    assert "478" in str(shapes.plain_bar("China: 3", 3, 3))
    assert (shapes.most_of([]), shapes.most_of([COUNTS, {"low": 1}])) == (0, 8)
    assert "M" in str(shapes.parts_bar("No", {"declined": 3}, shapes.GROUP_FILLS, 3))
