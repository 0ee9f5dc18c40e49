from __future__ import annotations

from assess.editor.questions.retiring import blocking, resting_on
from tests.editor.benches import bench


def test_what_stands_in_the_way_is_kept_apart_from_what_is_changed_along() -> None:
    first, along = resting_on(bench().shelf, frozenset({"papers"}))
    assert [one.sheet for one in first] == ["shop.yaml"]
    assert [one.what for one in along] == ["the worked example “kept”"]
    assert blocking(bench().shelf, frozenset({"papers"}))
    assert not blocking(bench().shelf, frozenset({"nobody"}))
