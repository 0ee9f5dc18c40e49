from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from assess.people.models import Membership, Role
from tests.assessments.owning.conftest import Firm, keep_with, row_of
from tests.conftest import TODAY
from tests.people.persons import an_organisation, database_of, sign_in

# what these pages say does not hang on the database
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_it_moves_to_another_place_of_the_firm(app: Flask, begin: Any, another_visit: Any, firm: Firm) -> None:
    home = begin()
    keep_with(app, home, firm, firm.north)
    sign_in(another_visit, app, firm.manager)
    page = another_visit(f"{home}move")
    assert "It stays with this organisation." in page.text
    assert not page.soup.select("#sure")
    assert another_visit.send(site="").status == 422
    assert "Fen Edge Group, South yard." in another_visit.send(site=firm.south.id).text
    assert row_of(app, home).site_id == firm.south.id


def test_going_to_another_firm_needs_both_and_a_yes(app: Flask, begin: Any, another_visit: Any, firm: Firm) -> None:
    home = begin()
    keep_with(app, home, firm, firm.north)
    with database_of(app).writing() as session:
        second = an_organisation(session, "Broads Hand Wash", manager=firm.manager)
        third = an_organisation(session, "Not hers", respondent=firm.manager)
    sign_in(another_visit, app, firm.manager)
    page = another_visit(f"{home}move")
    assert {one["value"] for one in page.soup.select("input[name=to]")} == {str(firm.organisation.id), str(second.id)}
    another_visit(f"{home}move?to={second.id}")
    page = another_visit.send(site_name="Wroxham")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#sure"
    drawn = page.fields("move")
    assert (
        another_visit.client.post(f"{home}move", data=drawn | {"to": [str(third.id)], "sure": ["yes"]}).status_code
        == 404
    )
    assert row_of(app, home).organisation_id == firm.organisation.id
    another_visit(f"{home}move?to={second.id}")
    page = another_visit.send(site_name="Wroxham", sure="yes")
    assert "It is kept with Broads Hand Wash, Wroxham." in page.text
    assert row_of(app, home).organisation_id == second.id


def test_only_a_manager_moves_it_and_proves_who_they_are(
    app: Flask, visit: Any, begin: Any, another_visit: Any, firm: Firm, person: Any
) -> None:
    home = begin()
    keep_with(app, home, firm)
    assert visit(f"{home}move").status == 404, "a link is not enough"
    bob = person("bob@farm.example")
    with database_of(app).writing() as session:
        session.add(
            Membership(organisation_id=firm.organisation.id, person_id=bob.id, role=Role.RESPONDENT, made_at=TODAY)
        )
    sign_in(another_visit, app, bob)
    assert another_visit(home).status == 200
    assert another_visit(f"{home}move").status == 404
    sign_in(another_visit, app, firm.manager)
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=20)
    assert another_visit(f"{home}move", follow=False).headers["Location"].startswith("/prove?next=")
