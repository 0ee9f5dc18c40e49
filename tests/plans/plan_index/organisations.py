"""An organisation with plans, on a database with nothing else in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assess.assessments.services import start_assessment
from assess.assessments.submissions import submit_assessment
from assess.identity.models import Organisation, Person, Site
from assess.question_banks.editions import current_edition
from tests.identity.accounts_factory import a_person, an_organisation
from tests.plans.records import Record, scenario


@dataclass(frozen=True)
class Firm:
    """Who manages it, and its assessments in the order they were made."""

    organisation: Organisation
    manager: Person
    assessments: Sequence[uuid.UUID]

    @property
    def address(self) -> str:
        return f"/organisations/{self.organisation.id}"


def add_plan(
    session: Session, organisation: Organisation, site: str | None, record: Record | None, now: datetime
) -> uuid.UUID:
    """One assessment of an organisation, submitted with this record, or only begun."""
    edition = current_edition(session, record["edition"]["bank"] if record else "farming")
    assert edition.id is not None
    made = start_assessment(session, edition.id, quick=False, now=now)
    made.organisation_id = organisation.id
    if site is not None:
        place = Site(organisation_id=organisation.id, name=site, made_at=now)
        session.add(place)
        session.flush()
        made.site_id = place.id
    if record is not None:
        told: dict[str, Any] = record
        submit_assessment(session, made.id, lambda _said: told, now)
    session.flush()
    return made.id


def a_firm(session: Session, now: datetime, *, name: str = "Fen Edge Group", email: str = "ann@farm.example") -> Firm:
    """A firm with a medium farm in the north, a critical car wash in the south, and a farm that is only begun."""
    manager = a_person(session, email)
    organisation = an_organisation(session, name, manager=manager, respondent=manager)
    plans = [
        add_plan(session, organisation, "South yard", scenario("car_washes", "car_washes critical"), now),
        add_plan(session, organisation, "North farm", scenario(), now),
        add_plan(session, organisation, None, None, now),
    ]
    return Firm(organisation, manager, plans)
