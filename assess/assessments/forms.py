"""Reads the posted form of a section: what was typed for each question, before it is cleaned and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from marshmallow import ValidationError

from assess.assessments.fields import MAX_ROWS, field_for
from assess.core.forms.fields import LONGEST_TYPED, IntegerField, SentForm, sent_rows
from assess.engine.bank import CHOICE_TYPES, DONT_KNOW, AnswerValue, Question


@dataclass(frozen=True, slots=True)
class FormAnswer:
    texts: tuple[str, ...] = ()
    ticked: bool = False
    rows: tuple[Mapping[str, str], ...] = ()
    proof: bool = field(default=False, compare=False)

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""


def was_on_page(form: SentForm, question: str) -> bool:
    return f"{question}.seen" in form


def integer_in(form: SentForm, name: str) -> int:
    """The revision in this field; 0 when it cannot be read, which can only lead to a conflict, never to a loss."""
    return IntegerField().deserialize(form.get(name, ""))


def read_form_answer(form: SentForm, question: Question) -> FormAnswer:
    name = question.id
    proof = f"{name}.proof" in form
    if question.type == "table":
        return FormAnswer(
            ticked=f"{name}.none" in form,
            rows=tuple(sent_rows(form, name, [column.id for column in question.columns], MAX_ROWS)),
            proof=proof,
        )
    texts = [text[:LONGEST_TYPED].strip() for text in form.getlist(name)[: len(question.options) + 20]]
    return FormAnswer(texts=tuple(text for text in texts if text), ticked=f"{name}.dk" in form, proof=proof)


def raw_value(question: Question, typed: FormAnswer) -> object:
    if question.type == "table":
        return list(typed.rows) if any(any(row.values()) for row in typed.rows) else [] if typed.ticked else None
    if question.type == "choices":
        return list(typed.texts) or None
    if typed.ticked and not typed.texts:
        return DONT_KNOW
    return typed.text or None


def contradiction_error(question: Question, typed: FormAnswer) -> str | None:
    if not typed.ticked:
        return None
    if question.type == "table":
        if any(any(row.values()) for row in typed.rows):
            return "Fill in rows, or tick that there are none to list, not both."
        return None
    if typed.texts and question.type not in CHOICE_TYPES:
        return "Fill this in, or tick “Don’t know”, not both."
    return None


def form_answer_from_stored(question: Question, value: AnswerValue | None, *, proof: bool = False) -> FormAnswer:
    if value is None:
        return FormAnswer(proof=proof)
    if question.type == "table":
        kinds = {column.id: column.type for column in question.columns}
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        return FormAnswer(ticked=not rows, rows=tuple(_row_texts(row, kinds) for row in rows), proof=proof)
    if isinstance(value, list):
        return FormAnswer(texts=tuple(str(part) for part in value), proof=proof)
    if value == DONT_KNOW and question.type not in CHOICE_TYPES:
        return FormAnswer(ticked=True, proof=proof)
    return FormAnswer(texts=(as_form_text(value, question.type),), proof=proof)


def _row_texts(row: Mapping[str, object], kinds: Mapping[str, str]) -> Mapping[str, str]:
    return {column: as_form_text(cell, kinds.get(column, "text")) for column, cell in row.items()}


def as_form_text(value: object, kind: str) -> str:
    """A value as a person would type it: "12.5"; "27 3 2026" when its kind is "date"."""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if kind == "date":
        day = dt.date.fromisoformat(str(value))
        return f"{day.day} {day.month} {day.year}"
    return str(value)


def without_row(rows: Sequence[Mapping[str, str]], number: int) -> tuple[Mapping[str, str], ...]:
    return tuple(row for index, row in enumerate(rows) if index != number)


def hidden_fields(question: Question, typed: FormAnswer) -> list[tuple[str, str]]:
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


AnswerErrors = Sequence[str] | Mapping[int, Mapping[str, Sequence[str]]]
"""What is wrong with an answer: sentences, or for a table the sentences of each cell by row and column."""

MINE, THEIRS = "mine", "theirs"


@dataclass(slots=True)
class PostedSection:
    """What a form says. `questions` are those the page showed; `changes` the clean answers, None to take one back.

    `errors` and `typed` speak of the same questions by id; a question with a fault is in no change.
    """

    questions: list[str] = field(default_factory=list)
    changes: dict[str, AnswerValue | None] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    typed: dict[str, FormAnswer] = field(default_factory=dict)
    errors: dict[str, AnswerErrors] = field(default_factory=dict)
    proof_asked: list[str] = field(default_factory=list)
    proof_noted: set[str] = field(default_factory=set)


def read_section_form(form: SentForm, questions: Iterable[Question]) -> PostedSection:
    """Read the answers of the questions that were on the page. Everything else in the form is passed over."""
    posted = PostedSection()
    removed_from, _, row = form.get("remove", "").partition(".")
    for question in questions:
        chosen = form.get(f"{question.id}.pick", "")
        if not was_on_page(form, question.id) or chosen == THEIRS:
            continue
        typed = read_form_answer(form, question)
        if removed_from == question.id and row.isascii() and row.isdecimal():
            typed = replace(typed, rows=without_row(typed.rows, int(row[:4])))
        posted.questions.append(question.id)
        posted.typed[question.id] = typed
        posted.seen[question.id] = integer_in(form, f"{question.id}.{'newest' if chosen == MINE else 'seen'}")
        if question.kind == "safeguard" and question.evidence:
            posted.proof_asked.append(question.id)
            if typed.proof:
                posted.proof_noted.add(question.id)
        _read_answer(posted, question, typed)
    return posted


def _read_answer(posted: PostedSection, question: Question, typed: FormAnswer) -> None:
    """Clean one answer. A radio that sends nothing was never chosen: it cannot be taken back, so nothing changes."""
    both = contradiction_error(question, typed)
    if both is not None:
        posted.errors[question.id] = [both]
        return
    raw = raw_value(question, typed)
    if raw is None:
        if question.type != "choice":
            posted.changes[question.id] = None
        return
    try:
        posted.changes[question.id] = field_for(question, typed=True).deserialize(raw)
    except ValidationError as refusal:
        posted.errors[question.id] = cast("AnswerErrors", refusal.messages)
