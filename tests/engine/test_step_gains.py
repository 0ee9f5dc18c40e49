from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import AnswerValue, Edition
from assess.engine.scoring import score_answers
from assess.engine.step_gains import MAX_SETS, PlanTask, best_order, gains_in_best_order, gains_in_given_order
from assess.engine.what_if import Scores, WhatIf
from tests.builders import a_bank, a_question, some_settings
from tests.engine.random_banks import an_unrouted_bank
from tests.engine.real_banks import best_answer, some_answers

DAYS = (0.5, 3, 10)


def under_engine_1(scores: Scores) -> Scores:
    """The same lines under rules number 1, the only ones whose steps are put in order: areas count by weight, each may be one of the widest."""
    wide = tuple(gap._replace(wide=True) for gap in scores.inputs.dimensions)
    return Scores(replace(scores.inputs, dimensions=wide, engine=1))


def scores_of(bank: Edition, answers: dict[str, AnswerValue], **changes: object) -> Scores:
    return under_engine_1(WhatIf.of(bank, score_answers(bank, answers, some_settings(**changes))))


def cost(scores: Scores, done: Collection[str], order: Sequence[PlanTask]) -> float:
    """Days of effort × score held meanwhile, through the score itself."""
    so_far, total = list(done), 0.0
    for task in order:
        total += task.days * scores.score(so_far)
        so_far.append(task.question)
    return total


def by_the_letter(scores: Scores, tasks: Sequence[PlanTask]) -> list[PlanTask]:
    """Gain per effort, each by itself; of equals the first."""
    now = scores.score([])
    return sorted(tasks, key=lambda task: -round((now - scores.score([task.question])) / task.days, 9))


def some_tasks(rnd: Random, scores: Scores, most: int) -> tuple[list[str], list[PlanTask]]:
    """What is done already, and tasks of which several are alike."""
    names = list(scores.lines)
    rnd.shuffle(names)
    count = rnd.randint(1, min(most, len(names)))
    done = names[count : count + rnd.randint(0, 3)]
    return done, [PlanTask(name, rnd.choice(DAYS)) for name in names[:count]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**48))
def test_no_other_order_brings_the_score_down_sooner(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    scores = scores_of(bank, some_answers(rnd, bank), worst_share=rnd.choice((0.0, 0.25, 0.6)))
    done, tasks = some_tasks(rnd, scores, 5)
    order, exact = best_order(scores, done, tasks)
    assert exact
    assert sorted(order) == sorted(tasks)
    assert cost(scores, done, order) == pytest.approx(min(cost(scores, done, one) for one in permutations(tasks)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**48))
def test_where_gains_do_not_touch_each_other_it_is_the_order_of_gain_per_effort(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    scores = scores_of(bank, some_answers(rnd, bank), worst_share=0.0)
    _, tasks = some_tasks(rnd, scores, 12)
    assert list(best_order(scores, [], tasks)[0]) == by_the_letter(scores, tasks)
    assert list(best_order(scores, [], tasks, most_sets=1)[0]) == by_the_letter(scores, tasks)


FOUR = a_bank(*[a_question(name, dimension=name) for name in ("pay", "home", "voice", "papers")])


def test_of_equals_the_first_comes_first() -> None:
    scores = scores_of(FOUR, dict.fromkeys(("pay", "home", "voice", "papers"), "bad"), worst_share=1.0)
    tasks = [PlanTask(name, 3) for name in ("voice", "papers", "home", "pay")]
    assert best_order(scores, [], tasks)[0] == tuple(tasks)


def test_too_many_sets_are_not_searched_and_said_not_to_be_proven() -> None:
    bank = a_bank(
        *[a_question(f"q{index}", dimension=name) for index, name in enumerate(("pay", "home", "voice", "papers"))]
    )
    scores = scores_of(bank, dict.fromkeys((f"q{index}" for index in range(4)), "bad"))
    tasks = [PlanTask(f"q{index}", days) for index, days in enumerate((10, 3, 0.5, 3))]
    greedy, exact = best_order(scores, [], tasks, most_sets=3)
    assert not exact
    assert greedy[0] == tasks[2]
    assert best_order(scores, [], tasks)[1]
    assert MAX_SETS > 2**12


def test_nothing_to_do_is_in_order() -> None:
    assert best_order(scores_of(FOUR, {}), [], []) == ((), True)


def test_an_answer_that_costs_less_than_the_best_is_no_stumbling_block() -> None:
    scores = scores_of(FOUR, dict.fromkeys(("pay", "home", "voice", "papers"), "fair"))
    odd = Scores(replace(scores.inputs, points_after={**scores.points_after, "home": 4}))
    tasks = [PlanTask(name, 3) for name in ("home", "pay", "voice", "papers")]
    order, exact = best_order(odd, [], tasks)
    assert exact
    assert cost(odd, [], order) == pytest.approx(min(cost(odd, [], one) for one in permutations(tasks)))
    assert order[-1].question == "home"


def test_without_weights_nothing_gains_and_the_order_stays() -> None:
    scores = scores_of(
        FOUR, dict.fromkeys(("pay", "home"), "bad"), weights=dict.fromkeys(("pay", "home", "voice", "papers"), 0)
    )
    tasks = [PlanTask("home", 3), PlanTask("pay", 3)]
    assert best_order(scores, [], tasks)[0] == tuple(tasks)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**48))
def test_each_step_takes_off_what_answering_better_takes_off_and_together_they_add_up(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    questions = {question.id: question for question in bank.questions()}
    answers = some_answers(rnd, bank) | {"near": "yes"}
    result = score_answers(bank, answers, some_settings())
    names = [line.question for line in result.lines if line.kind == "safeguard"]
    chosen = rnd.sample(names, min(6, len(names)))
    tasks = [PlanTask("both", 3, tuple(chosen[:2])), *(PlanTask(name, rnd.choice((0.5, 3, 10))) for name in chosen[2:])]
    steps = gains_in_given_order(WhatIf.of(bank, result), tasks)
    assert [(step.question, step.days) for step in steps] == [(task.question, task.days) for task in tasks]
    before = result.score
    for step, task in zip(steps, tasks, strict=True):
        answers |= {name: best_answer(questions[name]) for name in task.improves}
        after = score_answers(bank, answers, some_settings()).score
        assert step.score_after == after
        assert step.gain == before - after
        before = after
    assert result.score - sum(step.gain for step in steps) == pytest.approx(before)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**48))
def test_steps_of_a_plan_of_engine_1_keep_their_groups_and_add_up(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    scores = under_engine_1(WhatIf.of(bank, score_answers(bank, some_answers(rnd, bank), some_settings())))
    names = rnd.sample(list(scores.lines), min(6, len(scores.lines)))
    tasks = [PlanTask(name, rnd.choice((0.5, 3, 10))) for name in names]
    steps = gains_in_best_order(scores, [tasks[:2], [], tasks[2:]])
    assert {step.question for step in steps[:2]} == {task.question for task in tasks[:2]}
    assert {(step.question, step.days) for step in steps} == {(task.question, task.days) for task in tasks}
    before, done = scores.score([]), []
    for step in steps:
        done.append(step.question)
        assert step.score_after == scores.score(done)
        assert step.gain == before - step.score_after
        before = step.score_after
    assert all(step.exact for step in steps)


def test_no_group_no_step() -> None:
    bank = an_unrouted_bank(Random(1))
    what_if = WhatIf.of(bank, score_answers(bank, {}, some_settings()))
    assert gains_in_best_order(what_if, []) == gains_in_given_order(what_if, []) == ()
