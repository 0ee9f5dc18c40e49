"""Reads an uploaded file in a child process, one at a time, and returns its JSON. Flask side; what the child imports is in `sandbox_child`."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app, has_app_context

from assess.core.application import settings_of
from assess.core.logs import log
from assess.core.sandbox_child import MAX_WALL_SECONDS, FileRefusedError

_INHERITED_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

BUSY_MESSAGE = "Another file is being read just now. Wait a few seconds, and send yours again."
_LOCK_FILE = "reading.lock"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Read while no other process of this installation does; outside a site nobody else is there.

    Raises `FileRefusedError` when another does. Waiting would hold one more process.
    """
    if not has_app_context():
        yield
        return
    with (settings_of(current_app).data_folder / _LOCK_FILE).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FileRefusedError(BUSY_MESSAGE) from error
        yield


def run_in_sandbox(module: str, kind: str, data: bytes, *, too_long: str) -> Mapping[str, Any]:
    """What `python -m module kind` answers about this file. Opens a process; about half a second.

    Raises `FileRefusedError` with its own sentence, `too_long` when it did not come to an end, or `BUSY_MESSAGE`.
    """
    command = [sys.executable, "-m", module, kind]
    try:
        with _one_at_a_time():
            # seconds after which the child is ended, should its own limits fail
            done = subprocess.run(  # noqa: S603  # our own module, no shell
                command,
                input=data,
                capture_output=True,
                env=sandbox_environment(),
                cwd="/",
                timeout=MAX_WALL_SECONDS + 1,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise FileRefusedError(too_long) from error
    if done.returncode:
        log("import_refused", number=done.returncode)
        raise FileRefusedError(too_long)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise FileRefusedError(answer["refused"])
    return answer


def sandbox_environment() -> dict[str, str]:
    """What the child may know: nothing that guards or opens anything. Without lxml, for defusedxml guards the other parser."""
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    passed = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    return {**passed, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0", "OPENPYXL_LXML": "False"}
