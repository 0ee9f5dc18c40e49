"""Who asked an organisation: for those who answer for it, and for nobody who buys for it."""

from __future__ import annotations

import pytest
from flask import Flask

from assess.assessments.models import Assessment
from tests.conftest import Visitor
from tests.people.persons import a_person, an_organisation, database_of, sign_in
from tests.plans.asked.conftest import Farm


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("respondent", 200), ("signer", 200), ("buyer", 404)])
def test_whoever_answers_for_it_sees_who_asked(
    app: Flask, another_visit: Visitor, farm: Farm, role: str, status: int
) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@farm.example")
        organisation = an_organisation(session, "Fen Edge", **{role: person})
        session.get_one(Assessment, farm.id).organisation_id = organisation.id
        here = f"/organisations/{organisation.id}/asked"
    sign_in(another_visit, app, person)
    page = another_visit(here)
    assert page.status == status
    assert ("The Council" in page.text) is (status == 200)
    assert ("Share it" in page.text) is (role == "manager")


def test_where_nobody_asked_it_says_how_to_come_here(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@farm.example")
        here = f"/organisations/{an_organisation(session, 'Fen Edge', manager=person).id}/asked"
    sign_in(visit, app, person)
    assert "Nobody yet." in visit(here).text
