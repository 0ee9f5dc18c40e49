"""Plant each fault in a copy of a commit and see whether the tests notice: `make planted`, 15 to 25 minutes on two cores.

A fault is `caught` by tests when one fails that passes without it, or when the tests do not come to an end; by `types` when mypy
complains (`--types`). `missed`: tests run its lines and pass. `not run`: no test does. `gone`: its place is not in this tree (see
`faults.py` for functions that moved). `equivalent`: it changes nothing, for the reason that is given.

Selected by `selection.py`; results go to `.cache/planted/<commit>/results.json`, and `compare.py` holds two of them side by side.
"""

from __future__ import annotations

import argparse
import json
import queue
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.planted.faults import EQUIVALENT, RENAMES, Fault, GoneError, Planted, chosen, plant, read_words
from tests.planted.selection import Selected, Selection, folder_of, measure
from tests.planted.trees import Ended, Tree, commit_named, copy_of, postgresql

START_SECONDS = 60.0
PATIENCE = 5.0
"""Tests may take so many times as long as when they were measured, and the time to start, before they count as hanging."""
FALL_BACK_SECONDS = 600.0
TYPES_SECONDS = 300.0
_FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/\S+(?:\[.*?\])?)(?: - .*)?$", re.MULTILINE)
_NOT_FOUND = re.compile(r"^ERROR: not found: \S*?(tests/.*)$", re.MULTILINE)
OUTCOMES = ("caught", "types", "missed", "not run", "equivalent", "gone")


@dataclass(slots=True)
class Result:
    """What became of a fault. `by`: the test that caught it, or why it has no place."""

    outcome: str
    by: str = ""
    types: bool | None = None
    tests: int = 0
    seconds: float = 0.0


@dataclass
class Hunt:
    """Runs faults in copies of one commit, as many at once as there are copies."""

    trees: queue.Queue[Tree]
    selection: Selection
    environment: Mapping[str, str]
    renames: Mapping[str, str]
    equivalent: Mapping[str, str]
    only: Sequence[str] = ()
    types: bool = False
    _failing: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def result_of(self, fault: Fault) -> Result:
        """Plant one fault and see."""
        if fault.id in self.equivalent:
            return Result("equivalent", self.equivalent[fault.id])
        tree = self.trees.get()
        began = time.monotonic()
        try:
            result = self._result_in(tree, fault)
        except GoneError as gone:
            result = Result("gone", str(gone))
        finally:
            self.trees.put(tree)
        result.seconds = round(time.monotonic() - began, 1)
        print(f"{result.outcome:10} {fault.id}  {result.by}", flush=True)
        return result

    def _result_in(self, tree: Tree, fault: Fault) -> Result:
        planted = plant(fault, tree.root, self.renames)
        text = planted.path.read_text(encoding="utf-8")
        selected = self.selection.for_lines(planted.path.relative_to(tree.root).as_posix(), planted.lines, self.only)
        types = None
        try:
            planted.path.write_text(planted.text, encoding="utf-8")
            if self.types:
                types = _mypy(tree).code != 0
            tests = [test for test in selected.tests if test not in self._failing]
            by = self._caught_by(tree, planted, text, selected, tests)
        finally:
            planted.path.write_text(text, encoding="utf-8")
        if by is not None:
            return Result("caught", by, types, len(tests))
        if types:
            return Result("types", "mypy", types, len(tests))
        return Result("missed" if tests else "not run", "", types, len(tests))

    def _caught_by(self, tree: Tree, planted: Planted, text: str, selected: Selected, tests: list[str]) -> str | None:
        """The test that fails with the fault and passes without it. A test that fails without it too is left out from then on."""
        while tests:
            seconds = FALL_BACK_SECONDS if selected.fall_back else START_SECONDS + PATIENCE * selected.seconds
            ended = tree.pytest(["-x", *tests], seconds, self.environment)
            if ended.code is None:
                return "(takes too long)"
            if ended.code == 0:
                return None
            missing = _NOT_FOUND.findall(ended.said)
            failed: list[str] = _FAILED.findall(ended.said)
            if missing and not failed:
                tests[:] = [test for test in tests if test not in missing]
                continue
            if not failed:
                return f"(pytest ends with {ended.code}: {_last_line(ended)})"
            planted.path.write_text(text, encoding="utf-8")
            alone = tree.pytest([failed[0]], seconds, self.environment)
            planted.path.write_text(planted.text, encoding="utf-8")
            if alone.code == 0:
                return failed[0]
            with self._lock:
                self._failing.add(failed[0])
            tests[:] = [test for test in tests if test != failed[0]]
        return None


def _mypy(tree: Tree) -> Ended:
    return tree.run([sys.executable, "-m", "mypy", "--no-error-summary"], TYPES_SECONDS)


def _last_line(ended: Ended) -> str:
    lines = [line for line in ended.said.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def table(results: Mapping[str, Result]) -> str:
    """How many of each outcome, by package and in all."""
    packages = sorted({_package(name) for name in results})
    rows = [["", *OUTCOMES, "all"]]
    for package in [*packages, "all"]:
        counted = Counter(result.outcome for name, result in results.items() if package in {"all", _package(name)})
        rows.append([package, *(str(counted[outcome]) for outcome in OUTCOMES), str(counted.total())])
    return "\n".join("".join(cell.ljust(14) for cell in row).rstrip() for row in rows)


def _package(fault_id: str) -> str:
    return fault_id.partition(":")[0].split(".")[1]


def write(path: Path, commit: str, results: Mapping[str, Result]) -> None:
    """Keep the results of a commit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"commit": commit, "results": {name: asdict(result) for name, result in sorted(results.items())}}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(given: Sequence[str] | None = None) -> None:
    """Run all faults, or some."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--commit", default="HEAD", help="the commit to plant them in; what is not committed is not seen"
    )
    parser.add_argument("--only", default="", help="faults whose name holds this, a regular expression")
    parser.add_argument("--tests", nargs="*", default=[], help="beginnings of the paths of tests that may be run")
    parser.add_argument("--types", action="store_true", help="ask mypy first")
    parser.add_argument("--renames", type=Path, default=RENAMES, help="where functions and modules live now")
    parser.add_argument("--results", type=Path, help="where results go (default: .cache/planted/<commit>/results.json)")
    parser.add_argument("--workers", type=int, default=2)
    said = parser.parse_args(given)
    commit = commit_named(said.commit)
    faults = [fault for fault in chosen().faults if re.search(said.only, fault.id)]
    selection = Selection.of(commit, said.tests) or measure(commit, said.tests, said.workers)
    with ExitStack() as stack:
        environment = stack.enter_context(postgresql())
        trees: queue.Queue[Tree] = queue.Queue()
        for _ in range(min(said.workers, len(faults))):
            tree = stack.enter_context(copy_of(commit))
            if said.types and _mypy(tree).code != 0:  # it also fills the cache of this copy
                parser.error("mypy complains without any fault")
            trees.put(tree)
        hunt = Hunt(
            trees, selection, environment, read_words(said.renames), read_words(EQUIVALENT), said.tests, said.types
        )
        with ThreadPoolExecutor(said.workers) as pool:
            results = dict(zip([fault.id for fault in faults], pool.map(hunt.result_of, faults), strict=True))
    path = said.results or folder_of(commit, said.tests) / "results.json"
    write(path, commit, results)
    print(f"\n{table(results)}\n\nWritten to {path}")


if __name__ == "__main__":
    main()
