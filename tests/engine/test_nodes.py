from __future__ import annotations

from collections.abc import Callable

import pytest

from assess.engine.nodes import DocumentError, Node, as_list, as_number, as_text, as_whole

NODE = {
    "text": "words",
    "number": 1.5,
    "whole": 3,
    "flag": True,
    "list": ["a", "b"],
    "nodes": [{"x": "1"}],
    "pairs": {"a": "b"},
    "null": None,
}


def node() -> Node:
    return Node(NODE, "here")


def test_each_reader_takes_its_kind_of_value() -> None:
    one = node()
    assert one.text("text") == "words"
    assert one.number("number") == 1.5
    assert one.whole("whole") == 3
    assert one.flag("flag") is True
    assert one.texts("list") == ("a", "b")
    assert one.nodes("nodes")[0].text("x") == "1"
    assert one.names("pairs") == {"a": "b"}
    one.done()


def test_what_may_be_absent_is_none_or_empty_and_null_is_absent() -> None:
    one = node()
    assert not one.has("null")
    assert one.text_or_none("null") is None
    assert one.number_or_none("missing") is None
    assert one.whole_or_none("missing") is None
    assert one.one_of_or_none("missing", ("a",)) is None
    assert one.flag("missing") is False
    assert one.flag("missing", default=True) is True
    assert one.texts("missing") == ()
    assert one.nodes("missing") == []
    assert one.pairs("missing") == {}
    assert one.names("missing") == {}


def test_what_may_be_absent_is_read_where_it_stands() -> None:
    one = node()
    assert one.text_or_none("text") == "words"
    assert one.number_or_none("number") == 1.5
    assert one.whole_or_none("whole") == 3
    assert Node({"k": "b"}, "").one_of_or_none("k", ("a", "b")) == "b"


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: Node([], "here"), "here: this must be a group of named values"),
        (lambda: Node({1: 2}, ""), "document: this must be a group of named values"),
        (lambda: node().need("missing"), "here: “missing” is missing"),
        (lambda: node().text("whole"), "here.whole: this must be a text"),
        (lambda: node().number("text"), "here.text: this must be a number"),
        (lambda: node().number("flag"), "here.flag: this must be a number"),
        (lambda: node().whole("number"), "here.number: this must be a whole number"),
        (lambda: node().whole("flag"), "here.flag: this must be a whole number"),
        (lambda: node().flag("text"), "here.text: this must be true or false"),
        (lambda: node().texts("text"), "here.text: this must be a list"),
        (lambda: node().texts("nodes"), "here.nodes[0]: this must be a text"),
        (lambda: node().nodes("list"), "here.list[0]: this must be a group of named values"),
        (lambda: node().names("nodes"), "here.nodes: this must be a group of named values"),
        (lambda: Node({"a": {"b": 1}}, "").names("a"), "a.b: this must be a text"),
        (lambda: node().one_of("text", ("a", "b")), "here.text: “words” must be one of: a, b"),
        (lambda: node().done(), "here: unknown key “text”"),
    ],
)
def test_a_fault_says_where_it_is_and_what_belongs_there(read: Callable[[], object], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read()
    assert str(caught.value) == said


def test_place_and_message_are_kept_apart() -> None:
    fault = DocumentError("here", "wrong")
    assert (fault.place, fault.message, str(fault)) == ("here", "wrong", "here: wrong")


def test_the_place_of_a_key_at_the_top_is_its_name() -> None:
    assert Node({}, "").at("key") == "key"


def test_plain_values() -> None:
    assert as_text("a", "") == "a"
    assert as_number(2, "") == 2
    assert as_whole(2, "") == 2
    assert as_list((1, 2), "") == [1, 2]
