"""The second scorer: points, signs, and what is added up of them, the range too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from tests.engine.reference_conditions import (
    HIDDEN,
    PENDING,
    SHOWN,
    Answers,
    Data,
    as_list,
    is_dont_know,
    is_open,
    states_of,
)

BANDS = ("low", "medium", "high", "critical")
GRAVE_HARM = frozenset({1, 2, 3})
FEWEST_QUESTIONS = 3
"""Of an area among the widest, and of a bar that a buyer sees."""
WIDEST = 3


def is_scored(question: Data) -> bool:
    return question["kind"] in ("exposure", "safeguard")


def possible_of(question: Data) -> float:
    """The highest points of a question, and what "don't know" costs."""
    if "cap" in question:
        return float(question["cap"])
    if "ticks" in question or "rule" in question:
        return 4.0
    return float(max(one.get("points", 0) for one in question.get("bands") or question["options"]))


def unknown_points(question: Data) -> float:
    if question["type"] in ("number", "percentage") and "cap" not in question:
        return 4.0
    return possible_of(question)


def chosen(question: Data, answer: Any, settings: Data) -> list[Data]:
    """The options, the band or the step that an answer stands for: whatever in the bank carries its points, sign and breach."""
    if answer is None:
        return []
    if question["type"] in ("choice", "choices"):
        picked = [option for option in question["options"] if option["id"] in as_list(answer)]
        return picked + ([tick_of(question, picked)] if "ticks" in question and not is_dont_know(answer) else [])
    if is_dont_know(answer):
        return []
    if "rule" in question:
        outcome = outcome_of(question["rule"], answer, settings)
        return [step for step in question["steps"] if step["id"] == outcome]
    if "bands" in question:
        return [next(band for band in question["bands"] if "up_to" not in band or answer <= band["up_to"])]
    return []


def tick_of(question: Data, picked: Sequence[Data]) -> Data:
    count = sum(not stands_alone(option["id"]) for option in picked)
    reached = [tick for tick in question["ticks"] if count >= tick["at_least"]]
    found: Data = max(reached, key=lambda tick: tick["at_least"])
    return found


def stands_alone(option: str) -> bool:
    return option in ("dk", "none", "na") or option.startswith("na_")


def outcome_of(rule: str, answer: float, settings: Data) -> str:
    if rule == "labour_provider_rate":
        if answer < settings["labour_provider_low"] * settings["wage"]:
            return "low"
        return "good" if answer >= settings["labour_provider_good"] * settings["wage"] else "thin"
    if rule == "housing_charge":
        if answer <= 0:
            return "free"
        return "within" if answer <= settings["offset_day"] else "above"
    raise ValueError(rule)


def points_of(question: Data, answer: Any, settings: Data) -> float:
    if is_open(answer):
        return unknown_points(question)
    points = sum(one.get("points", 0) for one in chosen(question, answer, settings))
    return float(min(points, question["cap"]) if "cap" in question else points)


def sign_of(question: Data, answer: Any, settings: Data) -> str | None:
    """An answer that is missing counts as "don't know", and raises what that raises."""
    unknown = "dk" if answer is None and question["type"] in ("choice", "choices") else answer
    signs = {one.get("sign") for one in chosen(question, unknown, settings)}
    return "urgent" if "urgent" in signs else "serious" if "serious" in signs else None


def breaches_of(question: Data, answer: Any, settings: Data) -> list[str]:
    return [one["breach"] for one in chosen(question, answer, settings) if one.get("breach")]


def not_looked(question: Data, answer: Any, settings: Data) -> bool:
    return any(one.get("not_looked") for one in chosen(question, answer, settings))


def is_good(question: Data, answer: Any, settings: Data) -> bool:
    """A safeguard in place: no points, known, and looked for."""
    return (
        not is_open(answer)
        and points_of(question, answer, settings) == 0
        and sign_of(question, answer, settings) is None
        and not not_looked(question, answer, settings)
    )


def lines_of(
    questions: Iterable[Data], states: Mapping[str, str], answers: Answers, settings: Data
) -> list[dict[str, Any]]:
    return [
        {
            "question": question["id"],
            "kind": question["kind"],
            "dimension": question["dimension"],
            "answer": answers.get(question["id"]),
            "points": points_of(question, answers.get(question["id"]), settings),
            "possible": possible_of(question),
            "sign": sign_of(question, answers.get(question["id"]), settings),
        }
        for question in questions
        if is_scored(question) and states[question["id"]] == SHOWN
    ]


def exposure_of(lines: Sequence[Data], base: float) -> float:
    rows = [line for line in lines if line["kind"] == "exposure"]
    possible = sum(line["possible"] for line in rows)
    return base + (100 - base) * sum(line["points"] for line in rows) / possible if possible else base


def areas_of(lines: Sequence[Data], settings: Data) -> dict[str, dict[str, Any]]:
    """The shown safeguards, area by area."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line["kind"] == "safeguard":
            row = found.setdefault(line["dimension"], {"points": 0.0, "possible": 0.0, "questions": 0})
            row["points"] += line["points"]
            row["possible"] += line["possible"]
            row["questions"] += 1
    for name, row in found.items():
        row["weight"] = settings["weights"][name]
        row["gap"] = row["points"] / row["possible"]
        row["wide"] = row["questions"] >= FEWEST_QUESTIONS and may_be_widest(name, settings)
    return found


