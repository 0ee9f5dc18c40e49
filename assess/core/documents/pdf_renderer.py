"""The PDF renderer: a child process with limits that reads one job as JSON, writes the PDF and ends. No database, no secrets."""

from __future__ import annotations

import base64
import json
import os
import sys
from dataclasses import replace
from typing import BinaryIO

from assess.core.child_process import ChildLimits, limit_this_process
from assess.core.fonts import FontsUnavailableError
from assess.core.pdf import AttachedFile, MissingLibraryError, html_to_pdf

PDF_LIMITS = ChildLimits(memory_bytes=1024**3, cpu_seconds=30, wall_seconds=60)
EXIT_UNAVAILABLE = 3
"""Exit code when something on this machine is missing; the sentence that says what stands on standard error."""


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
    limit_this_process(replace(PDF_LIMITS, wall_seconds=int(sys.argv[1])))
    code = run_job(sys.stdin.buffer, sys.stdout.buffer)
    sys.stderr.flush()
    # the font libraries keep threads of their own: unloading them at the end has crashed, and there is nothing to tidy up
    os._exit(code)
