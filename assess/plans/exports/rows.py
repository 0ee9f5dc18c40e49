"""What stands in the register as a file: one row for each ordinary action or duty, and the helpline.

The file travels, so it is made of `Register.ordinary` and of nothing else (decisions.md 7.5). It numbers its own rows and
leaves out the number of the question: gaps and jumps would tell of what is not in it. `id` is the same in every submission.

Rows stand by date and then as they are asked. The order of the plan, and what an action takes off the score, rest on all answers
together, signs included: two sheets side by side would tell how grave an answer is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from assess.engine.short_sets import EFFORT_DAYS
from assess.kit.spreadsheets import csv_file
from assess.plans.actions import Item, Register
from assess.plans.first_page import Head, Help
from assess.plans.register.phrases import how_far_words, note_words, owner_words, reason_words, response_words
from assess.plans.words import EFFORTS, day

ABOUT_EFFORT = "An effort of 0.5 is half a day."
COUNTING = "Numbers count the steps in this file only."
LEFT_OUT = "Some steps stand only in the business’s own plan."
"""In every file of every business, whether anything is left out of it or not: else the sentence would tell."""

ABOUT_NUMBERS = f"{COUNTING} {LEFT_OUT}"

_DAYS_OF: Mapping[str, float] = MappingProxyType({words: EFFORT_DAYS[size] for size, words in EFFORTS.items()})
_STOP = "."
_LAST = "9999-12-31"
"""Where what has no date stands."""

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
    Column("do", "What to do", "text", 44),
    Column("owner", "Who", "text", 18),
    Column("due", "Due", "date", 13),
    Column("status", "Status", "text", 12),
    Column("done_on", "Done on", "date", 13),
    Column("response", "Our answer", "text", 16),
    Column("reason", "Reason", "text", 20),
    Column("notes", "Proof noted", "text", 24),
    Column("proof", "What will show it", "text", 24),
    Column("basis", "Where it comes from", "text", 28),
    Column("effort", "Effort in days", "number", 12),
    Column("why", "Why", "text", 90),
)
"""The columns of every file, in this order: first those that change through the year, which are also the ones on paper."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do, typed. `effort` in days; dates ISO."""

    id: str
    number: int | None
    do: str
    why: str
    basis: str
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
    """The rows of the ordinary items, by date and then as they are asked, and one with the helpline."""
    rows = [_row(number, item) for number, item in enumerate(sorted(register.ordinary, key=_when), 1)]
    return (*rows, _help_row(head, help))


def as_csv(register: Register, head: Head, help: Help) -> bytes:  # noqa: A002  # as above
    """The register as CSV: UTF-8 with a mark for Excel, CRLF, every cell quoted, ISO dates, no cell that could be run."""
    return csv_file([column.title for column in COLUMNS], (row.cells for row in rows_of(register, head, help)))


def about(head: Head) -> tuple[str, ...]:
    """What such a file is, in a few sentences for whoever opens it: the same in every file of every business."""
    return (
        f"Action plan for {head.organisation}, from the self-check of {day(head.made_on)}.",
        "It rests on the business’s own answers. Nobody has checked them; it is not a finding, and not for selection or exclusion.",
        ABOUT_NUMBERS,
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
        do=f"{item.title}. {item.do}" if item.title else item.do,
        why=_why(item),
        basis=item.basis,
        effort=_DAYS_OF.get(item.effort) if item.effort_days is None else item.effort_days,
        owner=owner_words(item),
        due=item.due_date,
        response=response_words(item),
        reason=reason_words(state.reason, state.reason_text),
        status=how_far_words(state.response, state.status),
        done_on=state.done_on,
        proof=item.evidence,
        notes="; ".join(note_words(note) for note in state.notes),
    )


def _why(item: Item) -> str:
    parts = [text for part in item.parts for text in (part.says and f"{part.says}.", part.asked, _said(part.answered))]
    return " ".join(part for part in (item.asked, _said(item.answered), *parts, item.reason) if part)


def _said(answered: str) -> str:
    return f"You answered: {answered.rstrip(_STOP)}." if answered else ""


def _when(item: Item) -> tuple[str, int, str]:
    return item.due_date or _LAST, item.question or 0, item.key


def _help_row(head: Head, help: Help) -> Row:  # noqa: A002  # as above
    texts: dict[str, Any] = dict.fromkeys((field.name for field in fields(Row)), "")
    nothing = dict.fromkeys(("number", "effort", "due", "done_on"))
    return Row(
        **{
            **texts,
            **nothing,
            "id": "helpline",
            "do": help_sentence(help),
            "why": " ".join((*about(head), ABOUT_EFFORT)),
        }
    )
