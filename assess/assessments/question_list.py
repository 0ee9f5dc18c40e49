"""Every question of an edition as people read and print it, whatever they would answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assess.assessments.asked_if import asked_if, numbers_of
from assess.engine.bank import Column, Edition, Question
from assess.engine.texts import fill


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """One question in words. `how` says what to give where there is nothing to choose; `many` that several may be chosen."""

    number: int
    ask: str
    quick: bool
    hint: str | None
    asked_if: str | None
    options: tuple[str, ...]
    many: bool
    how: str | None
    columns: tuple[str, ...]
    why: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A section with its questions."""

    id: str
    title: str
    questions: tuple[ListedQuestion, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions there are, and how many of them everybody is asked."""

    total: int
    always: int


def counts_of(edition: Edition) -> Counts:
    """The counts of an edition, or of its quick check when given that."""
    questions = edition.questions()
    return Counts(len(questions), sum(question.show_if is None for question in questions))


def list_questions(edition: Edition, texts: Mapping[str, str]) -> tuple[ListedPart, ...]:
    """All sections in order. `texts` fill the placeholders with what is in force that day."""
    numbers = numbers_of(edition)
    return tuple(
        ListedPart(
            section.id,
            section.title,
            tuple(_listed(question, numbers[question.id], edition, texts) for question in section.questions),
        )
        for section in edition.sections
    )


def _listed(question: Question, number: int, edition: Edition, texts: Mapping[str, str]) -> ListedQuestion:
    def filled(text: str | None) -> str | None:
        return None if text is None else fill(text, texts)

    return ListedQuestion(
        number=number,
        ask=fill(question.ask, texts),
        quick=question.quick,
        hint=filled(question.hint),
        asked_if=filled(asked_if(question, edition)),
        options=tuple(fill(option.label, texts) for option in question.options if not option.retired),
        many=question.type == "choices",
        how=_how(question),
        columns=tuple(_column(column) for column in question.columns),
        why=filled(question.why),
        evidence=filled(question.evidence),
    )


def _how(question: Question) -> str | None:
    if question.type == "number":
        return f"a number ({question.unit})" if question.unit else "a number"
    return {"percentage": "a percentage, from 0 to 100", "date": "a date", "text": "a line of text"}.get(question.type)


def _column(column: Column) -> str:
    if not column.options:
        return column.label
    return f"{column.label}: {', '.join(option.label for option in column.options)}"
