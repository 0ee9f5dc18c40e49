"""A file of a draft as text: what is kept of what was typed, what stands around a line, and how two texts differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

"""Problems of a file as such: nothing in it can be found."""
AROUND = 2
"""Lines shown before and after the one that is meant."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text with its number from 1. `mark` is “−” where only they have it, “+” where only you do, “…” for a gap."""

    number: int | None
    words: str
    mark: str = ""


def as_kept(typed: str) -> bytes:
    """A text from a form as a file keeps it: lines end as in all files, and the last one ends too."""
    plain = typed.replace("\r\n", "\n").replace("\r", "\n")
    return (plain if plain.endswith("\n") or not plain else f"{plain}\n").encode()


def around(text: str, line: int) -> tuple[Line, ...]:
    """The line and its neighbours."""
    lines = text.splitlines()
    line = min(line, len(lines))  # a bracket that is never closed is missed after the last line
    first, last = max(1, line - AROUND), min(len(lines), line + AROUND)
    return tuple(Line(at, lines[at - 1], "→" if at == line else "") for at in range(first, last + 1))


def how_they_differ(theirs: str, mine: str) -> tuple[Line, ...]:
    """The lines that only one of two texts has, with their neighbours. Numbers are those of their text, then of yours."""
    return tuple(_differing(theirs.splitlines(), mine.splitlines()))


def _differing(theirs: list[str], mine: list[str]) -> Iterator[Line]:
    groups = SequenceMatcher(None, theirs, mine, autojunk=False).get_grouped_opcodes(AROUND)
    for index, group in enumerate(groups):
        if index:
            yield Line(None, "", "…")
        for what, a, b, c, d in group:
            if what == "equal":
                yield from (Line(at + 1, theirs[at]) for at in range(a, b))
            else:
                yield from (Line(at + 1, theirs[at], "−") for at in range(a, b))
                yield from (Line(at + 1, mine[at], "+") for at in range(c, d))
