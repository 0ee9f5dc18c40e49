"""What stands in the register as a file: one row for each ordinary action or duty, and the helpline.

The file travels, so it is made of `Register.ordinary` and of nothing else (decisions.md 7.5). It numbers its own rows and
leaves out the number of the question: gaps and jumps would tell of what is not in it. `id` is the same in every submission.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from assess.engine.short_sets import EFFORT_DAYS
from assess.plans.actions import Item, Register
from assess.plans.exports.guard import guarded
from assess.plans.first_page import Head, Help
from assess.plans.register.phrases import note_words, owner_words, reason_words, response_words, status_words
from assess.plans.words import EFFORTS, day

ABOUT_GAIN = (
    "“Takes off the score” says what an action alone takes off; 0.0 is less than 0.1. An effort of 0.5 is half a day."
)

_DAYS_OF: Mapping[str, float] = MappingProxyType({words: EFFORT_DAYS[size] for size, words in EFFORTS.items()})
_STOP = "."
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells Excel that the file is UTF-8."""

Cell = str | int | float | None
"""A text, a number, or nothing. Dates are ISO texts."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file. `kind`: text, number or date (ISO). `width` in letters, for files that have widths."""

    name: str
    title: str
    kind: str
    width: int


COLUMNS: tuple[Column, ...] = (
    Column("id", "Id", "text", 24),
    Column("number", "No.", "number", 6),
    Column("do", "What to do", "text", 42),
    Column("owner", "Who", "text", 18),
    Column("due", "Due", "date", 12),
    Column("status", "Status", "text", 11),
    Column("done_on", "Done on", "date", 12),
    Column("response", "Our answer", "text", 14),
    Column("reason", "Reason", "text", 22),
    Column("notes", "Proof noted", "text", 28),
    Column("proof", "What will show it", "text", 28),
    Column("basis", "Law or good practice", "text", 28),
    Column("gain", "Takes off the score", "number", 12),
    Column("effort", "Effort in days", "number", 12),
    Column("why", "Why", "text", 60),
)
"""The columns of every file, in this order: first those that change through the year, which are also the ones on paper."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do, typed. `gain` in points of the score, 0.0 where it is less than 0.1; `effort` in days; dates ISO."""

    id: str
    number: int | None
    do: str
    why: str
    basis: str
    gain: float | None
    effort: float | None
    owner: str
    due: str | None
    response: str
    reason: str
    status: str
    done_on: str | None
    proof: str
    notes: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The values in the order of `COLUMNS`."""
        return tuple(getattr(self, column.name) for column in COLUMNS)


def rows_of(register: Register, head: Head, help: Help) -> tuple[Row, ...]:  # noqa: A002  # the word of the whole plan
    """The rows of the ordinary items in the order of the plan, then one with the helpline."""
    rows = [_row(number, item) for number, item in enumerate(register.ordinary, 1)]
    return (*rows, _help_row(head, help))


def as_csv(register: Register, head: Head, help: Help) -> bytes:  # noqa: A002  # as above
    """The register as CSV: UTF-8 with a mark for Excel, CRLF, every cell quoted, ISO dates, no cell that could be run."""
    file = io.StringIO(newline="")
    file.write(_BOM)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.title for column in COLUMNS])
    writer.writerows([_plain(cell) for cell in row.cells] for row in rows_of(register, head, help))
    return file.getvalue().encode()


def about(head: Head) -> tuple[str, ...]:
    """What such a file is, in a few sentences for whoever opens it."""
    return (
        f"Action plan for {head.organisation}, from the self-check of {day(head.made_on)}.",
        "It rests on the business’s own answers. Nobody has checked them; it is not a finding, and not for selection or exclusion.",
        "It holds the ordinary actions. The whole plan is on the business’s own pages.",
        f"Made with {head.operator}.",
    )


def help_sentence(help: Help) -> str:  # noqa: A002  # as above
    """Whom to call, in one sentence."""
    return (
        f"Worried about someone, or about your own work? Call {help.helpline.number}, the {help.helpline.who}."
        f" If anyone is in danger now, call {help.emergency.number}."
    )


def _row(number: int, item: Item) -> Row:
    state = item.state
    return Row(
        id=item.key,
        number=number,
        do=item.do,
        why=_why(item),
        basis=item.basis if item.what == "duty" else "Good practice, from your answers",
        gain=_points(item.gain),
        effort=_DAYS_OF.get(item.effort),
        owner=owner_words(item),
        due=item.due_date,
        response=response_words(item),
        reason=reason_words(state.reason, state.reason_text),
        status=status_words(state.status),
        done_on=state.done_on,
        proof=item.evidence,
        notes="; ".join(note_words(note) for note in state.notes),
    )


def _why(item: Item) -> str:
    said = f"You answered: {item.answered.rstrip(_STOP)}." if item.answered else ""
    return " ".join(part for part in (item.asked, said, item.reason) if part)


def _points(gain: str) -> float | None:
    """“1.3 off your score” as a number."""
    if not gain:
        return None
    first = gain.partition(" ")[0]
    return 0.0 if first == "less" else float(first)


def _help_row(head: Head, help: Help) -> Row:  # noqa: A002  # as above
    texts: dict[str, Any] = dict.fromkeys((field.name for field in fields(Row)), "")
    nothing = dict.fromkeys(("number", "gain", "effort", "due", "done_on"))
    return Row(
        **{**texts, **nothing, "id": "helpline", "do": help_sentence(help), "why": " ".join((*about(head), ABOUT_GAIN))}
    )


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else str(cell)
