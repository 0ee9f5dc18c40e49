from __future__ import annotations

import io
import json
import zipfile

from flask import Flask

from assess.people.models import Organisation
from tests.conftest import Visitor
from tests.people.administration.conftest import Town
from tests.people.persons import database_of


def of(app: Flask, town: Town) -> Organisation | None:
    with database_of(app).reading() as look:
        return look.get(Organisation, town.farm.id)


def test_years_are_chosen_from_what_the_installation_allows(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = f"/desk/organisations/{town.farm.id}"
    as_ada(here)
    assert as_ada.send("/keep", years="2").status == 200
    found = of(app, town)
    assert found is not None
    assert found.keep_years == 2
    assert as_ada.send("/keep", years="7").status == 422


def test_the_file_at_the_desk_holds_people_and_no_answer(as_ada: Visitor, town: Town) -> None:
    answer = as_ada.client.get(f"/desk/organisations/{town.farm.id}/export.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.namelist() == ["organisation.json"]
        data = json.loads(archive.read("organisation.json"))
    assert data["people"][0]["email"] == "ann@farm.example"
    assert set(data) == {
        "id", "name", "company_number", "domain", "name_state", "name_confirmed_how", "name_confirmed_domains",
        "name_confirmed_until", "keep_years", "made_at", "sites", "people", "invitations",
    }  # fmt: skip


def test_an_organisation_is_deleted_with_its_name_typed(app: Flask, as_ada: Visitor, town: Town) -> None:
    as_ada(f"/desk/organisations/{town.farm.id}/delete")
    assert as_ada.send(name="Fen").status == 422
    assert of(app, town) is not None
    page = as_ada.send(name="Fen Edge")
    assert page.heading == "Organisations"
    assert "Fen Edge" not in page.text
    assert of(app, town) is None
    assert as_ada(f"/desk/organisations/{town.farm.id}").status == 404
