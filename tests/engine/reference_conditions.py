"""The second scorer: answers, conditions, and which questions are shown."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Data = Mapping[str, Any]
Answers = Mapping[str, Any]

TRUE, FALSE, UNKNOWN, NOT_ASKED = "true", "false", "unknown", "not asked"
SHOWN, PENDING, HIDDEN = "shown", "pending", "hidden"


def is_dont_know(answer: Any) -> bool:
    return answer in ("dk", ["dk"])


def is_open(answer: Any) -> bool:
    """Nothing is known: no answer, or "don't know"."""
    return answer is None or is_dont_know(answer)


@dataclass(frozen=True)
class Seen:
    """What a condition looks at: which questions are shown, and their answers.

    "Don't know" to the questions of `unsettled` settles nothing: that is how the range sees all of them.
    """

    answers: Answers
    states: dict[str, str]
    unsettled: Container[str] = ()

    def state(self, question: str) -> str:
        return self.states.get(question, HIDDEN)


ORDERS = {"all": (FALSE, NOT_ASKED, UNKNOWN, TRUE), "any": (TRUE, UNKNOWN, FALSE, NOT_ASKED)}
"""Of the verdicts of the parts, the first in this order is the verdict of the whole."""


def verdict(condition: Any, seen: Seen) -> str:
    if condition in (None, "always"):
        return TRUE
    [(name, inner)] = condition.items()
    if name in ORDERS:
        found_ones = [verdict(part, seen) for part in inner]
        return next(one for one in ORDERS[name] if one in found_ones)
    if name == "not":
        found = verdict(inner, seen)
        return {TRUE: FALSE, FALSE: TRUE}.get(found, found)
    if name == "at_least_of":
        return at_least_of(inner["n"], [verdict(part, seen) for part in inner["of"]])
    return asked(inner, seen) if name == "asked" else leaf(name, inner, seen)


def asked(question: str, seen: Seen) -> str:
    return {SHOWN: TRUE, PENDING: UNKNOWN, HIDDEN: FALSE}[seen.state(question)]


def at_least_of(n: int, found: Sequence[str]) -> str:
    if all(one == NOT_ASKED for one in found):
        return NOT_ASKED
    if found.count(TRUE) >= n:
        return TRUE
    return FALSE if found.count(TRUE) + found.count(UNKNOWN) < n else UNKNOWN


def leaf(question: str, test: Mapping[str, Any], seen: Seen) -> str:
    state = seen.state(question)
    if state == HIDDEN:
        return NOT_ASKED
    answer = seen.answers.get(question)
    if state == PENDING or answer is None or (question in seen.unsettled and is_dont_know(answer)):
        return UNKNOWN
    [(kind, wanted)] = test.items()
    return TRUE if passes(kind, answer, wanted) else FALSE


def passes(kind: str, answer: Any, wanted: Any) -> bool:
    if kind == "is":
        return sorted(answer) == sorted(wanted) if isinstance(answer, list) else bool(answer == wanted)
    if kind == "is_one_of":
        return answer in wanted
    if kind == "includes":
        return wanted in as_list(answer)
    if kind == "includes_any":
        return any(one in as_list(answer) for one in wanted)
    if is_dont_know(answer):
        return False
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "at_least": lambda a, b: a >= b,
        "at_most": lambda a, b: a <= b,
        "more_than": lambda a, b: a > b,
        "less_than": lambda a, b: a < b,
        "before": lambda a, b: str(a) < str(b),
        "after": lambda a, b: str(a) > str(b),
    }
    return compare[kind](answer, wanted)


def as_list(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


def subjects(condition: Any) -> list[str]:
    if condition in (None, "always"):
        return []
    [(name, inner)] = condition.items()
    if name in ("all", "any"):
        return [one for part in inner for one in subjects(part)]
    if name == "not":
        return subjects(inner)
    if name == "at_least_of":
        return [one for part in inner["of"] for one in subjects(part)]
    return [inner] if name == "asked" else [name]


def questions_of(document: Data, *, quick: bool = False) -> list[Data]:
    """In the order of asking. In a quick check no other question exists."""
    every = [question for section in document["sections"] for question in section["questions"]]
    return [question for question in every if question.get("quick")] if quick else every


def states_of(questions: Iterable[Data], answers: Answers, *, unsettled: Container[str] = ()) -> dict[str, str]:
    seen = Seen(answers, {}, unsettled)
    for question in questions:
        found = verdict(question.get("show_if"), seen)
        seen.states[question["id"]] = {TRUE: SHOWN, UNKNOWN: PENDING}.get(found, HIDDEN)
    return seen.states
