"""What stands at the foot of every paper: what it is not, how old it is, and what it rests on."""

from __future__ import annotations

from assess.banks.papers import Paper
from assess.plans.words import day

NOT_ADVICE = "For you to use and to change. This is general help, not legal advice."


def dated(paper: Paper) -> str:
    """Since when the words hold, and until when."""
    return f"Reviewed {day(paper.reviewed)}. To be looked at again by {day(paper.review_by)}."


def rests_on(paper: Paper) -> str:
    """The documents the paper rests on, in one sentence."""
    return f"Written from: {'; '.join(source.document for source in paper.sources)}."


def foot_of(paper: Paper) -> tuple[str, ...]:
    """The lines at the foot, in order."""
    return (f"{NOT_ADVICE} {dated(paper)}", rests_on(paper))
