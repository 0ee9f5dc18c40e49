"""A second scorer, written from the rules alone: what engine number 2 must say of any answers.

It shares no code with the engine and imports nothing but the standard library. It takes a compiled bank as the plain document that is
published, answers as they stand in an answers file, and the settings as a dictionary. It is written to be read beside the rules, not
to be fast: each function is one rule.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

Data = Mapping[str, Any]
Answers = Mapping[str, Any]

TRUE, FALSE, UNKNOWN, NOT_ASKED = "true", "false", "unknown", "not asked"
SHOWN, PENDING, HIDDEN = "shown", "pending", "hidden"

BANDS = ("low", "medium", "high", "critical")
GRAVE_HARM = frozenset({1, 2, 3})
FEWEST_QUESTIONS = 3
"""Of an area among the widest, and of a bar that a buyer sees."""
WIDEST = 3
STEP_LIMITS = (0.35, 0.65, 0.9)
"""How strong a bar must be for its second, third and fourth step."""


# --- answers -----------------------------------------------------------------------------------------------------------------


def is_dont_know(answer: Any) -> bool:
    return answer in ("dk", ["dk"])


def is_open(answer: Any) -> bool:
    """Nothing is known: no answer, or "don't know"."""
    return answer is None or is_dont_know(answer)


# --- conditions --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What a condition looks at: which questions are shown, and their answers.

    "Don't know" to the questions of `unsettled` settles nothing: that is how the range sees all of them.
    """

    answers: Answers
    states: dict[str, str]
    unsettled: Container[str] = ()

    def state(self, question: str) -> str:
        return self.states.get(question, HIDDEN)


ORDERS = {"all": (FALSE, NOT_ASKED, UNKNOWN, TRUE), "any": (TRUE, UNKNOWN, FALSE, NOT_ASKED)}
"""Of the verdicts of the parts, the first in this order is the verdict of the whole."""


def verdict(condition: Any, seen: Seen) -> str:
    if condition in (None, "always"):
        return TRUE
    [(name, inner)] = condition.items()
    if name in ORDERS:
        found_ones = [verdict(part, seen) for part in inner]
        return next(one for one in ORDERS[name] if one in found_ones)
    if name == "not":
        found = verdict(inner, seen)
        return {TRUE: FALSE, FALSE: TRUE}.get(found, found)
    if name == "at_least_of":
        return at_least_of(inner["n"], [verdict(part, seen) for part in inner["of"]])
    return asked(inner, seen) if name == "asked" else leaf(name, inner, seen)


def asked(question: str, seen: Seen) -> str:
    return {SHOWN: TRUE, PENDING: UNKNOWN, HIDDEN: FALSE}[seen.state(question)]


def at_least_of(n: int, found: Sequence[str]) -> str:
    if all(one == NOT_ASKED for one in found):
        return NOT_ASKED
    if found.count(TRUE) >= n:
        return TRUE
    return FALSE if found.count(TRUE) + found.count(UNKNOWN) < n else UNKNOWN


def leaf(question: str, test: Mapping[str, Any], seen: Seen) -> str:
    state = seen.state(question)
    if state == HIDDEN:
        return NOT_ASKED
    answer = seen.answers.get(question)
    if state == PENDING or answer is None or (question in seen.unsettled and is_dont_know(answer)):
        return UNKNOWN
    [(kind, wanted)] = test.items()
    return TRUE if passes(kind, answer, wanted) else FALSE


def passes(kind: str, answer: Any, wanted: Any) -> bool:
    if kind == "is":
        return sorted(answer) == sorted(wanted) if isinstance(answer, list) else bool(answer == wanted)
    if kind == "is_one_of":
        return answer in wanted
    if kind == "includes":
        return wanted in as_list(answer)
    if kind == "includes_any":
        return any(one in as_list(answer) for one in wanted)
    if is_dont_know(answer):
        return False
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "at_least": lambda a, b: a >= b,
        "at_most": lambda a, b: a <= b,
        "more_than": lambda a, b: a > b,
        "less_than": lambda a, b: a < b,
        "before": lambda a, b: str(a) < str(b),
        "after": lambda a, b: str(a) > str(b),
    }
    return compare[kind](answer, wanted)


