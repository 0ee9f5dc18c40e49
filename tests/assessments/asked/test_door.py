"""Who may act on an invitation: the browser that opened its link, while it lives, and nobody at a desk."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Flask

from tests.assessments.asked.conftest import Asked
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in


def test_another_browser_finds_nothing(visit: Visitor, another_visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    for way in ("", "/begin", "/take", "/no"):
        assert visit(asked.here + way).status == 200, way
        assert another_visit(asked.here + way).text == another_visit(f"/asked/by/{uuid.uuid4()}{way}").text


def test_nobody_at_a_desk_acts_for_a_business(app: Flask, visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    with database_of(app).writing() as session:
        desk = a_person(session, "jo@desk.example", desk="coordinator")
    sign_in(visit, app, desk)
    assert visit(asked.here).status == 404


def test_a_visit_ends_with_its_time(app: Flask, visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    app.config["CLOCK"] = lambda: TODAY + timedelta(hours=13)
    assert visit(asked.here).heading == "Your visit has ended"
