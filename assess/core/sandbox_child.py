"""Limits of memory, time and files for a child process that reads an uploaded file, and `FileRefusedError`. Imports neither Flask nor SQLAlchemy."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress

MAX_CPU_SECONDS, MAX_WALL_SECONDS = 3, 6
"""Of work, and by the clock: a machine may have much else to do, and a process of the site waits so long."""

_LIMITS = (
    (resource.RLIMIT_AS, 512 * 1024**2),
    (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_CORE, 0),
)


def limit_this_process() -> None:
    """Take away what reading does not need. A limit the system does not know is left out."""
    for which, most in _LIMITS:
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))
    signal.alarm(MAX_WALL_SECONDS)
    os.nice(5)


class FileRefusedError(ValueError):
    """Nothing of this file can be read. The sentence says why, and what to do."""
