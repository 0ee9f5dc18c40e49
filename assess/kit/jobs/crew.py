"""The workers of one machine: so many processes, and whichever ended is started again.

`keep` looks once and never waits, so that the site's own master process can call it between its other looks.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.kit.logs import log

SHORT_LIFE = 10.0
LONGEST_PAUSE = 30.0
LAST_WAIT = 20.0
_LOOK_SECONDS = 0.2


@dataclass
class _Place:
    """One place in the crew, and who holds it. `pause` grows while its workers die young."""

    process: subprocess.Popen[bytes] | None = None
    began: float = float("-inf")
    pause: float = 0.0


class Crew:
    """So many processes that all run one command."""

    def __init__(self, command: Sequence[str], size: int, environ: Mapping[str, str]) -> None:
        """A crew of `size` processes. Nothing starts before `keep`."""
        self._command, self._environ = list(command), dict(environ)
        self._places = [_Place() for _ in range(size)]

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes that were alive at the last look."""
        return [place.process.pid for place in self._places if place.process is not None]

    def keep(self) -> None:
        """Start every process that is not there. One that died young waits a little longer each time."""
        for place in self._places:
            if place.process is not None and place.process.poll() is not None:
                self._bury(place)
            if place.process is None and time.monotonic() >= place.began + place.pause:
                place.began = time.monotonic()
                # a group of its own: what a job started ends with its worker
                place.process = subprocess.Popen(  # noqa: S603  # our own command
                    self._command, env=self._environ, stdin=subprocess.DEVNULL, start_new_session=True
                )

    def keep_until(self, over: threading.Event) -> None:
        """Keep the crew until that is over, then stop it."""
        while not over.is_set():
            self.keep()
            over.wait(_LOOK_SECONDS)
        self.tell_to_stop()
        self.wait()

    def tell_to_stop(self) -> None:
        """Ask all to stop. The job at hand may come to its end, or goes back."""
        for pid in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def wait(self, seconds: float = LAST_WAIT) -> None:
        """Wait until all have stopped; whoever has not by then is ended."""
        end = time.monotonic() + seconds
        for place in self._places:
            if place.process is None:
                continue
            with contextlib.suppress(subprocess.TimeoutExpired):
                place.process.wait(timeout=max(0.0, end - time.monotonic()))
            self._end_group(place.process)
            place.process.wait()
            place.process = None

    def _bury(self, place: _Place) -> None:
        dead = place.process
        if dead is None:
            return
        lived = time.monotonic() - place.began
        place.pause = min(LONGEST_PAUSE, max(0.5, place.pause * 2)) if lived < SHORT_LIFE else 0.0
        log("worker_ended", number=dead.returncode)
        self._end_group(dead)
        place.process = None

    @staticmethod
    def _end_group(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
