"""Runs one of our modules in a child process: what it may know and use, how many at once, how it is fed and ended. Imports neither Flask nor SQLAlchemy."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

GRACE_SECONDS = 3
"""So long after its own alarm a child is ended from outside, should the alarm fail."""
_INHERITED_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use: seconds of work, and by the clock, for a machine may have much else to do. `file_bytes`: of a file it writes."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    file_bytes: int | None = None
    open_files: int = 64


class ChildError(Exception):
    """A child did not do its work."""


class ChildBusyError(ChildError):
    """As many as may run at the same time are running, and none has ended in time."""


class ChildTimeoutError(ChildError):
    def __init__(self) -> None:
        super().__init__("did not end in time")


class ChildExitError(ChildError):
    """It ended with this code, that of a signal below zero. `last_words`: the last line it wrote of what went wrong."""

    def __init__(self, code: int, last_words: str) -> None:
        super().__init__(f"ended with {code}")
        self.code, self.last_words = code, last_words


def limit_this_process(limits: ChildLimits) -> None:
    """What a child does before it reads anything. A limit the system does not know is left out."""
    for which, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        if most is not None:
            with suppress(ValueError, OSError):
                resource.setrlimit(which, (most, most))
    signal.alarm(limits.wall_seconds)
    os.nice(5)


@contextmanager
def child_slot(folder: Path, name: str, number: int, wait: float) -> Iterator[IO[bytes]]:
    """One of so many slots of this name, held by a lock on a file that goes when its holders do.

    Raises `ChildBusyError` when none is free for so many seconds.
    """
    until = time.monotonic() + wait
    handles = [(folder / f"{name}-{which}.lock").open("ab") for which in range(number)]
    try:
        while (handle := next(filter(_try_lock, handles), None)) is None:
            if time.monotonic() >= until:
                raise ChildBusyError
            time.sleep(0.1)
        yield handle
    finally:
        for handle in handles:
            handle.close()


def _try_lock(handle: IO[bytes]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def run_child(
    module: str,
    *arguments: str,
    data: bytes = b"",
    seconds: int | None = None,
    slot: IO[bytes] | None = None,
) -> bytes:
    """What `python -m module arguments` writes when it is fed this. It keeps its slot even when its parent dies.

    `seconds`: of its alarm. Raises `ChildTimeoutError`, `ChildExitError`.
    """
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            [sys.executable, "-m", module, *arguments],
            input=data,
            capture_output=True,
            env=child_environment(),
            cwd="/",
            pass_fds=() if slot is None else (slot.fileno(),),
            timeout=None if seconds is None else seconds + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildTimeoutError from error
    if done.returncode:
        written = done.stderr.decode(errors="replace").strip().splitlines()
        raise ChildExitError(done.returncode, written[-1] if written else "")
    return done.stdout


def child_environment() -> dict[str, str]:
    """What a child may know: nothing that guards or opens anything. Without lxml, for defusedxml guards the other parser."""
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    passed = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    return {**passed, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0", "OPENPYXL_LXML": "False"}


READER_LIMITS = ChildLimits(memory_bytes=512 * 1024**2, cpu_seconds=3, wall_seconds=6, file_bytes=0)
"""A process of the site waits so long."""


class UploadRefusedError(ValueError):
    """Nothing of this file can be read. The sentence says why, and what to do."""


def reader_reply(read: Callable[[bytes], object], data: bytes) -> bytes:
    try:
        said = {"read": read(data)}
    except UploadRefusedError as refused:
        said = {"refused": str(refused)}
    return json.dumps(said).encode()


def read_for_parent(read: Callable[[bytes], object]) -> None:
    """All that such a child does: read one file from standard input, and answer on standard output."""
    limit_this_process(READER_LIMITS)
    sys.stdout.buffer.write(reader_reply(read, sys.stdin.buffer.read()))
