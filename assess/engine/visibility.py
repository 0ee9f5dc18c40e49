"""Which questions are shown, pending or hidden for the answers so far, in one pass because conditions look only backwards; and the edition of the quick check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from assess.engine.bank import Answers, AnswerValue, Edition, kept_by_edition
from assess.engine.conditions import (
    HIDDEN,
    PENDING,
    TRUE,
    UNANSWERED,
    UNKNOWN,
    CompiledCondition,
    NoValue,
    compile_condition,
    condition_subjects,
)
from assess.engine.question_types import answers_without_details


class QuestionState(Enum):
    SHOWN = "shown"
    PENDING = "pending"
    HIDDEN = "hidden"


SettledAnswers = dict[str, AnswerValue | NoValue]
"""Question id to its answer, or to why there is none (`NoValue`)."""


@dataclass(frozen=True, slots=True)
class CompiledQuestions:
    """The questions of an edition in order, and those that have a condition, each with it ready to be judged.

    `absent` are subjects of conditions that this edition does not ask: they read as hidden.
    """

    names: tuple[str, ...]
    conditions: tuple[tuple[str, CompiledCondition], ...]
    absent: SettledAnswers


@kept_by_edition
def compiled_questions(edition: Edition) -> CompiledQuestions:
    """The compiled questions of an edition."""
    names = tuple(question.id for question in edition.questions())
    conditions = {question.id: question.show_if for question in edition.questions() if question.show_if is not None}
    checked = [condition for check in edition.checks for condition in (check.when, check.unless) if condition]
    subjects = {subject for one in (*conditions.values(), *checked) for subject in condition_subjects(one)}
    return CompiledQuestions(
        names=names,
        conditions=tuple((name, compile_condition(condition)) for name, condition in conditions.items()),
        absent=dict.fromkeys(subjects.difference(names), HIDDEN),
    )


class SettledVisibility(NamedTuple):
    """What is settled: every question's answer or why there is none; the shown without an answer; those that may still be shown.

    `shown` is how many are shown.
    """

    answers: SettledAnswers
    missing: tuple[str, ...]
    pending: tuple[str, ...]
    shown: int


def settle_visibility(edition: Edition, answers: Answers) -> SettledVisibility:
    """Go through the questions once. Answers to hidden questions are left aside."""
    compiled = compiled_questions(edition)
    given = answers_without_details(edition, answers).get
    # each question as if it were shown, then those with a condition in their order: a condition looks only backwards
    found: SettledAnswers = {name: UNANSWERED if (answer := given(name)) is None else answer for name in compiled.names}
    found.update(compiled.absent)
    lookup = found.__getitem__
    pending, hidden = [], 0
    for name, judged in compiled.conditions:
        verdict = judged(lookup)
        if verdict is UNKNOWN:
            pending.append(name)
            found[name] = PENDING
        elif verdict is not TRUE:
            hidden += 1
            found[name] = HIDDEN
    missing = tuple([name for name in compiled.names if found[name] is UNANSWERED])
    return SettledVisibility(found, missing, tuple(pending), len(compiled.names) - len(pending) - hidden)


_STATE_WITHOUT_ANSWER = {PENDING: QuestionState.PENDING, HIDDEN: QuestionState.HIDDEN}


def question_states(edition: Edition, answers: Answers) -> dict[str, QuestionState]:
    found = settle_visibility(edition, answers).answers
    return {
        question.id: _STATE_WITHOUT_ANSWER.get(value, QuestionState.SHOWN)
        if isinstance(value := found[question.id], NoValue)
        else QuestionState.SHOWN
        for question in edition.questions()
    }


@kept_by_edition
def quick_edition(edition: Edition) -> Edition:
    """The edition in which only quick questions exist; sections without any drop out. That of a quick edition says the same again."""
    sections = [
        replace(section, questions=tuple(question for question in section.questions if question.quick))
        for section in edition.sections
    ]
    return replace(edition, sections=tuple(section for section in sections if section.questions))
