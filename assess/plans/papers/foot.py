"""What stands at the foot of every paper: what it is not, how old it is, and for whoever changes it, what it rests on."""

from __future__ import annotations

from assess.banks.papers import Paper
from assess.plans.words import day

NOT_ADVICE = "This is general help, not legal advice."
TO_CHANGE = "For you to use and to change."
_GIVEN_TO_WORKERS = frozenset({"terms", "workers"})
"""Kinds of papers that end up in the hands of workers, or on a wall. They need not know what a paper rests on."""


def rests_on(paper: Paper) -> str:
    """Since when the words hold, until when, and the documents they rest on."""
    documents = "; ".join(source.document for source in paper.sources)
    return (
        f"Reviewed {day(paper.reviewed)}. To be looked at again by {day(paper.review_by)}. Written from: {documents}."
    )


def foot_of(paper: Paper) -> tuple[str, ...]:
    """The lines at the foot, in order. Of a paper that is given to workers the rest stands on the list of papers."""
    if paper.group in _GIVEN_TO_WORKERS:
        return (f"{NOT_ADVICE} Reviewed {day(paper.reviewed)}.",)
    return (f"{TO_CHANGE} {NOT_ADVICE}", rests_on(paper))
