"""The mail of the week to those who look after the banks: how much is to be looked at again, and the first of it."""

from __future__ import annotations

from collections.abc import Sequence

from assess.banks.settings import text_of
from assess.editor.diary.due import Diary, Entry

SUBJECT = "Question banks: what to look at again"
MOST = 20
"""Things a mail names of each kind; the page holds them all."""


def letter(diary: Diary, mends: Sequence[str], second: Sequence[str], address: str) -> str:
    """The body. `mends` are those nobody looked at in time, in words; `second` what no second person confirmed; `address` leads to the diary."""
    parts = ["Some things in the question banks are to be looked at again."]
    if mends:
        parts.append(_list("Mended at once, and nobody has looked at it in time:", list(mends)))
    if second:
        parts.append(
            _list("Waits for a second person for more than a week. Contacts and History show it:", list(second))
        )
    for words, rows in (("Overdue:", diary.overdue), ("Due within 30 days:", diary.soon)):
        if rows:
            parts.append(_list(words, [_line(one) for one in rows]))
    parts += [f"All of it is here: {address}", "This mail comes once a week at most, and only while something is due."]
    return "\n\n".join(parts) + "\n"


def _line(one: Entry) -> str:
    return f"{text_of(one.day, None)}: {one.kind}, {one.title}"


def _list(words: str, lines: list[str]) -> str:
    more = [f"- and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return "\n".join([words, *(f"- {line}" for line in lines[:MOST]), *more])
