"""How much a share shows: four steps, each holding all of the one before it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class Scope(enum.StrEnum):
    """What a buyer sees, from least to most."""

    BUYER_COPY = "buyer_copy"
    """The short copy: result as a word, bars, the ordinary steps that were proposed."""
    PLAN = "plan"
    """And the ordinary steps as the business plans them: dates, and who by their job."""
    ANSWERS = "answers"
    """And answers to questions that can never raise a sign."""
    EVIDENCE = "evidence"
    """And where proof is noted, for those answers and those steps."""

    def shows(self, part: Scope) -> bool:
        """Whether this much holds that part."""
        return ORDER.index(self) >= ORDER.index(part)


ORDER = tuple(Scope)

# to the business, and then to the buyer
TITLES: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.BUYER_COPY: "The short copy",
        Scope.PLAN: "The short copy and your plan",
        Scope.ANSWERS: "The short copy, your plan and some of your answers",
        Scope.EVIDENCE: "The short copy, your plan, some of your answers, and what proof there is",
    }
)
TITLES_FOR_BUYERS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.BUYER_COPY: "The short copy",
        Scope.PLAN: "The short copy and its plan",
        Scope.ANSWERS: "The short copy, its plan and some of its answers",
        Scope.EVIDENCE: "The short copy, its plan, some of its answers, and what proof there is",
    }
)
HINTS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.BUYER_COPY: "Your result as a word, the bars, and the ordinary steps this self-check proposed.",
        Scope.PLAN: "Also your dates for the ordinary steps, who by their job, and which are done, now and later. And the duties that "
        "turn only on what a company publishes anyway, such as its size, and whether you say they are done.",
        Scope.ANSWERS: "Also your answers to everyday questions. Never to a question that could point to harm to a person.",
        Scope.EVIDENCE: "Also where you noted proof: what kind and from when. Never the proof or your own words about it.",
    }
)
"""What stands beside each choice on the page of the business."""
