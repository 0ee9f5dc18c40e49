from __future__ import annotations

import pytest

from assess.plans.copies import has_urgent_sign
from assess.plans.register.state import ItemState
from assess.plans.shares.document import shared_copy
from assess.plans.shares.scopes import Scope
from assess.plans.talk.steps import step_key, steps_of
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import scenario
from tests.plans.test_copies import raising, sign_cases

DAY = "2026-11-24"


def test_a_key_names_no_question_and_is_the_same_in_every_copy() -> None:
    record = scenario()
    keys = [
        {step.key for step in steps_of(shared_copy(record, edition_of("farming"), {}, scope, DAY))} for scope in Scope
    ]
    assert keys[0]
    assert all(one == keys[0] for one in keys)
    assert step_key("Write down the hours.") == step_key("Write down the hours.")
    assert len(step_key("")) == 16
    questions = {action["question"] for action in record["actions"]}
    assert not [key for key in keys[0] if any(key in question or question in key for question in questions)]


def test_what_is_done_is_said() -> None:
    record = scenario()
    state = {one["question"]: ItemState("already_done") for one in record["actions"]}
    assert all(step.done for step in steps_of(shared_copy(record, edition_of("farming"), state, Scope.PLAN, DAY)))


@pytest.mark.parametrize("bank", BANKS)
def test_no_copy_with_urgent_advice_has_a_step_whichever_sign_it_was(bank: str) -> None:
    found = 0
    for _, name, _, answer in (case for case in sign_cases() if case[0] == bank and case[2] == "urgent"):
        record = raising(bank, name, answer)
        if has_urgent_sign(record):
            found += 1
            assert steps_of(shared_copy(record, edition_of(bank), {}, Scope.EVIDENCE, DAY)) == (), name
    assert found > 3
