"""Which tests run which line: measured once for each commit, and kept in `.cache/planted/`.

`python -m tests.planted.selection` runs the unchanged suite with the contexts of coverage (25 to 30 minutes for all of it).
Processes that tests start are counted too, but nobody knows for which test.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from tests.planted.trees import ROOT, commit_named, copy_of
from tests.pytest_scheduling import LONG

KEPT = ROOT / ".cache" / "planted"
MOST_TESTS = 40
MOST_SECONDS = 60.0
UNKNOWN_SECONDS = 1.0
SETTINGS = """\
[run]
source = assess
omit = assess/core/migrations/*
relative_files = true
parallel = true
patch = subprocess
"""


@dataclass(frozen=True, slots=True)
class Selected:
    """The tests to run for a fault, in order. `fall_back`: its lines run in other processes alone, so any long test may meet it."""

    tests: tuple[str, ...]
    seconds: float
    fall_back: bool = False


class Selection:
    """What was measured on a commit."""

    def __init__(self, data: CoverageData, seconds: Mapping[str, float]) -> None:
        self._data = data
        self._seconds = seconds

    @classmethod
    def of(cls, commit: str, tests: Sequence[str] = ()) -> Selection | None:
        """What is kept of a commit, of the whole suite or of these tests of it; None where nothing was measured."""
        folder = folder_of(commit, tests)
        if not (folder / "coverage.db").exists():
            return None
        data = CoverageData(str(folder / "coverage.db"))
        data.read()
        return cls(data, json.loads((folder / "seconds.json").read_text(encoding="utf-8"))["seconds_of_tests"])

    def for_lines(self, place: str, lines: Iterable[int], only: Sequence[str] = ()) -> Selected:
        """The tests that run one of these lines of a file: of the same feature first, then those that take least.

        `only`: beginnings of the paths of tests that may be taken.
        """
        by_line = self._data.contexts_by_lineno(place)
        contexts = {context for line in lines for context in by_line.get(line, [])}
        tests = {context.rpartition("|")[0] for context in contexts} - {""}
        tests = {test for test in tests if not only or test.startswith(tuple(only))}
        taken: list[str] = []
        total = 0.0
        for test in sorted(tests, key=lambda test: (-shared_feature(place, test), self._of(test), test)):
            if taken and (len(taken) == MOST_TESTS or total + self._of(test) > MOST_SECONDS):
                break
            taken.append(test)
            total += self._of(test)
        if not taken and contexts:
            long = tuple(test for test in long_tests() if not only or test.startswith(tuple(only)))
            return Selected(long, MOST_SECONDS, fall_back=True)
        return Selected(tuple(taken), total)

    def _of(self, test: str) -> float:
        return self._seconds.get(test, UNKNOWN_SECONDS)


def folder_of(commit: str, tests: Sequence[str] = ()) -> Path:
    """Where everything about a commit is kept; what was measured with some tests alone is not taken for the whole."""
    if not tests:
        return KEPT / commit
    return KEPT / f"{commit}-{hashlib.sha256(' '.join(sorted(tests)).encode()).hexdigest()[:8]}"


def long_tests() -> list[str]:
    """Files of tests that start a server, a worker or a press."""
    files = (ROOT / "tests").rglob("test_*.py")
    return sorted(path.relative_to(ROOT).as_posix() for path in files if path.as_posix().endswith(LONG))


def shared_feature(place: str, test: str) -> int:
    """How many folders a file and a test have in common: `assess/sharing/viewing.py`, `tests/sharing/test_viewing.py::…`."""
    ours, theirs = Path(place).parts[1:-1], Path(test.partition("::")[0]).parts[1:-1]
    common = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            break
        common += 1
    return common


def measure(commit: str, tests: Sequence[str], workers: int) -> Selection:
    """Run the suite, or these tests of it, and keep which test runs which line. What fails is said and counts all the same."""
    folder = folder_of(commit, tests)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with copy_of(commit) as tree:
        settings = tree.root / ".coveragerc"
        settings.write_text(SETTINGS, encoding="utf-8")
        ended = tree.pytest(
            [
                *("-n", str(workers), "--dist", "loadscope", "--cov", f"--cov-config={settings}", "--cov-context=test"),
                *("--cov-report=", "--cpu-seconds", str(folder / "seconds.json"), *(tests or ["tests"])),
            ],
            None,
        )
        print(ended.said[-3000:])
        shutil.copyfile(tree.root / ".coverage", folder / "coverage.db")
    found = Selection.of(commit, tests)
    assert found is not None
    return found


def main(given: Sequence[str] | None = None) -> None:
    """Measure a commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", nargs="*", help="files or folders of tests (default: all)")
    parser.add_argument("--commit", default="HEAD")
    parser.add_argument("--workers", type=int, default=2)
    said = parser.parse_args(given)
    measure(commit_named(said.commit), said.tests, said.workers)


if __name__ == "__main__":
    main()
