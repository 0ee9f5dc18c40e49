"""Reads a file of a stranger in a child process, for a page that waits for it."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

from flask import current_app, has_app_context

from assess.core.application import settings_of
from assess.core.child_process import (
    READER_LIMITS,
    ChildBusyError,
    ChildError,
    ChildExitError,
    UploadRefusedError,
    child_slot,
    run_child,
)
from assess.core.logs import log

BUSY_MESSAGE = "Another file is being read just now. Wait a few seconds, and send yours again."


def run_in_sandbox(module: str, kind: str, data: bytes, *, too_long: str) -> Any:  # noqa: ANN401  # whatever it read, as JSON
    """What `python -m module kind` read in this file. Opens a process; about half a second.

    While no other process of this installation reads one: waiting would hold one more process. Outside a site nobody else is there.
    Raises `UploadRefusedError` with its own sentence, `too_long` when it did not come to an end, or `BUSY_MESSAGE`.
    """
    one_at_a_time = (
        child_slot(settings_of(current_app).data_folder, "reading", 1, 0) if has_app_context() else nullcontext()
    )
    try:
        with one_at_a_time as slot:
            answer = json.loads(run_child(module, kind, data=data, seconds=READER_LIMITS.wall_seconds, slot=slot))
    except ChildBusyError as error:
        raise UploadRefusedError(BUSY_MESSAGE) from error
    except ChildError as error:
        if isinstance(error, ChildExitError):
            log("import_refused", number=error.code)
        raise UploadRefusedError(too_long) from error
    if "refused" in answer:
        raise UploadRefusedError(answer["refused"])
    return answer["read"]
