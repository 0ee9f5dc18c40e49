from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assess.people.models import Membership, Role
from tests.assessments.owning.conftest import Firm, row_of
from tests.conftest import TODAY
from tests.people.persons import database_of, sign_in

# what these pages say does not hang on the database
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_one_is_begun_for_a_place(app: Flask, visit: Any, firm: Firm) -> None:
    sign_in(visit, app, firm.manager)
    visit(f"/organisations/{firm.organisation.id}/begin")
    page = visit.send()
    assert page.status == 422
    assert [one["href"] for one in page.soup.select(".govuk-error-summary a")] == ["#site", "#bank", "#length"]
    page = visit.send(bank="hospitality", site="new", site_name="The Crown", length="quick")
    assert "It is kept with Fen Edge Group, The Crown." in page.text
    made = row_of(app, page.address)
    assert made.quick
    assert made.organisation_id == firm.organisation.id
    assert visit(f"{page.address}business").soup.select_one("#name")["value"] == "Fen Edge Group"


def test_only_whoever_answers_there_begins_one(app: Flask, visit: Any, firm: Firm, person: Any) -> None:
    address = f"/organisations/{firm.organisation.id}/begin"
    assert visit(address, follow=False).headers["Location"].startswith("/sign-in")
    for number, role in enumerate((None, Role.BUYER, Role.SIGNER)):
        who = person(f"p{number}@farm.example")
        if role:
            with database_of(app).writing() as session:
                session.add(
                    Membership(organisation_id=firm.organisation.id, person_id=who.id, role=role, made_at=TODAY)
                )
        sign_in(visit, app, who)
        assert visit(address).status == 404, role
