"""The press: a process of its own that prints one copy of one record and ends.

`python -m assess.plans.printing.press SECONDS` reads {"copy": …, "record": …, "state": …, "code": …} from standard input (`state` as
`register.state.state_as_data` writes it; it may be left out, and so may `code`, the check code),
or {"page": …}, a finished page that needs nothing of a record; writes the PDF to standard output, and
is ended after that many seconds. It has no database, no secrets and no address to call, and a limit on memory, time, files and everything else a hostile or a
broken document could use up.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from assess.plans.attached import attached_files
from assess.plans.copies import Copy, Record
from assess.plans.pages import to_html
from assess.plans.printing.fonts import FontsUnavailableError
from assess.plans.printing.pdf import MissingLibraryError, to_pdf
from assess.plans.register.state import NOTHING_YET, RegisterState, state_from_data
from assess.plans.sign_off import Signed

MEMORY = 1024**3
SECONDS_OF_WORK = 30
FILES = 64
CANNOT = 3
"""Exit code when something on this machine is missing; the sentence that says what stands on standard error."""

_LIMITS = (
    (resource.RLIMIT_AS, MEMORY),
    (resource.RLIMIT_CPU, SECONDS_OF_WORK),
    (resource.RLIMIT_NOFILE, FILES),
    (resource.RLIMIT_CORE, 0),
)


def limit_this_process(seconds: int) -> None:
    """Take away what printing does not need, and end it after so many seconds. A limit the system does not know is left out."""
    for which, most in _LIMITS:
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))
    signal.alarm(seconds)
    os.nice(5)


def printed_copy(
    record: Record,
    copy: Copy,
    state: RegisterState = NOTHING_YET,
    code: str | None = None,
    signed: Signed | None = None,
) -> bytes:
    """The PDF of one copy with the files that travel inside it, printed in this process.

    Raises:
        MissingLibraryError, FontsUnavailableError
    """
    return to_pdf(to_html(record, copy, state, code, signed), attached_files(record, copy, state))


def _made(job: Mapping[str, Any]) -> bytes:
    if "page" in job:  # a paper that is the same for everybody comes as finished HTML
        return to_pdf(job["page"])
    signed = Signed(**job["signed"]) if job.get("signed") else None
    return printed_copy(job["record"], job["copy"], state_from_data(job.get("state", {})), job.get("code"), signed)


def press(source: BinaryIO, target: BinaryIO) -> int:
    """Read one job, print it and write the file, whole or not at all. Returns the exit code."""
    job = json.load(source)
    try:
        made = _made(job)
    except (MissingLibraryError, FontsUnavailableError) as error:
        print(error, file=sys.stderr)  # noqa: T201  # the parent reads it
        return CANNOT
    target.write(made)
    target.flush()
    return 0


if __name__ == "__main__":
    limit_this_process(int(sys.argv[1]))
    code = press(sys.stdin.buffer, sys.stdout.buffer)
    sys.stderr.flush()
    # the font libraries keep threads of their own: unloading them at the end has crashed, and there is nothing to tidy up
    os._exit(code)
