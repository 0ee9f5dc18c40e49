"""What waits to be confirmed in the facts form: facts and gates that were taken over from another assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assess.assessments.access import Workspace
from assess.assessments.facts_form import STORED_GATES, said_of
from assess.assessments.models import Part


@dataclass(frozen=True, slots=True)
class WaitingFact:
    """One fact or gate in words. `fact` is its id; None for a gate, which is confirmed on the page of the gates."""

    fact: str | None
    ask: str
    said: str


def facts_to_confirm(work: Workspace) -> Sequence[WaitingFact]:
    """All that wait, gates first. An answer that tells a fact meanwhile does not take the need away: the form shows both."""
    waiting = work.opened.waiting
    if not waiting:
        return ()
    gates, facts = waiting.get(Part.GATE, frozenset()), waiting.get(Part.FACT, frozenset())
    book, opened = work.edition.duty_book, work.opened
    return (
        *(
            WaitingFact(None, gate.ask, "Yes" if opened.gates.get(STORED_GATES[gate.id]) else "No")
            for gate in book.gates
            if STORED_GATES[gate.id] in gates
        ),
        *(
            WaitingFact(fact.id, fact.ask, said_of(fact, opened.facts[fact.id]))
            for fact in book.facts
            if fact.id in facts and fact.id in opened.facts
        ),
    )
