"""Why a change could not be saved, for the page that keeps what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.banks.drafts.keeping import DraftError, SheetTakenError
from assess.banks.rewriting import RewriteError
from assess.banks.yaml_lines import UnreadableError
from assess.editor.changing import MovedOnError

CANNOT = (DraftError, RewriteError, UnreadableError)
"""What may stand in the way of a change."""
GONE = "Somebody else took this away since you opened it."
UNREADABLE = "The text of this file cannot be read. Put it right on its text page first."
UNWRITABLE = (
    "This cannot be written into the file without touching other lines. Change it on the text page of the bank."
)


@dataclass(frozen=True, slots=True)
class Refused:
    """What to tell. `theirs` is the thing as somebody else left it, `other_draft` the draft that holds the file."""

    words: str
    theirs: Mapping[str, Any] | None = None
    other_draft: uuid.UUID | None = None


def refusal(fault: DraftError | RewriteError | UnreadableError) -> Refused:
    """One of `CANNOT` in words."""
    if isinstance(fault, MovedOnError):
        return Refused(str(fault) if fault.theirs is not None else GONE, fault.theirs)
    if isinstance(fault, SheetTakenError):
        return Refused(str(fault), other_draft=fault.draft_id)
    if isinstance(fault, DraftError):
        return Refused(str(fault))
    return Refused(UNWRITABLE if isinstance(fault, RewriteError) else UNREADABLE)
