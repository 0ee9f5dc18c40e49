"""How fast one core scores: visibility, numbers, lines and range, without gains and duties.

Run: python -m benchmarks.bench_scoring. The cases are the nine named scenarios, each with thirty random variations that hold
"don't know" and missing answers. The ratio to parsing the same answers from JSON is free of the machine it runs on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random

from assess.engine.bank import DONT_KNOW, Answers, AnswerValue, Edition, Question
from assess.engine.bank_reader import read_edition
from assess.engine.scoring import score_answers
from assess.question_banks.files import read_folder
from assess.question_banks.reader import compile_bank
from assess.question_banks.settings import settings_from

QUESTIONNAIRES = Path(__file__).parents[1] / "questionnaires"
SCENARIOS = ("low", "medium", "critical")
VARIATIONS = 30
ROUNDS = 7


def varied(rnd: Random, questions: dict[str, Question], answers: Answers) -> dict[str, AnswerValue]:
    """The same answers, one in twelve "don't know", one in twenty-five missing, one choice in six another."""
    changed: dict[str, AnswerValue] = dict(answers)
    for name, value in answers.items():
        question = questions[name]
        chance = rnd.random()
        if chance < 1 / 12:
            if question.type == "number" or any(option.id == DONT_KNOW for option in question.options):
                changed[name] = [DONT_KNOW] if isinstance(value, list) else DONT_KNOW
        elif chance < 1 / 12 + 1 / 25:
            del changed[name]
        elif chance < 0.3 and question.type == "choice":
            changed[name] = rnd.choice(question.options).id
    return changed


def cases() -> list[tuple[Edition, Answers]]:
    """Every named scenario and its variations, the same at each run."""
    rnd = Random(20261124)
    bank_files = read_folder(QUESTIONNAIRES)
    found: list[tuple[Edition, Answers]] = []
    for bank in bank_files.banks():
        compiled = compile_bank(bank_files, bank)
        edition = read_edition(compiled.document)
        questions = {question.id: question for question in edition.questions()}
        for example in compiled.examples:
            if example.title.split()[-1] in SCENARIOS:
                found.append((edition, example.answers))
                found += [(edition, varied(rnd, questions, example.answers)) for _ in range(VARIATIONS)]
    return found


def best_seconds(work: Callable[..., object], inputs: Sequence[tuple[object, ...]]) -> float:
    """The shortest of some rounds over all inputs: the others were disturbed."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for one in inputs:
            work(*one)
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Measure and print."""
    settings = settings_from(read_folder(QUESTIONNAIRES), date(2026, 11, 24)).scoring
    measured = cases()
    texts = [(json.dumps(answers),) for _, answers in measured]
    results = [score_answers(edition, answers, settings) for edition, answers in measured]
    shown = sum(result.shown for result in results) / len(results)
    scoring = best_seconds(score_answers, [(edition, answers, settings) for edition, answers in measured])
    parsing = best_seconds(json.loads, texts)
    each = scoring / len(measured)
    print(f"scoring: {1 / each:,.0f} full scores a second on one core, {each * 1e6:.0f} µs each")
    print(f"scoring: {len(measured)} assessments, {shown:.0f} questions shown on average")
    print(f"scoring: takes {scoring / parsing:.1f} times as long as parsing the same answers from JSON")


if __name__ == "__main__":
    main()
