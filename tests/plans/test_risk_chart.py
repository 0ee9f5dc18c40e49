"""The chart of where a business stands: regions and words agree with the engine, and no word covers a dot."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random
from xml.etree import ElementTree as ET

import pytest

from assess.core.pdf import html_to_pdf
from assess.plans.charts import risk_chart
from assess.plans.charts.drawing import TEXT_SIZE, text_width
from assess.plans.charts.risk_chart import WIDTH
from assess.plans.risk_position import EarlierPosition, RiskPosition, risk_position_of
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import SCENARIOS, a_record, engine_1, scenario

Box = tuple[float, float, float, float]


def parts_of(position: RiskPosition) -> ET.Element:
    return ET.fromstring(str(risk_chart(position)))  # noqa: S314  # our own drawing


def words_of(drawn: ET.Element) -> dict[str, Box]:
    found = {}
    for one in drawn.iter("{http://www.w3.org/2000/svg}text"):
        words, x, y = str(one.text), float(one.attrib["x"]), float(one.attrib["y"])
        wide = text_width(words)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[one.attrib["text-anchor"]]
        found[words] = left, y - TEXT_SIZE, left + wide, y + 3
    return found


def dots_of(drawn: ET.Element) -> list[Box]:
    """The dots themselves: the shapes of the bands are circles as well, but moved as a group."""
    circles = [one.attrib for one in drawn if one.tag.endswith("circle")]
    return [
        (x - r, y - r, x + r, y + r) for x, y, r in ((float(c["cx"]), float(c["cy"]), float(c["r"])) for c in circles)
    ]


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def random_positions() -> list[RiskPosition]:
    rnd = Random(7)
    made = []
    for index in range(120):
        base = rnd.choice((30, 35, 45))
        now, then = ((rnd.uniform(base, 100), rnd.uniform(0, 100)) for _ in range(2))
        before = EarlierPosition(*then, "2026-11-29") if index % 2 else None
        low_gap = None if index % 10 == 9 else 0.25
        made.append(RiskPosition(*now, base, 0.25, 25, 45, 65, low_gap, before))
    corners = [(exposure, strength) for exposure in (30, 100) for strength in (0, 100)]
    return made + [RiskPosition(*corner, 30, 0.25, 25, 45, 65, 0.25) for corner in corners]


@pytest.mark.parametrize("part", range(3))
def test_the_words_agree_with_the_rules_of_the_engine(part: int) -> None:
    rnd = Random(part)
    seen = set()
    for _ in range(30):
        some = some_answers(rnd, edition_of(BANKS[part]), unknown=rnd.choice((0, 0.1)))
        record = a_record(BANKS[part], f"{BANKS[part]} low", change=some)
        result = record["result"]
        position = risk_position_of(record)
        thin = result["low_gap"] is not None and result["gap"] >= result["low_gap"]
        band = "medium" if result["score_band"] == "low" and thin else result["score_band"]
        assert position.band_at(position.exposure, position.strength) == band
        seen.add(band)
    assert len(seen) > 1


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_each_region_has_its_shape_and_its_word(bank: str, title: str) -> None:
    drawn = parts_of(risk_position_of(scenario(bank, title)))
    assert {"Low", "Medium", "High", "Act now", "You"} <= set(words_of(drawn))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}g")) == 4


def test_no_word_covers_a_dot_or_another_word() -> None:
    for position in random_positions():
        drawn = parts_of(position)
        words, dots = words_of(drawn), dots_of(drawn)
        bands = {word: box for word, box in words.items() if word in {"Low", "Medium", "High", "Act now"}}
        assert "Medium" in bands
        assert len(dots) == (3 if position.before else 2)
        assert not [(word, position) for word, box in bands.items() if any(meet(box, dot) for dot in dots)]
        assert not [(one, other, position) for one, other in combinations(words, 2) if meet(words[one], words[other])]
        assert all(box[0] >= 0 and box[2] <= WIDTH for box in words.values()), position


def test_the_text_says_what_the_chart_shows() -> None:
    now = risk_position_of(scenario("hospitality", "hospitality critical"))
    assert now.in_words == (
        "Picture. What your work brings: 62 of 100. Safeguards: 49 of 100. By points alone this is medium."
    )
    assert now.caption == "By points alone: medium. Some answers count whatever the points."
    both = risk_position_of(scenario("car_washes", "car_washes medium"), scenario("car_washes", "car_washes critical"))
    assert both.in_words.endswith("On 24 November 2026 it was 93 and 8 of 100, by points alone act now.")
    assert "24 Nov" in words_of(parts_of(both))
    assert f"<title>{both.in_words}</title>" in str(risk_chart(both))


def test_a_record_of_engine_1_has_no_line_that_low_needs() -> None:
    position = risk_position_of(engine_1())
    assert position.low_gap is None
    assert position.low_strength == 0


def test_it_prints_the_same_bytes_twice_in_letters_of_nine_points_or_more() -> None:
    position = risk_position_of(scenario())
    page = f"<!DOCTYPE html><html lang=en><title>x</title><style>svg{{width:92mm;height:auto}}</style>{risk_chart(position)}"
    assert html_to_pdf(page) == html_to_pdf(page)
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)"', str(risk_chart(position)))}
    assert min(sizes) * 92 / 25.4 * 72 / WIDTH >= 9
