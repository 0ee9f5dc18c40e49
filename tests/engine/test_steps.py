from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.orders import Task
from assess.engine.scoring import score
from assess.engine.steps import in_order, one_by_one
from assess.engine.what_if import WhatIf
from tests.builders import some_settings
from tests.engine.random_banks import an_unrouted_bank
from tests.engine.real_banks import best_answer, some_answers
from tests.engine.test_orders import under_engine_1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**48))
def test_each_step_takes_off_what_answering_better_takes_off_and_together_they_add_up(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    questions = {question.id: question for question in bank.questions()}
    answers = some_answers(rnd, bank) | {"near": "yes"}
    result = score(bank, answers, some_settings())
    names = [line.question for line in result.lines if line.kind == "safeguard"]
    chosen = rnd.sample(names, min(6, len(names)))
    tasks = [Task("both", 3, tuple(chosen[:2])), *(Task(name, rnd.choice((0.5, 3, 10))) for name in chosen[2:])]
    steps = one_by_one(WhatIf.of(bank, result), tasks)
    assert [(step.question, step.days) for step in steps] == [(task.question, task.days) for task in tasks]
    before = result.score
    for step, task in zip(steps, tasks, strict=True):
        answers |= {name: best_answer(questions[name]) for name in task.improves}
        after = score(bank, answers, some_settings()).score
        assert step.score_after == after
        assert step.gain == before - after
        before = after
    assert result.score - sum(step.gain for step in steps) == pytest.approx(before)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**48))
def test_steps_of_a_plan_of_engine_1_keep_their_groups_and_add_up(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    scores = under_engine_1(WhatIf.of(bank, score(bank, some_answers(rnd, bank), some_settings())))
    names = rnd.sample(list(scores.lines), min(6, len(scores.lines)))
    tasks = [Task(name, rnd.choice((0.5, 3, 10))) for name in names]
    steps = in_order(scores, [tasks[:2], [], tasks[2:]])
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
    what_if = WhatIf.of(bank, score(bank, {}, some_settings()))
    assert in_order(what_if, []) == one_by_one(what_if, []) == ()
