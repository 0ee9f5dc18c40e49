from __future__ import annotations

import pytest
from flask import Flask

from assess.people.models import Organisation, Role
from assess.people.organisations.members import roles_of
from tests.conftest import Visitor
from tests.people.organisations.conftest import NOBODY, Farm
from tests.people.persons import a_person, database_of, sign_in


def of(app: Flask, farm: Farm) -> Organisation:
    with database_of(app).reading() as look:
        return look.get_one(Organisation, farm.farm.id)


def test_whoever_begins_one_manages_it_and_may_answer(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        kim = a_person(session, "kim@farm.example")
    assert visit("/organisations/new", follow=False).headers["Location"] == "/sign-in?next=/organisations/new"
    sign_in(visit, app, kim)
    visit("/organisations/new")
    page = visit.send(name=" ", company_number="12")
    assert page.status == 422
    assert "Error:" in page.html.split("</title>")[0]
    page = visit.send(name="Kim’s  Wash", company_number="sc 123456")
    assert (page.status, page.heading) == (200, "Kim’s Wash")
    assert "Name not confirmed" in page.text
    assert "SC123456" in page.text
    with database_of(app).reading() as look:
        made = look.query(Organisation).one()
        assert roles_of(look, made.id, kim.id) == {Role.MANAGER, Role.RESPONDENT}
    assert "Kim’s Wash" in visit("/organisations").text


MANAGES = ("/details", "/name", "/sites/new", "/invitations/new", "/delete")
PLACES = ("", "/leave", *MANAGES)


@pytest.mark.parametrize("who", ["nobody", "ann", "bob", "sue", "bea", "hal"])
def test_each_role_opens_what_is_its_own_and_the_rest_is_not_there(
    app: Flask, visit: Visitor, farm: Farm, who: str
) -> None:
    if who != "nobody":
        sign_in(visit, app, getattr(farm, who))
    for place in PLACES:
        opened = visit(farm.path(place), follow=False)
        other = visit(f"/organisations/{NOBODY}{place}", follow=False)
        if who == "nobody":
            assert (opened.status, other.status) == (302, 302) or (opened.status, other.status) == (303, 303)
            continue
        may = who != "hal" and (who == "ann" or place not in MANAGES)
        assert opened.status == (200 if may else 404), place
        assert other.status == 404
        if not may:
            assert opened.text == other.text, "forbidden and unknown look alike"


@pytest.mark.parametrize("who", ["bob", "sue", "bea", "hal"])
def test_only_a_manager_changes_anything(app: Flask, visit: Visitor, farm: Farm, who: str) -> None:
    sign_in(visit, app, getattr(farm, who))
    visit("/organisations/new")
    token = visit.page.fields()["csrf_token"][0] if visit.page else ""
    for place in (
        *(place for place in MANAGES if place != "/name"),
        "/name/ask",
        "/name/code",
        f"/people/{farm.bob.id}",
        f"/people/{farm.bob.id}/remove",
    ):
        sent = {"csrf_token": token, "name": "Taken", "roles": "manager", "email": "x@y.example", "ours": "yes"}
        assert visit.client.post(farm.path(place), data=sent).status_code == 404, place
    with database_of(app).reading() as look:
        assert look.get_one(Organisation, farm.farm.id).name == "Fen Edge"
        assert roles_of(look, farm.farm.id, farm.bob.id) == {Role.RESPONDENT}


def test_letters_of_two_alphabets_are_refused_in_the_name_of_an_organisation(as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path("/details"))
    page = as_ann.send("/details", name="N\u043erfolk Growers")
    assert page.status == 422
    assert "one alphabet" in page.text
