"""JSON log lines with an allow-list of fields: never answers, tokens, addresses or form values."""

from __future__ import annotations

import json
import sys
import traceback
from types import TracebackType
from typing import TextIO

from assess.core.clock import system_clock

ALLOWED_FIELDS = frozenset(
    {"event", "route", "method", "status", "ms", "request", "error", "where", "number", "reason", "who", "caller"}
)


def log(event: str, *, stream: TextIO | None = None, **fields: str | float | None) -> None:
    """Write one line. `fields` may only be those of `FIELDS`; texts are cut at 300 characters.

    Raises `ValueError` for a field that is not on the list: what is not foreseen is not written.
    """
    strange = fields.keys() - ALLOWED_FIELDS
    if strange:
        raise ValueError(f"These fields may not be logged: {', '.join(sorted(strange))}")
    line: dict[str, str | float] = {"at": system_clock().isoformat(timespec="milliseconds"), "event": event}
    line |= {
        name: value[:300] if isinstance(value, str) else value for name, value in fields.items() if value is not None
    }
    print(json.dumps(line, ensure_ascii=True), file=stream or sys.stdout, flush=True)


def code_location(trace: TracebackType | None) -> str:
    """The last lines of code an error passed, without any of the values: "answering.py:41 save < views.py:12 post"."""
    frames = traceback.extract_tb(trace)[-12:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
