from __future__ import annotations

import pytest

from assess.engine.marks import AnswerError
from assess.engine.result import DimensionGap
from assess.engine.tally import add_up, gaps_of, table_of
from assess.engine.visibility import settle
from tests.builders import a_bank, a_question, a_sign_question, an_option, some_settings

BANK = a_bank(
    a_question("fact", kind="fact", dimension="policy"),
    a_question("exposed", kind="exposure", dimension="voice"),
    a_question("b", dimension="home"),
    a_question("a", dimension="pay"),
    a_sign_question("c", dimension="pay", ilo=(9, 8)),
)


def tally(answers: dict[str, str]) -> tuple[object, ...]:
    table = table_of(BANK, some_settings())
    return table, add_up(table, settle(BANK, answers).found)


def test_a_table_is_made_once_for_equal_settings_and_kept_for_some_days() -> None:
    first = table_of(BANK, some_settings())
    assert table_of(BANK, some_settings()) is first
    assert table_of(BANK, some_settings(wage=13)) is not first
    assert table_of(BANK, some_settings()) is first
    for wage in range(20, 30):
        table_of(BANK, some_settings(wage=wage))
    assert table_of(BANK, some_settings()) is not first


def test_dimensions_stand_in_the_order_of_the_edition_and_only_those_with_safeguards() -> None:
    table, _ = tally({})
    assert table.dimensions == ("pay", "home")
    assert table.weights == (3, 2)
    assert table.indicators["c"] == 9
    assert table.can_sign == {"c"}


def test_points_are_added_by_dimension_and_exposure_apart() -> None:
    table, found = tally({"exposed": "poor", "b": "fair", "a": "good", "c": "urgent", "fact": "bad"})
    assert found.points == [4, 1, 3]
    assert found.possible == [8, 4, 4]
    assert [line.question for line in found.lines] == ["exposed", "b", "a", "c"]
    assert found.counts == [2, 1, 1]
    assert gaps_of(table, found) == (
        DimensionGap("pay", 3, 4, 8, 0.5, questions=2, wide=False),
        DimensionGap("home", 2, 1, 4, 0.25, questions=1, wide=False),
    )
    assert [mark.line.question for mark in found.notable] == ["c"]


@pytest.mark.parametrize(("harm", "wide"), [(1, True), (3, True), (4, False)])
def test_a_dimension_of_grave_harm_with_three_shown_safeguards_can_be_one_of_the_widest(
    harm: int, *, wide: bool
) -> None:
    bank = a_bank(*[a_question(f"q{index}") for index in range(3)])
    table = table_of(bank, some_settings(harm={"pay": harm}))
    assert [gap.wide for gap in gaps_of(table, add_up(table, settle(bank, {}).found))] == [wide]


def test_marks_that_break_a_law_or_say_that_nobody_looked_are_kept_too() -> None:
    options = (an_option("good"), an_option("guess", 1, not_looked=True), an_option("against", 1, breach="slips"))
    bank = a_bank(*[a_question(name, options=options) for name in ("x", "y", "z")])
    table = table_of(bank, some_settings())
    found = add_up(table, settle(bank, {"x": "guess", "y": "against", "z": "good"}).found)
    assert [mark.line.question for mark in found.notable] == ["x", "y"]


def test_missing_and_unknown_are_named_and_cost_their_points() -> None:
    _, found = tally({"b": "dk", "a": "good", "c": "good"})
    assert found.unknown == ("exposed", "b")
    assert found.costs == [None, None, 0, 0]
    assert found.points == [0, 4, 4]


def test_an_answer_that_is_none_names_its_question() -> None:
    with pytest.raises(AnswerError, match="b: 'nonsense' is no answer"):
        tally({"b": "nonsense"})
