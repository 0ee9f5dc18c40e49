"""The three banks as their files have them, and answers to them at random."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from assess.banks.reader import Compiled, compile_from
from assess.banks.settings import settings_from
from assess.banks.sheets import Shelf, read_folder
from assess.engine.bank import DONT_KNOW, Edition, Question, Value
from assess.engine.document import read_edition
from assess.engine.examples import Example
from assess.engine.marks import stands_alone
from assess.engine.settings import ScoringSettings

QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"
BANKS = ("farming", "car_washes", "hospitality")
TODAY = date(2026, 11, 24)


@cache
def shelf() -> Shelf:
    return read_folder(QUESTIONNAIRES)


@cache
def compiled(bank: str) -> Compiled:
    return compile_from(shelf(), bank)


@cache
def edition_of(bank: str) -> Edition:
    return read_edition(compiled(bank).document)


def examples_of(bank: str) -> tuple[Example, ...]:
    return compiled(bank).examples


@cache
def settings() -> ScoringSettings:
    return settings_from(shelf(), TODAY).scoring


def an_answer(rnd: Random, question: Question, *, unknown: float = 0.0) -> Value:
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
    together = [option.id for option in question.options if not stands_alone(option.id)]
    alone = [option.id for option in question.options if stands_alone(option.id)]
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


def some_answers(rnd: Random, edition: Edition, *, unknown: float = 0.1, missing: float = 0.1) -> dict[str, Value]:
    """Answers to most questions of an edition, hidden ones included, in the order of asking."""
    return {
        question.id: an_answer(rnd, question, unknown=unknown)
        for question in edition.questions()
        if rnd.random() >= missing
    }
