from __future__ import annotations

import pytest

from assess.engine.conditions import All, Always, Any, Applies, Asked, AtLeastOf, Condition, Leaf, Not, Term
from assess.engine.nodes import DocumentError
from assess.engine.reading_conditions import read_condition


@pytest.mark.parametrize(
    ("raw", "tree"),
    [
        ("always", Always()),
        ({"q": {"is": "yes"}}, Leaf("q", "is", "yes")),
        ({"q": {"is": True}}, Leaf("q", "is", value=True)),
        ({"q": {"is": 3}}, Leaf("q", "is", 3)),
        ({"q": {"is": ["none"]}}, Leaf("q", "is", ("none",))),
        ({"q": {"is_one_of": ["a", "b"]}}, Leaf("q", "is_one_of", ("a", "b"))),
        ({"q": {"includes": "a"}}, Leaf("q", "includes", "a")),
        ({"q": {"includes_any": ["a", "dk"]}}, Leaf("q", "includes_any", ("a", "dk"))),
        ({"q": {"at_least": 1}}, Leaf("q", "at_least", 1)),
        ({"q": {"at_most": 1.5}}, Leaf("q", "at_most", 1.5)),
        ({"q": {"more_than": 0}}, Leaf("q", "more_than", 0)),
        ({"q": {"less_than": 0}}, Leaf("q", "less_than", 0)),
        ({"q": {"before": "2026-11-24"}}, Leaf("q", "before", "2026-11-24")),
        ({"q": {"after": "2026-11-24"}}, Leaf("q", "after", "2026-11-24")),
        ({"all": [{"asked": "q"}, {"term": "t"}]}, All((Asked("q"), Term("t")))),
        ({"any": [{"applies": "d"}]}, Any((Applies("d"),))),
        ({"not": {"not": "always"}}, Not(Not(Always()))),
        ({"at_least_of": {"n": 1, "of": ["always"]}}, AtLeastOf(1, (Always(),))),
    ],
)
def test_every_shape_becomes_its_tree(raw: object, tree: Condition) -> None:
    assert read_condition(raw) == tree


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        ("sometimes", "when", "this must be a group of named values"),
        ({}, "when", "a condition says one thing; join several with all: or any:"),
        ({"a": {"is": "x"}, "b": {"is": "y"}}, "when", "a condition says one thing; join several with all: or any:"),
        ({"q": {"is": "x", "includes": "y"}}, "when.q", "a condition says one thing; join several with all: or any:"),
        ({"q": "yes"}, "when.q", "this must be a group of named values"),
        ({"q": {"equals": "x"}}, "when.q", "unknown test “equals”; use one of: is, is_one_of, includes"),
        ({"q": {"is": []}}, "when.q.is", "list at least one option"),
        ({"q": {"is": {}}}, "when.q.is", "this must be a list"),
        ({"q": {"is_one_of": "a"}}, "when.q.is_one_of", "this must be a list"),
        ({"q": {"includes_any": [1]}}, "when.q.includes_any[0]", "this must be a text"),
        ({"q": {"includes": ["a"]}}, "when.q.includes", "this must be a text"),
        ({"q": {"at_least": "3"}}, "when.q.at_least", "this must be a number"),
        ({"q": {"before": "tomorrow"}}, "when.q.before", "write the date as 2026-11-24"),
        ({"all": []}, "when.all", "list at least one condition"),
        ({"any": {"a": "b"}}, "when.any", "this must be a list"),
        ({"any": [{"q": {"is": None}}]}, "when.any[0].q", "a condition says one thing"),
        ({"not": []}, "when.not", "this must be a group of named values"),
        ({"asked": ["q"]}, "when.asked", "this must be a text"),
        ({"at_least_of": {"n": 0, "of": ["always"]}}, "when.at_least_of.n", "this must be from 1 to 1"),
        ({"at_least_of": {"n": 2, "of": ["always"]}}, "when.at_least_of.n", "this must be from 1 to 1"),
        ({"at_least_of": {"n": 1}}, "when.at_least_of", "“of” is missing"),
        ({"at_least_of": {"n": 1, "of": ["always"], "x": 1}}, "when.at_least_of", "unknown key “x”"),
    ],
)
def test_a_shape_that_is_none_says_where(raw: object, place: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_condition(raw, "when")
    assert caught.value.place == place
    assert caught.value.message.startswith(message)
