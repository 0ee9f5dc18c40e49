"""Text that no spreadsheet takes for a formula, for files that cannot say what is text (CSV).

A cell that begins with =, +, - or @ is run by spreadsheets, also in their full-width forms and after spaces or quotes. A sheet
opened with another separator than ours cuts a cell at a semicolon, a tab or a new line, so what follows those is looked at too.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = "=+-@"
_ALIKE = "".join(
    letter
    for letter in map(chr, range(0x80, 0x10000))
    if unicodedata.decomposition(letter)  # looked at first: only few letters stand for others, and asking costs least
    and unicodedata.normalize("NFKC", letter) in set(_RUN)
)
"""Full-width, small, raised and lowered forms of the four."""

_MINUS = "\N{MINUS SIGN}"
_DANGER = f"[{re.escape(_RUN + _ALIKE + _MINUS)}]"
_LEAD = r"[\s\"'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}`\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}]*"
_BLANK = r"'*[\t\r\n]"
"""Apostrophes count with it: else one that somebody typed would be taken for ours."""
_BEGINS = rf"(?:{_LEAD}{_DANGER})"
_OPEN = re.compile(rf"(?:\A(?={_BLANK}|{_BEGINS})|(?<=[;\t\r\n])(?={_BEGINS}))")
_SHUT = re.compile(rf"(?:\A'(?={_BLANK}|{_BEGINS})|(?<=[;\t\r\n])'(?={_BEGINS}))")
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def guarded(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin to run it; every other text as it stands."""
    return _OPEN.sub("'", text)


def unguarded(text: str) -> str:
    """The text that was guarded, for programs that read our files."""
    return _SHUT.sub("", text)


def writable(text: str) -> str:
    """The text without the letters that no XML file can hold."""
    return _NOT_IN_XML.sub("", text)
