"""Made-up firms for sweeps over the real banks: answers at random, by how good the firm is, with all that goes wrong in a real form.

Answers to hidden questions are left behind, "don't know" comes more often than by chance, and some answers are missing.
"""

from __future__ import annotations

import json
import os
from dataclasses import fields
from functools import cache
from random import Random
from typing import Any

from assess.engine.bank import Edition
from tests.engine import real_banks, reference_points

EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "40"))
"""Assessments of each bank and kind."""

LEVELS = (0.0, 0.3, 0.6, 0.85, 0.95, 1.0)
"""How likely the best answer is, before chance has its say."""

Answers = dict[str, Any]


@cache
def document(bank: str) -> dict[str, Any]:
    """The bank as a reader of the published file has it."""
    found: dict[str, Any] = json.loads(json.dumps(real_banks.compiled(bank).document, default=str))
    return found


@cache
def numbers() -> dict[str, Any]:
    """The settings by name."""
    settings = real_banks.settings()
    return {field.name: getattr(settings, field.name) for field in fields(settings)}


def questions(bank: str) -> list[dict[str, Any]]:
    return [question for section in document(bank)["sections"] for question in section["questions"]]


@cache
def engine_questions(bank: str) -> dict[str, Any]:
    edition: Edition = real_banks.edition_of(bank)
    return {question.id: question for question in edition.questions()}


def a_firm(rnd: Random, bank: str, *, unknown: float | None = None, missing: float = 0.0) -> Answers:
    goodness = rnd.choice(LEVELS)
    unknown = rnd.choice((0.0, 0.02, 0.1, 0.5)) if unknown is None else unknown
    found = {
        question["id"]: an_answer(rnd, bank, question, goodness, unknown)
        for question in questions(bank)
        if rnd.random() >= missing
    }
    if rnd.random() < 0.1:
        found["core_worker_types"] = ["family"]
    return found


def an_answer(rnd: Random, bank: str, question: dict[str, Any], goodness: float, unknown: float) -> Any:
    if rnd.random() < goodness and question["kind"] != "fact":
        return best_answer(rnd, bank, question)
    return real_banks.an_answer(rnd, engine_questions(bank)[question["id"]], unknown=unknown)


def best_answer(rnd: Random, bank: str, question: dict[str, Any]) -> Any:
    """One of the best of twelve tries."""
    tries = [real_banks.an_answer(rnd, engine_questions(bank)[question["id"]]) for _ in range(12)]
    return min(tries, key=lambda answer: reference_points.points_of(question, answer, numbers()))


def every_answer(question: dict[str, Any]) -> list[Any]:
    """All answers of a choice; of several choices each alone and all together; of a number one in each step; "don't know" too."""
    if question["type"] in ("choice", "choices"):
        ids = [option["id"] for option in question["options"]]
        if question["type"] == "choice":
            return ids
        together = [one for one in ids if not reference_points.stands_alone(one)]
        return [[one] for one in ids] + [together[:count] for count in range(2, len(together) + 1)]
    if question["type"] in ("number", "percentage"):
        scored = question["kind"] != "fact"
        return [*(real_banks.NUMBERS if scored else (0, 1, 30)), "dk"]
    return []
