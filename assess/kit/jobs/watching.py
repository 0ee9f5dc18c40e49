"""The watch over one worker process: a second thread that keeps its job, sees to the timetable and ends what hangs.

A hanging function cannot be stopped from outside in Python, but its process can. So a worker does one job at a time, and whoever
started the worker starts another.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from assess.kit.jobs.claiming import BEAT_SECONDS, HUNG, Claim, ForgottenJobError, LostJobError, fail, let_go, renew
from assess.kit.jobs.registry import timetables
from assess.kit.jobs.running import Shift
from assess.kit.jobs.ticking import note_sign_of_life, tick
from assess.kit.logs import log

HANGS = 70
LOST = 75
"""How a process ends whose job hangs, or was given to another worker while it slept."""
GRACE = timedelta(seconds=15)
"""How long a job may go on once its worker was told to stop."""
_LOOK_SECONDS = 0.25
_SIGN_OF_LIFE_SECONDS = 10.0


class Watch(threading.Thread):
    """Watches over this process until `stop`."""

    def __init__(self, shift: Shift) -> None:
        """A watch over the process that makes it. It begins with `start`."""
        super().__init__(name="watch", daemon=True)
        self._shift = shift
        self._parent = os.getppid()
        self._lock = threading.Lock()
        self._held: Claim | None = None
        self._since = self._beat = 0.0
        self._told_to_stop: float | None = None
        self._last_sign = -_SIGN_OF_LIFE_SECONDS
        self._ticked: dict[str, datetime] = {}
        self._over = threading.Event()

    @contextlib.contextmanager
    def over(self, held: Claim) -> Iterator[None]:
        """While this lasts the job is kept, and ended when it takes too long."""
        with self._lock:
            self._held, self._since, self._beat = held, time.monotonic(), time.monotonic()
        try:
            yield
        finally:
            with self._lock:  # whoever writes down the end meets no renewing any more
                self._held = None

    def stop_soon(self) -> None:
        """The process was told to stop: no new times, and the job at hand has a while to come to its end."""
        self._told_to_stop = self._told_to_stop or time.monotonic()

    def stop(self) -> None:
        """The watch is over."""
        self._over.set()

    def run(self) -> None:
        """Look again and again. A database that is away for a while is no reason to stop looking."""
        while not self._over.wait(_LOOK_SECONDS):
            try:
                self._look_at_the_job()
                self._look_at_the_clock()
            except Exception as error:  # noqa: BLE001  # a watch that fell asleep would let a job hang for ever
                log("watch_failed", error=type(error).__name__)
            if os.getppid() != self._parent and self._told_to_stop is None:
                self.stop_soon()
                os.kill(os.getpid(), signal.SIGTERM)

    def _look_at_the_job(self) -> None:
        with self._lock:
            held, moment = self._held, time.monotonic()
            if held is None:
                return
            if moment - self._since > held.kind.seconds:
                self._end_hanging(held)
            if self._told_to_stop is not None and moment - self._told_to_stop > GRACE.total_seconds():
                self._put_back(held)
            if moment - self._beat >= BEAT_SECONDS:
                self._renew(held)
                self._beat = moment

    def _look_at_the_clock(self) -> None:
        if self._told_to_stop is not None:
            return
        now = self._shift.clock()
        due = [table for table in timetables() if self._ticked.get(table.name) != table.last_due(now)]
        sign = time.monotonic() - self._last_sign >= _SIGN_OF_LIFE_SECONDS
        if not due and not sign:
            return
        with self._shift.database.writing() as session:
            tick(session, due, now)
            if sign:
                note_sign_of_life(session, now)
        self._ticked |= {table.name: table.last_due(now) for table in due}
        self._last_sign = time.monotonic() if sign else self._last_sign

    def _renew(self, held: Claim) -> None:
        try:
            with self._shift.writing() as (session, moment):
                renew(session, held, moment)
        except ForgottenJobError:
            return  # nobody else has it either: it may come to its end, which is written nowhere
        except LostJobError:
            end_process(LOST, "job_lost", held)

    def _end_hanging(self, held: Claim) -> None:
        try:
            with self._shift.writing() as (session, moment):
                fail(session, held, HUNG, "", moment)
        finally:
            end_process(HANGS, "job_hung", held)

    def _put_back(self, held: Claim) -> None:
        try:
            with self._shift.database.writing() as session:
                let_go(session, held)
        finally:
            end_process(0, "job_put_back", held)


def end_process(status: int, event: str, held: Claim) -> None:
    """End this process on the spot: a thread of it will not listen any more."""
    log(event, reason=held.kind.name, number=held.attempts)
    os._exit(status)
