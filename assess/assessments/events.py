"""Events that assessments publish, and the page parts that packages above fill in on their pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assess.assessments.models import Submission
from assess.core.events import Event, PagePart, TwoPhaseEvent


@dataclass(frozen=True, slots=True)
class SubmissionMade(Event):
    """Answers were frozen, for the first time or anew after a correction."""

    submission: Submission
    now: datetime


@dataclass(frozen=True, slots=True)
class AssessmentsDeleted(TwoPhaseEvent):
    ids: tuple[uuid.UUID, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class AssessmentClaimed(Event):
    """An assessment that a business held by a link alone belongs to an organisation from now on."""

    assessment_id: uuid.UUID
    organisation_id: uuid.UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class OwnershipChanged(Event):
    """An assessment leaves its organisation for another one: whatever the old one gave out ends."""

    assessment_id: uuid.UUID
    now: datetime


UNREAD_MESSAGES: PagePart[[uuid.UUID], Sequence[object]] = PagePart("unread_messages")
"""Of each buyer with comments that the business has not read: its name (`buyer`), their `count`, and the `address` to read them."""
