"""What was said once is said for ever: golden results are scored again and compared to the last digit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine import adder, golden_cases


@pytest.mark.parametrize("path", golden_cases.files(), ids=lambda path: path.stem)
def test_the_same_answers_give_the_same_result(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    assert golden_cases.outcome(case) == case["outcome"]


@pytest.mark.parametrize("path", golden_cases.files(), ids=lambda path: path.stem)
def test_the_second_adder_agrees_with_what_was_kept(path: Path) -> None:
    kept = json.loads(path.read_text(encoding="utf-8"))["outcome"]
    assert {key: kept[key] for key in adder.added_up(kept)} == adder.added_up(kept)


def test_nineteen_are_kept() -> None:
    assert len(golden_cases.files()) == 19
