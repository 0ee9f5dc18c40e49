"""What the score makes of a made-up population: is it steered by how much care a firm takes, and by which questions?

No outcome data exist to tune the score by. So firms are made up here: each has a hidden care, drawn once, that makes its answers better
or worse; the score only sees the answers. The same seed gives the same firms, whatever bank and engine stand on the path, so that two
states of the project can be held against each other:

    python benchmarks/population.py                              bands, correlation, how far signs decide
    python benchmarks/population.py --answers                    each single answer that lifts the low worked example to high or act now
    python benchmarks/population.py --sensitivity                how far each question moves the score, from its best to its worst answer
    PYTHONPATH=OTHER_CHECKOUT python benchmarks/population.py    the same of another state

This is a model, written by us. It says how the score behaves, never how firms are.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from statistics import correlation, fmean
from typing import Any

from assess import app
from assess.engine import settings as engine_settings
from assess.engine.bank import Edition
from assess.engine.bank_reader import read_edition
from assess.engine.result import Result
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoringSettings
from assess.question_banks.files import ContentFiles, read_folder
from assess.question_banks.reader import CompiledBank, compile_bank
from assess.question_banks.settings import settings_from

TODAY = date(2026, 11, 24)
BANKS = ("farming", "car_washes", "hospitality")
LEVELS: Mapping[str, float] = {"well run": 0.7, "ordinary": 0.0, "poor": -0.7}
"""The mean of the hidden care of a population. Its spread is 1 in each."""
POINTS = ("low", "medium", "high", "critical")
BANDS = (*POINTS, "not_rated")
SAID = {"critical": "act now", "not_rated": "not rated"}

HARM: Mapping[str, int] = getattr(engine_settings, "HARM", {})
"""How grave the harm of an area is, where no setting says so; engines before number 2 knew nothing of it."""
HARM_SAID = {
    1: "life and freedom",
    2: "pay and debt",
    3: "papers and homes",
    4: "agencies and go-betweens",
    5: "voice",
    6: "paper and training",
}

GRADE_OF_SIGN: Mapping[str, int] = {"serious": 5, "urgent": 6}

Answers = dict[str, Any]
Question = Mapping[str, Any]


@dataclass(frozen=True)
class Bank:
    name: str
    compiled: CompiledBank
    edition: Edition
    settings: ScoringSettings

    @property
    def questions(self) -> list[Question]:
        return [question for section in self.compiled.document["sections"] for question in section["questions"]]

    def scored(self, answers: Answers) -> Result:
        return score_answers(self.edition, answers, self.settings, today=TODAY)

    def low_example(self) -> Answers:
        return dict(next(one for one in self.compiled.examples if one.expect.get("band") == "low").answers)


def banks() -> Iterator[Bank]:
    bank_files: ContentFiles = read_folder(Path(app.__file__).parents[1] / "questionnaires")
    for name in BANKS:
        compiled = compile_bank(bank_files, name)
        yield Bank(name, compiled, read_edition(compiled.document), settings_from(bank_files, TODAY).scoring)


# --- firms -------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Firm:
    """`care` moves what it does, `exposed` what it is exposed to. Each answer is drawn by a seed of its own."""

    seed: str
    care: float
    exposed: float

    def draw(self, question: str) -> Random:
        return Random(f"{self.seed}/{question}")

    def goodness(self, rnd: Random) -> float:
        """How likely a good answer is: about 0.88 for a firm of middling care, with chance of its own for each question."""
        return logistic(2.2 + 0.9 * self.care + 0.7 * rnd.gauss(0, 1))

    def grade(self, rnd: Random) -> int:
        """How bad a poor answer is: its points, 5 for a serious and 6 for an urgent sign. Signs are rare, the rarer the more care is taken."""
        signs = (0.1 * math.exp(-0.5 * self.care), 0.03 * math.exp(-0.7 * self.care))
        return rnd.choices(range(1, 7), (0.3, 0.3, 0.15, 0.12, *signs))[0]


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def firm_of(bank: str, level: str, number: int) -> Firm:
    seed = f"29/{bank}/{level}/{number}"
    rnd = Random(seed)
    return Firm(seed, rnd.gauss(LEVELS[level], 1), rnd.gauss(0, 1))


def answers_of(firm: Firm, bank: Bank) -> Answers:
    """An answer to every question, hidden ones too: those count for nothing."""
    found = {question["id"]: answer_of(firm, question, bank.settings) for question in bank.questions}
    return found | sums_that_hang_together(firm, found, bank.settings)


def answer_of(firm: Firm, question: Question, settings: ScoringSettings) -> Any:
    rnd = firm.draw(question["id"])
    if question["type"] == "table":
        return []
    if question["type"] == "date":
        return "2026-05-01"
    if question["type"] == "text":
        return "words"
    if question["kind"] == "safeguard":
        return safeguard(firm, rnd, question, settings)
    return exposed(firm, rnd, question)


def offered(question: Question) -> list[Mapping[str, Any]]:
    return [option for option in question["options"] if not option.get("retired")]


def safeguard(firm: Firm, rnd: Random, question: Question, settings: ScoringSettings) -> Any:
    several = question["type"] == "choices"
    if rnd.random() < 0.02 * math.exp(-0.4 * firm.care):
        return ["dk"] if several else "dk"
    grade = 0 if rnd.random() < firm.goodness(rnd) else firm.grade(rnd)
    if question.get("rule"):
        return by_rule(rnd, question, settings, good=grade == 0)
    if question["type"] in ("number", "percentage"):
        return number_in(rnd, question["bands"], grade)
    if "ticks" in question:
        return ticked(rnd, question, good=grade == 0)
    known = [option for option in offered(question) if option["id"] != "dk"]
    picked: str = rnd.choice(near(known, grade))["id"]
    return [picked] if several else picked


def near(options: Sequence[Mapping[str, Any]], grade: float) -> list[Mapping[str, Any]]:
    """The answers of this grade; if there are none, those that are next better; else the best there are."""
    milder = [option for option in options if grade_of(option) <= grade]
    wanted = max(map(grade_of, milder)) if milder else min(map(grade_of, options))
    return [option for option in options if grade_of(option) == wanted]


def grade_of(answer: Mapping[str, Any]) -> float:
    return float(GRADE_OF_SIGN.get(answer.get("sign", ""), answer.get("points", 0)))


def number_in(rnd: Random, bands: Sequence[Mapping[str, Any]], grade: float) -> float:
    chosen = bands.index(rnd.choice(near(bands, grade)))
    low = bands[chosen - 1]["up_to"] if chosen else 0
    high = bands[chosen].get("up_to", low + 10)
    return float(high if chosen else max(low, high - 1))


def by_rule(rnd: Random, question: Question, settings: ScoringSettings, *, good: bool) -> float:
    if question["rule"] == "labour_provider_rate":
        times = rnd.uniform(1.32, 1.6) if good else rnd.choices((1.25, 1.1), (3, 1))[0]
        return round(settings.wage * times, 2)
    return (
        0.0
        if good and rnd.random() < 0.5
        else round(settings.offset_day * (0.9 if good or rnd.random() < 0.5 else 1.2), 2)
    )


def ticked(rnd: Random, question: Question, *, good: bool) -> list[str]:
    several = [option["id"] for option in offered(question) if option["id"] not in ("dk", "none", "na")]
    most = max(tick["at_least"] for tick in question["ticks"])
    if good:
        return rnd.sample(several, min(most, len(several)))
    count = rnd.randrange(min(most, len(several)))
    return (
        rnd.sample(several, count)
        if count
        else ["none" if "none" in {o["id"] for o in question["options"]} else several[0]]
    )


def exposed(firm: Firm, rnd: Random, question: Question) -> Any:
    if question["type"] in ("number", "percentage"):
        bands = question.get("bands")
        if bands:
            return float(rnd.choice([band.get("up_to", 60) for band in bands]))
        return float(rnd.choice((0, 0, 6, 12, 30)))
    if question["type"] not in ("choice", "choices"):
        return None
    known = [option for option in offered(question) if option["id"] != "dk"]
    weights = [math.exp((0.5 * firm.exposed - 0.5) * option.get("points", 0)) for option in known]
    if question["type"] == "choice":
        return rnd.choices([option["id"] for option in known], weights)[0]
    first, second = (rnd.choices([option["id"] for option in known], weights)[0] for _ in range(2))
    alone = [one for one in (first, second) if one in ("none", "na") or one.startswith("na_")]
    return [first] if alone or first == second or rnd.random() < 0.5 else sorted({first, second})


def sums_that_hang_together(firm: Firm, answers: Answers, settings: ScoringSettings) -> Answers:
    """The price of a wash and the pay of a day, above or below what is legal by how much care is taken."""
    if "wash_price" not in answers:
        return {}
    rnd = firm.draw("sums")
    team, minutes = rnd.choice((2, 3, 4)), rnd.choice((10, 15, 20))
    cost = team * minutes / 60 * settings.wage * settings.oncost
    hours = answers["wash_day_hours"] if isinstance(answers["wash_day_hours"], float) else 9.0
    pay = settings.wage * math.exp(0.12 + 0.15 * firm.care + rnd.gauss(0, 0.1))
    return {
        "wash_team": team,
        "wash_minutes": minutes,
        "wash_price": round(cost * math.exp(0.35 + 0.25 * firm.care + rnd.gauss(0, 0.2)), 2),
        "wash_daily_rate": round(pay * hours, 2),
    } | ({"wash_break_minutes": 30} if "wash_break_minutes" in answers else {})


# --- what comes of them ------------------------------------------------------------------------------------------------------
def print_bands(firms: int) -> None:
    print(f"{firms} made-up firms a sector and level. Shares in per cent: by all rules, and by points alone.")
    print(
        "r: the score against the hidden care. Same: firms whose band by points is their final band. By signs: firms that signs alone"
    )
    print("lift to high or act now. To medium: firms low by points that another rule lifts to medium.\n")
    print(
        "| sector | level | low | medium | high | act now | not rated | points: low | medium | high | act now | r | same | p5 | p95 |"
    )
    print("| --- | --- |" + " ---: |" * 15)
    for bank in banks():
        for level in LEVELS:
            made = [firm_of(bank.name, level, number) for number in range(firms)]
            results = [bank.scored(answers_of(firm, bank)) for firm in made]
            final = Counter[str](result.band for result in results)
            points = Counter[str](result.score_band for result in results)
            scores = sorted(result.score for result in results)
            cells = [
                bank.name,
                level,
                *(share(final[band], firms) for band in BANDS),
                *(share(points[band], firms) for band in POINTS),
                f"{correlation([firm.care for firm in made], [result.score for result in results]):.2f}",
                share(sum(result.band == result.score_band for result in results), firms),
                share(
                    sum(result.band in ("high", "critical") and result.band != result.score_band for result in results),
                    firms,
                ),
                share(sum(result.band == "medium" != result.score_band for result in results), firms),
                f"{scores[firms // 20]:.1f}",
                f"{scores[-firms // 20]:.1f}",
            ]
            print("| " + " | ".join(cells) + " |", flush=True)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}"


def other_answers(question: Question, settings: ScoringSettings) -> list[Any]:
    """Every answer a question takes, one of each kind for numbers; several choices one at a time."""
    if question["type"] in ("choice", "choices"):
        ids = [option["id"] for option in offered(question)]
        together = [one for one in ids if one not in ("dk", "none", "na") and not one.startswith("na_")]
        return ids if question["type"] == "choice" else [*([one] for one in ids), together]
    if question.get("rule") == "labour_provider_rate":
        return [round(settings.wage * times, 2) for times in (1.4, 1.25, 1.1)] + ["dk"]
    if question.get("rule"):
        return [0, settings.offset_day, settings.offset_day + 1, "dk"]
    if "bands" in question:
        bands = question["bands"]
        return [band.get("up_to", (bands[-2]["up_to"] if len(bands) > 1 else 0) + 1) for band in bands] + ["dk"]
    if question["type"] == "number":
        return [0, 5, 100, "dk"]
    return []


def print_single_answers() -> None:
    print("Each single answer that lifts the low worked example to high or act now.\n")
    print("| sector | question | answer | band | score | new questions left empty |")
    print("| --- | --- | --- | --- | ---: | ---: |")
    for bank in banks():
        start = bank.low_example()
        asked = {line.question for line in bank.scored(start).lines}
        for question in bank.questions:
            for answer in other_answers(question, bank.settings):
                result = bank.scored(start | {question["id"]: answer})
                if result.band in ("high", "critical") and (question["id"] in asked or question["kind"] != "safeguard"):
                    said = ", ".join(answer) if isinstance(answer, list) else str(answer)
                    opened = sum(line.answer is None for line in result.lines)
                    band = SAID.get(result.band, result.band)
                    print(f"| {bank.name} | `{question['id']}` | {said} | {band} | {result.score:.1f} | {opened} |")


@dataclass
class Moves:
    """How far one safeguard moved the score, firm by firm."""

    question: str
    area: str
    harm: int
    by: list[float]


def moves_of(bank: Bank, firms: int) -> Iterator[Moves]:
    made = [answers_of(firm_of(bank.name, "ordinary", number), bank) for number in range(firms)]
    before = [bank.scored(answers) for answers in made]
    for question in bank.questions:
        if question["kind"] != "safeguard":
            continue
        known = [one for one in other_answers(question, bank.settings) if one not in ("dk", ["dk"])]
        found = Moves(question["id"], question["dimension"], question.get("harm") or HARM[question["dimension"]], [])
        for answers, first in zip(made, before, strict=True):
            if all(line.question != question["id"] for line in first.lines):
                continue
            results = [bank.scored(answers | {question["id"]: one}) for one in known]
            alike = [one.score for one in results if len(one.lines) == len(first.lines)]
            if len(alike) > 1:
                found.by.append(max(alike) - min(alike))
        if found.by:
            yield found


def print_sensitivity(firms: int) -> None:
    print(
        f"How far each safeguard moves the score from its best to its worst answer: mean of up to {firms} ordinary firms a sector,"
    )
    print("all else, and what is shown, unchanged.\n")
    joined: dict[str, Moves] = {}
    for bank in banks():
        for one in moves_of(bank, firms):
            joined.setdefault(one.question, Moves(one.question, one.area, one.harm, [])).by.extend(one.by)
    every = {one.question: fmean(one.by) for one in joined.values()}
    print("| harm | questions | mean | least | most |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for grade, said in HARM_SAID.items():
        some = [every[one.question] for one in joined.values() if one.harm == grade]
        print(f"| {grade} {said} | {len(some)} | {fmean(some):.2f} | {min(some):.2f} | {max(some):.2f} |")
    print("\n| area | harm | questions | mean |")
    print("| --- | ---: | ---: | ---: |")
    for area, grade in HARM.items():
        some = [every[one.question] for one in joined.values() if one.area == area]
        print(f"| {area} | {grade} | {len(some)} | {fmean(some):.2f} |")
    print("\n| question | harm | moves the score by |")
    print("| --- | ---: | ---: |")
    for one in sorted(joined.values(), key=lambda one: -every[one.question]):
        print(f"| `{one.question}` | {one.harm} | {every[one.question]:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--firms", type=int, default=5000, help="firms a sector and level")
    parser.add_argument("--answers", action="store_true", help="single answers that lead from low to high or act now")
    parser.add_argument("--sensitivity", action="store_true", help="how far each question moves the score")
    given = parser.parse_args()
    if given.answers:
        print_single_answers()
    elif given.sensitivity:
        print_sensitivity(min(given.firms, 40))
    else:
        print_bands(given.firms)


if __name__ == "__main__":
    main()
