from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import Answers, AnswerValue, Edition
from assess.engine.plan import build_plan
from assess.engine.result import PAPERS_ACTION, Band, Plan, Result, SmallestSet
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoringSettings
from assess.engine.step_gains import PlanTask, is_better, smallest_set
from assess.engine.what_if import WhatIf
from tests.builders import a_bank, a_check, a_number, a_question, a_sign_question, an_action, an_option, some_settings
from tests.engine.random_banks import an_unrouted_bank
from tests.engine.real_banks import best_answer, some_answers

TODAY = date(2026, 11, 24)
GRADES: dict[Band, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3, "not_rated": 3}


def planned(bank: Edition, answers: Answers, numbers: ScoringSettings, *, quick: bool = False) -> tuple[Result, Plan]:
    result = score_answers(bank, answers, numbers, quick=quick)
    return result, build_plan(bank, answers, result, numbers, (), TODAY)


def tasks_of(bank: Edition, found: Plan) -> list[PlanTask]:
    """What changes the score by itself, in the order of the bank: no exposure, no check, nothing that is only found out."""
    tasks = [
        PlanTask(action.tracking_id, action.effort_days, action.questions)
        for action in found.actions
        if action.kind == "safeguard" and action.merged_as != PAPERS_ACTION
    ]
    names = [question.id for question in bank.questions()]
    return sorted(tasks, key=lambda task: min(names.index(name) for name in task.improves))


def mended(bank: Edition, tasks: Iterable[PlanTask]) -> dict[str, AnswerValue]:
    """The best answers to all that these tasks put right."""
    questions = {question.id: question for question in bank.questions()}
    return {name: best_answer(questions[name]) for task in tasks for name in task.improves}


def by_hand(bank: Edition, answers: Answers, numbers: ScoringSettings, tasks: list[PlanTask]) -> SmallestSet:
    """Every set of up to four, each scored with the best answers: slow, and without a single shortcut."""
    result = score_answers(bank, answers, numbers)
    if result.band == "low":
        return SmallestSet((), "low", None, None, "already_low")
    for size in range(1, 5):
        works = []
        for some in combinations(range(len(tasks)), size):
            chosen = [tasks[place] for place in some]
            after = score_answers(bank, {**answers, **mended(bank, chosen)}, numbers)
            if after.band != "not_rated" and GRADES[after.band] < GRADES[result.band]:
                works.append((sum(task.days for task in chosen), after.score, some, after.band))
        if works:
            _, total, some, band = min(works)
            return SmallestSet(tuple(tasks[place].question for place in some), result.band, band, total)
    return SmallestSet((), result.band, None, None, "no_short_set")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**48))
def test_the_search_finds_what_trying_everything_finds(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    answers = some_answers(rnd, bank, unknown=rnd.choice((0, 0.2)), missing=0)
    answers["near"] = rnd.choice(("yes", "no"))
    for question in bank.questions():
        if question.type == "choice" and rnd.random() < 0.5:
            answers[question.id] = "good"
    limits = sorted(rnd.sample(range(5, 60), 3))
    numbers = some_settings(
        medium=limits[0],
        high=limits[1],
        critical=limits[2],
        unknown_limit=rnd.choice((0.1, 0.2, 0.4)),
        low_gap=rnd.choice((0.25, 0.5, 1.1)),
    )
    _, found = planned(bank, answers, numbers)
    anew = by_hand(bank, answers, numbers, tasks_of(bank, found))
    assert found.smallest_set == replace(anew, score_after=found.smallest_set.score_after)
    assert found.smallest_set.score_after == pytest.approx(anew.score_after)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**48))
