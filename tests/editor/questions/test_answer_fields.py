from __future__ import annotations

import pytest

from assess.editor.questions.actions import action_fields
from assess.editor.questions.answer_fields import NOT_YET, SAYS, same_as_of
from assess.editor.questions.fields import TypedError, read
from assess.editor.questions.parts import part_of
from tests.editor.benches import real, real_lists


def test_what_can_be_chosen_is_offered() -> None:
    lists = real_lists()
    assert lists.duties
    words = part_of(real("core_documents"), lists, "answers")
    assert words
    (breach,) = [one for one in words.rows[0].fields if one.name == "breach"]
    assert {name for name, _ in breach.choices} == {"", *lists.duties}
    (reaches,) = [one for one in action_fields({}, None, real("core_documents")) if one.name == "reaches"]
    assert [name for name, _ in reaches.choices][:2] == ["", "worker"]


def test_whose_action_is_printed_too_is_never_its_own_and_a_risk_has_none() -> None:
    named = {"core_documents": "Who keeps passports", "core_housing": "Homes"}
    (field,) = same_as_of(real("core_documents"), named)
    assert [name for name, _ in field.choices] == ["", "core_housing"]
    risk = {**real("core_documents"), "kind": "exposure"}
    assert same_as_of(risk, named) == ()
    assert same_as_of({**risk, "same_as": "core_housing"}, named)


def test_a_sentence_has_the_length_that_fits_a_line() -> None:
    for field in (SAYS, NOT_YET):
        assert read(field, ["x" * 90], None) == "x" * 90
        with pytest.raises(TypedError, match="Shorten this to 90 characters or fewer"):
            read(field, ["x" * 91], None)
