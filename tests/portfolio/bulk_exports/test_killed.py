"""A real worker is killed while it prints a bundle of real plans: what was kept stays, and nothing but the one at hand is repeated."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assess.core.clock import system_clock
from assess.core.config import Settings
from assess.core.db import Database
from assess.portfolio.bulk_exports.bundle import stream_bundle
from assess.portfolio.models import FileState
from tests.journeys.conftest import note_that_papers_were_ordered
from tests.long_runs import either
from tests.portfolio.bulk_exports.conftest import Council, a_council

pytestmark = pytest.mark.both_databases

WORKER = Path(__file__).with_name("worker_process.py")
PATIENCE = 150


@dataclass
class Shed:
    """One worker at a time, and what all of them wrote."""

    url: str
    lines: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with self.lines.open("ab") as out:
            command = [sys.executable, str(WORKER), self.url]
            self.process = subprocess.Popen(command, stdout=out, start_new_session=True)

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)
                os.killpg(self.process.pid, signal.SIGKILL)  # as a crew does with what a dead worker left
            self.process.wait()

    def printings(self) -> list[int]:
        """The number of each plan that the press was asked for, in turn."""
        found = [json.loads(line) for line in self.lines.read_text(encoding="utf-8").splitlines()]
        return [one["number"] for one in found if one["event"] == "plan_of_a_bundle"]


@pytest.fixture
def shed(banks_url: str, tmp_path: Path) -> Iterator[Shed]:
    note_that_papers_were_ordered(banks_url)
    made = Shed(banks_url, tmp_path / "worker.log")
    yield made
    made.kill()


@pytest.mark.parametrize(
    ("backend", "plans", "kills"),
    either([("postgresql", 2, (1,))], [("sqlite", 3, (1, 2)), ("postgresql", 2, (1,))]),
    indirect=["backend"],
)
def test_a_worker_that_is_killed_repeats_one_printing_for_each_kill(
    published: Database, settings: Settings, shed: Shed, plans: int, kills: tuple[int, ...]
) -> None:
    council = a_council(published, settings, tuple(f"Grower {number:02}" for number in range(1, plans + 1)))
    file_id = council.order(now=system_clock())
    shed.start()
    for done in kills:
        _until(council, file_id, done, shed)
        shed.kill()
        assert council.file(file_id).state is FileState.ORDERED, "it was killed while it worked"
        shed.start()
    _until(council, file_id, plans, shed)
    asked = shed.printings()
    assert sorted(set(asked)) == list(range(1, plans + 1))
    assert len(asked) - plans <= len(kills)
    assert asked == sorted(asked), "the order is the same after each kill"
    with zipfile.ZipFile(io.BytesIO(b"".join(stream_bundle(published, file_id, council.who, system_clock)))) as archive:
        assert archive.testzip() is None
        printed = [archive.read(name) for name in archive.namelist() if name.endswith(".pdf")]
    assert len(printed) == plans
    assert all(one.startswith(b"%PDF-") and one.rstrip().endswith(b"%%EOF") for one in printed)


def _until(council: Council, file_id: object, done: int, shed: Shed) -> None:
    began = time.monotonic()
    while True:
        file = council.file(file_id)  # type: ignore[arg-type]  # the id of the order
        if file.state is FileState.READY or (file.done >= done and done < file.total):
            return
        assert time.monotonic() - began < PATIENCE, shed.lines.read_text(encoding="utf-8")
        time.sleep(0.05)
