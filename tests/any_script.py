"""Names of businesses in many scripts, and the text of a PDF as a program of other makers reads it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

NAMES: Mapping[str, str] = {
    "Arabic": "مزرعة النور للخضار",
    "Hebrew": "חוות השדה הירוק",
    "Han": "芬兰农场有限公司",
    "Devanagari": "फेन किनारा खेती कंपनी लिमिटेड क्षि",
    "Bengali": "ফেন প্রান্ত খামার কোম্পানি কি",
    "Cyrillic": "Ферма Край Полей",
    "emoji": "🚗 Wash 😀",
    "accents apart": "S\N{COMBINING DOT BELOW}o\N{COMBINING CARON}n",
}
LONG_WORD = f"Donau{'dampfschifffahrt' * 7}x"
ALL_NAMES = " – ".join((*NAMES.values(), LONG_WORD))
_DIRECTIONS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\f"), " ")
"""What that program writes around words from right to left, and between pages."""


def read_text(path: Path) -> str:
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(said.translate(_DIRECTIONS).split())
