"""A second scorer, written from the rules alone: what engine number 2 must say of any answers.

It shares no code with the engine and imports nothing but the standard library. It takes a compiled bank as the plain document that is
published, answers as they stand in an answers file, and the settings as a dictionary. It is written to be read beside the rules, not
to be fast: each function is one rule. Beside this file stand its conditions, sums, checks and what a buyer may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tests.engine.reference_checks import (
    SIGN_OF_ITS_QUESTION,
    SUMS,
    fires,
    is_silenced,
    may_hold,
    may_still_fire,
    sum_of,
)
from tests.engine.reference_conditions import (
    HIDDEN,
    PENDING,
    SHOWN,
    TRUE,
    UNKNOWN,
    Answers,
    Data,
    Seen,
    is_dont_know,
    is_open,
    questions_of,
    states_of,
)
from tests.engine.reference_points import (
    BANDS,
    areas_of,
    band_by_points,
    breaches_of,
    exposure_of,
    gap_of,
    is_good,
    lines_of,
    mean_gap_of,
    not_looked,
    range_of,
    score_of,
    sign_of,
)

AREA_FIGURES = ("weight", "points", "possible", "gap", "questions", "wide")


def is_family_only(seen: Seen) -> bool:
    return seen.state("core_worker_types") == SHOWN and seen.answers.get("core_worker_types") == ["family"]


def scored(
    document: Data,
    answers: Answers,
    settings: Data,
    *,
    quick: bool = False,
    evidence: Iterable[str] = (),
    evidence_share: float | None = None,
    today: date,
) -> dict[str, Any]:
    """Everything engine 2 says of these answers. `settings` holds every number by its name, `base` by sector."""
    questions = questions_of(document, quick=quick)
    by_id = {question["id"]: question for question in questions}
    answers = {
        name: as_asked(by_id[name], value) for name, value in answers.items() if name in by_id and value is not None
    }
    states = states_of(questions, answers)
    seen = Seen(answers, states)
    lines = lines_of(questions, states, answers, settings)
    base = settings["base"][document["bank"]]
    areas = areas_of(lines, settings)
    exposure, gap = exposure_of(lines, base), gap_of(areas, settings)
    score = score_of(exposure, gap, settings)
    family = is_family_only(seen)

    checks = [check for check in document["checks"] if all(name in by_id for name in needed(check))]
    counted = [
        check for check in checks if check["id"] != SIGN_OF_ITS_QUESTION and not (family and check["id"] == "D1")
    ]
    fired = [check for check in counted if fires(check, seen, settings, today)]
    urgent = [line["question"] for line in lines if line["sign"] == "urgent"]
    serious = [line["question"] for line in lines if line["sign"] == "serious"]
    urgent += [check["id"] for check in fired if check.get("sign") == "urgent"]
    serious += [check["id"] for check in fired if check.get("sign") == "serious"]
    indicators = {line["question"]: by_id[line["question"]].get("ilo", [None])[0] for line in lines}
    indicators |= {check["id"]: check["ilo"][0] for check in fired if check.get("sign")}

    unknown_signs = [
        question["id"]
        for question in questions
        if states[question["id"]] == SHOWN
        and (
            is_unknown_sign(question, answers.get(question["id"]), settings)
            or shuts_out_a_sign(question, questions, seen)
        )
    ]
    unknown_signs += [
        check["id"]
        for check in counted
        if check.get("sign") and "rule" in check and may_still_fire(check, seen, settings)
    ]

    breaches = [
        {"question": line["question"], "duty": duty}
        for line in lines
        if not family
        for duty in dict.fromkeys(breaches_of(by_id[line["question"]], line["answer"], settings))
    ]
    unknown_share = sum(is_open(line["answer"]) for line in lines) / len(lines) if lines else 0.0
    safeguards = [line for line in lines if line["kind"] == "safeguard"]
    proven = [
        line
        for line in safeguards
        if line["question"] in set(evidence) and is_good(by_id[line["question"]], line["answer"], settings)
    ]
    if evidence_share is None:
        evidence_share = len(proven) / len(safeguards) if safeguards else 0.0
    confidence = 100 * (1 - unknown_share) * (0.6 + 0.4 * evidence_share)

    own = band_by_points(score, settings)
    by_signs = bool(urgent) or (len(serious) >= 3 and len({indicators[name] for name in serious}) >= 2)
    rules = {
        "sign": "critical" if by_signs else "high" if serious else "low",
        "unknown_sign": "medium" if unknown_signs else "low",
        "breach": "medium" if breaches else "low",
        "gap": "medium" if gap >= settings["low_gap"] and not family else "low",
        "points": own,
    }
    if by_signs:
        band, reasons = "critical", [name for name, one in rules.items() if one == "critical"]
    elif unknown_share > settings["unknown_limit"]:
        band, reasons = "not_rated", ["dont_know"]
    else:
        band = max(rules.values(), key=BANDS.index)
        reasons = [name for name, one in rules.items() if one == band and band != "low"]
        if quick and band == "low":
            band, reasons = "not_rated", ["quick"]
    low, high = range_of(questions, answers, settings, base)
    rows = [
        {"id": one["id"], **{key: areas[one["id"]][key] for key in AREA_FIGURES}}
        for one in document["dimensions"]
        if one["id"] in areas
    ]
    return {
        "sector": document["bank"],
        "shown": sum(state == SHOWN for state in states.values()),
        "lines": lines,
        "exposure": exposure,
        "dimensions": rows,
        "mean_gap": mean_gap_of(areas),
        "gap": gap,
        "score": score,
        "range": [low, high],
        "score_band": own,
        "band": band,
        "reasons": reasons,
        "urgent_signs": sorted(urgent),
        "serious_signs": sorted(serious),
        "unknown_signs": sorted(unknown_signs),
        "notes": sorted(check["id"] for check in fired if not check.get("sign")),
        "breaches": breaches,
        "sums": sums_of(checks, seen, settings, family=family),
        "unknown_share": unknown_share,
        "evidence_share": evidence_share,
        "confidence": confidence,
        "wide_areas": wide_areas(rows, settings) if gap >= settings["low_gap"] and not family else [],
        "missing": [name for name, state in states.items() if state == SHOWN and name not in answers],
        "pending": [name for name, state in states.items() if state == PENDING],
    }


def as_asked(question: Data, answer: Any) -> Any:
    """One answer to what was once a single choice and is now several stands in a list."""
    return [answer] if question["type"] == "choices" and isinstance(answer, str) else answer


def needed(check: Data) -> list[str]:
    inputs = check.get("inputs", {})
    breaks = check.get("rule") == "daily_rate_below_wage"
    if "table" in inputs:
        return [inputs["table"]]
    return [question for part, question in inputs.items() if not (breaks and part not in ("daily", "hours"))]


def is_unknown_sign(question: Data, answer: Any, settings: Data) -> bool:
    if not question.get("can_sign") or sign_of(question, answer, settings):
        return False
    return is_open(answer) or not_looked(question, answer, settings)


def shuts_out_a_sign(question: Data, questions: Sequence[Data], seen: Seen) -> bool:
    """Nobody knows, and so a question that can raise a sign is not asked, which else might be."""
    if not is_dont_know(seen.answers.get(question["id"])):
        return False
    might_be = states_of(questions, seen.answers, unsettled={question["id"]})
    return any(
        one.get("can_sign") and seen.state(one["id"]) == HIDDEN and might_be[one["id"]] == PENDING for one in questions
    )


def sums_of(checks: Sequence[Data], seen: Seen, settings: Data, *, family: bool) -> list[dict[str, Any]]:
    found = []
    for check in sorted(checks, key=lambda check: str(check["id"])):
        made = sum_of(check, seen, settings) if check["id"] in SUMS else None
        holds = may_hold(check, seen)
        if made is not None and holds != UNKNOWN:
            silent = (family and check["id"] == "D1") or is_silenced(check, seen)
            fails = made.pop("short") and holds == TRUE and not silent
            found.append({**made, "fails": fails})
    return found


def wide_areas(rows: Sequence[Data], settings: Data) -> list[str]:
    """Of the areas that may be among the widest those that are not narrow, the widest first."""
    found = [row for row in rows if row["wide"] and row["gap"] >= settings["low_gap"]]
    return [row["id"] for row in sorted(found, key=lambda row: -row["gap"])]
