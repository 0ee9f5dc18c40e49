from __future__ import annotations

from typing import Any

from assess.editor.conditions.building import put

ORDER = ("id", "ask", "show_if", "options")


def test_a_new_key_stands_where_files_have_it() -> None:
    thing: dict[str, Any] = {"id": "x", "ask": "Why?", "options": [], "strange": 1}
    put(thing, "show_if", {"asked": "y"}, ORDER)
    assert list(thing) == ["id", "ask", "show_if", "options", "strange"]


def test_a_key_that_is_there_keeps_its_place_and_one_without_value_goes() -> None:
    thing: dict[str, Any] = {"show_if": 1, "id": "x"}
    put(thing, "show_if", 2, ORDER)
    assert list(thing.items()) == [("show_if", 2), ("id", "x")]
    put(thing, "show_if", None, ORDER)
    put(thing, "ask", None, ORDER)
    assert thing == {"id": "x"}
