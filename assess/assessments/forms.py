"""Reads the posted form of a section: what was typed for each question, before it is cleaned and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from marshmallow import ValidationError

from assess.core.forms.fields import BEGINS_WEB_ADDRESS, IntegerField, SentForm, TextField
from assess.engine.bank import AnswerValue, Question
from assess.question_banks.question_types import QUESTION_FORMS, FormAnswer, field_for

LONGEST_BUSINESS_NAME = 120


class BusinessNameField(TextField):
    def __init__(self, *, required: str = "Enter the name of your business.") -> None:
        super().__init__(LONGEST_BUSINESS_NAME, required=required)

    def clean(self, typed: str) -> str:
        if BEGINS_WEB_ADDRESS.search(typed):
            raise ValidationError("Enter the name of your business without a web address.")
        return super().clean(typed)


def was_on_page(form: SentForm, question: str) -> bool:
    return f"{question}.seen" in form


def integer_in(form: SentForm, name: str) -> int:
    """The revision in this field; 0 when it cannot be read, which can only lead to a conflict, never to a loss."""
    return IntegerField().deserialize(form.get(name, ""))


def without_row(rows: Sequence[Mapping[str, str]], number: int) -> tuple[Mapping[str, str], ...]:
    return tuple(row for index, row in enumerate(rows) if index != number)


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


def read_section_form(form: SentForm, questions: Iterable[Question], *, asks_proof: bool = True) -> PostedSection:
    """Read the answers of the questions that were on the page. Everything else in the form is passed over."""
    posted = PostedSection()
    removed_from, _, row = form.get("remove", "").partition(".")
    for question in questions:
        chosen = form.get(f"{question.id}.pick", "")
        if not was_on_page(form, question.id) or chosen == THEIRS:
            continue
        typed = QUESTION_FORMS[question.type].read(form, question)
        if removed_from == question.id and row.isascii() and row.isdecimal():
            typed = replace(typed, rows=without_row(typed.rows, int(row[:4])))
        posted.questions.append(question.id)
        posted.typed[question.id] = typed
        posted.seen[question.id] = integer_in(form, f"{question.id}.{'newest' if chosen == MINE else 'seen'}")
        if asks_proof and question.kind == "safeguard" and question.evidence:
            posted.proof_asked.append(question.id)
            if typed.proof:
                posted.proof_noted.add(question.id)
        _read_answer(posted, question, typed)
    return posted


def _read_answer(posted: PostedSection, question: Question, typed: FormAnswer) -> None:
    """Clean one answer. A radio that sends nothing was never chosen: it cannot be taken back, so nothing changes."""
    form = QUESTION_FORMS[question.type]
    if both := form.contradiction(typed):
        posted.errors[question.id] = [both]
        return
    raw = form.raw(typed)
    if raw is None:
        if form.can_be_cleared:
            posted.changes[question.id] = None
        return
    try:
        posted.changes[question.id] = field_for(question, typed=True).deserialize(raw)
    except ValidationError as refusal:
        posted.errors[question.id] = cast("AnswerErrors", refusal.messages)
