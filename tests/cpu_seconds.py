"""How long the processor works for each file of tests, so that the suite can be compared before and after a change.

`--cpu-seconds PATH` writes a table of files; where PATH ends in `.json`, also how long each test took by the clock. Counted is what
the process that runs the tests and all those it started have used, in user and system mode, whether they have ended or not. A
PostgreSQL server, which leaves its parent, is not seen. What a session makes once (a browser, the published banks) goes to the file
that asks for it first, so only differences of several seconds mean something.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

PROC = Path("/proc")
STARTING = "(starting and collecting)"
_OUTPUT = "assess_cpu_seconds"


def cpu_seconds() -> float:
    """What this process and all it started have used so far. Where there is no /proc, only children that have ended count."""
    if not (PROC / "self/stat").exists():
        return sum(os.times()[:4])
    children: dict[int, list[int]] = defaultdict(list)
    ticks = {}
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            # proc(5): the name in brackets is field 2; after it the parent is field 4, and 14 to 17 are user and system, own and of ended children
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended just now
        pid = int(stat.parent.name)
        ticks[pid] = sum(int(field) for field in fields[11:15])
        children[int(fields[1])].append(pid)
    total, left = 0, [os.getpid()]
    while left:
        pid = left.pop()
        total += ticks.get(pid, 0)
        left += children[pid]
    return total / os.sysconf("SC_CLK_TCK")


class Meter:
    """A plugin that measures in each process that runs tests, and adds up in the one that was started."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.of_files: dict[str, float] = defaultdict(float)
        self.of_tests: dict[str, float] = defaultdict(float)
        self._file = STARTING
        self._used = 0.0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Begin a new row with a new file. Tests of one file run after each other."""
        self._turn_to(nodeid.partition("::")[0])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what a part of a test took by the clock."""
        self.of_tests[report.nodeid] += report.duration

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a process of xdist measured."""
        self.add(getattr(node, "workeroutput", {}).get(_OUTPUT, {}))

    def add(self, measured: Mapping[str, float]) -> None:
        """Add what another process has measured."""
        for file, seconds in measured.items():
            self.of_files[file] += seconds

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write all down; in a process of xdist, hand it to the one that was started."""
        if hasattr(session.config, "workeroutput"):
            self._turn_to(STARTING)
            session.config.workeroutput[_OUTPUT] = dict(self.of_files)
            return
        if not session.config.getoption("numprocesses", default=None):
            self._turn_to(STARTING)
        self.write()

    def write(self) -> None:
        """Write the table: seconds and file, what takes longest first, and all of it at the end."""
        rows = sorted(self.of_files.items(), key=lambda row: (-row[1], row[0]))
        lines = [f"{seconds:9.2f}  {file}" for file, seconds in rows]
        lines.append(f"{sum(self.of_files.values()):9.2f}  (all)")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.with_suffix(".txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if self.path.suffix == ".json":
            written = {"files": dict(rows), "seconds_of_tests": dict(sorted(self.of_tests.items()))}
            self.path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")

    def _turn_to(self, file: str) -> None:
        if file != self._file:
            used = cpu_seconds()
            self.of_files[self._file] += used - self._used
            self._file, self._used = file, used
