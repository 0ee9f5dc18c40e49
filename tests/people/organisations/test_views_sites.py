from __future__ import annotations

from flask import Flask

from assess.assessments.models import Assessment
from assess.banks.editions import latest
from assess.people.models import Site
from tests.conftest import TODAY, Visitor
from tests.people.organisations.conftest import Farm
from tests.people.persons import database_of


def test_sites_are_added_renamed_and_removed_while_nothing_belongs_to_them(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    as_ann(farm.path("/sites/new"))
    assert as_ann.send(name="").status == 422
    assert "North field" in as_ann.send(name="North field").text
    as_ann(farm.path("/sites/new"))
    assert "another name" in as_ann.send(name="north FIELD").text
    with database_of(app).reading() as look:
        site = look.query(Site).one()
        edition = latest(look, "farming")
        assert edition is not None
    as_ann(farm.path(f"/sites/{site.id}"))
    assert "South field" in as_ann.send(f"/sites/{site.id}", name="South field").text
    with database_of(app).writing() as session:
        session.add(
            Assessment(
                edition_id=edition.id,
                quick=False,
                started_at=TODAY,
                changed_at=TODAY,
                organisation_id=farm.farm.id,
                site_id=site.id,
            )
        )
    page = as_ann(farm.path(f"/sites/{site.id}"))
    assert "cannot be removed" in page.text
    token = page.fields()["csrf_token"][0]
    refused = as_ann.client.post(farm.path(f"/sites/{site.id}/remove"), data={"csrf_token": token})
    assert refused.status_code == 422
    with database_of(app).writing() as session:
        session.query(Assessment).delete()
    as_ann(farm.path(f"/sites/{site.id}"))
    assert "South field" not in as_ann.send("/remove").text


def test_a_site_of_another_organisation_is_not_there(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    with database_of(app).writing() as session:
        theirs = Site(organisation_id=farm.hotel.id, name="Pier", made_at=TODAY)
        session.add(theirs)
    page = as_ann(farm.path(f"/sites/{theirs.id}"))
    assert page.status == 404
    as_ann(farm.path("/sites/new"))
    token = as_ann.page.fields()["csrf_token"][0] if as_ann.page else ""
    for end in ("", "/remove"):
        sent = as_ann.client.post(farm.path(f"/sites/{theirs.id}{end}"), data={"csrf_token": token, "name": "Mine"})
        assert sent.status_code == 404
