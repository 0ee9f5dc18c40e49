"""The form above the file: what is to be done with the suppliers in it. Bad input is one sentence for each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assess.suppliers.importing.cells import fault_in_due
from assess.suppliers.importing.keeping import Wishes
from assess.suppliers.messages import read_message

ASK, LIST = "ask", "list"
QUICK, FULL = "quick", "full"
IN_FILE = ""
"""The choice of a sector for all that is none: each row names its own."""

USUAL_TIME = timedelta(days=28)
"""From today to the last day to answer, unless somebody changes it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed."""

    what: str
    sector: str
    length: str
    day: str
    month: str
    year: str
    message: str
    in_busy_season: bool

    @classmethod
    def at_first(cls, today: date) -> Typed:
        """How the form opens."""
        due = today + USUAL_TIME
        return cls(ASK, IN_FILE, QUICK, str(due.day), str(due.month), str(due.year), "", in_busy_season=False)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Typed:
        """What a browser sent."""
        return cls(
            form.get("what", ""),
            form.get("sector", IN_FILE),
            form.get("length", ""),
            form.get("due-day", "").strip(),
            form.get("due-month", "").strip(),
            form.get("due-year", "").strip(),
            "\n".join(form.get("message", "").split("\r\n")).strip(),
            in_busy_season=form.get("in_busy_season") == "yes",
        )


def read_form(typed: Typed, sectors: Mapping[str, str], today: date) -> tuple[Wishes | None, dict[str, str]]:
    """What is wished, or a sentence for each field that cannot be read. What is not asked needs no date and no message."""
    faults: dict[str, str] = {}
    if typed.what not in {ASK, LIST}:
        faults["what"] = "Choose whether to ask the suppliers now or only to put them on your list."
    if typed.sector != IN_FILE and typed.sector not in sectors:
        faults["sector"] = "Choose a sector from the list."
    asks, due, message = typed.what == ASK, None, ""
    if asks:
        if typed.length not in {QUICK, FULL}:
            faults["length"] = "Choose the quick check or the full assessment."
        due = _day(typed)
        fault = "Enter the last day to answer, like 24 12 2026." if due is None else fault_in_due(due, today)
        if fault:
            faults["due"] = fault
        message, fault = read_message(typed.message)
        if fault:
            faults["message"] = fault
    if faults:
        return None, faults
    wishes = Wishes(asks, typed.sector or None, typed.length == QUICK, due, message, typed.in_busy_season)
    return wishes, {}


def _day(typed: Typed) -> date | None:
    try:
        return date(int(typed.year), int(typed.month), int(typed.day))
    except (ValueError, OverflowError):
        return None
