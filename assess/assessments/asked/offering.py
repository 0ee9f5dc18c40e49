"""Which assessments may answer an invitation: those this browser began or opened, and those of organisations whoever is signed in manages.

Only whoever may share an assessment may answer with it. An assessment of another sector answers another question.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assess.assessments.answering import organisation_of
from assess.assessments.models import Assessment
from assess.assessments.visits import opened_assessments
from assess.banks.models import Edition
from assess.kit.clock import date_at
from assess.people.accounts.door import needs_second_step
from assess.people.caller import Caller
from assess.people.models import Organisation, Role
from assess.suppliers.models import SupplierInvitation


@dataclass(frozen=True, slots=True)
class Own:
    """An assessment somebody has. `name`: the business, as far as it is known. `too_short`: a quick check, where the full form is asked."""

    id: uuid.UUID
    name: str
    started_on: date
    submitted_on: date | None
    organisation_id: uuid.UUID | None
    too_short: bool


def own_assessments(
    session: Session, invitation: SupplierInvitation, token: str | None, who: Caller | None, now: datetime
) -> list[Own]:
    """Those that may answer this invitation, the latest first. `token`: of the visit of this browser."""
    opened = opened_assessments(session, token, now)
    managed = managed_by(who)
    wanted = (
        select(Assessment)
        .join(Edition, Edition.id == Assessment.edition_id)
        .where(Edition.bank == invitation.sector)
        .where(
            or_(
                Assessment.id.in_(opened) & Assessment.organisation_id.is_(None),
                Assessment.organisation_id.in_(managed),
            )
        )
        .order_by(Assessment.changed_at.desc(), Assessment.id)
    )
    return [_own(session, one, invitation) for one in session.scalars(wanted)]


def managed_by(who: Caller | None) -> list[uuid.UUID]:
    """The organisations somebody manages, with every step shown that they need. Whoever sits at a desk manages none here."""
    if who is None or who.desk is not None or (needs_second_step(who) and not who.second_step):
        return []
    return [organisation_id for organisation_id in who.roles if who.has(Role.MANAGER, organisation_id)]


def organisations_managed(session: Session, who: Caller | None) -> list[tuple[uuid.UUID, str]]:
    """The same with their names, by name."""
    wanted = select(Organisation.id, Organisation.name).where(Organisation.id.in_(managed_by(who)))
    return [(row.id, row.name) for row in session.execute(wanted.order_by(Organisation.name, Organisation.id))]


def _own(session: Session, assessment: Assessment, invitation: SupplierInvitation) -> Own:
    named = organisation_of(session, assessment.id).get("name")
    return Own(
        id=assessment.id,
        name=named.value if named else "Without a name",
        started_on=date_at(assessment.started_at),
        submitted_on=date_at(assessment.submitted_at) if assessment.submitted_at else None,
        organisation_id=assessment.organisation_id,
        too_short=assessment.quick and not invitation.quick,
    )
