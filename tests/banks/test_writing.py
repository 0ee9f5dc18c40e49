from __future__ import annotations

import pytest

from assess.banks.writing import block_lines, canonical, flow, plain
from assess.banks.yaml_lines import read_lines


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        ("true", '"true"'),
        ("yes", "yes"),
        ("7", '"7"'),
        (8.0, "8"),
        (0.25, "0.25"),
        ("", '""'),
        (" x", '" x"'),
        ("Pay: how?", '"Pay: how?"'),
        ("Don’t know", "Don’t know"),
        ("# no", '"# no"'),
    ],
)
def test_a_single_value_has_quotes_only_where_it_needs_them(value: object, written: str) -> None:
    assert plain(value, inside=False) == written
    assert canonical(read_lines(f"k: {written}".encode()).data["k"]) == canonical(value)


def test_in_brackets_a_comma_needs_quotes() -> None:
    assert plain("ours, theirs", inside=False) == "ours, theirs"
    assert plain("ours, theirs", inside=True) == '"ours, theirs"'


def test_short_things_stand_on_one_line_and_the_rest_in_lines() -> None:
    value = {"id": "pay", "show_if": {"all": [{"staff": {"is": "hired"}}]}, "options": [{"id": "all", "points": 0}]}
    lines = block_lines(value, 2)
    assert lines == [
        "  id: pay",
        "  show_if: {all: [{staff: {is: hired}}]}",
        "  options:",
        "    - {id: all, points: 0}",
    ]
    assert canonical(read_lines("\n".join(lines).encode()).data) == canonical(value)


def test_true_is_not_one_and_the_order_of_keys_says_nothing() -> None:
    assert canonical({"a": True, "b": 1}) == canonical({"b": 1.0, "a": True})
    assert canonical([True]) != canonical([1])
    assert flow({"a": [1, "b, c"]}) == '{a: [1, "b, c"]}'
