"""How the pages call what became of an import and of its rows."""

from __future__ import annotations

from collections.abc import Mapping

from assess.kit.pages import counted
from assess.suppliers.importing.keeping import Counts
from assess.suppliers.importing.models import Outcome, State, SupplierImportRow

OF_STATE: Mapping[State, str] = {
    State.PREVIEW: "Waits for you to look at it",
    State.CONFIRMED: "Begins in a moment",
    State.RUNNING: "Under way",
    State.DONE: "Done",
    State.CANCELLED: "Stopped",
}

OF_OUTCOME: Mapping[Outcome, str] = {
    Outcome.ASKED: "asked",
    Outcome.ADDED: "put on your list, not asked",
    Outcome.ON_LIST: "on your list already, not asked",
    Outcome.ALREADY_ASKED: "asked before, so not asked again",
    Outcome.NO_ADDRESS: "on your list, but there is no e-mail address to ask at",
    Outcome.MAIL_STOPPED: "on your list, but want no more mail from you: ring them",
    Outcome.TAKEN_OFF: "taken off your list by you before, so left as they are",
    Outcome.BAD: "to be repaired",
    Outcome.WAITING: "not worked on yet",
}

NO_ADDRESS = "Row {number}, email: There is no address to ask at. Fill one in, or leave the row out and ring them."
"""The reason beside a row that is given back though nothing in it is wrong."""

FORGOTTEN = "What this row said is no longer kept."


def reasons_of(row: SupplierImportRow) -> list[str]:
    """Why a row is given back: a sentence for each fault, with row, column and repair."""
    if row.outcome is Outcome.NO_ADDRESS:
        return [NO_ADDRESS.format(number=row.number)]
    return [str(fault["says"]) for fault in row.faults.get("faults", ())] or [FORGOTTEN]


def outcome_lines(counts: Counts, *, cancelled: bool) -> list[str]:
    """One line for each outcome that any row had, as a person reads it: “455 suppliers: asked”.

    What has to be repaired are rows: nobody knows yet whether they are suppliers.
    """
    words = {**OF_OUTCOME, **({Outcome.WAITING: "not worked on, because you stopped"} if cancelled else {})}
    return [
        f"{counted(counts.by_outcome[outcome], 'row' if outcome is Outcome.BAD else 'supplier')}: {said}"
        for outcome, said in words.items()
        if counts.by_outcome.get(outcome)
    ]


def progress_words(counts: Counts) -> str:
    """How far it is, like “150 of 470 suppliers done”."""
    return f"{counts.worked:,} of {counted(counts.worked + counts.of(Outcome.WAITING), 'supplier')} done."
