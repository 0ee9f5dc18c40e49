"""What assessments publish."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from assess.assessments.models import Submission
from assess.kit.events import Event, TwoPhaseEvent


@dataclass(frozen=True, slots=True)
class SubmissionMade(Event):
    """Answers were frozen, for the first time or anew after a correction."""

    submission: Submission
    now: datetime


@dataclass(frozen=True, slots=True)
class AssessmentsDeleted(TwoPhaseEvent):
    """Assessments are deleted for good, with everything that hangs on their rows."""

    ids: tuple[uuid.UUID, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class AssessmentClaimed(Event):
    """An assessment that somebody held by a link alone belongs to an organisation from now on."""

    assessment_id: uuid.UUID
    organisation_id: uuid.UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class OwnershipChanged(Event):
    """An assessment leaves its organisation for another one: whatever the old one gave out ends."""

    assessment_id: uuid.UUID
    now: datetime
