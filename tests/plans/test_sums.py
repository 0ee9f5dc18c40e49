from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest

from assess.plans.sums import statement_of
from assess.plans.words import one, rounded
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import SCENARIOS, a_record, scenario

NUMBER = r"(\d+(?:\.\d+)?)"


def checked_by_hand(record: dict[str, Any]) -> None:
    """Add up a printed statement from its own numbers alone, as a person with a pencil would."""
    statement = statement_of(record)
    for table in (statement.exposure, *statement.areas):
        total = Decimal(0)
        for line in table.lines:
            total += Decimal(line.points)
            assert line.running == f"{total.normalize():f}"
        assert table.points == f"{total.normalize():f}"
        possible = sum((Decimal(line.possible) for line in table.lines), Decimal(table.rest_possible))
        assert Decimal(table.possible) == possible
    running = Decimal(0)
    for area in statement.weighed:
        running += Decimal(area.gap) * Decimal(area.weight)
        assert Decimal(area.product) == Decimal(area.gap) * Decimal(area.weight)
        assert Decimal(area.running) == running
    assert Decimal(statement.total) == running
    for step in (statement.exposure_sum, *statement.steps):
        sums_of_sentence(step)


def sums_of_sentence(sentence: str) -> None:
    """Every "… = number" of a sentence holds, to the digits it shows."""
    for left, right in re.findall(rf"([\d.%×÷+−() ]+) = {NUMBER}", sentence):
        plain = left.strip()
        sum_ = plain.replace("×", "*").replace("÷", "/").replace("−", "-")
        sum_ = re.sub(rf"{NUMBER}%", r"(Decimal('\1')/100)", sum_)
        sum_ = re.sub(rf"(?<![\d'.]){NUMBER}(?!['\d])", r"Decimal('\1')", sum_)
        found = eval(sum_, {"Decimal": Decimal})  # noqa: S307  # our own sentence, digits and signs only
        shown = Decimal(right)
        places = Decimal(1).scaleb(shown.as_tuple().exponent)  # type: ignore[arg-type]
        assert found.quantize(places, ROUND_HALF_UP) == shown, sentence


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_printed_score_adds_up_by_hand(bank: str, title: str) -> None:
    checked_by_hand(scenario(bank, title))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_sums_end_in_the_numbers_of_the_first_page(bank: str, title: str) -> None:
    record = scenario(bank, title)
    statement = statement_of(record)
    assert statement.score == one(record["result"]["score"])
    assert statement.steps[-1].endswith(f"printed as {one(record['result']['score'])}.")
    assert one(100 - 100 * record["result"]["gap"]) in statement.steps[2]
    exposure = statement.exposure_sum.rsplit(" = ", 1)[1]
    assert one(Decimal(exposure)) == one(record["result"]["exposure"])


@pytest.mark.parametrize("bank", BANKS)
def test_any_answers_add_up_by_hand(bank: str) -> None:
    rnd = Random(7)
    for _ in range(25):
        record = a_record(bank, f"{bank} low", change=some_answers(rnd, edition_of(bank)))
        checked_by_hand(record)
        assert statement_of(record).score == one(record["result"]["score"])


def test_lines_come_biggest_first_and_every_point_has_its_line() -> None:
    record = scenario("farming", "farming critical")
    statement = statement_of(record)
    for table in (statement.exposure, *statement.areas):
        points = [float(line.points) for line in table.lines]
        assert points == sorted(points, reverse=True)
    costly = [line for line in record["result"]["lines"] if line["points"]]
    assert sum(len(table.lines) for table in (statement.exposure, *statement.areas)) == len(costly)


def test_areas_stand_by_what_they_weigh() -> None:
    record = scenario("farming", "farming critical")
    heavy = {area["name"]: area["weight"] * area["gap"] for area in record["dimensions"]}
    order = [heavy[table.name] for table in statement_of(record).areas]
    assert order == sorted(order, reverse=True)


def test_areas_without_a_gap_are_counted_and_not_listed_again() -> None:
    statement = statement_of(scenario("farming", "farming low"))
    assert len(statement.open) + statement.closed == len(statement.weighed)
    assert all(area.gap == "0" for area in statement.weighed if area not in statement.open)


def test_without_a_question_about_exposure_the_sector_speaks() -> None:
    record = scenario()
    record["result"]["lines"] = [line for line in record["result"]["lines"] if line["kind"] != "exposure"]
    record["result"]["exposure"] = record["result"]["base"]
    assert "your exposure is where your sector starts" in statement_of(record).exposure_sum


def test_more_decimals_are_shown_where_fewer_would_end_elsewhere() -> None:
    record = scenario("farming", "farming medium")
    shown = {len(area.gap.partition(".")[2]) for area in statement_of(record).weighed}
    assert max(shown) >= 1
    assert rounded(record["result"]["score"]) == Decimal(statement_of(record).score)
