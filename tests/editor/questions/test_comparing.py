from __future__ import annotations

from assess.editor.questions.comparing import NOTHING, TICKED, Differs, both
from assess.editor.questions.filling import Filled, filled_of
from assess.editor.questions.parts import part_of
from tests.editor.benches import real, real_lists


def test_only_what_differs_is_shown_in_the_words_of_both() -> None:
    part = part_of(real("core_documents"), real_lists(), "counts")
    assert part
    theirs = filled_of(part, real("core_documents"), real_lists())
    mine = Filled({**theirs.single, "quick": [], "dimension": ["hours_rest"]})
    names = real_lists().dimensions
    assert both(part, theirs, theirs) == []
    assert both(part, theirs, mine) == [
        Differs("Theme", names["identity_documents"], names["hours_rest"]),
        Differs("It is part of the quick check", TICKED, NOTHING),
    ]


def test_rows_and_actions_are_compared_too() -> None:
    data = real("core_documents")
    part = part_of(data, real_lists(), "answers")
    assert part
    theirs = filled_of(part, data, real_lists())
    rows = [dict(one) for one in theirs.rows["options"]]
    rows[1]["points"] = ["3"]
    found = both(part, theirs, Filled({}, {"options": [*rows, {"was": [""], "label": ["New"]}]}))
    assert Differs("Answer 2: Points", "2", "3") in found
    assert Differs("Answer 6: Words", NOTHING, "New") in found
    action = part_of(data, real_lists(), "action")
    assert action
    theirs = filled_of(action, data, real_lists())
    mine = Filled({**theirs.single, "action-do": ["Call first."]}, theirs.rows)
    (only,) = both(action, theirs, mine)
    assert (only.label, only.mine) == ("Action, what to do", "Call first.")
