from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import Answers, Edition, Value
from assess.engine.orders import Task
from assess.engine.plan import plan
from assess.engine.result import Band, Plan, Result, ShortSet
from assess.engine.scoring import score
from assess.engine.settings import ScoringSettings
from assess.engine.short_sets import EFFORT_DAYS, is_better, short_set
from assess.engine.what_if import WhatIf
from tests.builders import a_bank, a_check, a_number, a_question, a_sign_question, an_action, some_settings
from tests.engine.random_banks import an_unrouted_bank
from tests.engine.real_banks import some_answers
from tests.engine.test_what_if import best_answer

TODAY = date(2026, 11, 24)
GRADES: dict[Band, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3, "not_rated": 3}


def planned(bank: Edition, answers: Answers, numbers: ScoringSettings, *, quick: bool = False) -> tuple[Result, Plan]:
    result = score(bank, answers, numbers, quick=quick)
    return result, plan(bank, answers, result, numbers, (), TODAY)


def by_hand(bank: Edition, answers: Answers, numbers: ScoringSettings, *, quick: bool = False) -> ShortSet:
    """Every set of up to four, each scored with the best answers: slow, and without a single shortcut."""
    result, found = planned(bank, answers, numbers, quick=quick)
    if result.band == "low":
        return ShortSet((), "low", None, None, "already_low")
    questions = {question.id: question for question in bank.questions()}
    efforts = {action.question: EFFORT_DAYS[action.effort] for action in found.actions if action.kind == "safeguard"}
    names = [name for name in questions if name in efforts]
    for size in range(1, 5):
        works = []
        for improved in combinations(names, size):
            better = answers | {name: best_answer(questions[name]) for name in improved}
            after = score(bank, better, numbers, quick=quick)
            if after.band != "not_rated" and GRADES[after.band] < GRADES[result.band]:
                order = tuple(names.index(name) for name in improved)
                works.append((sum(efforts[name] for name in improved), after.score, order, improved, after.band))
        if works:
            _, total, _, improved, band = min(works)
            return ShortSet(improved, result.band, band, total)
    return ShortSet((), result.band, None, None, "no_short_set")


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
        medium=limits[0], high=limits[1], critical=limits[2], unknown_limit=rnd.choice((0.1, 0.2, 0.4))
    )
    _, found = planned(bank, answers, numbers)
    assert found.short_set == by_hand(bank, answers, numbers)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**48))
def test_from_what_is_done_it_finds_what_it_finds_once_those_are_answered_so(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    answers = some_answers(rnd, bank, unknown=rnd.choice((0, 0.2)), missing=0)
    limits = sorted(rnd.sample(range(5, 60), 3))
    numbers = some_settings(medium=limits[0], high=limits[1], critical=limits[2])
    result, found = planned(bank, answers, numbers)
    questions = {question.id: question for question in bank.questions()}
    efforts = {action.question: EFFORT_DAYS[action.effort] for action in found.actions if action.kind == "safeguard"}
    tasks = [Task(name, efforts[name]) for name in questions if name in efforts]
    done = [task.question for task in tasks if rnd.random() < 0.3]
    on = short_set(WhatIf.of(bank, result), tasks, done)
    anew = by_hand(bank, answers | {name: best_answer(questions[name]) for name in done}, numbers)
    assert (on.questions, on.from_band, on.to_band, on.reason) == (
        anew.questions,
        anew.from_band,
        anew.to_band,
        anew.reason,
    )
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


def short(bank: Edition, answers: dict[str, Value], **changes: object) -> ShortSet:
    return planned(bank, answers, some_settings(**changes))[1].short_set


def test_low_needs_nothing() -> None:
    assert short(SIGNS, {f"s{index}": "good" for index in range(6)}) == ShortSet((), "low", None, None, "already_low")


def test_every_urgent_sign_must_go() -> None:
    answers: dict[str, Value] = dict.fromkeys((f"s{index}" for index in range(6)), "good")
    found = short(SIGNS, answers | {"s1": "urgent", "s4": "urgent"})
    assert (found.questions, found.from_band, found.to_band) == (("s1", "s4"), "critical", "low")


def test_of_many_serious_signs_enough_must_go() -> None:
    answers: dict[str, Value] = dict.fromkeys((f"s{index}" for index in range(6)), "serious")
    assert short(SIGNS, answers, critical=101, high=100, medium=99).reason is None
    assert len(short(SIGNS, answers, critical=101, high=100, medium=99).questions) == 4
    more = a_bank(*[a_sign_question(f"s{index}", ilo=(index,)) for index in range(8)])
    many: dict[str, Value] = dict.fromkeys((f"s{index}" for index in range(8)), "serious")
    assert short(more, many, critical=101, high=100, medium=99).reason == "no_short_set"


def test_more_than_four_needed_signs_make_no_short_set() -> None:
    answers: dict[str, Value] = dict.fromkeys((f"s{index}" for index in range(6)), "urgent")
    assert short(SIGNS, answers) == ShortSet((), "critical", None, None, "no_short_set")


def test_a_sign_of_a_check_that_no_safeguard_mends_makes_no_short_set() -> None:
    inputs = {"daily": "daily", "hours": "hours"}
    d2 = a_check("D2", rule="daily_rate_below_wage", inputs=inputs, sign="serious", ilo=(8,), action=an_action())
    bank = a_bank(a_number("daily", kind="fact"), a_number("hours"), checks=[d2])
    assert short(bank, {"daily": 50, "hours": 9}).reason == "no_short_set"


def test_a_sign_without_an_action_makes_no_short_set() -> None:
    bank = a_bank(replace(a_sign_question(), action=None))
    assert short(bank, {"s": "urgent"}).reason == "no_short_set"


def test_finding_out_counts_as_mending_what_nobody_knew() -> None:
    answers: dict[str, Value] = dict.fromkeys((f"s{index}" for index in range(6)), "good")
    found = short(SIGNS, answers | {"s2": "dk"})
    assert (found.questions, found.from_band, found.to_band) == (("s2",), "medium", "low")
    found = short(SIGNS, answers | {"s0": "dk", "s2": "dk", "s4": "dk"}, unknown_limit=0.4)
    assert (found.from_band, found.to_band, found.questions) == ("not_rated", "medium", ("s0",))


def test_exposure_is_never_part_of_it() -> None:
    exposed = a_question("exposed", kind="exposure", action=an_action())
    bank = a_bank(exposed, a_question("pay", action=an_action()))
    answers: dict[str, Value] = {"exposed": "bad", "pay": "bad"}
    assert short(bank, answers, critical=24, high=20, medium=10).reason == "no_short_set"
    assert short(bank, answers, critical=26, high=20, medium=10).questions == ("pay",)


def test_a_quick_check_cannot_be_brought_to_low() -> None:
    bank = a_bank(a_question("pay", quick=True, action=an_action()), a_question("home", quick=True, dimension="home"))
    result, found = planned(bank, {"pay": "bad", "home": "good"}, some_settings(medium=15), quick=True)
    assert result.band == "medium"
    assert found.short_set == ShortSet((), "medium", None, None, "no_short_set")


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
    found = short(bank, {"hard": "bad", "easy": "bad"}, medium=35)
    assert found.questions == (("hard",) if effort == "L" else ("easy",))
