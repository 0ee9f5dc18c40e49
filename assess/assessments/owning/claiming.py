"""Keeping an assessment with an organisation: taken once, by one, for good; and moved between places by whoever manages both.

Whoever opens it by a link only holds it. From the moment it belongs to an organisation the roles there count as well.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import lock
from assess.assessments.events import AssessmentClaimed
from assess.assessments.models import Assessment, ResumeLink
from assess.assessments.owning.leaving import leave_organisation
from assess.assessments.owning.places import Place, site_for
from assess.kit.events import publish
from assess.people.caller import Caller
from assess.people.models import Organisation, Role
from assess.people.organisations.keeping import organisations_of


class AlreadyClaimedError(Exception):
    """It belongs to an organisation already."""


class NotYoursError(Exception):
    """Whoever asks has not the role it needs, or the place belongs to somebody else."""


FILLS = frozenset({Role.MANAGER, Role.RESPONDENT})
"""Who may keep an assessment with an organisation, and begin one for it."""
MANAGES = frozenset({Role.MANAGER})


def mine(session: Session, who: Caller, roles: frozenset[Role]) -> Sequence[Organisation]:
    """The organisations in which somebody has one of these roles, by name."""
    return organisations_of(session, [organisation_id for organisation_id, has in who.roles.items() if has & roles])


def claim(session: Session, assessment_id: uuid.UUID, organisation_id: uuid.UUID, place: Place, now: datetime) -> None:
    """Keep the assessment with this organisation. Of many at once exactly one does.

    Requests of buyers that it answers are the organisation’s own from now on, unless another one took them as its own before.
    The buyers are told nothing of it. The caller has seen that whoever asks holds the assessment and has one of `FILLS` there.

    Raises:
        AssessmentUnknownError: when it is not there any more.
        AlreadyClaimedError: for all others.
        NotYoursError: when the site is one of somebody else.
    """
    assessment = lock(session, assessment_id)
    if assessment.organisation_id is not None:
        raise AlreadyClaimedError
    _put(session, assessment, organisation_id, place, now)
    publish(session, AssessmentClaimed(assessment_id, organisation_id, now))


def move(session: Session, assessment_id: uuid.UUID, organisation_id: uuid.UUID, place: Place, now: datetime) -> None:
    """Move what is kept already to another place, or to another organisation with all that hangs on it.

    Whatever the old organisation gave out ends: links, parts, requests to sign off, help, shares. The caller has seen that whoever asks manages both.

    Raises:
        AssessmentUnknownError: when it is not there any more.
        NotYoursError: when the site is one of somebody else.
    """
    assessment = lock(session, assessment_id)
    if assessment.organisation_id != organisation_id:
        leave_organisation(session, assessment_id, now)
    _put(session, assessment, organisation_id, place, now)


def links_that_work(session: Session, assessment_id: uuid.UUID) -> Sequence[ResumeLink]:
    """The links back that somebody may still have."""
    return session.scalars(
        select(ResumeLink).where(ResumeLink.assessment_id == assessment_id, ResumeLink.ended_at.is_(None))
    ).all()


def _put(session: Session, assessment: Assessment, organisation_id: uuid.UUID, place: Place, now: datetime) -> None:
    site_id = site_for(session, organisation_id, place, now)
    if place.site_id is not None and site_id is None:
        raise NotYoursError
    assessment.organisation_id = organisation_id
    assessment.site_id = site_id
    session.flush()
