"""An item of the register in words, the same ones on the pages, on paper and in every file.

The words that can be picked are those of `options.py`; here they are put together. An id of an older release that nobody
knows any more stays out. Nothing here knows what day it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from assess.plans.actions import Item
from assess.plans.register.options import DUTY_RESPONSES, GRADES, KINDS, REASONS, RESPONSES, STATUSES, known
from assess.plans.register.state import EvidenceNote
from assess.plans.words import day

NOT_ANSWERED = "Not answered yet"
WILL_NOT_BE_DONE = "Will not be done"


def responses_for(item: Item) -> Mapping[str, str]:
    """What can be said to an item: id and words."""
    return DUTY_RESPONSES if item.what == "duty" else RESPONSES


def response_words(item: Item) -> str:
    """What was said to it; empty before anything was."""
    said = item.state.response
    return known(responses_for(item), said) if said else ""


def reason_words(reason: str, typed: str) -> str:
    """Why not: the reason that was picked, and what was typed beside it. Empty where there is none."""
    return _sentences(known(REASONS, reason), typed)


def status_words(status: str, done_on: str | None = None) -> str:
    """How far it is, and since when if it is done: “Done on 3 May 2026”."""
    words = known(STATUSES, status)
    return f"{words} on {day(done_on)}" if status == "done" and done_on else words


def how_far_words(response: str | None, status: str, done_on: str | None = None) -> str:
    """How far something is, in a row of its own: what will not be done has not merely not begun."""
    return WILL_NOT_BE_DONE if response == "will_not" else status_words(status, done_on)


def state_words(item: Item) -> str:
    """Where an item stands, without a full stop: “We will do this. Under way”."""
    state = item.state
    said = response_words(item)
    if state.response == "will_not":
        return _sentences(said, reason_words(state.reason, state.reason_text))
    if state.response == "already_done":
        return _sentences(said, status_words("done", state.done_on) if state.done_on else "")
    if state.status == "done":
        return status_words("done", state.done_on)
    if not said and state.status == "open":
        return NOT_ANSWERED
    return _sentences(said or NOT_ANSWERED, status_words(state.status))


def note_words(note: EvidenceNote) -> str:
    """One noted proof: what it is, its dates, and how far somebody looked at it."""
    kind = known(KINDS, note.kind)
    dated = f"dated {day(note.dated)}" if note.dated else ""
    until = f"good until {day(note.good_until)}" if note.good_until else ""
    parts = (kind if note.title else "", dated, until, known(GRADES, note.grade))
    details = "; ".join(part[:1].lower() + part[1:] for part in parts if part)
    return f"{note.title or kind or 'A proof'} ({details})"


def due_words(item: Item) -> str:
    """By when: the day the business chose, else what the plan proposes."""
    return f"by {day(item.state.due)}" if item.state.due else item.due


def owner_words(item: Item) -> str:
    """Who sees to it: whom the business named, else the role the plan proposes. Empty for nobody."""
    return item.state.owner or item.owner


def _sentences(*parts: str) -> str:
    return ". ".join(part for part in parts if part)
