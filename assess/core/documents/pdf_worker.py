"""The PDF worker: a child process with limits that reads one job as JSON, writes the PDF and ends. No database, no secrets."""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from assess.core.fonts import FontsUnavailableError
from assess.core.pdf import AttachedFile, MissingLibraryError, html_to_pdf

MAX_MEMORY = 1024**3
MAX_CPU_SECONDS = 30
MAX_OPEN_FILES = 64
EXIT_UNAVAILABLE = 3
"""Exit code when something on this machine is missing; the sentence that says what stands on standard error."""

_LIMITS = (
    (resource.RLIMIT_AS, MAX_MEMORY),
    (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
    (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
    (resource.RLIMIT_CORE, 0),
)


def limit_this_process(seconds: int) -> None:
    """Take away what printing does not need, and end it after so many seconds. A limit the system does not know is left out."""
    for which, most in _LIMITS:
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))
    signal.alarm(seconds)
    os.nice(5)


def run_job(source: BinaryIO, target: BinaryIO) -> int:
    """Read one job (`page`: HTML; `attached`: files with their content in base64) and write the file, whole or not at all. Returns the exit code."""
    job = json.load(source)
    attached = [AttachedFile(**{**file, "content": base64.b64decode(file["content"])}) for file in job["attached"]]
    try:
        made = html_to_pdf(job["page"], attached)
    except (MissingLibraryError, FontsUnavailableError) as error:
        print(error, file=sys.stderr)  # noqa: T201  # the parent reads it
        return EXIT_UNAVAILABLE
    target.write(made)
    target.flush()
    return 0


if __name__ == "__main__":
    limit_this_process(int(sys.argv[1]))
    code = run_job(sys.stdin.buffer, sys.stdout.buffer)
    sys.stderr.flush()
    # the font libraries keep threads of their own: unloading them at the end has crashed, and there is nothing to tidy up
    os._exit(code)
