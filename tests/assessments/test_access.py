"""Who may see which assessment, and what its pages get."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from werkzeug.exceptions import NotFound

from assess.assessments.access import areas, loaded_edition, settings_today, texts_of_today, workspace
from tests.conftest import TODAY
from tests.members import claim


def inside(app: Any, visit: Any, home: str) -> Any:
    token = visit.client.get_cookie("assess_visit").value
    return app.test_request_context(home, headers={"Cookie": f"assess_visit={token}"})


def test_the_browser_of_a_visit_gets_its_workspace(app: Any, visit: Any, begin: Any) -> None:
    home = begin("farming", "quick")
    with inside(app, visit, home):
        work = workspace(uuid.UUID(home.split("/")[2]))
        assert work.ref.bank == work.full.bank == "farming"
        assert work.ref.number == 1
        assert len(work.edition.questions()) < len(work.full.questions())
        assert work.section_or_404("people").id == "people"
        with pytest.raises(NotFound):
            work.section_or_404("nothing")


def test_everybody_else_finds_nothing(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    with app.test_request_context(home), pytest.raises(NotFound):
        workspace(uuid.UUID(home.split("/")[2]))
    with inside(app, visit, home), pytest.raises(NotFound):
        workspace(uuid.uuid4())


def test_an_edition_is_read_once_in_the_life_of_an_app(app: Any, begin: Any) -> None:
    begin()
    with app.app_context():
        assert loaded_edition(1) is loaded_edition(1)


def test_areas_have_names_and_texts_are_of_today(app: Any) -> None:
    with app.app_context():
        assert areas() == {"norfolk": "Norfolk", "other": "Somewhere else"}
        assert settings_today().on == "2026-11-24"
        assert texts_of_today()["wage"] == "£12.71"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_link_to_what_belongs_to_an_organisation_fills_it_in_and_heads_nothing(
    app: Any, visit: Any, begin: Any
) -> None:
    home = begin()
    for page in ("delete", "link", "share", "claim"):
        assert visit(f"{home}{page}", follow=False).status != 404
    claim(app, uuid.UUID(home.split("/")[2]), TODAY)
    assert visit(home).status == visit(f"{home}sections/people").status == 200
    assert {visit(f"{home}{page}", follow=False).status for page in ("delete", "link", "share", "claim")} == {404}
