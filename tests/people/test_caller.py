from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assess.people.caller import Caller, caller
from assess.people.models import Role, SignedIn
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, an_organisation, database_of, sign_in


def who_calls(app: Flask, visit: Visitor) -> Caller | None:
    cookie = visit.client.get_cookie("assess_signed_in")
    with app.test_request_context(headers={"Cookie": f"assess_signed_in={cookie.value if cookie else ''}"}):
        return caller()


def test_somebody_signed_in_is_known_with_their_roles(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "Ann@Farm.example", name="Ann")
        farm = an_organisation(session, "Fen Edge", manager=ann, respondent=[ann])
    assert who_calls(app, visit) is None
    sign_in(visit, app, ann)
    found = who_calls(app, visit)
    assert found is not None
    assert (found.email, found.name, found.second_step) == ("ann@farm.example", "Ann", True)
    assert found.roles == {farm.id: frozenset({Role.MANAGER, Role.RESPONDENT})}
    assert found.has(Role.MANAGER, farm.id)
    assert not found.has(Role.BUYER, farm.id)


@pytest.mark.parametrize("change", ["disabled", "not confirmed", "idle", "over", "signed out"])
def test_whoever_may_not_is_nobody_at_the_next_request(app: Flask, visit: Visitor, change: str) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@farm.example")
    row = sign_in(visit, app, ann)
    assert who_calls(app, visit) is not None
    with database_of(app).writing() as session:
        person, here = session.merge(ann), session.merge(row)
        if change == "disabled":
            person.disabled_at = TODAY
        elif change == "not confirmed":
            person.confirmed_at = None
        elif change == "idle":
            here.used_at = TODAY - timedelta(minutes=60)
        elif change == "over":
            here.until = TODAY
        else:
            session.delete(session.get_one(SignedIn, row.id))
    assert who_calls(app, visit) is None
