from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from assess.editor.review.figures import SHOWN_FROM, as_data, figures_of, from_data, may_show, said, top
from assess.engine.rehearsing import Outcome, Tally

FOUR = (Outcome.SAME, Outcome.SCORE, Outcome.NOT_COMPARABLE, Outcome.BAND)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "fewer than 5"), (4, "fewer than 5"), (5, "about 5"), (7, "about 5"), (8, "about 10"), (4998, "about 5,000")],
)
def test_a_figure_is_said_as_a_span(count: int, words: str) -> None:
    assert said(count) == words


def test_the_top_of_a_span_is_said_alike_and_the_next_is_not() -> None:
    for count in range(40):
        assert said(top(count)) == said(count) != said(top(count) + 1)


def parts(whole: int, number: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many businesses fall into this number of groups."""
    for bars in itertools.combinations(range(whole + number - 1), number - 1):
        yield tuple(b - a - 1 for a, b in itertools.pairwise((-1, *bars, whole + number - 1)))


@pytest.mark.parametrize("whole", range(SHOWN_FROM, SHOWN_FROM + 6))
def test_nobody_who_knows_the_total_and_the_rules_can_work_out_a_small_figure(whole: int) -> None:
    # every world of three outcomes and three ways to another band; those that look alike are held side by side
    alike: dict[object, tuple[list[int], list[int]]] = {}
    for world in parts(whole, 6):
        outcomes, moves = (*world[:3], sum(world[3:])), world[3:]
        shown = may_show(outcomes, moves)
        looks = shown and (tuple(map(top, outcomes)), tuple(map(top, moves)) if outcomes[-1] > 4 else None)
        counts = [*outcomes, *moves]
        least, most = alike.setdefault(looks, (counts, counts))
        alike[looks] = [*map(min, least, counts)], [*map(max, most, counts)]
    assert len(alike) > 1, "some figures are shown"
    for least, most in alike.values():
        assert not any(low > 0 and high <= 4 for low, high in zip(least, most, strict=True)), "a few, whatever is true"


def test_what_would_tell_is_held_back_and_so_is_what_few_said() -> None:
    assert may_show([95, 3, 2, 0], [0] * 20)
    assert not may_show([7, 7, 4, 12], [12, 0, 0]), "all others are as many as they can be: the third is four"
    assert not may_show([24, 0, 0, 0], [0] * 20)
    assert may_show([24, 0, 0, 0], [0] * 20, shown_from=10)
    assert not may_show([20, 0, 0, 9], [7, 2]), "seven is the most of its span, so the other is two"


def a_tally(**outcomes: int) -> Tally:
    made = Tally()
    made.outcomes.update({Outcome(name): count for name, count in outcomes.items()})
    made.moves["low", "high"] = outcomes.get("band", 0)
    return made


def test_counts_become_words_and_small_reasons_are_left_out() -> None:
    made = a_tally(same=80, score=11, band=9)
    made.because.update({"pay": 19, "home": 5, "rare": 4})
    shown = figures_of(made)
    assert [shown.outcomes[one] for one in FOUR] == ["about 80", "about 10", "fewer than 5", "about 10"]
    assert shown.moves["low", "high"] == "about 10"
    assert [(one.question, one.words) for one in shown.because] == [
        ("pay", "nearly all of those that change"),
        ("home", "some of those that change"),
    ]


def test_no_moves_are_shown_when_hardly_anybody_moves_and_nothing_of_a_few() -> None:
    assert figures_of(a_tally(same=50, band=1)).moves == {}
    assert not figures_of(a_tally(same=24)).shown


def test_counts_are_kept_and_read_back() -> None:
    made = a_tally(same=3, band=2)
    made.left_behind["pay"] = 4
    back = from_data(as_data(made))
    assert (back.outcomes, back.moves, back.left_behind) == (made.outcomes, made.moves, made.left_behind)
    assert from_data({}).all == 0
