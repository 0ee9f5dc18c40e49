from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assess.people.administration.views_people import NOT_YOURSELF
from assess.people.models import Desk, Person
from assess.people.organisations.separation import APART
from tests.conftest import TODAY, Page, Visitor
from tests.people.administration.conftest import Town
from tests.people.persons import database_of, sign_in


def of(app: Flask, person: Person) -> Person:
    with database_of(app).reading() as look:
        return look.get_one(Person, person.id)


def test_whoever_is_disabled_or_signed_out_opens_nothing_at_the_next_request(
    app: Flask, as_ada: Visitor, another_visit: Visitor, town: Town
) -> None:
    farm = f"/organisations/{town.farm.id}"
    for end in ("/sign-out", "/disable"):
        sign_in(another_visit, app, town.ann)
        assert another_visit(farm).status == 200
        as_ada(f"/desk/people/{town.ann.id}")
        page = as_ada.send(end)
        assert page.status == 200
        assert (
            page.soup.select_one("main [role=status]")
            .get_text(strip=True)
            .startswith({"/sign-out": "Signed out everywhere", "/disable": "You disabled this account"}[end])
        )
        assert another_visit(farm, follow=False).headers["Location"].startswith("/sign-in")
    sign_in(another_visit, app, town.ann)
    assert another_visit(farm, follow=False).headers["Location"].startswith("/sign-in")
    as_ada(f"/desk/people/{town.ann.id}")
    as_ada.send("/enable")
    sign_in(another_visit, app, town.ann)
    assert another_visit(farm).status == 200


@pytest.mark.parametrize("desk", ["coordinator", "administrator"])
def test_a_desk_is_given_but_not_to_a_buyer(app: Flask, as_ada: Visitor, town: Town, desk: str) -> None:
    as_ada(f"/desk/people/{town.ann.id}/desk")
    assert as_ada.send(desk=desk).status == 200
    assert of(app, town.ann).desk is Desk(desk)
    as_ada(f"/desk/people/{town.bea.id}/desk")
    page = as_ada.send(desk=desk)
    assert (page.status, APART in page.text) == (422, True)
    assert of(app, town.bea).desk is None
    as_ada(f"/desk/people/{town.bea.id}/desk")
    assert as_ada.send(desk="king").status == 422


def test_nobody_shuts_themselves_out(app: Flask, as_ada: Visitor, town: Town) -> None:
    as_ada(f"/desk/people/{town.ada.id}/desk")
    page = as_ada.send(desk="none")
    assert (page.status, NOT_YOURSELF in page.text) == (422, True)
    token = page.fields()["csrf_token"][0]
    sent = as_ada.client.post(f"/desk/people/{town.ada.id}/disable", data={"csrf_token": token})
    assert sent.status_code == 422
    assert of(app, town.ada).disabled_at is None


def test_grave_acts_ask_who_it_is_when_that_was_long_ago(app: Flask, as_ada: Visitor, town: Town) -> None:
    token = as_ada(f"/desk/people/{town.ann.id}/desk").fields()["csrf_token"][0]
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=16)
    for end in ("/desk", "/disable", "/enable"):
        sent = as_ada.client.post(f"/desk/people/{town.ann.id}{end}", data={"csrf_token": token, "desk": "coordinator"})
        assert Page(sent).heading == "Prove that it is you", end
    assert (of(app, town.ann).desk, of(app, town.ann).disabled_at) == (None, None)
