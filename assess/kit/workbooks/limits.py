"""What a process that reads the file of a stranger may use up: memory, time, no file, no child."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress

MEMORY = 512 * 1024**2
SECONDS, LONGEST = 3, 6
"""Of work, and by the clock: a machine may have much else to do, and a process of the site waits so long."""

_LIMITS = (
    (resource.RLIMIT_AS, MEMORY),
    (resource.RLIMIT_CPU, SECONDS),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_CORE, 0),
)


def limit_this_process() -> None:
    """Take away what reading does not need. A limit the system does not know is left out."""
    for which, most in _LIMITS:
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))
    signal.alarm(LONGEST)
    os.nice(5)
