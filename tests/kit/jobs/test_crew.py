from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from assess.kit.jobs.crew import Crew

SLEEPS = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]


@pytest.fixture
def crews() -> Iterator[Callable[..., Crew]]:
    made: list[Crew] = []

    def make(command: list[str], size: int) -> Crew:
        made.append(Crew(command, size, os.environ))
        return made[-1]

    yield make
    for crew in made:
        crew.wait(0)


def until(true: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_whoever_ended_is_started_again(crews: Callable[..., Crew], capfd: pytest.CaptureFixture[str]) -> None:
    crew = crews(SLEEPS, 2)
    crew.keep()
    first = crew.processes
    assert len(set(first)) == 2
    os.kill(first[0], signal.SIGKILL)

    def replaced() -> bool:
        crew.keep()
        return len(crew.processes) == 2 and first[0] not in crew.processes

    until(replaced)
    assert first[1] in crew.processes
    assert '"event": "worker_ended", "number": -9' in capfd.readouterr().out


def test_those_that_die_young_wait_longer_each_time(crews: Callable[..., Crew]) -> None:
    crew = crews([sys.executable, "-S", "-c", "raise SystemExit(1)"], 1)
    starts: set[int] = set()
    end = time.monotonic() + 2.2
    while time.monotonic() < end:
        crew.keep()
        starts |= set(crew.processes)
        time.sleep(0.01)
    assert 2 <= len(starts) <= 4, "at once, after half a second, after a second, after two"


def test_what_a_worker_started_ends_with_it(crews: Callable[..., Crew]) -> None:
    parent = "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    crew = crews([sys.executable, "-S", "-c", parent], 1)
    crew.keep()
    worker = psutil.Process(crew.processes[0])
    until(worker.children)
    child = worker.children()[0]
    worker.kill()
    until(lambda: crew.keep() is None and not child.is_running())


def test_told_to_stop_all_stop_and_who_does_not_is_ended(crews: Callable[..., Crew]) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    crew = crews([sys.executable, "-S", "-c", deaf], 1)
    crew.keep()
    pid = crew.processes[0]
    time.sleep(0.3)
    crew.tell_to_stop()
    began = time.monotonic()
    crew.wait(0.5)
    assert 0.4 < time.monotonic() - began < 5
    assert not psutil.pid_exists(pid)
    assert crew.processes == []
