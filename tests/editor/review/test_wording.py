from __future__ import annotations

import pytest

from assess.editor.review.wording import CLASSES, ON_PURPOSE, part_in_words, value_in_words
from assess.engine.differences import Change, Class


def a_change(what: str, part: str, before: str | None = "a", after: str | None = "b") -> Change:
    return Change(what, "pay", "Yes", part, Class.POINTS, before, after)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (a_change("question", "hint"), "the hint"),
        (a_change("question", "whole", None), "new"),
        (a_change("question", "whole", after=None), "taken out"),
        (a_change("option", "points"), "answer “Yes”: the points"),
        (a_change("option", "whole", None), "answer “Yes”: new"),
        (a_change("duty", "more_urls"), "duty “Yes”: more urls"),
    ],
)
def test_a_part_is_said_in_words(change: Change, words: str) -> None:
    assert part_in_words(change) == words


def test_every_class_says_what_it_means_for_businesses() -> None:
    assert set(CLASSES) == set(Class)
    assert all(meaning.endswith(".") for _title, meaning in CLASSES.values())


def test_nothing_is_said_as_nothing() -> None:
    said = a_change("option", "action")
    assert [value_in_words(said, one) for one in (None, "no", "Ask.")] == ["nothing", ON_PURPOSE, "Ask."]
    assert value_in_words(a_change("question", "quick"), "no") == "no"