def test_from_what_is_done_it_finds_what_it_finds_once_those_are_answered_so(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    answers = some_answers(rnd, bank, unknown=rnd.choice((0, 0.2)), missing=0)
    limits = sorted(rnd.sample(range(5, 60), 3))
    numbers = some_settings(medium=limits[0], high=limits[1], critical=limits[2], low_gap=rnd.choice((0.25, 0.5, 1.1)))
    result, found = planned(bank, answers, numbers)
    tasks = tasks_of(bank, found)
    done = [task for task in tasks if rnd.random() < 0.3]
    on = smallest_set(WhatIf.of(bank, result), tasks, [name for task in done for name in task.improves])
    left = [task for task in tasks if task not in done]
    anew = by_hand(bank, {**answers, **mended(bank, done)}, numbers, left)
    assert on == replace(anew, score_after=on.score_after)
    assert on.score_after == pytest.approx(anew.score_after)


def test_bands_improve_only_towards_low_and_never_into_not_rated() -> None:
    better = [(one, than) for one in GRADES for than in GRADES if is_better(one, than)]
    assert set(better) == {
        ("low", "medium"),
        ("low", "high"),
        ("low", "critical"),
        ("low", "not_rated"),
        ("medium", "high"),
        ("medium", "critical"),
        ("medium", "not_rated"),
        ("high", "critical"),
        ("high", "not_rated"),
    }


SIGNS = a_bank(*[a_sign_question(f"s{index}", ilo=(index,)) for index in range(6)])


def short(bank: Edition, answers: dict[str, AnswerValue], **changes: object) -> SmallestSet:
    return planned(bank, answers, some_settings(**changes))[1].smallest_set


def test_low_needs_nothing() -> None:
    assert short(SIGNS, {f"s{index}": "good" for index in range(6)}) == SmallestSet(
        (), "low", None, None, "already_low"
    )


def test_every_urgent_sign_must_go() -> None:
    answers: dict[str, AnswerValue] = dict.fromkeys((f"s{index}" for index in range(6)), "good")
    found = short(SIGNS, answers | {"s1": "urgent", "s4": "urgent"})
    assert (found.questions, found.from_band, found.to_band) == (("s1", "s4"), "critical", "low")


def test_of_many_serious_signs_enough_must_go() -> None:
    answers: dict[str, AnswerValue] = dict.fromkeys((f"s{index}" for index in range(6)), "serious")
    assert short(SIGNS, answers, critical=101, high=100, medium=99).reason is None
    assert len(short(SIGNS, answers, critical=101, high=100, medium=99).questions) == 4
    more = a_bank(*[a_sign_question(f"s{index}", ilo=(index,)) for index in range(8)])
    many: dict[str, AnswerValue] = dict.fromkeys((f"s{index}" for index in range(8)), "serious")
    assert short(more, many, critical=101, high=100, medium=99).reason == "no_short_set"


def test_more_than_four_needed_signs_make_no_short_set() -> None:
    answers: dict[str, AnswerValue] = dict.fromkeys((f"s{index}" for index in range(6)), "urgent")
    assert short(SIGNS, answers) == SmallestSet((), "critical", None, None, "no_short_set")


def test_a_sign_of_a_check_that_no_safeguard_puts_right_makes_no_short_set() -> None:
    inputs = {"daily": "daily", "hours": "hours"}
    d2 = a_check("D2", rule="daily_rate_below_wage", inputs=inputs, sign="serious", ilo=(8,), action=an_action())
    bank = a_bank(a_number("daily", kind="fact"), a_number("hours"), checks=[d2])
    assert short(bank, {"daily": 50, "hours": 9}).reason == "no_short_set"


def test_a_sign_without_an_action_makes_no_short_set() -> None:
    bank = a_bank(replace(a_sign_question(), action=None))
    assert short(bank, {"s": "urgent"}).reason == "no_short_set"


def test_what_has_to_be_found_out_about_signs_may_come_out_either_way_and_is_no_part_of_it() -> None:
    answers: dict[str, AnswerValue] = dict.fromkeys((f"s{index}" for index in range(6)), "good")
    found = short(SIGNS, answers | {"s2": "dk"})
    assert (found.questions, found.from_band, found.reason) == ((), "medium", "no_short_set")


def test_an_answer_nobody_knows_elsewhere_is_put_right_by_its_action() -> None:
    bank = a_bank(*[a_question(f"q{index}", action=an_action()) for index in range(5)])
    answers: dict[str, AnswerValue] = dict.fromkeys((f"q{index}" for index in range(5)), "good")
    found = short(bank, answers | {"q0": "dk", "q1": "dk", "q2": "dk"}, low_gap=1)
    assert (found.from_band, found.to_band, found.questions) == ("not_rated", "low", ("q0",))


def test_every_breach_must_go_before_it_is_low() -> None:
    options = (an_option("good"), an_option("against", 1, breach="slips"), an_option("bad", 4))
    unlawful = a_question("slips", options=options, action=an_action(effort="L"))
    bank = a_bank(unlawful, a_question("pay", action=an_action()), *[a_question(f"q{index}") for index in range(6)])
    answers: dict[str, AnswerValue] = dict.fromkeys((f"q{index}" for index in range(6)), "good")
    found = short(bank, answers | {"slips": "against", "pay": "poor"})
    assert (found.questions, found.to_band) == (("slips",), "low")


def test_one_action_for_several_answers_is_one_step() -> None:
    bank = a_bank(
        a_question("named", action=an_action(effort="M")),
        a_question("too", same_as="named", action=an_action(effort="S")),
        a_question("other", dimension="home", action=an_action(effort="S")),
    )
    found = short(bank, {"named": "bad", "too": "bad", "other": "good"})
    assert (found.questions, found.to_band) == (("named",), "low")


def test_what_an_action_does_not_bring_to_the_best_counts_as_what_it_reaches() -> None:
    options = {"options": tuple(an_option(*one) for one in (("good", 0), ("fair", 3), ("bad", 4)))}
    short_reach = a_question("half", action=an_action(reaches="fair"), **options)
    bank = a_bank(short_reach, a_question("whole", dimension="home", action=an_action(effort="L"), **options))
    found = short(bank, {"half": "bad", "whole": "bad"}, low_gap=1, high=39, medium=30)
    assert (found.questions, found.to_band) == (("half",), "medium")
    assert short(bank, {"half": "bad", "whole": "bad"}, low_gap=1, high=30, medium=20).questions == ("whole",)


def test_exposure_is_never_part_of_it() -> None:
    exposed = a_question("exposed", kind="exposure", action=an_action())
    bank = a_bank(exposed, a_question("pay", action=an_action()))
    answers: dict[str, AnswerValue] = {"exposed": "bad", "pay": "bad"}
    assert short(bank, answers, critical=24, high=20, medium=10).reason == "no_short_set"
    assert short(bank, answers, critical=26, high=20, medium=10).questions == ("pay",)


def test_a_quick_check_cannot_be_brought_to_low() -> None:
    bank = a_bank(a_question("pay", quick=True, action=an_action()), a_question("home", quick=True, dimension="home"))
    result, found = planned(bank, {"pay": "bad", "home": "good"}, some_settings(medium=15), quick=True)
    assert result.band == "medium"
    assert found.smallest_set == SmallestSet((), "medium", None, None, "no_short_set")


def test_weights_of_nothing_do_not_stop_the_search() -> None:
    bank = a_bank(a_question("pay", action=an_action()), a_sign_question("s"))
    found = short(bank, {"pay": "bad", "s": "urgent"}, weights=dict.fromkeys(("pay",), 0))
    assert found.questions == ("s",)


@pytest.mark.parametrize("effort", ["S", "M", "L"])
def test_of_two_equal_sets_the_easier_is_taken(effort: str) -> None:
    bank = a_bank(
        a_question("hard", action=an_action(effort="L")),
        a_question("easy", action=an_action(effort=effort)),
    )
    found = short(bank, {"hard": "bad", "easy": "bad"}, medium=35, low_gap=0.6)
    assert found.questions == (("hard",) if effort == "L" else ("easy",))
