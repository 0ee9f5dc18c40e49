from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import delete, func, select

from assess.assessments.models import Assessment
from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.people.models import Organisation
from assess.plans.cover.models import CoverFile
from tests.people.persons import an_organisation
from tests.plans.records import scenario
from tests.plans.register.conftest import keep_record

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("how", ["its plan", "moved", "the firm", "another plan"])
def test_a_cover_goes_as_soon_as_it_tells_of_what_is_gone(database: Database, now: datetime, how: str) -> None:

    made = keep_record(database, scenario(), now)
    with database.writing() as session:
        ours, theirs = an_organisation(session, "Ours"), an_organisation(session, "Theirs")
        found = session.get(Assessment, made.assessment_id)
        assert found is not None
        found.organisation_id = (theirs if how == "another plan" else ours).id
        session.flush()
        session.add(CoverFile(organisation_id=ours.id, text="0" * 64, content=b"cover", made_at=now))
    with database.writing() as session:
        if how == "moved":
            _move(session.get(Assessment, made.assessment_id), theirs.id)
        elif how == "the firm":
            session.execute(delete(Organisation).where(Organisation.id == ours.id))
        else:
            delete_assessment(session, made.assessment_id)
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(CoverFile)) == (how == "another plan")


def _move(found: Assessment | None, to: uuid.UUID) -> None:
    assert found is not None
    found.organisation_id = to
