"""What is written down about a running site: JSON lines on standard output, with a short list of fields and nothing else.

Never an answer, a token, an address of a page or of a person, a query or a value of a form. A page is named by its rule
("/r/<token>"), who did something by a keyed mark (`security_events.py`), an error by its class and the lines of code it passed. Of the advice pages nothing is written at all.
"""

from __future__ import annotations

import json
import sys
import traceback
from types import TracebackType
from typing import TextIO

from assess.kit.clock import system_clock

FIELDS = frozenset(
    {"event", "route", "method", "status", "ms", "request", "error", "where", "number", "reason", "who", "caller"}
)
_FRAMES = 12
_TEXT = 300


def log(event: str, *, stream: TextIO | None = None, **fields: str | float | None) -> None:
    """Write one line. `fields` may only be those of `FIELDS`; texts are cut at 300 characters.

    Raises:
        ValueError: for a field that is not on the list: what is not foreseen is not written.
    """
    strange = fields.keys() - FIELDS
    if strange:
        raise ValueError(f"These fields may not be logged: {', '.join(sorted(strange))}")
    line: dict[str, str | float] = {"at": system_clock().isoformat(timespec="milliseconds"), "event": event}
    line |= {
        name: value[:_TEXT] if isinstance(value, str) else value for name, value in fields.items() if value is not None
    }
    print(json.dumps(line, ensure_ascii=True), file=stream or sys.stdout, flush=True)


def where(trace: TracebackType | None) -> str:
    """The last lines of code an error passed, without any of the values: "answering.py:41 save < views.py:12 post"."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
