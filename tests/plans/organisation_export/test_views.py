from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from flask import Flask

from assess.people.models import Membership, Role
from assess.plans.printing.models import Rendered
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.plans.organisation_export.conftest import Two


def test_a_manager_has_missing_plans_printed_and_takes_all(app: Flask, as_ann: Visitor, two: Two) -> None:
    here = f"/organisations/{two.farm.organisation.id}/export"
    assert "not printed" not in as_ann(here).text
    with database_of(app).writing() as session:
        session.query(Rendered).delete()
    assert "1 plan is not printed" in as_ann(here).text
    page = as_ann.send()
    assert "1 is being made" in page.text
    answer = as_ann.client.get(f"{here}.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    assert "Canary" not in answer.headers["Content-Disposition"], "the name of a file shows on shared computers"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert "001-farming/self-check.json" in archive.namelist()


@pytest.mark.parametrize("role", [Role.RESPONDENT, Role.SIGNER, Role.BUYER, None])
def test_nobody_but_a_manager_of_this_organisation_takes_anything(
    app: Flask, visit: Visitor, two: Two, role: Role | None
) -> None:
    with database_of(app).writing() as session:
        eve = a_person(session, "eve@farm.example", desk=None if role else "administrator")
        if role:
            session.add(
                Membership(organisation_id=two.farm.organisation.id, person_id=eve.id, role=role, made_at=TODAY)
            )
    for person in (eve, two.hotel.manager):
        sign_in(visit, app, person)
        for end in ("/export", "/export.zip"):
            assert visit.client.get(f"/organisations/{two.farm.organisation.id}{end}").status_code == 404


def test_it_asks_who_it_is_when_that_was_long_ago(app: Flask, as_ann: Visitor, two: Two) -> None:
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=16)
    for end in ("/export", "/export.zip"):
        answer = as_ann.client.get(f"/organisations/{two.farm.organisation.id}{end}")
        assert answer.headers["Location"].startswith("/prove?next="), end