def mean_gap_of(areas: Mapping[str, Data]) -> float:
    """Points count, not areas."""
    possible = sum(row["weight"] * row["possible"] for row in areas.values())
    return sum(row["weight"] * row["points"] for row in areas.values()) / possible if possible else 0.0


def may_be_widest(area: str, settings: Data) -> bool:
    return settings["harm"][area] in GRAVE_HARM


def gap_of(areas: Mapping[str, Data], settings: Data) -> float:
    wide = [row["gap"] for row in areas.values() if row["wide"]]
    return blended(mean_gap_of(areas), wide, settings)


def blended(mean_gap: float, gaps: Sequence[float], settings: Data) -> float:
    if not gaps:
        return mean_gap
    worst = sorted(gaps, reverse=True)[:WIDEST]
    share = settings["worst_share"]
    return float((1 - share) * mean_gap + share * sum(worst) / len(worst))


def score_of(exposure: float, gap: float, settings: Data) -> float:
    return float(exposure * (settings["floor"] + (1 - settings["floor"]) * gap))


def band_by_points(score: float, settings: Data) -> str:
    return max((band for band in BANDS[1:] if score >= settings[band]), key=BANDS.index, default="low")


def range_of(questions: Sequence[Data], answers: Answers, settings: Data, base: float) -> tuple[float, float]:
    """Between which scores the final one must lie, whatever is still answered."""
    states = states_of(questions, answers, unsettled={question["id"] for question in questions})
    known = {"points": 0.0, "possible": 0.0, "open": 0.0}
    areas: dict[str, dict[str, float]] = {}
    for question in questions:
        state = states[question["id"]]
        if not is_scored(question) or state == HIDDEN:
            continue
        row = known
        if question["kind"] == "safeguard":
            row = areas.setdefault(
                question["dimension"], {"points": 0.0, "possible": 0.0, "open": 0.0, "sure": 0, "perhaps": 0}
            )
            row["sure" if state == SHOWN else "perhaps"] += 1
        answer = answers.get(question["id"])
        if state == PENDING or is_open(answer):
            row["open"] += possible_of(question)
        else:
            row["points"] += points_of(question, answer, settings)
            row["possible"] += possible_of(question)
    ends = []
    for worst in (False, True):
        exposure = base + (100 - base) * end_of(known, worst=worst)
        ends.append(score_of(exposure, gap_end(areas, settings, worst=worst), settings))
    return ends[0], ends[1]


def end_of(row: Mapping[str, float], *, worst: bool) -> float:
    every = row["possible"] + row["open"]
    return (row["points"] + (row["open"] if worst else 0)) / every if every else 0.0


def gap_end(areas: Mapping[str, Mapping[str, float]], settings: Data, *, worst: bool) -> float:
    weights = settings["weights"]
    mean = end_of(
        {key: sum(weights[name] * row[key] for name, row in areas.items()) for key in ("points", "possible", "open")},
        worst=worst,
    )
    grave = {name: row for name, row in areas.items() if may_be_widest(name, settings)}
    gaps = {name: end_of(row, worst=worst) for name, row in grave.items()}
    sure = [gaps[name] for name, row in grave.items() if row["sure"] >= FEWEST_QUESTIONS]
    perhaps = [
        gaps[name] for name, row in grave.items() if row["sure"] < FEWEST_QUESTIONS <= row["sure"] + row["perhaps"]
    ]
    every = [
        blended(mean, sure + list(some), settings)
        for count in range(len(perhaps) + 1)
        for some in combinations(perhaps, count)
    ]
    return max(every) if worst else min(every)
