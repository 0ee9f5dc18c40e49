"""The effect of the size of a firm on its place: measured in planted portfolios, and said in words."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean

import pytest

from assess.banks.call_weights import call_weights_on
from assess.banks.folder import QUESTIONNAIRES
from assess.portfolio.calling.rule import count
from assess.portfolio.picture.sizes import SizeEffect, size_effect
from assess.suppliers.models import Size
from tests.portfolio.planted import TODAY, portfolio

WEIGHTS = call_weights_on(QUESTIONNAIRES, TODAY)


@dataclass(frozen=True)
class Sized:
    size: Size | None
    points: int
    unknown: int = 0


def effect(seed: int, *, small_tell_less: bool) -> SizeEffect:
    rows = []
    for one in portfolio(seed, small_tell_less=small_tell_less):
        counted = count(one.facts, WEIGHTS, TODAY)
        unknown = sum(reason.points for reason in counted.reasons if not reason.known)
        rows.append(Sized(one.size, counted.points, unknown))
    return size_effect(rows)


def test_where_size_says_nothing_of_risk_it_moves_nobody(record_property: pytest.RecordProperty) -> None:
    found = [effect(seed, small_tell_less=False) for seed in range(20)]
    places = mean(one.ahead for one in found if one.ahead is not None)
    record_property("places small firms stand ahead, size independent", round(places, 1))
    assert abs(places) < 0.05 * 300
    said = [one.words for one in found]
    assert sum("not ranked ahead" in words for words in said) >= 18


def test_where_small_firms_lack_papers_it_is_measured_and_said(record_property: pytest.RecordProperty) -> None:
    found = [effect(seed, small_tell_less=True) for seed in range(20)]
    places = mean(one.ahead for one in found if one.ahead is not None)
    points = mean(one.more_unknown for one in found if one.more_unknown is not None)
    record_property("places small firms stand ahead, lacking papers", round(places, 1))
    assert places > 0.1 * 300
    assert points > 2
    assert all("are ranked ahead here for lacking answers or papers" in one.words for one in found)
    print(places, points)  # the figures of docs/decisions/calling.md


def test_the_table_has_places_and_suppliers_alike_share_the_middle() -> None:
    rows = [Sized(Size.MICRO, 90, 40)] * 3 + [Sized(Size.LARGE, 50, 10)] * 3 + [Sized(None, 10)]
    found = size_effect(rows)
    assert [row.cells for row in found.rows] == [
        ["Fewer than 10 people", "3", "2.0", "2.0", "40.0"],
        ["10 to 49 people", "0", "too few", "too few", "too few"],
        ["50 to 249 people", "0", "too few", "too few", "too few"],
        ["250 people or more", "3", "5.0", "5.0", "10.0"],
        ["Size not told", "1", "too few", "too few", "too few"],
    ]
    assert (found.ahead, found.more_unknown) == (3, 30)
    assert found.words == (
        "Firms with fewer than 50 people stand 3.0 places ahead of larger firms on average. 30.0 more of their points are for "
        "what is not known. So small firms are ranked ahead here for lacking answers or papers, and that is no sign of harm. "
        "Help them to answer first."
    )


@pytest.mark.parametrize(
    ("small", "large", "said"),
    [
        ((90, 10), (50, 10), "ahead of larger firms on average. About as many of their points are for what is not known. So small firms are not"),
        ((20, 0), (50, 10), "behind larger firms on average. 10.0 fewer of their points"),
        ((50, 30), (50, 10), "stand about where larger firms do. 20.0 more of their points"),
    ],
)  # fmt: skip
def test_other_outcomes_are_said_as_they_are(small: tuple[int, int], large: tuple[int, int], said: str) -> None:
    assert said in size_effect([Sized(Size.SMALL, *small)] * 3 + [Sized(Size.MEDIUM, *large)] * 3).words


def test_too_few_to_compare() -> None:
    found = size_effect([Sized(Size.SMALL, 1)] * 2 + [Sized(Size.LARGE, 2)] * 9)
    assert found.ahead is None
    assert "too few firms" in found.words
    assert size_effect([]).total == 0
