"""The three banks as their files have them, and answers to them at random."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from assess.engine.bank import DONT_KNOW, AnswerValue, Edition, Question
from assess.engine.bank_reader import read_edition
from assess.engine.examples import Example
from assess.engine.points import is_exclusive_option
from assess.engine.settings import ScoringSettings
from assess.engine.visibility import QuestionState, question_states
from assess.question_banks.files import ContentFiles, read_folder
from assess.question_banks.reader import CompiledBank, compile_bank
from assess.question_banks.settings import settings_from

QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"
BANKS = ("farming", "car_washes", "hospitality")
TODAY = date(2026, 11, 24)


@cache
def bank_files() -> ContentFiles:
    return read_folder(QUESTIONNAIRES)


@cache
def compiled(bank: str) -> CompiledBank:
    return compile_bank(bank_files(), bank)


@cache
def edition_of(bank: str) -> Edition:
    return read_edition(compiled(bank).document)


def examples_of(bank: str) -> tuple[Example, ...]:
    return compiled(bank).examples


@cache
def settings() -> ScoringSettings:
    return settings_from(bank_files(), TODAY).scoring


def good_answers(edition: Edition, start: Mapping[str, AnswerValue] | None = None) -> dict[str, AnswerValue]:
    """The best answer to every question that is shown, on top of those given; facts are answered with their first option."""
    answers: dict[str, AnswerValue] = dict(start or {})
    for question in edition.questions():
        if question.id not in answers and question_states(edition, answers)[question.id] is QuestionState.SHOWN:
            answers[question.id] = best_answer(question)
    return answers


def best_answer(question: Question) -> AnswerValue:
    """The answer that costs least, as a person who knows would give it."""
    match question.type:
        case "choice" | "choices" if question.ticks:
            return [option.id for option in question.options if not is_exclusive_option(option.id)]
        case "choice" | "choices":
            known = [one for one in question.options if one.id != DONT_KNOW and not one.not_looked]
            best = min(known, key=lambda one: one.points or 0).id
            return best if question.type == "choice" else [best]
        case "table":
            return []
        case "number" | "percentage":
            return 20 if question.rule == "labour_provider_rate" else 0
        case _:
            return "2026-05-01" if question.type == "date" else "words"


def an_answer(rnd: Random, question: Question, *, unknown: float = 0.0) -> AnswerValue:
    """Any answer the question offers; "don't know" with this likelihood beside what chance brings."""
    if rnd.random() < unknown and can_be_unknown(question):
        return [DONT_KNOW] if question.type == "choices" else DONT_KNOW
    match question.type:
        case "choice":
            return rnd.choice(question.options).id
        case "choices":
            return several_of(rnd, question)
        case "table":
            return [row_of(rnd, question) for _ in range(rnd.randrange(3))]
        case _:
            return "2026-05-01" if question.type == "date" else rnd.choice(NUMBERS)


NUMBERS = (0, 1, 2, 8, 9.5, 10, 12.71, 13, 25, 48, 60, 70, 71, 100)


def can_be_unknown(question: Question) -> bool:
    if question.type in {"choice", "choices"}:
        return any(option.id == DONT_KNOW for option in question.options)
    return question.type != "table"


def several_of(rnd: Random, question: Question) -> list[str]:
    together = [option.id for option in question.options if not is_exclusive_option(option.id)]
    alone = [option.id for option in question.options if is_exclusive_option(option.id)]
    if alone and rnd.random() < 0.3:
        return [rnd.choice(alone)]
    return rnd.sample(together, rnd.randint(1, min(3, len(together))))


def row_of(rnd: Random, question: Question) -> dict[str, object]:
    made: dict[str, object] = {"number": 6, "percentage": 50, "date": "2026-05-01", "text": "words"}
    return {
        column.id: rnd.choice(column.options).id if column.type == "choice" else made[column.type]
        for column in question.columns
        if rnd.random() < 0.8
    }


def some_answers(
    rnd: Random, edition: Edition, *, unknown: float = 0.1, missing: float = 0.1
) -> dict[str, AnswerValue]:
    """Answers to most questions of an edition, hidden ones included, in the order of asking."""
    return {
        question.id: an_answer(rnd, question, unknown=unknown)
        for question in edition.questions()
        if rnd.random() >= missing
    }
