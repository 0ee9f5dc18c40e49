from __future__ import annotations

import pytest

from assess.engine import leaf_tests
from assess.engine.leaf_tests import Operand, Test

ROWS: list[tuple[Test, Operand, object, bool]] = [
    ("is", "yes", "yes", True),
    ("is", "yes", "no", False),
    ("is", ("none",), ["none"], True),
    ("is", ("a", "b"), ["b", "a"], True),
    ("is", ("a", "b"), ["a"], False),
    ("is", ("a",), ["a", "b"], False),
    ("is", ("a", "b"), "a", False),
    ("is", ("a",), "a", True),
    ("is", "a", ["a"], True),
    ("is", True, True, True),
    ("is", True, 1, False),
    ("is", 1, 1.0, True),
    ("is", 1, True, False),
    ("is", "a", [{"kind": "house"}], False),
    ("is_one_of", ("a", "b"), "b", True),
    ("is_one_of", ("a", "b"), "c", False),
    ("is_one_of", ("a", "b"), ["a"], True),
    ("is_one_of", ("a", "b"), ["a", "b"], False),
    ("includes", "a", ["a", "b"], True),
    ("includes", "a", ["b"], False),
    ("includes", "a", "a", True),
    ("includes_any", ("skilled", "dk"), ["dk"], True),
    ("includes_any", ("skilled", "dk"), "dk", True),
    ("includes_any", ("skilled", "dk"), ["seasonal"], False),
    ("includes_any", ("a",), [{"kind": "house"}], False),
    ("at_least", 3, 3, True),
    ("at_least", 3, 2.5, False),
    ("at_most", 3, 3, True),
    ("at_most", 3, 4, False),
    ("more_than", 0, 0, False),
    ("more_than", 0, 0.5, True),
    ("less_than", 3, 3, False),
    ("less_than", 3, 2, True),
    ("before", "2026-11-24", "2026-11-23", True),
    ("before", "2026-11-24", "2026-11-24", False),
    ("after", "2026-11-24", "2027-01-01", True),
    ("after", "2026-11-24", "2026-11-24", False),
]


@pytest.mark.parametrize(("test", "operand", "value", "passes"), ROWS)
def test_every_test_against_answers_of_each_shape(test: Test, operand: Operand, value: object, *, passes: bool) -> None:
    assert leaf_tests.tester(test, operand)(value) is passes


@pytest.mark.parametrize("test", ["at_least", "at_most", "more_than", "less_than"])
def test_a_comparison_with_dont_know_is_false(test: Test) -> None:
    assert not leaf_tests.tester(test, 0)("dk")
    assert not leaf_tests.tester(test, 0)(["dk"])
    assert not leaf_tests.tester(test, -1)(True)  # noqa: FBT003
    assert not leaf_tests.tester(test, "a word")(3)


@pytest.mark.parametrize("test", ["before", "after"])
def test_a_date_that_nobody_knows_is_neither_before_nor_after(test: Test) -> None:
    assert not leaf_tests.tester(test, "2026-11-24")("dk")
    assert not leaf_tests.tester(test, "2026-11-24")(2026)
    assert not leaf_tests.tester(test, 5)("2026-11-24")
