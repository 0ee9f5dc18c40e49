from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from assess.kit.route_permissions import permission_of
from assess.people.models import Role
from assess.people.organisations.inviting import invite
from tests.conftest import Visitor
from tests.people.administration.conftest import Town
from tests.people.persons import a_person, database_of, sign_in


def desk_pages(app: Flask, town: Town) -> Mapping[str, list[str]]:
    """Every page of the desk by its method, about things that are there."""
    values: dict[str, Any] = {
        "organisation_id": town.farm.id,
        "person_id": town.ann.id,
        "invitation_id": uuid.UUID(int=4),
        "pause_id": uuid.UUID(int=4),
    }
    found: dict[str, list[str]] = {"GET": [], "POST": []}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for method in (rule.methods or set()) & {"GET", "POST"}:
                if permission_of(app, rule.endpoint, method) == "desk.administer":
                    given = {key: values[key] for key in rule.arguments}
                    found[method].append(app.url_map.bind("localhost").build(rule.endpoint, given))
    return found


@pytest.mark.parametrize("who", ["nobody", "manager", "buyer", "coordinator", "one step only"])
def test_nobody_but_an_administrator_with_a_second_step_opens_the_desk(
    app: Flask, visit: Visitor, town: Town, who: str
) -> None:
    with database_of(app).writing() as session:
        cora = a_person(session, "cora@desk.example", desk="coordinator")
    people = {"manager": town.ann, "buyer": town.bea, "coordinator": cora, "one step only": town.ada}
    if who in people:
        sign_in(visit, app, people[who], second_step=who != "one step only")
    pages = desk_pages(app, town)
    assert len(pages["GET"]) >= 9
    assert len(pages["POST"]) >= 7
    away = {"nobody": "/sign-in", "one step only": "/account/second-steps"}
    for path in pages["GET"]:
        page = visit(path, follow=False)
        if who in away:
            assert page.headers["Location"].startswith(away[who]), path
        else:
            assert page.status == 404, path
    visit("/start")
    token = visit("/start/farming").fields()["csrf_token"][0]
    for path in pages["POST"]:
        sent = visit.client.post(path, data={"csrf_token": token, "name": "Fen Edge", "desk": "none"})
        assert sent.status_code in {302, 303, 404}, path
        assert sent.status_code == 404 or sent.headers["Location"].startswith(away.get(who, "nowhere")), path


def test_all_ways_of_the_desk_open(app: Flask, as_ada: Visitor, town: Town) -> None:
    for path in desk_pages(app, town)["GET"]:
        assert as_ada(path).status == 200, path


def test_an_administrator_opens_nothing_of_an_organisation(as_ada: Visitor, town: Town) -> None:
    for end in ("", "/details", "/plans", "/export", "/export.zip"):
        assert as_ada(f"/organisations/{town.farm.id}{end}").status == 404


def test_an_invitation_is_taken_back_at_the_desk(app: Flask, as_ada: Visitor, town: Town) -> None:
    with database_of(app).writing() as session:
        invite(
            session,
            town.farm,
            "kim@farm.example",
            frozenset({Role.SIGNER}),
            "https://x",
            app.config["CLOCK"](),
            secret="secret",
        )
    page = as_ada("/desk/invitations?q=KIM")
    assert "kim@farm.example" in page.text
    assert "Fen Edge" in page.text
    assert "kim@farm.example" not in as_ada.send("/end").text
