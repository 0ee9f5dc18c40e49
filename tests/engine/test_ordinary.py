"""Which questions a buyer's view may rest on is a property of the edition, and errs towards saying less."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assess.engine.bank import NO_ACTION, AnswerValue, BuyerGroup, Edition, NumberBand, Question, RuleStep, TickStep
from assess.engine.conditions import AllOf, AnyOf, Leaf, Not
from assess.engine.ordinary import (
    ADVICE_FIRST_QUESTIONS,
    AnswerAction,
    SparedQuestions,
    answer_action,
    buyer_bars,
    can_raise_sign,
    ordinary_edition,
    ordinary_questions,
    points_after,
    poor_questions,
    priority_days,
    raised_priority,
    spared_questions,
    waits_for_advice,
)
from assess.engine.scoring import score
from assess.engine.visibility import quick_edition
from tests.builders import (
    a_bank,
    a_charge,
    a_check,
    a_number,
    a_question,
    a_rate,
    a_sign_question,
    an_action,
    an_option,
    several,
    some_settings,
    ticks,
)
from tests.engine import real_banks
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


GENERAL = an_action("General.")
OWN = an_action("Own.")
FIND = an_action("Find out: it.", priority=7)


def remedy(question: Question, answer: AnswerValue | None) -> AnswerAction | None:
    """The action of an answer in a bank of this one question; None where the answer is not poor."""
    bank = a_bank(question)
    result = score(bank, {} if answer is None else {question.id: answer}, some_settings())
    if question.id not in poor_questions(bank, result):
        return None
    return answer_action(question, answer, some_settings(), not_looked=bool(result.not_looked))


def does(question: Question, answer: AnswerValue | None) -> str | None:
    found = remedy(question, answer)
    return found.action.do if found else None


def test_two_points_are_poor_one_is_not_and_a_sign_always_is() -> None:
    question = a_question(action=GENERAL)
    assert [does(question, answer) for answer in ("good", "fair", "poor", "bad")] == [
        None,
        None,
        "General.",
        "General.",
    ]
    light = a_sign_question(options=(an_option("good"), an_option("light", 1, sign="serious")))
    assert does(light, "light") == "Stop s."


def test_an_answer_against_a_duty_is_poor_whatever_it_costs() -> None:
    options = (an_option("good"), an_option("light", 1), an_option("against", 0, breach="slips"))
    question = a_question(options=options, action=GENERAL)
    assert [does(question, answer) for answer in ("good", "light", "against")] == [None, None, "General."]


def test_not_looked_is_poor_where_the_question_can_raise_a_sign_and_finds_out() -> None:
    guess = an_option("guess", 1, not_looked=True, action=FIND)
    grave = a_sign_question(options=(an_option("good"), guess, an_option("bad", 4, sign="serious")))
    assert remedy(grave, "guess") == AnswerAction(FIND, find_out=True)
    assert remedy(a_question(options=(an_option("good"), guess)), "guess") is None
    dear = a_question(options=(an_option("good"), replace(guess, points=2)))
    assert remedy(dear, "guess") == AnswerAction(FIND, find_out=True)


def test_of_several_choices_one_against_a_duty_comes_before_a_dearer_one_and_after_a_sign() -> None:
    options = (
        an_option("dear", 4, action=an_action("Dear.")),
        an_option("against", 1, breach="slips", action=an_action("Slips.")),
        an_option("grave", 1, sign="serious", action=an_action("Grave.")),
    )
    question = several(options=options, can_sign=True)
    assert does(question, ["dear", "against"]) == "Slips."
    assert does(question, ["dear", "against", "grave"]) == "Grave."


def test_an_action_brings_the_answer_it_reaches_else_the_best() -> None:
    question = a_question()
    assert points_after(question, None, some_settings()) == 0
    assert points_after(question, GENERAL, some_settings()) == 0
    assert points_after(question, an_action(reaches="fair"), some_settings()) == 1
    assert points_after(a_number(), an_action(reaches=15), some_settings()) == 2


def test_elsewhere_the_questions_action_serves_every_poor_answer_dont_know_too() -> None:
    assert remedy(a_question(action=GENERAL), "dk") == AnswerAction(GENERAL, find_out=False)
    assert remedy(a_question(action=GENERAL), None) == AnswerAction(GENERAL, find_out=False)
    assert does(a_question(), "bad") is None


def test_an_option_may_carry_its_own_or_none() -> None:
    options = (
        an_option("good"),
        an_option("own", 3, action=OWN),
        an_option("none", 3, action=NO_ACTION),
        an_option("dk", 4, action=FIND),
    )
    question = a_question(options=options, action=GENERAL)
    assert does(question, "own") == "Own."
    assert does(question, "none") is None
    assert remedy(question, "dk") == AnswerAction(FIND, find_out=True)
    assert remedy(question, None) == AnswerAction(FIND, find_out=True)


def test_on_a_sign_question_the_action_belongs_to_the_answers_that_raise_one() -> None:
    question = a_sign_question()
    assert does(question, "urgent") == does(question, "serious") == "Stop s."
    assert does(question, "poor") == "Better s."
    assert remedy(question, "dk") == AnswerAction(question.options[-1].action, find_out=True)
    bare = a_sign_question(options=(an_option("poor", 3), an_option("dk", 4)))
    assert does(bare, "poor") is None
    assert does(bare, "dk") is None


def test_where_not_knowing_is_the_sign_it_brings_the_worst_action() -> None:
    question = a_sign_question(options=(an_option("good"), an_option("dk", 4, sign="serious")))
    assert remedy(question, "dk") == AnswerAction(an_action("Stop s."), find_out=False)


def test_of_several_choices_the_gravest_brings_its_action() -> None:
    options = (
        an_option("none"),
        an_option("mild", 1, action=an_action("Mild.")),
        an_option("bad", 2, action=an_action("Bad.")),
        an_option("worse", 3, action=an_action("Worse.")),
        an_option("grave", 4, sign="serious"),
        an_option("urgent", 4, sign="urgent", action=an_action("Now.")),
    )
    question = several(options=options, can_sign=True, action=GENERAL)
    assert does(question, ["mild"]) is None
    assert does(question, ["mild", "bad"]) == "Bad."
    assert does(question, ["bad", "worse"]) == "Worse."
    assert does(question, ["worse", "grave"]) == "General."
    assert does(question, ["grave", "urgent"]) == "Now."


def test_choices_that_are_poor_only_together_bring_the_action_of_the_dearest() -> None:
    options = (
        an_option("a", 1, action=an_action("A.")),
        an_option("b", 1.5, action=an_action("B.")),
        an_option("c", 1),
    )
    assert does(several(options=options), ["a", "b"]) == "B."
    assert does(several(options=options, action=GENERAL), ["a", "c"]) == "A."


def test_false_holds_only_for_the_option_it_stands_on() -> None:
    options = (an_option("a", 3, action=NO_ACTION), an_option("b", 2, action=OWN), an_option("c", 1))
    question = several(options=options, action=GENERAL)
    assert does(question, ["a", "b"]) == "Own."
    assert does(question, ["a"]) is None
    assert does(question, ["a", "c"]) is None


def test_counted_ticks_bring_the_questions_action() -> None:
    question = ticks(action=GENERAL)
    assert does(question, ["a"]) == "General."
    assert does(question, ["none"]) == "General."
    assert does(question, ["dk"]) == "General."
    assert does(question, ["a", "b", "c"]) is None
    assert does(ticks(ticks=(TickStep(1, 0), TickStep(0, 4))), ["none"]) is None


def test_numbers_bring_the_action_of_their_band() -> None:
    bands = (NumberBand(10, 0), NumberBand(20, 2, action=OWN), NumberBand(30, 3), NumberBand(None, 4, sign="serious"))
    question = a_number(bands=bands, can_sign=True, action=GENERAL, dk_action=FIND)
    assert [does(question, answer) for answer in (5, 15, 25, 35)] == [None, "Own.", None, "General."]
    assert remedy(question, "dk") == AnswerAction(FIND, find_out=True)
    assert remedy(question, None) == AnswerAction(FIND, find_out=True)
    plain = a_number(action=GENERAL)
    assert [does(plain, answer) for answer in (15, "dk")] == ["General.", "General."]
    assert does(a_number(action=GENERAL, dk_action=NO_ACTION), "dk") is None
    assert does(a_number(can_sign=True, action=GENERAL), "dk") is None


def test_the_two_rules_bring_theirs() -> None:
    assert [does(a_rate(), answer) for answer in (20, 15, 5)] == [
        None,
        "Ask what is in the rate.",
        "Ask for a breakdown.",
    ]
    assert [does(a_charge(), answer) for answer in (0, 5, 50)] == [None, None, "Cut the charge."]
    assert does(a_charge(), "dk") == "Find out: the charge."


def test_an_option_without_an_action_falls_back_on_the_one_for_dont_know() -> None:
    options = (an_option("good"), an_option("dk", 4))
    question = a_sign_question(options=options, dk_action=FIND)
    assert remedy(question, "dk") == AnswerAction(FIND, find_out=True)


@pytest.mark.parametrize(
    ("priority", "sign", "expected"),
    [
        (90, None, 90),
        (90, "urgent", "immediate"),
        (90, "serious", 30),
        (7, "serious", 7),
        ("immediate", "serious", "immediate"),
        ("immediate", None, "immediate"),
    ],
)
def test_a_sign_lifts_the_priority(priority: int | str, sign: str | None, expected: int | str) -> None:
    assert raised_priority(priority, sign) == expected


def test_a_breach_lifts_the_priority_to_a_month() -> None:
    assert [raised_priority(priority, None, breach=True) for priority in ("immediate", 7, 90)] == ["immediate", 7, 30]


def test_at_once_is_no_days() -> None:
    assert [priority_days("immediate"), priority_days(30)] == [0, 30]


FIRST = a_question("first", options=(an_option("good", 0), an_option("poor", 2), an_option("dk", 3)))
AFTER_GOOD = Leaf("first", "is", "good")

REST = tuple(a_question(f"rest_{number}") for number in range(3))


def spared(*questions: object) -> list[SparedQuestions]:
    """What is spared in a bank that asks three things more."""
    return list(spared_questions(a_bank(*questions, *REST)))  # type: ignore[arg-type]


def test_what_is_asked_after_the_better_answer_only() -> None:
    second = a_question("second", show_if=AFTER_GOOD)
    assert spared(FIRST, second) == [SparedQuestions("first", "poor", "good", ("second",))]


def test_what_hangs_on_it_is_spared_too() -> None:
    second = a_question("second", show_if=AFTER_GOOD)
    third = a_question("third", show_if=Leaf("second", "is", "bad"))
    assert spared(FIRST, second, third)[0].questions == ("second", "third")


def test_another_way_to_be_asked_leaves_nothing_to_gain() -> None:
    other = a_question("other")
    both = AnyOf((AFTER_GOOD, Leaf("other", "is", "bad")))
    assert spared(FIRST, other, a_question("second", show_if=both)) == []
    either = AllOf((AFTER_GOOD, Leaf("other", "is", "bad")))
    assert spared(FIRST, other, a_question("second", show_if=either))[0].questions == ("second",)


def test_facts_cost_nothing_so_nothing_is_gained_by_them() -> None:
    size = a_question("size", kind="fact", options=(an_option("big", None), an_option("small", None)))
    assert spared(size, a_question("second", show_if=Leaf("size", "is", "big"))) == []
    fact = a_question("second", kind="fact", options=(an_option("x", None),), show_if=AFTER_GOOD)
    assert spared(FIRST, fact) == []


def test_a_number_spares_too() -> None:
    crowd = a_number("crowd", bands=(NumberBand(2, 0), NumberBand(None, 1)))
    second = a_question("second", show_if=Leaf("crowd", "at_most", 2))
    (found,) = spared(crowd, second)
    assert (found.worse, found.questions) == ("2.5", ("second",))


@pytest.mark.parametrize("bands", [(), (NumberBand(2, 0),)])
def test_bands_that_do_not_hold_are_left_to_the_checker(bands: tuple[NumberBand, ...]) -> None:
    crowd = a_number("crowd", bands=bands)
    assert spared(crowd, a_question("second", show_if=Leaf("crowd", "at_most", 2))) == []


def test_boxes_to_tick_do_not_stand_for_each_other() -> None:
    ways = several("ways", options=(an_option("bank", 0), an_option("cash", 1)), cap=1)
    assert spared(ways, a_question("second", show_if=Leaf("ways", "includes", "bank"))) == []


def test_an_exposure_that_hides_a_safeguard_is_weighed_with_it() -> None:
    where = a_question("where", kind="exposure", options=(an_option("near", 0), an_option("far", 1)))
    safeguards = [a_question("second", show_if=Leaf("where", "is", "near"), dimension="home"), a_question("pay")]
    others = [a_question(f"other_{number}", kind="exposure") for number in range(4)]
    assert spared(where, *others, *safeguards)[0].worse == "far"


@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_nobody_gains_by_hiding_in_the_real_banks(bank: str) -> None:
    assert list(spared_questions(real_banks.edition_of(bank))) == []
