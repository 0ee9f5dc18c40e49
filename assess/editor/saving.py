"""One way for every page to save a change of a draft: it is made, or nothing is changed and the page is told why."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from assess.banks.drafts.keeping import DraftError, SheetTakenError
from assess.banks.drafts.models import Draft
from assess.banks.rewriting import RewriteError
from assess.banks.yaml_lines import UnreadableError
from assess.editor.changing import Data, MovedOnError, change_sheet
from assess.kit.clock import now
from assess.kit.db import roll_back_request, session

CANNOT = (DraftError, RewriteError, UnreadableError)
"""What may stand in the way of a change."""
GONE = "Somebody else took this away since you opened it."
UNREADABLE = "The text of this file cannot be read. Put it right on its text page first."
UNWRITABLE = (
    "This cannot be written into the file without touching other lines. Change it on the text page of the bank."
)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was changed. `moved`: the thing is not as the person saw it, and `theirs` is how it is now, None when it is gone.

    `other_draft` is the draft that holds the file.
    """

    words: str
    theirs: Mapping[str, Any] | None = None
    other_draft: uuid.UUID | None = None
    moved: bool = False


def refusal(fault: DraftError | RewriteError | UnreadableError) -> Refused:
    """One of `CANNOT` in words."""
    if isinstance(fault, MovedOnError):
        return Refused(str(fault) if fault.theirs is not None else GONE, fault.theirs, moved=True)
    if isinstance(fault, SheetTakenError):
        return Refused(str(fault), other_draft=fault.draft_id)
    if isinstance(fault, DraftError):
        return Refused(str(fault))
    return Refused(UNWRITABLE if isinstance(fault, RewriteError) else UNREADABLE)


def save_change(
    draft: Draft, sheet: str, edit: Callable[[Data], object], person_id: uuid.UUID, what: str
) -> Refused | None:
    """Change one file of a draft within this request, as `changing.change_sheet` does. None when it is done.

    Else it says why not, and nothing of this request is kept.
    """
    with all_or_nothing() as outcome:
        change_sheet(session(), draft, sheet, edit, person_id, now(), what=what)
    return outcome.refused


@dataclass(slots=True)
class Outcome:
    """What became of a save."""

    refused: Refused | None = None


@contextmanager
def all_or_nothing() -> Iterator[Outcome]:
    """Several saves that belong together: what stands in the way of one is in the outcome, and then none of them is kept."""
    outcome = Outcome()
    try:
        yield outcome
    except CANNOT as fault:
        roll_back_request()
        outcome.refused = refusal(fault)
