"""The second scorer: what a buyer may see, from ordinary answers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.engine.reference_conditions import Answers, Data, Seen, questions_of, states_of, subjects
from tests.engine.reference_points import (
    BANDS,
    FEWEST_QUESTIONS,
    areas_of,
    band_by_points,
    breaches_of,
    exposure_of,
    is_good,
    lines_of,
    mean_gap_of,
    score_of,
)
from tests.engine.reference_scorer import as_asked, is_family_only

STEP_LIMITS = (0.35, 0.65, 0.9)
"""How strong a bar must be for its second, third and fourth step."""


def ordinary_questions(document: Data) -> list[Data]:
    """They cannot raise a sign, no action of theirs waits for advice, they are not pooled, and only such questions show or hide them."""
    found: dict[str, Data] = {}
    for question in questions_of(document):
        if (
            not question.get("can_sign")
            and not question.get("pooled")
            and not any(action.get("after_advice") for action in actions_of(question))
            and all(name in found for name in subjects(question.get("show_if")))
        ):
            found[question["id"]] = question
    return list(found.values())


def actions_of(question: Data) -> list[Data]:
    holders = [question, *(one for key in ("options", "bands", "steps", "ticks") for one in question.get(key, []))]
    every = [holder.get(key) for holder in holders for key in ("action", "dk_action")]
    return [action for action in every if isinstance(action, Mapping)]


def bars_of(document: Data) -> list[dict[str, Any]]:
    """Groups of areas, joined until each stands on three ordinary safeguards that everybody is asked."""
    always = [
        question["dimension"]
        for question in ordinary_questions(document)
        if question["kind"] == "safeguard" and question.get("show_if") in (None, "always")
    ]
    bars: list[dict[str, Any]] = []
    waiting: dict[str, Any] = {"groups": [], "dimensions": [], "count": 0}
    for group in document["groups"]:
        waiting = joined(
            waiting,
            {
                "groups": [group["id"]],
                "dimensions": group["dimensions"],
                "count": sum(one in group["dimensions"] for one in always),
            },
        )
        if waiting["count"] >= FEWEST_QUESTIONS:
            bars.append(waiting)
            waiting = {"groups": [], "dimensions": [], "count": 0}
    if waiting["groups"] and bars:
        bars[-1] = joined(bars[-1], waiting)
    return bars


def joined(one: Data, other: Data) -> dict[str, Any]:
    return {key: one[key] + other[key] for key in one}


def buyer_view(document: Data, answers: Answers, settings: Data, *, quick: bool = False) -> dict[str, Any]:
    if quick:
        return {"exposure": None, "band": None, "bars": []}
    questions = ordinary_questions(document)
    by_id = {question["id"]: question for question in questions}
    answers = {
        name: as_asked(by_id[name], value) for name, value in answers.items() if name in by_id and value is not None
    }
    states = states_of(questions, answers)
    lines = lines_of(questions, states, answers, settings)
    exposure = exposure_of(lines, settings["base"][document["bank"]])
    gap = mean_gap_of(areas_of(lines, settings))
    family = is_family_only(Seen(answers, states))
    own = band_by_points(score_of(exposure, gap, settings), settings)
    breaches = [duty for line in lines for duty in breaches_of(by_id[line["question"]], line["answer"], settings)]
    lifted = "medium" if not family and (breaches or gap >= settings["low_gap"]) else "low"
    band = max((own, lifted), key=BANDS.index)
    return {
        "exposure": exposure_in_a_word(exposure, settings),
        "band": "high" if band == "critical" else band,
        "bars": [{"groups": bar["groups"], "step": step_of(bar, lines)} for bar in bars_of(document)],
        "strengths": [
            line["question"]
            for line in lines
            if line["kind"] == "safeguard" and is_good(by_id[line["question"]], line["answer"], settings)
        ],
    }


def exposure_in_a_word(exposure: float, settings: Data) -> str:
    if exposure >= settings["exposure_higher"]:
        return "higher"
    return "middle" if exposure >= settings["exposure_middle"] else "lower"


def step_of(bar: Data, lines: Sequence[Data]) -> int:
    rows = [line for line in lines if line["kind"] == "safeguard" and line["dimension"] in bar["dimensions"]]
    strength: float = 1 - sum(line["points"] for line in rows) / sum(line["possible"] for line in rows)
    return 1 + sum(strength >= limit for limit in STEP_LIMITS)
