from __future__ import annotations

import pytest
from flask import Flask

from assess.assessments.answering import assessment_of, start
from assess.banks.editions import EditionUnknownError, latest
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in


def test_withdrawing_the_only_edition_warns_and_leaves_those_under_way_alone(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        root = a_person(session, "root@desk.example", desk="administrator", name="Root")
        edition_id = latest(session, "shop").id
        assert edition_id is not None
        begun = start(session, edition_id, quick=False, now=TODAY).id
    sign_in(visit, app, root)
    page = visit("/banks/history")
    assert "Edition 1 of Corner shops 24 November 2026 in use a release" in page.text
    page = visit("/banks/history/shop/1")
    assert "Nobody could start “Corner shops” any more." in page.text
    assert page.soup.select(".govuk-error-summary") == [], "nothing was wrong yet"
    page = visit.send("/withdraw", why="", sure=None)
    assert page.status == 422
    assert {one.get("href") for one in page.soup.select(".govuk-error-summary a")} == {"#why", "#sure"}
    page = visit.send("/withdraw", why="A wrong number.", sure="yes")
    assert "withdrawn by Root" in page.text
    with database_of(app).reading() as look:
        with pytest.raises(EditionUnknownError):
            latest(look, "shop")
        assert assessment_of(look, begun).edition_id == edition_id
    assert visit("/banks/history/shop/9").status == 404
    assert visit.client.get("/banks/history/nothing/1").status_code == 404
