from __future__ import annotations

import dataclasses
import itertools
import random
import re

import pytest

from assess.engine.purchase_plan import MOST_QUESTIONS, influence_over, questions_for, shares_of, steps_for
from assess.engine.purchases import Judged, Purchase, judge
from tests.references import judged, real


def line(good: str, country: str | None = None, share: float | None = None, supplier: str | None = None) -> Judged:
    return judge(Purchase(good, country, share, supplier), real())


def test_severity_comes_before_anything_a_business_can_bring_about() -> None:
    lines = [line("wax and polish", "CN", 90, "A firm"), line("Cocoa", "CI", 1)]
    assert [step.line for step in steps_for(lines, real())] == [1, 0]


def test_among_equally_grave_lines_risk_share_and_influence_count() -> None:
    lines = [
        line("Cocoa", "CI", 5),
        line("Cocoa", "CI", 50),
        line("Cocoa", "CI", 20, "A firm"),
        line("cleaning", "GB", 50),
    ]
    found = steps_for(lines, real())
    assert [step.line for step in found] == [3, 1, 2, 0]
    assert [step.weight for step in found] == [70 * 50 * 2, 90 * 50, 90 * 20 * 2, 90 * 5]


def test_only_high_lines_bring_a_step_and_it_is_that_of_the_gravest_fact() -> None:
    lines = [
        line("Tomatoes", "IT"),
        line("laundry", "GB"),
        line("Rice"),
        line("linen", "PK"),
        line("tape of our own", "MM"),
    ]
    found = steps_for(lines, real())
    assert [(step.line, step.kind) for step in found] == [(3, "forced_labour"), (4, "rule_of_law")]
    assert all(step.todo.owner in real().owners for step in found)


def test_a_high_line_because_of_its_country_does_not_act_on_a_milder_fact() -> None:
    assert steps_for([line("fish", "CN")], real())[0].severity == 3
    assert steps_for([line("Twine and rope of our own", "CN")], real())[0].kind == "tier_3"


def test_the_order_of_lines_changes_nothing() -> None:
    lines = [
        line(good, country, share, supplier)
        for good, country, share, supplier in [
            ("Cocoa", "CI", 5, None),
            ("Cocoa", "CI", 5, "B"),
            ("Cocoa", "CI", 5, "A"),
            ("Shrimp", "IN", None, None),
            ("cleaning", "GB", None, "C"),
            ("agency_labour", None, 20, None),
            ("Tomatoes", "IT", 1, None),
        ]
    ]
    wanted = [lines[step.line].purchase for step in steps_for(lines, real())]
    chance = random.Random(3)
    for _ in range(30):
        mixed = chance.sample(lines, len(lines))
        assert [mixed[step.line].purchase for step in steps_for(mixed, real())] == wanted


def test_noise_of_adding_puts_nothing_before_anything() -> None:
    """Two lines weigh exactly alike here, and sums in one order and the other differ in the last place."""
    lines = [
        line("Garments", "CN", 9.4),
        line("Cotton", "CN", 5),
        line("Toys", "CN", 10.9),
        line("Electronics", "CN", 37.35),
        line("Bricks", "CN"),
    ]
    orders = {
        tuple(mixed[step.line].purchase.good for step in steps_for(mixed, real()))
        for mixed in itertools.permutations(lines)
    }
    assert orders == {("Bricks", "Electronics", "Toys", "Garments", "Cotton")}


def test_lines_without_a_share_divide_what_is_left() -> None:
    assert shares_of([line("Rice", None, 40), line("Tea"), line("Salt")]) == (40, 30, 30)
    assert shares_of([line("Rice", None, 100), line("Tea")]) == (100, 1)
    assert shares_of([line("Rice", None, 0)]) == (0,)
    assert shares_of([]) == ()


def test_influence_is_what_is_known() -> None:
    assert influence_over(line("Cocoa", "CI"), real()) == 1
    assert influence_over(line("Cocoa", "CI", None, "A firm"), real()) == 2
    assert influence_over(line("cleaning", None, None, "A firm"), real()) == 3
    assert influence_over(line("strawberries", "GB"), real()) == 2


def test_every_line_has_a_short_list_of_questions_and_the_gravest_come_first() -> None:
    for offer in real().offers:
        for country in ("GB", "IN", "CN", None):
            asked = questions_for(judged(offer, country), real())
            assert 3 <= len(asked) <= MOST_QUESTIONS
            assert len(set(asked)) == len(asked)
    assert questions_for(judged("Cocoa", "CI"), real())[0] == real().words.kinds["forced_labour"].ask[0]


def test_an_agency_is_asked_about_licence_fees_and_rate_first() -> None:
    asked = " ".join(questions_for(judged("agency staff", "GB"), real())).lower()
    assert all(word in asked for word in ("licence", "pay you or others", "hourly rate", "who else", "complain"))
    assert "laundry" in questions_for(judged("laundry", "GB"), real())[0]


def test_questions_ask_how_and_for_nobodys_name_or_papers() -> None:
    asked = [*real().words.ask_anyone, *(text for kind in real().words.kinds.values() for text in kind.ask)]
    asked += [text for offer in real().offers.values() for text in offer.ask]
    assert len(asked) > 40
    for text in asked:
        assert re.match(r"(How|What|When|Which|Who|Where) ", text), text
        assert text.endswith("?")
        assert not re.search(r"\b(names?|passports?|papers|IDs?|visas?|addresses|guilty|illegal)\b", text), text


def test_a_high_kind_without_anything_to_do_is_a_fault_of_the_files() -> None:
    words = real().words
    silent = {**words.kinds, "forced_labour": dataclasses.replace(words.kinds["forced_labour"], todo=None)}
    reference = dataclasses.replace(real(), words=dataclasses.replace(words, kinds=silent))
    with pytest.raises(KeyError, match="forced_labour"):
        steps_for([judged("Cocoa", "CI", reference)], reference)


def test_steps_towards_firms_in_the_uk_wait_for_advice() -> None:
    kinds = real().words.kinds
    waiting = {name for name, kind in kinds.items() if kind.todo and kind.todo.after_advice}
    assert waiting == {"uk_cases", "uk_licence", "uk_named"}
