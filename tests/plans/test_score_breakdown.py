"""The statement of points, added up by hand from what is printed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from assess.plans.annex import EXPOSURE_TITLE
from assess.plans.print_html import copy_html
from assess.plans.score_breakdown import score_breakdown_of
from assess.plans.words import one_decimal, round_half_up
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import SCENARIOS, a_record, scenario, text_of

EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "30"))
"""Submissions whose printed sums are added up."""
NUMBER = r"(\d+(?:\.\d+)?)"


def checked_by_hand(record: dict[str, Any]) -> None:
    """Add up a printed statement from its own numbers alone, as a person with a pencil would."""
    statement = score_breakdown_of(record)
    running = Decimal(0)
    for area in statement.weighed:
        running += Decimal(area.points) * Decimal(area.weight)
        assert Decimal(area.product) == Decimal(area.points) * Decimal(area.weight)
        assert Decimal(area.weighed_possible) == Decimal(area.possible) * Decimal(area.weight)
        assert Decimal(area.running) == running
    assert Decimal(statement.total) == running
    assert Decimal(statement.weights) == sum((Decimal(area.weighed_possible) for area in statement.weighed), Decimal(0))
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
    statement = score_breakdown_of(record)
    assert statement.score == one_decimal(record["result"]["score"])
    assert statement.steps[-1].endswith(f"printed as {one_decimal(record['result']['score'])}.")
    assert one_decimal(100 - 100 * record["result"]["gap"]) in statement.steps[2]
    exposure = statement.exposure_sum.rsplit(" = ", 1)[1]
    assert one_decimal(Decimal(exposure)) == one_decimal(record["result"]["exposure"])


@pytest.mark.parametrize("bank", BANKS)
def test_any_answers_add_up_by_hand(bank: str) -> None:
    rnd = Random(7)
    for _ in range(25):
        record = a_record(bank, f"{bank} low", change=some_answers(rnd, edition_of(bank)))
        checked_by_hand(record)
        assert score_breakdown_of(record).score == one_decimal(record["result"]["score"])


def test_areas_without_a_gap_are_counted_and_not_listed_again() -> None:
    statement = score_breakdown_of(scenario("farming", "farming low"))
    assert len(statement.open) + statement.closed == len(statement.weighed)
    assert all(area.gap == "0" for area in statement.weighed if area not in statement.open)


def test_without_a_question_about_exposure_the_sector_speaks() -> None:
    record = scenario()
    record["result"]["lines"] = [line for line in record["result"]["lines"] if line["kind"] != "exposure"]
    record["result"]["exposure"] = record["result"]["base"]
    assert "your exposure is where your sector starts" in score_breakdown_of(record).exposure_sum


def test_more_decimals_are_shown_where_fewer_would_end_elsewhere() -> None:
    record = scenario("farming", "farming medium")
    shown = {len(area.gap.partition(".")[2]) for area in score_breakdown_of(record).weighed}
    assert max(shown) >= 1
    assert round_half_up(record["result"]["score"]) == Decimal(score_breakdown_of(record).score)


@pytest.mark.parametrize("price", [1e27, sys.float_info.max])
def test_a_price_that_is_too_large_to_be_real_is_printed_all_the_same(price: float) -> None:
    record = a_record("car_washes", "car_washes critical", change={"wash_price": price})
    assert f"£{Decimal(repr(price)):,.2f}" in text_of(copy_html(record, "annex"))


# ---- a second adder, that reads only what is printed --------------------------------------------------------------------
def printed_statement(record: dict[str, Any]) -> Tag:
    """The statement as it stands in the annex, in the words and tables of the page of points."""
    return BeautifulSoup(copy_html(record, "annex"), "html.parser")


def words(found: Tag | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def down_the_lines(body: Tag) -> tuple[str, Decimal, Decimal]:
    """The name of a group, its points and those possible, added up from its lines and held against its heading."""
    heading, *rows = body.select("tr")
    name, told = (words(cell) for cell in heading.select("td"))
    points = possible = Decimal(0)
    for row in rows:
        cost, most = map(Decimal, words(row.select("td")[-1]).split(" of "))
        points, possible = points + cost, possible + most
    assert tuple(map(Decimal, told.split(" of "))) == (points, possible)
    return name, points, possible


def to_the_digit(found: Decimal, shown: str) -> bool:
    """Whether a sum is what is printed, rounded to the digits that are printed."""
    places = Decimal(1).scaleb(Decimal(shown).as_tuple().exponent)  # type: ignore[arg-type]  # never infinite
    return found.quantize(places, ROUND_HALF_UP) == Decimal(shown)


def numbers_in(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def added_with_a_pencil(section: Tag) -> str:
    """Add the whole statement up from its text; the score it comes to, as printed."""
    every, weighed = section.select_one(".plan-every"), section.select_one(".plan-weights")
    assert every is not None
    assert weighed is not None
    groups = [down_the_lines(body) for body in every.select("tbody") if words(body.select("tr > td:last-child")[0])]
    told = next(
        words(one) for one in section.select("p") if words(one).startswith("What your kind of work brings costs")
    )
    if groups[0][0] == EXPOSURE_TITLE:
        _, points, possible = groups.pop(0)
        told_points, told_possible, base, _ = numbers_in(told)[:4]
        assert (Decimal(told_points), Decimal(told_possible)) == (points, possible)
        exposure = told.rstrip(" .").rsplit("= ", 1)[1]
        assert to_the_digit(Decimal(base) + (100 - Decimal(base)) * points / possible, exposure)
    else:
        exposure = numbers_in(told)[-1]
    gaps = {name: points / possible for name, points, possible in groups if points}
    *rows, together = weighed.select("tbody tr")
    total, possible = Decimal(0), Decimal(0)
    shown: dict[str, str] = {}
    for row in rows:
        name, gap, cost, room = (words(cell) for cell in row.select("td"))
        shown[name] = gap.strip("%")
        if " = " in cost:
            assert to_the_digit(100 * gaps.pop(name), shown[name])
            assert product_of(cost) / Decimal(cost.split(" × ")[0]) == product_of(room) / Decimal(room.split(" × ")[0])
        total, possible = total + product_of(cost), possible + product_of(room)
    assert not gaps
    assert [words(cell) for cell in together.select("td")][2:] == [
        f"{total.normalize():f}",
        f"{possible.normalize():f}",
    ]
    score = through_the_steps(section, exposure, total, possible, shown)
    begins = next(words(one) for one in section.select("p") if words(one).startswith("You can add all of this up"))
    assert "Your score is" not in begins or numbers_in(begins)[0] == score
    return score


def product_of(cell: str) -> Decimal:
    """The product in a cell such as “8 × 3 = 24”, worked out; a number on its own stands for itself."""
    if " = " not in cell:
        return Decimal(cell)
    first, second, product = map(Decimal, numbers_in(cell))
    assert first * second == product
    return product


def through_the_steps(section: Tag, exposure: str, total: Decimal, possible: Decimal, gaps: Mapping[str, str]) -> str:
    average, widest, blended, kept, added, score = (words(one) for one in section.select("ol.plan-steps li"))
    hundred, lost, of, mean = numbers_in(average)
    assert (hundred, Decimal(lost), Decimal(of)) == ("100", total, possible)
    assert to_the_digit(100 * total / possible if possible else Decimal(0), mean)
    gap = numbers_in(blended)[-2]
    if found := re.search(r"count(?:s)? a second time \((.+)\): (.+)%\.", widest):
        names, sum_ = found[1].split("; "), found[2]
        *most, worst = numbers_in(sum_)
        named = [gaps.get(name, "0") for name in names]
        if len(names) == 1:
            assert worst == named[0]
        else:
            assert most == [*named, str(len(names))]
            assert to_the_digit(sum(map(Decimal, named)) / len(names), worst)
        share, told_mean, other, told_worst = numbers_in(blended)[:4]
        assert (told_mean, told_worst) == (mean, worst)
        assert to_the_digit(Decimal(share) * Decimal(mean) + Decimal(other) * Decimal(worst), numbers_in(blended)[4])
        gap = numbers_in(blended)[4]
    else:
        assert "You have none." in widest
        assert numbers_in(blended)[0] == gap == mean
    assert to_the_digit(100 - Decimal(gap), numbers_in(blended)[-1])
    floor, told, part = numbers_in(kept)
    mended, told_again, told_gap, more = numbers_in(added)
    assert told == told_again == exposure
    assert told_gap == gap
    assert to_the_digit(Decimal(floor) * Decimal(exposure), part)
    assert to_the_digit(Decimal(mended) * Decimal(exposure) * Decimal(gap) / 100, more)
    first, second, together, printed = numbers_in(score)
    assert [first, second] == [part, more]
    assert Decimal(together) == Decimal(part) + Decimal(more)
    assert to_the_digit(Decimal(together), printed)
    return printed


@pytest.mark.parametrize("part", range(2))
def test_what_is_printed_adds_up_from_its_text_alone(part: int) -> None:
    rnd = Random(part)
    for index in range(EXAMPLES // 2):
        bank = BANKS[index % len(BANKS)]
        some = some_answers(rnd, edition_of(bank), unknown=rnd.choice((0, 0.1, 0.4)))
        record = a_record(bank, f"{bank} low", change=some, quick=index % 10 == 9)
        assert added_with_a_pencil(printed_statement(record)) == one_decimal(record["result"]["score"])


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_scenarios_add_up_from_the_whole_annex(bank: str, title: str) -> None:
    record = scenario(bank, title)
    assert added_with_a_pencil(printed_statement(record)) == one_decimal(record["result"]["score"])


def test_a_wrong_digit_does_not_add_up() -> None:
    page = printed_statement(scenario("farming", "farming medium"))
    html = "".join(str(page.select_one(f"section[aria-labelledby={part}]")) for part in ("points", "sums"))
    wrong = 0
    for before, number in dict.fromkeys(re.findall(r"(= |>)(\d+\.\d+)(?=[%.,<])", html)):
        spoilt = html.replace(f"{before}{number}", f"{before}{Decimal(number) + Decimal('0.1')}", 1)
        with pytest.raises(AssertionError):
            added_with_a_pencil(BeautifulSoup(spoilt, "html.parser"))
        wrong += 1
    assert wrong > 5
