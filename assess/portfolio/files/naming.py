"""Names of files in a bundle: safe on every machine, whatever a supplier is called."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

LONGEST = 60
NAMELESS = "supplier"
"""For a name without any letter that can be written in ASCII."""
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def file_name(number: int, supplier: str, day: date) -> str:
    """“007-fen-edge-growers-2026-11-24.pdf”: the place in the bundle, the name in plain small letters, and the day.

    The number begins it, so no two are alike and none is a name that a system keeps for itself, such as CON or “..”.
    """
    plain = unicodedata.normalize("NFKD", supplier).encode("ascii", "ignore").decode().lower()
    letters = _NOT_PLAIN.sub("-", plain).strip("-")[:LONGEST].strip("-") or NAMELESS
    return f"{number:03}-{letters}-{day.isoformat()}.pdf"
