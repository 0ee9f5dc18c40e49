from __future__ import annotations

from typing import Any

import pytest

from assess.editor.questions.actions import TYPED_FOR_NOTHING, action_fields, action_read, action_said, inside, outside

OWNERS = {"owner": "Owner"}
HELD = {"do": "Find out: who?", "priority": 45, "owner": "owner", "effort": "S"}


@pytest.mark.parametrize("held", [HELD, {**HELD, "after_advice": True}, False, None])
def test_an_action_that_nobody_touched_is_the_same(held: object) -> None:
    assert action_read(OWNERS, action_said(OWNERS, held), held) == (held, {})


def test_unusual_days_of_the_file_can_be_kept() -> None:
    (soon,) = [field for field in action_fields(OWNERS, HELD) if field.name == "priority"]
    assert ("45", "Within 45 days") in soon.choices
    assert dict(soon.choices)["7"] == "Within 7 days"


def test_an_action_becomes_another_none_or_that_of_the_question() -> None:
    typed = action_said(OWNERS, HELD)
    made, errors = action_read(OWNERS, {**typed, "do": ["Ask who."], "priority": ["7"]}, HELD)
    assert (made, errors) == ({**HELD, "do": "Ask who.", "priority": 7}, {})
    assert action_read(OWNERS, {**typed, "which": ["none"]}, HELD) == (False, {})
    assert action_read(OWNERS, {**typed, "which": ["usual"]}, HELD) == (None, {})


def test_an_action_without_words_is_told() -> None:
    _, errors = action_read(OWNERS, {"which": ["own"], "do": ["Ask"]}, None)
    assert set(errors) == {"priority", "owner", "effort"}


@pytest.mark.parametrize("held", [HELD, None])
def test_words_typed_for_an_action_that_is_not_chosen_are_not_lost_in_silence(held: Any) -> None:
    _, errors = action_read(OWNERS, {"which": ["usual"], "do": ["Ask the owner."]}, held)
    assert errors == {"which": TYPED_FOR_NOTHING}


def test_the_fields_of_one_action_stand_among_others() -> None:
    assert inside({"action-do": 1, "dk_action-do": 2, "ask": 3}, "action") == {"do": 1}
    assert outside({"do": 1}, "dk_action") == {"dk_action-do": 1}
