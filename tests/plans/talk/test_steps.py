from __future__ import annotations

from assess.plans.register.state import ItemState
from assess.plans.shares.document import shared_copy
from assess.plans.shares.scopes import Scope
from assess.plans.talk.steps import step_key, steps_of
from tests.engine.real_banks import edition_of
from tests.plans.records import a_record, scenario


def test_a_key_names_no_question_and_is_the_same_in_every_copy() -> None:
    record = scenario()
    keys = [{step.key for step in steps_of(shared_copy(record, edition_of("farming"), {}, scope))} for scope in Scope]
    assert keys[0]
    assert all(one == keys[0] for one in keys)
    assert step_key("Write down the hours.") == step_key("Write down the hours.")
    assert len(step_key("")) == 16
    questions = {action["question"] for action in record["actions"]}
    assert not [key for key in keys[0] if any(key in question or question in key for question in questions)]


def test_what_is_done_is_said() -> None:
    record = scenario()
    state = {one["question"]: ItemState("already_done") for one in record["actions"]}
    assert all(step.done for step in steps_of(shared_copy(record, edition_of("farming"), state, Scope.PLAN)))


def test_a_copy_with_a_sign_has_the_same_steps() -> None:
    grave = a_record(change={"core_documents": "employer", "core_min_wage": "some_not"})
    for scope in Scope:
        calm, found = (steps_of(shared_copy(one, edition_of("farming"), {}, scope)) for one in (scenario(), grave))
        assert calm
        assert found == calm
