"""How far a business has come: one rule for every page that says so.

Done means that every question shown in a section has an answer; "don't know" is an answer. A section in which nothing is shown is
left out of the count: it is not needed, or it depends on what comes before.
"""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from assess.engine.bank import Edition, Section
from assess.engine.conditions import HIDDEN, PENDING, UNANSWERED
from assess.engine.visibility import Found, Settled

SECONDS_A_QUESTION = 25
"""Ours, and untested (sectors.md 1.9); it gives 30 minutes for a full assessment."""


class Status(Enum):
    """How a section stands, in the words people read."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    DONE = "Done"
    DEPENDS = "Depends on other answers"
    NOT_NEEDED = "Not needed"


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """One section: how many questions it shows now and how many of them are left."""

    section: Section
    status: Status
    shown: int
    left: int


@dataclass(frozen=True)
class Progress:
    """How far the answers go. `settled` is what the engine makes of them (`visibility.settle`).

    `waiting` are questions with an answer that was filled in for the person. The engine never sees it before it is confirmed, so that
    until then it is one that is left, and what depends on it is not settled.
    """

    edition: Edition
    settled: Settled
    waiting: AbstractSet[str] = frozenset()

    @property
    def sections(self) -> list[SectionProgress]:
        """All sections in order."""
        return [_section(section, self.settled.found) for section in self.edition.sections]

    @property
    def left(self) -> int:
        """Questions without an answer, as far as can be seen now."""
        return len(self.settled.missing)

    @cached_property
    def to_confirm(self) -> list[str]:
        """The questions shown now whose answer waits to be confirmed, in order."""
        if not self.waiting:
            return []
        found = self.settled.found
        return [
            question.id
            for question in self.edition.questions()
            if question.id in self.waiting and is_shown(found, question.id)
        ]

    @property
    def minutes(self) -> int:
        """How long the questions left will take, at least 1 while any is left."""
        return math.ceil(self.left * SECONDS_A_QUESTION / 60)

    @cached_property
    def way(self) -> list[str]:
        """The sections that show something now, in order: those a person goes through."""
        found = self.settled.found
        return [section.id for section in self.edition.sections if _shows(section, found)]

    def after(self, section_id: str) -> str | None:
        """The next section that shows something, or None after the last."""
        order = [section.id for section in self.edition.sections]
        later = set(order[order.index(section_id) + 1 :])
        return next((following for following in self.way if following in later), None)


def _shows(section: Section, found: Found) -> bool:
    for question in section.questions:  # a plain loop: every look at a page asks this of every section
        value = found[question.id]
        if value is not PENDING and value is not HIDDEN:
            return True
    return False


def _section(section: Section, found: Found) -> SectionProgress:
    shown = left = 0
    pending = False
    for question in section.questions:
        value = found[question.id]
        if value is PENDING:
            pending = True
        elif value is not HIDDEN:
            shown += 1
            if value is UNANSWERED:
                left += 1
    return SectionProgress(section, _status(shown, left, pending=pending), shown, left)


def _status(shown: int, left: int, *, pending: bool) -> Status:
    if not shown:
        return Status.DEPENDS if pending else Status.NOT_NEEDED
    if not left:
        return Status.DONE
    return Status.NOT_STARTED if left == shown else Status.IN_PROGRESS


def is_shown(found: Found, question: str) -> bool:
    """Whether the question is asked now."""
    value = found[question]
    return value is not PENDING and value is not HIDDEN


def what_is_left(found: Progress) -> str:
    """“23 questions left, about 10 minutes.” in one sentence."""
    if not found.left:
        return "You have answered every question we ask you."
    questions = "1 question" if found.left == 1 else f"{found.left} questions"
    minutes = "1 minute" if found.minutes == 1 else f"{found.minutes} minutes"
    return f"{questions} left, about {minutes}."
