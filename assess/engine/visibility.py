"""Which questions are shown, pending or hidden for the answers so far, in one pass because conditions look only backwards; and the edition of the quick check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

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
    """The questions of an edition in order, each with its condition ready to be judged.

    `absent` are subjects of conditions that this edition does not ask before they are looked at: they read as hidden.
    """

    steps: tuple[tuple[str, CompiledCondition | None], ...]
    absent: SettledAnswers


@kept_by_edition
def compiled_questions(edition: Edition) -> CompiledQuestions:
    """The compiled questions of an edition."""
    questions = edition.questions()
    conditions = [question.show_if for question in questions if question.show_if is not None]
    conditions += [condition for check in edition.checks for condition in (check.when, check.unless) if condition]
    return CompiledQuestions(
        steps=tuple(
            (question.id, None if question.show_if is None else compile_condition(question.show_if))
            for question in questions
        ),
        absent={subject: HIDDEN for condition in conditions for subject in condition_subjects(condition)},
    )


@dataclass(frozen=True, slots=True)
class SettledVisibility:
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
    found = dict(compiled.absent)
    lookup, given = found.__getitem__, answers_without_details(edition, answers).get
    missing, pending, hidden = [], [], 0
    for name, judged in compiled.steps:
        if judged is None or (verdict := judged(lookup)) is TRUE:
            answer = given(name)
            if answer is None:
                missing.append(name)
                found[name] = UNANSWERED
            else:
                found[name] = answer
        elif verdict is UNKNOWN:
            pending.append(name)
            found[name] = PENDING
        else:
            hidden += 1
            found[name] = HIDDEN
    return SettledVisibility(found, tuple(missing), tuple(pending), len(compiled.steps) - len(pending) - hidden)


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
