"""A posted section: what to keep, what is wrong, and what was typed, question by question, so that one fault costs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from marshmallow import ValidationError

from assess.assessments.fields import field_for, sentences
from assess.assessments.question_parts import Faults
from assess.assessments.typed import (
    Form,
    Typed,
    contradicts,
    raw_value,
    read_typed,
    revision_in,
    was_on_page,
    without_row,
)
from assess.engine.bank import Question, Value

MINE, THEIRS = "mine", "theirs"
"""What a person picks where somebody else changed the same answer meanwhile."""


@dataclass(slots=True)
class Posted:
    """What a form says. `asked` are the questions the page showed; `changes` the clean answers, None to take one back.

    `faults` and `typed` speak of the same questions by id; a question with a fault is in no change.
    """

    asked: list[str] = field(default_factory=list)
    changes: dict[str, Value | None] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    faults: dict[str, Faults] = field(default_factory=dict)
    proof_asked: list[str] = field(default_factory=list)
    proof_noted: set[str] = field(default_factory=set)


def read_section(form: Form, questions: Iterable[Question]) -> Posted:
    """Read the answers of the questions that were on the page. Everything else in the form is passed over."""
    posted = Posted()
    removed_from, _, row = form.get("remove", "").partition(".")
    for question in questions:
        chosen = form.get(f"{question.id}.pick", "")
        if not was_on_page(form, question.id) or chosen == THEIRS:
            continue
        typed = read_typed(form, question)
        if removed_from == question.id and row.isascii() and row.isdecimal():
            typed = replace(typed, rows=without_row(typed.rows, int(row[:4])))
        posted.asked.append(question.id)
        posted.typed[question.id] = typed
        posted.seen[question.id] = revision_in(form, f"{question.id}.{'newest' if chosen == MINE else 'seen'}")
        if question.kind == "safeguard" and question.evidence:
            posted.proof_asked.append(question.id)
            if typed.proof:
                posted.proof_noted.add(question.id)
        _read_answer(posted, question, typed)
    return posted


def _read_answer(posted: Posted, question: Question, typed: Typed) -> None:
    """Clean one answer. A radio that sends nothing was never chosen: it cannot be taken back, so nothing changes."""
    both = contradicts(question, typed)
    if both is not None:
        posted.faults[question.id] = [both]
        return
    raw = raw_value(question, typed)
    if raw is None:
        if question.type != "choice":
            posted.changes[question.id] = None
        return
    try:
        posted.changes[question.id] = field_for(question, typed=True).deserialize(raw)
    except ValidationError as refusal:
        parts = refusal.messages
        cells = cast("Mapping[int, Mapping[str, list[str]]]", parts) if isinstance(parts, dict) else None
        posted.faults[question.id] = sentences(refusal) if cells is None else _on_typed_rows(typed, cells)


def _on_typed_rows(typed: Typed, cells: Mapping[int, Mapping[str, list[str]]]) -> Faults:
    """The faults of cells by the row on the page: empty rows are not cleaned, so the numbers differ."""
    filled = [number for number, row in enumerate(typed.rows) if any(row.values())]
    return {filled[number]: faults for number, faults in cells.items()}
