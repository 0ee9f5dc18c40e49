"""A file opened in a limited process of its own: a module of ours that gets its bytes and answers in JSON, or with one sentence.

An installation opens one at a time, so that a file can hold one process of the site for some seconds and never all of them.
"""

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

from assess.kit.application import settings_of
from assess.kit.logs import log
from assess.kit.workbooks.limits import LONGEST
from assess.kit.workbooks.refusing import FileRefusedError

_WAIT = LONGEST + 1
"""Seconds after which the child is ended, should its own limits fail."""

_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


BUSY = "Another file is being read just now. Wait a few seconds, and send yours again."
_LOCK = "reading.lock"


@contextmanager
def _alone() -> Iterator[None]:
    """Read while no other process of this installation does; outside a site nobody else is there.

    Raises:
        FileRefusedError: when another does. Whoever waited would hold one more process.
    """
    if not has_app_context():
        yield
        return
    with (settings_of(current_app).data_folder / _LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FileRefusedError(BUSY) from error
        yield


def read_apart(module: str, kind: str, data: bytes, *, too_long: str) -> Mapping[str, Any]:
    """What `python -m module kind` answers about this file. Opens a process; about half a second.

    Raises:
        FileRefusedError: with its own sentence, `too_long` when it did not come to an end, or `BUSY`.
    """
    command = [sys.executable, "-m", module, kind]
    try:
        with _alone():
            done = subprocess.run(  # noqa: S603  # our own module, no shell
                command, input=data, capture_output=True, env=environment(), cwd="/", timeout=_WAIT, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise FileRefusedError(too_long) from error
    if done.returncode:
        log("import_refused", number=done.returncode)
        raise FileRefusedError(too_long)
    said: dict[str, Any] = json.loads(done.stdout)
    if "refused" in said:
        raise FileRefusedError(said["refused"])
    return said


def environment() -> dict[str, str]:
    """What the child may know: nothing that guards or opens anything. Without lxml, for defusedxml guards the other parser."""
    home = str(Path(__file__).parents[3])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0", "OPENPYXL_LXML": "False"}
