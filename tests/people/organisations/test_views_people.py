from __future__ import annotations

from flask import Flask

from assess.people.models import Role
from assess.people.organisations.members import roles_of
from assess.people.organisations.separation import APART
from assess.people.organisations.views_people import LAST_MANAGER
from tests.conftest import Visitor
from tests.people.organisations.conftest import Farm
from tests.people.persons import database_of, sign_in


def test_roles_change_and_count_at_the_next_request(
    app: Flask, as_ann: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    sign_in(another_visit, app, farm.bob)
    assert another_visit(farm.path("/details")).status == 404
    as_ann(farm.path(f"/people/{farm.bob.id}"))
    assert as_ann.send(f"/people/{farm.bob.id}", roles=None).status == 422
    assert as_ann.send(f"/people/{farm.bob.id}", roles=["manager", "signer", "king"]).status == 200
    assert another_visit(farm.path("/details")).status == 200
    with database_of(app).reading() as look:
        assert roles_of(look, farm.farm.id, farm.bob.id) == {Role.MANAGER, Role.SIGNER}


def test_whoever_is_removed_opens_nothing_at_the_next_request(
    app: Flask, as_ann: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    sign_in(another_visit, app, farm.bob)
    assert another_visit(farm.here).status == 200
    as_ann(farm.path(f"/people/{farm.bob.id}"))
    page = as_ann.send("/remove")
    assert page.status == 200
    assert "bob@" not in page.text
    assert "The person was removed." in page.text
    assert another_visit(farm.here).status == 404
    assert "Fen Edge" not in another_visit("/organisations").text


def test_the_last_manager_cannot_go(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path(f"/people/{farm.ann.id}"))
    assert LAST_MANAGER in as_ann.send(f"/people/{farm.ann.id}", roles=["signer"]).text
    as_ann(farm.path("/leave"))
    page = as_ann.send()
    assert (page.status, LAST_MANAGER in page.text) == (422, True)
    token = page.fields()["csrf_token"][0]
    sent = as_ann.client.post(farm.path(f"/people/{farm.ann.id}/remove"), data={"csrf_token": token})
    assert sent.status_code == 422
    with database_of(app).reading() as look:
        assert roles_of(look, farm.farm.id, farm.ann.id) == {Role.MANAGER}


def test_anybody_else_leaves_as_they_like(app: Flask, visit: Visitor, farm: Farm) -> None:
    sign_in(visit, app, farm.sue)
    visit(farm.path("/leave"))
    assert visit.send().heading == "Your organisations"
    assert visit(farm.here).status == 404


def test_nobody_with_a_desk_is_made_a_buyer(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    with database_of(app).writing() as session:
        session.merge(farm.bob).desk = "coordinator"  # type: ignore[assignment]  # as a command line would write it
    as_ann(farm.path(f"/people/{farm.bob.id}"))
    page = as_ann.send(f"/people/{farm.bob.id}", roles=["buyer"])
    assert (page.status, APART in page.text) == (422, True)
    with database_of(app).reading() as look:
        assert roles_of(look, farm.farm.id, farm.bob.id) == {Role.RESPONDENT}
