"""A ZIP that is sent while it is made, so that one of any size fits in little memory."""

from __future__ import annotations

import zipfile
from datetime import datetime

from assess.kit.clock import date_at


class Sink:
    """Something a ZIP can be written to that only goes forward."""

    def __init__(self) -> None:
        """Nothing is in it yet."""
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        """Take this in. Returns its length."""
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open here."""

    def take(self) -> bytes:
        """What was written since it was last asked."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def put(archive: zipfile.ZipFile, name: str, content: bytes, now: datetime, method: int = zipfile.ZIP_DEFLATED) -> None:
    """Write one entry. The day stands in place of its own time, which would be that of the machine."""
    day = date_at(now)
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.compress_type = method
    archive.writestr(entry, content)
