from __future__ import annotations

import os
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from assess.plans.pages import _environment, to_html
from assess.plans.sums import statement_of
from assess.plans.words import one, rounded
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import SCENARIOS, a_record, scenario

EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "60"))
"""Submissions whose printed sums are added up."""
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


# ---- a second adder, that reads only what is printed --------------------------------------------------------------------


def printed_statement(record: dict[str, Any]) -> Tag:
    """The statement as it stands in a page and in the PDF."""
    template = _environment().get_template("plans/parts/points.html")
    soup = BeautifulSoup(template.module.points(SimpleNamespace(statement=statement_of(record))), "html.parser")  # type: ignore[attr-defined]  # a macro
    return soup.select("section")[0]


def words(found: Tag | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def down_the_lines(rows: Sequence[Tag]) -> tuple[Decimal, Decimal]:
    """Points and possible of printed lines, the sum beside each checked on the way."""
    points = possible = Decimal(0)
    for row in rows:
        _, lost, running = (words(cell) for cell in row.select("td"))
        cost, most = map(Decimal, lost.split(" of "))
        points, possible = points + cost, possible + most
        assert Decimal(running) == points
    return points, possible


def to_the_digit(found: Decimal, shown: str) -> bool:
    """Whether a sum is what is printed, rounded to the digits that are printed."""
    places = Decimal(1).scaleb(Decimal(shown).as_tuple().exponent)  # type: ignore[arg-type]  # never infinite
    return found.quantize(places, ROUND_HALF_UP) == Decimal(shown)


def numbers_in(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def added_with_a_pencil(section: Tag) -> str:
    """Add the whole statement up from its text; the score it comes to, as printed."""
    exposed, *tables = section.select("table")
    points, possible = down_the_lines(exposed.select("tbody tr"))
    told = next(words(one) for one in section.select("p") if words(one).startswith("Together"))
    if possible:
        told_points, told_possible, base, _ = numbers_in(told)[:4]
        assert (Decimal(told_points), Decimal(told_possible)) == (points, possible)
        exposure = told.rstrip(" .").rsplit("= ", 1)[1]
        assert to_the_digit(Decimal(base) + (100 - Decimal(base)) * points / possible, exposure)
    else:
        exposure = numbers_in(told)[-1]
    gaps = areas_of(tables[0]) if len(tables) == 2 else {}
    total, weights = Decimal(0), Decimal(0)
    shown_gaps = []
    for row in tables[1].select("tbody tr") if len(tables) == 2 else ():
        name, gap, weight, product, running = (words(cell).strip("×% ") for cell in row.select("td"))
        assert to_the_digit(100 * gaps.pop(name), gap)
        assert Decimal(product) == Decimal(gap) * Decimal(weight)
        total, weights = total + Decimal(product), weights + Decimal(weight)
        assert Decimal(running) == total
        shown_gaps.append(gap)
    assert not gaps
    return through_the_steps(section, exposure, total, weights, shown_gaps)


def areas_of(table: Tag) -> dict[str, Decimal]:
    """The gap of each area that lost points, from its lines; its heading checked on the way."""
    gaps = {}
    for body in table.select("tbody"):
        heading, *rows = body.select("tr")
        name, lost = words(heading).rsplit(": ", 1)
        points, possible = down_the_lines(rows)
        assert tuple(map(Decimal, numbers_in(lost))) == (points, possible)
        gaps[name] = Fraction(points) / Fraction(possible)
    return {name: Decimal(gap.numerator) / Decimal(gap.denominator) for name, gap in gaps.items()}


def through_the_steps(section: Tag, exposure: str, total: Decimal, weights: Decimal, gaps: Sequence[str]) -> str:
    average, widest, blended, kept, added, score = (numbers_in(words(one)) for one in section.select("ol li"))
    all_weights = told_weights(section, weights)
    assert (Decimal(average[0]), Decimal(average[1])) == (total, all_weights)
    assert to_the_digit(total / all_weights, average[2])
    count = int(widest[0])
    most = sorted(map(Decimal, gaps), reverse=True)[:count]
    most += [Decimal(0)] * (count - len(most))
    assert sorted(map(Decimal, widest[1 : 1 + count]), reverse=True) == most
    assert to_the_digit(sum(most) / count, widest[-1])
    assert (blended[1], blended[3]) == (average[2], widest[-1])
    assert to_the_digit(
        Decimal(blended[0]) * Decimal(blended[1]) + Decimal(blended[2]) * Decimal(blended[3]), blended[4]
    )
    assert to_the_digit(100 - Decimal(blended[4]), blended[-1])
    assert kept[1] == added[1] == exposure
    assert to_the_digit(Decimal(kept[0]) * Decimal(exposure), kept[2])
    assert added[2] == blended[4]
    assert to_the_digit(Decimal(added[0]) * Decimal(exposure) * Decimal(added[2]) / 100, added[3])
    assert score[:2] == [kept[2], added[3]]
    assert Decimal(score[2]) == Decimal(score[0]) + Decimal(score[1])
    assert to_the_digit(Decimal(score[2]), score[3])
    return score[3]


def told_weights(section: Tag, listed: Decimal) -> Decimal:
    """The weight of all areas: those listed and those that are told of in one sum."""
    told = next(words(one) for one in section.select("p") if words(one).startswith("The gap of an area"))
    found = re.search(rf"{NUMBER} of those below \+ {NUMBER} of those without a gap = {NUMBER}", told)
    if found is None:
        assert not listed
        return Decimal(numbers_in(told)[-1])
    below, others, together = map(Decimal, found.groups())
    assert below == listed
    assert below + others == together
    return together


@pytest.mark.parametrize("part", range(2))
def test_what_is_printed_adds_up_from_its_text_alone(part: int) -> None:
    rnd = Random(part)
    for index in range(EXAMPLES // 2):
        bank = BANKS[index % len(BANKS)]
        some = some_answers(rnd, edition_of(bank), unknown=rnd.choice((0, 0.1, 0.4)))
        record = a_record(bank, f"{bank} low", change=some, quick=index % 10 == 9)
        assert added_with_a_pencil(printed_statement(record)) == one(record["result"]["score"])


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_scenarios_add_up_from_the_whole_plan(bank: str, title: str) -> None:
    record = scenario(bank, title)
    section = BeautifulSoup(to_html(record, "business"), "html.parser").select("section[aria-labelledby=points]")[0]
    assert added_with_a_pencil(section) == one(record["result"]["score"])


def test_a_wrong_digit_does_not_add_up() -> None:
    html = str(printed_statement(scenario("farming", "farming medium")))
    wrong = 0
    for number in dict.fromkeys(re.findall(r">(\d+\.\d+)<", html)):
        spoilt = html.replace(f">{number}<", f">{Decimal(number) + Decimal('0.1')}<", 1)
        with pytest.raises(AssertionError):
            added_with_a_pencil(BeautifulSoup(spoilt, "html.parser").select("section")[0])
        wrong += 1
    assert wrong > 5
