"""What the list of tasks says of newer questions: calmly, and nothing about which answer anything touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assess.assessments.access import Workspace, may_here
from assess.assessments.moving.keeping import last_move, newer_than
from assess.kit.clock import date_at
from assess.kit.db import session


@dataclass(frozen=True, slots=True)
class Notice:
    """Whether there are newer questions, and whether those it has are withdrawn; since when it has newer ones and may go back.

    `again`: how many answers wait to be looked at because the question changed.
    """

    newer: bool = False
    withdrawn: bool = False
    moved_on: date | None = None
    again: int = 0


def notice_of(work: Workspace) -> Notice:
    """What to say to whoever may answer here. Of what is submitted, nothing."""
    if work.opened.submitted or not may_here("assessment.answer"):
        return Notice()
    newer = newer_than(session(), work.opened.edition_id)
    moved = last_move(session(), work.id)
    return Notice(
        newer=newer is not None,
        withdrawn=newer is not None and newer.withdrawn,
        moved_on=None if moved is None else date_at(moved.moved_at),
        again=len(work.opened.changed & set(work.progress.to_confirm)),
    )
