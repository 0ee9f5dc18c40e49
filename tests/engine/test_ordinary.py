"""Which questions a buyer's view may rest on is a property of the edition, and errs towards saying less."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assess.engine.bank import BuyerGroup, Edition, NumberBand, Question, RuleStep
from assess.engine.conditions import AllOf, Leaf, Not
from assess.engine.ordinary import (
    ADVICE_FIRST_QUESTIONS,
    buyer_bars,
    can_raise_sign,
    ordinary_edition,
    ordinary_questions,
    waits_for_advice,
)
from assess.engine.visibility import quick_edition
from tests.builders import a_bank, a_charge, a_check, a_number, a_question, a_sign_question, an_action, an_option
from tests.engine.real_banks import BANKS, edition_of

CAREFUL = an_action("Move people.", after_advice=True)


def ordinary(*questions: Question) -> frozenset[str]:
    return ordinary_questions(a_bank(*questions))


@pytest.mark.parametrize(
    "question",
    [
        a_sign_question("q"),
        a_question("q", can_sign=True),
        a_question("q", options=(an_option("good"), an_option("bad", 4, sign="serious"))),
        a_number("q", bands=(NumberBand(10, 0), NumberBand(None, 4, sign="urgent"))),
        a_charge("q", can_sign=False, steps=(RuleStep("free", 0), RuleStep("above", 4, sign="serious"))),
        a_question("q", pooled=True),
        a_question("core_buyer_pressure"),
        a_question("q", action=CAREFUL),
        a_number("q", dk_action=CAREFUL),
        a_question("q", options=(an_option("good"), an_option("bad", 4, action=CAREFUL))),
        a_number("q", bands=(NumberBand(10, 0), NumberBand(None, 4, action=CAREFUL))),
        a_question("farm_lp_layers"),
    ],
)
def test_what_can_raise_a_sign_waits_for_advice_or_is_pooled_is_not_ordinary(question: Question) -> None:
    assert ordinary(question, a_question("plain")) == {"plain"}


@pytest.mark.parametrize("kind", ["safeguard", "exposure", "fact"])
def test_everything_else_is_facts_among_it(kind: str) -> None:
    assert ordinary(a_question(kind=kind, action=an_action())) == {"q"}


def test_what_is_asked_because_of_one_that_is_not_ordinary_is_not_either_all_the_way_back() -> None:
    found = ordinary(
        a_sign_question("grave"),
        a_question("gate"),
        a_question("behind_gate", show_if=Leaf("gate", "is", "good")),
        a_question("behind", show_if=Not(Leaf("grave", "is", "good"))),
        a_question("further", show_if=Leaf("behind", "is", "good")),
        a_question("both", show_if=AllOf((Leaf("gate", "is", "good"), Leaf("grave", "is", "good")))),
    )
    assert found == {"gate", "behind_gate"}


def test_a_condition_on_what_this_bank_does_not_ask_hides_nothing() -> None:
    assert ordinary(a_question("q", show_if=Not(Leaf("elsewhere", "is", "yes")))) == {"q"}


def test_the_input_of_a_check_with_a_sign_may_be_ordinary() -> None:
    d2 = a_check("D2", rule="daily_rate_below_wage", inputs={"daily": "daily", "hours": "hours"}, sign="serious")
    bank = a_bank(a_number("daily", kind="fact"), a_number("hours"), checks=[d2])
    assert ordinary_questions(bank) == {"daily", "hours"}
    assert ordinary_edition(bank).checks == ()


def test_only_ordinary_questions_exist_in_the_ordinary_edition_and_no_empty_section() -> None:
    bank = a_bank(a_sign_question("grave"), a_question("plain"))
    assert [question.id for question in ordinary_edition(bank).questions()] == ["plain"]
    assert ordinary_edition(a_bank(a_sign_question("grave"))).sections == ()
    assert ordinary_edition(bank) is ordinary_edition(bank)


def test_an_action_named_after_a_question_that_is_not_ordinary_is_not_joined() -> None:
    bank = a_bank(
        a_sign_question("grave"),
        a_question("calm"),
        a_question("too", same_as="grave"),
        a_question("also", same_as="calm"),
    )
    assert {question.id: question.same_as for question in ordinary_edition(bank).questions()} == {
        "calm": None,
        "too": None,
        "also": "calm",
    }


def test_a_quick_check_is_ordinary_by_the_full_edition() -> None:
    bank = a_bank(
        a_sign_question("grave"),
        a_question("hidden", quick=True, show_if=Leaf("grave", "is", "good")),
        a_question("plain", quick=True),
    )
    quick = ordinary_edition(quick_edition(bank), of=bank)
    assert [question.id for question in quick.questions()] == ["plain"]


def grouped(*sizes: int, **changes: Any) -> Edition:
    """Groups of one dimension each with so many safeguards that are always asked."""
    dimensions = ("pay", "papers", "home", "hours", "voice")
    questions = [
        a_question(f"{name}{index}", dimension=name, **changes)
        for name, size in zip(dimensions, sizes, strict=False)
        for index in range(size)
    ]
    groups = tuple(BuyerGroup(f"g_{name}", name.capitalize(), (name,)) for name in dimensions[: len(sizes)])
    return a_bank(*questions, groups=groups)


@pytest.mark.parametrize(
    ("sizes", "bars"),
    [
        ((3, 4), [("g_pay",), ("g_papers",)]),
        ((2, 1, 3), [("g_pay", "g_papers"), ("g_home",)]),
        ((3, 2), [("g_pay", "g_papers")]),
        ((1, 1), []),
        ((0, 3), [("g_pay", "g_papers")]),
        ((), []),
    ],
)
def test_groups_are_joined_until_each_bar_stands_on_three_questions(
    sizes: tuple[int, ...], bars: list[tuple[str, ...]]
) -> None:
    assert [bar.groups for bar in buyer_bars(grouped(*sizes))] == bars


def test_a_joined_bar_has_both_names_and_dimensions() -> None:
    (bar,) = buyer_bars(grouped(2, 1))
    assert (bar.name, bar.dimensions) == ("Pay; Papers", {"pay", "papers"})


def test_only_ordinary_safeguards_that_are_always_asked_carry_a_bar() -> None:
    assert buyer_bars(grouped(3, kind="exposure")) == ()
    assert buyer_bars(grouped(3, pooled=True)) == ()
    assert buyer_bars(grouped(3, show_if=Not(Leaf("elsewhere", "is", "yes")))) == ()


@pytest.mark.parametrize("bank", BANKS)
def test_in_the_real_banks_no_ordinary_question_touches_a_sign_in_any_way(bank: str) -> None:
    edition = edition_of(bank)
    found = ordinary_questions(edition)
    for question in edition.questions():
        if question.id in found:
            assert not can_raise_sign(question)
            assert not waits_for_advice(question)
            assert not question.pooled
            assert question.id not in ADVICE_FIRST_QUESTIONS
    assert 20 < len(found) < len(edition.questions())
    assert 3 <= len(buyer_bars(edition)) <= 5


@pytest.mark.parametrize("bank", BANKS)
def test_in_the_real_banks_a_new_sign_anywhere_takes_its_question_and_all_behind_it_out(bank: str) -> None:
    edition = edition_of(bank)
    before = ordinary_questions(edition)
    gate = next(one for one in edition.questions() if one.id == "core_housing")
    sections = tuple(
        replace(
            section,
            questions=tuple(replace(one, can_sign=True) if one.id == gate.id else one for one in section.questions),
        )
        for section in edition.sections
    )
    after = ordinary_questions(replace(edition, sections=sections))
    assert after <= before - {gate.id}
