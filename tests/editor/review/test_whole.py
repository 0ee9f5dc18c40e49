from __future__ import annotations

from assess.editor.review.whole import whole_of
from tests.shelves import START, edition_after


def test_points_by_number_and_an_action_only_after_advice_are_said() -> None:
    edition = edition_after(
        (START, "- {points: 3}\n", "- {points: 3, action: false}\n"),
        (START, "priority: 90, owner: owner, effort: M}", "priority: 90, owner: owner, effort: M, after_advice: true}"),
    )
    said = dict(whole_of(next(one for one in edition.questions() if one.id == "hours"), edition))
    assert said["Answers"] == ["Up to 48: 0 points", "More than that: 3 points, nothing is to be done"]
    assert said["What to do"][0].endswith("Medium: three days. Only after calling the helpline.)")
    assert "The hint" not in said, "what says nothing is left out"
