"""One change laid over an item that somebody else changed meanwhile: only what was really typed is put in.

Fields of an answer lean on each other: a refusal has a reason and no date. Where the typed ones alone would make an answer that
no form can give, the whole answer is put in, and the page shows that before it happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from assess.plans.register.keeping import NEW_NOTE, Change
from assess.plans.register.state import EvidenceNote


def put_in(there: Change, before: Change, after: Change) -> Change:
    """An item as it is `there`, with what somebody made of it who saw `before` and typed `after`."""
    old, new = _answer(before), _answer(after)
    typed = {name: value for name, value in new.items() if value != old[name]}
    merged = replace(there, **typed)
    if typed and not _can_be_said(merged):
        merged = replace(there, **new)
    return replace(merged, notes=_notes(there, before, after))


def _answer(change: Change) -> dict[str, Any]:
    """Everything of an item but its notes."""
    return {name: value for name, value in asdict(change).items() if name != "notes"}


def _can_be_said(change: Change) -> bool:
    """Whether the form of an item could have said this."""
    refused = change.response == "will_not"
    if bool(change.reason) != refused or (change.reason_text and not refused):
        return False
    if change.done_on is not None and change.status != "done":
        return False
    if change.response == "accepted":
        return True
    wanted = "done" if change.response == "already_done" else "open"
    return change.status == wanted and change.due is None


def _notes(there: Change, before: Change, after: Change) -> tuple[EvidenceNote, ...]:
    old, new = _by_number(before), _by_number(after)
    kept = {number: note for number, note in _by_number(there).items() if number in new or number not in old}
    typed = {number: note for number, note in new.items() if old.get(number) != note}
    added = tuple(note for note in after.notes if note.id == NEW_NOTE)
    return (*(note for _, note in sorted({**kept, **typed}.items())), *added)


def _by_number(change: Change) -> Mapping[int, EvidenceNote]:
    return {note.id: note for note in change.notes if note.id != NEW_NOTE}
