from __future__ import annotations

from datetime import timedelta

from flask import Flask

from assess.people.models import Organisation
from tests.conftest import TODAY, Page, Visitor
from tests.people.organisations.conftest import Farm
from tests.people.persons import database_of, sign_in


def is_there(app: Flask, farm: Farm) -> bool:
    with database_of(app).reading() as look:
        return look.get(Organisation, farm.farm.id) is not None


def test_a_manager_deletes_it_with_its_name_and_it_is_gone_for_all(
    app: Flask, as_ann: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    sign_in(another_visit, app, farm.bob)
    as_ann(farm.path("/delete"))
    assert as_ann.send(name="Sea View").status == 422
    assert is_there(app, farm)
    assert as_ann.send(name="fen edge").heading == "Your organisations"
    assert not is_there(app, farm)
    assert another_visit(farm.here).status == 404


def test_it_asks_who_it_is_when_that_was_long_ago(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    page = as_ann(farm.path("/delete"))
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=16)
    token = page.fields()["csrf_token"][0]
    sent = as_ann.client.post(farm.path("/delete"), data={"csrf_token": token, "name": "Fen Edge"})
    assert Page(sent).heading == "Prove that it is you"
    assert is_there(app, farm)
