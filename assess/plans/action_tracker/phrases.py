"""A tracked action in words, the same on pages, on paper and in exports. Its functions are template filters."""

from __future__ import annotations

from collections.abc import Mapping

from assess.plans.action_tracker.state import (
    DUTY_RESPONSE_LABELS,
    GRADE_LABELS,
    PROOF_KIND_LABELS,
    REASON_LABELS,
    RESPONSE_LABELS,
    STATUS_LABELS,
    EvidenceNote,
    label_of,
)
from assess.plans.actions import PlanItem
from assess.plans.words import format_day

NOT_ANSWERED = "Not answered yet"


def responses_for(item: PlanItem) -> Mapping[str, str]:
    return DUTY_RESPONSE_LABELS if item.what == "duty" else RESPONSE_LABELS


def response_words(item: PlanItem) -> str:
    response = item.state.response
    return label_of(responses_for(item), response) if response else ""


def reason_words(reason: str, typed: str) -> str:
    return _join_sentences(label_of(REASON_LABELS, reason), typed)


def status_words(status: str, done_on: str | None = None) -> str:
    """How far it is, and since when if it is done: “Done on 3 May 2026”."""
    words = label_of(STATUS_LABELS, status)
    return f"{words} on {format_day(done_on)}" if status == "done" and done_on else words


def progress_words(response: str | None, status: str, done_on: str | None = None) -> str:
    """How far something is, in a row of its own: what will not be done has not merely not begun."""
    return "Will not be done" if response == "will_not" else status_words(status, done_on)


def state_words(item: PlanItem) -> str:
    """Where an item stands, without a full stop: “We will do this. Under way”."""
    state = item.state
    words = response_words(item)
    if state.response == "will_not":
        return _join_sentences(words, reason_words(state.reason, state.reason_text))
    if state.response == "already_done":
        return _join_sentences(words, status_words("done", state.done_on) if state.done_on else "")
    if state.status == "done":
        return status_words("done", state.done_on)
    if not words and state.status == "open":
        return NOT_ANSWERED
    return _join_sentences(words or NOT_ANSWERED, status_words(state.status))


def note_words(note: EvidenceNote) -> str:
    kind = label_of(PROOF_KIND_LABELS, note.kind)
    dated = f"dated {format_day(note.dated)}" if note.dated else ""
    until = f"good until {format_day(note.good_until)}" if note.good_until else ""
    parts = (kind if note.title else "", dated, until, label_of(GRADE_LABELS, note.grade))
    details = "; ".join(part[:1].lower() + part[1:] for part in parts if part)
    return f"{note.title or kind or 'A proof'} ({details})"


def due_words(item: PlanItem) -> str:
    return f"by {format_day(item.state.due)}" if item.state.due else item.due_text


def owner_words(item: PlanItem) -> str:
    return item.state.owner or item.owner


def _join_sentences(*parts: str) -> str:
    return ". ".join(part for part in parts if part)
