"""What the register knows, in words: of one item, of what changed in it, and of what there is to show."""

from __future__ import annotations

from dataclasses import dataclass

from assess.plans.actions import Item
from assess.plans.register.keeping import Change
from assess.plans.register.options import (
    DUTY_RESPONSES,
    GRADES,
    KINDS,
    REASONS,
    RESPONSES,
    STATUSES,
    known,
)
from assess.plans.register.state import EvidenceNote
from assess.plans.words import day

NOT_ANSWERED = "Not answered yet"


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of two that say different things; each side is finished text."""

    label: str
    before: str
    after: str


def responses_for(item: Item) -> dict[str, str]:
    """What can be said to an item: id and words."""
    return dict(DUTY_RESPONSES if item.what == "duty" else RESPONSES)


def rows_of(said: Change, item: Item) -> dict[str, str]:
    """An item in words, by label. What stands nowhere reads “Nothing”."""
    reason = ". ".join(part for part in (known(REASONS, said.reason), said.reason_text) if part)
    done = f", on {day(said.done_on)}" if said.done_on else ""
    rows = {
        "Your answer": known(responses_for(item), said.response or "", NOT_ANSWERED),
        "Reason": reason or "None",
        "Who": said.owner or f"As the plan says{f': {item.owner}' if item.owner else ''}",
        "By when": day(said.due) if said.due else f"As the plan says: {item.due}",
        "How far": known(STATUSES, said.status, said.status) + (done if said.status == "done" else ""),
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


def note_words(note: EvidenceNote) -> str:
    """A note of evidence as one line."""
    parts = [note.title, known(KINDS, note.kind, note.kind)]
    parts += [f"dated {day(note.dated)}"] if note.dated else []
    parts += [f"good until {day(note.good_until)}"] if note.good_until else []
    return "; ".join(part for part in [*parts, known(GRADES, note.grade)] if part)


def lapsed(note: EvidenceNote, today: str) -> bool:
    """Whether a proof is no longer good on an ISO day."""
    return note.good_until is not None and note.good_until < today


def is_overdue(item: Item, today: str) -> bool:
    """Whether an item should have been done before an ISO day."""
    return item.due_date is not None and not item.state.settled and item.due_date < today


def state_words(item: Item, today: str) -> str:
    """Where an item stands, as one short text."""
    state = item.state
    if item.held:
        return "Waits for advice"
    if state.status == "done" or state.response == "already_done":
        word = "Done already" if state.response == "already_done" else "Done"
        return f"{word}, on {day(state.done_on)}" if state.done_on else word
    if state.response == "will_not":
        reason = known(REASONS, state.reason)
        return f"Will not be done. {reason}" if reason else "Will not be done"
    late = ". The date has passed" if is_overdue(item, today) else ""
    if state.response is None:
        return f"{NOT_ANSWERED}{late}"
    return f"Accepted, {known(STATUSES, state.status, state.status).lower()}{late}"


def when_words(item: Item) -> str:
    """By when it is to be done: the day the business chose, else what the plan proposes."""
    return f"by {day(item.state.due)}" if item.state.due and not item.held else item.due


def who_words(item: Item) -> str:
    """Who sees to it: whom the business chose, else whom the plan names. Empty for nobody."""
    return item.state.owner or item.owner
