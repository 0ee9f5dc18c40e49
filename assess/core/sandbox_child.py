"""What a child process that reads an uploaded file may use, and how it answers. Imports neither Flask nor SQLAlchemy."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from assess.core.child_process import ChildLimits, limit_this_process

READER_LIMITS = ChildLimits(memory_bytes=512 * 1024**2, cpu_seconds=3, wall_seconds=6, file_bytes=0)
"""A process of the site waits so long."""


class FileRefusedError(ValueError):
    """Nothing of this file can be read. The sentence says why, and what to do."""


def reader_reply(read: Callable[[bytes], object], data: bytes) -> bytes:
    try:
        said = {"read": read(data)}
    except FileRefusedError as refused:
        said = {"refused": str(refused)}
    return json.dumps(said).encode()


def read_for_parent(read: Callable[[bytes], object]) -> None:
    """All that such a child does: read one file from standard input, and answer on standard output."""
    limit_this_process(READER_LIMITS)
    sys.stdout.buffer.write(reader_reply(read, sys.stdin.buffer.read()))
