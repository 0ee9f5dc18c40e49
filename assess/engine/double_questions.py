"""Whether a question asks two things at once: a second question mark, a second “do you …”, or a second verb that could be answered otherwise.

One verb with a list of things (“gloves, boots and coats”) is one question.
"""

from __future__ import annotations

import re

_AUX = r"(?:do|does|did|is|are|was|were|have|has|can|could|will|would|may|must)"
_ASKS = r"(?:who|whom|what|when|where|which|how|why)"
_STARTS = re.compile(rf"(?:^|[,.:]\s+){_AUX}\s", re.IGNORECASE)
_CLAUSE = re.compile(
    rf"[,;]?\s(?:and|or)\s+(?:if (?:so|not|yes|no),?\s+)?{_AUX}\s+(?!not\b|no\b|so\b|to\b|someone (?:you|else)\b)\w+",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"[,;]\s+(?:and|or)\s+(?:if (?:so|not|yes|no),?\s+)?(?:how (?:many|much|often|long|far)\b|{_ASKS}\s+(?!to\b|not\b|else\b)\w+\s+\w+)", re.IGNORECASE)  # fmt: skip
_DOES = (
    "keep|give|get|tell|train|ask|write|provide|offer|talk|speak|let|make|take|send|hold|put|find|know|understand|look|allow|"
    "collect|choose|have|show|sign|teach|explain|inspect|meet|follow|arrange|agree|go|come|leave|stop|help|see|hear|read|buy|sell|own"
)
"""Verbs that are hardly ever things."""
_EITHER = "pay|check|record|report|use|hire|charge|work|rest|test|review|visit|count|plan|match|log|cover|move|call|search|watch"
"""Words that are verbs only before what they are done to."""
_TO_WHAT = r"(?:the|a|an|your|their|his|her|its|our|them|it|him|us|each|every|any|all|some|who|what|how|that|whether|if|on|up|down|extra|copies|overtime|workers|people|staff)"
_SECOND_VERB = re.compile(
    rf"\s(?:and|or)\s+(?:also\s+|then\s+)?(?:(?:{_DOES})|(?:{_EITHER})\s+{_TO_WHAT})\b", re.IGNORECASE
)
_ONE_THING = re.compile(
    r"\b(?:come and go|read and understand|find and pay|speak and understand|see and sign|go and see|try and \w+)\b",
    re.IGNORECASE,
)
"""Two verbs that are said as one."""


def second_question(text: str) -> str | None:
    """The words where a second question begins; None when there is only one."""
    if text.count("?") > 1:
        return "two question marks"
    asked = _ONE_THING.sub("do", text.partition("?")[0])
    searches = (_CLAUSE, _NEXT, _SECOND_VERB) if _STARTS.search(asked) else (_CLAUSE, _NEXT)
    for search in searches:
        second = search.search(asked)
        if second:
            return second.group().strip(" ,;")
    return None
