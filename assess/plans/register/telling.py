"""What the register knows, in words: of one item, of what changed in it, and of what there is to show."""

from __future__ import annotations

from dataclasses import dataclass

from assess.plans.actions import Item
from assess.plans.register.keeping import Change
from assess.plans.register.options import known
from assess.plans.register.phrases import (
    NOT_ANSWERED,
    how_far_words,
    note_words,
    reason_words,
    responses_for,
    state_words,
)
from assess.plans.register.state import EvidenceNote
from assess.plans.words import day

DATE_PASSED = "The date has passed"
ASKED_AGAIN = "You said this was done before you answered again. Your new answers still call for it"


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of two that say different things; each side is finished text."""

    label: str
    before: str
    after: str


def rows_of(said: Change, item: Item) -> dict[str, str]:
    """An item in words, by label. What stands nowhere reads “Nothing”."""
    rows = {
        "Your answer": known(responses_for(item), said.response or "", NOT_ANSWERED),
        "Reason": reason_words(said.reason, said.reason_text) or "None",
        "Who": said.owner or f"As the plan says{f': {item.owner}' if item.owner else ''}",
        "By when": day(said.due) if said.due else f"As the plan says: {item.due}",
        "How far": how_far_words(said.response, said.status, said.done_on),
    }
    for note in said.notes:
        rows[f"Proof {note.id}" if note.id else "Proof, new"] = note_words(note)
    return rows


def differences(before: Change, after: Change, item: Item) -> list[Difference]:
    """The rows in which two states of an item differ, in words."""
    one, other = rows_of(before, item), rows_of(after, item)
    return [
        Difference(label, one.get(label, "Nothing"), other.get(label, "Nothing"))
        for label in dict.fromkeys([*one, *other])
        if one.get(label) != other.get(label)
    ]


def lapsed(note: EvidenceNote, today: str) -> bool:
    """Whether a proof is no longer good on an ISO day."""
    return note.good_until is not None and note.good_until < today


def is_overdue(item: Item, today: str) -> bool:
    """Whether an item should have been done before an ISO day."""
    return item.late_after is not None and not item.state.settled and item.late_after < today


def words_today(item: Item, today: str) -> str:
    """Where an item stands on an ISO day, as one short text."""
    late = f". {DATE_PASSED}" if is_overdue(item, today) else ""
    return f"{state_words(item)}{late}"
