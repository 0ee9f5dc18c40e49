"""An assessment leaves an organisation: everything by which the old one, or whomever it let in, could still look ends with it.

Packages above keep ways in of their own, such as shares. They end those when they hear `OwnershipChanged`.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assess.assessments.delegation import keeping as delegations
from assess.assessments.delegation.models import Delegation
from assess.assessments.events import OwnershipChanged
from assess.assessments.models import BuyerLink, ResumeLink, Visit
from assess.assessments.signing import keeping as sign_requests
from assess.assessments.signing.models import SignRequest
from assess.assessments.together import helping
from assess.kit.events import publish


def end_ways_in(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End every link back and every visit, this browser's included: from now on only an account opens it.

    What was shown to a buyer by a link of its own goes on until that one is ended.
    """
    session.execute(
        update(ResumeLink)
        .where(ResumeLink.assessment_id == assessment_id, ResumeLink.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.execute(delete(Visit).where(Visit.assessment_id == assessment_id))


def leave_organisation(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End all that its organisation gave out. What was answered, sent in and signed stays. Call it with the assessment locked."""
    end_ways_in(session, assessment_id, now)
    parts = select(Delegation.id).where(Delegation.assessment_id == assessment_id).order_by(Delegation.id)
    for part in session.scalars(parts).all():
        delegations.end(session, assessment_id, part, now)
    asked = select(SignRequest.id).where(SignRequest.assessment_id == assessment_id).order_by(SignRequest.id)
    for request in session.scalars(asked).all():
        sign_requests.end(session, assessment_id, request, now)
    helping.end_all(session, assessment_id, now)
    shown = select(BuyerLink.id).where(BuyerLink.assessment_id == assessment_id)
    session.execute(delete(Visit).where(Visit.buyer_link_id.in_(shown)))
    session.execute(
        update(BuyerLink)
        .where(BuyerLink.assessment_id == assessment_id, BuyerLink.ended_at.is_(None))
        .values(ended_at=now)
    )
    publish(session, OwnershipChanged(assessment_id, now))
    session.flush()
