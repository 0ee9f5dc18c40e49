"""The second scorer: checks over several answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.engine.reference_conditions import (
    FALSE,
    NOT_ASKED,
    SHOWN,
    TRUE,
    UNKNOWN,
    Data,
    Seen,
    is_open,
    subjects,
    verdict,
)

SUMS = ("D1", "D2", "D3", "D4")
SIGN_OF_ITS_QUESTION = "D4"
"""It is the sign of the question about the rate, and is not listed beside it."""


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
