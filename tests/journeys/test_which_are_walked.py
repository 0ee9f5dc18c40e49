"""No journey drops out of a run unseen: each is walked in one kind of browser at least, and in both in a long run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.pytest_scheduling import WALKED_IN

HERE = Path(__file__).parent
KIND = re.compile(r"(?<=[\[-])(phone|no_javascript)(?=[\]-])")


def collected(*given: str, long: bool = False) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-m", "not long", *given],
        cwd=HERE.parents[1],
        env={**os.environ, "ASSESS_LONG": "1" if long else "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in told.stdout.splitlines() if "::" in line}


def test_each_journey_is_walked_in_one_kind_of_browser_and_in_both_in_a_long_run() -> None:
    short, both = collected(str(HERE)), collected(str(HERE), long=True)
    files = {path.name for path in HERE.glob("test_*.py")}
    assert {Path(name.partition("::")[0]).name for name in short} == files
    assert {KIND.sub("", name) for name in short} == {KIND.sub("", name) for name in both}
    for name in both:
        for kind in ("phone", "no_javascript") if KIND.search(name) else ():
            assert KIND.sub(kind, name) in both
    assert files >= WALKED_IN.keys()


def test_a_kind_of_browser_that_is_asked_for_by_name_is_walked_in() -> None:
    name = (
        "tests/journeys/test_car_wash_owner.py::test_she_answers_leaves_comes_back_submits_and_takes_both_copies[phone]"
    )
    assert collected(name) == {name}
