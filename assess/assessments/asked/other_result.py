"""The form for a result of another scheme, read: fixed lists and a date, no words of anybody. No database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assess.suppliers.contracts.form import day_from
from assess.suppliers.other_results.keeping import Said
from assess.suppliers.other_results.models import Interviews, Scheme, Scope

DAY = "Enter the date on the result as day, month and year, for example 27 3 2026."
AHEAD = "Enter a date that is not in the future."


@dataclass(frozen=True, slots=True)
class Read:
    """What was told, or one sentence for each field that cannot be used."""

    said: Said | None
    faults: Mapping[str, str]


def read_result(typed: Mapping[str, str], today: date) -> Read:
    """The form as it was sent."""
    faults: dict[str, str] = {}
    scheme = next((one for one in Scheme if one.value == typed.get("scheme")), None)
    scope = next((one for one in Scope if one.value == typed.get("scope")), None)
    interviews = next((one for one in Interviews if one.value == typed.get("interviews")), None)
    if scheme is None:
        faults["scheme"] = "Choose the scheme."
    result_on, fault = _day(typed.get("result_on", ""), today)
    if fault:
        faults["result_on"] = fault
    if scope is None:
        faults["scope"] = "Choose what it looked at."
    if interviews is None:
        faults["interviews"] = "Choose yes, no or don’t know."
    if scheme is None or result_on is None or scope is None or interviews is None:
        return Read(None, faults)
    return Read(Said(scheme, result_on, scope, interviews), {})


def _day(typed: str, today: date) -> tuple[date | None, str]:
    try:
        found = day_from(typed)
    except ValueError:
        return None, DAY
    if found is None:
        return None, DAY
    return (None, AHEAD) if found > today else (found, "")
