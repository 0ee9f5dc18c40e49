from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.orders import Task
from assess.engine.scoring import score
from assess.engine.steps import in_order
from assess.engine.what_if import WhatIf
from tests.builders import some_settings
from tests.engine.random_banks import an_unrouted_bank
from tests.engine.real_banks import some_answers
from tests.engine.test_what_if import best_answer


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**48))
def test_each_step_takes_off_what_answering_better_takes_off_and_together_they_add_up(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    questions = {question.id: question for question in bank.questions()}
    answers = some_answers(rnd, bank) | {"near": "yes"}
    result = score(bank, answers, some_settings())
    names = [line.question for line in result.lines if line.kind == "safeguard"]
    tasks = [Task(name, rnd.choice((0.5, 3, 10))) for name in rnd.sample(names, min(6, len(names)))]
    groups = [tasks[:2], [], tasks[2:]]
    steps = in_order(WhatIf.of(bank, result), groups)
    assert {step.question for step in steps[:2]} == {task.question for task in tasks[:2]}
    assert {(step.question, step.days) for step in steps} == set(tasks)
    before = result.score
    for step in steps:
        answers[step.question] = best_answer(questions[step.question])
        after = score(bank, answers, some_settings()).score
        assert step.score_after == after
        assert step.gain == before - after
        assert step.exact
        before = after
    assert result.score - sum(step.gain for step in steps) == pytest.approx(before)


def test_no_group_no_step() -> None:
    bank = an_unrouted_bank(Random(1))
    assert in_order(WhatIf.of(bank, score(bank, {}, some_settings())), []) == ()
