"""How far a business has come: one rule for every page that says so.

Done means that every question shown in a section has an answer; "don't know" is an answer. A section in which nothing is shown is
left out of the count: it is not needed, or it depends on what comes before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from assess.engine.bank import Answers, Edition, Section
from assess.engine.visibility import Shown

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


@dataclass(frozen=True, slots=True)
class Progress:
    """All sections in order."""

    sections: tuple[SectionProgress, ...]

    @property
    def open_sections(self) -> tuple[SectionProgress, ...]:
        """The sections that show something now, in order: those a person goes through."""
        return tuple(part for part in self.sections if part.shown)

    @property
    def left(self) -> int:
        """Questions without an answer, as far as can be seen now."""
        return sum(part.left for part in self.sections)

    @property
    def shown(self) -> int:
        """Questions shown now."""
        return sum(part.shown for part in self.sections)

    @property
    def minutes(self) -> int:
        """How long the questions left will take, at least 1 while any is left."""
        return math.ceil(self.left * SECONDS_A_QUESTION / 60)

    def place(self, section_id: str) -> tuple[int, int]:
        """(3, 12) for the third of twelve sections that show something; (0, 12) for one that shows nothing."""
        ids = [part.section.id for part in self.open_sections]
        return (ids.index(section_id) + 1 if section_id in ids else 0), len(ids)

    def after(self, section_id: str) -> str | None:
        """The next section that shows something, or None after the last."""
        passed = False
        for part in self.sections:
            if passed and part.shown:
                return part.section.id
            passed = passed or part.section.id == section_id
        return None


def progress(edition: Edition, answers: Answers, seen: Mapping[str, Shown]) -> Progress:
    """How far these answers go. `seen` is what the engine says is shown with them."""
    return Progress(tuple(_section(section, answers, seen) for section in edition.sections))


def _section(section: Section, answers: Answers, seen: Mapping[str, Shown]) -> SectionProgress:
    shown = left = 0
    pending = False
    for question in section.questions:
        state = seen[question.id]
        if state is Shown.SHOWN:
            shown += 1
            left += question.id not in answers
        elif state is Shown.PENDING:
            pending = True
    if not shown:
        status = Status.DEPENDS if pending else Status.NOT_NEEDED
    elif not left:
        status = Status.DONE
    else:
        status = Status.NOT_STARTED if left == shown else Status.IN_PROGRESS
    return SectionProgress(section, status, shown, left)


def what_is_left(found: Progress) -> str:
    """“23 questions left, about 10 minutes.” in one sentence."""
    if not found.left:
        return "Every question has an answer."
    questions = "1 question" if found.left == 1 else f"{found.left} questions"
    minutes = "1 minute" if found.minutes == 1 else f"{found.minutes} minutes"
    return f"{questions} left, about {minutes}."
