"""Tests are shared out by files that exist, and none is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sharing_out import ALONE, FULL_OF_OTHERS_CODE, LONG, WALKED_IN, bundle_of

HERE = Path(__file__).parent
FILES = sorted(path.as_posix() for path in HERE.rglob("test_*.py"))


@pytest.mark.parametrize("end", [*LONG, *FULL_OF_OTHERS_CODE, *WALKED_IN])
def test_a_file_that_is_spoken_of_is_there(end: str) -> None:
    assert [path for path in FILES if path.endswith(end)]


def test_the_folder_that_is_spoken_of_is_there() -> None:
    assert (HERE.parent / ALONE).is_dir()


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("tests/a/test_b.py::test_c[sqlite]", "tests/a/test_b.py::test_d[sqlite-x]", True),
        ("tests/a/test_b.py::test_c[sqlite]", "tests/a/test_b.py::test_c[postgresql]", False),
        ("tests/a/test_b.py::test_c", "tests/a/test_e.py::test_c", False),
        ("tests/journeys/test_b.py::test_c[phone]", "tests/journeys/test_b.py::test_c[no_javascript]", False),
    ],
)
def test_tests_of_one_file_and_one_database_stay_together(one: str, other: str, *, together: bool) -> None:
    assert (bundle_of(one) == bundle_of(other)) is together
