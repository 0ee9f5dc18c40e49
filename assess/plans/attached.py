"""Files that travel inside a PDF: the assessment for a program, and the ordinary actions for a spreadsheet.

The business's own file holds what the business may hold and nothing of signs. Whoever passes it on passes on what is in it,
so the list of actions is that of the wall and the calendar, and no file names a supplier or says what the business typed of its
purchases. A buyer copy and a wall version carry nothing. No mark in the business's own file sorts the questions that can raise a
sign, or whose action can wait for advice, from the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assess.engine.purchase_data import as_it_travels
from assess.engine.record import canonical
from assess.plans.actions import register_of
from assess.plans.copies import Copy, Record, business_record
from assess.plans.exports.rows import as_csv
from assess.plans.first_page import head_of, help_of
from assess.plans.register.state import NOTHING_YET, RegisterState

ASSESSMENT, ACTIONS = "assessment.json", "actions.csv"

_TELLING = frozenset({"charges", "waiting", "advice_first", "buyer_view"})
_TELLING_OF_AN_ACTION = frozenset({"ordinary", "held", "find_out", "fails"})
"""What our own pages need, and what would sort the sensitive questions from the others for any program that reads the file."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file inside a PDF. `dated` is ISO. `relationship` says what it is to the document (ISO 32000-2, 7.11.3)."""

    name: str
    description: str
    content: bytes
    dated: str
    relationship: Literal["Source", "Data"]


def attached_files(record: Record, copy: Copy, state: RegisterState = NOTHING_YET) -> tuple[AttachedFile, ...]:
    """The files of one copy, in the order of their names."""
    made_on = record["made_on"]
    if copy == "coordinator":
        return (
            AttachedFile(
                ASSESSMENT,
                "The whole record of this assessment, signs included",
                canonical(as_it_travels(record)),
                made_on,
                "Source",
            ),
        )
    if copy not in {"business", "large"}:
        return ()
    own = business_record(record)
    return (
        AttachedFile(
            ACTIONS,
            "Ordinary actions as a list for a spreadsheet",
            as_csv(register_of(own, state), head_of(record), help_of(record)),
            made_on,
            "Data",
        ),
        AttachedFile(
            ASSESSMENT,
            "This assessment for a program to read",
            canonical(_unsorted(as_it_travels(own))),
            made_on,
            "Source",
        ),
    )


def _unsorted(own: Record) -> dict[str, Any]:
    actions = [
        {
            key: _in_short(part) if key == "parts" else part
            for key, part in row.items()
            if key not in _TELLING_OF_AN_ACTION
        }
        for row in own["actions"]
    ]
    left = {key: part for key, part in own.items() if key not in _TELLING}
    if own["engine"] != 1:
        left["result"] = {key: part for key, part in own["result"].items() if key != "pending"}
    return {**left, "actions": actions}


def _in_short(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The parts of an action without what a check has none of."""
    return [{key: part[key] for key in ("question", "title", "do", "why_ask")} for part in parts]
