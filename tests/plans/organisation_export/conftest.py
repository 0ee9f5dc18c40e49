"""Two businesses of two organisations, each with a submission; Ann manages the farm, Hal the hotel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.services import save_answers, start_assessment
from assess.assessments.submissions import submit_assessment
from assess.identity.models import Organisation, Person
from assess.identity.organisations.services import add_site
from assess.question_banks.editions import current_edition
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.plans.records import Record, scenario
from tests.stored_files import keep_pdf

PDF = b"%PDF-1.7 printed before"


@dataclass(frozen=True)
class OwnedPlan:
    """An organisation, its manager, its assessment and the submission of that."""

    organisation: Organisation
    manager: Person
    assessment: Assessment
    submission: Submission


@dataclass(frozen=True)
class TwoOrganisations:
    farm: OwnedPlan
    hotel: OwnedPlan


def own(session: Session, name: str, record: Record, now: datetime) -> OwnedPlan:
    manager = a_person(session, f"manager@{name.lower()}.example")
    organisation = an_organisation(session, name, manager=manager)
    edition = current_edition(session, record["edition"]["bank"])
    assert edition is not None
    begun = start_assessment(session, edition.id, quick=False, now=now)
    begun.organisation_id = organisation.id
    begun.site_id = add_site(session, organisation.id, f"Site of {name}", now).id
    save_answers(session, begun.id, {"core_people_peak": f"answer of {name}"}, {}, now)
    mine: dict[str, Any] = {**record, "organisation": {**record["organisation"], "name": name}}
    submission = submit_assessment(session, begun.id, lambda _said: mine, now)
    return OwnedPlan(organisation, manager, begun, submission)


@pytest.fixture
def two(app: Flask, now: datetime) -> TwoOrganisations:
    with database_of(app).writing() as session:
        made = TwoOrganisations(
            own(session, "Canaryfarm", scenario("farming", "farming critical"), now),
            own(session, "Otherhotel", scenario(), now),
        )
    with database_of(app).writing() as session:
        for one, content in ((made.farm, PDF), (made.hotel, b"%PDF-1.7 of the hotel")):
            keep_pdf(session, "business", one.submission.id, content, now)
    return made


@pytest.fixture
def as_ann(app: Flask, visit: Visitor, two: TwoOrganisations) -> Visitor:
    sign_in(visit, app, two.farm.manager)
    return visit
