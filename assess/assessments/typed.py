"""What a person typed or ticked, as it came: kept beside an error, and made from a stored answer for the next look.

Names of fields in a form: `id` for the answer (for several choices, once for each tick); `id.dk` for the box “Don’t know” beside
a number or a date; `id.ROW.COLUMN`, rows from 0, for a table, and `id.none` for its box “none to list”; `id.seen` for the
revision the question was drawn from, which also tells that the question was on the page; `id.proof` for the box about proof.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from assess.assessments.fields import MOST_ROWS
from assess.engine.bank import DONT_KNOW, Question, Value

LONGEST_RAW = 2000
"""What is longer was not typed by hand; it is cut before anything else looks at it."""


Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """One question as it stands in the form: texts, the ticks “don’t know” or “none to list”, and the rows of a table."""

    texts: tuple[str, ...] = ()
    ticked: bool = False
    rows: tuple[Mapping[str, str], ...] = ()
    proof: bool = field(default=False, compare=False)

    @property
    def text(self) -> str:
        """The one text of a question that has one."""
        return self.texts[0] if self.texts else ""


def was_on_page(form: Form, question: str) -> bool:
    """Whether the posted page showed this question."""
    return f"{question}.seen" in form


def revision_in(form: Form, name: str) -> int:
    """The revision in this field; 0 when it cannot be read, which can only lead to a conflict, never to a loss."""
    raw = form.get(name, "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0  # noqa: PLR2004 - no revision has ten digits


def read_typed(form: Form, question: Question) -> Typed:
    """What the form says to this question."""
    name = question.id
    proof = f"{name}.proof" in form
    if question.type == "table":
        return Typed(ticked=f"{name}.none" in form, rows=_read_rows(form, question), proof=proof)
    texts = [text[:LONGEST_RAW].strip() for text in form.getlist(name)[: len(question.options) + 20]]
    return Typed(texts=tuple(text for text in texts if text), ticked=f"{name}.dk" in form, proof=proof)


def _read_rows(form: Form, question: Question) -> tuple[Mapping[str, str], ...]:
    rows = []
    for number in range(MOST_ROWS + 1):
        names = {column.id: f"{question.id}.{number}.{column.id}" for column in question.columns}
        if not any(name in form for name in names.values()):
            break
        rows.append({column: form.get(name, "")[:LONGEST_RAW].strip() for column, name in names.items()})
    return tuple(rows)


def raw_value(question: Question, typed: Typed) -> object:
    """What its field has to clean, or None when the question was left open."""
    if question.type == "table":
        filled = [row for row in typed.rows if any(row.values())]
        return filled or ([] if typed.ticked else None)
    if question.type == "choices":
        return list(typed.texts) or None
    if typed.ticked and not typed.texts:
        return DONT_KNOW
    return typed.text or None


def contradicts(question: Question, typed: Typed) -> str | None:
    """The sentence about two answers at once, where a box says one thing and the text beside it another."""
    if not typed.ticked:
        return None
    if question.type == "table":
        if any(any(row.values()) for row in typed.rows):
            return "Fill in rows, or tick that there are none to list, not both."
        return None
    if typed.texts and question.type not in {"choice", "choices"}:
        return "Fill this in, or tick “Don’t know”, not both."
    return None


def from_stored(question: Question, value: Value | None, *, proof: bool = False) -> Typed:
    """A stored answer as the form shows it."""
    if value is None:
        return Typed(proof=proof)
    if question.type == "table":
        kinds = {column.id: column.type for column in question.columns}
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        return Typed(ticked=not rows, rows=tuple(_row_texts(row, kinds) for row in rows), proof=proof)
    if isinstance(value, list):
        return Typed(texts=tuple(str(part) for part in value), proof=proof)
    if value == DONT_KNOW and question.type not in {"choice", "choices"}:
        return Typed(ticked=True, proof=proof)
    return Typed(texts=(as_typed(value, question.type),), proof=proof)


def _row_texts(row: Mapping[str, object], kinds: Mapping[str, str]) -> Mapping[str, str]:
    return {column: as_typed(cell, kinds.get(column, "text")) for column, cell in row.items()}


def as_typed(value: object, kind: str) -> str:
    """A value as a person would type it: "12.5"; "27 3 2026" when its kind is "date"."""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if kind == "date":
        day = dt.date.fromisoformat(str(value))
        return f"{day.day} {day.month} {day.year}"
    return str(value)


def without_row(rows: Sequence[Mapping[str, str]], number: int) -> tuple[Mapping[str, str], ...]:
    """The rows without the one of this number."""
    return tuple(row for index, row in enumerate(rows) if index != number)


def fields_of(question: Question, typed: Typed) -> list[tuple[str, str]]:
    """The same content as fields of a form, so that a page can carry it along unseen."""
    name = question.id
    fields = [(name, text) for text in typed.texts]
    if typed.ticked:
        fields.append((f"{name}.none" if question.type == "table" else f"{name}.dk", "yes"))
    if typed.proof:
        fields.append((f"{name}.proof", "yes"))
    fields += [
        (f"{name}.{row}.{column}", text) for row, cells in enumerate(typed.rows) for column, text in cells.items()
    ]
    return fields
