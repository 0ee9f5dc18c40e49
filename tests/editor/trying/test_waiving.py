from __future__ import annotations

from typing import Any

import pytest

from assess.editor.changing import MovedOnError
from assess.editor.trying.waiving import NAMES, name_of, take_back, waive
from assess.editor.workbench import mark_of
from assess.engine.wording_remarks import Rule

PATH = ("sections", 0)


def test_a_waiver_is_written_and_taken_back() -> None:
    question: dict[str, Any] = {"id": "q"}
    data = {"sections": [question]}
    waive(PATH, mark_of(question), "long_sentence", "It is the law’s own")(data)
    assert question["waived"] == {"long_sentence": "It is the law’s own"}
    waive(PATH, mark_of(question), "hard_words", "All know it")(data)
    take_back(PATH, mark_of(question), "long_sentence")(data)
    assert question["waived"] == {"hard_words": "All know it"}
    take_back(PATH, mark_of(question), "hard_words")(data)
    assert question == {"id": "q"}
    with pytest.raises(MovedOnError):
        waive(PATH, "old", "long_sentence", "x")(data)


def test_every_remark_has_a_name() -> None:
    assert {name_of(rule) for rule in Rule} >= set(NAMES.values())
    assert name_of("some_new_rule") == "Some new rule"