def as_list(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


# --- which questions are shown -----------------------------------------------------------------------------------------------


def questions_of(document: Data, *, quick: bool = False) -> list[Data]:
    """In the order of asking. In a quick check no other question exists."""
    every = [question for section in document["sections"] for question in section["questions"]]
    return [question for question in every if question.get("quick")] if quick else every


def states_of(questions: Iterable[Data], answers: Answers, *, unsettled: Container[str] = ()) -> dict[str, str]:
    seen = Seen(answers, {}, unsettled)
    for question in questions:
        found = verdict(question.get("show_if"), seen)
        seen.states[question["id"]] = {TRUE: SHOWN, UNKNOWN: PENDING}.get(found, HIDDEN)
    return seen.states


# --- points ------------------------------------------------------------------------------------------------------------------


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


# --- the sums ----------------------------------------------------------------------------------------------------------------


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


# --- checks over several answers ---------------------------------------------------------------------------------------------


def known_number(question: str, seen: Seen) -> float | None:
    answer = seen.answers.get(question)
    return None if seen.state(question) != SHOWN or is_open(answer) else answer


def sum_of(check: Data, seen: Seen, settings: Data) -> dict[str, Any] | None:
    """One of the computed sums, if its inputs are known: what is held against what, and whether it falls short."""
    names = check["inputs"]
    numbers = {part: known_number(question, seen) for part, question in names.items()}
    rule = check["rule"]
    if rule == "daily_rate_below_wage":
        breaks = [part for part in names if part not in ("daily", "hours")]
        numbers = {part: number for part, number in numbers.items() if part not in breaks or number is not None}
        if numbers["daily"] is None or not numbers["hours"]:
            return None
        hours = numbers["hours"] - sum(numbers.get(part) or 0 for part in breaks) / 60
        if hours <= 0:
            return None
        value, limit = numbers["daily"] / hours, settings["wage"]
        short = value < limit
    elif rule == "price_below_labour_cost":
        if numbers["price"] is None or not numbers["team"] or not numbers["minutes"]:
            return None
        value = numbers["price"]
        limit = numbers["team"] * numbers["minutes"] / 60 * settings["wage"] * settings["oncost"]
        short = value < limit
    elif rule == "charge_above_offset":
        if numbers["charge"] is None:
            return None
        value, limit = numbers["charge"], settings["offset_day"]
        short = value > limit
    else:
        if numbers["rate"] is None:
            return None
        value, limit = numbers["rate"], settings["labour_provider_low"] * settings["wage"]
        short = value < limit
    return {"check": check["id"], "inputs": numbers, "value": value, "limit": limit, "short": short}


def is_silenced(check: Data, seen: Seen) -> bool:
    return "unless" in check and verdict(check["unless"], seen) == TRUE


def fires(check: Data, seen: Seen, settings: Data, today: date) -> bool:
    if is_silenced(check, seen):
        return False
    if "when" in check and verdict(check["when"], seen) != TRUE:
        return False
    if "rule" not in check:
        return True
    if check["rule"] == "crowding":
        return is_crowded(check["inputs"], seen)
    if check["rule"] == "old_licence_check":
        return has_old_date(check["inputs"], seen, today)
    found = sum_of(check, seen, settings)
    return found is not None and found["short"]


def is_crowded(inputs: Data, seen: Seen) -> bool:
    return any(
        row[inputs["people"]] > 2 * row[inputs["bedrooms"]]
        for row in rows_of(inputs["table"], seen)
        if row.get(inputs["people"]) is not None and row.get(inputs["bedrooms"])
    )


def has_old_date(inputs: Data, seen: Seen, today: date) -> bool:
    oldest = months_before(today, 3).isoformat()
    return any(not row.get(inputs["date"]) or row[inputs["date"]] < oldest for row in rows_of(inputs["table"], seen))


def months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def rows_of(table: str, seen: Seen) -> list[Data]:
    return (seen.answers.get(table) or []) if seen.state(table) == SHOWN else []


def may_still_fire(check: Data, seen: Seen, settings: Data) -> bool:
    """All its questions are shown, and what is missing or nought could yet make it fire."""
    if is_silenced(check, seen) or may_hold(check, seen) in (FALSE, NOT_ASKED):
        return False
    names = [
        question
        for part, question in check["inputs"].items()
        if not (check["rule"] == "daily_rate_below_wage" and part not in ("daily", "hours"))
    ]
    if any(seen.state(name) != SHOWN for name in names) or any(
        seen.state(name) != SHOWN for name in subjects(check.get("when"))
    ):
        return False
    found = sum_of(check, seen, settings)
    return found is None or (found["short"] and may_hold(check, seen) == UNKNOWN)


def may_hold(check: Data, seen: Seen) -> str:
    """The verdict of its condition, if "don't know" settles nothing."""
    condition = check.get("when")
    return verdict(condition, Seen(seen.answers, seen.states, subjects(condition)))


def subjects(condition: Any) -> list[str]:
    if condition in (None, "always"):
        return []
    [(name, inner)] = condition.items()
    if name in ("all", "any"):
        return [one for part in inner for one in subjects(part)]
    if name == "not":
        return subjects(inner)
    if name == "at_least_of":
        return [one for part in inner["of"] for one in subjects(part)]
    return [inner] if name == "asked" else [name]


AREA_FIGURES = ("weight", "points", "possible", "gap", "questions", "wide")
SUMS = ("D1", "D2", "D3", "D4")
SIGN_OF_ITS_QUESTION = "D4"
"""It is the sign of the question about the rate, and is not listed beside it."""


# --- the whole ---------------------------------------------------------------------------------------------------------------


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
    months_old: int = 0,
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
        "confidence": confidence * (settings["stale_factor"] if months_old > settings["stale_months"] else 1),
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


# --- the range ---------------------------------------------------------------------------------------------------------------


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


# --- what a buyer may see ----------------------------------------------------------------------------------------------------


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
